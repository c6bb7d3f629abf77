"""Polygons of misplaced layers, moved onto an image. See docs/align.md."""

from idgbr.alignment.lines import LineLayer
from idgbr.alignment.moves import Moves, moved, moves_in_layer
from idgbr.alignment.shifts import Shifts, find_shifts

__all__ = ["LineLayer", "Moves", "Shifts", "find_shifts", "moved", "moves_in_layer"]
