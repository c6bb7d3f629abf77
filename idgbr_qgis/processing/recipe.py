"""Recipes: models of the model designer that come with the plugin, in resources/recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingModelAlgorithm

from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from pathlib import Path


def titles() -> dict[str, str]:
    """Titles of the recipes by their names."""
    return {
        "recipe_refine_polygons": tr("Refine what another plugin made"),
        "recipe_footprints": tr("Put footprints onto my image"),
        "recipe_land_cover": tr("Land cover of a municipality"),
        "recipe_changes": tr("What changed since the last flight"),
    }


class RecipeAlgorithm(QgsProcessingModelAlgorithm):
    """A model from a file. Its algorithms must be registered before."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self.fromFile(str(path))

    def createInstance(self) -> RecipeAlgorithm:
        """A new one."""
        return RecipeAlgorithm(self._path)

    def displayName(self) -> str:
        """Name in the toolbox."""
        return titles()[self.name()]

    def group(self) -> str:
        """Group in the toolbox."""
        return tr("Recipes")
