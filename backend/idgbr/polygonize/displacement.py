"""Displacement of boundaries by a refinement, in metres."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from idgbr.arrays import Codes, Floats
from idgbr.polygonize.cracks import FIRST_CLASS, OUTSIDE

#: Displacements are counted in bins of this fraction of a pixel, for their percentiles.
BIN_PX = 1 / 32


@njit(cache=True, nogil=True)
def _nearest(before: Codes, row: int, col: int, code: int, dr: int, dc: int, metres: Floats, reach: int) -> float:
    """Metres from the side of a pixel in direction (dr, dc) to the nearest side where `code` ended before."""
    step = min(np.hypot(metres[0, 0], metres[1, 0]), np.hypot(metres[0, 1], metres[1, 1]))
    best = reach * step
    for ring in range(reach + 1):
        # A side of a pixel in this ring is at least this far away.
        if (ring - 1) * step >= best:
            break
        for i in range(max(-ring, 1 - row), min(ring, before.shape[0] - 2 - row) + 1):
            for j in range(-ring, ring + 1, 1 if abs(i) == ring else 2 * ring):
                y, x = row + i, col + j
                if x < 0 or x >= before.shape[1] or before[y, x] != code:
                    continue
                for turn in range(4):
                    er, ec = (turn == 2) - (turn == 0), (turn == 1) - (turn == 3)
                    if x + ec < 0 or x + ec >= before.shape[1]:
                        continue
                    other = before[y + er, x + ec]
                    if other != code and other != OUTSIDE:
                        v, u = i + 0.5 * (er - dr), j + 0.5 * (ec - dc)
                        east = metres[0, 0] * u + metres[0, 1] * v
                        north = metres[1, 0] * u + metres[1, 1] * v
                        best = min(best, np.hypot(east, north))
    return float(best)


@njit(cache=True, nogil=True)
def displacements(after: Codes, before: Codes, reach: int, metres: Floats) -> Floats:
    """Distance of each boundary pixel's sides from the nearest boundary that its class had before.

    A side is between the pixel and one with another code; a pixel's value is the mean over its sides.

    Args:
        after: Codes of rows with one more above and below, (rows + 2, cols); `OUTSIDE` beyond the raster.
        before: Previous codes of these pixels, with `reach` more rows above and below, (rows + 2 * reach, cols).
        reach: Search distance in pixels; larger displacements are given as this distance.
        metres: Metres east and north for one pixel right and one down, (2, 2).

    Returns:
        Metres (rows, cols), nan for pixels that are not on a boundary or have no class.
    """
    rows, cols = after.shape[0] - 2, after.shape[1]
    out = np.full((rows, cols), np.nan)
    for r in range(rows):
        for c in range(cols):
            code = after[r + 1, c]
            if code < FIRST_CLASS:
                continue
            total, sides = 0.0, 0
            for way in range(4):
                dr, dc = (way == 2) - (way == 0), (way == 1) - (way == 3)
                if c + dc < 0 or c + dc >= cols:
                    continue
                other = after[r + 1 + dr, c + dc]
                if other == code or other == OUTSIDE:  # noqa: SIM109 (compiles to less than a tuple)
                    continue
                sides += 1
                if before[r + reach, c] != code or before[r + reach + dr, c + dc] == code:
                    total += _nearest(before, r + reach, c, code, dr, dc, metres, reach)
            if sides:
                out[r, c] = total / sides
    return out


def outline(codes: Codes) -> NDArray[np.bool_]:
    """Pixels of `codes[1:-1]` with a 4-neighbour of another code within the raster; codes (rows + 2, cols)."""
    inner = codes[1:-1]
    beside = np.pad(codes, ((0, 0), (1, 1)), constant_values=OUTSIDE)
    neighbours = (beside[:-2, 1:-1], beside[2:, 1:-1], beside[1:-1, :-2], beside[1:-1, 2:])
    found: NDArray[np.bool_] = np.logical_or.reduce([(n != inner) & (n != OUTSIDE) for n in neighbours])
    return found


@dataclass
class MovedSummary:
    """Displacement of all boundary pixels of a result: their number, how many moved, and how far."""

    bin_m: float
    pixels: int = 0
    moved: int = 0
    total_m: float = 0.0
    _counts: dict[int, int] = field(default_factory=dict)

    def add(self, metres: Floats) -> None:
        """Add displacements in metres; nan is not a boundary pixel."""
        values = metres[np.isfinite(metres)]
        self.pixels += values.size
        self.moved += int(np.count_nonzero(values))
        self.total_m += float(values.sum())
        for place, count in zip(*np.unique(np.ceil(values / self.bin_m).astype(int), return_counts=True), strict=True):
            self._counts[int(place)] = self._counts.get(int(place), 0) + int(count)

    @property
    def share(self) -> float:
        """Fraction of the boundary that moved, 0…1."""
        return self.moved / self.pixels if self.pixels else 0.0

    @property
    def mean_m(self) -> float:
        """Mean displacement in metres."""
        return self.total_m / self.pixels if self.pixels else 0.0

    def percentile_m(self, percent: float) -> float:
        """Displacement in metres that `percent` of the boundary do not exceed."""
        wanted, seen = self.pixels * percent / 100, 0
        for place in sorted(self._counts):
            seen += self._counts[place]
            if seen >= wanted:
                return place * self.bin_m
        return 0.0
