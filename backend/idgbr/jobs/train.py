"""The job `train`: a model for the user's own classes, from rasters with layers of labels."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from idgbr.errors import OutputError
from idgbr.models.card import CARD_NAME, CoarseCard
from idgbr.models.devices import Device, choose_device
from idgbr.models.manage import add_model, tidy_id
from idgbr.monitor import Monitor
from idgbr.own_labels.labels import OwnLabels, own_labels
from idgbr.own_labels.layer import LabelLayer, read_label_layer
from idgbr.parameters import TrainParameters
from idgbr.paths import file_output
from idgbr.pipeline.outputs import check_source
from idgbr.quick.train import train
from idgbr.raster.reader import RasterSource

#: Makes a model in a folder: parameters, labels, id, device, an existing empty folder, monitor; returns its card.
Trainer = Callable[[TrainParameters, OwnLabels, str, Device, Path, Monitor], CoarseCard]


def _quick(
    parameters: TrainParameters, labels: OwnLabels, model_id: str, device: Device, folder: Path, monitor: Monitor
) -> CoarseCard:
    return train(labels, model_id, device, monitor, seed=parameters.seed).save(folder)


#: The tasks of this job.
TRAINERS: dict[str, Trainer] = {"quick": _quick}


def run_train(parameters: TrainParameters, monitor: Monitor) -> dict[str, Any]:
    """Train a model and write its folder in one step; the summary has its classes and its accuracy."""
    begun = time.monotonic()
    output = _checked_output(parameters.output)
    with ExitStack() as stack:
        labels = opened_labels(parameters, stack, monitor)
        device = choose_device(parameters.device, monitor)
        work = Path(stack.enter_context(TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent)))
        made = work / "model"
        made.mkdir()
        card = TRAINERS[parameters.task](parameters, labels, tidy_id(output.name), device, made, monitor)
        for raster in labels.rasters:
            check_source(raster.source, monitor)
        monitor.check()
        _replace(output, made, work / "former")
    if parameters.add_as:
        entry = add_model(output, model_id=parameters.add_as, replace_own=True, monitor=monitor)
        monitor.info(f"The model is among your models as {entry.id!r}.")
    figures = next(iter(next(iter(card.accuracy.values()), {}).values()), {})
    summary = {
        "model": parameters.add_as or card.id,
        "classes": card.summary()["classes"],
        "labels": int(labels.counts.sum()),
        "gsd_range_m": list(card.gsd_range_m),
        **{name.removeprefix("coarse "): value for name, value in figures.items()},
        "device": device.id,
        "seconds": round(time.monotonic() - begun, 2),
    }
    return {"outputs": {"OUTPUT_MODEL": str(output)}, "summary": summary}


def opened_labels(parameters: TrainParameters, stack: ExitStack, monitor: Monitor) -> OwnLabels:
    """The labels of all pairs; rasters are open until `stack` closes. Raises InputError."""
    layers: dict[str, LabelLayer] = {}
    pairs = []
    for raster, text in parameters.pairs:
        source = stack.enter_context(RasterSource(raster, monitor=monitor))
        source.tell_place(monitor)
        if text not in layers:
            layers[text] = read_label_layer(text, parameters.class_field, monitor)
        pairs.append((source, layers[text]))
    return own_labels(pairs, parameters.background, monitor, ignore=parameters.ignore)


def _checked_output(text: str) -> Path:
    """The folder to write. Raises OutputError if something other than a model is there."""
    output = file_output(text)
    if not output.parent.is_dir():
        raise OutputError(f"{output.parent}: no such folder; create it or choose another.")
    if output.exists() and not (output / CARD_NAME).is_file() and (not output.is_dir() or any(output.iterdir())):
        raise OutputError(f"{output}: holds something other than a model; choose another name for the model's folder.")
    return output


def _replace(output: Path, made: Path, former: Path) -> None:
    """Move a folder to its place; one that is there is removed. Raises OutputError."""
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
