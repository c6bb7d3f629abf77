#!/usr/bin/env python3
"""Writes docs/images/data-flow.svg, the picture of docs/concepts.md: make docs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "data-flow.svg"
WIDTH, HEIGHT = 860, 392
BOX_WIDTH, BOX_HEIGHT = 150, 62


class Box(NamedTuple):
    """A box of the picture: its left upper corner, its title, a second line, and whether it is data or a step."""

    x: int
    y: int
    title: str
    note: str
    is_data: bool = False


BOXES = {
    "image": Box(20, 40, "Image", "any raster", is_data=True),
    "segment": Box(240, 40, "Coarse model", "what is there"),
    "coarse": Box(460, 40, "Coarse map", "class probabilities", is_data=True),
    "own": Box(460, 160, "Your own map", "raster or polygons", is_data=True),
    "refine": Box(240, 160, "Refiner", "where it ends"),
    "accept": Box(20, 160, "Acceptance", "only sure changes"),
    "classes": Box(20, 280, "Class raster", "and confidence", is_data=True),
    "vectorize": Box(240, 280, "Vectorizer", "shared arcs"),
    "polygons": Box(460, 280, "Polygons", "no gaps, no overlaps", is_data=True),
}
#: Arrows between the sides of boxes: l, r, t or b.
ARROWS = (
    ("image", "r", "segment", "l"),
    ("segment", "r", "coarse", "l"),
    ("coarse", "b", "refine", "t"),
    ("own", "l", "refine", "r"),
    ("image", "b", "refine", "t"),
    ("refine", "l", "accept", "r"),
    ("accept", "b", "classes", "t"),
    ("classes", "r", "vectorize", "l"),
    ("vectorize", "r", "polygons", "l"),
)
STAGES = (("idgbr:segment", 40), ("idgbr:refine", 160), ("idgbr:vectorize", 280))
SIDES = {"l": (0.0, 0.5), "r": (1.0, 0.5), "t": (0.5, 0.0), "b": (0.5, 1.0)}


def picture() -> str:
    """The picture as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        "<title>From an image or a map of your own to polygons</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *(_row(title, y) for title, y in STAGES),
        *(_arrow(*arrow) for arrow in ARROWS),
        *(_box(box) for box in BOXES.values()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _row(title: str, y: int) -> str:
    return (
        f'<rect x="8" y="{y - 18}" width="{WIDTH - 16}" height="{BOX_HEIGHT + 36}" rx="8" fill="#f4f6f7"/>'
        f'<text x="{WIDTH - 24}" y="{y + BOX_HEIGHT // 2 + 5}" font-size="15" text-anchor="end" fill="#607d8b">'
        f"{title}</text>"
    )


def _box(box: Box) -> str:
    fill, line = ("#e3f2fd", "#1565c0") if box.is_data else ("#fff3e0", "#e65100")
    middle = box.x + BOX_WIDTH // 2
    return (
        f'<rect x="{box.x}" y="{box.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="{4 if box.is_data else 22}" '
        f'fill="{fill}" stroke="{line}"/>'
        f'<text x="{middle}" y="{box.y + 27}" font-size="15" text-anchor="middle" fill="#212121">{box.title}</text>'
        f'<text x="{middle}" y="{box.y + 47}" font-size="12" text-anchor="middle" fill="#616161">{box.note}</text>'
    )


def _arrow(start: str, start_side: str, end: str, end_side: str) -> str:
    (x0, y0), (x1, y1) = _point(BOXES[start], start_side), _point(BOXES[end], end_side)
    turn = round(math.degrees(math.atan2(y1 - y0, x1 - x0)), 1)
    return (
        f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#455a64" stroke-width="1.5"/>'
        f'<path d="M0 0L-10 5L-10 -5z" fill="#455a64" transform="translate({x1} {y1}) rotate({turn})"/>'
    )


def _point(box: Box, side: str) -> tuple[int, int]:
    across, down = SIDES[side]
    return box.x + round(across * BOX_WIDTH), box.y + round(down * BOX_HEIGHT)


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
