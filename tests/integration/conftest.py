"""Both sides together: real QGIS, the plugin as it is installed, and the real backend. Skipped where one is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

try:
    from osgeo import gdal, osr
    from qgis.core import QgsApplication
except ImportError:
    collect_ignore_glob = ["test_*.py"]

if TYPE_CHECKING:
    from idgbr_qgis.processing.provider import IdgbrProvider

ROOT = Path(__file__).parents[2]
BACKEND_PYTHON = os.environ.get("IDGBR_BACKEND_PYTHON") or str(ROOT / ".venv" / "bin" / "python")
PLUGIN = "idgbr_qgis"


@dataclass(frozen=True)
class Outcome:
    """What a run of `qgis_process` came to."""

    status: int
    results: dict[str, Any]
    text: str


@pytest.fixture(scope="session")
def backend_python() -> str:
    """The Python of the real backend."""
    if shutil.which(BACKEND_PYTHON) is None:
        pytest.skip(f"no backend at {BACKEND_PYTHON}: run `make setup` or set IDGBR_BACKEND_PYTHON")
    return BACKEND_PYTHON


@pytest.fixture(scope="session")
def bundled_models(backend_python: str) -> set[str]:
    """Ids of the models that come along; skips where there are none."""
    found = {path.parent.name for path in (ROOT / "resources" / "models").glob("*/model.json")}
    if not {"buildings", "refiner"} <= found:
        pytest.skip("the bundled models buildings and refiner are not in resources/models")
    return found


@pytest.fixture(scope="session")
def threshold_model(backend_python: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose answer is known: bright pixels are bright."""
    path = tmp_path_factory.mktemp("model") / "threshold.onnx"
    script = Path(__file__).with_name("write_threshold_model.py")
    done = subprocess.run([backend_python, str(script), str(path)], capture_output=True, text=True, check=False)
    if "No module named 'onnx'" in done.stderr:
        pytest.skip("the backend has no onnx to make a model with (make setup-train)")
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def provider(backend_python: str, monkeypatch: pytest.MonkeyPatch, qgis_app: object) -> Iterator[IdgbrProvider]:
    """The provider in this process, with the real backend."""
    from idgbr_qgis.processing.provider import IdgbrProvider

    monkeypatch.setenv("IDGBR_BACKEND_PYTHON", backend_python)
    monkeypatch.delenv("IDGBR_BACKEND_COMMAND", raising=False)
    provider = IdgbrProvider()
    provider.register()
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture(scope="session")
def profile() -> dict[str, str]:
    """Environment of a fresh QGIS profile with the built plugin enabled.

    Always in the same folder, with a cache beside it, so that the backend's compiled functions serve the next run too.
    """
    if shutil.which("qgis_process") is None:
        pytest.skip("qgis_process is not installed")
    from scripts.build_plugin import stage_plugin

    folder = ROOT / "build" / "test-profile"
    shutil.rmtree(folder, ignore_errors=True)
    plugins = folder / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    stage_plugin(plugins)
    # Programs of this environment must not be found first: qgis_process starts the Python that QGIS was built for.
    kept = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH", "IDGBR_BACKEND_COMMAND")}
    environment = kept | {
        "QGIS_CUSTOM_CONFIG_PATH": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(folder),
        "IDGBR_LOG_DIR": str(folder / "log"),
        "GDAL_PAM_ENABLED": "NO",
        "NUMBA_CACHE_DIR": str(ROOT / "build" / "numba"),
    }
    enabled = subprocess.run(
        ["qgis_process", "plugins", "enable", PLUGIN], env=environment, capture_output=True, text=True, check=False
    )
    assert enabled.returncode == 0, enabled.stdout + enabled.stderr
    return environment


@pytest.fixture
def qgis_process(profile: dict[str, str], backend_python: str) -> Callable[..., Outcome]:
    """Run an algorithm as a user without a desktop does."""

    def run(algorithm: str, *, python: str = backend_python, **parameters: Any) -> Outcome:
        environment = profile | {"IDGBR_BACKEND_PYTHON": python}
        done = subprocess.run(
            ["qgis_process", "--json", "run", f"idgbr:{algorithm}", "-"],
            input=json.dumps({"inputs": parameters}),
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,  # the first run of a backend compiles its functions
            check=False,
        )
        # Other plugins may print before the JSON.
        start = done.stdout.find("{")
        report = json.loads(done.stdout[start:]) if done.returncode == 0 else {}
        return Outcome(done.returncode, report.get("results", {}), done.stdout + done.stderr)

    return run


@pytest.fixture
def write_raster(tmp_path: Path) -> Callable[..., Path]:
    """Write an array as a GeoTIFF."""

    def write(
        name: str, values: np.ndarray, *, epsg: int, transform: tuple[float, ...], nodata: float | None = None
    ) -> Path:
        bands = values if values.ndim == 3 else values[None]
        path = tmp_path / name
        dataset = gdal.GetDriverByName("GTiff").Create(str(path), bands.shape[2], bands.shape[1], bands.shape[0])
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        dataset.SetProjection(reference.ExportToWkt())
        dataset.SetGeoTransform(transform)
        dataset.WriteArray(bands)
        if nodata is not None:
            dataset.GetRasterBand(1).SetNoDataValue(nodata)
        return path

    return write
