#!/usr/bin/env bash
# odc-geo 0.5.3: `GeoBox.from_bbox(bbox, crs, shape=...)` makes a grid of the right size that does not cover the box.
#
# Guess beforehand: the outer edges of the grid are those of the box, as with rasterio's `from_bounds`; or, as snapping is
# on, the grid is larger by a pixel. The documentation says "GeoBox that covers supplied bounding box".
#
# Seen: the size of a pixel is the box's side divided by their number; then the grid is moved to multiples of that size,
# and keeps its number of pixels. Four by four pixels over (3, 3, 103, 103) are (0, 25, 100, 125): 22 of 100 m of the box
# in the south are missing, and 3 m in the east. Of 1000 boxes in whole metres, almost all are cut. x and y are moved
# differently: to the west by up to a pixel, to the north by up to a pixel. With `resolution=` the grid covers the box,
# and `xr_reproject` onto either is right for the grid that it gets, so nothing shows but a strip that is missing.
# Remedy: `tight=True`, or `anchor="floating"`.
#
# Fails if the grid covers the box.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check odc-geo==0.5.3 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
from importlib.metadata import version

import numpy as np
from odc.geo.geobox import GeoBox

print("odc-geo", version("odc-geo"))


def edges(box, **options):
    """The edges of the grid over a box of metres: left, bottom, right, top."""
    return np.array(GeoBox.from_bbox(tuple(box), "EPSG:32633", **options).boundingbox.bbox)


def beyond(box, grid):
    """How far a box reaches beyond a grid: in the west, south, east and north."""
    return np.array([grid[0] - box[0], grid[1] - box[1], box[2] - grid[2], box[3] - grid[3]]).clip(0).round(6)


box = (3, 3, 103, 103)
grid = edges(box, shape=(4, 4))
print(f"{box} in 4 x 4 pixels: {grid.tolist()}, missing {beyond(box, grid).tolist()}")
assert grid.tolist() == [0, 25, 100, 125], "changed: another grid"

random = np.random.default_rng(0)
missing = []
for _ in range(1000):
    corner, side = random.integers(400_000, 600_000, 2), random.integers(1_000, 9_000, 2)
    box = (*corner.tolist(), *(corner + side).tolist())
    grid = edges(box, shape=(10, 10))
    pixel = side / 10
    missing.append(beyond(box, grid) / np.tile(pixel, 2))
    for options in ({"shape": (10, 10), "tight": True}, {"shape": (10, 10), "anchor": "floating"}):
        assert np.allclose(edges(box, **options), box)
    assert (beyond(box, edges(box, resolution=30)) < 0.3).all()
missing = np.array(missing)
print(f"of 1000 boxes in 10 x 10 pixels, {(missing.max(1) > 0.02).sum()} are cut;", end=" ")
print("most that is missing in the west, south, east, north, in pixels:", missing.max(0).round(2).tolist())
assert (missing.max(1) > 0.02).sum() > 900, "changed: the grid covers the box"
assert (missing[:, [0, 3]].max(0) < 0.02).all() and (missing[:, [1, 2]].max(0) > 0.9).all()
PYTHON
echo "as described"
