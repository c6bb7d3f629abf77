"""Coarse maps of all kinds, as class indices on the image's grid."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import rasterio.warp
import shapely
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from rasterio.transform import Affine

from idgbr.coarse_map import CoarseMap, read_coarse_map
from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from tests.backend.conftest import SceneFiles

NONE = 255
LEFT, TOP = 500000.0, 5000000.0
GRID = Grid(Affine(0.5, 0, LEFT, 0, -0.5, TOP), CRS.from_epsg(32633), 60, 80)
PLANE = Grid(GRID.transform, None, 60, 80)


class Listener(Monitor):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def info(self, message: str) -> None:
        self.told.append(message)

    def warn(self, message: str) -> None:
        self.told.append(message)


def read(
    text: Path | str, field: str | None = None, *, background: str = "auto", fill: bool = False, grid: Grid = GRID
) -> tuple[np.ndarray, CoarseMap, list[str]]:
    """Ids of the classes on the grid (-1 for none), the map, and what was told."""
    listener = Listener()
    work = Path(str(text).partition("|")[0]).parent / "work"
    work.mkdir(exist_ok=True)
    coarse = read_coarse_map(str(text), field, background, fill, grid, work, listener)
    with rasterio.open(coarse.path) as dataset:
        indices = dataset.read(1)
    ids = np.array([*(c.id for c in coarse.classes), *[-1] * (256 - len(coarse.classes))])
    return ids[indices], coarse, listener.told


def write_raster(path: Path, values: np.ndarray, **profile: object) -> Path:
    profile = {"crs": "EPSG:32633", "transform": GRID.transform} | profile
    bands = values if values.ndim == 3 else values[None]
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands), dtype=bands.dtype,
        **profile,
    ) as out:  # fmt: skip
        out.write(bands)
    return path


def box(row0: float, row1: float, col0: float, col1: float) -> shapely.Polygon:
    """A rectangle by its rows and columns on the grid."""
    return shapely.box(LEFT + col0 / 2, TOP - row1 / 2, LEFT + col1 / 2, TOP - row0 / 2)


def write_layer(
    path: Path, shapes: list[shapely.Geometry | None], crs: str | None = "EPSG:32633", layer: str | None = None,
    append: bool = False, **fields: list[object],
) -> Path:  # fmt: skip
    columns = [np.array(v, object if isinstance(v[0], str) else None) for v in fields.values()]
    pyogrio.raw.write(
        path, np.array([None if s is None else shapely.to_wkb(s) for s in shapes], object), columns, list(fields),
        geometry_type="Unknown", crs=crs, driver="GPKG", layer=layer or path.stem, append=append,
    )  # fmt: skip
    return path


def test_raster_values_are_kept_and_nodata_is_no_class(tmp_path: Path) -> None:
    values = np.kron(np.array([[-7, 100000], [3, 9]], np.int32), np.ones((30, 40), np.int32))
    found, coarse, _ = read(write_raster(tmp_path / "c.tif", values, nodata=9))
    np.testing.assert_array_equal(found, np.where(values == 9, -1, values))
    assert [c.id for c in coarse.classes] == [-7, 3, 100000]
    assert coarse.nodata == 9
    assert coarse.unclassified_pixels == 1200


def test_floats_that_are_integers_are_classes(tmp_path: Path) -> None:
    values = np.full((60, 80), 4, np.float32)
    values[:, :10] = np.nan
    values[:, 40:] = 5
    found, coarse, _ = read(write_raster(tmp_path / "c.tif", values))
    assert (found[:, :10] == -1).all()
    assert (found[:, 10:] == values[:, 10:]).all()
    assert [c.name for c in coarse.classes] == ["class 4", "class 5"]


def test_raster_of_another_crs_and_resolution_is_aligned(tmp_path: Path) -> None:
    """A coarser class raster in degrees: each pixel has the class at its middle."""
    corners = rasterio.warp.transform_bounds("EPSG:32633", "EPSG:4326", LEFT - 5, TOP - 40, LEFT + 45, TOP + 5)
    step = 1e-5
    rows, cols = int((corners[3] - corners[1]) / step) + 1, int((corners[2] - corners[0]) / step) + 1
    values = np.random.default_rng(0).integers(1, 5, (rows, cols)).astype(np.uint8)
    transform = Affine(step, 0, corners[0], 0, -step, corners[3])
    found, _, _ = read(write_raster(tmp_path / "c.tif", values, crs="EPSG:4326", transform=transform))
    r, c = np.mgrid[:60, :80]
    x, y = GRID.transform * (c.ravel() + 0.5, r.ravel() + 0.5)
    lon, lat = rasterio.warp.transform("EPSG:32633", "EPSG:4326", x, y)
    col, row = ~transform * (np.array(lon), np.array(lat))
    expected = values[np.floor(row).astype(int), np.floor(col).astype(int)].reshape(60, 80)
    # Middles on the border of two coarse pixels may go either way.
    border = (np.abs(row % 1 - 0.5) > 0.49) | (np.abs(col % 1 - 0.5) > 0.49)
    assert (found == expected)[~border.reshape(60, 80)].all()


def test_raster_on_the_images_grid_is_taken_pixel_for_pixel(scene_files: SceneFiles, tmp_path: Path) -> None:
    """On projected, geographic and rotated grids."""
    with rasterio.open(scene_files.classes) as truth:
        values = truth.read(1)
        grid = Grid(truth.transform, truth.crs, *truth.shape)
    path = tmp_path / "classes.tif"
    path.write_bytes(scene_files.classes.read_bytes())
    found, coarse, told = read(path, grid=grid)
    np.testing.assert_array_equal(found, np.where(values == 255, -1, values))
    assert "building" in {c.name for c in coarse.classes}
    assert not told


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_without_any_georeference_pixels_are_matched(tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 9, (60, 80)).astype(np.uint8)
    path = write_raster(tmp_path / "c.tif", values, crs=None, transform=Affine.identity())
    found, _, told = read(path, grid=Grid(Affine.identity(), None, 60, 80))
    np.testing.assert_array_equal(found, values)
    assert not told


def test_raster_beyond_the_image_is_cut_and_short_of_it_is_no_class(tmp_path: Path) -> None:
    transform = GRID.transform * Affine.translation(-20, 10)
    found, _, _ = read(write_raster(tmp_path / "c.tif", np.full((80, 60), 2, np.uint8), transform=transform))
    assert (found[10:, :40] == 2).all()
    assert (found[:10] == -1).all()
    assert (found[:, 40:] == -1).all()


def test_255_classes_are_the_most(tmp_path: Path) -> None:
    values = (np.arange(4800) % 255).reshape(60, 80).astype(np.uint16) * 7
    found, coarse, _ = read(write_raster(tmp_path / "c.tif", values))
    np.testing.assert_array_equal(found, values)
    assert len(coarse.classes) == 255
    with pytest.raises(InputError, match=r"d\.tif: has 256 classes, 255 at most"):
        read(write_raster(tmp_path / "d.tif", (np.arange(4800) % 256).reshape(60, 80).astype(np.uint16)))


WIDE = 410_370_000_000_012_345


@pytest.mark.parametrize(
    ("dtype", "codes"),
    [
        ("int8", (-128, -5, 7)),
        ("uint16", (0, 311, 65535)),
        ("uint32", (0, 2**32 - 1, 2**31 + 1)),
        ("int64", (0, WIDE, WIDE + 1)),
        ("int64", (5, -(2**63), 2**63 - 1)),
        ("uint64", (0, 2**53 + 1, 2**63 + 5)),
        ("float32", (np.nan, 112, 311)),
    ],
)
def test_codes_of_any_type_are_kept(tmp_path: Path, dtype: str, codes: tuple[float, ...]) -> None:
    """The first code is nodata; another grid makes no difference."""
    values = np.array(codes, dtype)[np.arange(80) // 30][None].repeat(60, 0)
    path = write_raster(tmp_path / "c.tif", values, nodata=codes[0])
    for grid in (GRID, Grid(GRID.transform * Affine.scale(0.5), GRID.crs, 120, 160)):
        _, coarse, told = read(path, grid=grid)
        assert sorted(c.id for c in coarse.classes) == sorted(map(int, codes[1:]))
        with rasterio.open(coarse.path) as dataset:
            row = dataset.read(1)[20]
        names = ["none" if i == NONE else str(coarse.classes[i].id) for i in row[[0, grid.width // 2, grid.width - 1]]]
        assert names == ["none", *(str(int(code)) for code in codes[1:])]
        assert [line.partition("c.tif: ")[2][:37] for line in told] == ["38 % of the area has no class (nodata"]


@pytest.mark.parametrize("how", ["mask", "alpha", "undeclared"])
def test_masked_ground_of_a_raster_has_no_class(tmp_path: Path, how: str) -> None:
    values = np.full((60, 80), 3, np.uint8)
    values[:, 40:] = 4
    mask = np.full((60, 80), 255, np.uint8)
    mask[30:] = 0
    values[30:] = 3
    bands = values[None] if how == "mask" else np.stack([values, mask])
    form = {"driver": "GTiff", "height": 60, "width": 80, "count": len(bands), "dtype": "uint8", "crs": GRID.crs}
    path = tmp_path / "c.tif"
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(
        path, "w", transform=GRID.transform, photometric="MINISBLACK", nodata=3 if how == "mask" else None, **form
    ) as raster:  # fmt: skip
        if how == "alpha":
            raster.colorinterp = [ColorInterp.gray, ColorInterp.alpha]
        raster.write(bands)
        if how == "mask":
            raster.write_mask(mask)
    found, _, told = read(path)
    np.testing.assert_array_equal(found, np.where(mask > 0, values.astype(int), -1))
    reason = "mask band" if how == "mask" else "alpha band"
    assert told[-1].endswith(f"50 % of the area has no class ({reason}, or beyond the raster); it stays so.")
    assert ("it is used as a mask" in told[0]) == (how == "undeclared")


def test_booleans_without_null_are_two_classes(tmp_path: Path) -> None:
    shapes = [box(5, 25, 5 + 20 * k, 15 + 20 * k) for k in range(3)]
    path = tmp_path / "l.gpkg"
    columns = [np.array([True, False, True])], ["yes"]
    pyogrio.raw.write(path, shapely.to_wkb(np.array(shapes)), *columns, geometry_type="Polygon", crs="EPSG:32633")
    _, coarse, told = read(path, "yes", background="no")
    assert [(c.id, c.name) for c in coarse.classes] == [(0, "false"), (1, "true")]
    assert not any("without a class" in line for line in told)


def test_nodata_of_a_mask_becomes_background_if_asked_for(tmp_path: Path) -> None:
    values = np.zeros((60, 80), np.uint8)
    values[10:30, 10:30] = 1
    path = write_raster(tmp_path / "c.tif", values, nodata=0)
    found, _, told = read(path)
    assert set(np.unique(found)) == {-1, 1}
    assert any("background=yes" in line for line in told)
    found, coarse, told = read(path, background="yes")
    np.testing.assert_array_equal(found, values)
    assert [c.background for c in coarse.classes] == [True, False]
    assert not told


def test_objects_lie_on_background(tmp_path: Path) -> None:
    """Buildings: uncovered ground is a class of its own, and each pixel knows its feature."""
    path = write_layer(tmp_path / "b.gpkg", [box(5, 20, 5, 25), box(30, 50, 40, 70)])
    found, coarse, _ = read(path)
    assert (found[5:20, 5:25] == 1).all()
    assert (found == 1).sum() == 300 + 600
    assert (found == 0).sum() == 4800 - 900
    assert coarse.object_pixels is not None
    assert coarse.object_pixels.tolist() == [300, 600]
    found, _, told = read(path, background="no")
    assert (found == -1).sum() == 3900
    assert any("only one class" in line for line in told)


def test_coverage_has_gaps_that_stay_or_are_filled(tmp_path: Path) -> None:
    """Polygons side by side: uncovered ground is unclassified, told of, and filled on request where it is narrow."""
    shapes = [box(0, 60, 0, 30), box(0, 30, 32, 80), box(30, 60, 32, 80)]
    path = write_layer(tmp_path / "c.gpkg", shapes, kind=["wood", "field", "water"])
    found, coarse, told = read(path, "kind")
    assert [c.name for c in coarse.classes] == ["field", "water", "wood"]
    assert (found[:, 30:32] == -1).all()
    assert coarse.gap_pixels == coarse.unclassified_pixels == 120
    assert any("gaps of 120 pixels" in line for line in told)
    found, coarse, _ = read(path, "kind", fill=True)
    assert (coarse.unclassified_pixels, coarse.filled_pixels) == (0, 120)
    assert (found[:, 30] == 3).all()
    assert (found[:30, 31] == 1).all()


def test_wide_unmapped_ground_is_not_filled(tmp_path: Path) -> None:
    found, _, _ = read(
        write_layer(tmp_path / "c.gpkg", [box(0, 30, 0, 40), box(30, 60, 0, 40)], kind=[5, 6]), "kind",
        background="no", fill=True,
    )  # fmt: skip
    assert (found[:, 40:] == -1).all()
    assert set(np.unique(found[:, :40])) == {5, 6}


def test_slivers_between_objects_are_gaps_in_the_background(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "b.gpkg", [box(10, 30, 10, 29), box(10, 30, 30, 50)])
    found, coarse, _ = read(path)
    assert (found[12:28, 29] == -1).all()
    assert 16 <= coarse.gap_pixels <= 20
    assert (found[40:] == 0).all()
    assert (read(path, fill=True)[0][12:28, 29] == 1).all()


def test_overlaps_are_reported_and_the_smaller_polygon_wins(tmp_path: Path) -> None:
    shapes = [box(20, 30, 20, 30), box(10, 40, 10, 40)]
    found, coarse, told = read(write_layer(tmp_path / "o.gpkg", shapes, kind=[8, 2]), "kind")
    assert (found[20:30, 20:30] == 8).all()
    assert (found == 2).sum() == 800
    assert coarse.overlap_pixels == 100
    assert any("overlap on 100 pixels" in line for line in told)


def test_layer_in_degrees_lands_on_the_same_pixels(tmp_path: Path) -> None:
    shape = box(10, 40, 10, 60)
    moved = shapely.transform(
        shapely.segmentize(shape, 1),
        lambda p: np.column_stack(rasterio.warp.transform("EPSG:32633", "EPSG:4326", p[:, 0], p[:, 1])),
    )
    plain, _, _ = read(write_layer(tmp_path / "a.gpkg", [shape]))
    found, _, _ = read(write_layer(tmp_path / "b.gpkg", [moved], crs="EPSG:4326"))
    np.testing.assert_array_equal(found, plain)


def test_difficult_features_are_handled_and_told_of(tmp_path: Path) -> None:
    """A bow tie, a collection, a point, no geometry, no class, a speck: each is dealt with."""
    x, y = LEFT, TOP
    bow = shapely.Polygon([(x + 5, y - 5), (x + 15, y - 15), (x + 15, y - 5), (x + 5, y - 15)])
    collection = shapely.GeometryCollection([box(40, 50, 10, 20), shapely.Point(x, y)])
    shapes = [bow, collection, shapely.Point(x + 1, y - 1), None, box(0, 5, 60, 70), box(50, 50.2, 70, 70.2)]
    path = write_layer(tmp_path / "d.gpkg", shapes, kind=["a", "b", "a", "a", None, "a"])
    found, coarse, told = read(path, "kind")
    names = {c.id: c.name for c in coarse.classes}
    assert names[found[45, 15]] == "b"
    assert (found == 1).sum() == pytest.approx(200, abs=25)
    assert names[found[2, 65]] == "background"
    for part in ("1 invalid", "2 of 6 features have no area", "1 features without a class", "1 polygons cover no"):
        assert any(part in line for line in told), part


def test_classes_elsewhere_do_not_count(tmp_path: Path) -> None:
    """Of a large layer with hundreds of classes, those on the image are taken."""
    far = [shapely.box(i, 0, i + 1, 1) for i in range(400)]
    path = write_layer(tmp_path / "n.gpkg", [*far, box(0, 60, 0, 40), box(0, 60, 40, 80)], kind=list(range(402)))
    found, coarse, _ = read(path, "kind")
    assert [c.id for c in coarse.classes] == [400, 401]
    assert (found[:, :40] == 400).all()


def test_layers_are_named(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "m.gpkg", [box(0, 10, 0, 10)], layer="roofs")
    write_layer(path, [box(20, 40, 20, 40)], layer="lakes", append=True)
    assert (read(f"{path}|lakes")[0] == 1).sum() == 400
    assert (read(f"{path}|layername=roofs")[0] == 1).sum() == 100
    with pytest.raises(InputError, match=r"several layers \(roofs, lakes\)"):
        read(path)
    with pytest.raises(InputError, match="no layer 'woods'"):
        read(f"{path}|woods")


def bad_maps(folder: Path) -> dict[str, tuple[str, str | None, str]]:
    """Maps that cannot be used: text, class field, and what the message says."""
    good = str(write_layer(folder / "good.gpkg", [box(0, 9, 0, 9)], kind=["a"], half=[0.5]))
    (folder / "note.txt").write_text("no map")
    triangle = {"type": "Polygon", "coordinates": [[[LEFT, TOP], [LEFT + 9, TOP], [LEFT, TOP - 9], [LEFT, TOP]]]}
    feature = {"type": "Feature", "geometry": triangle, "properties": {"tags": ["roof", "flat"]}}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32633"}}
    lists = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    (folder / "lists.geojson").write_text(json.dumps(lists))
    far = {"transform": Affine(0.5, 0, 900000, 0, -0.5, 5000000)}
    ones = np.ones((60, 80), np.uint8)
    return {
        "missing": (str(folder / "none.tif"), None, "none.tif: no such file"),
        "text": (str(folder / "note.txt"), None, "note.txt: cannot be read as a vector layer"),
        "fractions": (
            str(write_raster(folder / "f.tif", np.full((60, 80), 0.25, np.float32))), None, "fractions such as 0.25",
        ),
        "bands": (str(write_raster(folder / "b.tif", np.ones((2, 60, 80), np.uint8))), None, "has 2 bands"),
        "far raster": (str(write_raster(folder / "r.tif", ones, **far)), None, "does not overlap"),
        "all nodata": (str(write_raster(folder / "n.tif", ones, nodata=1)), None, "only nodata"),
        "no field": (good, "sort", "no field 'sort'"),
        "lists": (str(folder / "lists.geojson"), "tags", "neither texts nor integers"),
        "decimals": (good, "half", "neither texts nor integers"),
        "points": (str(write_layer(folder / "p.gpkg", [shapely.Point(LEFT, TOP)])), None, "no polygons"),
        "empty": (str(write_layer(folder / "e.gpkg", [])), None, "is empty"),
        "far layer": (str(write_layer(folder / "v.gpkg", [shapely.box(0, 0, 1, 1)])), None, "does not overlap"),
    }  # fmt: skip


CASES = ["missing", "text", "fractions", "bands", "far raster", "all nodata", "no field", "lists", "decimals", "points"]


@pytest.mark.parametrize("case", [*CASES, "empty", "far layer"])
def test_what_cannot_be_used_is_named_with_a_remedy(tmp_path: Path, case: str) -> None:
    text, field, message = bad_maps(tmp_path)[case]
    with pytest.raises(InputError, match=message) as raised:
        read(text, field)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(str(tmp_path))
