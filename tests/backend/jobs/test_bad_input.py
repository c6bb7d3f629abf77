"""Jobs on input that is damaged, changes, is tiny, or lies on an unreliable server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

import idgbr
from idgbr.checkpoint import journal
from idgbr.errors import InputError, JobCancelled
from idgbr.raster import reader as source_module
from idgbr.run import run_job
from tests.backend.jobs.stand_ins import TRANSFORM, Listener, Shifting, blocks_image
from tests.backend.raster.flaky_server import FINE, HANGING, UNAVAILABLE, serving
from tests.backend.raster.test_bad_blocks import damage, write
from tests.backend.tiny_models import bright_model

BACKEND = str(Path(idgbr.__file__).parents[1])


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny coarse model, a stand-in for the refiner, a journal without pauses."""
    monkeypatch.setenv("IDGBR_MODELS", str(bright_model(tmp_path / "models")))
    monkeypatch.setattr("idgbr.jobs.segment.Refiner", Shifting)
    monkeypatch.setattr(journal, "SYNC_INTERVAL_S", 0.0)


def segment(image: object, folder: Path, listener: Listener | None = None, **changes: object) -> dict[str, Any]:
    """Run the job into a folder; its summary."""
    parameters = {
        "input": str(image), "output": str(folder / "out.gpkg"), "output_classes": str(folder / "classes.tif"),
        "model": "bright", "device": "cpu", "tile": 96, "min_area": 0, **changes,
    }  # fmt: skip
    return run_job("segment", parameters, listener or Listener())["summary"]


def classes(folder: Path) -> np.ndarray:
    """The class raster written."""
    with rasterio.open(folder / "classes.tif") as raster:
        return raster.read(1)


def test_a_job_stops_at_a_damaged_block_and_goes_on_with_nodata(tmp_path: Path) -> None:
    image = write(tmp_path / "image.tif", blocks_image())
    (tmp_path / "sound").mkdir()
    segment(image, tmp_path / "sound")
    damage(image, 3, 1)
    with pytest.raises(
        InputError, match=r"rows 192 to 255, columns 64 to 127 cannot be read .* Run the same job again"
    ):
        segment(image, tmp_path)
    # The damage was there before the job, so this is the same image.
    listener = Listener()
    segment(image, tmp_path, listener, on_bad_block="nodata")
    assert any("resuming an earlier run" in text for text in listener.messages)
    assert any(
        "rows 192 to 255, columns 64 to 127 cannot be read and counts as nodata" in text for text in listener.messages
    )
    found, expected = classes(tmp_path), classes(tmp_path / "sound")
    gap = np.zeros(found.shape, bool)
    gap[192:256, 64:128] = True
    assert (found[gap] == 255).all()
    # Within reach of the refiner's stand-in, three pixels, the gap may be felt.
    away = ~gap
    away[189:259, 61:131] = False
    np.testing.assert_array_equal(found[away], expected[away])


def test_an_image_that_changes_during_the_job_is_noticed(tmp_path: Path) -> None:
    image = write(tmp_path / "image.tif", blocks_image())

    class Changing(Listener):
        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
            super().progress(stage, done, total, message)
            if (stage, done) == ("refine", 8):
                write(image, blocks_image(seed=1))

    with pytest.raises(InputError, match=r"image\.tif: was changed or removed while it was read"):
        segment(image, tmp_path, Changing())
    assert not (tmp_path / "out.gpkg").exists()
    listener = Listener()
    segment(image, tmp_path, listener)
    assert any("another image; starting over" in text for text in listener.messages)


def test_spaces_and_letters_of_any_script_in_paths(tmp_path: Path) -> None:
    folder = tmp_path / "Straße Ω 地図 карта"
    folder.mkdir()
    image = write(folder / "орто фото.tif", blocks_image())
    mask = folder / "marco ñ.gpkg"
    pyogrio.raw.write(
        mask, shapely.to_wkb([shapely.box(500000, 4999900, 500100, 5000000)]), [], [], geometry_type="Polygon",
        crs="EPSG:32633",
    )  # fmt: skip
    summary = segment(image, folder, mask=str(mask))
    assert summary["polygons"] > 0
    assert {path.name for path in folder.iterdir()} == {"орто фото.tif", "marco ñ.gpkg", "out.gpkg", "classes.tif"}


