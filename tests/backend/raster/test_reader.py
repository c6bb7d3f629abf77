"""Reading: types, bands, alpha, nodata, masks, resampling, scaling."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp
from rasterio.transform import Affine
from rasterio.windows import Window

from idgbr.errors import InputError
from idgbr.models.card import CoarseCard, ModelCard
from idgbr.raster.ground import pixel_size_m
from idgbr.raster.reader import RasterSource
from idgbr.tiling.normalize import ScaledSource

TRANSFORM = Affine(0.5, 0, 500000, 0, -0.5, 5000000)


def card(bands: int = 3) -> ModelCard:
    """A card that asks for `bands` bands."""
    return CoarseCard("m", "1", "M", (), bands, (0.1, 1.0), 256, 32, {})


def write(path: Path, data: np.ndarray, **profile: object) -> str:
    """Write (bands, H, W) as GeoTIFF."""
    with rasterio.open(
        path, "w", driver="GTiff", height=data.shape[1], width=data.shape[2], count=data.shape[0], dtype=data.dtype,
        crs="EPSG:32633", transform=TRANSFORM, **profile,
    ) as out:  # fmt: skip
        if profile.get("photometric") == "RGB":
            out.colorinterp = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]
        out.write(data)
    return str(path)


def test_alpha_is_a_mask_not_a_band(tmp_path: Path) -> None:
    """RGBA has three data bands; transparent pixels are invalid."""
    data = np.full((4, 20, 30), 100, np.uint8)
    data[3] = 255
    data[3, :5] = 0
    with RasterSource(write(tmp_path / "a.tif", data, photometric="RGB")) as source:
        assert source.bands == [1, 2, 3]
        _, valid = source.read(Window(0, 0, 30, 20), (20, 30))
    assert not valid[:5].any()
    assert valid[5:].all()


def test_nodata_and_nan_are_invalid_where_no_band_has_a_value(tmp_path: Path) -> None:
    """What one band lacks beside others that have it is the lowest value to a network, and counts in no range."""
    data = np.tile(np.linspace(1, 2, 100, dtype=np.float32).reshape(10, 10), (3, 1, 1))
    data[:, 0, 0] = -9999
    data[:, 1, 1] = np.nan
    data[0, 0, 5], data[1, 0, 6] = -9999, np.nan
    with RasterSource(write(tmp_path / "f.tif", data, nodata=-9999)) as source:
        _, valid = source.read(Window(0, 0, 10, 10), (10, 10))
        assert not valid[0, 0]
        assert not valid[1, 1]
        assert valid.sum() == 98
        np.testing.assert_array_equal(source.valid_rows(source.grid, 0, 10), valid)
        assert source.sample(source.grid, [1, 2, 3]).shape == (3, 96)
        image, _ = ScaledSource(source, source.grid, card(), 1.0).read(0, 0, 10, 10)
    assert image[0, 0, 5] == image[1, 0, 6] == 0
    assert np.isfinite(image).all()


def test_eight_bit_values_keep_their_meaning(tmp_path: Path) -> None:
    """8-bit input is divided by 255, whatever the area holds."""
    data = np.full((3, 16, 16), 51, np.uint8)
    with RasterSource(write(tmp_path / "b.tif", data)) as source:
        image, _ = ScaledSource(source, source.grid, card(), 1.0).read(0, 0, 16, 16)
    np.testing.assert_allclose(image, 0.2, rtol=1e-6)


def test_sixteen_bit_is_scaled_once_for_the_whole_area(tmp_path: Path) -> None:
    """The same value maps to the same input in every window."""
    ramp = np.linspace(0, 40000, 64 * 64).reshape(1, 64, 64).astype(np.uint16).repeat(3, 0)
    with RasterSource(write(tmp_path / "c.tif", ramp)) as source:
        scaled = ScaledSource(source, source.grid, card(), 1.0)
        whole, _ = scaled.read(0, 0, 64, 64)
        part, _ = scaled.read(32, 32, 16, 16)
    np.testing.assert_array_equal(whole[:, 32:48, 32:48], part)
    assert whole.min() == 0
    assert whole.max() == 1
    assert abs(float(np.median(whole)) - 0.5) < 0.01


def test_windows_beyond_the_edge_are_mirrored(tmp_path: Path) -> None:
    """Tiles at the edge see mirrored context, marked invalid."""
    data = np.arange(3 * 8 * 8, dtype=np.uint8).reshape(3, 8, 8)
    with RasterSource(write(tmp_path / "d.tif", data)) as source:
        image, valid = ScaledSource(source, source.grid, card(), 1.0).read(-2, -2, 12, 12)
    np.testing.assert_allclose(image[:, 2, 2], image[:, 1, 1])
    np.testing.assert_allclose(image[:, 2:10, 2:10] * 255, data, rtol=1e-5)
    assert valid.sum() == 64


def test_coarser_working_grid_averages(tmp_path: Path) -> None:
    """Half resolution is the mean of 2 × 2 pixels: no aliasing, no shift."""
    data = np.random.default_rng(0).integers(0, 255, (3, 32, 32)).astype(np.uint8)
    with RasterSource(write(tmp_path / "e.tif", data)) as source:
        image, _ = ScaledSource(source, source.grid, card(), 0.5).read(0, 0, 16, 16)
    expected = data.reshape(3, 16, 2, 16, 2).mean((2, 4)) / 255
    assert np.abs(image - expected).max() < 0.005


def test_too_few_bands_are_refused(tmp_path: Path) -> None:
    """One line that names file, band count and need."""
    path = write(tmp_path / "g.tif", np.zeros((1, 8, 8), np.uint8))
    with RasterSource(path) as source, pytest.raises(InputError, match=r"g\.tif: has 1 data band\(s\).*needs 3"):
        ScaledSource(source, source.grid, card(), 1.0)


def test_missing_and_foreign_files_are_named(tmp_path: Path) -> None:
    """A missing file and a text file each give one line."""
    with pytest.raises(InputError, match=r"nothing\.tif: no such file"):
        RasterSource(str(tmp_path / "nothing.tif"))
    (tmp_path / "t.tif").write_text("hello")
    with pytest.raises(InputError, match=r"t\.tif: GDAL cannot open it"):
        RasterSource(str(tmp_path / "t.tif"))


def test_truncated_file_is_named(tmp_path: Path) -> None:
    """A file cut short fails with its name, not a traceback of the library."""
    path = Path(write(tmp_path / "h.tif", np.random.default_rng(0).integers(0, 255, (3, 512, 512)).astype(np.uint8)))
    path.write_bytes(path.read_bytes()[:4096])
    with pytest.raises(InputError, match=r"h\.tif"), RasterSource(str(path)) as source:
        source.read(Window(0, 0, 512, 512), (512, 512))


def test_ground_sample_distance_of_stretched_grids() -> None:
    """Web Mercator pixels at 60° north are half as large on the ground; degrees are measured on the ellipsoid."""

    mercator = Affine(1, 0, 0, 0, -1, 8399738)
    assert pixel_size_m(mercator, "EPSG:3857", 0, 0)[0] == pytest.approx(0.5, rel=0.01)
    degrees = Affine(1e-5, 0, 10, 0, -1e-5, 0)
    assert pixel_size_m(degrees, "EPSG:4326", 0, 0)[0] == pytest.approx(1.113, rel=0.01)
