"""Polygons of misplaced layers, moved onto an image. See docs/align.md."""

from idgbr.alignment.shifts import Shifts, find_shifts

__all__ = ["Shifts", "find_shifts"]
