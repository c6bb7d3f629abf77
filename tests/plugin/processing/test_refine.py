"""`idgbr:refine`, run by Processing with a scripted worker in place of the backend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.layer_sources import ogr_source
from idgbr_qgis.core.layers import LayerStaging
from idgbr_qgis.processing.provider import IdgbrProvider

Backend = Callable[..., None]
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(provider: IdgbrProvider, backend: Backend, image: QgsRasterLayer, tmp_path: Path) -> Run:
    """Run the algorithm; returns its results and what the worker was sent."""

    def run(**parameters: Any) -> dict[str, Any]:
        backend("writes", tmp_path / "job.json")
        algorithm = provider.algorithm("refine").create()
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        given = {"INPUT": image, "OUTPUT": str(tmp_path / "out.gpkg"), "DEVICE": "cpu"} | parameters
        fine, why = algorithm.checkParameterValues(given, context)
        assert fine, why
        feedback = QgsProcessingFeedback()
        results, fine = algorithm.run(given, context, feedback, {}, False)
        assert fine
        return {"results": results, "log": feedback.textLog(), "sent": json.loads((tmp_path / "job.json").read_text())}

    return run


@pytest.fixture
def houses() -> QgsVectorLayer:
    """A layer in memory with one polygon on the image."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632&field=fid:string&field=kind:string", "houses", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(
        QgsGeometry.fromWkt("POLYGON((500001 4999999, 500003 4999999, 500003 4999997, 500001 4999999))")
    )
    feature.setAttributes(["7", "shed"])
    layer.dataProvider().addFeature(feature)
    return layer


def save(layer: QgsVectorLayer, path: Path) -> QgsVectorLayer:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", "roofs"
    options.layerOptions = ["FID=id"]
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsProject.instance().transformContext(), options)
    return QgsVectorLayer(f"{path}|layername=roofs", "saved", "ogr")


def test_raster_is_read_where_it_lies(run: Run, make_raster: Callable[..., Path], tmp_path: Path) -> None:
    coarse = make_raster("coarse.tif", bands=1)
    done = run(COARSE=str(coarse), BAND_WIDTH=5, FILL_GAPS=True, BACKGROUND="no", MIN_AREA=2, STEPS=3)
    assert done["results"] == {
        "OUTPUT": str(tmp_path / "out.gpkg"), "POLYGONS": 1, "CHANGED_PIXELS": 42, "MOVED_SHARE": 0.25,
        "MOVED_MEAN": 0.125, "MOVED_P95": 0.5, "DOUBT": 0.1,
    }  # fmt: skip
    assert "building → background: 42 pixels, 10.5 m²" in done["log"]
    sent = done["sent"]
    assert sent["input_exists"]
    assert {k: sent[k] for k in sent if k not in ("input", "input_exists", "output")} == {
        "job": "refine", "coarse": str(coarse), "coarse_exists": True, "background": "no", "fill_gaps": True,
        "align": False, "objects": False, "band_width": 5, "steps": 3, "samples": 0, "min_area": 2.0, "simplify": 0.75,
        "regularize": "none", "device": "cpu", "on_bad_block": "stop",
    }  # fmt: skip


def test_layer_in_memory_is_exported_with_its_attributes(run: Run, houses: QgsVectorLayer, tmp_path: Path) -> None:
    """A field `fid` that is none of GeoPackage's survives."""
    done = run(COARSE=houses, CLASS_FIELD="kind", EXTENT="500000,500003,4999997,5000000 [EPSG:32632]")
    assert done["sent"]["coarse"].endswith("coarse.gpkg")
    assert done["sent"]["coarse_exists"]
    assert done["sent"]["class_field"] == "kind"
    assert done["sent"]["extent"] == [500000, 4999997, 500003, 5000000]
    assert done["sent"]["background"] == "auto"
    staged = LayerStaging(houses, QgsProject.instance().transformContext())
    written = QgsVectorLayer(staged.write(tmp_path / "copy", QgsProcessingFeedback()), "copy", "ogr")
    (feature,) = written.getFeatures()
    assert (feature["fid"], feature["kind"]) == ("7", "shed")


def test_a_layer_can_be_aligned_first_and_a_raster_cannot(
    run: Run, houses: QgsVectorLayer, make_raster: Callable[..., Path]
) -> None:
    assert run(COARSE=houses, ALIGN=True)["sent"]["align"]
    with pytest.raises(AssertionError, match="Only polygons can be aligned"):
        run(COARSE=str(make_raster("coarse.tif", bands=1)), ALIGN=True)


def test_layer_of_a_file_is_read_where_it_lies_unless_qgis_changes_it(houses: QgsVectorLayer, tmp_path: Path) -> None:
    layer = save(houses, tmp_path / "houses.gpkg")
    assert ogr_source(layer) == f"{tmp_path / 'houses.gpkg'}|roofs"
    layer.setSubsetString("kind = 'shed'")
    assert ogr_source(layer) is None
    layer.setSubsetString("")
    assert ogr_source(layer)
    layer.startEditing()
    layer.deleteFeatures([f.id() for f in layer.getFeatures()])
    assert ogr_source(layer) is None
    layer.rollBack()
    assert ogr_source(houses) is None


def test_lines_are_refused() -> None:
    lines = QgsVectorLayer("LineString?crs=EPSG:32632", "paths", "memory")
    with pytest.raises(LayerError, match="paths has no polygons"):
        LayerStaging(lines, QgsProject.instance().transformContext())


def test_result_has_the_colours_of_the_classification(
    backend: Backend, provider: IdgbrProvider, image: QgsRasterLayer, houses: QgsVectorLayer, tmp_path: Path,
    windowless: None,
) -> None:  # fmt: skip
    import processing

    symbol = QgsFillSymbol.createSimple({"color": "12,34,56"})
    houses.setRenderer(QgsCategorizedSymbolRenderer("kind", [QgsRendererCategory("building", symbol, "b")]))
    backend("writes", tmp_path / "job.json")
    output = str(tmp_path / "out.gpkg")
    processing.runAndLoadResults(
        "idgbr:refine", {"INPUT": image, "COARSE": houses, "CLASS_FIELD": "kind", "OUTPUT": output}
    )
    (layer,) = QgsProject.instance().mapLayers().values()
    (category,) = layer.renderer().categories()
    color = category.symbol().symbolLayer(0).fillColor()
    assert color.rgb() == QColor(12, 34, 56).rgb()
    QgsProject.instance().clear()
