#!/usr/bin/env bash
# rasterio 1.4.4 (GDAL 3.10.3): a nodata value of 17 digits or more of an int64 GeoTIFF becomes another number, silently.
#
# Guess beforehand: at worst it is rounded to the nearest float of 64 bits, as `dataset.nodata` is a float; a value that a
# float holds exactly, such as 2**62 or -2**63, comes back.
#
# Seen: the value is written as a float in words ("1e+17", "-9.2233720368547758e+18"), and read as whole digits up to the
# point: 10**17 comes back as 1, 2**62 as 4, -2**63 as -9. Pixels of 1 are then nodata, and pixels of 10**17 are data.
# Up to 16 digits values come back, rounded to floats above 2**53.
#
# Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check rasterio==1.4.4 numpy==2.2.6
"$folder/env/bin/python" - "$folder/a.tif" <<'PYTHON'
import sys

import numpy as np
import rasterio

path = sys.argv[1]
print("rasterio", rasterio.__version__, "GDAL", rasterio.__gdal_version__)
place = rasterio.transform.from_origin(500000, 5600000, 1, 1)
found = {}
for nodata in (10**15, 10**17, 2**62, -(2**63)):
    with rasterio.open(
        path, "w", driver="GTiff", width=2, height=1, count=1, dtype="int64", nodata=nodata, crs="EPSG:32632",
        transform=place,
    ) as out:
        out.write(np.array([[[1, nodata]]], np.int64))
    with rasterio.open(path) as source:
        found[nodata] = source.nodata
        print(f"{nodata}: reads as {source.nodata}, mask of the pixels 1 and {nodata}: {source.read_masks(1)[0].tolist()}")
expected = {10**15: 1e15, 10**17: 1.0, 2**62: 4.0, -(2**63): -9.0}
raise SystemExit(0 if found == expected else "changed: nodata values of int64 come back otherwise")
PYTHON
