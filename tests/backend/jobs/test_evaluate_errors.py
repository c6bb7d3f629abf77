"""Evaluation: what cannot be compared is told, and nothing is left behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from idgbr.classes import ClassInfo
from idgbr.errors import InputError, JobCancelled, OutputError
from tests.backend.jobs.evaluate_files import (
    BUILDING,
    UTM,
    Recorder,
    pixels,
    run,
    square,
    write_layer,
    write_raster,
)


@pytest.mark.parametrize(
    ("predicted", "message"),
    [
        ("missing.tif", "no such file"),
        ("text.tif", "neither a raster nor a vector layer"),
        ("nothing.tif", "is empty"),
        ("far.tif", "does not overlap"),
        ("far.gpkg", "does not overlap"),
        ("fractions.tif", "fractions"),
        ("many.tif", "14400 classes"),
        ("bands.tif", "has 3 bands"),
        ("names.tif", "no class name in common|not in"),
    ],
)
def test_what_cannot_be_compared_is_told(tmp_path: Path, truth: str, predicted: str, message: str) -> None:
    (tmp_path / "text.tif").write_text("no raster")
    (tmp_path / "nothing.tif").touch()
    write_raster(tmp_path / "far.tif", square(), transform=UTM * Affine.translation(5000, 0))
    write_layer(tmp_path / "far.gpkg", [pixels(5000, 0, 5010, 10)])
    write_raster(tmp_path / "fractions.tif", square() / np.float32(3))
    write_raster(tmp_path / "many.tif", np.arange(14400, dtype=np.int16).reshape(120, 120))
    with rasterio.open(
        tmp_path / "bands.tif", "w", driver="GTiff", height=9, width=9, count=3, dtype="uint8", transform=UTM
    ) as raster:
        raster.write(np.zeros((3, 9, 9), np.uint8))
    monitor = Recorder()
    write_raster(tmp_path / "names.tif", square(value=7), classes=[BUILDING[0], ClassInfo(7, "roof", (1, 2, 3))])
    try:
        run(str(tmp_path / predicted), truth, monitor)
    except InputError as error:
        told = str(error)
        assert "\n" not in told
        assert predicted in told
    else:
        told = " ".join(monitor.said)
    assert any(part in told for part in message.split("|"))


def test_a_truth_that_knows_nothing_is_refused(tmp_path: Path, truth: str) -> None:
    empty = write_raster(tmp_path / "t.tif", np.full((120, 120), 255, np.uint8), nodata=255)
    with pytest.raises(InputError, match="has no class in the area of"):
        run(truth, empty)
    with pytest.raises(InputError, match=r"t\.gpkg.*holds no polygons"):
        run(truth, write_layer(tmp_path / "t.gpkg", [], kind=[]))


def test_parameters_and_outputs_are_checked_before_any_work(tmp_path: Path, truth: str) -> None:
    for options in ({"pixel_size": -1.0}, {"outside": "nowhere"}):
        with pytest.raises(InputError, match=next(iter(options))):
            run(truth, truth, **options)
    for name in ("r.pdf", "none/r.html"):
        with pytest.raises(OutputError, match=name.split("/", maxsplit=1)[0]):
            run(truth, truth, report=str(tmp_path / name))


def test_a_class_field_of_a_raster_is_told_to_be_of_no_use(truth: str) -> None:
    monitor = Recorder()
    run(truth, truth, monitor, truth_class_field="kind")
    assert any("'kind' is not used" in text for text in monitor.said)


def test_the_command_line_prints_json_or_one_line(tmp_path: Path, truth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_LOG_DIR", str(tmp_path))

    def idgbr(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "idgbr", "evaluate", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    done = idgbr(truth, truth, "--report", str(tmp_path / "r.html"), "--json")
    assert done.returncode == 0
    result = json.loads(done.stdout)
    assert result["summary"]["miou"] == 1.0
    assert result["outputs"] == {"REPORT": str(tmp_path / "r.html")}
    done = idgbr(truth, str(tmp_path / "none.tif"))
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path / 'none.tif'}: no such file; check the path of the class map.\n"


def test_cancel_leaves_no_report(tmp_path: Path, truth: str) -> None:
    report = tmp_path / "r.html"
    for stage in ("read", "compare"):
        with pytest.raises(JobCancelled):
            run(truth, truth, Recorder(stage), report=str(report))
    assert not list(tmp_path.glob("*r.html*"))
    monitor = Recorder()
    run(truth, truth, monitor, report=str(report))
    assert monitor.stages == {"read", "compare", "write"}
    assert report.stat().st_size > 5000
