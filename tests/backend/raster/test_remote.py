"""Rasters on web servers and in object stores: names, caching, retries, versions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from rasterio.transform import Affine
from rasterio.windows import Window

from idgbr.checkpoint.fingerprint import raster_fingerprint
from idgbr.errors import InputError
from idgbr.paths import gdal_name
from idgbr.raster import reader as source_module
from idgbr.raster.reader import RasterSource
from idgbr.raster.remote import is_remote, remote_version
from tests.backend.raster.flaky_server import CUT, FINE, SILENT, UNAVAILABLE, serving


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short pauses before another try, and no proxy between the test and itself."""
    monkeypatch.setattr(source_module, "PAUSES_S", (0.01, 0.01, 0.01, 0.01))
    monkeypatch.setenv("GDAL_HTTP_RETRY_DELAY", "0.01")
    monkeypatch.setenv("GDAL_HTTP_LOW_SPEED_TIME", "1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def cog(tmp_path: Path) -> Path:
    """A cloud-optimized GeoTIFF of noise, 3 × 1024 × 1024 in blocks of 128 px."""
    data = np.random.default_rng(0).integers(0, 255, (3, 1024, 1024), dtype=np.uint8)
    path = tmp_path / "image.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=1024, width=1024, count=3, dtype="uint8", crs="EPSG:32633",
        transform=Affine(0.5, 0, 500000, 0, -0.5, 5000000), tiled=True, blockxsize=128, blockysize=128,
        interleave="pixel", compress="deflate",
    ) as out:  # fmt: skip
        out.write(data)
    return path


def read_all(source: RasterSource, step: int = 256) -> np.ndarray:
    """The whole raster, read by squares."""
    out = np.empty((len(source.bands), source.grid.height, source.grid.width), np.uint8)
    for row in range(0, source.grid.height, step):
        for col in range(0, source.grid.width, step):
            out[:, row : row + step, col : col + step] = source.read(Window(col, row, step, step), (step, step))[0]
    return out


def test_addresses_become_names_of_gdal() -> None:
    assert gdal_name("https://host/a/b.tif?key=1") == "/vsicurl/https://host/a/b.tif?key=1"
    assert gdal_name("s3://bucket/a.tif") == "/vsis3/bucket/a.tif"
    assert gdal_name("GS://bucket/a.tif") == "/vsigs/bucket/a.tif"
    for local in ("/data/a.tif", "GPKG:a.gpkg:t", "wms://host/x", "/vsizip/a.zip/a.tif"):
        assert gdal_name(local) == local
        assert not is_remote(local)
    assert is_remote(gdal_name("s3://bucket/a.tif"))


def test_a_part_is_read_without_the_whole_and_each_block_once(cog: Path) -> None:
    """Reads go by blocks: overlapping windows cost nothing more."""
    with serving(cog.parent) as server, rasterio.open(cog) as local:
        with RasterSource(f"{server.address}/image.tif") as source:
            window = Window(150, 150, 200, 200)
            pixels, valid = source.read(window, (200, 200))
            once = server.sent
            for shift in (0, 15, 30):
                source.read(Window(150 + shift, 150, 170, 170), (170, 170))
        np.testing.assert_array_equal(pixels, local.read(window=window))
        assert valid.all()
        # 4 of 64 blocks, and the headers.
        assert once < 0.15 * cog.stat().st_size
        assert server.sent == once


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("failure", [UNAVAILABLE, CUT, SILENT])
def test_a_server_that_fails_now_and_then(cog: Path, failure: str, first: int) -> None:
    """Every third answer fails, and all pixels arrive."""
    with serving(cog.parent, lambda number: failure if number % 3 == first else FINE) as server:
        with RasterSource(f"{server.address}/image.tif") as source:
            pixels = read_all(source)
            source.check_unchanged()
        assert sum(mood == failure for _, _, mood in server.requests) > 3
    with rasterio.open(cog) as local:
        np.testing.assert_array_equal(pixels, local.read())


def test_a_server_that_fails_for_good_is_named(cog: Path) -> None:
    with serving(cog.parent, lambda number: FINE if number < 2 else UNAVAILABLE) as server:
        address = f"{server.address}/image.tif"
        with RasterSource(address) as source, pytest.raises(InputError) as raised:
            read_all(source)
    assert str(raised.value).startswith(f"{address}: ")
    assert "\n" not in str(raised.value)


