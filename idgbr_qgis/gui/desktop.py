"""Puts the panels into QGIS's window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt

from idgbr_qgis.core.jobs_queue import JobQueue
from idgbr_qgis.gui.dock import IdgbrDock
from idgbr_qgis.gui.health_line import HealthLine
from idgbr_qgis.gui.job_desk import JobDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.gui import QgisInterface

    from idgbr_qgis.core.warm_backend import WarmBackend
    from idgbr_qgis.gui.own_classes.panel import OwnClassesDock
    from idgbr_qgis.gui.review import ReviewDock
    from idgbr_qgis.gui.setup_dialog import SetupDialog

RIGHT = Qt.DockWidgetArea.RightDockWidgetArea


class Panels:
    """The dock with its queue; the panels for review and for a new model once they are asked for."""

    def __init__(
        self,
        iface: QgisInterface,
        backend: WarmBackend,
        open_settings: Callable[[], None],
        open_setup: Callable[[], SetupDialog],
        open_models: Callable[[], None],
    ) -> None:
        self._iface = iface
        self._backend = backend
        self._review: ReviewDock | None = None
        self._own_classes: OwnClassesDock | None = None
        project, canvas = QgsProject.instance(), iface.mapCanvas()
        queue = JobQueue(project)
        desk = JobDesk(queue, project, canvas, iface.messageBar(), open_settings)
        self.dock = IdgbrDock(canvas, desk, open_settings, backend, iface.mainWindow())
        self._health = HealthLine(open_setup)
        self.dock.add_foot(self._health)
        self._health.check()
        queue.setParent(self.dock)
        desk.setParent(self.dock)
        desk.review_wanted.connect(self.review)
        desk.setup_wanted.connect(open_setup)
        desk.models_wanted.connect(open_models)
        desk.dialog_wanted.connect(self.open_dialog)
        desk.new_model_wanted.connect(self.new_model)
        self._desk = desk
        iface.addDockWidget(RIGHT, self.dock)
        iface.currentLayerChanged.connect(self.dock.suggest)
        self.dock.suggest(iface.activeLayer())

    def review(self, layer: QgsVectorLayer | None) -> None:
        """Show the review panel, with a layer if there is one."""
        if self._review is None:
            from idgbr_qgis.gui.review import ReviewDock

            self._review = ReviewDock(
                self._iface.mapCanvas(), self._iface.messageBar(), self._edit, self._iface.mainWindow()
            )
            self._iface.addDockWidget(RIGHT, self._review)
        if layer is not None:
            self._review.choose(layer)
        self._review.setUserVisible(True)

    def new_model(self, image: QgsMapLayer | None) -> None:
        """Show the panel for a new model in front of the other one, with an image if there is one."""
        if self._own_classes is None:
            from idgbr_qgis.gui.own_classes.panel import OwnClassesDock

            window = self._iface.mainWindow()
            panel = self._own_classes = OwnClassesDock(self._iface.mapCanvas(), self._backend, window)
            panel.models_changed.connect(self.dock.form.models_changed)
            panel.failed.connect(self._desk.report)
            panel.run_wanted.connect(self._segment_with)
            self._iface.addDockWidget(RIGHT, panel)
            window.tabifyDockWidget(self.dock, panel)
        self._own_classes.setUserVisible(True)
        self._own_classes.new(image)

    def backend_changed(self) -> None:
        """Show the panel, and how the backend is now."""
        self.dock.setUserVisible(True)
        self._health.check()

    def open_dialog(self, algorithm_id: str, parameters: dict[str, Any]) -> None:
        """Open the dialog of an algorithm; models that it makes are offered afterwards."""
        import processing

        dialog = processing.createAlgorithmDialog(algorithm_id, parameters)
        dialog.algorithmFinished.connect(lambda *_: self.dock.form.models_changed())
        dialog.show()

    def remove(self) -> None:
        """Stop all jobs and take the panels away."""
        self._iface.currentLayerChanged.disconnect(self.dock.suggest)
        self.dock.end()
        if self._own_classes is not None:
            self._own_classes.end()
        for dock in (self.dock, self._review, self._own_classes):
            if dock is not None:
                self._iface.removeDockWidget(dock)
                dock.deleteLater()

    def _segment_with(self, model: str, image: QgsMapLayer) -> None:
        self.dock.form.segment_with(model, image)
        self.dock.setUserVisible(True)

    def _edit(self, layer: QgsVectorLayer) -> None:
        self._iface.setActiveLayer(layer)
        self._iface.actionVertexTool().trigger()
