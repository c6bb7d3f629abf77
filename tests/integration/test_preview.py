"""The preview with the real backend: outlines on the truth, again and again, while QGIS goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QTimer

from idgbr_qgis.core.jobs_queue import JobQueue
from idgbr_qgis.core.warm_backend import WarmBackend
from idgbr_qgis.gui.dock import IdgbrDock
from idgbr_qgis.gui.job_desk import JobDesk
from idgbr_qgis.processing.provider import IdgbrProvider
from tests.plugin.waiting import wait_until

LEFT, TOP, PIXEL, SIZE = 500000.0, 5000000.0, 0.5, 1500
MIDDLE, RADIUS = QgsPointXY(LEFT + 375.2, TOP - 374.9), 60.0
#: A machine that is busy with other things may hold up the event loop itself.
MOST_HELD_UP_S = 0.5


@pytest.fixture
def dock(
    provider: IdgbrProvider, threshold_model: Path, write_raster: Callable[..., Path], qgis_new_project: None
) -> Iterator[IdgbrDock]:
    """The panel beside a map that shows all of an image with a bright disk, larger than what is previewed at once."""
    row, column = np.mgrid[:SIZE, :SIZE] + 0.5
    bright = np.hypot(LEFT + column * PIXEL - MIDDLE.x(), TOP - row * PIXEL - MIDDLE.y()) < RADIUS
    values = np.where(bright, 210, 40).astype(np.uint8)
    path = write_raster("image.tif", np.stack([values] * 3), epsg=32632, transform=(LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    image, project = QgsRasterLayer(str(path), "image"), QgsProject.instance()
    project.addMapLayer(image)
    canvas, bar, warm = QgsMapCanvas(), QgsMessageBar(), WarmBackend()
    canvas.resize(500, 500)
    canvas.setDestinationCrs(image.crs())
    canvas.setExtent(image.extent())
    canvas.show()
    desk = JobDesk(JobQueue(project), project, canvas, bar, lambda: None)
    dock = IdgbrDock(canvas, desk, lambda: None, warm)
    dock.show()
    dock.form.model.choose(str(threshold_model))
    yield dock
    dock.end()
    warm.end()
    for widget in (dock, bar, canvas):
        widget.deleteLater()
    project.clear()


def test_outlines_lie_on_the_truth_and_the_models_stay_loaded(dock: IdgbrDock, bundled_models: set[str]) -> None:
    bar = dock.preview
    beats: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start(10)
    took = []
    for _ in range(3):
        begun = time.monotonic()
        bar.preview()
        wait_until(lambda: not bar.running, 300)
        took.append(time.monotonic() - begun)
    timer.stop()
    frame, coarse, refined = (band.asGeometry() for band in bar._bands)
    truth = QgsGeometry.fromPointXY(MIDDLE).buffer(RADIUS, 90)
    for outline in (coarse, refined):
        assert outline.symDifference(truth).area() / truth.length() / PIXEL < 0.5
    assert frame.area() == pytest.approx((1023 * PIXEL) ** 2, rel=0.01)
    assert min(took[1:]) < took[0], "the second preview finds the models loaded"
    assert np.diff(beats).max() < MOST_HELD_UP_S
