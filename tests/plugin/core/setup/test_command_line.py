"""The set-up without QGIS, started by its folder or as a module."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import idgbr_qgis

PACKAGE = Path(idgbr_qgis.__file__).parent


def start(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({"IDGBR_DATA_DIR": str(folder)} if folder else {})
    command = [sys.executable, "-S", str(PACKAGE / "core" / "setup"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_it_runs_with_the_standard_library_alone() -> None:
    answer = start("--help")
    assert answer.returncode == 0, answer.stderr
    assert "download" in answer.stdout


def test_the_plan_is_shown(tmp_path: Path) -> None:
    answer = start("plan", "--build", "cpu", "--python", sys.executable, folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert str(tmp_path) in answer.stderr
    assert "Download:" in answer.stderr
    assert not list(tmp_path.iterdir()), "a plan writes nothing"


def test_a_failure_says_what_to_do_and_leaves_a_report(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    report = tmp_path / "report.md"
    wanted = ["install", "--wheels", str(empty), "--python", sys.executable, "--build", "cpu"]
    answer = start(*wanted, "--diagnostics", str(report), folder=tmp_path / "data")
    assert answer.returncode == 1
    assert "The folder of wheels is incomplete. Make it again" in answer.stderr
    assert "**folder**" in report.read_text()
    assert answer.stdout == ""


def test_wrong_arguments_and_a_wrong_python(tmp_path: Path) -> None:
    assert start("install", "--nonsense").returncode == 2
    answer = start("plan", "--python", str(tmp_path / "none"), folder=tmp_path)
    assert answer.returncode == 1
    assert "No suitable Python" in answer.stderr
