"""Class rasters to polygons: a valid coverage without gaps or overlaps, streamed in bounded memory."""

from __future__ import annotations

from idgbr.layers.replace import MADE
from idgbr.layers.writer import check_vector_output, move_layer
from idgbr.vector.lineage import Lineage
from idgbr.vector.pipeline import VectorOptions, VectorSummary, draw_layer, vectorize
from idgbr.vector.source import ClassRows

__all__ = [
    "MADE",
    "ClassRows",
    "Lineage",
    "VectorOptions",
    "VectorSummary",
    "check_vector_output",
    "draw_layer",
    "move_layer",
    "vectorize",
]
