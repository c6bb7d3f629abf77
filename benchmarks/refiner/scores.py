"""What is measured of one refined tile."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from benchmarks.refiner.outlines import straightness
from benchmarks.refiner.tiles import IGNORE, SETS, Labels, Tile
from idgbr.evaluation.boundary import boundary_counts
from idgbr.evaluation.confusion import confusion, mean_iou
from idgbr.evaluation.weighted_f import boundary_band, weighted_f

#: Tolerances of the boundary F-score and width of the Boundary IoU, in pixels.
TOLERANCES_PX = (1, 2, 3)
BOUNDARY_IOU_PX = 2
#: Measures of a row in the order of the table, all 0…1, higher is better.
MEASURES = ("F1", "F2", "F3", "mIoU", "WFm", "BIoU")
#: Measures of straight outlines, lower is better: mean angle to true sides (degrees), segments for 100 px of them. Not
#: in every row: only of buildings, and where true sides are straight.
OUTLINES = ("angle", "segments")


@dataclass(frozen=True)
class Judge:
    """Scores class maps of one tile; what depends on the truth alone is computed once."""

    tile: Tile

    @cached_property
    def _known(self) -> NDArray[np.bool_]:
        return np.asarray(self.tile.truth != IGNORE)

    @cached_property
    def _band(self) -> NDArray[np.bool_]:
        return boundary_band(self.tile.truth, self._known)

    def scores(self, labels: Labels) -> dict[str, float]:
        """`MEASURES` of a class map (H, W).

        Boundary F-score and Boundary IoU are means over `Tile.scored_classes`, mIoU over all classes that occur. WFm is
        that of the band around boundaries, which is the lower of its two parts wherever boundaries are thin. Of
        buildings with straight sides `OUTLINES` are told, too.
        """
        tile = self.tile
        counts = boundary_counts(labels, tile.truth, tile.classes, TOLERANCES_PX, IGNORE)
        found = {f"F{px}": counts[px].mean_f_score(tile.scored_classes) for px in TOLERANCES_PX}
        found["mIoU"] = mean_iou(confusion(labels, tile.truth, tile.classes, IGNORE))
        found["WFm"] = weighted_f(boundary_band(labels, self._known), self._band, self._known)
        found["BIoU"] = counts[BOUNDARY_IOU_PX].mean_iou(tile.scored_classes)
        source = SETS.get(tile.set)
        if source and source.task == "buildings" and (straight := straightness(labels, tile.truth)):
            found |= straight._asdict()
        return found
