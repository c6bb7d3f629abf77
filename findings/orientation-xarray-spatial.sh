#!/usr/bin/env bash
# xarray-spatial 0.5.3: `hillshade` heeds neither the size of the pixels nor the direction of y; `aspect` not the latter.
#
# Guess beforehand: all three of `slope`, `aspect` and `hillshade` take size and direction from the coordinates.
#
# Seen (sun in the north, 45° high; a plane that rises 1 m per metre to the north, seen from above):
#   slope: 45.0 with pixels of 1 m, 5.7 with pixels of 10 m and the same heights: it heeds their size.
#   hillshade: 0.5, in the shade, for both; at 5.7° it should be 0.82.
#   Rows from south to north (y grows, as netCDF and many DataArrays are kept): the aspect of the same plane is 0 in place
#   of 180, and its hillshade 1.0, fully lit, in place of 0.5: the relief is upside down. Nothing is said.
# Remedy: `array.sortby("y", ascending=False)` first; for the shade, divide heights by the size of the pixels.
#
# Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check xarray-spatial==0.5.3 xarray==2026.9.0 numba==0.68.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import xarray
import xrspatial

print("xarray-spatial", xrspatial.__version__, "xarray", xarray.__version__)


def plane(pixel, upwards):
    """Heights that rise by 1 from row to row to the north; rows from north to south, or from south to north."""
    y = np.arange(7) * pixel if upwards else np.arange(7)[::-1] * pixel
    heights = np.repeat((y / pixel)[:, None], 7, axis=1)
    return xarray.DataArray(heights, dims=("y", "x"), coords={"y": y, "x": np.arange(7) * pixel})


found = {}
for pixel in (1.0, 10.0):
    for upwards in (False, True):
        heights = plane(pixel, upwards)
        found[pixel, upwards] = tuple(
            round(float(result[3, 3]), 2)
            for result in (
                xrspatial.slope(heights), xrspatial.aspect(heights),
                xrspatial.hillshade(heights, azimuth=0, angle_altitude=45),
            )
        )
        order = "south to north" if upwards else "north to south"
        print(f"pixels of {pixel:g} m, rows from {order}: slope, aspect, hillshade {found[pixel, upwards]}")
slope = np.arctan(0.1)
light = (np.sin(np.pi / 4) * np.cos(slope) - np.cos(np.pi / 4) * np.sin(slope) + 1) / 2
print(f"hillshade of a slope of 5.7 degrees away from the sun: {light:.2f}")
assert found[1.0, False] == (45.0, 180.0, 0.5)
assert found[10.0, False] == (5.71, 180.0, 0.5), "changed: hillshade heeds the size of pixels"
assert found[1.0, True] == (45.0, 0.0, 1.0), "changed: the direction of y is heeded"
assert found[10.0, True] == (5.71, 0.0, 1.0)
PYTHON
echo "as described"
