#!/usr/bin/env python3
"""What the plugin adds to the start of QGIS, in ms: .venv-qgis/bin/python benchmarks/startup.py [--runs 5].

Each run is a fresh Python that has what QGIS has loaded by then: its own modules, those of Processing, and GDAL.
Counted is what QGIS does with the plugin then: import it, and register provider and algorithms. The target is 50 ms.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUN = """
import sys, time
sys.path[:0] = ["/usr/share/qgis/python/plugins"]
import qgis.gui, qgis.utils, qgis.PyQt.QtWidgets, qgis.PyQt.QtNetwork, osgeo.gdal, osgeo.ogr, osgeo.osr
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
import processing
before, since = time.process_time(), time.perf_counter()
import idgbr_qgis
plugin = idgbr_qgis.classFactory(None)
plugin.initProcessing()
import idgbr_qgis.gui.options_entry, idgbr_qgis.gui.setup_entry
print("took", time.process_time() - before, time.perf_counter() - since, flush=True)
import os
os._exit(0)
"""


def main() -> None:
    """Print the least and the median of some runs; the first fills Python's own cache."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    figures = []
    for _ in range(runs + 1):
        command = [sys.executable, "-c", RUN]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        line = next(line for line in done.stdout.splitlines() if line.startswith("took "))
        figures.append([1e3 * float(word) for word in line.split()[1:]])
    for name, column in zip(("CPU time", "wall time"), zip(*figures[1:], strict=True), strict=True):
        print(f"{name}: least {min(column):.0f} ms, median {sorted(column)[runs // 2]:.0f} ms")


if __name__ == "__main__":
    main()
