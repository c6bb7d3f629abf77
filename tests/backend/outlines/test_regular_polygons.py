"""Layers with regular outlines: right angles, circles, shared walls, courtyards, in any CRS and any batches."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import affinity

from idgbr.layers.polygon_store import PolygonStore
from idgbr.monitor import Monitor
from idgbr.outlines import RegularSummary, regular_polygons
from idgbr.outlines.topology import assembled

UTM = "EPSG:32632"
#: A place in UTM 32, and its factors from metres to degrees.
EAST, NORTH = 500_000.0, 5_400_000.0


def regularized(
    shapes: list[shapely.Geometry], method: str = "auto", tolerance: float = 1.0, crs: str | None = UTM
) -> tuple[np.ndarray, RegularSummary]:
    """The shapes again, in their order."""
    store = PolygonStore()
    store.add(np.array(shapes, object))
    out, summary = np.full(len(shapes), None, object), RegularSummary()
    for numbers, made in regular_polygons(store, crs, method, tolerance, summary, Monitor()):
        out[numbers] = made
    return out, summary


def rough(shape: shapely.Polygon, rng: np.random.Generator, step: float = 2.0, noise: float = 0.2) -> shapely.Polygon:
    """An outline with a vertex every few metres, each a little off."""

    def moved(points: np.ndarray) -> np.ndarray:
        shifts = rng.normal(0, noise, points.shape)
        shifts[-1] = shifts[0]
        return points + np.clip(shifts, -0.4, 0.4)

    rings = [moved(shapely.get_coordinates(shapely.segmentize(ring, step))) for ring in shapely.get_rings(shape)]
    return shapely.Polygon(rings[0], rings[1:])


def placed(shape: shapely.Polygon, turn: float, x: float, y: float) -> shapely.Polygon:
    return affinity.translate(affinity.rotate(shape, turn, origin=(0, 0)), EAST + x, NORTH + y)


def corner_errors(shape: shapely.Polygon, each: float = 90.0) -> np.ndarray:
    """How far the angles of all corners are from multiples of `each`, in degrees."""
    out = []
    for ring in shapely.get_rings(shape):
        edges = np.diff(shapely.get_coordinates(ring), axis=0)
        angles = np.degrees(np.arctan2(edges[:, 1], edges[:, 0]))
        turns = np.roll(angles, -1) - angles
        out.append(np.abs((turns + each / 2) % each - each / 2))
    return np.concatenate(out)


def iou(a: shapely.Geometry, b: shapely.Geometry) -> float:
    return float(a.intersection(b).area / a.union(b).area)


L_SHAPE = shapely.box(0, 0, 22, 14).difference(shapely.box(12, 6, 30, 30))


@pytest.mark.parametrize("seed", range(3))
def test_rough_rectangles_and_ells_get_right_angles(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = [
        placed(
            L_SHAPE if k % 2 else shapely.box(0, 0, *rng.uniform(9, 25, 2)),
            rng.uniform(0, 180),
            60 * (k % 6),
            60 * (k // 6),
        )
        for k in range(36)
    ]
    given = [rough(shape, rng) for shape in truth]
    made, summary = regularized(given)
    right = [bool((corner_errors(shape) < 0.01).all()) for shape in made]
    assert np.mean(right) > 0.9
    assert summary.changed >= sum(right)
    assert shapely.is_valid(made).all()
    assert np.mean([iou(a, b) for a, b in zip(made, truth, strict=True)]) > np.mean(
        [iou(a, b) for a, b in zip(given, truth, strict=True)]
    )
    moved = [shapely.hausdorff_distance(a.exterior, b.exterior) for a, b in zip(made, given, strict=True)]
    assert max(moved) <= 1.0 + 1e-6, "the tolerance"


def test_a_neighbourhood_of_one_direction_turns_small_sheds() -> None:
    rng = np.random.default_rng(5)
    houses = [rough(placed(shapely.box(0, 0, 20, 12), 23.0, 30 * (k % 4), 25 * (k // 4)), rng) for k in range(12)]
    box = shapely.box(0, 0, 5, 4)
    sheds = [rough(placed(box, 23.0, 33 + 30 * (k % 2), 16 + 25 * (k // 2)), rng, 2.0, 0.12) for k in range(4)]

    def turn(shape: shapely.Polygon) -> float:
        edges = np.diff(shapely.get_coordinates(shape), axis=0)
        return float(np.abs((np.degrees(np.arctan2(edges[:, 1], edges[:, 0])) - 23 + 45) % 90 - 45).max())

    together = [turn(shape) for shape in regularized([*houses, *sheds], "right-angles")[0][12:]]
    alone = [turn(regularized([shed], "right-angles")[0][0]) for shed in sheds]
    assert np.mean(together) < 0.7 * np.mean(alone)
    assert max(together) < 2


def test_silos_become_circles_and_houses_do_not() -> None:
    rng = np.random.default_rng(2)
    silo = rough(placed(shapely.Point(0, 0).buffer(9, 24), 0, 0, 0), rng, noise=0.12)
    house = rough(placed(shapely.box(0, 0, 16, 14), 30, 60, 0), rng, noise=0.12)
    (circle, same), summary = regularized([silo, house], "circles")
    assert summary.changed == 1
    assert same == house
    middle = shapely.Point(EAST, NORTH)
    distances = shapely.distance(shapely.points(shapely.get_coordinates(circle)), middle)
    assert np.ptp(distances) < 0.2
    assert circle.area == pytest.approx(np.pi * 81, rel=0.02)
    (circle, square), _ = regularized([silo, house], "auto")
    assert len(circle.exterior.coords) > 16
    assert len(square.exterior.coords) == 5


def test_diagonals_stay_if_wanted() -> None:
    rng = np.random.default_rng(3)
    octagon = shapely.Polygon([(6, 0), (20, 0), (26, 6), (26, 18), (20, 24), (6, 24), (0, 18), (0, 6)])
    given = rough(placed(octagon, 17, 0, 0), rng, noise=0.1)
    (made,), _ = regularized([given], "diagonals")
    assert (corner_errors(made, 45) < 0.01).all()
    assert len(made.exterior.coords) == 9
    (other,), _ = regularized([given], "right-angles")
    assert iou(other, octagon_there := placed(octagon, 17, 0, 0)) > 0.95
    assert iou(made, octagon_there) > 0.98


def test_wings_have_directions_of_their_own() -> None:
    wing = affinity.rotate(shapely.box(20, 2, 50, 12), 30, origin=(25, 7))
    truth = placed(shapely.union(shapely.box(0, 0, 30, 14), wing), 11, 0, 0)
    (made,), summary = regularized([rough(truth, np.random.default_rng(8), noise=0.1)])
    assert summary.changed == 1
    edges = np.diff(shapely.get_coordinates(made), axis=0)
    angles = np.degrees(np.arctan2(edges[:, 1], edges[:, 0])) % 90
    for wanted in (11, 41):
        assert (np.abs((angles - wanted + 45) % 90 - 45) < 1.5).sum() >= 3


def test_courtyards_follow() -> None:
    rng = np.random.default_rng(4)
    truth = placed(shapely.box(0, 0, 40, 30).difference(shapely.box(12, 9, 28, 21)), 33, 0, 0)
    (made,), _ = regularized([rough(truth, rng)])
    assert len(made.interiors) == 1
    assert (corner_errors(made) < 0.01).all() or (corner_errors(shapely.Polygon(made.exterior)) < 0.01).all()
    assert iou(made, truth) > 0.95


def row_of_houses(rng: np.random.Generator, turn: float = 20.0) -> list[shapely.Polygon]:
    """A coverage of touching houses of different depths, with rough shared walls."""
    left = 0.0
    depths = rng.uniform(9, 15, 8)
    walls = np.cumsum([left, *rng.uniform(6, 11, 8)])
    lines = {}
    for k, x in enumerate(walls):
        top = max(depths[max(k - 1, 0)], depths[min(k, 7)])
        ys = np.unique([0.0, *np.arange(2, top - 1, 2.0), *depths[max(k - 1, 0) : k + 1], top])
        lines[k] = np.stack((x + np.where((ys > 0) & (ys < ys[-1]), rng.normal(0, 0.15, ys.size), 0), ys), 1)
    houses = []
    for k in range(8):
        one, two = lines[k], lines[k + 1]
        one, two = one[one[:, 1] <= depths[k] + 1e-9], two[two[:, 1] <= depths[k] + 1e-9]
        houses.append(placed(shapely.Polygon(np.concatenate((two, one[::-1]))), turn, 0, 0))
    return houses


@pytest.mark.parametrize("method", ["right-angles", "diagonals", "auto"])
def test_shared_walls_stay_shared(method: str) -> None:
    rng = np.random.default_rng(6)
    houses = row_of_houses(rng)
    assert shapely.coverage_is_valid(np.array(houses, object))
    made, summary = regularized(houses, method)
    assert summary.changed >= 4
    assert summary.kept == 0
    assert shapely.is_valid(made).all()
    assert shapely.coverage_is_valid(made)
    assert shapely.union_all(made).area == pytest.approx(shapely.area(made).sum(), rel=1e-12)


def test_a_wall_without_the_neighbours_vertex_gets_it() -> None:
    long = placed(shapely.box(0, 0, 30, 10), 0, 0, 0)
    short = placed(shapely.box(11, 10, 19, 16), 0, 0, 0)
    made, _ = regularized([long, short])
    assert shapely.coverage_is_valid(made)
    assert shapely.area(shapely.symmetric_difference(made, np.array([long, short], object))).max() < 1e-6


def test_narrow_gaps_do_not_close() -> None:
    rng = np.random.default_rng(7)
    given = [
        rough(placed(shapely.box(0, 0, 14, 10), 15, 0, 0), rng),
        rough(placed(shapely.box(15, 0, 28, 10), 15, 0, 0), rng),
    ]
    made, _ = regularized(given)
    assert not made[0].intersects(made[1])


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:2263"], ids=["degrees", "Mercator", "feet"])
def test_right_angles_are_those_on_the_ground(crs: str) -> None:
    from pyproj import Transformer

    rng = np.random.default_rng(1)
    there = "EPSG:32618" if crs == "EPSG:2263" else UTM
    x, y = (585_000.0, 4_511_000.0) if crs == "EPSG:2263" else (EAST, 6_600_000.0)
    houses = [
        affinity.translate(affinity.rotate(rough(shapely.box(0, 0, 24, 15), rng), 12 * k, origin=(0, 0)), x + 80 * k, y)
        for k in range(6)
    ]
    to, back = Transformer.from_crs(there, crs, always_xy=True), Transformer.from_crs(crs, there, always_xy=True)

    def through(transformer: Transformer) -> object:
        return lambda p: np.stack(transformer.transform(p[:, 0], p[:, 1]), 1)

    made, summary = regularized(list(shapely.transform(houses, through(to))), "right-angles", crs=crs)
    assert summary.changed == 6
    for shape in shapely.transform(made, through(back)):
        assert len(shape.exterior.coords) == 5
        assert corner_errors(shape).max() < 0.05


def test_batches_agree_on_shared_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(9)
    houses = row_of_houses(rng)
    whole, _ = regularized(houses)
    monkeypatch.setattr("idgbr.layers.polygon_store.BATCH", 3)
    parts, _ = regularized(houses)
    assert shapely.equals_exact(whole, parts, 0).all()


@pytest.mark.parametrize("most", [3, 100])
def test_neighbours_of_an_invalid_outline_keep_the_shared_walls(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """As if the new outline of the fourth house crossed itself."""
    houses = row_of_houses(np.random.default_rng(6))
    fourth = houses[3].representative_point()

    def crossed(ours: np.ndarray, *arguments: object) -> np.ndarray:
        made = assembled(ours, *arguments)
        for i in np.flatnonzero(shapely.contains(ours, fourth)):
            if shapely.symmetric_difference(made[i], ours[i]).area > 1e-6:
                made[i] = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
        return made

    plain, _ = regularized(houses)
    monkeypatch.setattr("idgbr.outlines.layer.assembled", crossed)
    monkeypatch.setattr("idgbr.layers.polygon_store.BATCH", most)
    made, summary = regularized(houses)
    assert summary.kept == 1
    assert summary.changed >= 4
    assert shapely.equals(made[3], houses[3])
    assert not shapely.equals(plain[3], houses[3])
    assert shapely.coverage_is_valid(made)
    assert shapely.union_all(made).area == pytest.approx(shapely.area(made).sum(), rel=1e-12)
    far = [0, 1, 5, 6, 7]
    assert shapely.equals_exact(made[far], plain[far]).all(), "others are as before"


def test_multipolygons_and_missing_shapes_stay_in_place() -> None:
    rng = np.random.default_rng(10)
    two = shapely.MultiPolygon(
        [
            rough(placed(shapely.box(0, 0, 14, 10), 25, 0, 0), rng),
            rough(placed(shapely.box(30, 0, 44, 12), 25, 0, 0), rng),
        ]
    )
    made, summary = regularized([two, None, rough(placed(shapely.box(0, 30, 14, 40), 25, 0, 0), rng)])
    assert made[0].geom_type == "MultiPolygon"
    assert len(made[0].geoms) == 2
    assert all((corner_errors(part) < 0.01).all() for part in made[0].geoms)
    assert made[1] is None
    assert summary.changed == 2


def test_natural_outlines_stay_as_they_are() -> None:
    rng = np.random.default_rng(11)
    angles = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    radius = 40 + 9 * np.sin(3 * angles) + 6 * np.cos(5 * angles + 1) + rng.normal(0, 0.5, 80)
    pond = shapely.Polygon(np.stack((EAST + radius * np.cos(angles), NORTH + radius * np.sin(angles)), 1))
    (made,), summary = regularized([pond])
    assert made == pond
    assert summary.changed == 0
