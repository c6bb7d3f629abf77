#!/usr/bin/env python3
"""Makes resources/recipes/*.model3, models of the QGIS model designer, from the recipes below.

Run it with QGIS's Python after a parameter of an algorithm was changed; `tests/plugin/processing/test_recipes.py` holds
the files against the algorithms.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qgis.analysis import QgsNativeAlgorithms
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtCore import QPointF, QSizeF

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # when run as a program

from idgbr_qgis.core.paths import RECIPES  # noqa: E402
from idgbr_qgis.processing.provider import IdgbrProvider  # noqa: E402

POLYGONS = [Qgis.ProcessingSourceType.VectorPolygon]
DOUBLE = Qgis.ProcessingNumberParameterType.Double


@dataclass(frozen=True)
class Step:
    """An algorithm of a recipe. Values may be `Input` or `From`; `results` name its outputs that are the recipe's."""

    algorithm: str
    title: str
    values: dict[str, Any]
    results: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Input:
    """The value of a parameter of the recipe."""

    name: str


@dataclass(frozen=True)
class From:
    """An output of an earlier step."""

    step: str
    output: str = "OUTPUT"


@dataclass(frozen=True)
class Recipe:
    """A model: its name (part of its id), help, parameters, and steps by id."""

    name: str
    help: str
    parameters: list[QgsProcessingParameterDefinition]
    steps: dict[str, Step]


def _image(name: str = "IMAGE", title: str = "Image") -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterRasterLayer(name, title)


def _polygons(name: str, title: str) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterFeatureSource(name, title, POLYGONS)


def recipes() -> list[Recipe]:
    """All recipes."""
    return [
        Recipe(
            "recipe_refine_polygons",
            "Refines the boundaries of polygons that another plugin made (such as Deepness, Geo-SAM, Mapflow or the "
            "segmentation of TerraLab), with their source image. Then regularizes their outlines.",
            [_image(), _polygons("POLYGONS", "Polygons of the other plugin")],
            {
                "refine": Step(
                    "idgbr:refine", "Refine",
                    {"INPUT": Input("IMAGE"), "COARSE": Input("POLYGONS"), "OBJECTS": True},
                ),
                "regularize": Step(
                    "idgbr:regularize", "Regularize", {"INPUT": From("refine"), "METHOD": "auto"},
                    {"OUTPUT": "Refined polygons"},
                ),
            },
        ),
        Recipe(
            "recipe_footprints",
            "Moves footprints (such as those of OpenStreetMap, Microsoft, Google or a cadastre) to where the image "
            "shows them. Then refines their outlines with the image.",
            [
                _image(),
                _polygons("FOOTPRINTS", "Footprints"),
                QgsProcessingParameterNumber("RADIUS", "Search radius (m)", DOUBLE, 8.0, False, 0.5, 50.0),
            ],
            {
                "align": Step(
                    "idgbr:align", "Align",
                    {"INPUT": Input("IMAGE"), "LAYER": Input("FOOTPRINTS"), "RADIUS": Input("RADIUS")},
                    {"OUTPUT": "Aligned footprints", "OUTPUT_SHIFTS": "Shifts"},
                ),
                "refine": Step(
                    "idgbr:refine", "Refine",
                    {"INPUT": Input("IMAGE"), "COARSE": From("align"), "REGULARIZE": "auto", "OBJECTS": True},
                    {"OUTPUT": "Refined footprints"},
                ),
            },
        ),
        Recipe(
            "recipe_land_cover",
            "Finds the land cover of the area of a polygon layer, such as a municipality, and sums up the area of each "
            "class.",
            [_image(), _polygons("MUNICIPALITY", "Municipality")],
            {
                "segment": Step(
                    "idgbr:segment", "Segment",
                    {
                        "INPUT": Input("IMAGE"), "MASK": Input("MUNICIPALITY"), "MODEL": "landcover", "MIN_AREA": 4,
                    },
                    {"OUTPUT": "Land cover"},
                ),
                "sum": Step(
                    "native:aggregate", "Area by class",
                    {
                        "INPUT": From("segment"), "GROUP_BY": '"class"',
                        "AGGREGATES": [
                            {
                                "aggregate": "first_value", "input": '"class"', "name": "class", "type": 10,
                                "delimiter": ",", "length": 0, "precision": 0,
                            },
                            {
                                "aggregate": "sum", "input": '"area_m2"', "name": "area_m2", "type": 6,
                                "delimiter": ",", "length": 0, "precision": 0,
                            },
                        ],
                    },
                    {"OUTPUT": "Area by class"},
                ),
            },
        ),
        Recipe(
            "recipe_changes",
            "Finds buildings that appeared, disappeared or were modified between two images, shifted onto each other "
            "first. The new buildings are also a layer of their own.",
            [_image("BEFORE", "Image of the last flight"), _image("AFTER", "Image of this flight")],
            {
                "changes": Step(
                    "idgbr:detectchanges", "Detect changes",
                    {"BEFORE": Input("BEFORE"), "AFTER": Input("AFTER"), "ALIGN": True, "MIN_AREA": 10},
                    {"OUTPUT": "Changes"},
                ),
                "new": Step(
                    "native:extractbyattribute", "New buildings",
                    {"INPUT": From("changes"), "FIELD": "class", "OPERATOR": 0, "VALUE": "appeared"},
                    {"OUTPUT": "New buildings"},
                ),
            },
        ),
    ]  # fmt: skip