def test_what_is_not_there_is_said_at_once(cog: Path) -> None:
    with serving(cog.parent) as server:
        with pytest.raises(InputError, match=r"nothing\.tif: .*check the address, the network and your rights"):
            RasterSource(f"{server.address}/nothing.tif")
        assert len(server.requests) < 3
    with pytest.raises(InputError, match=r"127\.0\.0\.1:9/a\.tif: .*check the address"):
        RasterSource("http://127.0.0.1:9/a.tif")


def test_a_new_version_is_another_raster(cog: Path) -> None:
    """What the server says of the version counts, not the address."""
    with (
        serving(cog.parent) as server,
        RasterSource(f"{server.address}/image.tif") as one,
        RasterSource(f"{server.address}/image.tif?b=1") as two,
    ):
        before = raster_fingerprint(one)
        assert raster_fingerprint(two) == before
        cog.touch()
        assert raster_fingerprint(one) != before
        with pytest.raises(InputError, match="was changed or removed while it was read"):
            one.check_unchanged()


def test_without_a_version_the_pixels_count(cog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of object stores nothing is known but what GDAL reads of them."""
    monkeypatch.setattr("idgbr.raster.remote.remote_version", lambda _name: None)
    with serving(cog.parent) as server:
        with RasterSource(f"{server.address}/image.tif") as source:
            before = raster_fingerprint(source)
        other = cog.with_name("other.tif")
        other.write_bytes(cog.read_bytes())
        with RasterSource(f"{server.address}/other.tif") as source:
            same = raster_fingerprint(source)
        with rasterio.open(other, "r+") as out:
            out.write(np.zeros((3, 64, 64), np.uint8), window=Window(960, 960, 64, 64))
        with RasterSource(f"{server.address}/other.tif?new") as source:
            changed = raster_fingerprint(source)
    assert before[1:] == same[1:]
    assert changed[1:] != same[1:]


def test_a_local_mosaic_of_remote_files(cog: Path, tmp_path: Path) -> None:
    """Its sources count as remote: they are asked for anew, and known by their versions."""
    mosaic = tmp_path / "mosaic.vrt"
    with serving(cog.parent, lambda number: CUT if number % 3 == 1 else FINE) as server:
        with RasterSource(f"{server.address}/image.tif") as source:
            rasterio.shutil.copy(source.name, mosaic, driver="VRT")
        with RasterSource(str(mosaic)) as source:
            pixels = read_all(source)
            before = raster_fingerprint(source)
            cog.touch()
            assert raster_fingerprint(source) != before
    with rasterio.open(cog) as local:
        np.testing.assert_array_equal(pixels, local.read())


def test_an_object_store(cog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """s3://bucket/key, from a server that speaks as much of S3 as reading needs."""
    (tmp_path / "store" / "bucket").mkdir(parents=True)
    cog.rename(tmp_path / "store" / "bucket" / "image.tif")
    with serving(tmp_path / "store", lambda number: UNAVAILABLE if number % 3 == 1 else FINE) as server:
        monkeypatch.setenv("AWS_S3_ENDPOINT", server.address.removeprefix("http://"))
        monkeypatch.setenv("AWS_HTTPS", "NO")
        monkeypatch.setenv("AWS_VIRTUAL_HOSTING", "FALSE")
        monkeypatch.setenv("AWS_NO_SIGN_REQUEST", "YES")
        with RasterSource("s3://bucket/image.tif") as source:
            pixels = read_all(source)
            assert len(raster_fingerprint(source)) == 2
        with pytest.raises(
            InputError, match=r"s3://bucket/nothing\.tif: .*check the address, the network and your rights"
        ):
            RasterSource("s3://bucket/nothing.tif")
    with rasterio.open(tmp_path / "store" / "bucket" / "image.tif") as local:
        np.testing.assert_array_equal(pixels, local.read())


def test_a_server_without_versions(tmp_path: Path) -> None:
    assert remote_version("/vsis3/bucket/a.tif") is None
    assert remote_version("/vsicurl/http://127.0.0.1:9/a.tif") is None
