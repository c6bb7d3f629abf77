"""Coarse maps given by the user, a class raster or a polygon layer, as class indices on the grid of an image."""

from __future__ import annotations

from idgbr.coarse_map.coarse_map import CoarseMap, read_coarse_map

__all__ = ["CoarseMap", "read_coarse_map"]
