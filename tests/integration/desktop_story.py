"""Played inside QGIS by test_desktop.py: from the zip to polygons, in German, so that the texts in it are tried."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyplugin_installer
import qgis.utils
from qgis.core import QgsApplication, QgsGeometry, QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

PLUGIN = "idgbr_qgis"


def story(hands: Any) -> None:
    install(hands)
    set_up(hands)
    layer = QgsRasterLayer(os.environ["STORY_IMAGE"], "image")
    QgsProject.instance().addMapLayer(layer)
    iface.mapCanvas().setExtent(layer.extent())
    hands.settle()
    polygons = draw_and_run(hands, layer)
    look(polygons)
    unload(hands)


def install(hands: Any) -> None:
    """QGIS's own installer takes the zip, and starts what is in it."""
    assert PLUGIN not in qgis.utils.available_plugins
    pyplugin_installer.instance().installFromZipFile(os.environ["STORY_ZIP"])
    hands.wait_until(lambda: PLUGIN in qgis.utils.active_plugins, what="the plugin is active")
    assert Path(qgis.utils.pluginDirectory(PLUGIN)).is_relative_to(QgsApplication.qgisSettingsDirPath())
    assert QgsApplication.processingRegistry().algorithmById("idgbr:segment").displayName() == "Bild segmentieren"


def set_up(hands: Any) -> None:
    """A line says that the backend is missing, and its button opens the set-up; here, one that is there is taken."""
    from idgbr_qgis.core import settings

    hands.wait_until(lambda: any("noch nicht eingerichtet" in text for text in hands.messages()), what="the notice")
    hands.press(iface.messageBar(), "Backend einrichten…")
    dialog = hands.window("SetupDialog")
    hands.wait_until(lambda: dialog.plan_page.plan() is not None, what="what would be installed")
    dialog.close()
    settings.set_backend_python(os.environ["STORY_BACKEND"])


def draw_and_run(hands: Any, layer: QgsRasterLayer) -> Any:
    """The panel, a rectangle drawn by the mouse, and a job."""
    hands.action("IDGBR-Bedienfeld").trigger()
    panel = hands.dock("IdgbrDock")
    panel.form.model.choose(os.environ["STORY_MODEL"])
    panel.form.quality.setCurrentIndex(0)
    panel.form.output._classes.setChecked(True)
    hands.settle()
    hands.press_tool(panel, "Rechteck auf der Karte zeichnen")
    box = layer.extent()
    box.scale(0.9)
    hands.drag(QgsRectangle(box))
    hands.wait_until(lambda: any("px" in text for text in hands.texts(panel)), what="the size of the area")
    hands.press(panel, "Starten")
    # The line that says so goes after a while; the group stays.
    root = QgsProject.instance().layerTreeRoot()
    hands.wait_until(lambda: len(root.children()) > 1 or says(hands, "image segmentieren"), what="the end of the job")
    group = root.children()[0]
    assert group.name().startswith("IDGBR – image – "), hands.messages()
    polygons, classes = (node.layer() for node in group.children())
    assert "bright" in [item.label for item in classes.renderer().classes()]
    hands.wait_until(lambda: polygons in iface.mapCanvas().layers(), what="the map shows the polygons")
    assert classes not in iface.mapCanvas().layers(), "rasters wait to be shown"
    return polygons


def says(hands: Any, beginning: str) -> bool:
    """Whether a message begins so."""
    return any(text.startswith(beginning) for text in hands.messages())


def look(polygons: Any) -> None:
    """The polygons lie on the truth, and look as the model's card says."""
    x, y, radius = (float(value) for value in os.environ["STORY_DISC"].split(","))
    truth = QgsGeometry.fromPointXY(QgsPointXY(x, y)).buffer(radius, 90)
    found = QgsGeometry.unaryUnion([feature.geometry() for feature in polygons.getFeatures()])
    assert found.intersection(truth).area() / found.combine(truth).area() > 0.97
    assert "bright" in [category.label() for category in polygons.renderer().categories()]
    assert polygons.attributeDisplayName(polygons.fields().lookupField("confidence")) == "Konfidenz (0–1)"


def unload(hands: Any) -> None:
    """All is taken away again."""
    assert qgis.utils.unloadPlugin(PLUGIN)
    hands.settle()
    assert QgsApplication.processingRegistry().providerById("idgbr") is None
    assert iface.mainWindow().findChild(QDockWidget, "IdgbrDock") is None
