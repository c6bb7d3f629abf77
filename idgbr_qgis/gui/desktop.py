"""Puts the dock into QGIS's window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt

from idgbr_qgis.core.jobs_queue import JobQueue
from idgbr_qgis.gui.dock import IdgbrDock
from idgbr_qgis.gui.job_desk import JobDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.gui import QgisInterface


def add_dock(iface: QgisInterface, open_settings: Callable[[], None]) -> IdgbrDock:
    """Make the dock with its queue and show it at the right."""
    project, canvas = QgsProject.instance(), iface.mapCanvas()
    queue = JobQueue(project)
    desk = JobDesk(queue, project, canvas, iface.messageBar(), open_settings)
    dock = IdgbrDock(canvas, desk, open_settings, iface.mainWindow())
    queue.setParent(dock)
    desk.setParent(dock)
    iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    iface.currentLayerChanged.connect(dock.suggest)
    dock.suggest(iface.activeLayer())
    return dock
