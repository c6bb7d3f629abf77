"""Keeps the preview of a model in the making up with the labels and the map, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsPointXY, QgsProject
from qgis.gui import QgsMapCanvas, QgsRubberBand, QgsVertexMarker
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.errors import PluginError
from idgbr_qgis.core.extents import Extent
from idgbr_qgis.core.own_classes.preview import LEAST_CLASSES, ClassPreview, ClassPreviews, plain
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from qgis.core import QgsRasterLayer

    from idgbr_qgis.core.own_classes.labels import Labels
    from idgbr_qgis.core.own_classes.map_layers import MapLayers
    from idgbr_qgis.core.warm_backend import Call, WarmBackend

#: Strokes within this time make one update; the map has to rest for longer.
STROKE_DELAY_MS, MAP_DELAY_MS = 150, 700
FRAME, DOUBT = QColor(255, 255, 255, 200), QColor(255, 60, 200)


class LivePreview(QObject):
    """Asks for the next preview when labels, map or options have changed, one at a time."""

    #: What there is to say, one line.
    said = pyqtSignal(str)
    #: The backend or a layer has a problem.
    failed = pyqtSignal(object)

    def __init__(self, canvas: QgsMapCanvas, backend: WarmBackend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._backend = canvas, backend
        self._labels: Labels | None = None
        self._layers: MapLayers | None = None
        self._image: QgsRasterLayer | None = None
        self._refine = self._marked = self._again = self._active = False
        self._call: Call | None = None
        self._shown: ClassPreview | None = None
        self._previews: ClassPreviews | None = None
        self._frame = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
        self._frame.setStrokeColor(FRAME)
        self._frame.setFillColor(Qt.GlobalColor.transparent)
        self._frame.setLineStyle(Qt.PenStyle.DashLine)
        self._marks: list[QgsVertexMarker] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        canvas.extentsChanged.connect(self._map_moved)
        canvas.destinationCrsChanged.connect(self._forget_marks)

    @property
    def running(self) -> bool:
        """Whether a preview is being made, or will be in a moment."""
        return self._call is not None or self._timer.isActive()

    def begin(self, labels: Labels, layers: MapLayers, image: QgsRasterLayer) -> None:
        """Follow labels, with an image below."""
        self.end()
        self._labels, self._layers = labels, layers
        self._previews = ClassPreviews()
        self._look_at(image)
        labels.changed.connect(self.update)
        labels.classes_changed.connect(self._look_changed)

    def end(self) -> None:
        """Follow nothing, and tidy the map."""
        self._timer.stop()
        self._cancel()
        self._forget_marks()
        if self._labels is not None:
            self._labels.changed.disconnect(self.update)
            self._labels.classes_changed.disconnect(self._look_changed)
        if self._layers is not None:
            self._layers.clear()
        if self._previews is not None:
            self._previews.close()
        self._look_at(None)
        self._labels = self._layers = self._previews = self._shown = None

    def set_image(self, image: QgsRasterLayer | None) -> None:
        """Look at another image, or at none."""
        if self._labels is not None and image is not self._image:
            self._look_at(image)
            self._cancel()
            self.update()

    def set_refine(self, refine: bool) -> None:
        """Show boundaries as they are after refinement, or as the model found them."""
        self._refine = refine
        self.update()

    def set_marked(self, marked: bool) -> None:
        """Mark the places at which labels would help, or do not."""
        self._marked = marked
        self._show_marks()

    def set_active(self, active: bool) -> None:
        """Follow labels and map while the panel is seen, and mark things on the map."""
        self._active = active
        self._frame.setVisible(active)
        self._show_marks()
        if active:
            self.update()
        else:
            self._timer.stop()
            self._cancel()

    def update(self, delay_ms: int = STROKE_DELAY_MS) -> None:
        """Bring the preview up to date in a moment."""
        if self._labels is not None and self._active:
            self._timer.start(delay_ms)

    def _look_at(self, image: QgsRasterLayer | None) -> None:
        if self._image is not None and not sip.isdeleted(self._image):
            for signal in (self._image.rendererChanged, self._image.crsChanged):
                signal.disconnect(self._image_reset)
        self._image = image
        if image is not None:
            for signal in (image.rendererChanged, image.crsChanged):
                signal.connect(self._image_reset)

    def _image_reset(self) -> None:
        """Bands, nodata or coordinate system of the image were set otherwise."""
        if self._previews is not None:
            self._previews.forget_view()
            self.update()

    def _ask(self) -> None:
        labels, image = self._labels, self._image
        if labels is None or image is None or self._previews is None:
            return
        if self._call is not None:
            self._again = True  # features may be under way that the next one needs, too
            return
        if len(labels.counts()) < LEAST_CLASSES:
            self.said.emit(tr("Draw a few strokes for each class; the keys 1 to 9 choose it."))
            return
        shown = Extent(self._canvas.extent(), self._canvas.mapSettings().destinationCrs())
        try:
            request = self._previews.prepare(image, labels.as_file(), shown, QgsProject.instance(), refine=self._refine)
            self._call = self._backend.ask(request.run, self._take, self._fail)
        except PluginError as error:
            self.failed.emit(error)
            return
        self.said.emit(tr("Updating the preview…"))

    def _take(self, call: Call, preview: ClassPreview) -> None:
        if call is not self._call or self._layers is None or self._previews is None:
            return  # given up in the meantime
        self._call = None
        before, self._shown = self._shown, preview
        self._layers.show(preview, self._looks())
        if before is not None:
            self._previews.drop(before)
        self._frame.setToGeometry(preview.frame)
        self._show_marks()
        text = tr("Updated in {seconds:.1f} s.").format(seconds=preview.seconds)
        self.said.emit(" ".join([text, *map(plain, call.warnings[:1])]))
        self._ask_again()

    def _fail(self, call: Call, error: PluginError) -> None:
        if call is self._call:
            self._call = None
            self.failed.emit(error)
            self._ask_again()

    def _ask_again(self) -> None:
        if self._again:
            self._again = False
            self.update()

    def _cancel(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None
        self._again = False

    def _map_moved(self) -> None:
        if self._labels is not None and self._labels.counts():
            self._cancel()
            self.update(MAP_DELAY_MS)

    def _looks(self) -> dict[str, QColor]:
        return {item.name: item.color for item in self._labels.classes} if self._labels is not None else {}

    def _look_changed(self) -> None:
        """Classes that only look otherwise need no other preview; names and numbers of classes do."""
        looks = self._looks()
        if self._layers is not None and self._shown and {item.name for item in self._shown.classes} <= set(looks):
            self._layers.show(self._shown, looks)
        else:
            self.update()

    def _show_marks(self) -> None:
        points: list[QgsPointXY] = self._shown.doubtful if self._shown and self._marked and self._active else []
        self._remove_marks()
        for point in points:
            mark = QgsVertexMarker(self._canvas)
            mark.setCenter(point)
            mark.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
            mark.setIconSize(34)
            mark.setPenWidth(3)
            mark.setColor(DOUBT)
            self._marks.append(mark)
        if self._marked and self._active and self._shown is not None and not points:
            self.said.emit(tr("The model is sure about all that the map shows."))

    def _remove_marks(self) -> None:
        for mark in self._marks:
            self._canvas.scene().removeItem(mark)
        self._marks = []

    def _forget_marks(self) -> None:
        self._remove_marks()
        self._frame.reset(Qgis.GeometryType.Polygon)
