"""Regular outlines for maps that a network has drawn: how far they may move, and what is reported."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import affinity

from idgbr.errors import JobCancelled
from idgbr.layers.polygon_store import PolygonStore
from idgbr.monitor import Monitor
from idgbr.outlines import map_outlines
from idgbr.polygonize.reshaped import MapPlace


class Steps(Monitor):
    """Keeps the progress as (stage, done, total)."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, float, float]] = []

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        self.seen.append((stage, done, total))


def wobbly(width: float, height: float, wobble: float, *, at: tuple[float, float] = (0.0, 0.0)) -> shapely.Polygon:
    """A turned rectangle whose walls run in waves."""
    rough = shapely.get_coordinates(shapely.segmentize(shapely.box(0, 0, width, height), wobble * 6))
    away = wobble * np.sin(np.arange(len(rough)) * 2.1)
    away[-1] = away[0]
    middle = np.array([width / 2, height / 2])
    ways = (rough - middle) / np.hypot(*(rough - middle).T)[:, None]
    shape = affinity.rotate(shapely.Polygon(rough + away[:, None] * ways), 25, origin=(0, 0))
    return affinity.translate(shape, 500_000 + at[0], 5_400_000 + at[1])


#: Far more than the shapes need.
EVERYWHERE = shapely.box(400_000, 5_300_000, 600_000, 5_500_000)


def regular(
    shapes: list[shapely.Polygon], gsd_m: float, monitor: Monitor | None = None, extent: shapely.Polygon = EVERYWHERE
) -> np.ndarray:
    store = PolygonStore()
    store.add(np.array(shapes, object))
    reshape = map_outlines("right-angles", gsd_m)
    assert reshape is not None
    out = np.full(len(shapes), None, object)
    for numbers, made in reshape(store, MapPlace("EPSG:32632", extent), monitor or Monitor()):
        out[numbers] = made
    return out


@pytest.mark.parametrize(("gsd_m", "limit_m"), [(0.05, 1.0), (0.25, 1.0), (0.5, 2.0), (2.0, 8.0)])
def test_outlines_move_by_a_metre_or_four_pixels(gsd_m: float, limit_m: float) -> None:
    given = wobbly(30 * limit_m, 18 * limit_m, 0.3 * limit_m)
    (made,) = regular([given], gsd_m)
    assert len(made.exterior.coords) == 5
    assert shapely.hausdorff_distance(made, given) <= limit_m
    rough = wobbly(30 * limit_m, 18 * limit_m, 2.5 * limit_m)
    assert regular([rough], gsd_m)[0] == rough, "walls that would move farther stay"


def test_outlines_stay_in_the_map() -> None:
    given = wobbly(30, 18, 0.3)
    assert len(regular([given], 0.25)[0].exterior.coords) == 5
    assert regular([given], 0.25, extent=given.envelope)[0] == given


def test_no_method_is_nothing_to_do() -> None:
    assert map_outlines("none", 0.3) is None


def test_progress_counts_polygons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("idgbr.layers.polygon_store.BATCH", 2)
    monitor = Steps()
    regular([wobbly(20, 12, 0.3, at=(40.0 * i, 0)) for i in range(5)], 0.3, monitor)
    assert monitor.seen == [("regularize", 2, 5), ("regularize", 4, 5), ("regularize", 5, 5)]


def test_it_can_be_cancelled() -> None:
    monitor = Steps()
    monitor.cancel()
    with pytest.raises(JobCancelled):
        regular([wobbly(20, 12, 0.3)], 0.3, monitor)
