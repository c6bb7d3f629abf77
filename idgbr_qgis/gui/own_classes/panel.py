"""The panel for a model of one's own: classes, tools to draw labels, the preview of them, saving."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.gui import QgsDockWidget, QgsMapCanvas, QgsMapLayerComboBox, QgsScrollArea
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QFormLayout, QFrame, QLabel, QMessageBox, QVBoxLayout, QWidget

from idgbr_qgis.core.errors import BackendError, LayerError, PluginError
from idgbr_qgis.core.extents import check_crs
from idgbr_qgis.core.own_classes.label_file import LabelFile
from idgbr_qgis.core.own_classes.labels import Labels
from idgbr_qgis.core.own_classes.map_layers import MapLayers
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.own_classes.class_table import ClassTable
from idgbr_qgis.gui.own_classes.drawing_tools import DrawingTools
from idgbr_qgis.gui.own_classes.layer_classes import ask_for_classes
from idgbr_qgis.gui.own_classes.live_preview import LivePreview
from idgbr_qgis.gui.own_classes.preview_options import PreviewOptions
from idgbr_qgis.gui.own_classes.save_bar import SaveBar

if TYPE_CHECKING:
    from qgis.core import QgsGeometry

    from idgbr_qgis.core.warm_backend import WarmBackend

#: The backend knows this class by its name: it gets no polygons.
BACKGROUND, BACKGROUND_COLOR = "background", QColor(190, 190, 190)
#: Errors of the backend that concern more than the labels, and have a button that helps.
GRAVE = ("ModelError", "DeviceError", "DeviceMemoryError")


class OwnClassesDock(QgsDockWidget):
    """Puts the parts together around the labels of one session."""

    #: The user's models have changed.
    models_changed = pyqtSignal()
    #: A model shall segment an image.
    run_wanted = pyqtSignal(str, QgsMapLayer)
    #: Something is wrong that has a button that helps, and what tries again.
    failed = pyqtSignal(object, object)

    def __init__(self, canvas: QgsMapCanvas, backend: WarmBackend, parent: QWidget | None = None) -> None:
        super().__init__(tr("IDGBR new model"), parent)
        self.setObjectName("IdgbrOwnClassesDock")
        self._canvas = canvas
        self._labels: Labels | None = None
        self._layers: MapLayers | None = None
        self.live = LivePreview(canvas, backend, self)
        self.image = QgsMapLayerComboBox()
        self.image.setFilters(Qgis.LayerFilter.RasterLayer)
        self.image.setToolTip(tr("Image on which you draw: a file, a virtual raster or a web map"))
        self.classes = ClassTable()
        self.tools = DrawingTools(canvas, self)
        self.options = PreviewOptions()
        self.saving = SaveBar(backend)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self.setWidget(self._arrange())
        self._connect()
        QgsProject.instance().cleared.connect(self.end)
        QgsProject.instance().layersAdded.connect(self._leave_out_preview)
        self._image_changed()

    @property
    def labels(self) -> Labels | None:
        """The labels that are drawn, where a session has begun."""
        return self._labels

    def new(self, image: QgsMapLayer | None) -> None:
        """Begin a model on an image; one that is not saved yet is gone on with."""
        if isinstance(image, QgsRasterLayer):
            self.image.setLayer(image)
        if self._labels is None or not self.saving.unsaved:
            self._begin(LabelFile())

    def go_on(self, path: Path) -> None:
        """Continue with the labels of a saved model."""
        if self.saving.unsaved and not self._may_forget():
            return
        try:
            file = LabelFile.read(path)
        except LayerError as error:
            self._show_error(error)
            return
        self._begin(file, path.stem)

    def end(self) -> None:
        """End the session; the layer of labels stays in the project, if that stays."""
        self.tools.stop()
        self.live.end()
        self.saving.cancel()
        if self._labels is not None:
            self._labels.deleteLater()
        self._labels = self._layers = None
        self.classes.follow(None)
        self._image_changed()

    def _arrange(self) -> QWidget:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Image"), self.image)
        column = QVBoxLayout()
        column.addLayout(form)
        for part in (self.classes, self.tools, self.options, self._text):
            column.addWidget(part)
        column.addStretch(1)
        content = QWidget()
        content.setLayout(column)
        scroll = QgsScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(content)
        foot = QVBoxLayout()
        foot.setContentsMargins(9, 0, 9, 9)
        foot.addWidget(self.saving)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)
        return body

    def _connect(self) -> None:
        # A panel behind another one gets no event of hiding.
        self.visibilityChanged.connect(self._seen)
        self.image.layerChanged.connect(self._image_changed)
        self.classes.chosen.connect(self._class_chosen)
        self.classes.add_wanted.connect(self._add_class)
        self.classes.remove_wanted.connect(self._remove_class)
        self.classes.layer_wanted.connect(self._take_classes)
        self.tools.drawn.connect(self._draw)
        self.tools.erased.connect(self._erase)
        self.tools.class_wanted.connect(self._key)
        self.tools.undo_wanted.connect(lambda: self._labels and self._labels.undo())
        self.tools.redo_wanted.connect(lambda: self._labels and self._labels.redo())
        self.options.refine_changed.connect(self.live.set_refine)
        self.options.marked_changed.connect(self.live.set_marked)
        self.options.shown_changed.connect(lambda shown: self._layers and self._layers.set_shown(shown))
        self.options.opacity_changed.connect(lambda value: self._layers and self._layers.set_opacity(value))
        self.saving.continue_wanted.connect(self.go_on)
        self.saving.saved.connect(lambda _: self.models_changed.emit())
        self.saving.run_wanted.connect(lambda model: self.run_wanted.emit(model, self.image.currentLayer()))
        for part in (self.live, self.saving):
            part.said.connect(self._say)
            part.failed.connect(self._show_error)

    def _begin(self, file: LabelFile, name: str = "") -> None:
        """Begin a session with the labels of a file, or with two classes and none."""
        self.end()
        image, project = self.image.currentLayer(), QgsProject.instance()
        if not isinstance(image, QgsRasterLayer) or not image.isValid():
            self._say(tr("Add an image to the project to begin."))
            return
        try:
            check_crs(image)
        except PluginError as error:
            self.failed.emit(error, lambda: self._begin(file, name))
            return
        labels = Labels(tr("Labels"), image.crs(), project.transformContext(), self)
        labels.layer.willBeDeleted.connect(self.end)
        labels.layer.undoStack().indexChanged.connect(self._steps_changed)
        self._labels = labels
        if file.classes:
            labels.load(file)
        else:
            labels.add_class()
            labels.add_class(BACKGROUND, BACKGROUND_COLOR)
        title = tr("IDGBR – new model – {layer}").format(layer=image.name())
        self._layers = MapLayers(project, title, labels.layer)
        self.classes.follow(labels)
        self.saving.follow(labels, name, saved=bool(file.classes))
        self.live.begin(labels, self._layers, image)
        self._image_changed()
        self._steps_changed()
        self._show_labels()
        self.live.update()

    def _show_labels(self) -> None:
        """Go to labels that the map does not show."""
        layer = self._labels.layer
        if layer.featureCount():
            box = self._canvas.mapSettings().layerExtentToOutputExtent(layer, layer.extent())
            if not self._canvas.extent().intersects(box):
                self._canvas.setExtent(box.buffered(0.2 * max(box.width(), box.height())))
                self._canvas.refresh()

    def _seen(self, seen: bool) -> None:
        """Follow the map while the panel is in front; else leave it to others, with the layers in it."""
        self.live.set_active(seen)
        if not seen:
            self.tools.stop()

    def _image_changed(self) -> None:
        image = self.image.currentLayer()
        usable = isinstance(image, QgsRasterLayer) and image.isValid()
        for part in (self.classes, self.tools, self.options):
            part.setEnabled(usable and self._labels is not None)
        self.saving.set_image(image if usable else None)
        self.live.set_image(image if usable else None)

    def _leave_out_preview(self) -> None:
        """The preview is no image to draw on."""
        preview = self._layers.preview if self._layers is not None else None
        self.image.setExceptedLayerList([preview] if preview is not None else [])

    def _class_chosen(self) -> None:
        if (item := self.classes.current()) is not None:
            self.tools.set_color(item.color)

    def _key(self, row: int) -> None:
        if self.classes.choose(row):
            self.tools.draw()

    def _add_class(self) -> None:
        if self._labels is not None:
            try:
                self._labels.add_class()
            except LayerError as error:
                self._show_error(error)
                return
            self.classes.choose(len(self._labels.classes) - 1)
            self.classes.rename()

    def _remove_class(self) -> None:
        item = self.classes.current()
        if self._labels is None or item is None:
            return
        count = self._labels.counts().get(item.id, 0)
        text = tr("Remove {name} with its {n} labels? This cannot be undone.").format(name=item.name, n=count)
        yes = QMessageBox.StandardButton.Yes
        if not count or QMessageBox.question(self, self.windowTitle(), text) == yes:
            self._labels.remove_class(item.id)

    def _take_classes(self) -> None:
        if self._labels is not None and (found := ask_for_classes(self)):
            try:
                self._labels.take_classes(found)
            except LayerError as error:
                self._show_error(error)

    def _draw(self, shape: QgsGeometry) -> None:
        item = self.classes.current()
        if self._labels is None or item is None:
            self._say(tr("Add a class first."))
            return
        try:
            self._labels.draw(shape, self._map_crs(), item.id)
        except LayerError as error:
            self._show_error(error)

    def _erase(self, shape: QgsGeometry) -> None:
        if self._labels is not None:
            try:
                self._labels.erase(shape, self._map_crs())
            except LayerError as error:
                self._show_error(error)

    def _map_crs(self) -> object:
        return self._canvas.mapSettings().destinationCrs()

    def _steps_changed(self) -> None:
        if self._labels is not None:
            stack = self._labels.layer.undoStack()
            self.tools.set_steps(undo=stack.canUndo(), redo=stack.canRedo())

    def _may_forget(self) -> bool:
        text = tr("The labels are not saved with a model. Continue another one?")
        return QMessageBox.question(self, self.windowTitle(), text) == QMessageBox.StandardButton.Yes

    def _say(self, text: str) -> None:
        self._text.setText(html.escape(text))

    def _show_error(self, error: PluginError) -> None:
        """One line in the panel; where a button helps, QGIS's message bar has it."""
        self._text.setText(f'<span style="color:#b9770e">{html.escape(str(error))}</span>')
        ours = isinstance(error, LayerError) or (isinstance(error, BackendError) and error.kind not in GRAVE)
        if not ours:
            self.failed.emit(error, self.live.update)
