"""What made a result is in its layer and its file; results have names and tips for people, and a group."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import (
    QgsLayerMetadata,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from idgbr_qgis.core.results import RunRecord, add_group, dress, load_results, write_metadata
from idgbr_qgis.processing.provider import IdgbrProvider

Backend = Callable[..., None]


def run(provider: IdgbrProvider, image: QgsRasterLayer, folder: Path, suffix: str = "gpkg") -> QgsProcessingContext:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    outputs = {"OUTPUT": f"out.{suffix}", "OUTPUT_CLASSES": "classes.tif", "OUTPUT_CONFIDENCE": "confidence.tif"}
    destinations = {
        name: QgsProcessingOutputLayerDefinition(str(folder / file), QgsProject.instance())
        for name, file in outputs.items()
    }
    _, fine = (
        provider.algorithm("segment")
        .create()
        .run({"INPUT": image, **destinations}, context, QgsProcessingFeedback(), {}, False)
    )
    assert fine
    return context


def test_record_says_what_made_the_result() -> None:
    record = RunRecord(
        "idgbr:segment",
        "9.9",
        {"input": "ortho (/data/ortho.tif)"},
        {"model": "buildings", "min_area": 4.0, "steps": None},
        {"device": "cpu"},
        when="2024-05-06 07:08:09",
    )
    text = record.metadata().abstract()
    assert text.startswith("2024-05-06 07:08:09: idgbr:segment, IDGBR plugin 0.1.0, backend 9.9")
    assert "Model buildings, version 1, licence: CC BY-SA 4.0" in text
    assert "input: ortho (/data/ortho.tif)" in text
    assert "Device: cpu" in text
    assert '"min_area": 4.0' in text
    assert "steps" not in text
    assert record.metadata().history() == text.split("\n")


@pytest.mark.parametrize("suffix", ["gpkg", "shp"])
def test_files_keep_what_made_them(
    provider: IdgbrProvider, backend: Backend, image: QgsRasterLayer, tmp_path: Path, suffix: str
) -> None:
    backend("writes", tmp_path / "job.json")
    run(provider, image, tmp_path, suffix)
    layer = QgsVectorLayer(str(tmp_path / f"out.{suffix}"), "opened later", "ogr")
    if suffix == "shp":
        layer.loadDefaultMetadata()
    assert "idgbr:segment" in layer.metadata().abstract()
    assert image.source() in layer.metadata().abstract()
    assert layer.metadata().history()[1].startswith("Model buildings, version")


def test_metadata_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.gpkg").write_text("no database")
    assert "has no layer" in write_metadata(str(tmp_path / "broken.gpkg"), QgsLayerMetadata())
    assert write_metadata(str(tmp_path / "absent.gpkg"), QgsLayerMetadata()) == ""
    assert write_metadata(str(tmp_path / "polygons.fgb"), QgsLayerMetadata()) == ""


def test_results_are_loaded_styled_into_a_group(
    provider: IdgbrProvider, backend: Backend, image: QgsRasterLayer, tmp_path: Path, qgis_new_project: None
) -> None:
    backend("writes", tmp_path / "job.json")
    context = run(provider, image, tmp_path)
    layers = load_results(context, QgsProcessingFeedback(), QgsProject.instance(), "image")
    polygons, classes, confidence = layers
    assert polygons.renderer().classAttribute() == "class_id"
    assert [item.label for item in classes.renderer().classes()] == ["background", "building"]
    shader = confidence.renderer().shader()
    assert (shader.minimumValue(), shader.maximumValue()) == (0, 1)
    for layer in layers:
        assert "backend 9.9" in layer.metadata().abstract()
    group = QgsProject.instance().layerTreeRoot().children()[0]
    assert group.name().startswith("IDGBR – image – 20")
    assert [node.layer() for node in group.children()] == layers


def test_results_that_cannot_be_opened_are_told(
    provider: IdgbrProvider, backend: Backend, image: QgsRasterLayer, tmp_path: Path, qgis_new_project: None
) -> None:
    backend("writes", tmp_path / "job.json")
    context = run(provider, image, tmp_path)
    (tmp_path / "out.gpkg").unlink()
    feedback = QgsProcessingFeedback()
    assert len(load_results(context, feedback, QgsProject.instance(), "image")) == 2
    assert "out.gpkg cannot be opened" in feedback.textLog()


def test_fields_have_names_for_people_and_a_map_tip() -> None:
    fields = "field=class_id:int&field=class:string&field=confidence:double&field=moved_m:double"
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:32632&{fields}", "polygons", "memory")
    dress(layer, QgsLayerMetadata())
    assert layer.attributeDisplayName(2) == "Confidence (0–1)"
    assert layer.attributeDisplayName(3) == "Boundary moved by (m)"
    assert layer.displayExpression() == '"class"'
    tip = layer.mapTipTemplate()
    assert '"class"' in tip
    assert '"confidence"' in tip
    assert '"moved_m"' in tip


def test_layer_without_the_fields_keeps_its_own_tip() -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632&field=name:string", "polygons", "memory")
    dress(layer, QgsLayerMetadata())
    assert layer.mapTipTemplate() == ""


def test_nothing_makes_no_group(qgis_new_project: None) -> None:
    add_group(QgsProject.instance(), "empty", [])
    assert QgsProject.instance().layerTreeRoot().children() == []
