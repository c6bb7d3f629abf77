"""The dock's whole story with the real backend: an image, a rectangle drawn on it, and layers that lie on the truth."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest

from idgbr_qgis.core.jobs_queue import Job, JobQueue, JobState
from idgbr_qgis.core.warm_backend import WarmBackend
from idgbr_qgis.gui.area_widget import AreaChoice
from idgbr_qgis.gui.dock import IdgbrDock
from idgbr_qgis.gui.job_desk import JobDesk
from idgbr_qgis.processing.provider import IdgbrProvider
from tests.plugin.waiting import wait_until

LEFT, TOP, PIXEL, SIZE = 500000.0, 5000000.0, 0.5, 200
MIDDLE, RADIUS = QgsPointXY(LEFT + 48.3, TOP - 52.1), 20.0
#: A machine that is busy with other things may hold up the event loop itself.
MOST_HELD_UP_S = 0.5


@pytest.fixture
def image(write_raster: Callable[..., Path], qgis_new_project: None) -> QgsRasterLayer:
    row, column = np.mgrid[:SIZE, :SIZE] + 0.5
    bright = np.hypot(LEFT + column * PIXEL - MIDDLE.x(), TOP - row * PIXEL - MIDDLE.y()) < RADIUS
    values = np.where(bright, 210, 40).astype(np.uint8)
    path = write_raster("image.tif", np.stack([values] * 3), epsg=32632, transform=(LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    layer = QgsRasterLayer(str(path), "image")
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_draw_run_and_look(
    provider: IdgbrProvider, threshold_model: Path, image: QgsRasterLayer, tmp_path: Path
) -> None:
    project, canvas, bar = QgsProject.instance(), QgsMapCanvas(), QgsMessageBar()
    canvas.resize(500, 500)
    canvas.setDestinationCrs(image.crs())
    canvas.setExtent(image.extent())
    canvas.show()
    queue = JobQueue(project)
    warm = WarmBackend()
    dock = IdgbrDock(canvas, JobDesk(queue, project, canvas, bar, lambda: None), lambda: None, warm)
    dock.show()
    ended: list[Job] = []
    queue.ended.connect(ended.append)

    dock.form.model.choose(str(threshold_model))
    dock.form.quality.setCurrentIndex(0)
    dock.form.output._format.setCurrentIndex(1)
    dock.form.output._file.setFilePath(str(tmp_path / "disk.gpkg"))
    dock.form.output._classes.setChecked(True)
    dock.form.output._confidence.setChecked(True)
    dock.form.area.draw(AreaChoice.RECTANGLE)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas.viewport(), left, none, QPoint(20, 20))
    QTest.mouseMove(canvas.viewport(), QPoint(480, 480))
    QTest.mouseRelease(canvas.viewport(), left, none, QPoint(480, 480))

    beats: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start(10)
    dock.run()
    wait_until(lambda: bool(ended), 300)
    timer.stop()

    assert ended[0].state is JobState.DONE, ended[0].log()
    assert np.diff(beats).max() < MOST_HELD_UP_S
    polygons, classes, confidence = (node.layer() for node in project.layerTreeRoot().children()[0].children())
    found = QgsGeometry.unaryUnion([feature.geometry() for feature in polygons.getFeatures()])
    truth = QgsGeometry.fromPointXY(MIDDLE).buffer(RADIUS, 90)
    assert found.symDifference(truth).area() / truth.length() / PIXEL < 0.3
    assert {"bright"} <= {category.label() for category in polygons.renderer().categories()}
    assert "bright" in [item.label for item in classes.renderer().classes()]
    assert confidence.renderer().classificationMax() == 1
    assert polygons.attributeDisplayName(polygons.fields().lookupField("confidence")) == "Confidence (0–1)"
    opened_later = QgsVectorLayer(str(tmp_path / "disk.gpkg"), "later", "ogr")
    assert str(threshold_model) in opened_later.metadata().abstract()
    assert image.source() in opened_later.metadata().abstract()
    assert bar.items()[0].text() == "Segment image: 1 polygons."
    dock.end()
    warm.end()
    for widget in (dock, bar, canvas):
        widget.deleteLater()