def model_of(recipe: Recipe) -> QgsProcessingModelAlgorithm:
    """The model of a recipe, its boxes laid out from left to right."""
    model = QgsProcessingModelAlgorithm(recipe.name, "Recipes", "recipes")
    model.setHelpContent({"ALG_DESC": recipe.help, "ALG_CREATOR": "IDGBR"})
    for row, definition in enumerate(recipe.parameters):
        part = QgsProcessingModelParameter(definition.name())
        part.setPosition(QPointF(120, 80 + 90 * row))
        model.addModelParameter(definition.clone(), part)
    for column, (id_, step) in enumerate(recipe.steps.items()):
        child = QgsProcessingModelChildAlgorithm(step.algorithm)
        child.setChildId(id_)
        child.setDescription(step.title)
        child.setPosition(QPointF(400 + 320 * column, 120))
        child.setSize(QSizeF(200, 30))
        for name, value in step.values.items():
            child.addParameterSources(name, [_source(value)])
        outputs = {}
        for row, (name, title) in enumerate(step.results.items()):
            output = QgsProcessingModelOutput(title)
            output.setDescription(title)
            output.setChildId(id_)
            output.setChildOutputName(name)
            output.setPosition(QPointF(480 + 320 * column, 260 + 60 * row))
            outputs[title] = output
        child.setModelOutputs(outputs)
        model.addChildAlgorithm(child)
    model.setParameterOrder([definition.name() for definition in recipe.parameters])
    model.setOutputOrder([title for step in recipe.steps.values() for title in step.results.values()])
    return model


def _source(value: Any) -> QgsProcessingModelChildParameterSource:
    source = QgsProcessingModelChildParameterSource
    if isinstance(value, Input):
        return source.fromModelParameter(value.name)
    if isinstance(value, From):
        return source.fromChildOutput(value.step, value.output)
    return source.fromStaticValue(value)


def main() -> None:
    """Write the files."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QgsApplication([], False)
    app.initQgis()
    registry = QgsApplication.processingRegistry()
    registry.addProvider(QgsNativeAlgorithms())
    registry.addProvider(IdgbrProvider())
    RECIPES.mkdir(parents=True, exist_ok=True)
    for recipe in recipes():
        path = RECIPES / f"{recipe.name.removeprefix('recipe_')}.model3"
        if not model_of(recipe).toFile(str(path)):
            sys.exit(f"{path}: cannot be written")
    app.exitQgis()


if __name__ == "__main__":
    main()
