"""Styles of result layers: polygons and class rasters in the colours of their classes, confidence as a ramp."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from osgeo import gdal
from qgis.core import (
    NULL,
    QgsCategorizedSymbolRenderer,
    QgsColorRampShader,
    QgsFillSymbol,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

CLASS_ID_FIELD = "class_id"
CLASS_NAME_FIELD = "class"
#: Fields of a layer of buildings with the dates that first and last show them.
HISTORY_FIELDS = ("first_seen", "last_seen")
#: GDAL metadata item of a class raster that holds its classes, as the backend writes it.
CLASSES_TAG = "IDGBR_CLASSES"
#: Viridis and Magma at every tenth: the first ramp asked for of QGIS's own takes the main thread 50 ms.
CONFIDENCE_RAMP = (
    "#440154", "#482576", "#414387", "#345f8d", "#2a788e", "#21908d", "#23a884", "#43bf70", "#7ad151", "#bcdf27",
    "#fde725",
)  # fmt: skip
UNCERTAINTY_RAMP = (
    "#000004", "#150e37", "#3b0f6f", "#641a80", "#8c2981", "#b6377a", "#dd4a69", "#f66f5c", "#fe9f6d", "#fece91",
    "#fcfdbf",
)  # fmt: skip
#: Opacity of polygon fills: the image below stays readable, the outline is solid.
FILL_ALPHA = 90
#: Colours of classes that bring none (Okabe and Ito's palette, distinct for the colour-blind).
PALETTE = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999")


@dataclass(frozen=True)
class LayerClass:
    """One class of a result."""

    id: int
    name: str
    color: QColor
    background: bool = False


def parse_classes(items: Any) -> list[LayerClass]:
    """Read the classes of a result's summary or of a raster's tag; what cannot be read is left out."""
    classes = []
    for item in items if isinstance(items, list) else []:
        try:
            red, green, blue = (int(value) for value in item["color"])
            classes.append(
                LayerClass(int(item["id"]), str(item["name"]), QColor(red, green, blue), bool(item.get("background")))
            )
        except (KeyError, TypeError, ValueError):
            continue
    return classes


def raster_classes(path: str) -> list[LayerClass]:
    """Classes that a class raster names in its metadata."""
    dataset = gdal.Open(path)
    text = dataset.GetMetadataItem(CLASSES_TAG) if dataset is not None else None
    try:
        return parse_classes(json.loads(text)) if text else []
    except ValueError:
        return []


def layer_classes(layer: QgsRasterLayer) -> list[LayerClass]:
    """Classes of a raster layer: those its file names, else those that its style shows."""
    named = raster_classes(layer.source())
    renderer = layer.renderer()
    if named or not isinstance(renderer, QgsPalettedRasterRenderer):
        return named
    return [LayerClass(int(item.value), item.label or str(int(item.value)), item.color) for item in renderer.classes()]


def class_looks(layer: QgsMapLayer) -> dict[str, QColor]:
    """Colours that a layer's style gives to its classes, by their numbers and names as text."""
    looks: dict[str, QColor] = {}
    if isinstance(layer, QgsRasterLayer):
        for item in layer_classes(layer):
            looks |= {str(item.id): item.color, item.name: item.color}
    elif isinstance(layer, QgsVectorLayer) and isinstance(layer.renderer(), QgsCategorizedSymbolRenderer):
        for category in layer.renderer().categories():
            if category.symbol() is not None:
                # Results are styled by numbers, which another run may deal otherwise; labels are the names.
                color = QColor(category.symbol().color().rgb())  # fills are see-through
                looks |= dict.fromkeys((str(category.value()), category.label()), color)
    return looks


def in_looks(classes: list[LayerClass], looks: dict[str, QColor]) -> list[LayerClass]:
    """Classes in the colours that `looks` has for their names or numbers, else in their own."""
    return [
        replace(item, color=QColor(looks.get(item.name) or looks.get(str(item.id)) or item.color)) for item in classes
    ]


