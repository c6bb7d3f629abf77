"""The panel for a new model beside a map, and hands that draw on the map."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.plugin.gui.conftest import Desktop, desktop  # noqa: F401 (a fixture)
from tests.plugin.waiting import wait_until

if TYPE_CHECKING:
    from idgbr_qgis.gui.own_classes.panel import OwnClassesDock


@dataclass
class Bench:
    """The panel, what it told others, and what the backend was asked."""

    desktop: Desktop
    panel: OwnClassesDock
    log: Path
    told: list[tuple[Any, ...]] = field(default_factory=list)

    def stroke(self, *points: tuple[int, int]) -> None:
        """Drag over points of the screen with the tool in use."""
        from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
        from qgis.PyQt.QtGui import QMouseEvent
        from qgis.PyQt.QtTest import QTest

        viewport, none = self.desktop.canvas.viewport(), Qt.KeyboardModifier.NoModifier
        places = [QPoint(*point) for point in points]
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, none, places[0])
        for place in places[1:]:
            # Sent, as QTest would move the pointer over whatever window is there.
            left, at = Qt.MouseButton.LeftButton, QPointF(place)
            QCoreApplication.sendEvent(viewport, QMouseEvent(QEvent.Type.MouseMove, at, left, left, none))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, none, places[-1])

    def key(self, key: str) -> None:
        """Press a key on the map."""
        from qgis.PyQt.QtTest import QTest

        canvas = self.desktop.canvas
        canvas.activateWindow()
        canvas.setFocus()
        wait_until(canvas.isActiveWindow)
        QTest.keyClicks(canvas.viewport(), key)

    def draw_two_classes(self) -> None:
        """One stroke each."""
        self.panel.tools.use(self.panel.tools.brush)
        self.panel.classes.choose(0)
        self.stroke((50, 50), (150, 50))
        self.panel.classes.choose(1)
        self.stroke((50, 200), (150, 200))

    def settle(self) -> None:
        """Wait for the preview."""
        wait_until(lambda: not self.panel.live.running)

    def asked(self) -> list[dict[str, Any]]:
        """What the backend was asked, in order."""
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def text(self) -> str:
        """What the panel says."""
        return self.panel._text.text()

    def preview(self) -> Any:
        """The layer of the preview."""
        return self.panel._layers.preview


@pytest.fixture
def bench(desktop: Desktop, backend: Any, image: Any, tmp_path: Path) -> Iterator[Bench]:  # noqa: F811
    """A session on the image."""
    from idgbr_qgis.gui.own_classes.panel import OwnClassesDock

    backend("learns", tmp_path / "log")
    panel = OwnClassesDock(desktop.canvas, desktop.warm)
    bench = Bench(desktop, panel, tmp_path / "log")
    panel.failed.connect(lambda error, again: bench.told.append(("failed", error, again)))
    panel.run_wanted.connect(lambda model, layer: bench.told.append(("run", model, layer.name())))
    panel.models_changed.connect(lambda: bench.told.append(("models",)))
    panel.show()
    panel.new(image)
    yield bench
    panel.end()
    panel.deleteLater()
