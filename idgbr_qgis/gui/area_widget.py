"""Chooses the area of a job: all of the image, what the map shows, drawn, selected, or a layer."""

from __future__ import annotations

from enum import Enum

from qgis.core import Qgis, QgsApplication, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas, QgsMapLayerComboBox, QgsMapTool
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QGridLayout, QToolButton, QWidget

from idgbr_qgis.core.area import Area
from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.area_tools import AreaTool, PolygonTool, RectangleTool, make_band


class AreaChoice(Enum):
    """Where the area comes from."""

    WHOLE = "whole"
    MAP = "map"
    RECTANGLE = "rectangle"
    POLYGON = "polygon"
    SELECTION = "selection"
    LAYER = "layer"


DRAWN = (AreaChoice.RECTANGLE, AreaChoice.POLYGON)


class AreaWidget(QWidget):
    """The list of choices, and a button for each map tool."""

    #: The area is another one.
    changed = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._band = make_band(canvas)
        self._band.setFillColor(Qt.GlobalColor.transparent)  # results shall be seen in it
        self._shape: QgsGeometry | None = None
        self._before: QgsMapTool | None = None
        self._choice = QComboBox()
        for choice, icon, text in (
            (AreaChoice.WHOLE, "mIconRaster.svg", tr("Whole image")),
            (AreaChoice.MAP, "mActionZoomToArea.svg", tr("What the map shows")),
            (AreaChoice.RECTANGLE, "mActionAddBasicRectangle.svg", tr("Drawn rectangle")),
            (AreaChoice.POLYGON, "mActionAddPolygon.svg", tr("Drawn polygon")),
            (AreaChoice.SELECTION, "mActionSelectRectangle.svg", tr("Selected polygons")),
            (AreaChoice.LAYER, "mIconPolygonLayer.svg", tr("Layer")),
        ):
            self._choice.addItem(QgsApplication.getThemeIcon(f"/{icon}"), text, choice)
        self._choice.setToolTip(tr("Part of the image to process"))
        self._tools: dict[AreaChoice, AreaTool] = {
            AreaChoice.RECTANGLE: RectangleTool(canvas),
            AreaChoice.POLYGON: PolygonTool(canvas),
        }
        self._buttons: dict[AreaChoice, QToolButton] = {}
        for choice, icon, text in (
            (AreaChoice.RECTANGLE, "mActionAddBasicRectangle.svg", tr("Draw a rectangle on the map")),
            (
                AreaChoice.POLYGON,
                "mActionAddPolygon.svg",
                tr("Draw a polygon: right-click finishes, Backspace removes the last point"),
            ),
        ):
            self._buttons[choice] = self._make_button(choice, icon, text)
        self._layer = QgsMapLayerComboBox()
        self._layer.setToolTip(tr("Layer whose polygons or extent define the area"))

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._choice, 0, 0)
        for column, button in enumerate(self._buttons.values(), 1):
            layout.addWidget(button, 0, column)
        layout.addWidget(self._layer, 1, 0, 1, 3)
        layout.setColumnStretch(0, 1)
        self.setFocusProxy(self._choice)

        self._choice.currentIndexChanged.connect(self._choice_changed)
        self._choice.activated.connect(self._choice_made)
        self._layer.layerChanged.connect(self._layer_changed)
        canvas.extentsChanged.connect(self._map_moved)
        canvas.selectionChanged.connect(self._selection_changed)
        canvas.destinationCrsChanged.connect(self.forget)
        self._choice_changed()

    def choice(self) -> AreaChoice:
        """What is chosen."""
        return self._choice.currentData()

    def choose(self, choice: AreaChoice) -> None:
        """Choose, as the user would."""
        self._choice.setCurrentIndex(self._choice.findData(choice))

    def draw(self, choice: AreaChoice) -> None:
        """Choose a drawn area and let it be drawn."""
        self.choose(choice)
        tool = self._tools[choice]
        if self._canvas.mapTool() is not tool:
            if self._canvas.mapTool() not in self._tools.values():
                self._before = self._canvas.mapTool()
            self._canvas.setMapTool(tool)
        self._canvas.setFocus()

    def area(self) -> Area | None:
        """The area, None for all of the image; raises `LayerError` where it is still to be drawn or selected."""
        choice = self.choice()
        crs = self._canvas.mapSettings().destinationCrs()
        if choice is AreaChoice.MAP:
            return Area.of_rectangle(self._canvas.extent(), crs)
        if choice in DRAWN:
            if self._shape is None:
                raise LayerError(tr("Draw the area on the map."))
            if choice is AreaChoice.RECTANGLE and self._shape.isGeosEqual(
                QgsGeometry.fromRect(self._shape.boundingBox())
            ):
                return Area.of_rectangle(self._shape.boundingBox(), crs)
            return Area.of_polygons([self._shape], crs)
        if choice is AreaChoice.WHOLE:
            return None
        layer = self._layer.currentLayer()
        if layer is None:
            raise LayerError(tr("There is no layer for the area; add one or choose another area."))
        if choice is AreaChoice.SELECTION and isinstance(layer, QgsVectorLayer):
            return Area.of_selection(layer)
        return Area.of_layer(layer)

    def forget(self) -> None:
        """Take the drawn area off the map, as when the map's coordinate system changes."""
        self._shape = None
        self._band.reset(Qgis.GeometryType.Polygon)
        self.changed.emit()

    def show_band(self, shown: bool) -> None:
        """Show or hide the drawn area."""
        self._band.setVisible(shown and self.choice() in DRAWN)

    def end_drawing(self) -> None:
        """Give the map back the tool it had before."""
        if self._canvas.mapTool() in self._tools.values():
            tool = self._canvas.mapTool()
            self._canvas.unsetMapTool(tool)
            if self._before is not None and not sip.isdeleted(self._before):
                self._canvas.setMapTool(self._before)

    def _make_button(self, choice: AreaChoice, icon: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(QgsApplication.getThemeIcon(f"/{icon}"))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.clicked.connect(lambda checked: self.draw(choice) if checked else self.end_drawing())
        tool = self._tools[choice]
        tool.setButton(button)  # checked while the tool is in use
        tool.drawn.connect(self._take)
        tool.cancelled.connect(self.end_drawing)
        return button

    def _take(self, shape: QgsGeometry) -> None:
        self._shape = shape
        self._band.setToGeometry(shape)
        self._band.setVisible(True)
        self.end_drawing()
        self.changed.emit()

    def _choice_changed(self) -> None:
        choice = self.choice()
        self._shape = None
        self._band.reset(Qgis.GeometryType.Polygon)
        polygons, rasters = Qgis.LayerFilter.PolygonLayer, Qgis.LayerFilter.RasterLayer
        self._layer.setFilters(polygons if choice is AreaChoice.SELECTION else Qgis.LayerFilters(polygons | rasters))
        self._layer.setVisible(choice in (AreaChoice.SELECTION, AreaChoice.LAYER))
        if choice is AreaChoice.SELECTION:
            selected = (layer for layer in _polygon_layers() if layer.selectedFeatureCount())
            if (layer := next(selected, None)) is not None:
                self._layer.setLayer(layer)
        if choice not in DRAWN:
            self.end_drawing()
        self.changed.emit()

    def _choice_made(self) -> None:
        if self.choice() in DRAWN:
            self.draw(self.choice())

    def _layer_changed(self) -> None:
        if self.choice() in (AreaChoice.SELECTION, AreaChoice.LAYER):
            self.changed.emit()

    def _map_moved(self) -> None:
        if self.choice() is AreaChoice.MAP:
            self.changed.emit()

    def _selection_changed(self) -> None:
        if self.choice() is AreaChoice.SELECTION:
            self.changed.emit()


def _polygon_layers() -> list[QgsVectorLayer]:
    layers = QgsProject.instance().mapLayers().values()
    return [
        layer
        for layer in layers
        if isinstance(layer, QgsVectorLayer) and layer.geometryType() == Qgis.GeometryType.Polygon
    ]
