"""What a model of the labels drawn so far makes of the part of an image that the map shows."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
)

from idgbr_qgis.core import settings
from idgbr_qgis.core.errors import BackendError, LayerError, PluginError
from idgbr_qgis.core.extents import Extent, check_crs
from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.own_classes.doubt import doubtful_places
from idgbr_qgis.core.own_classes.label_file import CLASS_FIELD, LAYER, LabelFile
from idgbr_qgis.core.preview import visible_part
from idgbr_qgis.core.styles import LayerClass, parse_classes
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Hashable

    from idgbr_qgis.core.backend_client import BackendClient

#: A model tells classes apart.
LEAST_CLASSES = 2


@dataclass(frozen=True)
class ClassPreview:
    """A class raster of a part of the image; frame and doubtful places are in the map's coordinate system."""

    raster: str
    classes: list[LayerClass]
    frame: QgsGeometry
    doubtful: list[QgsPointXY]
    seconds: float


class StagedView:
    """The image as the worker reads it for one view: what has to be exported is so once for all strokes in it."""

    def __init__(self, view: Hashable, staging: RasterStaging, folder: Path) -> None:
        self.view, self.folder = view, folder
        self._staging = staging
        self._path = ""
        #: Whether the worker sees no more of the image than the view.
        self.alone = staging.exported

    def path(self, feedback: QgsProcessingFeedback) -> str:
        """Path for the worker; called in the thread that talks to it."""
        if not self._path:
            self.folder.mkdir(exist_ok=True)
            self._path = self._staging.write(self.folder / "image", feedback)
        return self._path


@dataclass(frozen=True)
class ClassPreviewRequest:
    """A preview as it is asked for, made on the main thread; `run` is for the backend's."""

    image: StagedView
    extent: Extent
    labels: LabelFile
    folder: Path
    refine: bool
    crs: QgsCoordinateReferenceSystem
    transforms: QgsCoordinateTransformContext

    def run(self, client: BackendClient, feedback: QgsProcessingFeedback) -> ClassPreview:
        """Let the worker learn from the labels and classify the view."""
        self.folder.mkdir()
        labels = self.folder / "labels.gpkg"
        self.labels.write(labels)
        parameters: dict[str, Any] = {
            "input": self.image.path(feedback),
            "labels": str(labels),
            "output": str(self.folder),
            "class_field": CLASS_FIELD,
            "refine": self.refine,
            "device": settings.device(),
            **self.extent.parameters(),
        }
        try:
            result = client.run_job("try-labels", parameters)
        except BackendError as error:
            raise BackendError(plain(str(error)), error.code, error.kind) from error
        try:
            paths, summary = result["outputs"], result["summary"]
            frame = QgsGeometry.fromPolygonXY([[QgsPointXY(*corner) for corner in summary["corners"]]])
            places, crs = _places(paths["CLASSES"], paths["AGREEMENT"])
            raster, seconds = paths["REFINED" if self.refine else "CLASSES"], float(summary["seconds"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            text = tr("The backend's preview cannot be read; set the backend up again.")
            raise PluginError(text, repr(error)) from error
        transform = QgsCoordinateTransform(crs, self.crs, self.transforms)
        try:
            frame.transform(transform)
            places = [transform.transform(point) for point in places]
        except QgsCsException as error:
            raise LayerError(tr("The preview cannot be shown in the map's coordinate system."), str(error)) from error
        return ClassPreview(raster, parse_classes(summary.get("classes")), frame, places, seconds)


def plain(text: str) -> str:
    """What the backend says of labels, without the name of the file that they were handed over in."""
    text = re.sub(rf"^\S.*?\.gpkg(\|{LAYER})?: ", "", text)
    return text[:1].upper() + text[1:]


class ClassPreviews:
    """Prepares previews, and keeps the files of the last ones in a folder of its own."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="idgbr_"))
        self._view: StagedView | None = None
        self._count = 0

    def prepare(
        self, image: QgsRasterLayer, labels: LabelFile, shown: Extent, project: QgsProject, *, refine: bool
    ) -> ClassPreviewRequest:
        """What is to be asked for the part of an image that the map shows; raises `PluginError`."""
        check_crs(image)
        transforms = project.transformContext()
        part = visible_part(image, shown, transforms)
        self._count += 1
        box = part.rectangle
        view = (image.id(), box.toString(12))
        if self._view is None or self._view.view != view:
            self.forget_view()
            staging = RasterStaging(image, part, transforms)
            self._view = StagedView(view, staging, self._folder / f"image{self._count}")
        if self._view.alone:
            labels = labels.within(box, image.crs(), transforms)
            if len({number for number, _ in labels.shapes}) < LEAST_CLASSES:
                text = tr("{layer} is not a file: draw labels of two classes or more in what the map shows.")
                raise LayerError(text.format(layer=image.name()))
        folder = self._folder / str(self._count)
        return ClassPreviewRequest(self._view, part, labels, folder, refine, shown.crs, transforms)

    def drop(self, preview: ClassPreview) -> None:
        """Remove the files of a preview that is not shown any more."""
        shutil.rmtree(Path(preview.raster).parent, ignore_errors=True)

    def close(self) -> None:
        """Remove all files."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget_view(self) -> None:
        """Read the image anew for the next preview, as when bands or nodata were set otherwise in QGIS."""
        if self._view is not None:
            shutil.rmtree(self._view.folder, ignore_errors=True)
            self._view = None


def _places(classes: str, agreement: str) -> tuple[list[QgsPointXY], QgsCoordinateReferenceSystem]:
    """The doubtful places of a preview, in the coordinate system of its rasters."""
    known, votes = gdal.Open(classes), gdal.Open(agreement)
    valid = known.GetRasterBand(1).GetMaskBand().ReadAsArray() > 0
    origin = known.GetGeoTransform()
    points = [
        QgsPointXY(*gdal.ApplyGeoTransform(origin, column, row))
        for row, column in doubtful_places(votes.GetRasterBand(1).ReadAsArray(), valid)
    ]
    return points, QgsCoordinateReferenceSystem.fromWkt(known.GetProjection())
