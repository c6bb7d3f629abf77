"""The review panel: steps through doubtful polygons on the map, with a key for each decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsApplication, QgsFeature, QgsGeometry, QgsVectorLayer
from qgis.gui import QgsDockWidget, QgsMapCanvas, QgsMapLayerComboBox, QgsMessageBar, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QKeySequence
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QPushButton,
    QShortcut,
    QVBoxLayout,
    QWidget,
)

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.results import CONFIDENCE_FIELD, MOVED_FIELD
from idgbr_qgis.core.review import Order, Review, orders_of
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.notices import notify

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.PyQt.QtGui import QHideEvent

#: The map shows a polygon with this much around it, as a multiple of its size.
SURROUNDINGS = 5.0
MARK = QColor(255, 230, 0)


class ReviewDock(QgsDockWidget):
    """Chooses a layer and walks through it. `edit` hands a layer, its polygon selected, to QGIS's own tools."""

    def __init__(
        self,
        canvas: QgsMapCanvas,
        bar: QgsMessageBar,
        edit: Callable[[QgsVectorLayer], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("IDGBR review"), parent)
        self.setObjectName("IdgbrReviewDock")
        self._canvas, self._bar, self._edit = canvas, bar, edit
        self._review: Review | None = None
        self._mark = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
        self._mark.setStrokeColor(MARK)
        self._mark.setFillColor(Qt.GlobalColor.transparent)
        self._mark.setWidth(3)
        self._layer = QgsMapLayerComboBox()
        self._layer.setFilters(Qgis.LayerFilter.PolygonLayer)
        self._layer.setToolTip(tr("Polygons with the field confidence or moved_m"))
        self._order = QComboBox()
        self._begin = QPushButton(QgsApplication.getThemeIcon("/mActionStart.svg"), tr("Begin"))
        self._begin.setToolTip(tr("Switches the layer to editing; nothing is saved until you save it"))
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setWordWrap(True)
        self._buttons: list[QPushButton] = []
        self._shortcuts: list[QShortcut] = []
        self.setWidget(self._arrange())
        self._layer.layerChanged.connect(self._layer_changed)
        self._begin.clicked.connect(self.begin)
        self._layer_changed(self._layer.currentLayer())
        self._show()

    def choose(self, layer: QgsVectorLayer) -> None:
        """Choose a layer, as the user would."""
        self._layer.setLayer(layer)

    def begin(self) -> None:
        """Begin with the chosen layer."""
        self.end()
        try:
            review = Review(self._layer.currentLayer(), self._order.currentData(), self)
        except LayerError as error:
            notify(self._bar, str(error), Qgis.MessageLevel.Warning)
            return
        self._review = review
        review.changed.connect(self._show)
        review.layer.willBeDeleted.connect(self.end)
        review.layer.editingStopped.connect(self.end)
        self._show()
        self.setFocus()

    def end(self) -> None:
        """End the review; decisions stay as edits of the layer."""
        if self._review is not None:
            review, self._review = self._review, None
            review.changed.disconnect(self._show)
            review.deleteLater()
            self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """End with the panel."""
        super().hideEvent(event)
        self.end()

    def _arrange(self) -> QWidget:
        form = QFormLayout()
        form.addRow(tr("Layer"), self._layer)
        form.addRow(tr("First"), self._order)
        form.addRow("", self._begin)
        grid = QGridLayout()
        for place, (label, key, icon, tip, action) in enumerate(
            (
                (tr("Accept"), "A", "mIconSuccess.svg", tr("The polygon is right"), self._accept),
                (tr("Reject"), "R", "mActionDeleteSelected.svg", tr("Delete the polygon"), self._reject),
                (
                    tr("Edit"),
                    "E",
                    "mActionVertexTool.svg",
                    tr("Select the polygon and activate the vertex tool"),
                    self._send,
                ),
                (tr("Back"), "B", "mActionArrowLeft.svg", tr("Go to the previous polygon"), lambda: self._step(-1)),
                (tr("Next"), "N", "mActionArrowRight.svg", tr("Skip to the next polygon"), lambda: self._step(1)),
                (tr("Undo"), "U", "mActionUndo.svg", tr("Undo the last decision"), self._undo),
            )
        ):
            button = QPushButton(QgsApplication.getThemeIcon(f"/{icon}"), f"{label} ({key})")
            button.setToolTip(tip)
            button.clicked.connect(action)
            grid.addWidget(button, place // 3, place % 3)
            self._buttons.append(button)
            # The keys work in the panel and on the map; elsewhere they are QGIS's.
            for widget in (self, self._canvas):
                shortcut = QShortcut(QKeySequence(key), widget)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(action)
                self._shortcuts.append(shortcut)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.addLayout(form)
        layout.addWidget(self._text)
        layout.addLayout(grid)
        layout.addStretch(1)
        return body

    def _layer_changed(self, layer: QgsVectorLayer | None) -> None:
        self.end()
        titles = {Order.LEAST_CONFIDENT: tr("Least confident"), Order.MOST_MOVED: tr("Most moved")}
        self._order.clear()
        for order in orders_of(layer):
            self._order.addItem(titles[order], order)
        self._begin.setEnabled(self._order.count() > 0)
        self._show()

    def _show(self) -> None:
        """Show the current polygon in words and on the map."""
        review = self._review
        for part in (*self._buttons, *self._shortcuts):
            part.setEnabled(review is not None)
        self._mark.reset(Qgis.GeometryType.Polygon)
        if review is None:
            self._text.setText(
                tr("Steps through the polygons, the least certain first.")
                if self._order.count()
                else tr("Choose a polygon layer with the field confidence or moved_m.")
            )
            return
        feature = review.current()
        accepted, rejected = review.counts()
        place = tr("Polygon {n} of {count}").format(n=review.position, count=review.count)
        done = tr("{accepted} accepted, {rejected} rejected").format(accepted=accepted, rejected=rejected)
        facts = [fact for fact in (review.decision(), *_facts(review.layer, feature)) if fact]
        self._text.setText(f"<b>{place}</b> – {done}<br>{', '.join(facts)}")
        if feature.isValid():
            self._point_at(feature.geometry())

    def _point_at(self, geometry: QgsGeometry) -> None:
        layer = self._review.layer
        self._mark.setToGeometry(geometry, layer)
        box = self._canvas.mapSettings().layerExtentToOutputExtent(layer, geometry.boundingBox())
        box.scale(SURROUNDINGS)
        self._canvas.setExtent(box)
        self._canvas.refresh()

    def _accept(self) -> None:
        if self._review is not None:
            self._review.accept()

    def _reject(self) -> None:
        if self._review is not None:
            self._review.reject()

    def _undo(self) -> None:
        if self._review is not None:
            self._review.undo()

    def _step(self, step: int) -> None:
        if self._review is not None:
            self._review.move(step)

    def _send(self) -> None:
        """Select the polygon for QGIS's own tools."""
        if self._review is not None and self._review.current().isValid():
            self._review.layer.selectByIds([self._review.current().id()])
            self._edit(self._review.layer)


def _facts(layer: QgsVectorLayer, feature: QgsFeature) -> list[str]:
    if not feature.isValid():
        return []
    texts = {
        "class": "{value}",
        CONFIDENCE_FIELD: tr("confidence {value:.2f}"),
        MOVED_FIELD: tr("moved by {value:.2f} m"),
        "area_m2": "{value:.1f} m²",
    }
    values = {name: feature[name] for name in texts if layer.fields().lookupField(name) >= 0}
    return [texts[name].format(value=value) for name, value in values.items() if isinstance(value, int | float | str)]
