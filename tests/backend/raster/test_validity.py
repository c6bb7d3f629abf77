"""Where rasters have data, held against GDAL's own account of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.transform import from_origin
from rasterio.windows import Window

from idgbr.monitor import Monitor
from idgbr.raster.class_values import open_classes
from idgbr.raster.grid import Grid
from idgbr.raster.reader import RasterSource
from idgbr.raster.validity import Validity, tell_missing, warped_nodata
from idgbr.raster.warp import WarpedSource

SIDE = 16
WINDOW = Window(0, 0, SIDE, SIDE)
ALPHA = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]
#: Types, with a nodata value of each.
TYPES = [
    ("uint8", 0), ("int8", -128), ("uint16", 65535), ("int16", -32768), ("uint32", 2**32 - 1), ("int32", -(2**31)),
    ("int64", -(2**53)), ("uint64", 2**53), ("float32", -9999), ("float64", -9999), ("float32", np.nan),
]  # fmt: skip


class Notes(Monitor):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def info(self, message: str) -> None:
        self.said.append(message)


def write(path: Path, data: NDArray[Any], **more: Any) -> str:
    """Write (bands, H, W); `mask` (H, W) becomes a mask band, `meanings` the colour interpretation."""
    mask, meanings = more.pop("mask", None), more.pop("meanings", None)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=more.pop("internal", True)), rasterio.open(
        path, "w", driver="GTiff", count=len(data), height=data.shape[1], width=data.shape[2], dtype=data.dtype,
        **({"crs": "EPSG:32633", "transform": from_origin(500000, 5000000, 1, 1), "photometric": "MINISBLACK"} | more),
    ) as out:  # fmt: skip
        if meanings:
            out.colorinterp = meanings
        out.write(data)
        if mask is not None:
            out.write_mask(mask)
    return str(path)


def valid(path: str) -> NDArray[np.bool_]:
    """Where a source says that there is data: read whole, and by rows, which agree."""
    with RasterSource(path) as source:
        read = source.read(WINDOW, (SIDE, SIDE))[1]
        np.testing.assert_array_equal(source.valid_rows(source.grid, 0, SIDE), read)
    return read


def warped(path: str) -> NDArray[np.bool_]:
    """Where the raster has data as the second of two dates, half a pixel off its own grid on a finer one."""
    grid = Grid(from_origin(500000, 5000000, 0.5, 0.5), rasterio.CRS.from_epsg(32633), 2 * SIDE, 2 * SIDE)
    with WarpedSource(path, grid) as source:
        read = source.read(Window(0, 0, 2 * SIDE, 2 * SIDE), (2 * SIDE, 2 * SIDE))[1]
    return read[::2, ::2] & read[1::2, 1::2]


def gdal_account(path: str) -> NDArray[np.bool_]:
    with rasterio.open(path) as raster:
        found: NDArray[np.bool_] = raster.dataset_mask() > 0
    return found


@pytest.mark.parametrize("bands", [1, 3, 4])
@pytest.mark.parametrize(("dtype", "nodata"), TYPES)
def test_nodata_of_any_type_must_be_in_all_bands(tmp_path: Path, dtype: str, nodata: float, bands: int) -> None:
    data = np.full((bands, SIDE, SIDE), 7, dtype)
    data[:, :3] = nodata
    data[0, 8] = nodata
    path = write(tmp_path / "r.tif", data, nodata=nodata)
    found = valid(path)
    assert not found[:3].any()
    assert found[8].all() == (bands > 1)
    np.testing.assert_array_equal(found, gdal_account(path))
    if dtype not in ("int64", "uint64"):
        np.testing.assert_array_equal(warped(path)[4:7], True)
        assert not warped(path)[:2].any()
        assert warped(path)[8].all() == (bands > 1)


@pytest.mark.parametrize("internal", [True, False])
@pytest.mark.parametrize("nodata", [None, 7])
def test_a_mask_band_decides_alone(tmp_path: Path, *, internal: bool, nodata: int | None) -> None:
    """Beside one, a nodata value does not count, neither here nor in what is warped."""
    data = np.full((3, SIDE, SIDE), 7, np.uint8)
    mask = np.full((SIDE, SIDE), 255, np.uint8)
    mask[:, 10:] = 0
    path = write(tmp_path / "m.tif", data, mask=mask, internal=internal, nodata=nodata)
    expected = np.broadcast_to(np.arange(SIDE) < 10, (SIDE, SIDE))
    np.testing.assert_array_equal(valid(path), expected)
    np.testing.assert_array_equal(gdal_account(path), expected)
    np.testing.assert_array_equal(warped(path), expected)
    with rasterio.open(path) as raster:
        assert warped_nodata(raster) is None


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32"])
@pytest.mark.parametrize("bands", [1, 3, 4])
def test_alpha_of_any_type_and_number_of_bands_is_a_mask(tmp_path: Path, dtype: str, bands: int) -> None:
    """Any alpha above 0 is data, faint as it may be."""
    data = np.full((bands + 1, SIDE, SIDE), 90, dtype)
    data[-1, :4] = 0
    data[-1, 4] = 1
    meanings = [ColorInterp.gray, *[ColorInterp.undefined] * (bands - 1), ColorInterp.alpha]
    path = write(tmp_path / "a.tif", data, meanings=meanings)
    expected = np.broadcast_to(np.arange(SIDE)[:, None] >= 4, (SIDE, SIDE))
    np.testing.assert_array_equal(valid(path), expected)
    if bands != 4 and dtype.startswith("uint"):
        np.testing.assert_array_equal(gdal_account(path), expected)
    np.testing.assert_array_equal(warped(path)[5:], expected[5:])
    assert not warped(path)[:4].any()


def test_alpha_counts_beside_nodata(tmp_path: Path) -> None:
    data = np.full((4, SIDE, SIDE), 90, np.uint8)
    data[3] = 255
    data[3, :2] = 0
    data[:, 5] = 0
    path = write(tmp_path / "a.tif", data, nodata=0, meanings=ALPHA)
    assert np.flatnonzero(~valid(path).all(1)).tolist() == [0, 1, 5]


@pytest.mark.parametrize("nodata", [-9999, 256, 1e40])
def test_a_nodata_value_outside_the_type_is_none(tmp_path: Path, nodata: float) -> None:
    path = write(tmp_path / "b.tif", np.zeros((3, SIDE, SIDE), np.uint8))
    bands = "".join(f'<PAMRasterBand band="{b}"><NoDataValue>{nodata}</NoDataValue></PAMRasterBand>' for b in (1, 2, 3))
    (tmp_path / "b.tif.aux.xml").write_text(f"<PAMDataset>{bands}</PAMDataset>")
    assert valid(path).all()
    assert warped(path).all()


def test_nan_is_no_data_and_one_band_may_lack_a_value(tmp_path: Path) -> None:
    data = np.ones((3, SIDE, SIDE), np.float32)
    data[:, 1] = np.nan
    data[1, 2] = np.nan
    found = valid(write(tmp_path / "n.tif", data))
    assert np.flatnonzero(~found.all(1)).tolist() == [1]


def test_a_tuple_of_nodata_values_counts_as_a_whole(tmp_path: Path) -> None:
    """GDAL's item NODATA_VALUES names the colour of a collar."""
    data = np.full((3, SIDE, SIDE), 10, np.uint8)
    data[:, 3] = np.array([10, 20, 30])[:, None]
    path = write(tmp_path / "t.tif", data)
    with rasterio.open(path, "r+") as raster:
        raster.update_tags(NODATA_VALUES="10 20 30")
    assert np.flatnonzero(~valid(path).all(1)).tolist() == [3]


