"""The whole story in a real QGIS window on a virtual screen: install the zip, draw, run, look, unload."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scripts.build_plugin import stage_plugin, zip_plugin
from scripts.desktop.launch import StoryError, play

LEFT, TOP, PIXEL, SIZE = 500000.0, 5000000.0, 0.5, 200
X, Y, RADIUS = LEFT + 48.3, TOP - 52.1, 20.0
STORY = Path(__file__).with_name("desktop_story.py")

pytestmark = pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("qgis") is None, reason="needs QGIS and Xvfb"
)


def test_from_the_zip_to_polygons(
    write_raster: Callable[..., Path], threshold_model: Path, backend_python: str, tmp_path: Path
) -> None:
    row, column = np.mgrid[:SIZE, :SIZE] + 0.5
    bright = np.hypot(LEFT + column * PIXEL - X, TOP - row * PIXEL - Y) < RADIUS
    values = np.stack([np.where(bright, 210, 40).astype(np.uint8)] * 3)
    image = write_raster("image.tif", values, epsg=32632, transform=(LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    archive = tmp_path / "idgbr_qgis.zip"
    zip_plugin(stage_plugin(tmp_path / "staged"), archive)
    environment = {
        "STORY_ZIP": str(archive),
        "STORY_IMAGE": str(image),
        "STORY_MODEL": str(threshold_model),
        "STORY_BACKEND": backend_python,
        "STORY_DISC": f"{X},{Y},{RADIUS}",
    }
    play(STORY, tmp_path / "profile", environment=environment, plugin=False, language="de", seconds=1200)


def test_a_story_that_fails_says_why(tmp_path: Path) -> None:
    story = tmp_path / "story.py"
    story.write_text("def story(hands):\n    hands.action('There is no such entry')\n", encoding="utf-8")
    with pytest.raises(StoryError, match="There is no such entry"):
        play(story, tmp_path / "profile", environment={}, plugin=False, seconds=600)
