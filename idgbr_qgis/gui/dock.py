"""The dock: what to do with which image, where, how well, and what will come of it. It runs the algorithms."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFieldProxyModel,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import (
    QgsCollapsibleGroupBox,
    QgsDockWidget,
    QgsFieldComboBox,
    QgsMapCanvas,
    QgsMapLayerComboBox,
    QgsScrollArea,
)
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from idgbr_qgis.core import settings
from idgbr_qgis.core.errors import LayerError, PluginError
from idgbr_qgis.core.estimate import Estimate, estimate
from idgbr_qgis.core.job_plan import JobPlan, Quality, Task
from idgbr_qgis.core.models import known_models
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.area_widget import AreaChoice, AreaWidget
from idgbr_qgis.gui.jobs_widget import JobsWidget
from idgbr_qgis.gui.model_picker import ModelPicker
from idgbr_qgis.gui.output_widget import OutputWidget
from idgbr_qgis.gui.preview_bar import PreviewBar
from idgbr_qgis.processing.feedback import duration_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.PyQt.QtGui import QHideEvent, QShowEvent

    from idgbr_qgis.core.jobs_queue import Job
    from idgbr_qgis.core.warm_backend import WarmBackend
    from idgbr_qgis.gui.job_desk import JobDesk

STATE_KEY = f"{settings.GROUP}/dock"
#: Changes within this time make one estimate.
ESTIMATE_DELAY_MS = 150
#: Default of the smallest polygon by task, in m²: a result that is refined keeps what was there.
MIN_AREA = {Task.SEGMENT: 4.0, Task.REFINE: 0.0, Task.CHANGES: 10.0}


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
        self._task = _task_list()
        self._image = QgsMapLayerComboBox()
        self._image.setFilters(Qgis.LayerFilter.RasterLayer)
        self._image.setToolTip(tr("Orthophoto or satellite image: a file, a virtual raster or a web map"))
        self._coarse = QgsMapLayerComboBox()
        self._coarse.setFilters(Qgis.LayerFilters(Qgis.LayerFilter.RasterLayer | Qgis.LayerFilter.PolygonLayer))
        self._coarse.setToolTip(tr("Class raster or polygon layer whose boundaries are about right"))
        self._after = QgsMapLayerComboBox()
        self._after.setFilters(Qgis.LayerFilter.RasterLayer)
        self._after.setToolTip(tr("The same place at a later date, in any coordinate system and resolution"))
        self._field = QgsFieldComboBox()
        self._field.setFilters(QgsFieldProxyModel.Filter.String | QgsFieldProxyModel.Filter.Int)
        self._field.setAllowEmptyFieldName(True)
        self._field.setToolTip(tr("Field that holds the class; empty if all polygons are alike"))
        self._area = AreaWidget(canvas)
        self._model = ModelPicker()
        self._quality = _quality_list()
        self._min_area = QDoubleSpinBox()
        self._min_area.setRange(0.0, 1e6)
        self._min_area.setSuffix(" m²")
        self._min_area.setToolTip(tr("Smaller polygons and holes are merged into what surrounds them"))
        self._square = QCheckBox(tr("Square right angles"))
        self._square.setToolTip(tr("Make nearly right angles, as of buildings, exactly right"))
        self._output = OutputWidget()
        self._preview = PreviewBar(canvas, backend, self._preview_plan)
        self._size = self._make_note()
        self._cost = self._make_note()
        self._cost.setToolTip(
            tr("Time and memory; the time is that of earlier jobs on this machine, once there are any")
        )
        self._run = QPushButton(QgsApplication.getThemeIcon("/mActionStart.svg"), tr("Run"))
        self._run.setToolTip(tr("Start in the background, after the jobs that are waiting (Ctrl+Enter)"))
        self._run.setShortcut("Ctrl+Return")
        review = _tool("mActionToggleEditing.svg", tr("Review polygons, the doubtful ones first"))
        review.clicked.connect(lambda: desk.review_wanted.emit(None))
        options = _tool("mActionOptions.svg", tr("Backend and device"))
        options.clicked.connect(open_settings)
        self.setWidget(self._arrange(review, options))

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(ESTIMATE_DELAY_MS)
        self._timer.timeout.connect(self._estimate)
        for signal in (
            self._image.layerChanged,
            self._area.changed,
            self._quality.currentIndexChanged,
            self._task.currentIndexChanged,
        ):
            signal.connect(lambda *_: self._timer.start())
        self._task.currentIndexChanged.connect(self._task_changed)
        self._image.layerChanged.connect(self._image_changed)
        self._coarse.layerChanged.connect(self._coarse_changed)
        self._run.clicked.connect(self.run)
        desk.area_wanted.connect(lambda: self._area.draw(AreaChoice.RECTANGLE))
        desk.file_wanted.connect(self._output.ask_for_file)
        self._preview.failed.connect(desk.report)
        self._preview.warned.connect(desk.warn)
        self._model.manage_wanted.connect(desk.models_wanted)
        self._recall()
        self._image_changed(self._image.currentLayer())
        self._task_changed()
        self._timer.start()

    def plan(self) -> JobPlan:
        """What the form says; raises `PluginError` where something is still open."""
        return replace(self._preview_plan(), area=self._area.area(), output=self._output.output())

    def _preview_plan(self) -> JobPlan:
        """What the form says, but for area and output, which a preview has no need of."""
        image = self._image.currentLayer()
        if not isinstance(image, QgsRasterLayer):
            raise PluginError(tr("Add an image to the project first."))
        if not image.isValid():
            raise PluginError(tr("{layer} cannot be read; repair its source.").format(layer=image.name()))
        task = self._task.currentData()
        return JobPlan(
            image,
            task,
            model=self._model.model(),
            coarse=self._coarse.currentLayer() if task is Task.REFINE else None,
            after=self._after.currentLayer() if task is Task.CHANGES else None,
            class_field=self._field.currentField(),
            quality=self._quality.currentData(),
            min_area=self._min_area.value(),
            square=self._square.isChecked(),
            device=settings.device(),
        )

    def run(self) -> Job | None:
        """Start what the form says."""
        self._remember()
        try:
            plan = self.plan()
        except PluginError as error:
            self._desk.report(error, self.run)
            return None
        self._preview.cancel()
        self._backend.rest()
        return self._desk.start(plan)

    def models_changed(self) -> None:
        """Offer the models that are there now."""
        self._model.reload()

    def suggest(self, layer: QgsMapLayer | None) -> None:
        """Take the active layer: a raster of colours as the image, polygons as what is to be refined."""
        if isinstance(layer, QgsRasterLayer) and (layer.bandCount() > 1 or self._image.currentLayer() is None):
            self._image.setLayer(layer)
        elif isinstance(layer, QgsVectorLayer) and layer.geometryType() == Qgis.GeometryType.Polygon:
            self._coarse.setLayer(layer)

    def end(self) -> None:
        """Stop all jobs and tidy the map, before the plugin goes."""
        self._desk.queue.cancel_all()
        self._preview.clear()
        self._area.end_drawing()
        self._area.forget()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the drawn area with the dock."""
        super().showEvent(event)
        self._area.show_band(True)
        self._preview.show_on_map(True)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hide the drawn area with the dock."""
        super().hideEvent(event)
        self._area.end_drawing()
        self._area.show_band(False)
        self._preview.show_on_map(False)

    def add_foot(self, widget: QWidget) -> None:
        """Add a widget below all others."""
        self._foot.addWidget(widget)

    def _arrange(self, *tools: QWidget) -> QWidget:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Task"), self._task)
        form.addRow(tr("Image"), self._image)
        form.addRow(tr("Later image"), self._after)
        form.addRow(tr("Layer"), self._coarse)
        form.addRow(tr("Class field"), self._field)
        form.addRow(tr("Area"), self._area)
        form.addRow("", self._size)
        form.addRow(tr("Model"), self._model)
        form.addRow(tr("Quality"), self._quality)
        form.addRow(tr("Result"), self._output)
        self._form = form
        details = QgsCollapsibleGroupBox(tr("Polygons"))
        details.setCollapsed(True)
        details.setSaveCollapsedState(False)
        details_form = QFormLayout(details)
        details_form.addRow(tr("Minimum area"), self._min_area)
        details_form.addRow("", self._square)
        top = QWidget()
        column = QVBoxLayout(top)
        column.addLayout(form)
        column.addWidget(details)
        column.addStretch(1)
        scroll = QgsScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(top)
        buttons = QHBoxLayout()
        buttons.addWidget(self._cost, 1)
        for tool in tools:
            buttons.addWidget(tool)
        buttons.addWidget(self._run)
        foot = QVBoxLayout()
        foot.setContentsMargins(9, 0, 9, 9)
        foot.addWidget(self._preview)
        foot.addLayout(buttons)
        foot.addWidget(JobsWidget(self._desk.queue))
        self._foot = foot
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)
        return body

    @staticmethod
    def _make_note() -> QLabel:
        note = QLabel()
        note.setWordWrap(True)
        note.setTextFormat(Qt.TextFormat.RichText)
        return note

    def _show_row(self, field: QWidget, shown: bool) -> None:
        """Show or hide a row of the form; Qt 5 knows no rows of a form."""
        for widget in (field, self._form.labelForField(field)):
            widget.setVisible(shown)

    def _task_changed(self) -> None:
        task = self._task.currentData()
        self._show_row(self._coarse, task is Task.REFINE)
        self._show_row(self._after, task is Task.CHANGES)
        self._show_row(self._model, task is Task.SEGMENT)
        self._preview.setVisible(task is not Task.CHANGES)
        self._output.offer(task)
        self._min_area.setValue(MIN_AREA[task])
        self._coarse_changed(self._coarse.currentLayer())

    def _image_changed(self, image: QgsMapLayer | None) -> None:
        for layers in (self._coarse, self._after):
            layers.setExceptedLayerList([image] if image is not None else [])

    def _coarse_changed(self, layer: QgsMapLayer | None) -> None:
        self._field.setLayer(layer)
        if isinstance(layer, QgsVectorLayer) and layer.fields().lookupField("class") >= 0:
            self._field.setField("class")  # as results have it
        has_fields = self._task.currentData() is Task.REFINE and self._field.count() > 1
        self._show_row(self._field, has_fields)

    def _estimate(self) -> None:
        """Show what the job will take, or what is still missing."""
        image, task = self._image.currentLayer(), self._task.currentData()
        self._run.setEnabled(image is not None)
        if not isinstance(image, QgsRasterLayer) or not image.isValid():
            self._size.setText(tr("Add an image to the project to begin."))
            self._cost.clear()
            return
        try:
            area = self._area.area()
            kind = JobPlan(image, task, quality=self._quality.currentData()).kind
            cost = estimate(image, area, kind, settings.device(), QgsProject.instance().transformContext())
        except LayerError as error:
            self._size.setText(f'<span style="color:#b9770e">{html.escape(str(error))}</span>')
            self._cost.clear()
            self._model.set_pixel_size(None)
            return
        boxed = task is not Task.SEGMENT and area is not None and area.mask is not None
        self._size.setText(size_html(cost) + (f"<br>{tr('This task takes the bounding box of the polygons.')}" * boxed))
        self._cost.setText(cost_html(cost))
        self._model.set_pixel_size(cost.gsd_m)

    def _remember(self) -> None:
        choice = self._area.choice()
        state = {
            "task": self._task.currentData().value,
            "model": self._model.model(),
            "quality": self._quality.currentData().value,
            "square": self._square.isChecked(),
            "area": choice.value if choice in (AreaChoice.WHOLE, AreaChoice.MAP) else AreaChoice.MAP.value,
            "output": self._output.state(),
        }
        QgsSettings().setValue(STATE_KEY, json.dumps(state))

    def _recall(self) -> None:
        try:
            state: dict[str, Any] = json.loads(str(QgsSettings().value(STATE_KEY, "") or "{}"))
            self._task.setCurrentIndex(self._task.findData(Task(state.get("task", "segment"))))
            self._quality.setCurrentIndex(self._quality.findData(Quality(state.get("quality", "standard"))))
            self._area.choose(AreaChoice(state.get("area", "map")))
            self._model.choose(str(state.get("model", "buildings")))
            self._square.setChecked(bool(state.get("square", False)))
            self._output.restore(state.get("output", {}))
        except (ValueError, TypeError, AttributeError):
            QgsSettings().remove(STATE_KEY)  # of another version; the defaults serve


def _task_list() -> QComboBox:
    """The tasks; changes only with a model for them."""
    tasks = QComboBox()
    tasks.addItem(tr("Segment an image"), Task.SEGMENT)
    tasks.addItem(tr("Refine a layer's boundaries"), Task.REFINE)
    if known_models("change") and QgsApplication.processingRegistry().algorithmById("idgbr:detectchanges"):
        tasks.addItem(tr("Detect changes"), Task.CHANGES)
    tasks.setToolTip(tr("Find classes with a model, or move the boundaries of a layer you have"))
    return tasks


def _quality_list() -> QComboBox:
    """The qualities, each with what it does."""
    qualities = QComboBox()
    for quality, text, tip in (
        (Quality.DRAFT, tr("Draft – fastest"), tr("Boundaries as the model gives them; one step when refining")),
        (Quality.STANDARD, tr("Standard – recommended"), tr("Refined in the refiner’s own number of steps")),
        (Quality.THOROUGH, tr("Thorough – slowest"), tr("Refined in 4 steps: boundaries move farther")),
    ):
        qualities.addItem(text, quality)
        qualities.setItemData(qualities.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
    qualities.setToolTip(tr("How much time the boundaries are worth"))
    return qualities


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


def cost_html(cost: Estimate) -> str:
    """Time and memory of a job."""
    text = tr("about {time}, {memory} GB") if cost.measured else tr("roughly {time}, {memory} GB")
    return text.format(time=duration_text(cost.seconds), memory=round(cost.memory_mb / 1024, 1))
