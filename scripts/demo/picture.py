#!/usr/bin/env python3
"""Draws the demo's result as a map, with QGIS itself. Usage: picture.py IMAGE OUT_FOLDER, with QGIS's Python.

Coarse and refined boundaries lie over the image; a second frame zooms in where the refinement changed much.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFillSymbol,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsMapLayer,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSimpleLineSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsTextFormat,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor, QFont

COARSE = QColor(255, 40, 140)
REFINED = QColor(255, 230, 0)
DARK = QColor(30, 34, 42)

# Sizes on the sheet, in mm.
MARGIN = 5.0
TITLE = 11.0
HEIGHT = 140.0
INSET = 108.0
#: Side of the zoomed area in pixels, and the cells along it in which changes are counted.
ZOOM_PX = 160
CELLS = 8
#: Share of the squares with fewer changes than the zoomed one: where most changes are, the coarse map failed.
TYPICAL = 0.8


def typical_change(coarse_path: Path, refined_path: Path) -> QgsRectangle:
    """A square of ZOOM_PX pixels in map coordinates in which the two class rasters differ more than in TYPICAL of all."""
    coarse, refined = gdal.Open(str(coarse_path)), gdal.Open(str(refined_path))
    step = ZOOM_PX // CELLS
    rows, cols = coarse.RasterYSize // step, coarse.RasterXSize // step
    counts = np.zeros((max(rows, CELLS), max(cols, CELLS)))
    for row in range(rows):
        strip = (0, row * step, cols * step, step)
        differs = coarse.GetRasterBand(1).ReadAsArray(*strip) != refined.GetRasterBand(1).ReadAsArray(*strip)
        counts[row, :cols] = differs.sum(axis=0).reshape(cols, step).sum(axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(counts, (CELLS, CELLS)).sum(axis=(2, 3))
    chosen = np.argsort(windows, axis=None, kind="stable")[int(TYPICAL * windows.size)]
    row, col = (int(i) * step for i in np.unravel_index(chosen, windows.shape))
    transform = coarse.GetGeoTransform()
    corners = [gdal.ApplyGeoTransform(transform, col + i, row + j) for i in (0, ZOOM_PX) for j in (0, ZOOM_PX)]
    xs, ys = zip(*corners)  # noqa: B905 (of one length by construction; QGIS may run on Python 3.9)
    return QgsRectangle(min(xs), min(ys), max(xs), max(ys))


def outlines(path: Path, name: str, color: QColor, width: float, halo: float) -> QgsVectorLayer:
    """A polygon layer drawn as lines of one colour, on a dark halo if there is one."""
    layer = QgsVectorLayer(str(path), name, "ogr")
    if not layer.isValid():
        raise SystemExit(f"{path}: cannot be opened by QGIS")
    symbol = QgsFillSymbol()
    symbol.changeSymbolLayer(0, QgsSimpleLineSymbolLayer(color, width))
    if halo:
        symbol.insertSymbolLayer(0, QgsSimpleLineSymbolLayer(DARK, width + halo))
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    return layer


def text_format(size: float, *, bold: bool = False) -> QgsTextFormat:
    """Dark text of a size in points."""
    style = QgsTextFormat()
    style.setFont(QFont("DejaVu Sans", -1, QFont.Weight.Bold if bold else QFont.Weight.Normal))
    style.setSize(size)
    style.setColor(DARK)
    return style


class Sheet:
    """A print layout that is filled item by item."""

    def __init__(self, project: QgsProject, width: float, height: float) -> None:
        self._layout = QgsPrintLayout(project)
        self._layout.initializeDefaults()
        self._layout.pageCollection().page(0).setPageSize(QgsLayoutSize(width, height))

    def add_map(self, layers: list[QgsMapLayer], extent: QgsRectangle, box: tuple[float, ...]) -> QgsLayoutItemMap:
        """Add a map frame in `box` (x, y, width, height) that shows `extent`."""
        item = QgsLayoutItemMap(self._layout)
        self._place(item, *box)
        item.setLayers(layers)
        item.setCrs(layers[-1].crs())
        item.zoomToExtent(extent)
        item.setFrameEnabled(True)
        item.setFrameStrokeColor(DARK)
        return item

    def add_overview(self, main: QgsLayoutItemMap, inset: QgsLayoutItemMap) -> None:
        """Show in `main` where `inset` lies."""
        main.overview().setLinkedMap(inset)
        frame = {"color": "0,0,0,0", "outline_color": "white", "outline_width": "0.7"}
        main.overview().setFrameSymbol(QgsFillSymbol.createSimple(frame))

    def add_title(self, text: str, x: float, y: float, width: float) -> None:
        """Add a bold line of text."""
        item = QgsLayoutItemLabel(self._layout)
        item.setText(text)
        item.setTextFormat(text_format(12, bold=True))
        self._place(item, x, y, width, 8)

    def add_legend(self, layers: list[QgsMapLayer], x: float, y: float) -> None:
        """Add a legend of `layers`."""
        item = QgsLayoutItemLegend(self._layout)
        item.setAutoUpdateModel(False)
        root = item.model().rootGroup()
        root.removeAllChildren()
        for layer in layers:
            root.addLayer(layer)
        item.rstyle(QgsLegendStyle.Style.SymbolLabel).setTextFormat(text_format(10))
        item.setSymbolWidth(10)
        item.setSymbolHeight(4)
        item.setBoxSpace(0)
        self._place(item, x, y, 60, 18)

    def add_scale_bar(self, of: QgsLayoutItemMap, unit: str, x: float, y: float) -> None:
        """Add a scale bar in metres, which it calls `unit`."""
        item = QgsLayoutItemScaleBar(self._layout)
        item.setStyle("Single Box")
        item.setLinkedMap(of)
        item.applyDefaultSize(Qgis.DistanceUnit.Meters)
        item.setUnitLabel(unit)
        item.setNumberOfSegmentsLeft(0)
        item.setTextFormat(text_format(9))
        item.setHeight(1.8)
        self._place(item, x, y, 50, 10)

    def save(self, path: Path) -> None:
        """Write the sheet as an image."""
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = 180
        settings.generateWorldFile = False
        if QgsLayoutExporter(self._layout).exportToImage(str(path), settings) != QgsLayoutExporter.ExportResult.Success:
            raise SystemExit(f"{path}: cannot be written")

    def _place(self, item: QgsLayoutItem, x: float, y: float, width: float, height: float) -> None:
        self._layout.addLayoutItem(item)
        item.attemptMove(QgsLayoutPoint(x, y))
        item.attemptResize(QgsLayoutSize(width, height))


def draw(image_path: Path, out: Path) -> None:
    """Draw `out`/result.png from the image and the results in `out`."""
    image = QgsRasterLayer(str(image_path), image_path.stem)
    if not image.isValid():
        raise SystemExit(f"{image_path}: cannot be opened by QGIS")
    refined = outlines(out / "polygons.gpkg", "refined boundaries", REFINED, 0.6, 0.4)
    coarse = outlines(out / "coarse.gpkg", "coarse boundaries", COARSE, 0.3, 0)
    project = QgsProject.instance()
    project.setCrs(image.crs())
    project.setEllipsoid(image.crs().ellipsoidAcronym())
    layers = [coarse, refined, image]
    project.addMapLayers(layers)

    extent = image.extent()
    width = min(max(HEIGHT * extent.width() / extent.height(), 80.0), 220.0)
    top = MARGIN + TITLE
    right = MARGIN + width + MARGIN
    sheet = Sheet(project, right + INSET + MARGIN, top + HEIGHT + MARGIN)
    sheet.add_title("IDGBR: coarse segmentation, and its boundaries after refinement", MARGIN, MARGIN, width)
    main = sheet.add_map(layers, extent, (MARGIN, top, width, HEIGHT))
    zoomed = typical_change(out / "coarse_classes.tif", out / "classes.tif")
    inset = sheet.add_map(layers, zoomed, (right, top, INSET, INSET))
    sheet.add_overview(main, inset)
    below = top + INSET + MARGIN
    sheet.add_legend([refined, coarse], right, below)
    sheet.add_scale_bar(main, "m", right + 60, below)
    sheet.add_scale_bar(inset, "m in the detail", right + 60, below + 13)
    sheet.save(out / "result.png")


if __name__ == "__main__":
    gdal.UseExceptions()
    # An older GDAL than the backend's warns of each GeoPackage that it is of a newer minor version.
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    application = QgsApplication([], False)
    application.initQgis()
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
    application.exitQgis()
