"""Procedural orthophotos with exact class truth: training data, demo, tests and benchmarks."""

from __future__ import annotations

from idgbr.scenes.raster import CLASSES, RasterForm, grid_transform, write_scene
from idgbr.scenes.scene import Scene, make_scene

__all__ = ["CLASSES", "RasterForm", "Scene", "grid_transform", "make_scene", "write_scene"]
