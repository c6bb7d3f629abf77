"""Evaluates one class map against another: all measures in one pass over blocks, in bounded memory."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from rasterio.windows import Window

from idgbr.classes import NODATA_CLASS
from idgbr.errors import InputError
from idgbr.evaluation.boundary import SLACK, BoundaryCounts
from idgbr.evaluation.confusion import mean_f1, mean_iou, overall_accuracy
from idgbr.evaluation.error_map import ErrorMap, parts
from idgbr.evaluation.inputs import AlignedRaster
from idgbr.evaluation.map_pair import Comparison
from idgbr.evaluation.metrics import CalibrationCounts, PlaceScores
from idgbr.evaluation.polygons import PolygonScores, score_polygons
from idgbr.evaluation.weighted_f import WeightedBoundaryF
from idgbr.monitor import Monitor
from idgbr.raster.class_values import check_confidence

TOLERANCES_PX = (1.0, 2.0, 3.0, 5.0)
#: Tolerances in metres; those of 1 to `_MAX_TOLERANCE_PX` pixels are used.
TOLERANCES_M = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
_MAX_TOLERANCE_PX = 20.0
#: Largest distance in the histogram, in pixels.
HISTOGRAM_PX = 12
#: Side of the tiles of WFm, in pixels, as in the reference.
WFM_TILE = 512
#: Polygons belong to the area if at least this fraction of them is inside.
_INSIDE = 0.5


@dataclass
class Evaluation:
    """All measures.

    Attributes:
        scores: Region and boundary scores.
        weighted: WFm over tiles of `WFM_TILE` px.
        errors: Where the errors are.
        unpredicted: Scored pixels without a prediction.
        calibration: Calibration of the confidence; None without one.
        polygons: Measures between polygons; None unless both inputs are layers.
    """

    scores: PlaceScores
    errors: ErrorMap
    weighted: WeightedBoundaryF = field(default_factory=WeightedBoundaryF)
    calibration: CalibrationCounts | None = None
    polygons: PolygonScores | None = None

    @property
    def scored(self) -> int:
        """Number of scored pixels."""
        return int(self.scores.counts.sum())

    @property
    def unpredicted(self) -> int:
        """Scored pixels without a predicted class of the truth."""
        return int(self.scores.counts[:, -1].sum())

    def figures(self, foreground: list[int]) -> dict[str, float | int]:
        """The main figures by name; NaN if there is nothing to measure."""
        counts = self.scores.counts
        found: dict[str, float | int] = {
            "miou": mean_iou(counts),
            "mean_f1": mean_f1(counts),
            "overall_accuracy": overall_accuracy(counts),
        }
        for unit, boundaries in (("px", self.scores.boundaries), ("m", self.scores.boundaries_m)):
            for tolerance, boundary in boundaries.items():
                name = f"{tolerance:g}{unit}".replace(".", "_")
                found[f"boundary_f_{name}"] = boundary.mean_f_score(foreground)
                found[f"boundary_iou_{name}"] = boundary.mean_iou(foreground)
        found |= {
            "trimap_miou": mean_iou(self.scores.trimap),
            "wfm": self.weighted.value(),
            "pixels": self.scored,
            "wrong_pixels": self.scored - int(np.trace(counts[:, : len(counts)])),
            "unpredicted_pixels": self.unpredicted,
        }
        if self.calibration is not None:
            found["calibration_error"] = self.calibration.expected_error()
        if self.polygons is not None:
            found |= {
                "polygon_f1": self.polygons.f1,
                "polygon_iou": self.polygons.mean_iou,
                "polis_m": self.polygons.polis_m,
                "vertex_ratio": self.polygons.vertex_ratio,
                "angle_error_deg": self.polygons.angle_error_deg,
            }
        return found


def evaluate(comparison: Comparison, confidence: AlignedRaster | None, monitor: Monitor) -> Evaluation:
    """Measure everything. Raises InputError if the truth has no data in the area."""
    grid, legend = comparison.grid, comparison.legend
    side = math.sqrt(comparison.pixel_m[0] * comparison.pixel_m[1])
    metres = tuple(t for t in TOLERANCES_M if 1 / SLACK <= t / side <= _MAX_TOLERANCE_PX)
    scores = PlaceScores(len(legend.classes), TOLERANCES_PX, metres, comparison.pixel_m, HISTOGRAM_PX)
    result = Evaluation(scores, ErrorMap(grid, legend.background))
    if confidence is not None:
        result.calibration = CalibrationCounts()
    blocks = list(comparison.blocks())
    for done, core in enumerate(blocks):
        monitor.check()
        monitor.progress("compare", done, len(blocks))
        _add_block(result, comparison, core, confidence)
    if not result.scored:
        raise InputError(
            f"{comparison.names[1]}: has no class in the area of {comparison.names[0]}; "
            "check its nodata and the CRS of both."
        )
    if (polygons := comparison.polygons(_INSIDE)) is not None:
        unit = comparison.pixel_m[0] / math.hypot(grid.transform.b, grid.transform.e)
        result.polygons = score_polygons(*polygons, side / unit, unit)
    monitor.progress("compare", len(blocks), len(blocks))
    return result


def _add_block(result: Evaluation, comparison: Comparison, core: Window, confidence: AlignedRaster | None) -> None:
    halo, grid = result.scores.halo, comparison.grid
    row, col, height, width = int(core.row_off), int(core.col_off), int(core.height), int(core.width)
    top, left = max(row - halo, 0), max(col - halo, 0)
    bottom, right = min(row + height + halo, grid.height), min(col + width + halo, grid.width)
    predicted, truth = comparison.read(Window(left, top, right - left, bottom - top))
    inner = slice(row - top, row - top + height), slice(col - left, col - left + width)
    if (truth[inner] == NODATA_CLASS).all():
        return
    result.scores.add(predicted, truth, core=inner)
    predicted, truth = predicted[inner], truth[inner]
    result.errors.add(row, col, predicted, truth)
    for tile in parts(height, width, WFM_TILE):
        result.weighted.add(predicted[tile], truth[tile])
    if confidence is not None and result.calibration is not None:
        values, known = confidence.values(core)
        check_confidence(values, known & np.isfinite(values), confidence.name)
        known &= truth != NODATA_CLASS
        result.calibration.add(values.astype(np.float64), predicted == truth, known)


def mean_by_tolerance(
    boundaries: dict[float, BoundaryCounts], foreground: list[int]
) -> list[tuple[float, float, float]]:
    """Tolerance, mean boundary F-score and mean Boundary IoU, in rising order of tolerance."""
    return [(t, b.mean_f_score(foreground), b.mean_iou(foreground)) for t, b in sorted(boundaries.items())]
