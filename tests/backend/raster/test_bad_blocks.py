"""Damaged blocks, and files that change while they are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from rasterio.transform import Affine
from rasterio.windows import Window

from idgbr.errors import InputError
from idgbr.models.card import CoarseCard
from idgbr.raster import reader as source_module
from idgbr.raster.reader import RasterSource
from idgbr.tiling.normalize import ScaledSource

CARD = CoarseCard("m", "1", "M", (), 3, (0.1, 1.0), 256, 32, {})


def write(path: Path, data: np.ndarray) -> Path:
    """Write (bands, H, W) in compressed blocks of 64 px."""
    with rasterio.open(
        path, "w", driver="GTiff", height=data.shape[1], width=data.shape[2], count=len(data), dtype=data.dtype,
        crs="EPSG:32633", transform=Affine(0.5, 0, 500000, 0, -0.5, 5000000), tiled=True, blockxsize=64, blockysize=64,
        compress="deflate", interleave="pixel",
    ) as out:  # fmt: skip
        out.write(data)
    return path


def damage(path: Path, row: int, col: int) -> None:
    """Overwrite the block in a row and column of blocks with what cannot be decompressed."""
    with rasterio.open(path) as raster:
        place = [int(raster.get_tag_item(f"BLOCK_{what}_{col}_{row}", "TIFF", bidx=1)) for what in ("OFFSET", "SIZE")]
    with path.open("r+b") as file:
        file.seek(place[0])
        file.write(b"\xa5" * place[1])


@pytest.fixture
def data() -> np.ndarray:
    return np.random.default_rng(0).integers(1, 255, (3, 256, 320), dtype=np.uint8)


@pytest.fixture
def damaged(tmp_path: Path, data: np.ndarray) -> Path:
    """Rows 64 to 127, columns 128 to 191 cannot be read."""
    path = write(tmp_path / "Bild mit Lücke 航空.tif", data)
    damage(path, 1, 2)
    return path


def test_a_damaged_block_is_named(damaged: Path) -> None:
    with RasterSource(str(damaged)) as source:
        source.read(Window(0, 0, 128, 256), (256, 128))
        with pytest.raises(InputError) as raised:
            source.read(Window(100, 50, 200, 200), (200, 200))
    message = str(raised.value)
    assert message.startswith(f"{damaged}: the block at rows 64 to 127, columns 128 to 191 cannot be read")
    assert "IReadBlock failed" in message
    assert "\n" not in message


def test_damaged_blocks_may_count_as_nodata(damaged: Path, data: np.ndarray) -> None:
    """All that is left is read, and only the block is invalid; in a read at another resolution, too."""
    gap = np.zeros(data.shape[1:], bool)
    gap[64:128, 128:192] = True
    with RasterSource(str(damaged), "nodata") as source:
        pixels, valid = source.read(Window(100, 50, 200, 200), (200, 200))
        np.testing.assert_array_equal(valid, ~gap[50:250, 100:300])
        np.testing.assert_array_equal(pixels[:, valid], data[:, 50:250, 100:300][:, valid])
        np.testing.assert_array_equal(source.valid_rows(source.grid, 0, 256), ~gap)
        half, valid = source.read(Window(100, 50, 200, 200), (100, 100))
        np.testing.assert_array_equal(valid, ~gap[50:250:2, 100:300:2])
        means = data[:, 50:250, 100:300].reshape(3, 100, 2, 100, 2).mean((2, 4))
        inner = valid & np.pad(valid, 1, mode="edge")[2:, 2:] & np.pad(valid, 1, mode="edge")[:-2, :-2]
        assert np.abs(half.astype(float) - means)[:, inner].max() <= 1
        assert {str(block) for block in source.bad_blocks} == {"rows 64 to 127, columns 128 to 191"}


def test_the_range_of_values_is_found_around_damage(tmp_path: Path, data: np.ndarray) -> None:
    """16-bit values are scaled by what can be read."""
    wide = data.astype(np.uint16) * 200
    path = write(tmp_path / "a.tif", wide)
    with RasterSource(str(path)) as source:
        sound = ScaledSource(source, source.grid, CARD, 1.0)
    damage(path, 0, 0)
    with RasterSource(str(path), "nodata") as source:
        scaled = ScaledSource(source, source.grid, CARD, 1.0)
    assert np.abs(scaled.low - sound.low).max() < 300
    assert np.abs(scaled.span / sound.span - 1).max() < 0.02
    with RasterSource(str(path)) as source, pytest.raises(InputError, match="rows 0 to 63, columns 0 to 63"):
        ScaledSource(source, source.grid, CARD, 1.0)


def test_the_damaged_file_of_a_mosaic_is_named(damaged: Path, tmp_path: Path) -> None:
    mosaic = tmp_path / "mosaic.vrt"
    with rasterio.open(damaged) as raster:
        rasterio.shutil.copy(raster, mosaic, driver="VRT")
    with RasterSource(str(mosaic)) as source, pytest.raises(InputError, match=r"mosaic\.vrt: the block.*航空\.tif"):
        source.read(Window(0, 0, 320, 256), (256, 320))


@pytest.mark.parametrize("what", ["touched", "replaced", "removed"])
def test_a_raster_that_changes_while_it_is_read(
    tmp_path: Path, data: np.ndarray, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(source_module, "_LOOK_S", 0.0)
    path = write(tmp_path / "a.tif", data)
    other = write(tmp_path / "b.tif", data)
    with RasterSource(str(path)) as source:
        source.read(Window(0, 0, 64, 64), (64, 64))
        if what == "touched":
            with path.open("r+b") as file:
                file.truncate(path.stat().st_size - 1)
        elif what == "replaced":
            other.replace(path)
        else:
            path.unlink()
        with pytest.raises(InputError, match=r"a\.tif: was changed or removed while it was read; run the job again"):
            source.read(Window(64, 64, 64, 64), (64, 64))


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "a.tif").touch()
    with pytest.raises(InputError, match=r"a\.tif: is empty \(0 bytes\)"):
        RasterSource(str(tmp_path / "a.tif"))


def test_of_very_many_bands_the_first_are_used(tmp_path: Path) -> None:
    """65 536 bands: those that the model asks for are read, the rest are left alone."""
    path = tmp_path / "a.dat"
    cube = np.arange(65536, dtype=np.uint16).repeat(6).reshape(65536, 2, 3)
    path.write_bytes(cube.tobytes())
    path.with_suffix(".hdr").write_text(
        "ENVI\nsamples = 3\nlines = 2\nbands = 65536\ndata type = 12\ninterleave = bsq\nbyte order = 0\n"
    )
    with RasterSource(str(path)) as source:
        pixels, valid = source.read(Window(0, 0, 3, 2), (2, 3), [1, 2, 3])
        assert valid.all()
    np.testing.assert_array_equal(pixels, cube[:3])


def test_a_raster_of_one_pixel(tmp_path: Path) -> None:
    with rasterio.open(
        tmp_path / "a.tif", "w", driver="GTiff", height=1, width=1, count=3, dtype="uint8", crs="EPSG:32633",
        transform=Affine(0.5, 0, 500000, 0, -0.5, 5000000),
    ) as out:  # fmt: skip
        out.write(np.full((3, 1, 1), 51, np.uint8))
    with RasterSource(str(tmp_path / "a.tif")) as source:
        image, valid = ScaledSource(source, source.grid, CARD, 1.0).read(-64, -64, 160, 160)
    np.testing.assert_allclose(image, 0.2, rtol=1e-6)
    assert valid.sum() == 1
