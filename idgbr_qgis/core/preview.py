"""Live preview: what a job would give of the part that the map shows, as outlines in the map's coordinate system."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osgeo import ogr
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)

from idgbr_qgis.core.area import Area
from idgbr_qgis.core.errors import BackendMissingError, LayerError, OffMapError, PluginError
from idgbr_qgis.core.extents import Extent
from idgbr_qgis.core.job_plan import JobPlan, Output
from idgbr_qgis.core.layer_sources import gdal_source
from idgbr_qgis.core.layers import export_pixel
from idgbr_qgis.core.staging import write_staged
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from idgbr_qgis.core.backend_client import BackendClient
    from idgbr_qgis.core.job_request import JobRequest

#: Longest side of what is previewed, in pixels of the image; the backend keeps to it too.
MAX_SIDE = 1024
#: Parameters of the previewed job that the backend's preview has, too.
PARAMETERS = frozenset(
    {"input", "extent", "extent_crs", "model", "coarse", "class_field", "steps", "min_area", "simplify",
     "regularize", "square", "device", "staged"}
)  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """Outlines of what was previewed, before and after refinement."""

    frame: QgsGeometry
    coarse: QgsGeometry
    refined: QgsGeometry
    seconds: float


@dataclass(frozen=True)
class PreviewRequest:
    """A preview as it is asked for, made on the main thread; `run` is for the backend's."""

    job: JobRequest
    crs: QgsCoordinateReferenceSystem
    transforms: QgsCoordinateTransformContext

    def run(self, client: BackendClient, feedback: QgsProcessingFeedback) -> Preview:
        """Let the worker make the outlines and read them."""
        with tempfile.TemporaryDirectory(prefix="idgbr_", ignore_cleanup_errors=True) as folder:
            parameters: dict[str, Any] = self.job.parameters | write_staged(self.job.layers, Path(folder), feedback)
            parameters = {name: value for name, value in parameters.items() if name in PARAMETERS}
            parameters["output"] = folder
            result = client.run_job("preview", parameters)
            try:
                paths, summary = result["outputs"], result["summary"]
                coarse, crs = _read_outlines(paths["COARSE"])
                refined, _ = _read_outlines(paths["REFINED"])
                frame = QgsGeometry.fromPolygonXY([[QgsPointXY(*corner) for corner in summary["corners"]]])
                seconds = float(summary["seconds"])
            except (KeyError, TypeError, ValueError) as error:
                text = tr("The backend's preview cannot be read; set the backend up again.")
                raise PluginError(text, repr(error)) from error
        transform = QgsCoordinateTransform(crs, self.crs, self.transforms)
        try:
            for shape in (frame, coarse, refined):
                shape.transform(transform)
        except QgsCsException as error:
            raise LayerError(tr("The preview cannot be shown in the map's coordinate system."), str(error)) from error
        return Preview(frame, coarse, refined, seconds)


def prepare_preview(plan: JobPlan, shown: Extent, project: QgsProject) -> PreviewRequest:
    """What is to be asked for a plan, of the part of its image that the map shows; raises `PluginError`."""
    plan.check(project, [])
    transforms = project.transformContext()
    part = visible_part(plan.image, shown, transforms)
    plan = replace(plan, area=Area(part), output=Output())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(plan.algorithm_id)
    context = QgsProcessingContext()
    context.setProject(project)
    if algorithm is None:
        raise PluginError(tr("The algorithms are not there; enable IDGBR in the plugin manager."))
    able, reason = algorithm.canExecute()
    if not able:
        raise BackendMissingError(reason)
    parameters = plan.parameters(project)
    fine, reason = algorithm.checkParameterValues(parameters, context)
    if not fine:
        raise PluginError(reason)
    try:
        job = algorithm.stage(parameters, context)
    except QgsProcessingException as error:
        raise LayerError(str(error)) from error
    return PreviewRequest(job, shown.crs, transforms)


def visible_part(layer: QgsRasterLayer, shown: Extent, transforms: QgsCoordinateTransformContext) -> Extent:
    """The part of a layer that the map shows, or the middle of it where that has too many pixels."""
    visible = layer.extent().intersect(shown.to(layer.crs(), transforms))
    if visible.isEmpty():
        raise OffMapError(tr("The map shows nothing of {layer}; zoom to it first.").format(layer=layer.name()), layer)
    if gdal_source(layer) is None:
        width, height = export_pixel(layer, visible, transforms)
    else:
        width, height = layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY()
    # A pixel less, as parts are grown to whole pixels.
    width, height = (min(a, (MAX_SIDE - 1) * b) for a, b in ((visible.width(), width), (visible.height(), height)))
    middle = visible.center()
    return Extent(QgsRectangle.fromCenterAndSize(middle, width, height), layer.crs())


def _read_outlines(path: str) -> tuple[QgsGeometry, QgsCoordinateReferenceSystem]:
    """All polygons of a layer as one geometry, by OGR: a layer of QGIS would belong to a thread."""
    source = ogr.Open(path)
    if source is None:
        raise ValueError(path)
    layer = source.GetLayer()
    reference = layer.GetSpatialRef()
    crs = QgsCoordinateReferenceSystem.fromWkt(reference.ExportToWkt()) if reference else QgsCoordinateReferenceSystem()
    shapes = []
    for feature in layer:
        shape = QgsGeometry()
        shape.fromWkb(bytes(feature.GetGeometryRef().ExportToWkb()))
        shapes.append(shape)
    return QgsGeometry.collectGeometry(shapes), crs
