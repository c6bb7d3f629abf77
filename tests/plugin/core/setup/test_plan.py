"""What a set-up will do, told before it does anything."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from idgbr_qgis.core.paths import BACKEND
from idgbr_qgis.core.setup import find_python, plan
from idgbr_qgis.core.setup.find_python import Python, find_pythons, probe
from idgbr_qgis.core.setup.plan import Gpu, Plan, build_for, find_gpu, make_plan
from idgbr_qgis.core.setup.requirements import fingerprint, read_requirements


def python(minor: int = 12, **changes: object) -> Python:
    values = {"system": "linux", "machine": "x86_64", "os_name": "posix", "has_venv": True}
    return Python(f"/usr/bin/python3.{minor}", (3, minor, 1), **(values | changes))


@pytest.fixture(autouse=True)
def no_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "find_uv", lambda: None)
    monkeypatch.setattr(plan, "find_gpu", lambda: None)


@pytest.mark.parametrize("build", plan.BUILDS)
@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_every_marker_of_the_lock_files_is_understood(build: str, system: str) -> None:
    for minor in find_python.TESTED:
        names = [
            entry.name
            for entry in read_requirements(BACKEND / "requirements" / f"run-{build}.txt")
            if entry.wanted_for(python(minor, system=system))
        ]
        assert len(names) == len(set(names)), "each package once"
        assert ("colorama" in names) == (system == "win32")
        assert "numpy" in names


@pytest.mark.parametrize("build", plan.BUILDS)
def test_every_package_has_a_size(build: str) -> None:
    sizes = {entry.name: entry.size_mb for entry in read_requirements(BACKEND / "requirements" / f"run-{build}.txt")}
    assert sizes["numpy"] > 10
    assert sum(sizes.values()) > 200


def test_lock_files_differ_by_what_they_lock_alone(tmp_path: Path) -> None:
    path, other = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_text("a==1 \\\n    --hash=sha256:00\n    # via b\nb==1 --hash=sha256:01\n")
    other.write_text("# another comment\r\nb==1 --hash=sha256:01\r\na==1 --hash=sha256:00\r\n")
    assert fingerprint(path) == fingerprint(other)
    other.write_text("a==2 --hash=sha256:00\nb==1 --hash=sha256:01\n")
    assert fingerprint(path) != fingerprint(other)


@pytest.mark.parametrize("text", ["a>=1 --hash=sha256:00", "a==1"])
def test_what_is_not_locked_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lock.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match="not locked"):
        read_requirements(path)


def test_size_is_told_beforehand() -> None:
    cpu = Plan(Path("x"), python())
    assert 200 < cpu.download_mb < 400
    assert cpu.needed_mb > cpu.download_mb + cpu.installed_mb
    assert Plan(Path("x"), python(), "cuda").download_mb > 1000
    assert Plan(Path("x"), python(), wheels=Path("w")).download_mb == 0


@pytest.mark.parametrize(
    ("driver", "minor", "build"),
    [(None, 12, "cpu"), (470, 12, "cpu"), (535, 12, "cuda12"), (580, 12, "cuda"), (580, 10, "cuda12")],
)
def test_the_build_follows_the_driver(driver: int | None, minor: int, build: str) -> None:
    gpu = Gpu("GPU", driver, f"{driver}.1") if driver else None
    assert build_for(gpu, python(minor)) == build


def test_the_driver_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA RTX A4000, 580.95.05'\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert find_gpu() == Gpu("NVIDIA RTX A4000", 580, "580.95.05")


def test_a_tested_python_that_can_make_environments_is_taken() -> None:
    bare, good, new = python(12, has_venv=False), python(11), python(15)
    assert make_plan([new, bare, good]).python == good
    assert make_plan([new]).python == new, "better than none"
    assert make_plan([]).python is None


def test_uv_fetches_a_python_where_there_is_no_tested_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "find_uv", lambda: "/usr/bin/uv")
    chosen = make_plan([python(15)])
    assert chosen.python is None
    assert "fetched by uv" in chosen.facts()["Python"]
    assert make_plan([python(12, has_venv=False)]).python is not None, "uv makes the environment"


def test_this_python_is_found_and_its_base_counts() -> None:
    assert probe(sys.executable).version[:2] == sys.version_info[:2]
    found = find_pythons()
    assert found
    assert all(entry.version >= (3, 10) for entry in found)
    assert len({entry.path for entry in found}) == len(found)


def test_what_is_no_python_is_passed_over(tmp_path: Path) -> None:
    stub = tmp_path / "python"
    stub.write_text("#!/bin/sh\necho Python was not found; exit 9009\n")
    stub.chmod(0o755)
    assert probe(stub) is None
    assert probe(tmp_path / "nothing") is None


def test_qgis_own_python_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_python, "_candidates", lambda: iter(["/a"]))
    monkeypatch.setattr(find_python, "_qgis_candidates", lambda: iter(["/q"]))
    monkeypatch.setattr(find_python.os, "access", lambda *_: True)
    monkeypatch.setattr(find_python, "probe", lambda path, *, of_qgis: python(12 if of_qgis else 10, of_qgis=of_qgis))
    assert [entry.of_qgis for entry in find_pythons()] == [False, True]


@pytest.mark.parametrize(
    ("system", "variable", "ending"),
    [
        ("linux", "XDG_DATA_HOME", "data/idgbr"),
        ("win32", "LOCALAPPDATA", "data/idgbr"),
        ("darwin", "HOME", "data/Library/Application Support/idgbr"),
    ],
)
def test_the_data_folder_is_the_systems(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, variable: str, ending: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.delenv("IDGBR_DATA_DIR", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "data"))
    assert plan.data_folder() == tmp_path / ending
    monkeypatch.setenv("IDGBR_DATA_DIR", "/elsewhere")
    assert plan.data_folder() == Path("/elsewhere")
