"""After QGIS, Python or the plugin was updated: the environment is still good, or it is said what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from idgbr_qgis.core.setup.state import (
    RECORD,
    Problem,
    find_environment,
    problem_of,
    python_of,
    read_record,
    write_record,
)

Make = Callable[[str], Path]


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "run-cpu.txt").write_text("a==1 --hash=sha256:00\n")
    return folder


@pytest.fixture
def make(tmp_path: Path, requirements: Path) -> Make:
    def make_environment(version: str) -> Path:
        base = tmp_path / f"base-{version}"
        base.write_text("#!/bin/sh\n")
        base.chmod(0o755)
        python = python_of(tmp_path / "idgbr" / f"env-{version}")
        python.parent.mkdir(parents=True)
        python.symlink_to(base)
        write_record(python.parents[1], version, "cpu", requirements / "run-cpu.txt", "3.12.1")
        return python

    return make_environment


def test_a_fresh_environment_is_good(make: Make, requirements: Path) -> None:
    python = make("1")
    assert problem_of(python, requirements) is None
    assert read_record(python.parents[1]).python == "3.12.1"


def test_a_removed_base_is_told(make: Make, requirements: Path, tmp_path: Path) -> None:
    python = make("1")
    (tmp_path / "base-1").unlink()
    assert problem_of(python, requirements) is Problem.BASE_GONE


def test_a_base_of_another_version_is_told(make: Make, requirements: Path, tmp_path: Path) -> None:
    python = make("1")
    (tmp_path / "base-1").rename(tmp_path / "base-2")
    (tmp_path / "base-1").symlink_to(tmp_path / "base-2")
    assert problem_of(python, requirements) is Problem.BASE_GONE


def test_a_plugin_that_needs_other_packages_is_told(make: Make, requirements: Path) -> None:
    python = make("1")
    (requirements / "run-cpu.txt").write_text("# as before\na==1 --hash=sha256:00\n")
    assert problem_of(python, requirements) is None
    (requirements / "run-cpu.txt").write_text("a==2 --hash=sha256:00\n")
    assert problem_of(python, requirements) is Problem.OUTDATED


def test_an_unfinished_or_removed_environment_is_told(make: Make, requirements: Path) -> None:
    python = make("1")
    (python.parents[1] / RECORD).unlink()
    python.unlink()
    assert problem_of(python, requirements) is Problem.UNFINISHED
    assert problem_of(python.parents[2] / "env-0" / "bin" / "python", requirements) is Problem.MISSING


def test_the_users_own_environment_is_left_alone(requirements: Path, tmp_path: Path) -> None:
    assert problem_of(tmp_path / "conda" / "bin" / "python", requirements) is None


def test_the_good_one_is_found_before_the_newest(make: Make, requirements: Path, tmp_path: Path) -> None:
    folder = tmp_path / "idgbr"
    assert find_environment(folder, requirements) is None
    good, newer = make("1"), make("2")
    os.utime(good.parents[1] / RECORD, (1, 1))
    assert find_environment(folder, requirements) == newer
    (tmp_path / "base-2").unlink()
    assert find_environment(folder, requirements) == good