def style_polygons(layer: QgsVectorLayer, classes: list[LayerClass]) -> None:
    """Show polygons by class: solid outline, see-through fill; without classes a style the file brings stays."""
    shown = [item for item in classes if not item.background]
    styled = isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)
    if layer.fields().lookupField(CLASS_ID_FIELD) < 0 or (styled and not shown):
        return
    shown = shown or _classes_in(layer)
    categories = []
    for item in shown:
        categories.append(QgsRendererCategory(item.id, _see_through(item.color), item.name))
    layer.setRenderer(QgsCategorizedSymbolRenderer(CLASS_ID_FIELD, categories))
    layer.triggerRepaint()


def style_history(layer: QgsVectorLayer, titles: dict[tuple[bool, bool], str]) -> None:
    """Show buildings by whether they appeared and disappeared, with the titles of these."""
    colors = {(True, False): "#259654", (False, True): "#d64933", (True, True): "#f0ad3c"}
    rules = QgsRuleBasedRenderer.Rule(None)
    for (appeared, disappeared), title in titles.items():
        given = zip(HISTORY_FIELDS, (appeared, disappeared), strict=True)
        known = " AND ".join(f'"{name}" IS {"NOT " * there}NULL' for name, there in given)
        symbol = _see_through(QColor(colors[appeared, disappeared]))
        rules.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, known, title))
    layer.setRenderer(QgsRuleBasedRenderer(rules))
    layer.triggerRepaint()


def _see_through(color: QColor) -> QgsFillSymbol:
    """Solid outline, see-through fill."""
    fill = QColor(color)
    fill.setAlpha(FILL_ALPHA)
    symbol = QgsFillSymbol.createSimple({"outline_width": "0.5", "joinstyle": "round"})
    symbol.symbolLayer(0).setFillColor(fill)
    symbol.symbolLayer(0).setStrokeColor(color.darker(115))
    return symbol


def style_classes(layer: QgsRasterLayer) -> None:
    """Show a class raster by its classes; one that names none keeps the colour table QGIS gave it."""
    classes = raster_classes(layer.source())
    if not classes:
        return
    entries = [QgsPalettedRasterRenderer.Class(item.id, item.color, item.name) for item in classes]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))
    layer.triggerRepaint()


def style_confidence(layer: QgsRasterLayer) -> None:
    """Show a confidence raster on a ramp from 0 to 1."""
    _style_share(layer, CONFIDENCE_RAMP)


def style_uncertainty(layer: QgsRasterLayer) -> None:
    """Show a raster of uncertainty on a ramp of its own from 0 to 1."""
    _style_share(layer, UNCERTAINTY_RAMP)


def _style_share(layer: QgsRasterLayer, colors: tuple[str, ...]) -> None:
    last = len(colors) - 1
    stops = [QgsGradientStop(place / last, QColor(color)) for place, color in enumerate(colors)][1:-1]
    ramp = QgsGradientColorRamp(QColor(colors[0]), QColor(colors[last]), False, stops)
    function = QgsColorRampShader(0.0, 1.0, ramp)
    function.classifyColorRamp(len(colors))
    shader = QgsRasterShader(0.0, 1.0)
    shader.setRasterShaderFunction(function)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
    renderer.setClassificationMin(0.0)
    renderer.setClassificationMax(1.0)
    layer.setRenderer(renderer)
    layer.triggerRepaint()


def _classes_in(layer: QgsVectorLayer) -> list[LayerClass]:
    names: dict[int, str] = {}
    for feature in layer.getFeatures():
        if feature[CLASS_ID_FIELD] != NULL:
            names.setdefault(int(feature[CLASS_ID_FIELD]), str(feature[CLASS_NAME_FIELD]))
    return [
        LayerClass(number, name, QColor(PALETTE[index % len(PALETTE)]))
        for index, (number, name) in enumerate(sorted(names.items()))
    ]
