"""Regular outlines for polygon layers of any origin. See docs/vectors.md#layers."""

from idgbr.outlines.drawn import map_outlines
from idgbr.outlines.layer import RegularSummary, regular_polygons

__all__ = ["RegularSummary", "map_outlines", "regular_polygons"]
