#!/usr/bin/env python3
"""How long QGIS's main thread is blocked while a job runs: .venv/bin/python benchmarks/main_thread.py [--size 4096].

A real QGIS window on a virtual screen segments a procedural scene, from the press of *Run* until the layers are drawn.
A timer that shall fire every 2 ms tells how long the event loop was kept from it; another thread notes which line of
Python the main thread was at meanwhile. The table has the longest blocks in ms: without a job, of the press of *Run*,
and from then on until its results are loaded and drawn. The target is 100 ms. It says the load of the machine, too:
other programs that hold all processors make blocks of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: Interval of the timer that is watched, and of the look at the main thread's Python, in s.
TICK_S, LOOK_S = 0.002, 0.005
#: Blocks from here on are listed with what Python did, in ms.
NOTED_MS = 40.0
DRAW_SCENE = """
import sys
from pathlib import Path
from idgbr.scenes import write_scene
write_scene(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[2]), gsd_m=0.3, seed=4)
"""


def main() -> None:
    """Draw the scene, play the story, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=4096, help="side of the scene in px")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "main_thread")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from scripts.desktop.launch import play

    options.work.mkdir(parents=True, exist_ok=True)
    python = ROOT / ".venv" / "bin" / "python"
    scene, figures = options.work / f"scene_{options.size}.tif", options.work / "figures.json"
    if not scene.exists():
        subprocess.run([python, "-c", DRAW_SCENE, scene, str(options.size)], check=True)
    environment = {
        "IDGBR_BACKEND_PYTHON": str(python),
        "IDGBR_SCENE": str(scene),
        "IDGBR_FIGURES": str(figures),
    }
    play(Path(__file__), options.work / "profile", environment=environment)
    show(json.loads(figures.read_text(encoding="utf-8")))


def show(figures: dict[str, Any]) -> None:
    """Print the longest blocks of each part, and what Python did in those that are noted."""
    print(f"load of the machine {figures['load']:.1f}, {os.cpu_count()} processors, {figures['polygons']} polygons")
    print("| part | seconds | longest block, ms | the next |\n|---|---|---|---|")
    for part in figures["parts"]:
        blocks = sorted((block["ms"] for block in part["blocks"]), reverse=True)[:5]
        first, rest = (f"{blocks[0]:.0f}", ", ".join(f"{ms:.0f}" for ms in blocks[1:])) if blocks else ("0", "")
        print(f"| {part['name']} | {part['seconds']:.1f} | {first} | {rest} |")
    for part in figures["parts"]:
        for block in part["blocks"]:
            if block["ms"] >= NOTED_MS:
                print(f"\n{part['name']}: {block['ms']:.0f} ms")
                for place, share in block["places"]:
                    print(f"    {share:4.0%} {place}")


class Probe:
    """Notes blocks of the event loop of the thread that makes it."""

    def __init__(self) -> None:
        from qgis.PyQt.QtCore import Qt, QTimer

        self.parts: list[dict[str, Any]] = []
        self._watched = threading.get_ident()
        self._looks: list[tuple[float, str]] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(TICK_S * 1000))
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._ended = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def begin(self, name: str) -> None:
        """Count what follows to another part."""
        self.end_part()
        self.parts.append({"name": name, "since": time.perf_counter(), "blocks": []})

    def end_part(self) -> None:
        """Close the part that is open."""
        self._tick()
        if self.parts and "since" in self.parts[-1]:
            self.parts[-1]["seconds"] = time.perf_counter() - self.parts[-1].pop("since")

    def _tick(self) -> None:
        now = time.perf_counter()
        block_ms = (now - self._last - TICK_S) * 1000
        if self.parts and block_ms > 5:
            seen = [place for at, place in list(self._looks) if self._last < at < now]
            places = sorted(((place, seen.count(place) / len(seen)) for place in set(seen)), key=lambda item: -item[1])
            self.parts[-1]["blocks"].append({"ms": block_ms, "places": places if block_ms >= NOTED_MS else []})
        self._looks.clear()
        self._last = now

    def _look(self) -> None:
        while not self._ended.wait(LOOK_S):
            frame = sys._current_frames().get(self._watched)
            self._looks.append((time.perf_counter(), _place(frame)))


def _place(frame: FrameType | None) -> str:
    """The innermost lines of Python that a thread is at."""
    lines = traceback.extract_stack(frame)[-6:] if frame is not None else []
    return " > ".join(f"{Path(line.filename).name}:{line.lineno} {line.name}" for line in lines)


def story(hands: Any) -> None:
    """Run a job by its panel, and watch the event loop."""
    from qgis.core import QgsProject, QgsRasterLayer
    from qgis.PyQt.QtCore import QEventLoop, QTimer
    from qgis.utils import iface

    loop = QEventLoop()

    def go_on(done: Any, seconds: float = 3000) -> None:
        """Let QGIS's own event loop turn until something is so."""
        end, timer = time.monotonic() + seconds, QTimer()
        timer.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > end else None)
        timer.start(20)
        loop.exec()

    project, canvas = QgsProject.instance(), iface.mapCanvas()
    layer = QgsRasterLayer(os.environ["IDGBR_SCENE"], "image")
    project.addMapLayer(layer)
    hands.action("IDGBR panel").trigger()
    panel = hands.dock("IdgbrDock")
    canvas.setExtent(layer.extent())
    panel.form.output._classes.setChecked(True)
    panel.form.output._confidence.setChecked(True)
    hands.wait_until(lambda: any("Backend" in text for text in hands.texts(panel)), what="the backend says how it is")
    hands.settle(2)

    probe = Probe()
    probe.begin("no job")
    go_on(lambda: False, 10)
    probe.begin("Run is pressed")
    ended: list[Any] = []
    panel._desk.queue.ended.connect(ended.append)
    hands.press(panel, "Run")
    go_on(lambda: False, 0.1)
    probe.begin("the job, until its layers are drawn")
    go_on(lambda: ended)
    load = os.getloadavg()[0]
    go_on(lambda: False, 1)
    go_on(lambda: not canvas.isDrawing())
    go_on(lambda: False, 1)
    probe.end_part()
    polygons = project.layerTreeRoot().children()[0].children()[0].layer().featureCount()
    figures = {"load": load, "polygons": polygons, "parts": probe.parts}
    Path(os.environ["IDGBR_FIGURES"]).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
