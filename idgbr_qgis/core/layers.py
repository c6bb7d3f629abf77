"""Staging: hands the layers of a job to the worker as files.

Local files are read by the worker where they lie. What only QGIS can read (web maps, layers in memory or in a
database) is exported to a temporary GeoTIFF or GeoPackage. `RasterStaging`, `LayerStaging` and `MaskStaging` are made
on the main thread, where layers live, and written on the algorithm's thread.
"""

from __future__ import annotations

import math
from pathlib import Path
from textwrap import shorten

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFeature,
    QgsFields,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsRasterBlockFeedback,
    QgsRasterDataProvider,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRasterPipe,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from idgbr_qgis.core.chosen_features import ChosenFeatures
from idgbr_qgis.core.errors import JobCancelledError, LayerError, OnlineLayerError
from idgbr_qgis.core.extents import Extent, metres_per_unit
from idgbr_qgis.core.layer_settings import LayerSettings
from idgbr_qgis.core.layer_sources import gdal_source, ogr_source, origin, staged_record
from idgbr_qgis.core.translation import tr

#: Ground size of a pixel of an exported layer that has no resolution of its own, as web maps.
WEB_MAP_PIXEL_M = 0.3
#: Most pixels of an export; beyond it a web map is better fetched with tools made for that.
MAX_EXPORT_PIXELS = 400_000_000


def file_stem(name: str) -> str:
    """The name of a layer as that of a file."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)[:80]


class RasterStaging:
    """A raster layer on its way to the worker."""

    def __init__(
        self,
        layer: QgsRasterLayer,
        extent: Extent | None,
        context: QgsCoordinateTransformContext,
        *,
        one_band: bool = False,
    ) -> None:
        self._name = layer.name()
        self.origin, self.record = origin(layer), staged_record(layer)
        self._crs = QgsCoordinateReferenceSystem(layer.crs())
        self._context = context
        self._settings = LayerSettings.of(layer, one_band=one_band)
        self._source = None if self._settings.many_nodata else gdal_source(layer)
        self._provider: QgsRasterDataProvider | None = None
        if self._source is None:
            bounds = layer.extent()
            area = bounds if extent is None else bounds.intersect(extent.to(layer.crs(), context))
            self._pixel = export_pixel(layer, area, context)
            self._area, self._columns, self._rows = _whole_pixels(area, bounds, self._pixel)
            if self._columns * self._rows > MAX_EXPORT_PIXELS:
                text = tr(
                    "{layer} has to be exported, and {columns} × {rows} pixels are too many; choose a smaller extent."
                )
                raise LayerError(text.format(layer=self._name, columns=self._columns, rows=self._rows))
            # A clone, as providers belong to the thread they are used in.
            self._provider = layer.dataProvider().clone()

    @property
    def exported(self) -> bool:
        """Whether the worker gets a copy of the part that is asked for, and not the layer's file."""
        return self._source is None

    @property
    def file_stem(self) -> str:
        """The layer's name as that of a file."""
        return file_stem(self._name) or "raster"

    def write(self, stem: Path, feedback: QgsProcessingFeedback) -> str:
        """Return the path for the worker, after writing what must be written to the path `stem` plus a suffix."""
        if self._provider is not None:
            exported = self._export(stem.with_suffix(".tif"), feedback)
            shown = LayerSettings(bands=self._settings.bands)
            return self._wrapped(shown, exported, stem, feedback) if shown else exported
        assert self._source is not None
        return self._wrapped(self._settings, self._source, stem, feedback) if self._settings else self._source

    def _wrapped(self, settings: LayerSettings, source: str, stem: Path, feedback: QgsProcessingFeedback) -> str:
        """Wrap a file in what was set for its layer in QGIS."""
        path = stem.with_suffix(".vrt")
        if not settings.wrap(source, path):
            raise LayerError(tr("The raster {layer} cannot be read by GDAL.").format(layer=self._name))
        if settings.nodata is not None:
            self._tell_nodata(feedback)
        if settings.bands:
            feedback.pushInfo(settings.bands_text(self._name))
        return str(path)

    def _tell_nodata(self, feedback: QgsProcessingFeedback) -> None:
        text = tr("{layer}: nodata as set in QGIS for the layer: {value}.")
        feedback.pushInfo(text.format(layer=self._name, value=self._settings.nodata_text()))

    def _export(self, path: Path, feedback: QgsProcessingFeedback) -> str:
        text = tr("Exporting {layer}: {columns} × {rows} pixels.")
        feedback.pushInfo(text.format(layer=self._name, columns=self._columns, rows=self._rows))
        pipe = QgsRasterPipe()
        if not pipe.set(self._provider):
            raise LayerError(tr("The raster {layer} cannot be exported.").format(layer=self._name))
        self._provider = None  # the pipe owns it now
        writer = QgsRasterFileWriter(str(path))
        writer.setOutputFormat("GTiff")
        writer.setCreateOptions(["TILED=YES", "COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER"])
        blocks = QgsRasterBlockFeedback()
        feedback.canceled.connect(blocks.cancel)
        size = (self._columns, self._rows)
        result = writer.writeRaster(pipe, *size, self._area, self._crs, self._context, blocks)
        if feedback.isCanceled():
            raise JobCancelledError(tr("Cancelled."))
        if result != Qgis.RasterFileWriterResult.Success:
            reason = "; ".join(blocks.errors()) or getattr(result, "name", str(result))
            text = tr("The raster {layer} cannot be exported to {path}: {reason}")
            raise LayerError(text.format(layer=self._name, path=path, reason=reason))
        if self._settings.many_nodata or self._settings.nodata is not None:
            self._settings.add_mask(path)
            self._tell_nodata(feedback)
        self._check_picture(path, blocks.errors(), feedback)
        return str(path)

    def _check_picture(self, path: Path, errors: list[str], feedback: QgsProcessingFeedback) -> None:
        """A server that fails leaves holes, and no error: raise `OnlineLayerError` where there is nothing else."""
        reason = f" ({shorten(errors[0], 200)})" if errors else ""
        if not _has_picture(path):
            text = tr("{layer} returned no image here{reason}; check the connection, or choose an area that it covers.")
            raise OnlineLayerError(text.format(layer=self._name, reason=reason), "\n".join(errors[:20]))
        if errors:
            text = tr("{layer}: {n} parts could not be fetched{reason}; the result has holes there.")
            feedback.pushWarning(text.format(layer=self._name, n=len(errors), reason=reason))


