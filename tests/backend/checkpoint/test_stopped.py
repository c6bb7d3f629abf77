"""`idgbr jobs`: stopped jobs are listed, resumed and removed."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from idgbr.checkpoint import journal
from idgbr.checkpoint.lock import Lock
from idgbr.cli import main
from idgbr.errors import JobCancelled
from idgbr.run import run_job
from tests.backend.jobs.stand_ins import Listener, Shifting, Stopping, blocks_image, write_raster
from tests.backend.tiny_models import bright_model


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The output of a job that was cancelled; run with relative paths in the folder `work`."""
    monkeypatch.setenv("IDGBR_MODELS", str(bright_model(tmp_path / "models")))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("idgbr.jobs.segment.Refiner", Shifting)
    monkeypatch.setattr(journal, "SYNC_INTERVAL_S", 0.0)
    monkeypatch.setattr(main, "start_logging", lambda: None)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    write_raster(work / "my image.tif", blocks_image())
    parameters = {
        "input": "my image.tif",
        "output": "o.gpkg",
        "model": "bright",
        "device": "cpu",
        "tile": 96,
        "refine": False,
        "extent": [500000, 4999835, 500130, 5000000],
    }
    with pytest.raises(JobCancelled):
        run_job("segment", parameters, Stopping("segment", 8))
    monkeypatch.chdir(tmp_path)
    return work / "o.gpkg"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["idgbr", "jobs", *arguments])
    with pytest.raises(SystemExit) as end:
        main.main()
    assert isinstance(end.value.code, int)
    return end.value.code


def test_list_shows_what_was_stopped(
    stopped: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for places in ([], [str(stopped.parent)], [str(stopped)]):
        assert run(monkeypatch, "list", "--json", *places) == 0
        (job,) = json.loads(capsys.readouterr().out)
        assert job["output"] == str(stopped)
        assert job["progress"] == "segment 53 %"
        assert job["size_bytes"] > 500
        assert 0 <= job["age_s"] < 300
        assert job["running"] is None
    assert run(monkeypatch, "list") == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header.split() == ["output", "progress", "age", "size", "command"]
    command = (
        "idgbr segment 'my image.tif' o.gpkg --extent 500000.0,4999835.0,500130.0,5000000.0 --model bright --no-refine "
        "--device cpu --tile 96"
    )
    assert line.endswith(command)
    assert run(monkeypatch, "list", "/nowhere") == 1
    assert "there is no stopped job" in capsys.readouterr().err


def test_resume_goes_on_in_the_folder_of_the_job(
    stopped: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "resume", str(stopped)) == 0
    captured = capsys.readouterr()
    assert "resuming an earlier run (segment 53 %)" in captured.err
    assert captured.out.startswith("OUTPUT: o.gpkg\n")
    assert {p.name for p in stopped.parent.iterdir()} == {"my image.tif", "o.gpkg"}
    assert run(monkeypatch, "list") == 0
    assert capsys.readouterr().out == ""
    assert run(monkeypatch, "resume", str(stopped)) == 1
    assert "there is no stopped job" in capsys.readouterr().err


def test_clean_removes_what_is_old_enough_and_not_running(
    stopped: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = stopped.with_name(".o.gpkg.idgbr")
    with Lock(folder, stopped):
        assert run(monkeypatch, "list") == 0
        assert "segment 53 %, running" in capsys.readouterr().out
        assert run(monkeypatch, "clean") == 0
    assert run(monkeypatch, "clean", "--older-than", "1") == 0
    assert folder.is_dir()
    old = time.time() - 2 * 86400
    for file in folder.iterdir():
        os.utime(file, (old, old))
    assert run(monkeypatch, "clean", "--older-than", "1") == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"removed {folder}"
    assert [p.name for p in stopped.parent.iterdir()] == ["my image.tif"]


def test_a_copied_or_damaged_job_folder_is_no_riddle(
    stopped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = stopped.with_name(".o.gpkg.idgbr")
    (folder / "job.json").write_text("{")
    assert run(monkeypatch, "list") == 0
    assert run(monkeypatch, "resume", str(stopped)) == 1
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.chdir(stopped.parent)
    parameters = {"input": "my image.tif", "output": "o.gpkg", "model": "bright", "device": "cpu", "refine": False}
    listener = Listener()
    run_job("segment", parameters, listener)
    assert any("starting over" in text for text in listener.messages)
    shutil.rmtree(tmp_path / "state")
    assert run(monkeypatch, "list") == 0