def test_the_command_line_takes_letters_of_any_script(tmp_path: Path) -> None:
    """Given by a system without a language, too, in which Python would know ASCII alone."""
    folder = tmp_path / "Straße Ω 地図"
    folder.mkdir()
    image = write(folder / "орто фото.tif", blocks_image())
    command = [
        sys.executable, "-m", "idgbr", "segment", str(image), str(folder / "наш район.shp"), "--model", "bright",
        "--no-refine", "--device", "cpu", "--output-classes", str(folder / "класи.tif"), "--json",
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    ended = subprocess.run(
        command, env=environment | {"LC_ALL": "C", "PYTHONPATH": BACKEND}, capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stderr.decode()
    outputs = json.loads(ended.stdout.decode())["outputs"]
    assert outputs["OUTPUT"] == str(folder / "наш район.shp")
    assert pyogrio.read_info(outputs["OUTPUT"])["features"] > 0
    assert Path(outputs["OUTPUT_CLASSES"]).is_file()


def test_of_very_many_bands_the_job_takes_the_first(tmp_path: Path) -> None:
    """A time series of 65 536 bands, of which the model asks for three."""
    bands = blocks_image()[:, :96, :64]
    path = tmp_path / "series.dat"
    with path.open("wb") as file:
        file.write(bands.tobytes())
        file.truncate(65536 * bands[0].size)
    path.with_suffix(".hdr").write_text(
        "ENVI\nsamples = 64\nlines = 96\nbands = 65536\ndata type = 1\ninterleave = bsq\nbyte order = 0\n"
        "map info = {UTM, 1, 1, 500000, 5000000, 0.5, 0.5, 33, North, WGS-84}\n"
    )
    assert segment(path, tmp_path, refine=False)["pixels"] == 96 * 64
    found = classes(tmp_path)
    segment(write(tmp_path / "three.tif", bands), tmp_path, refine=False)
    np.testing.assert_array_equal(found, classes(tmp_path))


def test_invalid_polygons_of_a_mask_are_repaired_and_said(tmp_path: Path) -> None:
    """A bow tie covers its two triangles; the file stays as it is."""
    image = write(tmp_path / "image.tif", np.full((3, 100, 100), 200, np.uint8))
    tie = shapely.Polygon([(500000, 5000000), (500050, 4999950), (500050, 5000000), (500000, 4999950)])
    mask = tmp_path / "mask.gpkg"
    pyogrio.raw.write(mask, shapely.to_wkb([tie]), [], [], geometry_type="Polygon", crs="EPSG:32633")
    before = mask.read_bytes()
    listener = Listener()
    segment(image, tmp_path, listener, mask=str(mask))
    assert any("mask.gpkg: 1 invalid polygons were repaired" in text for text in listener.messages)
    assert mask.read_bytes() == before
    found = classes(tmp_path) != 255
    rows, cols = (np.mgrid[:100, :100] + 0.5 - 50) / 50
    clear = np.abs(np.abs(rows) - np.abs(cols)) > 0.03
    np.testing.assert_array_equal(found[clear], (np.abs(rows) < np.abs(cols))[clear])


def test_a_mask_beside_the_image_is_said(tmp_path: Path) -> None:
    image = write(tmp_path / "image.tif", np.full((3, 40, 40), 200, np.uint8))
    mask = tmp_path / "mask.gpkg"
    far = shapely.to_wkb([shapely.box(0, 0, 10, 10)])
    pyogrio.raw.write(mask, far, [], [], geometry_type="Polygon", crs="EPSG:32633")
    listener = Listener()
    segment(image, tmp_path, listener, mask=str(mask))
    assert any("mask.gpkg: does not overlap the image or the extent" in text for text in listener.messages)
    assert (classes(tmp_path) == 255).all()


@pytest.mark.parametrize("refine", [True, False])
def test_one_pixel(tmp_path: Path, refine: bool) -> None:
    """An extent of one pixel, and a raster of one."""
    image = write(tmp_path / "image.tif", blocks_image())
    extent = [*(TRANSFORM @ (30, 61)), *(TRANSFORM @ (31, 60))]
    segment(image, tmp_path, extent=extent, refine=refine)
    one = classes(tmp_path)
    assert one.shape == (1, 1)
    tiny = write(tmp_path / "tiny.tif", np.full((3, 1, 1), 200, np.uint8))
    summary = segment(tiny, tmp_path, refine=refine)
    assert summary["pixels"] == 1
    assert classes(tmp_path) == [[1]]
    assert summary["polygons"] == 1


@pytest.mark.parametrize("name", ["mask", "coarse"])
def test_empty_files_are_named(tmp_path: Path, name: str) -> None:
    image = write(tmp_path / "image.tif", blocks_image())
    empty = tmp_path / "empty.tif"
    empty.touch()
    job, given = {
        "mask": ("segment", {"mask": str(empty), "model": "bright"}),
        "coarse": ("refine", {"coarse": str(empty)}),
    }[name]
    with pytest.raises(InputError, match=r"empty\.tif: is empty \(0 bytes\)") as raised:
        run_job(job, {"input": str(image), "output": str(tmp_path / "o.gpkg"), **given}, Listener())
    assert "\n" not in str(raised.value)


def test_an_image_on_a_server_that_fails_gives_what_the_file_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "PAUSES_S", (0.01, 0.01, 0.01))
    monkeypatch.setenv("GDAL_HTTP_RETRY_DELAY", "0.01")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    image = write(tmp_path / "image.tif", blocks_image())
    for name in ("local", "remote"):
        (tmp_path / name).mkdir()
    segment(image, tmp_path / "local")
    with serving(tmp_path, lambda number: UNAVAILABLE if number % 4 == 2 else FINE) as server:
        segment(f"{server.address}/image.tif", tmp_path / "remote")
        assert any(mood == UNAVAILABLE for _, _, mood in server.requests)
    np.testing.assert_array_equal(classes(tmp_path / "remote"), classes(tmp_path / "local"))


@pytest.mark.parametrize("outage", [HANGING, UNAVAILABLE])
@pytest.mark.parametrize("sound", [0, 3])
def test_a_cancel_does_not_wait_for_a_server_that_is_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outage: str, sound: int
) -> None:
    """From the first answer on, or while tiles are read: GDAL itself would wait for half a minute."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    write(tmp_path / "image.tif", blocks_image())
    monitor, asked_at = Listener(), []
    with serving(tmp_path, lambda number: outage if number >= sound else FINE) as server:

        def cancel() -> None:
            while not any(mood == outage for _, _, mood in server.requests):
                time.sleep(0.05)
            time.sleep(0.5)
            asked_at.append(time.monotonic())
            monitor.cancel()

        thread = threading.Thread(target=cancel)
        thread.start()
        with pytest.raises(JobCancelled):
            segment(f"{server.address}/image.tif", tmp_path, monitor)
        assert time.monotonic() - asked_at[0] < 2
        thread.join()
