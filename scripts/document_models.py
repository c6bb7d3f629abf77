#!/usr/bin/env python3
"""Writes docs/model-cards.md from the cards of the bundled models, resources/models/*/model.json: make docs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "model-cards.md"
#: Figures that are shown, as cards name them after "coarse" and "refined".
FIGURES = ("mIoU", "boundary F 1 px", "boundary F 2 px", "boundary F 3 px")
KINDS = {"coarse": "finds classes", "refiner": "corrects boundaries", "change": "finds changes between two dates"}
INTRODUCTION = """\
# Model cards

Written by `scripts/document_models.py` from the cards; do not edit.

The card of a model, `model.json`, is in the folder of its weights. It says what the model was made for, what it was
trained on and how accurate it is. Its sha256 sums are checked when the model is loaded. Weights are ONNX without code.
Places used to measure accuracy were not used for training or calibration. [What the figures mean](metrics.md);
`benchmarks/accuracy.py` measures them again.

Your own models, and the fields of a card: [models](models.md).
"""


def page() -> str:
    """The documentation of all bundled models."""
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "resources/models").glob("*/model.json")]
    order = {kind: number for number, kind in enumerate(KINDS)}
    cards.sort(key=lambda card: (order.get(card["kind"], len(order)), card["id"]))
    return "\n".join([INTRODUCTION, *map(_section, cards)])


def _section(card: dict[str, Any]) -> str:
    low, high = card["gsd_range_m"]
    facts = [
        ("Kind", f"{card['kind']}: {KINDS.get(card['kind'], '')}".rstrip(": ")),
        ("Version", card["version"]),
        ("Classes", ", ".join(_class_text(item) for item in card["classes"]) or "any"),
        ("Bands", f"{card['bands']}"),
        ("Pixel size", f"{low:g} to {high:g} m"),
        ("Steps", card.get("steps")),
        ("Tile, halo", f"{card['tile']} px, {card['halo']} px"),
        ("Licence", card["license"]),
        ("Size", f"{sum(_size(card['id'], name) for name in card['files']) / 1e6:.1f} MB"),
    ]
    rows = [f"| {name} | {value} |" for name, value in facts if value not in (None, "")]
    parts = [f"## {card['title']}", "", f"`{card['id']}`", "", "| | |", "|---|---|", *rows, ""]
    failures = [f"- {text}" for text in card.get("failures", [])]
    seen = ["Failures seen:", "", *failures, ""] if failures else []
    return "\n".join([*parts, *_training(card.get("training", {})), *seen, *_accuracy(card.get("accuracy", {}))])


def _class_text(item: dict[str, Any]) -> str:
    return f"{item['name']} (background)" if item.get("background") else str(item["name"])


def _size(model: str, name: str) -> int:
    return (ROOT / "resources" / "models" / model / name).stat().st_size


def _training(training: dict[str, Any]) -> list[str]:
    if not training.get("data"):
        return []
    effort = [f"{training[name]} {name}" for name in ("steps", "minutes") if name in training]
    how = f"Trained {', '.join(effort)} on {training['hardware']}" if "hardware" in training else "Trained"
    rows = [f"| {name} | {terms} |" for name, terms in training["data"].items()]
    return [f"{how}, on:", "", "| data | terms |", "|---|---|", *rows, ""]


def _accuracy(accuracy: dict[str, Any]) -> list[str]:
    rows = []
    for data, places in accuracy.items():
        for place, figures in places.items():
            if place == "all" and len(places) == 2:
                continue  # the only place once more
            for stage in ("coarse", "refined"):
                values = [figures.get(f"{stage} {name}") for name in FIGURES]
                if any(value is not None for value in values):
                    texts = ["" if value is None else f"{value:.3f}" for value in values]
                    rows.append(f"| {data} | {place} | {stage} | {' | '.join(texts)} |")
    if not rows:
        return []
    return [f"| data set | place | stage | {' | '.join(FIGURES)} |", f"|{'---|' * (3 + len(FIGURES))}", *rows, ""]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
