"""Labels that the user draws: a layer of polygons in the colours of her classes, edited with undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.own_classes.label_file import LabelFile, label_symbol
from idgbr_qgis.core.styles import CLASS_ID_FIELD, PALETTE, LayerClass
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Most classes of a model: with 0 and nodata a class raster has no more codes.
MOST_CLASSES = 254
#: What is left of a label is dropped where it is narrower than this share of label and stroke.
SLIVER = 0.05


class Labels(QObject):
    """Classes, and the polygons that were drawn for them.

    A place has one class: what is drawn takes its ground from the labels of other classes.
    """

    #: Polygons were drawn, erased, or came back.
    changed = pyqtSignal()
    #: A class is new, gone, or looks or is called otherwise.
    classes_changed = pyqtSignal()

    def __init__(
        self,
        name: str,
        crs: QgsCoordinateReferenceSystem,
        transforms: QgsCoordinateTransformContext,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._transforms = transforms
        self.classes: list[LayerClass] = []
        self.layer = QgsVectorLayer(f"MultiPolygon?field={CLASS_ID_FIELD}:integer", name, "memory")
        self.layer.setCrs(crs)
        self.layer.layerModified.connect(self.changed)
        self.layer.afterRollBack.connect(self.changed)
        self._style()

    def add_class(self, name: str = "", color: QColor | None = None) -> LayerClass:
        """Add a class after the others; without a name it is called by its number."""
        if len(self.classes) >= MOST_CLASSES:
            raise LayerError(tr("A model has at most {n} classes.").format(n=MOST_CLASSES))
        number = max((item.id for item in self.classes), default=0) + 1
        used = {item.color.name() for item in self.classes}
        free = next((known for known in PALETTE if known not in used), PALETTE[number % len(PALETTE)])
        name = self._free_name(name.strip() or tr("class {n}").format(n=number), number)
        self.classes.append(LayerClass(number, name, QColor(color or free)))
        self._style()
        return self.classes[-1]

    def take_classes(self, classes: Iterable[LayerClass]) -> None:
        """Take classes of another layer in place of those that have no labels yet."""
        labelled = self.counts()
        self.classes = [item for item in self.classes if item.id in labelled]
        self.add_classes(classes)
        self._style()

    def add_classes(self, classes: Iterable[LayerClass]) -> None:
        """Add classes of another layer, but those that are there by name."""
        known = {item.name for item in self.classes}
        for item in classes:
            if item.name not in known:
                self.add_class(item.name, item.color if item.color.isValid() else None)

    def change_class(self, number: int, *, name: str | None = None, color: QColor | None = None) -> None:
        """Give a class another name or colour; an empty name, or that of another class, is not taken."""
        found = self._index(number)
        was = self.classes[found]
        new = (name or "").strip() or was.name
        self.classes[found] = replace(was, name=self._free_name(new, number), color=QColor(color or was.color))
        self._style()

    def remove_class(self, number: int) -> None:
        """Remove a class and its labels, for good: the steps to here cannot be undone any more."""
        del self.classes[self._index(number)]
        self._edit()
        ids = [feature.id() for feature in self.layer.getFeatures() if feature[CLASS_ID_FIELD] == number]
        self.layer.deleteFeatures(ids)
        self.layer.commitChanges(False)
        self._style()

    def counts(self) -> dict[int, int]:
        """Number of labels of each class that has some, by the numbers of the classes."""
        request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
        found: dict[int, int] = {}
        for feature in self.layer.getFeatures(request):
            number = feature[CLASS_ID_FIELD]
            if any(item.id == number for item in self.classes):
                found[number] = found.get(number, 0) + 1
        return found

    def draw(self, shape: QgsGeometry, crs: QgsCoordinateReferenceSystem, number: int) -> None:
        """Add a polygon as a label of a class."""
        shape = self._here(shape, crs)
        if shape.isEmpty():
            return
        self._begin(tr("Draw label"))
        self._cut(shape, spared=number)
        self._add(shape, number)
        self.layer.endEditCommand()
        self.layer.triggerRepaint()

    def erase(self, shape: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> None:
        """Take the ground of a polygon from all labels."""
        self._begin(tr("Erase labels"))
        if self._cut(self._here(shape, crs)):
            self.layer.endEditCommand()
        else:
            self.layer.destroyEditCommand()
        self.layer.triggerRepaint()

    def undo(self) -> None:
        """Take the last step back."""
        self.layer.undoStack().undo()
        self.layer.triggerRepaint()

    def redo(self) -> None:
        """Do the step again that was taken back."""
        self.layer.undoStack().redo()
        self.layer.triggerRepaint()

    def load(self, file: LabelFile) -> None:
        """Add the classes and polygons of a file; they are where undoing ends."""
        self.add_classes(file.classes)
        numbers = {item.name: item.id for item in self.classes}
        names = {item.id: item.name for item in file.classes}
        self._edit()
        for number, shape in file.shapes:
            self._add(self._here(shape, file.crs), numbers[names[number]])
        self.layer.commitChanges(False)
        self.layer.updateExtents()

    def as_file(self) -> LabelFile:
        """A copy, which can be written in another thread."""
        known = {item.id for item in self.classes}
        shapes = [
            (feature[CLASS_ID_FIELD], feature.geometry())
            for feature in self.layer.getFeatures()
            if feature[CLASS_ID_FIELD] in known and not feature.geometry().isEmpty()
        ]
        return LabelFile(list(self.classes), shapes, QgsCoordinateReferenceSystem(self.layer.crs()))

    def _index(self, number: int) -> int:
        return next(place for place, item in enumerate(self.classes) if item.id == number)

    def _free_name(self, name: str, number: int) -> str:
        """A name that no other class has."""
        taken = {item.name for item in self.classes if item.id != number}
        tries = (name, *(f"{name} {n}" for n in range(2, len(taken) + 3)))
        return next(text for text in tries if text not in taken)

    def _here(self, shape: QgsGeometry, crs: QgsCoordinateReferenceSystem) -> QgsGeometry:
        """A valid copy of a polygon in the coordinate system of the layer."""
        moved = QgsGeometry(shape)
        try:
            moved.transform(QgsCoordinateTransform(crs, self.layer.crs(), self._transforms))
        except QgsCsException as error:
            text = tr("What was drawn cannot be transformed to {crs}.")
            raise LayerError(text.format(crs=self.layer.crs().userFriendlyIdentifier()), str(error)) from error
        return moved if moved.isGeosValid() else moved.makeValid()

    def _edit(self) -> None:
        if not self.layer.isEditable():  # the user may have ended it with QGIS's own button
            self.layer.startEditing()

    def _begin(self, title: str) -> None:
        self._edit()
        self.layer.beginEditCommand(title)

    def _add(self, shape: QgsGeometry, number: int) -> None:
        shape.convertToMultiType()
        feature = QgsFeature(self.layer.fields())
        feature.setGeometry(shape)
        feature[CLASS_ID_FIELD] = number
        self.layer.addFeature(feature)

    def _cut(self, shape: QgsGeometry, *, spared: int | None = None) -> int:
        """Take the ground of a polygon from labels, those of one class excepted; returns how many were hit."""
        hit = 0
        for feature in list(self.layer.getFeatures(QgsFeatureRequest(shape.boundingBox()))):
            geometry = feature.geometry()
            if feature[CLASS_ID_FIELD] == spared or not geometry.intersects(shape):
                continue
            rest = _without_slivers(geometry.difference(shape), SLIVER * min(_width(geometry), _width(shape)))
            hit += 1
            if rest.isEmpty():
                self.layer.deleteFeature(feature.id())
            else:
                self.layer.changeGeometry(feature.id(), rest)
        return hit

    def _style(self) -> None:
        categories = [QgsRendererCategory(item.id, label_symbol(item.color), item.name) for item in self.classes]
        self.layer.setRenderer(QgsCategorizedSymbolRenderer(CLASS_ID_FIELD, categories))
        self.layer.triggerRepaint()
        self.classes_changed.emit()


def _width(polygon: QgsGeometry) -> float:
    """About how wide a polygon is, at least where it is long."""
    return 2 * polygon.area() / polygon.length() if polygon.length() else 0.0


def _without_slivers(polygons: QgsGeometry, width: float) -> QgsGeometry:
    """The parts that are wider, as a multipolygon; a stroke along the edge of another one leaves none."""
    parts = [part for part in polygons.asGeometryCollection() if _width(part) > width]
    return QgsGeometry.collectGeometry(parts) if parts else QgsGeometry()
