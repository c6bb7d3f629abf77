"""The provider as QGIS sees it: names that must never change, help for everything."""

from __future__ import annotations

import pytest
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterVectorDestination,
)

from idgbr_qgis.core import settings
from idgbr_qgis.core.paths import ICON
from idgbr_qgis.processing.provider import IdgbrProvider
from idgbr_qgis.processing.recipe import titles

PARAMETERS = {
    "segment": "INPUT EXTENT MASK MODEL REFINE STEPS SAMPLES OBJECTS MIN_AREA SIMPLIFY REGULARIZE SQUARE DEVICE "
    "ON_BAD_BLOCK OUTPUT OUTPUT_CLASSES OUTPUT_CONFIDENCE OUTPUT_UNCERTAINTY",
    "refine": "INPUT COARSE CLASS_FIELD ALIGN EXTENT BACKGROUND FILL_GAPS BAND_WIDTH STEPS SAMPLES MIN_AREA SIMPLIFY "
    "REGULARIZE SQUARE OBJECTS DEVICE ON_BAD_BLOCK OUTPUT OUTPUT_CLASSES OUTPUT_CONFIDENCE OUTPUT_UNCERTAINTY",
    "detectchanges": "BEFORE AFTER EXTENT MODEL THRESHOLD REFINE ALIGN BOTH_ORDERS STEPS MIN_AREA SIMPLIFY "
    "REGULARIZE SQUARE DATE_BEFORE DATE_AFTER DEVICE ON_BAD_BLOCK OUTPUT OUTPUT_PROBABILITY",
    "trackchanges": "INPUTS EXTENT MODEL THRESHOLD REFINE ALIGN STEPS MIN_AREA SIMPLIFY REGULARIZE SQUARE DEVICE "
    "ON_BAD_BLOCK OUTPUT",
    "pretrain": "INPUTS TITLE START_FROM SIZE BANDS STEPS MINUTES BATCH CROP SEED DEVICE OUTPUT REPORT",
    "train": "INPUT LABELS CLASS_FIELD TASK TITLE BACKGROUND ADD_AS MORE_INPUTS MORE_LABELS IGNORE ARCHITECTURE PRIOR "
    "WIDTH OUTSIDE CLASS_WEIGHTS BANDS STEPS MINUTES BATCH CROP SEED DEVICE OUTPUT REPORT",
    "vectorize": "INPUT CONFIDENCE MIN_AREA SIMPLIFY SMOOTH REGULARIZE SQUARE OUTPUT",
    "regularize": "INPUT METHOD TOLERANCE OUTPUT",
    "align": "INPUT LAYER RADIUS MODEL DEVICE ON_BAD_BLOCK OUTPUT OUTPUT_SHIFTS",
    "evaluate": "PREDICTED PREDICTED_CLASS_FIELD TRUTH TRUTH_CLASS_FIELD IMAGE CONFIDENCE EXTENT PIXEL_SIZE OUTSIDE "
    "REPORT",
}


@pytest.fixture(params=sorted(PARAMETERS))
def algorithm(request: pytest.FixtureRequest, provider: IdgbrProvider) -> QgsProcessingAlgorithm:
    return provider.algorithm(request.param)


def test_provider_is_complete(provider: IdgbrProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    assert provider.id() == "idgbr"
    assert provider.name() == "IDGBR"
    assert provider.longName() != provider.name()
    assert provider.versionInfo() == "0.1.0"
    assert sorted(a.name() for a in provider.algorithms()) == sorted([*PARAMETERS, *titles()])
    extensions = ["gpkg", "shp", "geojson", "fgb"]
    assert provider.supportedOutputVectorLayerExtensions()[:4] == extensions
    monkeypatch.setattr(gdal, "GetDriverByName", lambda name: None)
    assert provider.supportedOutputVectorLayerExtensions() == extensions
    monkeypatch.setattr(gdal, "GetDriverByName", lambda name: name)
    assert provider.supportedOutputVectorLayerExtensions() == [*extensions, "parquet"]
    assert provider.supportedOutputRasterLayerExtensions() == ["tif"]
    assert provider.supportsNonFileBasedOutput()  # layers of GeoPackages


def test_icon_draws_something(provider: IdgbrProvider) -> None:
    assert ICON.exists()
    picture = provider.icon().pixmap(24, 24).toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(24) for y in range(24)}
    assert len(colours) > 3


def test_parameter_names_are_the_published_ones(algorithm: QgsProcessingAlgorithm) -> None:
    names = [p.name() for p in algorithm.parameterDefinitions()]
    assert sorted(names) == sorted(PARAMETERS[algorithm.name()].split())
    figure = {"evaluate": "MIOU", "train": "MIOU", "pretrain": "LOSS"}.get(algorithm.name(), "POLYGONS")
    assert figure in [output.name() for output in algorithm.outputDefinitions()]


