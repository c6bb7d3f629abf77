#!/usr/bin/env python3
"""Takes the pictures of the guide, docs/images/*.png, of the running plugin: make screenshots.

As a program it draws a procedural scene and starts QGIS, which then plays the story in this file.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
SIZE = (1320, 790)
#: Colours of a picture: enough for a map, and a third of the bytes.
COLORS = 160
#: Run by the backend's Python.
DRAW_SCENE = """
import sys
from pathlib import Path
from idgbr.scenes import write_scene
write_scene(Path(sys.argv[1]), 900, 1200, gsd_m=0.3, seed=12, truth_vector=Path(sys.argv[2]))
"""
#: Shown in place of the folders of whoever takes the pictures.
SHOWN_HOME = "/home/anna/.local/share"
SHOWN_PYTHON = "/usr/bin/python3"


def main() -> None:
    """Draw the scene, play the story, make the pictures small."""
    sys.path.insert(0, str(ROOT))
    from scripts.desktop.launch import play

    folder = ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    scene = folder / "orthophoto.tif"
    python = ROOT / ".venv" / "bin" / "python"
    truth = folder / "truth.gpkg"
    truth.unlink(missing_ok=True)
    subprocess.run([python, "-c", DRAW_SCENE, scene, truth], check=True)
    environment = {"IDGBR_BACKEND_PYTHON": str(python), "IDGBR_SCENE": str(scene), "IDGBR_TRUTH": str(truth)}
    play(Path(__file__), folder / "profile", environment=environment, size="x".join(map(str, SIZE)))
    for path in sorted(IMAGES.glob("*.png")):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e3:.0f} kB")


def story(hands: Any) -> None:
    """Work with the plugin as the guide tells, and take a picture at each step."""
    from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle
    from qgis.PyQt.QtWidgets import QDockWidget, QToolBar
    from qgis.utils import iface

    window = iface.mainWindow()
    for bar in window.findChildren(QToolBar):
        shown = ("mFileToolBar", "mMapNavToolBar", "mAttributesToolBar", "mRasterToolBar")
        if bar.parent() is window:
            bar.setVisible(bar.objectName() in shown)
    for dock in window.findChildren(QDockWidget):
        dock.setVisible(dock.objectName() == "Layers")
    hands.drop_messages("")  # QGIS's own, as of fonts that it cannot fetch
    layer = QgsRasterLayer(os.environ["IDGBR_SCENE"], "orthophoto")
    project = QgsProject.instance()
    project.addMapLayer(layer)
    canvas = iface.mapCanvas()
    hands.action("IDGBR panel").trigger()
    panel = hands.dock("IdgbrDock")
    window.resizeDocks([panel], [340], hands.HORIZONTAL)
    window.resizeDocks([hands.dock("Layers")], [250], hands.HORIZONTAL)
    hands.wait_until(lambda: any("Backend" in text for text in hands.texts(panel)), what="the backend says how it is")
    canvas.zoomToFullExtent()
    hands.settle(1)

    box = layer.extent()
    box.scale(0.72)
    hands.press_tool(panel, "Draw a rectangle on the map")
    hands.drag(QgsRectangle(box))
    hands.drop_messages("Task complete")  # QGIS's own, which hides the plugin's
    hands.settle(1)
    save(hands.grab(window), "area")

    hands.press(panel, "Run")
    hands.wait_until(lambda: any(bar.value() >= 25 for bar in hands.bars(panel)), what="the job has begun")
    save(hands.grab(panel), "running")
    hands.wait_until(lambda: len(project.layerTreeRoot().children()) > 1, what="the job is done")
    hands.drop_messages("Task complete")
    hands.settle(1)
    save(hands.grab(window), "results")
    polygons = iface.layerTreeView().layerTreeModel().rootGroup().findLayers()[0].layer()
    overview(hands, window, layer, polygons)

    review(hands, window, panel, polygons)
    project.layerTreeRoot().findLayer(polygons).setItemVisibilityChecked(False)
    preview(hands, window, panel, layer)
    new_model(hands, window, panel, layer)
    dialogs(hands, layer)


def review(hands: Any, window: Any, panel: Any, polygons: Any) -> None:
    """Step through the result; take nothing over."""
    hands.press_tool(panel, "Review polygons, the least certain first")
    steps = hands.dock("IdgbrReviewDock")
    panel.setVisible(False)
    window.resizeDocks([steps], [340], hands.HORIZONTAL)
    hands.press(steps, "Begin")
    hands.press(steps, "Accept (A)")
    hands.settle(1)
    save(hands.grab(window), "review")
    steps.setVisible(False)
    polygons.rollBack()

    panel.setVisible(True)


def preview(hands: Any, window: Any, panel: Any, layer: Any) -> None:
    """Show on the map what a job would give."""
    from qgis.core import QgsRectangle
    from qgis.utils import iface

    close = QgsRectangle(layer.extent())
    close.scale(0.4)
    iface.mapCanvas().setExtent(close)
    hands.settle(1)
    hands.press(panel, "Preview here")
    hands.wait_until(lambda: any("refined" in text for text in hands.texts(panel)), what="the preview is there")
    hands.settle(1)
    save(hands.grab(window), "preview")


def new_model(hands: Any, window: Any, panel: Any, layer: Any) -> None:
    """Draw labels of one's own classes, and let the panel say where more would help."""
    from qgis.core import QgsGeometry, QgsPointXY, QgsRectangle, QgsVectorLayer
    from qgis.utils import iface

    hands.press_tool(panel, "Clear the preview")
    close = QgsRectangle(layer.extent())
    close.scale(0.45)
    iface.mapCanvas().setExtent(close)
    hands.settle(1)
    hands.press(panel, "New model…")
    drawing = hands.dock("IdgbrOwnClassesDock")
    drawing.labels.change_class(1, name="roof")
    truth = QgsVectorLayer(os.environ["IDGBR_TRUTH"], "truth")
    view = iface.mapCanvas().extent()
    hands.press_tool(drawing, "Brush (B): drag on the map; a click makes a dot")
    for row, expression in enumerate(("class = 'building'", "class <> 'building'")):
        drawing.classes.choose(row)
        truth.setSubsetString(expression)
        shapes = [feature.geometry().intersection(QgsGeometry.fromRect(view)) for feature in truth.getFeatures()]
        for shape in sorted(shapes, key=lambda shape: -shape.area())[:4]:
            middle, radius = shape.poleOfInaccessibility(0.1)
            at = middle.asPoint()
            hands.stroke(at, QgsPointXY(at.x() + radius * 0.6, at.y()))
    hands.wait_until(lambda: not drawing.live.running, what="the preview of the labels")
    hands.press(drawing, "Where would labels help?")
    hands.settle(1)
    save(hands.grab(window), "new-model")
    drawing.end()
    panel.setUserVisible(True)