def _has_picture(path: Path) -> bool:
    """Whether a raster has a pixel that is not masked, by its overview."""
    dataset = gdal.Open(str(path))
    size = {"buf_xsize": min(dataset.RasterXSize, 1024), "buf_ysize": min(dataset.RasterYSize, 1024)}
    return bool(dataset.GetRasterBand(1).GetMaskBand().ReadAsArray(**size).any())


def export_pixel(
    layer: QgsRasterLayer, area: QgsRectangle, context: QgsCoordinateTransformContext
) -> tuple[float, float]:
    """Pixel size of an export: the layer's own, or that of `WEB_MAP_PIXEL_M` on the ground."""
    if layer.providerType() != "wms" and layer.width() > 0 and layer.height() > 0:
        return layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY()
    size = WEB_MAP_PIXEL_M / metres_per_unit(area.center(), layer.crs(), context)
    return size, size


def _whole_pixels(
    area: QgsRectangle, bounds: QgsRectangle, pixel: tuple[float, float]
) -> tuple[QgsRectangle, int, int]:
    """Grow an area to whole pixels of the grid that starts at the upper left of the bounds; columns and rows."""
    first_column = math.floor((area.xMinimum() - bounds.xMinimum()) / pixel[0] + 1e-6)
    first_row = math.floor((bounds.yMaximum() - area.yMaximum()) / pixel[1] + 1e-6)
    end_column = math.ceil((area.xMaximum() - bounds.xMinimum()) / pixel[0] - 1e-6)
    end_row = math.ceil((bounds.yMaximum() - area.yMinimum()) / pixel[1] - 1e-6)
    rectangle = QgsRectangle(
        bounds.xMinimum() + first_column * pixel[0],
        bounds.yMaximum() - end_row * pixel[1],
        bounds.xMinimum() + end_column * pixel[0],
        bounds.yMaximum() - first_row * pixel[1],
    )
    return rectangle, end_column - first_column, end_row - first_row


