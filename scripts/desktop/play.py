"""Plays a story inside QGIS, which runs this file by `--code`, and ends QGIS; what went wrong is left in a file."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QTimer


def _load(path: Path) -> object:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _play() -> None:
    says = Path(os.environ["IDGBR_STORY_SAYS"])
    try:
        hands = _load(ROOT / "scripts" / "desktop" / "hands.py")
        hands.fill_screen()  # type: ignore[attr-defined]
        _load(Path(os.environ["IDGBR_STORY"])).story(hands)  # type: ignore[attr-defined]
        says.write_text("", encoding="utf-8")
    except BaseException:  # noqa: BLE001 (a story that fails must end QGIS, too, whatever it was)
        says.write_text(traceback.format_exc(), encoding="utf-8")
    # At once: QGIS would ask whether to save the project.
    os._exit(0)


# QGIS executes this text without telling it its file.
ROOT = Path(os.environ["IDGBR_STORY_ROOT"])
# Errors in slots would open a dialog that nobody closes.
sys.excepthook = traceback.print_exception
assert QgsApplication.instance() is not None
QTimer.singleShot(0, _play)
