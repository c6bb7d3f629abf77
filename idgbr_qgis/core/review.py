"""A review of polygons, the doubtful ones first: each is accepted, rejected or left; all of it can be undone."""

from __future__ import annotations

from enum import Enum

from qgis.core import QgsFeature, QgsFeatureRequest, QgsField, QgsVectorLayer
from qgis.PyQt.QtCore import QMetaType, QObject, pyqtSignal

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.results import CONFIDENCE_FIELD, MOVED_FIELD
from idgbr_qgis.core.translation import tr

REVIEW_FIELD, ACCEPTED = "review", "accepted"
#: Polygons of one review; more are reviewed by beginning again.
MOST_POLYGONS = 2000


class Order(Enum):
    """Which polygons come first, by the field that says so."""

    LEAST_CONFIDENT = CONFIDENCE_FIELD
    MOST_MOVED = MOVED_FIELD


def orders_of(layer: QgsVectorLayer | None) -> list[Order]:
    """Orders that a layer has the fields for."""
    return [order for order in Order if layer is not None and layer.fields().lookupField(order.value) >= 0]


class Review(QObject):
    """One walk through the polygons of a layer, which is being edited meanwhile."""

    #: Another polygon is the current one, or a decision was made or undone.
    changed = pyqtSignal()

    def __init__(self, layer: QgsVectorLayer, order: Order, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if not layer.isEditable() and not layer.startEditing():
            text = tr("{layer} cannot be edited; save it as a GeoPackage first.")
            raise LayerError(text.format(layer=layer.name()))
        self.layer = layer
        self._ids = _worst_first(layer, order)
        if not self._ids:
            raise LayerError(tr("{layer} has no polygons left to review.").format(layer=layer.name()))
        self._at = 0
        self._decided: list[int] = []
        layer.undoStack().indexChanged.connect(self.changed)

    @property
    def position(self) -> int:
        """Place of the current polygon, from 1."""
        return self._at + 1

    @property
    def count(self) -> int:
        """Number of polygons in the review."""
        return len(self._ids)

    def current(self) -> QgsFeature:
        """The current polygon; not valid where it was rejected."""
        return self.layer.getFeature(self._ids[self._at])

    def decision(self) -> str:
        """What was decided for the current polygon, for people; empty if nothing was."""
        feature = self.current()
        if not feature.isValid():
            return tr("rejected")
        return tr("accepted") if _is_accepted(feature) else ""

    def counts(self) -> tuple[int, int]:
        """Polygons accepted and rejected in this review, as it stands after what was undone."""
        features = [self.layer.getFeature(number) for number in set(self._decided)]
        rejected = sum(not feature.isValid() for feature in features)
        return sum(feature.isValid() and _is_accepted(feature) for feature in features), rejected

    def move(self, step: int) -> None:
        """Go on or back."""
        self._at = min(max(self._at + step, 0), len(self._ids) - 1)
        self.changed.emit()

    def accept(self) -> None:
        """Mark the current polygon as right, in the field `review`, and go on."""
        feature = self.current()
        if feature.isValid():
            self.layer.beginEditCommand(tr("Accept polygon"))
            if self.layer.fields().lookupField(REVIEW_FIELD) < 0:
                self.layer.addAttribute(QgsField(REVIEW_FIELD, QMetaType.Type.QString, len=10))
                self.layer.updateFields()
            field = self.layer.fields().lookupField(REVIEW_FIELD)
            self._decide(self.layer.changeAttributeValue(feature.id(), field, ACCEPTED))

    def reject(self) -> None:
        """Take the current polygon away, and go on."""
        feature = self.current()
        if feature.isValid():
            self.layer.beginEditCommand(tr("Reject polygon"))
            self._decide(self.layer.deleteFeature(feature.id()))

    def undo(self) -> None:
        """Take back the last edit of the layer; if it was a decision, go to its polygon."""
        before = self.counts()
        self.layer.undoStack().undo()
        if self._decided and self.counts() != before:
            self._at = self._ids.index(self._decided.pop())
        self.changed.emit()

    def _decide(self, done: bool) -> None:
        if not done:
            self.layer.destroyEditCommand()
            return
        self._decided.append(self._ids[self._at])
        self.layer.endEditCommand()
        self.move(1)


def _worst_first(layer: QgsVectorLayer, order: Order) -> list[int]:
    """Ids of polygons that nobody has accepted yet; the layer's provider sorts them."""
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes([order.value], layer.fields())
    filters = [f'"{order.value}" IS NOT NULL']
    if layer.fields().lookupField(REVIEW_FIELD) >= 0:
        filters.append(f'"{REVIEW_FIELD}" IS NULL OR "{REVIEW_FIELD}" <> \'{ACCEPTED}\'')
    request.setFilterExpression(" AND ".join(f"({text})" for text in filters))
    request.addOrderBy(f'"{order.value}"', order is Order.LEAST_CONFIDENT)
    request.setLimit(MOST_POLYGONS)
    return [feature.id() for feature in layer.getFeatures(request)]


def _is_accepted(feature: QgsFeature) -> bool:
    field = feature.fieldNameIndex(REVIEW_FIELD)
    return field >= 0 and feature[field] == ACCEPTED
