"""Models that the plugin can offer by name without asking the worker."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from idgbr_qgis.core.paths import RESOURCES
from idgbr_qgis.core.setup.state import data_folder
from idgbr_qgis.core.translation import tr


@dataclass(frozen=True)
class Model:
    """Id and title of a model, and its card."""

    id: str
    title: str
    card: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


def known_models(kind: str = "coarse") -> list[Model]:
    """Models of a kind where the backend looks for them too: `IDGBR_MODELS`, the user's data, those that come along."""
    folders = [Path(folder) for folder in os.environ.get("IDGBR_MODELS", "").split(os.pathsep) if folder]
    folders.append(data_folder() / "models")
    found: dict[str, Model] = {}
    for folder in (*folders, RESOURCES / "models"):
        for card_path in sorted(folder.glob("*/model.json")):
            try:
                card = json.loads(card_path.read_text(encoding="utf-8"))
                if card["kind"] == kind:
                    found.setdefault(card["id"], Model(card["id"], str(card.get("title") or card["id"]), card))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # the worker says what is wrong with a card
    return list(found.values())


def looks_like_path(model: str) -> bool:
    """Whether a model is given by its folder or file rather than by its id."""
    return model.lower().endswith(".onnx") or "/" in model or "\\" in model


def model_problem(model: str) -> str:
    """What can be said against a model without asking the worker; empty where nothing can."""
    if not model:
        return tr("Choose a model.")
    if looks_like_path(model) and not Path(model).exists():
        return tr("There is no model {model}; check its path.").format(model=model)
    return ""


def find_card(model: str, kind: str = "coarse") -> dict[str, Any]:
    """Card of a model given by its id or folder; empty where there is none to read, as beside an ONNX file."""
    if looks_like_path(model):
        try:
            card = json.loads((Path(model) / "model.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return card if isinstance(card, dict) else {}
    return next((known.card for known in known_models(kind) if known.id == model), {})
