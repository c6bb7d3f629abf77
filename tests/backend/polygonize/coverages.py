"""Helpers of the vector tests: polygons of an array, and what a coverage must satisfy."""

from __future__ import annotations

import numpy as np
import shapely

from idgbr.polygonize.arcs.fit import FitOptions
from idgbr.polygonize.coverage import CoverageBuilder


def coverage(codes: np.ndarray, strip: int = 10**6, **options: float | str) -> tuple[np.ndarray, np.ndarray]:
    """Polygons in pixel coordinates, and their codes."""
    builder = CoverageBuilder(codes.shape[1], FitOptions(**options), flip=False)
    batches = []
    for row in range(0, codes.shape[0], strip):
        batches += list(builder.feed(codes[row : row + strip]))
    batches += list(builder.finish())
    shapes = [
        shapely.from_ragged_array(
            shapely.GeometryType.POLYGON,
            b.polygons.vertices,
            (b.polygons.ring_offsets, b.polygons.polygon_offsets),
        )
        for b in batches
    ]
    if not shapes:
        return np.zeros(0, object), np.zeros(0, np.uint16)
    return np.concatenate(shapes), np.concatenate([b.codes for b in batches])


def noise(rows: int, cols: int, classes: int, seed: int, grain: int = 1) -> np.ndarray:
    """Codes at random, 1 (void) and up, in blocks of `grain` pixels with ragged edges."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(1, 1 + classes, (rows // grain + 2, cols // grain + 2))
    r = np.arange(rows)[:, None] + rng.integers(0, grain, (rows, cols))
    c = np.arange(cols)[None, :] + rng.integers(0, grain, (rows, cols))
    return blocks[r // grain, c // grain].astype(np.uint16)


def assert_valid_coverage(shapes: np.ndarray, full_area: float | None = None) -> None:
    """All polygons valid and not empty, no overlaps, no unmatched edges; and no gaps, given the full area."""
    assert shapely.is_valid(shapes).all()
    assert (shapely.area(shapes) > 0.05).all()
    assert shapely.coverage_is_valid(shapes)
    total = shapely.area(shapes).sum()
    assert abs(shapely.union_all(shapes).area - total) < 1e-6
    if full_area is not None:
        assert abs(total - full_area) < 1e-6


def crack_middles(codes: np.ndarray) -> np.ndarray:
    """Points in the middle of all cracks, the edges between pixels of two codes."""
    rows, cols = np.nonzero(codes[:, 1:] != codes[:, :-1])
    upright = np.stack((cols + 1, rows + 0.5), axis=1)
    rows, cols = np.nonzero(codes[1:] != codes[:-1])
    return shapely.points(np.concatenate((upright, np.stack((cols + 0.5, rows + 1), axis=1))))
