"""The registry of models: `IDGBR_MODELS`, the user's data folder, then the bundled models."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, overload

import platformdirs

from idgbr.errors import ModelError
from idgbr.models.card import (
    CARD_NAME,
    KINDS,
    BackboneCard,
    ChangeCard,
    CoarseCard,
    ModelCard,
    PriorCard,
    RefinerCard,
    read_card,
    verify_files,
)
from idgbr.models.deepness import deepness_card

#: Where the models that come with the tool lie: in the package of a wheel, else beside the backend.
_PLACES = [Path(__file__).resolve().parents[level] / "resources" / "models" for level in (1, 3)]
BUNDLED = next((place for place in _PLACES if place.is_dir()), _PLACES[0])


@dataclass(frozen=True)
class ModelEntry:
    """A model on disk: its folder, its card, and what is wrong with it in one line (None: intact)."""

    id: str
    kind: str
    folder: Path
    card: ModelCard | None
    problem: str | None

    @property
    def own(self) -> bool:
        """Whether it is one of the user's, which can be changed and removed."""
        return self.folder.parent == user_folder()

    def summary(self) -> dict[str, Any]:
        """Information for lists in clients: the card's summary, the folder, the problem."""
        return {
            **(self.card.summary() if self.card else {}),
            "id": self.id,
            "kind": self.kind,
            "folder": str(self.folder),
            "own": self.own,
            "problem": self.problem,
        }


def user_folder() -> Path:
    """Folder of the models that the user adds."""
    data = os.environ.get("IDGBR_DATA_DIR") or platformdirs.user_data_dir("idgbr", appauthor=False)
    return Path(data) / "models"


def search_path() -> list[Path]:
    """Searched folders; the first match wins."""
    listed = [Path(p) for p in os.environ.get("IDGBR_MODELS", "").split(os.pathsep) if p]
    return [*listed, user_folder(), BUNDLED]


def list_models(*, verify: bool = True) -> list[ModelEntry]:
    """All models on the search path, including damaged ones with their problem; `verify` checks each sha256."""
    entries: dict[str, ModelEntry] = {}
    for root in search_path():
        for card_path in sorted(root.glob(f"*/{CARD_NAME}")):
            entry = read_entry(card_path.parent, verify=verify)
            entries.setdefault(entry.id, entry)
    return list(entries.values())


def read_entry(folder: Path, *, verify: bool = True) -> ModelEntry:
    """The model in a folder, with what is wrong with it."""
    try:
        card = read_card(folder)
    except ModelError as error:
        return ModelEntry(folder.name, "unknown", folder, None, str(error))
    return ModelEntry(card.id, card.kind, folder, card, _problem(folder, card) if verify else None)


def _problem(folder: Path, card: ModelCard) -> str | None:
    """What is wrong with a model's files, or with its backbone."""
    if (problem := verify_files(folder, card)) or card.backbone is None:
        return problem
    try:
        return other_backbone(card, *find_model(card.backbone.id, "backbone"))
    except ModelError as error:
        return f"{folder}: its backbone is missing: {error}"


def other_backbone(card: ModelCard, folder: Path, found: ModelCard) -> str | None:
    """The problem of a model whose backbone is not the one that it was trained on."""
    if card.backbone and card.backbone.sha256 in found.files.values():
        return None
    return (
        f"{folder}: not the backbone that model {card.id!r} was trained on; install the versions of both that belong "
        "together."
    )


@overload
def find_model(name: str, kind: Literal["coarse"]) -> tuple[Path, CoarseCard]: ...
@overload
def find_model(name: str, kind: Literal["refiner"]) -> tuple[Path, RefinerCard]: ...
@overload
def find_model(name: str, kind: Literal["change"]) -> tuple[Path, ChangeCard]: ...
@overload
def find_model(name: str, kind: Literal["backbone"]) -> tuple[Path, BackboneCard]: ...
@overload
def find_model(name: str, kind: Literal["prior"]) -> tuple[Path, PriorCard]: ...
def find_model(name: str, kind: str) -> tuple[Path, ModelCard]:
    """The intact model called `name`: an id, a model folder, or a Deepness-style `.onnx` file.

    Returns its folder (for an `.onnx` file, the file's) and card. Raises ModelError with the remedy.
    """
    folder, card = _intact(Path(name), name, kind)
    if not isinstance(card, KINDS[kind]):
        raise ModelError(f"model {card.id!r} is of kind {card.kind}, not {kind}; choose another model.")
    return folder, card


def _intact(given: Path, name: str, kind: str) -> tuple[Path, ModelCard]:
    if given.suffix.lower() == ".onnx":
        if not given.is_file():
            raise ModelError(f"{given}: no such model file; check the path.")
        return given.parent, deepness_card(given)
    entry = read_entry(given if (given / CARD_NAME).is_file() else known_model(name, kind).folder)
    if entry.problem or entry.card is None:
        raise ModelError(entry.problem or f"{entry.folder}: unreadable model.")
    return entry.folder, entry.card


def known_model(model_id: str, kind: str | None = None) -> ModelEntry:
    """The model with an id on the search path, files unchecked; raises ModelError, which lists those of a kind."""
    known = list_models(verify=False)
    for entry in known:
        if entry.id == model_id:
            return entry
    if not known and not BUNDLED.is_dir():
        raise ModelError(
            f"model {model_id!r} is not known: the models that come with the tool are missing here; install idgbr from "
            "its wheel, or name a folder of models in IDGBR_MODELS."
        )
    ids = ", ".join(entry.id for entry in known if kind in (None, entry.kind)) or "none"
    raise ModelError(
        f"model {model_id!r} is not known (found: {ids}); give one of these, a model folder or an .onnx file."
    )
