from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeature,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.styles import (
    CONFIDENCE_RAMP,
    LayerClass,
    class_looks,
    in_looks,
    layer_classes,
    parse_classes,
    raster_classes,
    style_classes,
    style_confidence,
    style_polygons,
)

ITEMS = [
    {"id": 0, "name": "background", "color": [0, 0, 0], "background": True},
    {"id": 1, "name": "roof", "color": [200, 30, 30], "future": 1},
    {"id": 2, "name": "road", "color": [90, 90, 90]},
]


def polygons(*classes: tuple[int, str]) -> QgsVectorLayer:
    layer = QgsVectorLayer("Polygon?field=class_id:integer&field=class:string", "polygons", "memory")
    for number, name in classes:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([number, name])
        layer.dataProvider().addFeature(feature)
    return layer


def class_raster(make_raster: Callable[..., Path], tag: str | None) -> QgsRasterLayer:
    path = make_raster("classes.tif", values=np.ones((1, 8, 10), np.uint8))
    if tag is not None:
        dataset = gdal.Open(str(path), gdal.GA_Update)
        dataset.SetMetadataItem("IDGBR_CLASSES", tag)
        del dataset
    return QgsRasterLayer(str(path), "classes")


def test_unreadable_classes_are_left_out() -> None:
    assert [c.id for c in parse_classes([*ITEMS, {}, 3, {"id": "x", "name": "", "color": [1, 2, 3]}])] == [0, 1, 2]
    assert parse_classes(None) == []


def test_polygons_are_shown_by_class_in_its_colour() -> None:
    layer = polygons((1, "roof"))
    style_polygons(layer, parse_classes(ITEMS))
    renderer = layer.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    assert renderer.classAttribute() == "class_id"
    assert [(c.value(), c.label()) for c in renderer.categories()] == [(1, "roof"), (2, "road")]
    category = renderer.categories()[0]
    fill = category.symbol().symbolLayer(0).fillColor()
    assert (fill.red(), fill.green(), fill.blue()) == (200, 30, 30)
    assert 0 < fill.alpha() < 200, "the image below stays readable"


def test_a_refined_result_looks_like_what_was_refined_whatever_its_numbers() -> None:
    coarse = polygons((1, "roof"))
    style_polygons(coarse, parse_classes(ITEMS))
    again = [LayerClass(1, "road", QColor()), LayerClass(2, "roof", QColor())]
    dressed = in_looks(again, class_looks(coarse))
    assert [item.color.getRgb() for item in dressed] == [(90, 90, 90, 255), (200, 30, 30, 255)]


def test_polygons_without_known_classes_get_colours_all_the_same() -> None:
    layer = polygons((7, "pond"), (3, "wood"), (7, "pond"))
    style_polygons(layer, [])
    assert [(c.value(), c.label()) for c in layer.renderer().categories()] == [(3, "wood"), (7, "pond")]


def test_class_raster_shows_names_and_colours(make_raster: Callable[..., Path]) -> None:
    layer = class_raster(make_raster, json.dumps(ITEMS))
    style_classes(layer)
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [(c.value, c.label, c.color.name()) for c in renderer.classes()] == [
        (0, "background", "#000000"),
        (1, "roof", "#c81e1e"),
        (2, "road", "#5a5a5a"),
    ]
    assert [c.name for c in layer_classes(layer)] == ["background", "roof", "road"]


def test_class_raster_without_classes_keeps_its_style(make_raster: Callable[..., Path]) -> None:
    for tag in (None, "{broken"):
        layer = class_raster(make_raster, tag)
        before = type(layer.renderer())
        style_classes(layer)
        assert type(layer.renderer()) is before
        assert raster_classes(layer.source()) == layer_classes(layer) == []


def test_classes_may_come_from_the_style_of_a_layer(make_raster: Callable[..., Path]) -> None:
    layer = class_raster(make_raster, None)
    entries = [QgsPalettedRasterRenderer.Class(4, QColor("#112233"), "heath")]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries))
    (found,) = layer_classes(layer)
    assert (found.id, found.name, found.color.name()) == (4, "heath", "#112233")


def test_confidence_has_a_ramp_from_0_to_1(make_raster: Callable[..., Path]) -> None:
    layer = QgsRasterLayer(str(make_raster("c.tif", values=np.full((1, 8, 10), 0.5, np.float32))), "confidence")
    style_confidence(layer)
    renderer = layer.renderer()
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    assert (renderer.classificationMin(), renderer.classificationMax()) == (0, 1)
    items = renderer.shader().rasterShaderFunction().colorRampItemList()
    assert tuple(item.color.name() for item in items) == CONFIDENCE_RAMP
    assert [item.value for item in items] == pytest.approx([place / 10 for place in range(11)])
