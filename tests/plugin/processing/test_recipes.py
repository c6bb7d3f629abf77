"""Recipes: models that come with the plugin run, and are what `scripts/make_recipes.py` makes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.analysis import QgsNativeAlgorithms
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingModelAlgorithm

from idgbr_qgis.core.paths import RECIPES
from idgbr_qgis.processing.provider import IdgbrProvider
from idgbr_qgis.processing.recipe import titles


@pytest.fixture
def models(provider: IdgbrProvider) -> Iterator[list[QgsProcessingModelAlgorithm]]:
    registry = QgsApplication.processingRegistry()
    native = None
    if registry.providerById("native") is None:
        native = QgsNativeAlgorithms()
        registry.addProvider(native)
        provider.refreshAlgorithms()
    yield [registry.createAlgorithmById(a.id()) for a in provider.algorithms() if a.name() in titles()]
    if native is not None:
        registry.removeProvider(native)


def test_each_recipe_is_in_the_toolbox_and_can_run(models: list[QgsProcessingModelAlgorithm]) -> None:
    assert sorted(model.name() for model in models) == sorted(titles())
    assert len(list(RECIPES.glob("*.model3"))) == len(titles())
    for model in models:
        assert model.canExecute() == (True, "")
        assert model.displayName() == titles()[model.name()]
        assert [d for d in model.parameterDefinitions() if d.isDestination()]
        assert model.shortHelpString()


def test_recipes_set_parameters_that_algorithms_have(models: list[QgsProcessingModelAlgorithm]) -> None:
    """With values that these take."""
    context = QgsProcessingContext()
    for model in models:
        for child in model.childAlgorithms().values():
            algorithm = child.algorithm()
            for name, (source,) in child.parameterSources().items():
                definition = algorithm.parameterDefinition(name)
                assert definition is not None, f"{child.childId()}: {name}"
                value = source.staticValue()
                if value is not None:
                    assert definition.checkValueIsAcceptable(value, context), f"{child.childId()}: {name} = {value}"
            for output in child.modelOutputs().values():
                assert algorithm.outputDefinition(output.childOutputName()) is not None


def test_files_are_what_the_script_makes(models: list[QgsProcessingModelAlgorithm]) -> None:
    from scripts.make_recipes import model_of, recipes

    found = {model.name(): model.toVariant() for model in models}
    made = {recipe.name: model_of(recipe).toVariant() for recipe in recipes()}
    for name in titles():
        for part in ("children", "parameterDefinitions", "help"):
            assert found[name][part] == made[name][part], f"{name}: run scripts/make_recipes.py"
