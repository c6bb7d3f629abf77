"""Where models are found: `IDGBR_MODELS`, the user's data folder, then the models that come with the tool."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from idgbr.errors import ModelError
from idgbr.models.card import CARD_NAME, ModelCard, read_card, verify_files
from idgbr.models.deepness import deepness_card

BUNDLED = Path(__file__).resolve().parents[3] / "resources" / "models"


@dataclass(frozen=True)
class ModelEntry:
    """A model on disk: its folder, its card, and what is wrong with it in one line (None: sound)."""

    id: str
    kind: str
    folder: Path
    card: ModelCard | None
    problem: str | None

    def summary(self) -> dict[str, Any]:
        """What clients show in lists: the card's summary, the folder, the problem."""
        return {
            **(self.card.summary() if self.card else {}),
            "id": self.id,
            "kind": self.kind,
            "folder": str(self.folder),
            "problem": self.problem,
        }


def search_path() -> list[Path]:
    """Folders that are searched, first match wins."""
    listed = [Path(p) for p in os.environ.get("IDGBR_MODELS", "").split(os.pathsep) if p]
    return [*listed, Path(platformdirs.user_data_dir("idgbr", appauthor=False)) / "models", BUNDLED]


def list_models(*, verify: bool = True) -> list[ModelEntry]:
    """All models on the search path, damaged ones included with their problem; `verify` checks each sha256."""
    entries: dict[str, ModelEntry] = {}
    for root in search_path():
        for card_path in sorted(root.glob(f"*/{CARD_NAME}")):
            entry = _entry(card_path.parent, verify)
            entries.setdefault(entry.id, entry)
    return list(entries.values())


def _entry(folder: Path, verify: bool) -> ModelEntry:
    try:
        card = read_card(folder)
    except ModelError as error:
        return ModelEntry(folder.name, "unknown", folder, None, str(error))
    return ModelEntry(card.id, card.kind, folder, card, verify_files(folder, card) if verify else None)


def find_model(name: str, kind: str) -> tuple[Path, ModelCard]:
    """The sound model called `name`: an id, a model folder, or a Deepness-style `.onnx` file.

    Returns its folder (for an `.onnx` file, the file's) and card. Raises ModelError with the remedy.
    """
    given = Path(name)
    if given.suffix.lower() == ".onnx":
        if not given.is_file():
            raise ModelError(f"{given}: no such model file; check the path.")
        return given.parent, deepness_card(given)
    if (given / CARD_NAME).is_file():
        entry = _entry(given, verify=True)
    else:
        known = list_models(verify=False)
        match = [e for e in known if e.id == name]
        if not match:
            ids = ", ".join(e.id for e in known if e.kind == kind) or "none"
            raise ModelError(
                f"model {name!r} is not known (found: {ids}); give one of these, a model folder or an .onnx file."
            )
        entry = _entry(match[0].folder, verify=True)
    if entry.problem or entry.card is None:
        raise ModelError(entry.problem or f"{entry.folder}: unreadable model.")
    if entry.card.kind != kind:
        raise ModelError(f"model {entry.card.id!r} is of kind {entry.card.kind}, not {kind}; choose another model.")
    return entry.folder, entry.card