def dialogs(hands: Any, layer: Any) -> None:
    """The windows of the plugin."""
    import processing
    from qgis.PyQt.QtWidgets import QTextBrowser

    hands.action("IDGBR models…").trigger()
    models = hands.window("ModelsDialog")
    hands.wait_until(lambda: hands.rows(models) > 0, what="the models are listed")
    models.resize(720, 430)
    for text in models.findChildren(QTextBrowser):
        text.setHtml(text.toHtml().replace(os.environ["XDG_RUNTIME_DIR"], f"{SHOWN_HOME}/QGIS/QGIS3"))
    save(hands.grab(models), "models")
    models.close()

    hands.action("Set up backend…").trigger()
    setup = hands.window("SetupDialog")
    hands.wait_until(setup.start.isEnabled, what="the set-up knows what to do")
    pythons = setup.plan_page.python
    pythons.setItemText(pythons.currentIndex(), f"{pythons.currentText().partition(' – ')[0]} – {SHOWN_PYTHON}")
    setup.plan_page.folder.setFilePath(f"{SHOWN_HOME}/idgbr")
    save(hands.grab(setup), "setup")
    setup.close()
    dialog = processing.createAlgorithmDialog("idgbr:segment", {"INPUT": layer, "MODEL": "buildings"})
    dialog.show()
    dialog.resize(760, 560)
    save(hands.grab(dialog), "processing")
    dialog.close()


def overview(hands: Any, window: Any, image: Any, refined: Any) -> None:
    """One picture of what the plugin does: QGIS with the result, and a place before and after refinement."""
    import processing
    from qgis.core import QgsVectorLayer
    from qgis.PyQt.QtCore import QRectF, Qt
    from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter

    area = refined.extent()
    crs = image.crs().authid()
    common = {"INPUT": image, "MODEL": "buildings"}
    common["EXTENT"] = f"{area.xMinimum()},{area.xMaximum()},{area.yMinimum()},{area.yMaximum()} [{crs}]"
    made = processing.run("idgbr:segment", common | {"REFINE": False, "OUTPUT": "TEMPORARY_OUTPUT"})["OUTPUT"]
    coarse = made if isinstance(made, QgsVectorLayer) else QgsVectorLayer(made, "coarse")
    truth = QgsVectorLayer(os.environ["IDGBR_TRUTH"], "truth")
    truth.setSubsetString("class = 'building'")
    place = hands.most_bettered(coarse, refined, truth, 36.0)
    main = hands.grab(window)
    side = (main.height() - 10) // 2
    shown = QImage(main.width() + 10 + side, main.height(), QImage.Format.Format_RGB32)
    shown.fill(QColor("white"))
    painter = QPainter(shown)
    painter.drawImage(0, 0, main)
    painter.setFont(QFont("DejaVu Sans", 15, QFont.Weight.Bold))
    for number, (layer, text) in enumerate(((coarse, "coarse: what"), (refined, "refined: exactly where"))):
        top = number * (side + 10)
        painter.drawImage(main.width() + 10, top, hands.map_of([layer, image], place, side, outline=True))
        label = QRectF(main.width() + 10, top + side - 38, side, 38)
        painter.fillRect(label, QColor(20, 24, 30, 190))
        painter.setPen(QColor("white"))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    save(shown, "overview")


def save(picture: Any, name: str) -> None:
    """Write a picture with few colours, chosen for it."""
    import numpy as np
    from osgeo import gdal, gdal_array

    gdal.UseExceptions()
    picture = picture.convertToFormat(picture.Format.Format_RGB32)
    IMAGES.mkdir(parents=True, exist_ok=True)
    pixels = np.frombuffer(picture.constBits().asstring(picture.sizeInBytes()), np.uint8).reshape(
        picture.height(), picture.width(), 4
    )[..., 2::-1]
    source = gdal_array.OpenArray(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
    table = gdal.ColorTable()
    gdal.ComputeMedianCutPCT(*(source.GetRasterBand(number) for number in (1, 2, 3)), COLORS, table)
    palette = np.array([table.GetColorEntry(number)[:3] for number in range(table.GetCount())], np.float32)
    # Each the nearest, without dithering, whose noise takes room.
    colors, where = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    distances = (palette**2).sum(1) - 2 * colors.astype(np.float32) @ palette.T
    nearest = distances.argmin(1).astype(np.uint8)[where].reshape(pixels.shape[:2])
    reduced = gdal_array.OpenArray(nearest)
    reduced.GetRasterBand(1).SetRasterColorTable(table)
    gdal.GetDriverByName("PNG").CreateCopy(str(IMAGES / f"{name}.png"), reduced, options=["ZLEVEL=9"])


if __name__ == "__main__":
    main()
