"""Classes of other layers, as their styles have them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from osgeo import gdal
from qgis.core import (
    NULL,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsProject,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtWidgets import QDialogButtonBox

from idgbr_qgis.core.own_classes.class_sources import classes_of
from idgbr_qgis.gui.own_classes.layer_classes import LayerClassesDialog


def styled() -> QgsVectorLayer:
    layer = QgsVectorLayer("Polygon?field=kind:string", "kinds", "memory")
    categories = [
        QgsRendererCategory(value, QgsFillSymbol.createSimple({"color": color}), label)
        for value, color, label in (("v", "#800080", "vineyard"), ("r", "#808080", ""), (NULL, "#000000", "others"))
    ]
    layer.setRenderer(QgsCategorizedSymbolRenderer("kind", categories))
    return layer


def test_categories_are_classes(qgis_app: object) -> None:
    found = [(item.name, item.color.name()) for item in classes_of(styled())]
    assert found == [("vineyard", "#800080"), ("r", "#808080")]
    assert classes_of(QgsVectorLayer("Polygon", "plain", "memory")) == []
    assert classes_of(None) == []


def test_a_class_raster_has_classes(make_raster: Callable[..., Path], qgis_app: object) -> None:
    path = make_raster("classes.tif", bands=1)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadataItem("IDGBR_CLASSES", json.dumps([{"id": 3, "name": "water", "color": [1, 2, 3]}]))
    del dataset
    assert [item.name for item in classes_of(QgsRasterLayer(str(path), "classes"))] == ["water"]


def test_layers_with_classes_are_offered(qgis_new_project: None) -> None:
    ok = QDialogButtonBox.StandardButton.Ok
    plain = QgsVectorLayer("Polygon", "plain", "memory")
    QgsProject.instance().addMapLayer(plain)
    dialog = LayerClassesDialog()
    assert not dialog._buttons.button(ok).isEnabled()
    assert "No layer has classes" in dialog._names.text()
    QgsProject.instance().addMapLayer(styled())
    dialog = LayerClassesDialog()
    assert dialog._names.text() == "vineyard, r"
    assert [item.name for item in dialog.classes()] == ["vineyard", "r"]
    QgsProject.instance().clear()
