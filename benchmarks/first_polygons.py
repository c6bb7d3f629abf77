#!/usr/bin/env python3
"""From an empty profile to the first polygons: .venv/bin/python benchmarks/first_polygons.py --wheels FOLDER.

A real QGIS window on a virtual screen plays the newcomer: installs the zip, sets up the backend from a folder of wheels
that lies beside it (`python3 idgbr_qgis/core/setup download FOLDER` makes one), drags a procedural image into the map
and presses *Run*. The table has what the user does and how long each action takes until the next can follow. The
targets are five actions and five minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DRAW_SCENE = """
import sys
from pathlib import Path
from idgbr.scenes import write_scene
write_scene(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[2]), gsd_m=0.3, seed=4)
"""


def main() -> None:
    """Build the zip, put the wheels beside it, play the story, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, required=True, help="folder of wheels for the CPU")
    parser.add_argument("--size", type=int, default=1024, help="side of the image in px")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "first_polygons")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from scripts.build_plugin import stage_plugin, zip_plugin
    from scripts.desktop.launch import play

    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    archive, scene, figures = (options.work / name for name in ("idgbr_qgis.zip", "scene.tif", "figures.json"))
    zip_plugin(stage_plugin(options.work / "staged"), archive)
    (options.work / "wheels").symlink_to(options.wheels.resolve(), target_is_directory=True)
    subprocess.run([ROOT / ".venv" / "bin" / "python", "-c", DRAW_SCENE, scene, str(options.size)], check=True)
    environment = {"IDGBR_ZIP": str(archive), "IDGBR_SCENE": str(scene), "IDGBR_FIGURES": str(figures)}
    play(Path(__file__), options.work / "profile", environment=environment, plugin=False)
    result = json.loads(figures.read_text(encoding="utf-8"))
    print(
        f"{options.size} × {options.size} px, {result['polygons']} polygons, load of the machine {result['load']:.1f}"
    )
    print("| | action | seconds |\n|---|---|---|")
    for number, (name, seconds) in enumerate(result["actions"], 1):
        print(f"| {number} | {name} | {seconds:.1f} |")
    print(f"| | all | {sum(seconds for _, seconds in result['actions']):.1f} |")


def story(hands: Any) -> None:
    """Do what the guide's first steps tell, by the same buttons."""
    import pyplugin_installer
    from qgis.core import QgsProject, QgsVectorLayer
    from qgis.PyQt.QtCore import QMimeData, QPoint, Qt, QUrl
    from qgis.PyQt.QtGui import QDragEnterEvent, QDropEvent
    from qgis.PyQt.QtWidgets import QApplication, QPushButton
    from qgis.utils import iface

    actions: list[tuple[str, float]] = []
    since = time.perf_counter()

    def did(name: str) -> None:
        """An action is over when the next can follow."""
        nonlocal since
        actions.append((name, time.perf_counter() - since))
        since = time.perf_counter()

    def offers(text: str) -> bool:
        return any(text in button.text() for button in iface.messageBar().findChildren(QPushButton))

    pyplugin_installer.instance().installFromZipFile(os.environ["IDGBR_ZIP"])
    hands.wait_until(lambda: offers("Set up backend"), what="the notice that the backend is missing")
    did("install the plugin from its zip")

    hands.press(iface.messageBar(), "Set up backend…")
    dialog = hands.window("SetupDialog")
    hands.wait_until(dialog.start.isEnabled, what="the plan of the set-up")
    assert dialog.plan_page.plan().wheels is not None, "the folder of wheels was not found"
    did("press *Set up backend…* in the message")

    hands.press(dialog, "Set up")
    hands.wait_until(lambda: dialog.pages.currentWidget() is dialog.result_page, what="the end of the set-up")
    assert not dialog.isVisible(), dialog.result_page.text.toPlainText()
    panel = hands.dock("IdgbrDock")
    hands.wait_until(lambda: any("Backend" in text for text in hands.texts(panel)), what="the panel with the backend")
    did("press *Set up*; the panel opens by itself")

    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(os.environ["IDGBR_SCENE"])])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (QDragEnterEvent, QDropEvent):
        QApplication.sendEvent(iface.mainWindow(), event(QPoint(500, 400), copy, mime, left, none))
    project = QgsProject.instance()
    hands.wait_until(project.mapLayers, 60, "the image is in the project")
    hands.settle()
    did("drag the image into the map")

    hands.press(panel, "Run")
    root = project.layerTreeRoot()
    hands.wait_until(lambda: len(root.children()) > 1, what="the result")
    polygons = root.children()[0].children()[0].layer()
    assert isinstance(polygons, QgsVectorLayer)
    hands.wait_until(lambda: polygons in iface.mapCanvas().layers(), what="the map takes the polygons")
    hands.settle()
    did("press *Run*; the polygons are drawn")
    figures = {"actions": actions, "polygons": polygons.featureCount(), "load": os.getloadavg()[0]}
    Path(os.environ["IDGBR_FIGURES"]).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
