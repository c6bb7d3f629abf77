"""What the algorithm for several dates asks of the backend, and how its result looks."""

from __future__ import annotations

import json
from collections.abc import Callable
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

from idgbr_qgis.core.styles import style_history
from idgbr_qgis.processing.provider import IdgbrProvider

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(provider: IdgbrProvider, backend: Callable[..., None], tmp_path: Path) -> Run:
    """Run the algorithm; returns what the worker was sent."""

    def run(**parameters: Any) -> dict[str, Any]:
        backend("writes", tmp_path / "job.json")
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        given = {"OUTPUT": str(tmp_path / "out.gpkg")} | parameters
        algorithm = provider.algorithm("trackchanges").create()
        results, fine = algorithm.run(given, context, QgsProcessingFeedback(), {}, False)
        assert fine
        assert results["POLYGONS"] == 1
        return json.loads((tmp_path / "job.json").read_text())

    return run


def test_all_images_and_parameters_go_along(run: Run, make_raster: Callable[..., Path]) -> None:
    images = [str(make_raster(f"ortho_{year}.tif", bands=3)) for year in (2018, 2020, 2022)]
    job = run(INPUTS=images, ALIGN=True, REFINE=False, THRESHOLD=0.3, MIN_AREA=5)
    assert job["job"] == "track-changes"
    assert job["rasters"].splitlines() == images
    assert (job["align"], job["refine"], job["threshold"], job["min_area"]) == (True, False, 0.3, 5)
    assert (job["model"], job["on_bad_block"], job["simplify"]) == ("change", "stop", 0.75)
    assert "extent" not in job


def test_an_extent_without_a_crs_is_in_that_of_the_first_image(run: Run, make_raster: Callable[..., Path]) -> None:
    images = [str(make_raster(f"ortho_{year}.tif", bands=3)) for year in (2018, 2020)]
    job = run(INPUTS=images, EXTENT="500000,500002,4999997,5000000 [EPSG:32632]")
    assert job["extent_crs"] == "EPSG:32632"
    assert job["extent"][0] == 500000


def test_a_layer_that_is_written_keeps_its_name_and_so_its_date(run: Run, image: QgsRasterLayer) -> None:
    """A coordinate system given in QGIS needs a file around the raster."""
    from qgis.core import QgsCoordinateReferenceSystem

    layers = []
    for year in (2018, 2020):
        layer = QgsRasterLayer(image.source(), f"Ortho {year}.05.31")
        layer.setCrs(QgsCoordinateReferenceSystem("EPSG:25832"))
        layers.append(layer)
    paths = run(INPUTS=layers)["rasters"].splitlines()
    assert [Path(path).name for path in paths] == ["Ortho_2018_05_31.vrt", "Ortho_2020_05_31.vrt"]


@pytest.mark.parametrize(("parameters", "message"), [({"MODEL": " "}, "Choose a model"), ({"INPUTS": []}, "INPUTS")])
def test_errors_that_need_no_backend(
    provider: IdgbrProvider, image: QgsRasterLayer, tmp_path: Path, parameters: dict[str, object], message: str
) -> None:
    given = {"INPUTS": [image, image], "OUTPUT": str(tmp_path / "out.gpkg"), **parameters}
    fine, text = provider.algorithm("trackchanges").create().checkParameterValues(given, QgsProcessingContext())
    assert not fine
    assert message in text or "Images" in text


def test_buildings_are_shown_by_what_became_of_them() -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632&field=first_seen:string&field=last_seen:string", "history", "memory")
    features = []
    for first, last in (("2018", None), (None, "2020"), ("2018", "2020")):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([first, last])
        feature.setGeometry(QgsGeometry.fromWkt("POLYGON((0 0, 1 0, 1 1, 0 0))"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    titles = {(True, False): "came", (False, True): "went", (True, True): "both"}
    style_history(layer, titles)
    rules = layer.renderer().rootRule().children()
    shown = {rule.label(): [f["first_seen"] for f in layer.getFeatures(rule.filterExpression())] for rule in rules}
    assert [len(shown[title]) for title in ("came", "went", "both")] == [1, 1, 1]
    assert shown["came"] == ["2018"]
