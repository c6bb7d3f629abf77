"""Areas on the ground of the pixels of a raster."""

from __future__ import annotations

import math

import numpy as np

from idgbr.arrays import Floats
from idgbr.raster.ground import Ground

#: Distance between sampled pixel areas, in metres, and the least number of pixels between them.
CELL_M, LEAST_CELL = 10_000.0, 64


class PixelAreas:
    """Area of each pixel of a raster in m², by rows and by cells of `cell` columns."""

    def __init__(self, ground: Ground, width: int, height: int) -> None:
        self._ground = ground
        size = math.sqrt(np.linalg.det(ground.scale(np.array([[width / 2, height / 2]]))[0])) or 1.0
        apart = max(LEAST_CELL, math.ceil(CELL_M / size)) if math.isfinite(size) else LEAST_CELL
        self.cell, self._rows_apart = min(apart, max(width, LEAST_CELL)), min(apart, max(height, LEAST_CELL))
        self._columns = np.minimum((np.arange(math.ceil(width / self.cell)) + 0.5) * self.cell, width - 0.5)
        self._known: dict[int, Floats] = {}

    def rows(self, first: int, last: int) -> Floats:
        """Areas of rows [first, last), (rows, cells): cell k covers columns from k * `cell` on."""
        row = np.arange(first, last)
        node, share = row // self._rows_apart, (row % self._rows_apart / self._rows_apart)[:, None]
        low, high = int(node[0]), int(node[-1]) + 1
        nodes = np.stack([self._node(number) for number in range(low, high + 1)])
        self._known = {number: areas for number, areas in self._known.items() if number >= high - 1}
        return nodes[node - low] * (1 - share) + nodes[node - low + 1] * share

    def _node(self, number: int) -> Floats:
        if number not in self._known:
            row = np.full(self._columns.size, number * self._rows_apart + 0.5)
            scale = self._ground.scale(np.stack((self._columns, row), axis=1))
            self._known[number] = np.abs(np.linalg.det(scale))
        return self._known[number]
