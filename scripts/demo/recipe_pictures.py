#!/usr/bin/env python3
"""Runs the recipes on a procedural scene and draws docs/images/recipe-*.jpg. Run it with QGIS's Python.

Left of each picture: what the recipe starts from. Right: its result.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from qgis.analysis import QgsNativeAlgorithms
from qgis.core import (
    QgsApplication,
    QgsFillSymbol,
    QgsMapLayer,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsSimpleLineSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage, QPainter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # when run as a program

from idgbr_qgis.processing.provider import IdgbrProvider  # noqa: E402
from scripts.desktop.screenshots import IMAGES  # noqa: E402

GIVEN, FOUND = QColor(255, 40, 140), QColor(255, 230, 0)
#: Side of a map, and the gap between two, in px.
SIDE, GAP = 400, 8


def main() -> None:
    """Draw all pictures."""
    os.environ.setdefault("IDGBR_BACKEND_PYTHON", str(ROOT / ".venv" / "bin" / "python"))
    app = QgsApplication([], False)
    app.initQgis()
    QgsApplication.processingRegistry().addProvider(QgsNativeAlgorithms())
    provider = IdgbrProvider()  # kept, as its Python side would be deleted
    provider.register()
    with tempfile.TemporaryDirectory(prefix="idgbr_recipes_") as temporary:
        folder = Path(temporary)
        sample = Path(__file__).with_name("recipe_samples.py")
        subprocess.run([os.environ["IDGBR_BACKEND_PYTHON"], str(sample), str(folder)], check=True)
        draw(folder)
    app.exitQgis()


def draw(folder: Path) -> None:
    """Run the recipes on the files of a folder and draw them."""
    image, before = (QgsRasterLayer(str(folder / name), name) for name in ("image.tif", "before.tif"))
    theirs = run("refine_polygons", folder, {"IMAGE": image, "POLYGONS": str(folder / "theirs.gpkg")})
    given = outlines(folder / "theirs.gpkg", GIVEN)
    picture("recipe-refine", [given, image], [outlines(theirs["refined_polygons"], FOUND), image])

    footprints = folder / "footprints.gpkg"
    aligned = run("footprints", folder, {"IMAGE": image, "FOOTPRINTS": str(footprints)})
    given = outlines(footprints, GIVEN)
    picture("recipe-footprints", [given, image], [outlines(aligned["refined_footprints"], FOUND), image])

    area = folder / "municipality.gpkg"
    cover = run("land_cover", folder, {"IMAGE": image, "MUNICIPALITY": str(area)})
    styled = QgsVectorLayer(cover["land_cover"], "land cover", "ogr")
    styled.loadDefaultStyle()
    given = outlines(area, GIVEN)
    picture("recipe-land-cover", [given, image], [given, styled, image])

    changes = run("changes", folder, {"BEFORE": before, "AFTER": image})
    found = QgsVectorLayer(changes["changes"], "changes", "ogr")
    found.loadDefaultStyle()
    picture("recipe-changes", [before], [found, image])


def run(name: str, folder: Path, parameters: dict[str, object]) -> dict[str, str]:
    """Results of a recipe, layers as files in the folder."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"idgbr:recipe_{name}")
    outputs = {
        definition.name(): str(folder / f"{definition.name()}.gpkg")
        for definition in algorithm.parameterDefinitions()
        if definition.isDestination()
    }
    feedback = QgsProcessingFeedback()
    results, fine = algorithm.run({**parameters, **outputs}, QgsProcessingContext(), feedback)
    if not fine:
        raise SystemExit(f"{name}: {feedback.textLog()}")
    return {key: str(value) for key, value in results.items()}


def outlines(path: Path | str, color: QColor) -> QgsVectorLayer:
    """A layer drawn as lines on a dark halo."""
    layer = QgsVectorLayer(str(path), "", "ogr")
    symbol = QgsFillSymbol()
    symbol.changeSymbolLayer(0, QgsSimpleLineSymbolLayer(color, 0.5))
    symbol.insertSymbolLayer(0, QgsSimpleLineSymbolLayer(QColor(30, 34, 42), 0.9))
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    return layer


def picture(name: str, left: list[QgsMapLayer], right: list[QgsMapLayer]) -> None:
    """Write two maps side by side."""
    sheet = QImage(2 * SIDE + GAP, SIDE, QImage.Format.Format_RGB32)
    sheet.fill(QColor("white"))
    painter = QPainter(sheet)
    for number, layers in enumerate((left, right)):
        painter.drawImage(number * (SIDE + GAP), 0, rendered(layers))
    painter.end()
    # Aerial images are a fifth as large as JPEG.
    if not sheet.save(str(IMAGES / f"{name}.jpg"), "JPG", 80):
        raise SystemExit(f"{IMAGES / name}.jpg: cannot be written")


def rendered(layers: list[QgsMapLayer]) -> QImage:
    """A map of layers, the first on top."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[-1].crs())
    settings.setExtent(layers[-1].extent())
    settings.setOutputSize(QSize(SIDE, SIDE))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


if __name__ == "__main__":
    main()
