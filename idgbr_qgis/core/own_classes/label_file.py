"""Labels as a GeoPackage: what the backend learns from, and what is kept beside a model so that it can be continued."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from osgeo import gdal, ogr, osr
from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFillSymbol,
    QgsGeometry,
    QgsRectangle,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.errors import LayerError, OutputPathError
from idgbr_qgis.core.extents import Extent
from idgbr_qgis.core.styles import CLASSES_TAG, LayerClass, parse_classes
from idgbr_qgis.core.translation import tr

LAYER, CLASS_FIELD = "labels", "class"
#: Opacity of the fills of labels: the preview and the image below stay readable.
FILL_ALPHA = 110


@dataclass(frozen=True)
class LabelFile:
    """Classes, the number of a class and a polygon for each label, and their coordinate system."""

    classes: list[LayerClass] = field(default_factory=list)
    shapes: list[tuple[int, QgsGeometry]] = field(default_factory=list)
    crs: QgsCoordinateReferenceSystem = field(default_factory=QgsCoordinateReferenceSystem)

    def within(
        self, box: QgsRectangle, crs: QgsCoordinateReferenceSystem, transforms: QgsCoordinateTransformContext
    ) -> LabelFile:
        """The labels that touch a rectangle in a coordinate system."""
        here = Extent(box, crs).to(self.crs, transforms)
        return replace(self, shapes=[(number, shape) for number, shape in self.shapes if shape.intersects(here)])

    def write(self, path: Path) -> None:
        """Write the labels, and the classes with their colours, in any thread; a file of the name is replaced.

        Raises `OutputPathError`.
        """
        beside = path.with_name(f".{path.stem}.part.gpkg")
        try:
            self._write(beside)
            beside.replace(path)
        except (OSError, RuntimeError) as error:  # another plugin may have switched on GDAL's exceptions
            beside.unlink(missing_ok=True)
            text = tr("The labels cannot be written to {path}: {reason}")
            raise OutputPathError(text.format(path=path, reason=error)) from error

    def write_styled(self, path: Path) -> None:
        """Write them so that QGIS and the backend find the colours in the layer's style, too."""
        self.write(path)
        layer = QgsVectorLayer(f"{path}|layername={LAYER}", LAYER, "ogr")
        items = [QgsRendererCategory(item.name, label_symbol(item.color), item.name) for item in self.classes]
        layer.setRenderer(QgsCategorizedSymbolRenderer(CLASS_FIELD, items))
        layer.saveStyleToDatabase(LAYER, "", True, "")

    @classmethod
    def read(cls, path: Path) -> LabelFile:
        """Read what was written, or any polygon layer with a field `class`; raises `LayerError`."""
        problem = ""
        try:
            source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
            layer = source and (source.GetLayerByName(LAYER) or source.GetLayer(0))
            file = cls._read(layer) if layer is not None else cls()
        except (RuntimeError, ValueError) as error:
            file, problem = cls(), str(error)
        if not file.classes:
            text = tr("{path} holds no labels; choose the GeoPackage that was saved with a model.")
            raise LayerError(text.format(path=path), problem)
        return file

    def _write(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        reference = None
        if self.crs.isValid():
            reference = osr.SpatialReference()
            reference.ImportFromWkt(self.crs.toWkt(Qgis.CrsWktVariant.Preferred))
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        if source is None:
            raise OSError(gdal.GetLastErrorMsg())
        layer = source.CreateLayer(LAYER, reference, ogr.wkbMultiPolygon)
        layer.CreateField(ogr.FieldDefn(CLASS_FIELD, ogr.OFTString))
        names = {item.id: item.name for item in self.classes}
        layer.StartTransaction()
        for number, shape in self.shapes:
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetField(CLASS_FIELD, names[number])
            feature.SetGeometry(ogr.ForceToMultiPolygon(ogr.CreateGeometryFromWkb(bytes(shape.asWkb()))))
            if layer.CreateFeature(feature):
                raise OSError(gdal.GetLastErrorMsg())
        layer.CommitTransaction()
        # Classes without a label yet are kept, too.
        layer.SetMetadataItem(CLASSES_TAG, json.dumps([_as_item(item) for item in self.classes]))

    @classmethod
    def _read(cls, layer: Any) -> LabelFile:
        reference = layer.GetSpatialRef()
        crs = QgsCoordinateReferenceSystem.fromWkt(reference.ExportToWkt()) if reference else None
        tag = layer.GetMetadataItem(CLASSES_TAG)
        classes = parse_classes(json.loads(tag)) if tag else []
        numbers = {item.name: item.id for item in classes}
        shapes = []
        for feature in layer if layer.GetLayerDefn().GetFieldIndex(CLASS_FIELD) >= 0 else ():
            name, geometry = feature.GetFieldAsString(CLASS_FIELD), feature.GetGeometryRef()
            if not name or geometry is None:
                continue
            shape = QgsGeometry()
            shape.fromWkb(bytes(ogr.ForceToMultiPolygon(geometry.Clone()).ExportToWkb()))
            if shape.type() != Qgis.GeometryType.Polygon:
                continue
            if name not in numbers:
                numbers[name] = max(numbers.values(), default=0) + 1
                classes.append(LayerClass(numbers[name], name, QColor()))
            shapes.append((numbers[name], shape))
        return cls(classes, shapes, crs or QgsCoordinateReferenceSystem())


def label_symbol(color: QColor) -> QgsFillSymbol:
    """A fill to see through in a light outline, which stands out from the preview in the same colour."""
    fill = QColor(color)
    fill.setAlpha(FILL_ALPHA)
    symbol = QgsFillSymbol.createSimple({"outline_width": "0.4", "joinstyle": "round"})
    symbol.symbolLayer(0).setFillColor(fill)
    symbol.symbolLayer(0).setStrokeColor(QColor(255, 255, 255, 230))
    return symbol


def _as_item(item: LayerClass) -> dict[str, Any]:
    return {"id": item.id, "name": item.name, "color": list(item.color.getRgb()[:3])}
