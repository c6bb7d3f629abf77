"""Which features of a layer a job takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsField,
    QgsGeometry,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)
from qgis.PyQt.QtCore import QMetaType

from idgbr_qgis.core.chosen_features import ChosenFeatures
from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.layer_sources import ogr_source
from idgbr_qgis.core.layers import LayerStaging, MaskStaging

CONTEXT = QgsCoordinateTransformContext()
UTM = QgsCoordinateReferenceSystem("EPSG:32632")


@pytest.fixture
def houses() -> Iterator[QgsVectorLayer]:
    """Five houses in a row, of number 0 to 4, in memory; number 3 is invalid (a bow tie)."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632&field=nr:int&field=kind:string", "houses", "memory")
    for nr in range(5):
        x = 10 * nr
        corners = [(x, 0), (x + 8, 8), (x + 8, 0), (x, 8)] if nr == 3 else [(x, 0), (x + 8, 0), (x + 8, 8), (x, 8)]
        ring = ", ".join(f"{a} {b}" for a, b in [*corners, corners[0]])
        feature = QgsFeature(layer.fields())
        feature.setAttributes([nr, "shed" if nr % 2 else "villa"])
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({ring}))"))
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().removeMapLayer(layer.id())


def selected(layer: QgsVectorLayer) -> QgsProcessingFeatureSourceDefinition:
    return QgsProcessingFeatureSourceDefinition(layer.id(), True)


def numbers(path: str) -> list[int]:
    return sorted(feature["nr"] for feature in QgsVectorLayer(path, "written", "ogr").getFeatures())


def test_selected_features_are_those_of_the_moment(houses: QgsVectorLayer, tmp_path: Path) -> None:
    houses.selectByExpression("nr in (1, 4)")
    staging = LayerStaging(houses, CONTEXT, selected(houses))
    houses.selectAll()
    feedback = QgsProcessingFeedback()
    assert numbers(staging.write(tmp_path / "coarse", feedback)) == [1, 4]
    assert "houses: 2 of 5 features are selected." in feedback.textLog()


def test_nothing_selected_is_said(houses: QgsVectorLayer) -> None:
    with pytest.raises(LayerError, match="Nothing is selected in houses; select polygons"):
        LayerStaging(houses, CONTEXT, selected(houses))


def test_filter_and_limit_of_a_feature_source_count(houses: QgsVectorLayer, tmp_path: Path) -> None:
    choice = QgsProcessingFeatureSourceDefinition(
        houses.id(), False, 2, Qgis.ProcessingFeatureSourceDefinitionFlags(),
        QgsFeatureRequest.InvalidGeometryCheck.GeometryNoCheck, "kind = 'villa'",
    )  # fmt: skip
    path = LayerStaging(houses, CONTEXT, choice).write(tmp_path / "coarse", QgsProcessingFeedback())
    assert numbers(path) == [0, 2]


def test_layer_filter_edits_joined_and_virtual_fields(houses: QgsVectorLayer, tmp_path: Path) -> None:
    prices = QgsVectorLayer("NoGeometry?field=nr:int&field=price:int", "prices", "memory")
    for nr in range(5):
        feature = QgsFeature(prices.fields())
        feature.setAttributes([nr, 100 * nr])
        prices.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(prices)
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(prices)
    join.setJoinFieldName("nr")
    join.setTargetFieldName("nr")
    houses.addJoin(join)
    houses.addExpressionField("upper(kind)", QgsField("loud", QMetaType.Type.QString))
    houses.setSubsetString("nr > 0")
    houses.startEditing()
    first = next(f for f in houses.getFeatures() if f["nr"] == 1)
    houses.changeAttributeValue(first.id(), 1, "barn")
    houses.deleteFeature(next(f.id() for f in houses.getFeatures() if f["nr"] == 2))
    path = LayerStaging(houses, CONTEXT).write(tmp_path / "coarse", QgsProcessingFeedback())
    houses.rollBack()
    QgsProject.instance().removeMapLayer(prices.id())
    written = {f["nr"]: f for f in QgsVectorLayer(path, "written", "ogr").getFeatures()}
    assert sorted(written) == [1, 3, 4]
    assert [written[1][name] for name in ("kind", "loud", "prices_price")] == ["barn", "BARN", 100]


def test_mask_takes_selected_polygons_and_invalid_ones(houses: QgsVectorLayer, tmp_path: Path) -> None:
    houses.selectByExpression("nr in (2, 3)")
    path = MaskStaging(houses, UTM, CONTEXT, selected(houses)).write(tmp_path / "mask", QgsProcessingFeedback())
    written = QgsVectorLayer(path, "written", "ogr")
    assert written.featureCount() == 2
    assert (written.extent().xMinimum(), written.extent().xMaximum()) == (20, 38)


def test_mask_of_lines_is_refused() -> None:
    with pytest.raises(LayerError, match="roads has no polygons"):
        MaskStaging(QgsVectorLayer("LineString?crs=EPSG:32632", "roads", "memory"), UTM, CONTEXT)


