"""The form of the dock: what to do with which layers, where, by which model and how well; the plan of a job."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFieldProxyModel,
    QgsMapLayer,
    QgsRasterLayer,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsCollapsibleGroupBox, QgsFieldComboBox, QgsMapCanvas, QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from idgbr_qgis.core import settings
from idgbr_qgis.core.errors import PluginError
from idgbr_qgis.core.job_plan import JobPlan, Quality, Task
from idgbr_qgis.core.models import known_models
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.area_widget import AreaChoice, AreaWidget
from idgbr_qgis.gui.model_picker import ModelPicker
from idgbr_qgis.gui.output_widget import OutputWidget
from idgbr_qgis.gui.selected_only import SelectedOnly

STATE_KEY = f"{settings.GROUP}/dock"
#: Default of the smallest polygon by task, in m²: a result that is refined keeps what was there.
MIN_AREA = {Task.SEGMENT: 4.0, Task.REFINE: 0.0, Task.CHANGES: 10.0}


class JobForm(QWidget):
    """What the user asks for; its rows are those that the task has."""

    #: Task, image, area or quality are others.
    changed = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task_list = QComboBox()
        self.task_list.setToolTip(tr("Find classes with a model, or move the boundaries of a layer you have"))
        self.image = QgsMapLayerComboBox()
        self.image.setFilters(Qgis.LayerFilter.RasterLayer)
        self.image.setToolTip(tr("Orthophoto or satellite image: a file, a virtual raster or a web map"))
        self.coarse = QgsMapLayerComboBox()
        self.coarse.setFilters(Qgis.LayerFilters(Qgis.LayerFilter.RasterLayer | Qgis.LayerFilter.PolygonLayer))
        self.coarse.setToolTip(tr("Class raster or polygon layer whose boundaries are roughly right"))
        self.selected_only = SelectedOnly()
        self.after = QgsMapLayerComboBox()
        self.after.setFilters(Qgis.LayerFilter.RasterLayer)
        self.after.setToolTip(tr("The same place at a later date, in any coordinate system and resolution"))
        self.class_field = QgsFieldComboBox()
        self.class_field.setFilters(QgsFieldProxyModel.Filter.String | QgsFieldProxyModel.Filter.Int)
        self.class_field.setAllowEmptyFieldName(True)
        self.class_field.setToolTip(tr("Field that holds the class; empty if all polygons have the same class"))
        self.area = AreaWidget(canvas)
        #: Below the area: its size, or what is missing.
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.RichText)
        self.model = ModelPicker()
        self.quality = _quality_list()
        self.output = OutputWidget()
        self.min_area = QDoubleSpinBox()
        self.min_area.setRange(0.0, 1e6)
        self.min_area.setSuffix(" m²")
        self.min_area.setToolTip(tr("Smaller polygons and holes are merged into their surroundings"))
        self.regularize = _outline_list()
        self.objects = QCheckBox(tr("Touching objects apart"))
        self.objects.setToolTip(tr("Give touching objects, such as row houses, polygons of their own"))
        self.align = QCheckBox(tr("Align polygons first"))
        self.align.setToolTip(tr("Move misplaced polygons onto the image, by up to 8 m, before they are refined"))
        self._arrange()
        self._list_tasks()
        self.recall()
        self._image_changed(self.image.currentLayer())
        self._task_changed()
        self.image.layerChanged.connect(self._image_changed)
        self.coarse.layerChanged.connect(self._coarse_changed)
        self.task_list.currentIndexChanged.connect(self._task_changed)
        self.area.changed.connect(self.changed)
        self.quality.currentIndexChanged.connect(lambda _: self.changed.emit())

    @property
    def task(self) -> Task:
        """What is to be done."""
        task: Task = self.task_list.currentData()
        return task

    def plan(self) -> JobPlan:
        """What the form says; raises `PluginError` where something is still open."""
        return replace(self.preview_plan(), area=self.area.area(), output=self.output.output())

    def preview_plan(self) -> JobPlan:
        """What the form says, but for area and output, which a preview has no need of."""
        image, task = self.image.currentLayer(), self.task
        if not isinstance(image, QgsRasterLayer):
            raise PluginError(tr("Add an image to the project first."))
        if not image.isValid():
            raise PluginError(tr("{layer} cannot be read; repair its source.").format(layer=image.name()))
        return JobPlan(
            image,
            task,
            model=self.model.model(),
            coarse=self.coarse.currentLayer() if task is Task.REFINE else None,
            after=self.after.currentLayer() if task is Task.CHANGES else None,
            selected_only=self.selected_only.chosen,
            class_field=self.class_field.currentField(),
            quality=self.quality.currentData(),
            min_area=self.min_area.value(),
            regularize=self.regularize.currentData(),
            objects=self.objects.isChecked(),
            align=self.align.isChecked(),
            device=settings.device(),
        )

    def training(self) -> dict[str, QgsMapLayer | str | None]:
        """What the form says, as parameters of the algorithm that trains; its own dialog asks for the rest."""
        labels = self.coarse.currentLayer()
        return {
            "INPUT": self.image.currentLayer(),
            "LABELS": labels if isinstance(labels, QgsVectorLayer) else None,
            "CLASS_FIELD": self.class_field.currentField(),
        }

    def suggest(self, layer: QgsMapLayer | None) -> None:
        """Take the active layer: a raster of colours as the image, polygons as what is to be refined."""
        if isinstance(layer, QgsRasterLayer) and (layer.bandCount() > 1 or self.image.currentLayer() is None):
            self.image.setLayer(layer)
        elif isinstance(layer, QgsVectorLayer) and layer.geometryType() == Qgis.GeometryType.Polygon:
            self.coarse.setLayer(layer)

    def segment_with(self, model: str, image: QgsMapLayer | None) -> None:
        """Choose a model to segment an image with, as the user would."""
        self._choose_task(Task.SEGMENT)
        self.model.choose(model)
        if image is not None:
            self.image.setLayer(image)

    def models_changed(self) -> None:
        """Offer the models that are there now, and the tasks that need them."""
        self.model.reload()
        self._list_tasks()

    def remember(self) -> None:
        """Keep the choices for the next time."""
        choice = self.area.choice()
        state = {
            "task": self.task.value,
            "model": self.model.model(),
            "quality": self.quality.currentData().value,
            "regularize": self.regularize.currentData(),
            "area": choice.value if choice in (AreaChoice.WHOLE, AreaChoice.MAP) else AreaChoice.MAP.value,
            "output": self.output.state(),
        }
        QgsSettings().setValue(STATE_KEY, json.dumps(state))

    def recall(self) -> None:
        """Choose what was kept."""
        try:
            state: dict[str, Any] = json.loads(str(QgsSettings().value(STATE_KEY, "") or "{}"))
            self._choose_task(Task(state.get("task", "segment")))
            self.quality.setCurrentIndex(self.quality.findData(Quality(state.get("quality", "standard"))))
            self.area.choose(AreaChoice(state.get("area", "map")))
            self.model.choose(str(state.get("model", "buildings")))
            method = state.get("regularize", "right-angles" if state.get("square") else "model")
            self.regularize.setCurrentIndex(max(self.regularize.findData(method), 0))
            self.output.restore(state.get("output", {}))
        except (ValueError, TypeError, AttributeError):
            QgsSettings().remove(STATE_KEY)  # of another version; the defaults serve

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Task"), self.task_list)
        form.addRow(tr("Image"), self.image)
        form.addRow(tr("Later image"), self.after)
        form.addRow(tr("Layer"), self.coarse)
        form.addRow("", self.selected_only)
        form.addRow("", self.align)
        form.addRow(tr("Class field"), self.class_field)
        form.addRow(tr("Area"), self.area)
        form.addRow("", self.note)
        form.addRow(tr("Model"), self.model)
        form.addRow(tr("Quality"), self.quality)
        form.addRow(tr("Result"), self.output)
        self._rows = form
        details = self._details = QgsCollapsibleGroupBox(tr("Polygons"))
        details.setCollapsed(True)
        details.setSaveCollapsedState(False)
        details_form = QFormLayout(details)
        details_form.addRow(tr("Minimum area"), self.min_area)
        details_form.addRow(tr("Outlines"), self.regularize)
        details_form.addRow("", self.objects)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(details)
        column.addStretch(1)

    def _list_tasks(self) -> None:
        """Offer the tasks: changes only with a model for them, training where there is an algorithm for it."""
        titles = {
            Task.SEGMENT: tr("Segment an image"),
            Task.REFINE: tr("Refine a layer's boundaries"),
            Task.CHANGES: tr("Detect changes"),
            Task.TRAIN: tr("Train a model on your polygons"),
        }
        chosen = self.task_list.currentData()
        self.task_list.blockSignals(True)
        self.task_list.clear()
        if not known_models("change"):
            del titles[Task.CHANGES]
        if QgsApplication.processingRegistry().algorithmById(f"idgbr:{Task.TRAIN.value}") is None:
            del titles[Task.TRAIN]
        for task, title in titles.items():
            self.task_list.addItem(title, task)
        self._choose_task(chosen)
        self.task_list.blockSignals(False)
        if chosen not in (None, self.task):
            self._task_changed()  # its model is gone

    def _choose_task(self, task: Task | None) -> None:
        self.task_list.setCurrentIndex(max(0, self.task_list.findData(task)))

    def _show_row(self, field: QWidget, shown: bool) -> None:
        """Show or hide a row of the form; Qt 5 knows no rows of a form."""
        for widget in (field, self._rows.labelForField(field)):
            widget.setVisible(shown)

    def _task_changed(self) -> None:
        task = self.task
        self._show_row(self.coarse, task in (Task.REFINE, Task.TRAIN))
        self._show_row(self.after, task is Task.CHANGES)
        self._show_row(self.model, task is Task.SEGMENT)
        for field in (self.area, self.quality, self.output):
            self._show_row(field, task is not Task.TRAIN)
        self._details.setVisible(task is not Task.TRAIN)
        if task is not Task.TRAIN:
            self.output.offer(task)
            self.min_area.setValue(MIN_AREA[task])
            self.objects.setChecked(task is Task.SEGMENT)
            self.objects.setVisible(task in (Task.SEGMENT, Task.REFINE))
        self._coarse_changed(self.coarse.currentLayer())
        self.changed.emit()

    def _image_changed(self, image: QgsMapLayer | None) -> None:
        for layers in (self.coarse, self.after):
            layers.setExceptedLayerList([image] if image is not None else [])
        self.changed.emit()

    def _coarse_changed(self, layer: QgsMapLayer | None) -> None:
        self.class_field.setLayer(layer)
        self.selected_only.set_layer(layer)
        for box in (self.selected_only, self.align):
            box.setVisible(self.task is Task.REFINE and isinstance(layer, QgsVectorLayer))
        if isinstance(layer, QgsVectorLayer) and layer.fields().lookupField("class") >= 0:
            self.class_field.setField("class")  # as results have it
        self._show_row(self.class_field, self.task in (Task.REFINE, Task.TRAIN) and self.class_field.count() > 1)


def _quality_list() -> QComboBox:
    """The qualities, each with what it does."""
    qualities = QComboBox()
    for quality, text, tip in (
        (Quality.DRAFT, tr("Draft – fastest"), tr("No refinement of a model's result; one step when refining a layer")),
        (Quality.STANDARD, tr("Standard – recommended"), tr("Refined with the refiner’s default number of steps")),
        (Quality.THOROUGH, tr("Thorough – slowest"), tr("Refined with 4 steps: boundaries can move farther")),
    ):
        qualities.addItem(text, quality)
        qualities.setItemData(qualities.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
    qualities.setToolTip(tr("How much time to spend on boundaries"))
    return qualities


def _outline_list() -> QComboBox:
    """The methods for regular outlines, as the jobs name them."""
    methods = QComboBox()
    for method, text in (
        ("model", tr("As the model suggests")),
        ("none", tr("As they are")),
        ("right-angles", tr("Right angles")),
        ("diagonals", tr("Right angles and diagonals")),
        ("circles", tr("Circles")),
        ("auto", tr("Regular, by object")),
    ):
        methods.addItem(text, method)
    methods.setItemData(
        0,
        tr("Regular for buildings; as they are for land cover and where no model is chosen"),
        Qt.ItemDataRole.ToolTipRole,
    )
    methods.setToolTip(tr("Give objects such as buildings regular outlines, if they nearly have them"))
    return methods
