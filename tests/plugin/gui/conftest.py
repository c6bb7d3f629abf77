"""The dock with its canvas, message bar and queue, as the desktop puts them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from qgis.core import QgsRasterLayer, QgsRectangle, QgsVectorLayer
    from qgis.gui import QgsMapCanvas, QgsMessageBar

    from idgbr_qgis.core.jobs_queue import Job, JobQueue
    from idgbr_qgis.core.warm_backend import WarmBackend
    from idgbr_qgis.gui.dock import IdgbrDock
    from idgbr_qgis.processing.provider import IdgbrProvider


@dataclass
class Desktop:
    """What the user sees."""

    canvas: QgsMapCanvas
    bar: QgsMessageBar
    queue: JobQueue
    dock: IdgbrDock
    warm: WarmBackend
    settings_opened: list[bool] = field(default_factory=list)
    ended: list[Job] = field(default_factory=list)

    def choose(self, text: str) -> None:
        """Choose an entry in whichever list of the dock has it."""
        from qgis.PyQt.QtWidgets import QComboBox

        (combo,) = [c for c in self.dock.findChildren(QComboBox) if c.findText(text) >= 0]
        combo.setCurrentIndex(combo.findText(text))

    def texts(self) -> str:
        """What the dock says, with an estimate that is up to date."""
        from qgis.PyQt.QtWidgets import QLabel

        self.dock._estimate()
        return "\n".join(label.text() for label in self.dock.findChildren(QLabel) if label.isVisibleTo(self.dock))

    def add_polygon(self, rectangle: QgsRectangle, name: str = "parcels") -> QgsVectorLayer:
        """Add a layer with one polygon, whose field `kind` is wood."""
        from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer

        layer = QgsVectorLayer("Polygon?crs=EPSG:32632&field=kind:string", name, "memory")
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(rectangle))
        feature["kind"] = "wood"
        layer.dataProvider().addFeature(feature)
        layer.updateExtents()
        QgsProject.instance().addMapLayer(layer)
        return layer

    def run(self) -> None:
        """Press Run."""
        from qgis.PyQt.QtWidgets import QPushButton

        (button,) = [b for b in self.dock.findChildren(QPushButton) if b.text() == "Run"]
        button.click()

    def wait(self, jobs: int = 1) -> None:
        """Wait until so many jobs have ended."""
        from tests.plugin.waiting import wait_until

        wait_until(lambda: len(self.ended) >= jobs)

    def messages(self) -> list[str]:
        """Lines in the message bar, the latest first."""
        return [item.text() for item in self.bar.items()]

    def buttons(self) -> dict[str, object]:
        """Buttons of the latest line, by their labels."""
        from qgis.PyQt.QtWidgets import QPushButton

        return {button.text(): button for button in self.bar.items()[0].findChildren(QPushButton)}


@pytest.fixture
def desktop(provider: IdgbrProvider, image: QgsRasterLayer, qgis_new_project: None) -> Iterator[Desktop]:
    """A dock beside a map of the image."""
    from qgis.core import QgsApplication, QgsProject
    from qgis.gui import QgsMapCanvas, QgsMessageBar

    from idgbr_qgis.core.jobs_queue import JobQueue
    from idgbr_qgis.core.warm_backend import WarmBackend
    from idgbr_qgis.gui.dock import IdgbrDock
    from idgbr_qgis.gui.job_desk import JobDesk
    from tests.plugin.waiting import wait_until

    project = QgsProject.instance()
    project.addMapLayer(image)
    canvas, bar = QgsMapCanvas(), QgsMessageBar()
    canvas.resize(400, 320)
    canvas.setDestinationCrs(image.crs())
    canvas.setExtent(image.extent())
    canvas.show()
    opened: list[bool] = []
    queue = JobQueue(project)
    desk = JobDesk(queue, project, canvas, bar, lambda: opened.append(True))
    warm = WarmBackend()
    dock = IdgbrDock(canvas, desk, lambda: opened.append(True), warm)
    dock.show()
    desktop = Desktop(canvas, bar, queue, dock, warm, opened)
    queue.ended.connect(desktop.ended.append)
    yield desktop
    queue.cancel_all()
    wait_until(lambda: not QgsApplication.taskManager().countActiveTasks())
    dock.end()
    warm.end()
    for widget in (dock, bar, canvas):
        widget.deleteLater()
    project.clear()
