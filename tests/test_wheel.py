"""The wheel of the backend: it builds, holds the models, and works apart from the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from idgbr import __version__
from idgbr.errors import ModelError
from idgbr.models import registry

BACKEND = Path(__file__).parents[1] / "backend"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the wheel was unpacked into; what it needs is that of this environment."""
    wheel = pytest.importorskip("hatchling.builders.wheel")
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = wheel.WheelBuilder(str(BACKEND)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, *arguments: str) -> str:
    """What Python prints that reads the unpacked wheel, away from the repository."""
    environment = os.environ | {"PYTHONPATH": str(installed)}
    environment.pop("IDGBR_MODELS", None)
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment, cwd=installed.parent, timeout=120
    )
    return done.stdout


def test_the_wheel_works_apart_from_the_repository(installed: Path) -> None:
    assert run(installed, "-m", "idgbr", "--version") == f"idgbr {__version__}\n"
    code = "import idgbr, json; print(json.dumps([idgbr.__file__, idgbr.list_models()]))"
    file, models = json.loads(run(installed, "-c", code))
    assert Path(file).parent == installed / "idgbr"
    bundled = {m["id"]: m["problem"] for m in models if Path(m["folder"]).is_relative_to(installed)}
    assert bundled == dict.fromkeys(("backbone", "buildings", "change", "landcover", "refiner"))


def test_the_wheel_says_what_it_needs(installed: Path) -> None:
    (information,) = installed.glob("*.dist-info")
    metadata = (information / "METADATA").read_text(encoding="utf-8")
    for extra in ("cpu", "cuda"):
        assert f"Provides-Extra: {extra}\n" in metadata
    assert "Requires-Dist: rasterio" in metadata
    assert "idgbr = idgbr.cli" in (information / "entry_points.txt").read_text(encoding="utf-8")
    for name in ("py.typed", "__init__.pyi", "LICENSE"):
        assert (installed / "idgbr" / name).is_file()
    assert not (installed / "tests").exists()


def test_missing_bundled_models_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "BUNDLED", tmp_path / "none")
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("IDGBR_MODELS", raising=False)
    with pytest.raises(ModelError, match="the models that come with the tool are missing here; install idgbr from its"):
        registry.find_model("buildings", "coarse")
