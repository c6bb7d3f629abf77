"""Real QGIS by pytest-qgis, and a scripted worker in place of the backend. Skipped where there is no QGIS."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

try:
    import qgis.core  # noqa: F401
except ImportError:
    collect_ignore_glob = ["**/test_*.py"]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qgis.core import QgsRasterLayer

    from idgbr_qgis.processing.provider import IdgbrProvider

SCRIPT = Path(__file__).with_name("scripted_worker.py")


@pytest.fixture(scope="session")
def scripted() -> Callable[..., list[str]]:
    """Command of a worker that behaves as a scenario of `scripted_worker.py` says."""
    return lambda scenario, *arguments: [sys.executable, str(SCRIPT), scenario, *map(str, arguments)]


@pytest.fixture(autouse=True)
def clean_settings(monkeypatch: pytest.MonkeyPatch, qgis_app: object, tmp_path: Path) -> Iterator[None]:
    """No settings of the plugin before or after a test, none from the environment, and no backend that was set up."""
    from qgis.core import QgsSettings

    for name in ("PYTHON", "COMMAND"):
        monkeypatch.delenv(f"IDGBR_BACKEND_{name}", raising=False)
    monkeypatch.delenv("IDGBR_DEVICE", raising=False)
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "no-data"))
    QgsSettings().remove("idgbr")
    yield
    QgsSettings().remove("idgbr")


@pytest.fixture
def windowless(monkeypatch: pytest.MonkeyPatch, qgis_processing: None) -> None:
    """Results are loaded without a window: from 3.44 on, Processing takes a real layer tree or none, no stand-in."""
    from processing.gui import Postprocessing

    monkeypatch.setattr(Postprocessing, "iface", None)


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch, scripted: Callable[..., list[str]]) -> Callable[..., None]:
    """Make a scripted worker the plugin's backend."""

    def use(scenario: str, *arguments: object) -> None:
        monkeypatch.setenv("IDGBR_BACKEND_COMMAND", json.dumps(scripted(scenario, *arguments)))

    return use


@pytest.fixture
def provider(qgis_app: object) -> Iterator[IdgbrProvider]:
    """The provider, registered."""
    from qgis.core import QgsApplication

    from idgbr_qgis.processing.provider import IdgbrProvider

    provider = IdgbrProvider()
    provider.register()
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture
def make_raster(tmp_path: Path) -> Callable[..., Path]:
    """Write a small GeoTIFF: ten columns, eight rows, half a metre, three bands unless told otherwise."""
    import numpy as np
    from osgeo import gdal, osr

    def make(
        name: str = "image.tif",
        *,
        bands: int = 3,
        epsg: int | None = 32632,
        transform: tuple[float, ...] = (500000.0, 0.5, 0.0, 5000000.0, 0.0, -0.5),
        values: np.ndarray | None = None,
    ) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.arange(80 * bands).reshape(bands, 8, 10).astype(np.uint8) if values is None else values
        dataset = gdal.GetDriverByName("GTiff").Create(str(path), pixels.shape[2], pixels.shape[1], pixels.shape[0])
        dataset.SetGeoTransform(transform)
        if epsg is not None:
            reference = osr.SpatialReference()
            reference.ImportFromEPSG(epsg)
            dataset.SetProjection(reference.ExportToWkt())
        dataset.WriteArray(pixels)
        return path

    return make


@pytest.fixture
def image(make_raster: Callable[..., Path]) -> QgsRasterLayer:
    """A small image as a layer."""
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(str(make_raster()), "image")
    assert layer.isValid()
    return layer