def test_what_is_masked_is_told_above_one_per_cent(tmp_path: Path) -> None:
    data = np.full((3, SIDE, SIDE), 7, np.uint8)
    data[:, :2] = 0
    notes = Notes()
    with RasterSource(write(tmp_path / "c.tif", data, nodata=0)) as source:
        source.tell_missing(notes)
        assert not notes.said
        source.valid_rows(source.grid, 0, SIDE)
        source.tell_missing(notes)
    expected = "c.tif: 12 % of the area has no data (nodata 0); nothing is found or changed there."
    assert [line.rpartition("/")[2] for line in notes.said] == [expected]
    tell_missing("d.tif", 1, 100, "mask band", "it is left out", notes)
    assert len(notes.said) == 1
    tell_missing("d.tif", 15, 1000, "mask band", "it is left out", notes)
    assert notes.said[1] == "d.tif: 1.5 % of the area has no data (mask band); it is left out."


def test_the_reason_is_that_of_the_raster_which_control_points_place(tmp_path: Path) -> None:
    points = [GroundControlPoint(r, c, 500000 + c, 5000000 - r) for r in (0, SIDE) for c in (0, SIDE)]
    mask = np.full((SIDE, SIDE), 255, np.uint8)
    mask[:, 10:] = 0
    masked = write(
        tmp_path / "m.tif", np.full((1, SIDE, SIDE), 7, np.uint8), mask=mask, internal=True, gcps=points, transform=None
    )
    plain = write(tmp_path / "p.tif", np.full((1, SIDE, SIDE), 7, np.uint8), gcps=points, transform=None)
    found = []
    for path in (masked, plain):
        with open_classes(path)[0] as raster:
            found.append(Validity(raster).reason)
    assert found == ["mask band, or beyond the raster", "no finite number, or beyond the raster"]
