"""The dock's preview row: it shows on the map what a job would give for the visible area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from idgbr_qgis.core.errors import PluginError
from idgbr_qgis.core.extents import Extent
from idgbr_qgis.core.preview import Preview, prepare_preview
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.core import QgsGeometry

    from idgbr_qgis.core.job_plan import JobPlan
    from idgbr_qgis.core.warm_backend import Call, WarmBackend

FRAME, COARSE, REFINED = QColor(255, 255, 255, 200), QColor(240, 130, 30), QColor(0, 220, 230)


class PreviewBar(QWidget):
    """A button that previews what the map shows, and two that hide and clear the outlines.

    `plan` says what is to be done. A problem is emitted as `failed`, with what tries again.
    """

    failed = pyqtSignal(object, object)
    #: A doubt of the backend's, one line.
    warned = pyqtSignal(str)

    def __init__(
        self, canvas: QgsMapCanvas, backend: WarmBackend, plan: Callable[[], JobPlan], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._canvas, self._backend, self._plan = canvas, backend, plan
        self._call: Call | None = None
        self._bands = [_make_band(canvas, color) for color in (FRAME, COARSE, REFINED)]
        self._bands[0].setLineStyle(Qt.PenStyle.DashLine)
        self._bands[0].setWidth(1)
        self._start = QPushButton(QgsApplication.getThemeIcon("/mActionZoomToArea.svg"), "")
        tip = tr("Show on the map what the job would give for the visible part, at most 1024 × 1024 px")
        self._start.setToolTip(tip)
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._shown = QToolButton()
        self._shown.setIcon(QgsApplication.getThemeIcon("/mActionShowAllLayers.svg"))
        self._shown.setCheckable(True)
        self._shown.setChecked(True)
        self._clear = QToolButton()
        self._clear.setIcon(QgsApplication.getThemeIcon("/mActionDeleteSelected.svg"))
        for button, text in ((self._shown, tr("Show the preview")), (self._clear, tr("Clear the preview"))):
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.setAutoRaise(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._start)
        layout.addWidget(self._legend, 1)
        layout.addWidget(self._shown)
        layout.addWidget(self._clear)
        self._start.clicked.connect(self._clicked)
        self._shown.toggled.connect(self._show_bands)
        self._clear.clicked.connect(self.clear)
        canvas.destinationCrsChanged.connect(self.clear)
        QgsProject.instance().cleared.connect(self.clear)
        self.clear()

    @property
    def running(self) -> bool:
        """Whether a preview is being made."""
        return self._call is not None

    def preview(self) -> None:
        """Preview what the map shows."""
        self.cancel()
        shown = Extent(self._canvas.extent(), self._canvas.mapSettings().destinationCrs())
        try:
            request = prepare_preview(self._plan(), shown, QgsProject.instance())
            self._call = self._backend.ask(request.run, self._take, self._fail)
        except PluginError as error:
            self.failed.emit(error, self.preview)
        self._say()

    def cancel(self) -> None:
        """Give up the preview that is being made."""
        if self._call is not None:
            self._call.cancel()
            self._call = None
        self._say()

    def clear(self) -> None:
        """Take the outlines off the map."""
        self.cancel()
        for band in self._bands:
            band.reset(Qgis.GeometryType.Polygon)
        self._legend.clear()
        self._shown.setEnabled(False)
        self._clear.setEnabled(False)

    def show_on_map(self, shown: bool) -> None:
        """Show or hide the outlines with the panel."""
        self._show_bands(shown and self._shown.isChecked())

    def _clicked(self) -> None:
        if self.running:
            self.cancel()
        else:
            self.preview()

    def _say(self) -> None:
        self._start.setText(tr("Cancel preview") if self.running else tr("Preview here"))

    def _take(self, call: Call, preview: Preview) -> None:
        if call is not self._call:
            return  # given up in the meantime
        self._call = None
        self._say()
        shapes: tuple[QgsGeometry, ...] = (preview.frame, preview.coarse, preview.refined)
        for band, shape in zip(self._bands, shapes, strict=True):
            band.setToGeometry(shape)
        mark = '<span style="color:{color}">━</span>&nbsp;{text}'
        pairs = ((COARSE, tr("coarse")), (REFINED, tr("refined")))
        self._legend.setText("&ensp;".join(mark.format(color=color.name(), text=text) for color, text in pairs))
        self._legend.setToolTip(tr("Made in {seconds:.1f} s").format(seconds=preview.seconds))
        self._shown.setEnabled(True)
        self._clear.setEnabled(True)
        self._shown.setChecked(True)
        self._show_bands(True)
        if call.warnings:
            self.warned.emit(call.warnings[0])

    def _fail(self, call: Call, error: PluginError) -> None:
        if call is self._call:
            self._call = None
            self._say()
            self.failed.emit(error, self.preview)

    def _show_bands(self, shown: bool) -> None:
        for band in self._bands:
            band.setVisible(shown)


def _make_band(canvas: QgsMapCanvas, color: QColor) -> QgsRubberBand:
    band = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
    band.setStrokeColor(color)
    band.setFillColor(Qt.GlobalColor.transparent)
    band.setWidth(2)
    return band
