#!/usr/bin/env python3
"""Writes the demo's sample image: a procedural scene as a georeferenced RGB raster. Usage: sample.py IMAGE.tif."""

from __future__ import annotations

import sys
from pathlib import Path

from idgbr.scenes import write_scene

if __name__ == "__main__":
    write_scene(Path(sys.argv[1]), 1280, 1792, gsd_m=0.2, seed=12)
