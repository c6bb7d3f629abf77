from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from scripts import build_plugin


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_plugin.stage_plugin(tmp_path_factory.mktemp("stage"))


def test_the_staged_plugin_is_whole(folder: Path) -> None:
    assert folder.name == "idgbr_qgis"
    for name in ("__init__.py", "metadata.txt", "LICENSE", "resources/icons", "backend/idgbr/worker.py"):
        assert (folder / name).exists(), name
    assert build_plugin.problems_of_files(folder) == []
    assert build_plugin.problems_of_metadata(folder / "metadata.txt") == []


def test_nothing_left_over_is_staged(folder: Path) -> None:
    names = {path.name for path in folder.rglob("*")}
    assert not names & {"__pycache__", "tests", "dev.txt", ".setup-run"}
    assert not any(name.endswith((".pyc", ".egg-info")) for name in names)


def test_staging_again_replaces_what_was_there(tmp_path: Path) -> None:
    folder = build_plugin.stage_plugin(tmp_path)
    (folder / "stale.py").touch()
    assert build_plugin.stage_plugin(tmp_path) == folder
    assert not (folder / "stale.py").exists()


def test_the_zip_holds_one_folder(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "dist" / "plugin.zip"
    build_plugin.zip_plugin(folder, path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert {name.split("/")[0] for name in names} == {"idgbr_qgis"}
    assert "idgbr_qgis/metadata.txt" in names


def test_compiled_files_are_found(tmp_path: Path) -> None:
    folder = build_plugin.stage_plugin(tmp_path)
    (folder / "fast.so").touch()
    assert build_plugin.problems_of_files(folder) == ["fast.so: is a compiled file"]


def test_faults_of_the_metadata_are_found(tmp_path: Path) -> None:
    path = tmp_path / "metadata.txt"
    path.write_text("[general]\nname=My plugin\nhasProcessingProvider=no\nicon=nowhere.svg\n", encoding="utf-8")
    problems = "\n".join(build_plugin.problems_of_metadata(path))
    for text in ("version is missing", "must not contain 'plugin'", "hasProcessingProvider must be yes", "nowhere.svg"):
        assert text in problems
