"""Class rasters to polygons: a valid coverage, streamed in bounded memory. Terms: docs/glossary.md#polygons."""

from __future__ import annotations

from idgbr.polygonize.class_source import ClassRows
from idgbr.polygonize.lineage import Lineage
from idgbr.polygonize.objects.cores import Contact, Cores, GivenObjects
from idgbr.polygonize.polygonize import VectorOptions, VectorSummary, draw_layer, vectorize
from idgbr.polygonize.reshaped import Reshape

__all__ = [
    "ClassRows",
    "Contact",
    "Cores",
    "GivenObjects",
    "Lineage",
    "Reshape",
    "VectorOptions",
    "VectorSummary",
    "draw_layer",
    "vectorize",
]
