"""Files that the plugin made of layers: people are told of the layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from idgbr.errors import InputError
from idgbr.exported import Staged, naming_layers, staged_files, with_layer_names
from idgbr.monitor import Monitor
from idgbr.run import run_job
from tests.backend.jobs.evaluate_files import Recorder, square, write_raster

FILES = {"/tmp/a/coarse.gpkg": Staged("my houses"), "/tmp/a/input.vrt": Staged(r"ortho \\1")}


def test_messages_and_errors_name_layers() -> None:
    recorder = Recorder()
    with naming_layers(FILES, recorder) as monitor:
        monitor.info("/tmp/a/coarse.gpkg|coarse: 3 of 4; /tmp/a/input.vrt")
        monitor.warn("/tmp/a/coarse.gpkg and /tmp/a/other.gpkg")
    with pytest.raises(InputError, match=r"^my houses: is empty$"), naming_layers(FILES, recorder):
        raise InputError("/tmp/a/coarse.gpkg: is empty")
    assert recorder.said == [r"my houses: 3 of 4; ortho \\1", "my houses and /tmp/a/other.gpkg"]
    assert with_layer_names("/tmp/a/coarse.gpkg") == "/tmp/a/coarse.gpkg", "only while the job runs"


@pytest.mark.parametrize("given", ["text", {"a": 1}, {"a": {"sources": []}}, {"a": {"layer": "b", "sources": 3}}])
def test_what_cannot_be_understood_is_refused(given: object) -> None:
    with pytest.raises(InputError, match="'staged': expected layers by file"):
        staged_files(given)


def test_report_names_layers(tmp_path: Path) -> None:
    predicted, truth = (write_raster(tmp_path / name, square()) for name in ("p1.tif", "t1.tif"))
    report = tmp_path / "r.html"
    names = {predicted: {"layer": "my guess"}, truth: {"layer": "the truth", "sources": ["/data/truth.tif"]}}
    given = {"predicted": predicted, "truth": truth, "report": str(report), "staged": names}
    run_job("evaluate", given, Monitor())
    text = report.read_text(encoding="utf-8")
    assert "my guess" in text
    assert "that of the truth" in text
    assert "p1.tif" not in text
    assert "t1.tif" not in text


def test_job_names_layers(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "c.tif", np.full((20, 20), -1, np.int16))
    recorder = Recorder()
    given = {"input": path, "output": str(tmp_path / "o.gpkg"), "staged": {path: {"layer": "landcover"}}}
    run_job("vectorize", given, recorder)
    assert any(line.startswith("landcover: declares no nodata value") for line in recorder.said)
    assert not any("c.tif" in line for line in recorder.said)
