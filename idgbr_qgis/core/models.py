"""Models that the plugin can offer by name without asking the worker."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from qgis.PyQt.QtCore import QStandardPaths

from idgbr_qgis.core.paths import RESOURCES

USER_DATA = QStandardPaths.StandardLocation.GenericDataLocation


@dataclass(frozen=True)
class Model:
    """Id and title of a model."""

    id: str
    title: str


def known_models(kind: str = "coarse") -> list[Model]:
    """Models of a kind where the backend looks for them too: `IDGBR_MODELS`, the user's data, those that come along."""
    folders = [Path(folder) for folder in os.environ.get("IDGBR_MODELS", "").split(os.pathsep) if folder]
    folders.append(Path(QStandardPaths.writableLocation(USER_DATA), "idgbr", "models"))
    found: dict[str, Model] = {}
    for folder in (*folders, RESOURCES / "models"):
        for card_path in sorted(folder.glob("*/model.json")):
            try:
                card = json.loads(card_path.read_text(encoding="utf-8"))
                if card["kind"] == kind:
                    found.setdefault(card["id"], Model(card["id"], str(card.get("title") or card["id"])))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # the worker says what is wrong with a card
    return list(found.values())


def looks_like_path(model: str) -> bool:
    """Whether a model is given by its folder or file rather than by its id."""
    return model.lower().endswith(".onnx") or "/" in model or "\\" in model
