from __future__ import annotations

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[1] / "backend" / "requirements"
LOCKED = ("run-cpu", "run-cuda", "run-cuda12", "cluster", "parquet", "train", "dev", "qgis")


def packages(name: str) -> dict[str, str]:
    """Package → its entry in a lock file, with the lines that continue it."""
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.sub(r"^\s*#.*\n?", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return {re.split(r"[=\s;<>]", entry, maxsplit=1)[0]: entry for entry in entries if entry.strip()}


@pytest.mark.parametrize("name", LOCKED)
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    found = packages(name)
    assert len(found) > 3
    for entry in found.values():
        assert re.match(r"[a-z0-9._-]+==[^\s]+ .*--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("name", LOCKED)
def test_no_lock_file_names_an_index(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|--(extra-)?index|--find-links|--trusted-host", text)


def test_running_needs_no_torch_and_nothing_brings_torchvision() -> None:
    assert not {"torch", "torchvision", "opencv-python-headless"} & set(packages("run-cpu"))
    assert not any(package.startswith(("torch", "nvidia", "triton")) for package in packages("train"))
    for name in ("run-cuda", "run-cuda12"):
        assert "onnxruntime" not in packages(name)
        assert {"onnxruntime-gpu", "nvidia-cudnn-cu12"} <= set(packages(name)), "a driver is all a machine needs"


def test_the_tests_of_qgis_bring_no_numpy_of_their_own() -> None:
    assert not {"numpy", "gdal", "pyqt5", "pyqt6"} & set(packages("qgis"))


def test_torch_has_one_version() -> None:
    pinned = [line for line in (REQUIREMENTS / "torch.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert pinned == ["torch==2.13.0"]
    assert f'"{pinned[0]}"' in (REQUIREMENTS.parent / "pyproject.toml").read_text(encoding="utf-8")
