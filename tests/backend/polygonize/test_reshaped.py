"""Finished polygons with other outlines: order, attributes, sizes on the ground, shared walls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import Affine
from scipy.ndimage import gaussian_filter

from idgbr.layers.polygon_store import PolygonStore
from idgbr.layers.writer import Attributes
from idgbr.monitor import Monitor
from idgbr.outlines import map_outlines
from idgbr.polygonize import VectorOptions, vectorize
from idgbr.polygonize.reshaped import MapPlace, WorldPolygons, reshaped
from idgbr.raster.ground import Ground

UTM = "EPSG:32632"
UPRIGHT = Affine(0.5, 0, 500_000, 0, -0.5, 5_400_000)
GRIDS = {
    "upright": (UPRIGHT, UTM),
    "south up": (Affine(0.5, 0, 500_000, 0, 0.5, 5_400_000), UTM),
    "rotated": (UPRIGHT * Affine.rotation(30), UTM),
    "oblong pixels": (UPRIGHT * Affine.scale(1, 2), UTM),
    "degrees": (Affine(6e-6, 0, 9, 0, -4e-6, 48), "EPSG:4326"),
    "no CRS": (UPRIGHT, None),
}


NOWHERE = MapPlace(None, shapely.Polygon())


def batch(shapes: list[shapely.Polygon], first: int) -> tuple[WorldPolygons, Attributes]:
    """Polygons whose class ids and object numbers count from `first` on, with sizes that are wrong."""
    _, vertices, offsets = shapely.to_ragged_array(shapes)
    ids = first + np.arange(len(shapes))
    names = np.array([f"class {i}" for i in ids], object)
    wrong = np.full(len(shapes), -1.0)
    return WorldPolygons(vertices, offsets), Attributes(
        ids, names, wrong + ids, wrong, wrong, {"object_id": ids.astype(np.int32)}
    )


def grown_backward(store: PolygonStore, place: MapPlace, monitor: Monitor) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """All shapes, a metre wider, from the last to the first, two at a time."""
    numbers = np.arange(len(store))[::-1]
    for some in np.split(numbers, range(2, len(numbers), 2)):
        yield some, shapely.buffer(store.take(some), 1.0, join_style="mitre")


def test_attributes_follow_and_sizes_are_those_of_the_new_outlines(tmp_path: Path) -> None:
    boxes = [shapely.box(x, 0, x + 10, 6) for x in range(500_000, 500_100, 20)]
    boxes[3] = boxes[3].difference(shapely.box(500_062, 1.5, 500_067, 4.5))
    drawn = [batch(boxes[:2], 0), batch(boxes[2:], 2)]
    made = list(reshaped(drawn, grown_backward, Ground(UPRIGHT, None), NOWHERE, Monitor(), tmp_path))
    assert [attributes.class_id.tolist() for _, attributes in made] == [[4, 3], [2, 1], [0]]
    for polygons, attributes in made:
        shapes = shapely.from_ragged_array(shapely.GeometryType.POLYGON, *polygons)
        ids = attributes.class_id
        assert attributes.name.tolist() == [f"class {i}" for i in ids]
        assert attributes.extra["object_id"].tolist() == ids.tolist()
        assert attributes.confidence.tolist() == (ids - 1.0).tolist()
        assert attributes.area_m2 == pytest.approx(shapely.area(shapes))
        assert attributes.perim_m == pytest.approx(shapely.length(shapes))
        assert attributes.area_m2 == pytest.approx(np.where(ids == 3, 93, 96))
    assert not list(tmp_path.iterdir())


def test_nothing_stays_nothing() -> None:
    assert not list(reshaped([], grown_backward, Ground(UPRIGHT, UTM), NOWHERE, Monitor(), None))


def class_raster(path: Path, transform: Affine, crs: str | None, seed: int = 0) -> Path:
    """Three classes in blobs of all sizes."""
    rng = np.random.default_rng(seed)
    heights = np.stack([gaussian_filter(rng.normal(size=(160, 200)), 3) for _ in range(3)])
    with rasterio.open(
        path, "w", "GTiff", height=160, width=200, count=1, dtype="uint8", crs=crs, transform=transform
    ) as out:
        out.write(heights.argmax(0).astype(np.uint8), 1)
    return path


def drawn_layer(raster: Path, name: str, **options: object) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Fields and polygons of the layer of a class raster."""
    path = raster.with_name(f"{name}.gpkg")
    vectorize(raster, path, options=VectorOptions(2.0, **options))
    meta, _, shapes, fields = pyogrio.raw.read(path)
    return dict(zip(meta["fields"], fields, strict=True)), shapely.from_wkb(shapes)


@pytest.mark.parametrize("grid", GRIDS)
def test_the_layer_stays_a_coverage_on_any_grid(tmp_path: Path, grid: str) -> None:
    transform, crs = GRIDS[grid]
    raster = class_raster(tmp_path / "classes.tif", transform, crs)
    _, plain = drawn_layer(raster, "plain")
    fields, made = drawn_layer(raster, "made", reshape=map_outlines("right-angles", 0.5))
    assert len(made) == len(plain)
    assert shapely.is_valid(made).all()
    assert shapely.coverage_is_valid(made)
    corners = [transform * at for at in ((0, 0), (200, 0), (200, 160), (0, 160))]
    assert shapely.difference(shapely.union_all(made), shapely.Polygon(corners)).area < 1e-6 * made[0].area
    assert shapely.area(made).sum() == pytest.approx(shapely.area(shapely.union_all(made)), rel=1e-12)
    assert shapely.get_num_coordinates(made).sum() < shapely.get_num_coordinates(plain).sum()
    ground = Ground(Affine.scale(1e-5 if grid == "degrees" else 1), crs)
    sizes = np.linalg.det(ground.scale(shapely.get_coordinates(shapely.centroid(made)) / ground.transform.a))
    assert fields["area_m2"] == pytest.approx(shapely.area(made) * sizes / ground.transform.a**2, rel=1e-5)


def test_strips_do_not_matter(tmp_path: Path) -> None:
    raster = class_raster(tmp_path / "classes.tif", UPRIGHT, UTM, seed=1)
    layers = [
        drawn_layer(raster, f"rows{rows}", reshape=map_outlines("auto", 0.5), strip_rows=rows) for rows in (7, 160)
    ]
    (fields, shapes), (others, other_shapes) = layers
    order, other_order = (np.lexsort((f["perim_m"], f["area_m2"])) for f in (fields, others))
    assert shapely.equals_exact(shapely.normalize(shapes[order]), shapely.normalize(other_shapes[other_order])).all()
    assert (fields["class_id"][order] == others["class_id"][other_order]).all()
