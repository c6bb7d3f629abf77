"""Results saved into a GeoPackage that holds other layers, by Processing with the real backend."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsVectorLayer

from idgbr_qgis.processing.provider import IdgbrProvider


def class_raster(path: Path) -> str:
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 20, 20, 1, gdal.GDT_Byte)
    dataset.SetGeoTransform((500000, 0.5, 0, 5600000, 0, -0.5))
    values = np.zeros((20, 20), np.uint8)
    values[5:15, 5:15] = 1
    dataset.GetRasterBand(1).WriteArray(values)
    dataset.GetRasterBand(1).SetNoDataValue(0)
    return str(path)


def layers(path: Path) -> set[str]:
    dataset = ogr.Open(str(path))
    return {dataset.GetLayer(i).GetName() for i in range(dataset.GetLayerCount())}


@pytest.mark.parametrize(
    ("output", "layer"),
    [
        ("""ogr:dbname='{path}' table="roofs" (geom)""", "roofs"),
        ("{path}|layername=roofs", "roofs"),
        ("{path}", "town"),
    ],
)
def test_other_layers_stay_and_the_result_is_loaded(
    provider: IdgbrProvider, tmp_path: Path, output: str, layer: str
) -> None:
    path = tmp_path / "town.gpkg"
    made = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    made.CreateLayer("parcels", None, ogr.wkbPolygon)
    made = None
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    algorithm = provider.algorithm("vectorize").create()
    assert algorithm.parameterDefinition("OUTPUT").supportsNonFileBasedOutput()
    values = {"INPUT": class_raster(tmp_path / "c.tif"), "OUTPUT": output.format(path=path)}
    assert algorithm.checkParameterValues(values, context)[0]
    results, fine = algorithm.run(values, context, feedback, {}, False)
    assert fine, feedback.textLog()
    assert {"parcels", layer} <= layers(path)
    assert results["OUTPUT"] == f"{path}|layername={layer}"
    shown = QgsVectorLayer(results["OUTPUT"], "shown", "ogr")
    assert shown.featureCount() == 1
    assert next(shown.getFeatures()).geometry().area() == pytest.approx(25.0, abs=1.0)


def test_open_layers_of_the_file_still_show_their_features(provider: IdgbrProvider, tmp_path: Path) -> None:
    path = tmp_path / "town.gpkg"
    made = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    parcels = made.CreateLayer("parcels", None, ogr.wkbPolygon)
    feature = ogr.Feature(parcels.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkt("POLYGON ((0 0, 1 0, 1 1, 0 0))"))
    parcels.CreateFeature(feature)
    feature = parcels = made = None
    opened = QgsVectorLayer(f"{path}|layername=parcels", "parcels", "ogr")
    assert len(list(opened.getFeatures())) == 1
    values = {"INPUT": class_raster(tmp_path / "c.tif"), "OUTPUT": f"""ogr:dbname='{path}' table="roofs" (geom)"""}
    for _ in range(2):  # added, then replaced
        context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
        assert provider.algorithm("vectorize").create().run(values, context, feedback, {}, False)[1], feedback.textLog()
        assert len(list(opened.getFeatures())) == 1
        assert path.read_bytes()[18:20] == b"\x01\x01"
        assert "vectorize" in QgsVectorLayer(f"{path}|layername=roofs", "roofs", "ogr").metadata().title().lower()


def test_tables_of_other_databases_are_refused(provider: IdgbrProvider, tmp_path: Path) -> None:
    algorithm = provider.algorithm("vectorize").create()
    raster = class_raster(tmp_path / "c.tif")
    for output in (
        """postgres://dbname='x' table="public"."roofs" (geom)""",
        """ogr:dbname='/x/a.sqlite' table="b" (geom)""",
    ):
        fine, message = algorithm.checkParameterValues({"INPUT": raster, "OUTPUT": output}, QgsProcessingContext())
        assert not fine
        assert "no tables of other databases" in message or "“.sqlite” files are not supported" in message
