from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from idgbr.cli import doctor


def write_model(folder: Path, weights: bytes, sha256: str) -> None:
    folder.mkdir(parents=True)
    (folder / "weights.bin").write_bytes(weights)
    card: dict[str, Any] = {
        "id": folder.name,
        "kind": "coarse",
        "version": "1",
        "title": "A model",
        "classes": [{"id": 0, "name": "background", "color": [0, 0, 0], "background": True}],
        "bands": 3,
        "gsd_range_m": [0.1, 1.0],
        "tile": 256,
        "halo": 32,
        "files": {"weights.bin": sha256},
    }
    (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")


def found(report: doctor.Report, name: str) -> doctor.Check:
    return next(check for check in report.checks if check.name == name)


def test_this_installation_is_healthy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_MODELS", str(tmp_path))
    report = doctor.examine()
    assert [check for check in report.checks if check.state == "error"] == []
    assert found(report, "PROJ").state == "ok"
    assert any(device["id"] == "cpu" and device["free_memory_mb"] > 0 for device in report.devices)
    assert json.loads(json.dumps(report.as_dict()))["healthy"] is True


def test_each_model_is_held_against_its_sha256(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_model(tmp_path / "sound", b"weights", hashlib.sha256(b"weights").hexdigest())
    write_model(tmp_path / "damaged", b"weights", "0" * 64)
    monkeypatch.setenv("IDGBR_MODELS", str(tmp_path))
    report = doctor.examine()
    assert found(report, "model sound").state == "ok"
    damaged = found(report, "model damaged")
    assert damaged.state == "error"
    assert "sha256" in damaged.found
    assert damaged.remedy
    assert not report.healthy
    assert {m["id"]: m["problem"] is None for m in report.models if m["id"] in ("sound", "damaged")} == {
        "sound": True,
        "damaged": False,
    }


def test_a_part_that_fails_is_reported_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("the library is broken\nbadly")

    monkeypatch.setattr(doctor, "_gdal", broken)
    check = found(doctor.examine(), "GDAL")
    assert check.state == "error"
    assert check.found == "RuntimeError: the library is broken badly"
    assert check.remedy


def test_a_missing_package_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "requires", lambda _: ['no-such-package-here>=1; python_version > "3"', "numpy>=2.1"])
    report = doctor.examine()
    check = found(report, "no-such-package-here")
    assert check.state == "error"
    assert "run-cpu.txt" in check.remedy


def test_a_nearly_full_disk_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LOW_DISK_GB", float("inf"))
    assert found(doctor.examine(), "temporary files").state == "warning"


def test_every_fault_has_a_remedy(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PROJ_DATA", "/nowhere")
    report = doctor.examine()
    assert all(check.remedy for check in report.checks if check.state != "ok")
    doctor.show_report(report)
    shown = capsys.readouterr().out
    assert all(check.name in shown for check in report.checks)


def test_a_small_job_shows_that_jobs_run() -> None:
    report = doctor.examine(trial=True)
    assert found(report, "trial run").state == "ok"
    assert "polygons" in found(report, "trial run").found


def test_a_small_job_that_fails_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("idgbr.cli.trial_run.run_job", fails)
    report = doctor.examine(trial=True)
    assert not report.healthy
    assert "disk full" in found(report, "trial run").found
