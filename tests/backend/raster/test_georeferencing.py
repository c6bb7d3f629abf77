"""Rasters lie where QGIS shows them: the boxes here are those that QGIS 3.40 gave of the same rasters."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.rpc import RPC
from rasterio.transform import Affine, array_bounds

from idgbr.errors import InputError
from idgbr.raster.georeferencing import grid_of, in_place, place_notes
from idgbr.raster.grid import Grid, share_plane, transformed
from idgbr.raster.reader import RasterSource
from idgbr.raster.warp import aligned_view, read_aligned

HEIGHT, WIDTH = 30, 40
TURN = np.radians(20)
RPCS = RPC(
    line_off=15, samp_off=20, lat_off=48, long_off=9, height_off=300,
    line_scale=15, samp_scale=20, lat_scale=0.001, long_scale=0.001, height_scale=500,
    line_num_coeff=[0, 0, -1, 0.2] + [0] * 16, line_den_coeff=[1] + [0] * 19,
    samp_num_coeff=[0, 1, 0, 0.3] + [0] * 16, samp_den_coeff=[1] + [0] * 19, err_bias=None, err_rand=None,
)  # fmt: skip
LOCAL = CRS.from_wkt('LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["foot",0.3048]]')


def points(turn: float = 0.0) -> list[GroundControlPoint]:
    """Points at the corners of a raster of pixels of 0.5 m."""
    return [
        GroundControlPoint(
            row=r, col=c, x=412000 + 0.5 * (c * np.cos(turn) + r * np.sin(turn)),
            y=5330000 + 0.5 * (c * np.sin(turn) - r * np.cos(turn)),
        )
        for r in (0, HEIGHT) for c in (0, WIDTH)
    ]  # fmt: skip


def write(path: Path, values: np.ndarray | None = None, rpcs: RPC | None = None, **options: object) -> str:
    values = np.full((1, HEIGHT, WIDTH), 7, np.uint8) if values is None else values
    size = {"count": len(values), "height": HEIGHT, "width": WIDTH, "dtype": values.dtype}
    driver = {".png": "PNG", ".jpg": "JPEG"}.get(path.suffix, "GTiff")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", driver=driver, **size, **options) as out:
            out.write(values)
            if rpcs:
                out.rpcs = rpcs
    return str(path)


def bounds(grid: Grid) -> Sequence[float]:
    return array_bounds(grid.height, grid.width, grid.transform)


def opened(path: str, resampling: Resampling = Resampling.nearest) -> rasterio.DatasetReader:
    return in_place(rasterio.open(path), path, resampling)


@pytest.mark.parametrize("resampling", [Resampling.nearest, Resampling.bilinear])
@pytest.mark.parametrize(
    ("options", "crs", "box", "note"),
    [
        (
            {"gcps": points(), "crs": "EPSG:32632"}, "EPSG:32632",
            (412000, 5329985, 412020, 5330000), "4 ground control points",
        ),
        (
            {"gcps": points(TURN), "crs": "EPSG:32632"}, "EPSG:32632",
            (412000, 5329985.840403, 412024, 5330006.840403), "4 ground control points",
        ),
        ({"rpcs": RPCS}, "EPSG:4326", (8.998975, 47.999053, 9.000955, 48.001033), "RPCs .* ground 300 m high"),
    ],
    ids=["points", "turned points", "RPCs"],
)  # fmt: skip
def test_points_and_polynomials_place_a_raster(
    tmp_path: Path, options: dict, crs: str, box: Sequence[float], note: str, resampling: Resampling
) -> None:
    path = write(tmp_path / "a.tif", **options)
    with opened(path, resampling) as dataset:
        grid = grid_of(dataset)
        assert bounds(grid) == pytest.approx(box, abs=1e-6)
        assert grid.crs == CRS.from_string(crs)
        notes = place_notes(dataset, path)
    assert len(notes) == 1
    assert re.search(note, notes[0])


def test_ground_beyond_turned_classes_is_nodata(tmp_path: Path) -> None:
    """All values of a byte may be classes, so nodata is told by a value that none of them has."""
    path = write(tmp_path / "a.tif", gcps=points(TURN), crs="EPSG:32632")
    with opened(path) as dataset:
        values = dataset.read(1)
        assert set(np.unique(values)) == {7, dataset.nodata}
        assert dataset.nodata < 0
        assert (values == 7).sum() * 0.25 == pytest.approx(HEIGHT * WIDTH * 0.25, rel=0.02)


def test_nodata_of_classes_stays(tmp_path: Path) -> None:
    values = np.zeros((1, HEIGHT, WIDTH), np.uint8)
    values[:, 5:10] = 3
    with opened(write(tmp_path / "a.tif", values, gcps=points(), crs="EPSG:32632", nodata=0)) as dataset:
        assert dataset.nodata == 0
        np.testing.assert_array_equal(dataset.read(), values)


def test_image_is_read_in_place(tmp_path: Path) -> None:
    image = np.random.default_rng(0).integers(0, 255, (3, HEIGHT, WIDTH)).astype(np.uint8)
    with RasterSource(write(tmp_path / "a.tif", image, gcps=points(), crs="EPSG:32632")) as source:
        assert source.bands == [1, 2, 3]
        assert source.gsd_m == pytest.approx(0.5, rel=0.001)
        assert source.files == [str(tmp_path / "a.tif")]
        data, valid = source.read(source.grid.window(0, 0, HEIGHT, WIDTH), (HEIGHT, WIDTH))
    assert valid.all()
    np.testing.assert_array_equal(data, image)


@pytest.mark.parametrize("count", [1, 3])
def test_points_that_give_no_place_are_named(tmp_path: Path, count: int) -> None:
    in_a_row = [GroundControlPoint(row=0, col=c, x=412000 + c, y=5330000) for c in range(count)]
    path = write(tmp_path / "a.tif", gcps=in_a_row, crs="EPSG:32632")
    with pytest.raises(InputError, match=rf"a\.tif: its {count} ground control points cannot be used to locate it"):
        RasterSource(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif"])
def test_without_georeference_rows_go_down_from_zero(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    with RasterSource(path) as source:
        assert bounds(source.grid) == (0, -HEIGHT, WIDTH, 0)
        assert source.gsd_m == 1
    with opened(path) as dataset:
        assert place_notes(dataset, "a") == [
            "a: has no georeference; its rows go down from y = 0, as QGIS shows it, and a pixel counts as 1 m."
        ]


def test_crs_without_a_place_in_it(tmp_path: Path) -> None:
    with opened(write(tmp_path / "a.tif", crs="EPSG:32632")) as dataset:
        assert bounds(grid_of(dataset)) == (0, -HEIGHT, WIDTH, 0)
        assert "has a CRS, but no transform" in place_notes(dataset, "a")[0]


def test_rows_that_go_up_are_meant(tmp_path: Path) -> None:
    """A transform that is written, if only the identity, is one."""
    with opened(write(tmp_path / "a.tif", transform=Affine.identity(), crs="EPSG:32632")) as dataset:
        assert grid_of(dataset).transform == Affine.identity()
        assert place_notes(dataset, "a") == []


def test_what_a_raster_says_itself_is_not_said_again(tmp_path: Path) -> None:
    transform = Affine(0.5, 0, 412000, 0, -0.5, 5330000)
    with opened(write(tmp_path / "a.tif", transform=transform, crs="EPSG:32632")) as dataset:
        assert isinstance(dataset, rasterio.DatasetReader)
        assert place_notes(dataset, "a") == []
    with opened(write(tmp_path / "b.tif", transform=transform)) as dataset:
        assert place_notes(dataset, "b") == ["b: has no CRS; one unit counts as 1 m."]
    with opened(write(tmp_path / "c.tif", transform=transform, crs=LOCAL)) as dataset:
        (note,) = place_notes(dataset, "c")
        assert note == ("c: its CRS 'site' has no ellipsoid; sizes are those in its plane, one unit is 0.3048 m.")


def test_rasters_of_one_local_crs_are_aligned(tmp_path: Path) -> None:
    values = np.arange(HEIGHT * WIDTH, dtype=np.uint16).reshape(1, HEIGHT, WIDTH)
    transform = Affine(0.5, 0, 10, 0, -0.5, 50)
    with opened(write(tmp_path / "a.tif", values, transform=transform, crs=LOCAL)) as dataset:
        grid = Grid(transform @ Affine.translation(3, 2), LOCAL, 10, 10)
        with aligned_view(dataset, grid) as view:
            seen, known = read_aligned(view, "a", rasterio.windows.Window(0, 0, 10, 10))
    assert known.all()
    np.testing.assert_array_equal(seen, values[0, 2:12, 3:13])


def test_no_way_leads_from_a_local_crs_or_another_body() -> None:
    moon = CRS.from_string("IAU_2015:30100")
    for given, wanted in ((LOCAL, CRS.from_epsg(4326)), (moon, CRS.from_epsg(4326))):
        assert not share_plane(given, wanted)
        with pytest.raises(RasterioError):
            transformed(given, wanted, [1.0], [2.0])
    assert share_plane(LOCAL, CRS.from_wkt('LOCAL_CS["other",UNIT["foot",0.3048]]'))
    assert not share_plane(LOCAL, CRS.from_wkt('LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["metre",1]]'))
    assert share_plane(None, moon)
