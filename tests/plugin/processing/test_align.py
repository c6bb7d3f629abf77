"""`idgbr:align`, up to what the worker is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from idgbr_qgis.processing.provider import IdgbrProvider

Backend = Callable[..., None]


@pytest.fixture
def footprints() -> Iterator[QgsVectorLayer]:
    """A footprint in memory, on the image."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632&field=name:string", "footprints", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(
        QgsGeometry.fromWkt("POLYGON((500001 4999999, 500003 4999999, 500003 4999997, 500001 4999999))")
    )
    layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().removeMapLayer(layer.id())


def context_of_project() -> QgsProcessingContext:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return context


def test_image_and_layer_reach_the_worker(
    provider: IdgbrProvider, backend: Backend, image: QgsRasterLayer, footprints: QgsVectorLayer, tmp_path: Path
) -> None:
    backend("writes", tmp_path / "job.json")
    context, algorithm = context_of_project(), provider.algorithm("align").create()
    given: dict[str, Any] = {
        "INPUT": image, "LAYER": footprints, "RADIUS": 5, "DEVICE": "cpu", "OUTPUT": str(tmp_path / "out.gpkg"),
        "OUTPUT_SHIFTS": str(tmp_path / "shifts.shp"),
    }  # fmt: skip
    fine, why = algorithm.checkParameterValues(given, context)
    assert fine, why
    results, fine = algorithm.run(given, context, QgsProcessingFeedback(), {}, False)
    assert fine
    sent = json.loads((tmp_path / "job.json").read_text())
    assert sent["layer"].endswith("layer.gpkg")
    wanted = {
        "job": "align", "radius": 5.0, "model": "buildings", "device": "cpu", "on_bad_block": "stop",
        "output": str(tmp_path / "out.gpkg"), "output_shifts": str(tmp_path / "shifts.shp"),
    }  # fmt: skip
    assert {key: sent[key] for key in wanted} == wanted
    assert results["POLYGONS"] == 1
    assert results["OUTPUT_SHIFTS"] == str(tmp_path / "shifts.shp")


def test_a_layer_elsewhere_is_refused(
    provider: IdgbrProvider, image: QgsRasterLayer, footprints: QgsVectorLayer, tmp_path: Path
) -> None:
    footprints.dataProvider().changeGeometryValues(
        {f.id(): QgsGeometry.fromWkt("POLYGON((0 0, 9 0, 9 9, 0 0))") for f in footprints.getFeatures()}
    )
    footprints.updateExtents()
    given = {"INPUT": image, "LAYER": footprints, "OUTPUT": str(tmp_path / "out.gpkg")}
    fine, why = provider.algorithm("align").create().checkParameterValues(given, context_of_project())
    assert not fine
    assert why == "The polygons do not overlap the image; check their coordinate systems."