def test_everything_is_explained(algorithm: QgsProcessingAlgorithm) -> None:
    assert algorithm.shortHelpString()
    assert algorithm.shortDescription()
    assert algorithm.tags()
    own = algorithm.name() in ("pretrain", "train")
    assert algorithm.groupId() == ("ownmodels" if own else "segmentation")
    assert algorithm.helpUrl().endswith(f"#{algorithm.name()}")
    for parameter in algorithm.parameterDefinitions():
        assert parameter.help(), parameter.name()
        assert parameter.description(), parameter.name()


def test_optional_parameters_have_defaults(algorithm: QgsProcessingAlgorithm) -> None:
    optional = Qgis.ProcessingParameterFlag.Optional
    needed = [
        p.name()
        for p in algorithm.parameterDefinitions()
        if not p.flags() & optional and p.defaultValue() is None and not p.isDestination()
    ]
    two = {
        "refine": ["INPUT", "COARSE"],
        "align": ["INPUT", "LAYER"],
        "detectchanges": ["BEFORE", "AFTER"],
        "trackchanges": ["INPUTS"],
        "pretrain": ["INPUTS"],
        "train": ["INPUT", "LABELS"],
        "evaluate": ["PREDICTED", "TRUTH"],
    }
    assert needed == two.get(algorithm.name(), ["INPUT"])
    for parameter in algorithm.parameterDefinitions():
        if parameter.name() in {"OUTPUT_CLASSES", "OUTPUT_CONFIDENCE", "OUTPUT_UNCERTAINTY"}:
            assert isinstance(parameter, QgsProcessingParameterRasterDestination)
            assert not parameter.createByDefault()
        if parameter.name() == "OUTPUT":
            own = algorithm.name() in ("pretrain", "train")
            kind = QgsProcessingParameterFolderDestination if own else QgsProcessingParameterVectorDestination
            assert isinstance(parameter, kind)


def test_rare_parameters_are_advanced(provider: IdgbrProvider) -> None:
    advanced = Qgis.ProcessingParameterFlag.Advanced
    expected = {"segment": {"STEPS", "SAMPLES", "SIMPLIFY", "DEVICE", "ON_BAD_BLOCK"}}
    expected["refine"] = expected["segment"] | {"BACKGROUND", "FILL_GAPS"}
    expected["evaluate"] = {"IMAGE", "CONFIDENCE", "EXTENT", "PIXEL_SIZE", "OUTSIDE"}
    for name, rare in expected.items():
        parameters = provider.algorithm(name).parameterDefinitions()
        assert {p.name() for p in parameters if p.flags() & advanced} == rare


def test_each_run_has_its_own_algorithm(algorithm: QgsProcessingAlgorithm) -> None:
    copy = algorithm.create()
    assert copy is not algorithm
    assert copy.id() == algorithm.id()
    assert not algorithm.flags() & Qgis.ProcessingAlgorithmFlag.NoThreading
    assert algorithm.flags() & Qgis.ProcessingAlgorithmFlag.CanCancel
    assert algorithm.flags() & Qgis.ProcessingAlgorithmFlag.SupportsBatch


def test_device_default_is_the_setting(provider: IdgbrProvider) -> None:
    settings.set_device("cuda:1")
    algorithm = provider.algorithm("segment").create()
    device = algorithm.parameterDefinition("DEVICE")
    assert device.defaultValue() == "cuda:1"
    assert device.metadata()["widget_wrapper"]["value_hints"] == ["cuda:1", "auto", "cpu", "cuda"]


def test_missing_backend_is_told_with_the_remedy(
    algorithm: QgsProcessingAlgorithm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDGBR_BACKEND_PYTHON", "/no/such/python")
    possible, why = algorithm.canExecute()
    assert not possible
    assert "/no/such/python" in why
    assert "Options" in why


def test_a_configured_backend_can_execute(algorithm: QgsProcessingAlgorithm, backend: object) -> None:
    backend("echo")
    assert algorithm.canExecute() == (True, "")


def test_parameters_survive_the_way_to_a_command_line(algorithm: QgsProcessingAlgorithm) -> None:
    parameters = dict.fromkeys(("INPUT", "INPUTS", "COARSE", "PREDICTED", "TRUTH"), "a.tif") | {"OUTPUT": "b.gpkg"}
    command, fine = algorithm.asQgisProcessCommand(parameters, QgsProcessingContext())
    assert fine
    assert f"qgis_process run idgbr:{algorithm.name()}" in command
