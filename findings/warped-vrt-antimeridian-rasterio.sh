#!/usr/bin/env bash
# rasterio 1.4.4 (GDAL 3.10.3): a WarpedVRT onto a given grid loses the part of a raster beyond 180 degrees, silently.
#
# Guess beforehand: a raster in longitudes and latitudes from 179.5 to 180.5 degrees, warped to a projected CRS, is whole:
# with the grid that WarpedVRT computes itself, with the same grid given as transform, width and height, and with
# `rasterio.warp.reproject` onto that grid.
#
# Seen: WarpedVRT with its own grid and `reproject` show the whole raster (5140 pixels in EPSG:32760). With the same grid
# given, WarpedVRT shows half of it (2574): everything east of 180 degrees is nodata, and nothing says so. The same holds
# in zone 1 (EPSG:32701), on the other side, and in EPSG:3832, whose central meridian is 150 degrees.
#
# Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check rasterio==1.4.4 numpy==2.2.6
"$folder/env/bin/python" - "$folder/across.tif" <<'PYTHON'
import sys

import numpy as np
import rasterio
from rasterio.transform import from_origin
from rasterio.vrt import WarpedVRT
from rasterio.warp import reproject

path = sys.argv[1]
print("rasterio", rasterio.__version__, "GDAL", rasterio.__gdal_version__)
with rasterio.open(
    path, "w", driver="GTiff", width=100, height=50, count=1, dtype="uint8", crs="EPSG:4326",
    transform=from_origin(179.5, -17.0, 0.01, 0.01),
) as out:
    out.write(np.full((1, 50, 100), 7, np.uint8))
halved = []
with rasterio.open(path) as source:
    for crs in ("EPSG:32760", "EPSG:32701", "EPSG:3832"):
        with WarpedVRT(source, crs=crs, nodata=0) as warped:
            own = int((warped.read(1) == 7).sum())
            grid = {"transform": warped.transform, "width": warped.width, "height": warped.height}
        with WarpedVRT(source, crs=crs, nodata=0, **grid) as warped:
            given = int((warped.read(1) == 7).sum())
        onto = np.zeros((grid["height"], grid["width"]), np.uint8)
        reproject(
            source.read(1), onto, src_transform=source.transform, src_crs=source.crs, dst_transform=grid["transform"],
            dst_crs=crs,
        )
        print(f"{crs}: {own} pixels on the grid of WarpedVRT, {given} on the same grid given, {(onto == 7).sum()} by reproject")
        halved.append(given < 0.55 * own and (onto == 7).sum() == own)
raise SystemExit(0 if all(halved) else "changed: a given grid shows as much as the computed one")
PYTHON
