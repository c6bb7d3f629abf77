"""The model folder that a training writes: checked before the work, put in its place at the end in one step."""

from __future__ import annotations

import shutil
from pathlib import Path

from idgbr.errors import OutputError
from idgbr.models.card import CARD_NAME
from idgbr.parameters import PretrainParameters, TrainParameters
from idgbr.paths import file_output


def checked_folder(text: str) -> Path:
    """The folder to write. Raises OutputError if something other than a model is there."""
    output = file_output(text)
    if not output.parent.is_dir():
        raise OutputError(f"{output.parent}: no such folder; create it or choose another.")
    if output.exists() and not (output / CARD_NAME).is_file() and (not output.is_dir() or any(output.iterdir())):
        raise OutputError(f"{output}: holds something other than a model; choose another name for the model's folder.")
    return output


def title_of(parameters: TrainParameters | PretrainParameters) -> str:
    """The title of the model on one line; the name of its folder if none is given."""
    return " ".join(parameters.title.split()) or file_output(parameters.output).name


def put_folder(made: Path, output: Path, former: Path) -> None:
    """Move a folder to its place; one that is there goes to `former` and is removed. Raises OutputError."""
    try:
        if output.exists():
            output.replace(former)
        made.replace(output)
    except OSError as error:
        if former.exists() and not output.exists():
            former.replace(output)
        raise OutputError(
            f"{output}: cannot be written ({error.strerror}); check the folder and its rights."
        ) from error
    shutil.rmtree(former, ignore_errors=True)