class LayerStaging:
    """A polygon layer with its attributes on its way to the worker; of its features those that `choice` takes."""

    KIND = Qgis.WkbType.MultiPolygon

    def __init__(
        self,
        layer: QgsVectorLayer,
        context: QgsCoordinateTransformContext,
        choice: QgsProcessingFeatureSourceDefinition | None = None,
    ) -> None:
        self._name = layer.name()
        self.origin, self.record = origin(layer), staged_record(layer)
        self._check(layer)
        chosen = ChosenFeatures(layer, choice)
        self._source = None if chosen.restricted else self._readable(layer)
        self._context = context
        self._crs = layer.crs()
        self._features = None if self._source else chosen

    @property
    def file_stem(self) -> str:
        """The layer's name as that of a file."""
        return file_stem(self._name) or "layer"

    def write(self, stem: Path, feedback: QgsProcessingFeedback) -> str:
        """Return the layer for the worker, after writing it, if it must be, to the path `stem` plus a suffix."""
        if self._features is None:
            assert self._source is not None
            return self._source
        path = stem.with_suffix(".gpkg")
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName, options.layerName = "GPKG", stem.name
        options.layerOptions = ["FID=row_number"]  # a field fid of the layer stays a field
        fields = self._features.fields
        writer = QgsVectorFileWriter.create(str(path), fields, self.KIND, self._crs, self._context, options)
        count = 0
        for feature in self._features:
            if feedback.isCanceled():
                raise JobCancelledError(tr("Cancelled."))
            count += writer.addFeature(feature)
        error = writer.errorMessage()
        del writer  # closes the file
        if error:
            text = tr("The layer {layer} cannot be written: {reason}")
            raise LayerError(text.format(layer=self._name, reason=error))
        if self._features.restricted:
            text = tr("{layer}: {n} of {total} features are selected.")
            feedback.pushInfo(text.format(layer=self._name, n=count, total=self._features.total))
        return str(path)

    def _check(self, layer: QgsVectorLayer) -> None:
        """Raise `LayerError` for a layer that cannot be used."""
        check_polygons(layer)

    def _readable(self, layer: QgsVectorLayer) -> str | None:
        """What the worker can open of the layer as it is; None if it has to be written."""
        return ogr_source(layer)


def check_polygons(layer: QgsVectorLayer) -> None:
    """Raise `LayerError` for a layer of anything but polygons."""
    if layer.geometryType() != Qgis.GeometryType.Polygon:
        raise LayerError(tr("The layer {layer} has no polygons; choose a polygon layer.").format(layer=layer.name()))


class MaskStaging:
    """Mask polygons on their way to the worker, as a GeoPackage in the raster's coordinate system.

    Of the features of their layer those that `choice` takes.
    """

    def __init__(
        self,
        layer: QgsVectorLayer,
        crs: QgsCoordinateReferenceSystem,
        context: QgsCoordinateTransformContext,
        choice: QgsProcessingFeatureSourceDefinition | None = None,
    ) -> None:
        check_polygons(layer)
        self._features = ChosenFeatures(layer, choice, attributes=False)
        self.origin, self.record = origin(layer), staged_record(layer)
        self._from, self._crs = layer.crs(), crs if crs.isValid() else layer.crs()
        self._context = context

    def write(self, stem: Path, feedback: QgsProcessingFeedback) -> str:
        """Write the polygons to the path `stem` plus a suffix and return it."""
        path = stem.with_suffix(".gpkg")
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName, options.layerName = "GPKG", "mask"
        writer = QgsVectorFileWriter.create(
            str(path), QgsFields(), Qgis.WkbType.MultiPolygon, self._crs, self._context, options
        )
        transform = QgsCoordinateTransform(self._from, self._crs, self._context)
        count = 0
        for feature in self._features:
            if feedback.isCanceled():
                raise JobCancelledError(tr("Cancelled."))
            geometry = feature.geometry()
            if geometry.isNull() or geometry.isEmpty():
                continue
            try:
                geometry.transform(transform)
            except QgsCsException as error:
                text = tr("The mask cannot be transformed to {crs}.")
                raise LayerError(text.format(crs=self._crs.userFriendlyIdentifier()), str(error)) from error
            geometry.convertToMultiType()
            polygon = QgsFeature()
            polygon.setGeometry(geometry)
            count += writer.addFeature(polygon)
        error = writer.errorMessage()
        del writer  # closes the file
        if error:
            raise LayerError(tr("The mask cannot be written: {reason}").format(reason=error))
        if not count:
            raise LayerError(tr("The mask has no polygons; select some, or run without a mask."))
        return str(path)
