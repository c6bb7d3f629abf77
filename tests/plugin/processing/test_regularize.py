"""`idgbr:regularize` and the parameter REGULARIZE, up to what the worker is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    Qgis,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from idgbr_qgis.processing.provider import IdgbrProvider

Backend = Callable[..., None]


@pytest.fixture
def footprints() -> Iterator[QgsVectorLayer]:
    """Two footprints in memory, with a name each."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=name:string", "footprints", "memory")
    for number in range(2):
        feature = QgsFeature(layer.fields())
        feature.setAttribute("name", f"house {number}")
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({number} 0, {number} 1, {number}.5 1, {number} 0))"))
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().removeMapLayer(layer.id())


def sent(provider: IdgbrProvider, name: str, folder: Path, **parameters: Any) -> dict[str, Any]:
    """What the worker is asked for."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = provider.algorithm(name).create()
    fine, why = algorithm.checkParameterValues(parameters, context)
    assert fine, why
    results, fine = algorithm.run(parameters, context, QgsProcessingFeedback(), {}, False)
    assert fine
    assert QgsVectorLayer(results["OUTPUT"], "polygons", "ogr").isValid()
    found: dict[str, Any] = json.loads((folder / "job.json").read_text())
    return found


def test_a_layer_in_memory_is_exported(
    provider: IdgbrProvider, backend: Backend, footprints: QgsVectorLayer, tmp_path: Path
) -> None:
    backend("writes", tmp_path / "job.json")
    out = str(tmp_path / "out.gpkg")
    job = sent(provider, "regularize", tmp_path, INPUT=footprints, METHOD="circles", TOLERANCE=0.5, OUTPUT=out)
    assert {key: job[key] for key in ("job", "method", "tolerance", "output", "input_exists")} == {
        "job": "regularize", "method": "circles", "tolerance": 0.5, "output": out, "input_exists": True,
    }  # fmt: skip


def test_selected_features_can_be_taken(
    provider: IdgbrProvider, backend: Backend, footprints: QgsVectorLayer, tmp_path: Path
) -> None:
    backend("writes", tmp_path / "job.json")
    footprints.selectByIds([1])
    chosen = QgsProcessingFeatureSourceDefinition(footprints.id(), selectedFeaturesOnly=True)
    job = sent(provider, "regularize", tmp_path, INPUT=chosen, OUTPUT=str(tmp_path / "out.gpkg"))
    assert job["method"] == "auto"
    assert job["input"] != footprints.source()


@pytest.mark.parametrize(
    ("given", "method"),
    [
        ({}, "model"),
        ({"REGULARIZE": "none"}, "none"),
        ({"SQUARE": True}, "right-angles"),
        ({"REGULARIZE": "auto"}, "auto"),
        ({"REGULARIZE": "circles", "SQUARE": True}, "circles"),
    ],
)
def test_square_of_older_models_means_right_angles(
    provider: IdgbrProvider, backend: Backend, image: QgsRasterLayer, tmp_path: Path, given: dict[str, Any], method: str
) -> None:
    backend("writes", tmp_path / "job.json")
    job = sent(provider, "segment", tmp_path, INPUT=image, OUTPUT=str(tmp_path / "out.gpkg"), **given)
    assert job["regularize"] == method
    assert "square" not in job


def test_only_a_chosen_model_recommends_outlines(provider: IdgbrProvider) -> None:
    for name in ("segment", "refine", "detectchanges", "trackchanges", "vectorize"):
        definition = provider.algorithm(name).parameterDefinition("REGULARIZE")
        choices = ["none", "right-angles", "diagonals", "circles", "auto"]
        if name == "segment":
            choices = ["model", *choices]
        assert definition.options() == choices
        assert definition.defaultValue() == choices[0]
        assert ("With model" in definition.help()) == (name == "segment")


def test_square_is_not_offered_any_more(provider: IdgbrProvider) -> None:
    for name in ("segment", "refine", "detectchanges", "trackchanges", "vectorize"):
        flags = provider.algorithm(name).parameterDefinition("SQUARE").flags()
        assert flags & Qgis.ProcessingParameterFlag.Hidden
