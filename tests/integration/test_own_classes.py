"""A model of one's own with the real backend: labels are drawn, seen at once and saved; the model can be run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsGeometry, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QTimer

from idgbr_qgis.core.models import known_models
from idgbr_qgis.core.warm_backend import WarmBackend
from idgbr_qgis.gui.own_classes.panel import OwnClassesDock
from idgbr_qgis.processing.provider import IdgbrProvider
from tests.plugin.waiting import wait_until

LEFT, TOP, PIXEL, SIZE = 500000.0, 5000000.0, 0.5, 320
#: A machine that is busy with other things may hold up the event loop itself, so this is computing time.
MOST_BUSY_S = 0.1


@pytest.fixture
def panel(
    provider: IdgbrProvider,
    bundled_models: set[str],
    write_raster: Callable[..., Path],
    qgis_new_project: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[OwnClassesDock]:
    """The panel beside a map of an image that is red in the west and green in the east."""
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "data"))
    noise = np.random.default_rng(1).integers(0, 40, (3, SIZE, SIZE))
    values = noise + np.array([160, 60, 60])[:, None, None]
    values[:, :, SIZE // 2 :] = noise[:, :, SIZE // 2 :] + np.array([60, 150, 70])[:, None, None]
    path = write_raster("image.tif", values.astype(np.uint8), epsg=32632, transform=(LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    image, project = QgsRasterLayer(str(path), "image"), QgsProject.instance()
    project.addMapLayer(image)
    canvas, warm = QgsMapCanvas(), WarmBackend()
    canvas.resize(400, 400)
    canvas.setDestinationCrs(image.crs())
    canvas.setExtent(image.extent())
    canvas.show()
    panel = OwnClassesDock(canvas, warm)
    panel.show()
    panel.new(image)
    yield panel
    panel.end()
    warm.end()
    for widget in (panel, canvas):
        widget.deleteLater()
    project.clear()


def label(panel: OwnClassesDock, number: int, column: int, row: int) -> None:
    """A square of 20 px, by its upper left."""
    x, y = LEFT + column * PIXEL, TOP - row * PIXEL
    assert panel.labels is not None
    panel.labels.draw(
        QgsGeometry.fromRect(QgsRectangle(x, y - 10, x + 10, y)), panel.image.currentLayer().crs(), number
    )


def test_labels_become_a_preview_and_a_model(panel: OwnClassesDock) -> None:
    beats: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.thread_time()))
    timer.start(10)
    for number, column in ((1, 30), (2, 220)):
        for row in (30, 120, 220):
            label(panel, number, column, row)
    wait_until(lambda: not panel.live.running, 300)
    assert "Updated" in panel._text.text()
    classes = {item.name: item.id for item in panel.live._shown.classes}
    shown = gdal.Open(panel._layers.preview.source()).ReadAsArray()
    assert shown.shape == (SIZE, SIZE)
    middle = SIZE // 2
    assert (shown[:, : middle - 24] == classes["class 1"]).mean() > 0.95
    assert (shown[:, middle + 24 :] == classes["background"]).mean() > 0.95
    label(panel, 1, 60, 60)
    wait_until(lambda: not panel.live.running, 300)
    timer.stop()
    assert np.diff(beats).max() < MOST_BUSY_S
    saved: list[str] = []
    panel.saving.saved.connect(saved.append)
    panel.saving.save("Red ground")
    wait_until(lambda: panel.saving._call is None, 300)
    assert saved == ["red_ground"], panel._text.text()
    (model,) = [model for model in known_models() if model.id == "red_ground"]
    colors = {item["name"]: item["color"] for item in model.card["classes"]}
    assert colors == {item.name: list(item.color.getRgb()[:3]) for item in panel.labels.classes}