SURFACE = "(((0 0 0, 4 0 5, 4 4 5, 0 0 0)), ((0 0 0, 4 4 5, 0 4 0, 0 0 0)), ((4 0 5, 4 4 5, 4 4 0, 4 0 5)))"


@pytest.mark.parametrize(
    ("kind", "wkt", "area"),
    [
        ("CurvePolygon", "CURVEPOLYGON (CIRCULARSTRING (0 0, 2 2, 4 0, 2 -2, 0 0))", 12.566),
        ("MultiSurface", "MULTISURFACE (CURVEPOLYGON (CIRCULARSTRING (0 0, 2 2, 4 0, 2 -2, 0 0)))", 12.566),
        ("MultiPolygonZM", "MULTIPOLYGON ZM (((0 0 1 1, 4 0 1 1, 4 4 1 1, 0 4 1 1, 0 0 1 1)))", 16),
        ("PolyhedralSurfaceZ", f"POLYHEDRALSURFACE Z {SURFACE}", 16),
        ("TINZ", f"TIN Z {SURFACE}", 16),
    ],
)
def test_curves_and_surfaces_come_as_polygons(tmp_path: Path, kind: str, wkt: str, area: float) -> None:
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:32632", "shapes", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(wkt))
    assert layer.dataProvider().addFeature(feature)
    stagings = (LayerStaging(layer, CONTEXT), MaskStaging(layer, UTM, CONTEXT))
    for name, staging in zip(("coarse", "mask"), stagings, strict=True):
        written = QgsVectorLayer(staging.write(tmp_path / name, QgsProcessingFeedback()), name, "ogr")
        (shape,) = [feature.geometry() for feature in written.getFeatures()]
        assert shape.type() == Qgis.GeometryType.Polygon
        assert shape.area() == pytest.approx(area, rel=1e-3)
        assert shape.isGeosValid()


def test_number_that_a_file_gives_is_no_attribute(houses: QgsVectorLayer, tmp_path: Path) -> None:
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(houses, str(tmp_path / "houses.gpkg"), CONTEXT, options)
    layer = QgsVectorLayer(str(tmp_path / "houses.gpkg"), "houses", "ogr")
    assert layer.fields().names() == ["fid", "nr", "kind"]
    layer.selectByExpression("nr = 2")
    path = LayerStaging(layer, CONTEXT, selected(layer)).write(tmp_path / "coarse", QgsProcessingFeedback())
    written = QgsVectorLayer(path, "written", "ogr")
    assert written.fields().names() == ["row_number", "nr", "kind"]
    assert [feature.attributes()[1:] for feature in written.getFeatures()] == [[2, "villa"]]


def test_polygons_of_a_mixed_layer_are_those_that_qgis_shows(tmp_path: Path) -> None:
    path = tmp_path / "mixed.geojson"
    triangle = {"type": "Polygon", "coordinates": [[[9, 45], [10, 45], [10, 46], [9, 45]]]}
    point = {"type": "Point", "coordinates": [9, 45]}
    shapes = [point, triangle, {"type": "GeometryCollection", "geometries": [point, triangle]}]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    layer = QgsVectorLayer(f"{path}|geometrytype=Polygon", "mixed", "ogr")
    written = LayerStaging(layer, CONTEXT).write(tmp_path / "coarse", QgsProcessingFeedback())
    assert QgsVectorLayer(written, "written", "ogr").featureCount() == 1


def test_texts_are_read_as_qgis_was_told(tmp_path: Path) -> None:
    source = QgsVectorLayer("Polygon?crs=EPSG:32632&field=kind:string", "houses", "memory")
    feature = QgsFeature(source.fields())
    feature.setAttributes(["Дом"])
    feature.setGeometry(QgsGeometry.fromWkt("POLYGON((0 0, 1 0, 1 1, 0 0))"))
    source.dataProvider().addFeature(feature)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.fileEncoding = "ESRI Shapefile", "CP1251"
    QgsVectorFileWriter.writeAsVectorFormatV3(source, str(tmp_path / "houses.shp"), CONTEXT, options)
    (tmp_path / "houses.cpg").unlink()
    layer = QgsVectorLayer(str(tmp_path / "houses.shp"), "houses", "ogr")
    assert ogr_source(layer) == layer.source()
    layer.setProviderEncoding("windows-1251")
    path = LayerStaging(layer, CONTEXT).write(tmp_path / "coarse", QgsProcessingFeedback())
    assert [f["kind"] for f in QgsVectorLayer(path, "written", "ogr").getFeatures()] == ["Дом"]


def test_features_outlive_their_layer(houses: QgsVectorLayer) -> None:
    copy = houses.materialize(QgsFeatureRequest())
    chosen = ChosenFeatures(copy)
    del copy
    assert [feature["nr"] for feature in chosen] == [0, 1, 2, 3, 4]
