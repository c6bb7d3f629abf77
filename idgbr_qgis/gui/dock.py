"""The dock: the form of a job, what the job will take, a preview of it, its start, and the jobs that run."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from qgis.core import QgsApplication, QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.gui import QgsDockWidget, QgsMapCanvas, QgsScrollArea
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from idgbr_qgis.core import settings
from idgbr_qgis.core.errors import LayerError, PluginError
from idgbr_qgis.core.estimate import Estimate, estimate
from idgbr_qgis.core.job_plan import JobPlan, Task
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.area_widget import AreaChoice
from idgbr_qgis.gui.job_form import JobForm
from idgbr_qgis.gui.jobs_widget import JobsWidget
from idgbr_qgis.gui.preview_bar import PreviewBar
from idgbr_qgis.processing.feedback import duration_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.PyQt.QtGui import QHideEvent, QShowEvent

    from idgbr_qgis.core.jobs_queue import Job
    from idgbr_qgis.core.warm_backend import WarmBackend
    from idgbr_qgis.gui.job_desk import JobDesk

#: Changes within this time make one estimate.
ESTIMATE_DELAY_MS = 150


class IdgbrDock(QgsDockWidget):
    """The form and the jobs."""

    def __init__(
        self,
        canvas: QgsMapCanvas,
        desk: JobDesk,
        open_settings: Callable[[], None],
        backend: WarmBackend,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("IDGBR", parent)
        self.setObjectName("IdgbrDock")
        self._desk, self._backend = desk, backend
        self.form = JobForm(canvas)
        self.preview = PreviewBar(canvas, backend, self.form.preview_plan)
        self._cost = QLabel()
        self._cost.setWordWrap(True)
        self._cost.setToolTip(
            tr("Estimated time and memory; the time is based on earlier jobs on this machine, if there are any")
        )
        self._run = QPushButton(QgsApplication.getThemeIcon("/mActionStart.svg"), tr("Run"))
        self._run.setToolTip(tr("Run in the background, after the waiting jobs (Ctrl+Enter)"))
        self._run.setShortcut("Ctrl+Return")
        review = _tool("mActionToggleEditing.svg", tr("Review polygons, the least certain first"))
        review.clicked.connect(lambda: desk.review_wanted.emit(None))
        options = _tool("mActionOptions.svg", tr("Backend and device"))
        options.clicked.connect(open_settings)
        self.setWidget(self._arrange(review, options))

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ESTIMATE_DELAY_MS)
        self._timer.timeout.connect(self._estimate)
        self.form.changed.connect(self._form_changed)
        self.form.model.manage_wanted.connect(desk.models_wanted)
        self.form.model.new_wanted.connect(lambda: desk.new_model_wanted.emit(self.form.image.currentLayer()))
        self._run.clicked.connect(self.run)
        desk.area_wanted.connect(lambda: self.form.area.draw(AreaChoice.RECTANGLE))
        desk.file_wanted.connect(self.form.output.ask_for_file)
        self.preview.failed.connect(desk.report)
        self.preview.warned.connect(desk.warn)
        self._form_changed()

    def run(self) -> Job | None:
        """Start what the form says."""
        self.form.remember()
        if self.form.task is Task.TRAIN:
            self._desk.dialog_wanted.emit("idgbr:train", self.form.training())
            return None
        try:
            plan = self.form.plan()
        except PluginError as error:
            self._desk.report(error, self.run)
            return None
        self.preview.cancel()
        self._backend.rest()
        return self._desk.start(plan)

    def suggest(self, layer: QgsMapLayer | None) -> None:
        """Offer the active layer in the form."""
        self.form.suggest(layer)

    def end(self) -> None:
        """Stop all jobs and tidy the map, before the plugin goes."""
        self._desk.queue.cancel_all()
        self.preview.clear()
        self.form.area.end_drawing()
        self.form.area.forget()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the drawn area with the dock."""
        super().showEvent(event)
        self.form.area.show_band(True)
        self.preview.show_on_map(True)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hide the drawn area with the dock."""
        super().hideEvent(event)
        self.form.area.end_drawing()
        self.form.area.show_band(False)
        self.preview.show_on_map(False)

    def add_foot(self, widget: QWidget) -> None:
        """Add a widget below all others."""
        self._foot.addWidget(widget)

    def _arrange(self, *tools: QWidget) -> QWidget:
        scroll = self._scroll = QgsScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.form)
        buttons = QHBoxLayout()
        buttons.addWidget(self._cost, 1)
        for tool in tools:
            buttons.addWidget(tool)
        buttons.addWidget(self._run)
        foot = QVBoxLayout()
        foot.setContentsMargins(9, 0, 9, 9)
        foot.addWidget(self.preview)
        foot.addLayout(buttons)
        foot.addWidget(JobsWidget(self._desk.queue))
        self._foot = foot
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)
        return body

    def _form_changed(self) -> None:
        self.preview.setVisible(self.form.task in (Task.SEGMENT, Task.REFINE))
        # As wide as the rows of the task need: there is no bar to scroll sideways.
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self._scroll.setMinimumWidth(self.form.minimumSizeHint().width() + bar)
        self._timer.start()

    def _estimate(self) -> None:
        """Show what the job will take, or what is still missing."""
        image, task = self.form.image.currentLayer(), self.form.task
        self._run.setEnabled(image is not None)
        if not isinstance(image, QgsRasterLayer) or not image.isValid():
            self.form.note.setText(tr("Add an image to the project to begin."))
            self._cost.clear()
            return
        if task is Task.TRAIN:
            self.form.note.setText(tr("Run opens a window that asks for classes, time and a name."))
            self._cost.clear()
            return
        try:
            area = self.form.area.area()
            kind = JobPlan(image, task, quality=self.form.quality.currentData()).kind
            cost = estimate(image, area, kind, settings.device(), QgsProject.instance().transformContext())
        except LayerError as error:
            self.form.note.setText(f'<span style="color:#b9770e">{html.escape(str(error))}</span>')
            self._cost.clear()
            self.form.model.set_pixel_size(None)
            return
        boxed = task is not Task.SEGMENT and area is not None and area.mask is not None
        note = f"<br>{tr('This task uses the bounding box of the polygons.')}" if boxed else ""
        self.form.note.setText(size_html(cost) + note)
        self._cost.setText(cost_text(cost))
        self.form.model.set_pixel_size(cost.gsd_m)


def _tool(icon: str, text: str) -> QToolButton:
    tool = QToolButton()
    tool.setIcon(QgsApplication.getThemeIcon(f"/{icon}"))
    tool.setAutoRaise(True)
    tool.setToolTip(text)
    tool.setAccessibleName(text)
    return tool


def size_html(cost: Estimate) -> str:
    """Pixels and ground of a job."""
    text = tr("{columns} × {rows} px").format(columns=f"{cost.columns:,}", rows=f"{cost.rows:,}").replace(",", " ")
    if cost.km2 is None:
        return f"{text}, {tr('no coordinate system')}"
    ground = f"{cost.km2:.2f} km²" if cost.km2 >= 0.1 else f"{cost.km2 * 100:.2f} ha"
    return f"{text}, {ground}"


def cost_text(cost: Estimate) -> str:
    """Time and memory of a job."""
    text = tr("about {time}, {memory} GB") if cost.measured else tr("roughly {time}, {memory} GB")
    return text.format(time=duration_text(cost.seconds), memory=round(cost.memory_mb / 1024, 1))
