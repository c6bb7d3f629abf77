"""The algorithms against the parameters of their jobs: the same names, defaults, choices and ranges."""

from __future__ import annotations

import math
import sys

import pytest
from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
)

from idgbr.options import parameters_of
from idgbr.parameters import PARAMETERS
from idgbr_qgis.core import preview, settings
from idgbr_qgis.processing.base import IdgbrAlgorithm
from idgbr_qgis.processing.provider import IdgbrProvider
from idgbr_qgis.processing.recipe import titles

ALGORITHMS = [
    "align", "detectchanges", "evaluate", "pretrain", "refine", "regularize", "segment", "trackchanges", "train",
    "vectorize",
]  # fmt: skip
#: Names that QGIS users know otherwise.
NAMES = {"rasters": "INPUTS"}
#: What the command line and Python offer besides; the CRS of an extent is part of it in QGIS.
NOT_IN_QGIS = {"extent_crs", "tile", "resume", "cluster"}


@pytest.fixture(params=ALGORITHMS)
def algorithm(request: pytest.FixtureRequest, provider: IdgbrProvider) -> IdgbrAlgorithm:
    found = provider.algorithm(request.param)
    assert isinstance(found, IdgbrAlgorithm)
    return found


def test_the_preview_sends_what_its_job_knows() -> None:
    known = {parameter.name for parameter in parameters_of(PARAMETERS["preview"])}
    assert known | {"staged"} == preview.PARAMETERS | {"output"}


def test_no_algorithm_is_left_out(provider: IdgbrProvider) -> None:
    assert sorted(found.name() for found in provider.algorithms() if found.name() not in titles()) == ALGORITHMS


def test_names_are_those_of_the_job(algorithm: IdgbrAlgorithm) -> None:
    names = {p.name for p in parameters_of(PARAMETERS[algorithm.JOB])} - NOT_IN_QGIS
    assert {p.name() for p in algorithm.parameterDefinitions()} == {NAMES.get(n, n.upper()) for n in names}


def test_defaults_choices_and_ranges_are_those_of_the_job(algorithm: QgsProcessingAlgorithm) -> None:
    settings.set_device("auto")
    assert isinstance(algorithm, IdgbrAlgorithm)
    fresh = algorithm.create()  # as the default of the device is that of the settings
    compared = set()
    for parameter in parameters_of(PARAMETERS[algorithm.JOB]):
        shown = fresh.parameterDefinition(NAMES.get(parameter.name, parameter.name.upper()))
        if parameter.name in NOT_IN_QGIS or shown.isDestination():
            continue
        default = None if parameter.required else parameter.default
        assert shown.defaultValue() == default, parameter.name
        assert isinstance(shown, QgsProcessingParameterBoolean) == (parameter.kind is bool), parameter.name
        assert isinstance(shown, QgsProcessingParameterEnum) == bool(parameter.option.choices), parameter.name
        if isinstance(shown, QgsProcessingParameterEnum):
            assert tuple(shown.options()) == parameter.option.choices
        if isinstance(shown, QgsProcessingParameterNumber):
            assert parameter.kind in (int, float)
            assert parameter.option.low == shown.minimum(), parameter.name
            high = min(parameter.option.high, sys.float_info.max)  # the highest value in QGIS if there is no limit
            if parameter.kind is float and high < sys.float_info.max:
                high = math.floor(100 * high) / 100  # "below 1", with two decimals
            assert shown.maximum() == high, parameter.name
        compared.add(parameter.name)
    assert len(compared) >= 3
