"""Neighbours of a pixel that the refiner reads: places to take a class from, and pixels to compare with.

Apart from `idgbr.refiner.transport`, because the networks need no compiled code.
"""

from __future__ import annotations

import numpy as np

#: Radii of the places along the axes, and their steps along the diagonals, in px.
_RINGS = ((1, 1), (2, 2), (4, 3), (7, 5))
REACH = 7
#: Places (row, column) that a pixel may take its class from; the first is the pixel itself.
OFFSETS = np.array(
    [
        (0, 0),
        *(place for r, d in _RINGS for place in ((-r, 0), (r, 0), (0, -r), (0, r), (-d, -d), (-d, d), (d, -d), (d, d))),
    ],
    np.int64,
)
#: Neighbours (row, column) related to each pixel; one of each opposite pair, because relations are symmetric.
RELATED = np.array([(0, r) for r in (1, 2, 4)] + [(r, 0) for r in (1, 2, 4)]
                   + [(d, d) for d in (1, 2, 3)] + [(d, -d) for d in (1, 2, 3)], np.int64)  # fmt: skip
