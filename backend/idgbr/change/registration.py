"""Registration: the shift between two dates, by phase correlation in blocks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, rfft2
from scipy.ndimage import binary_erosion, gaussian_gradient_magnitude

from idgbr.change.image_pair import Window, starts_of_parts

Plane = NDArray[np.float32]

#: Side of a block, in px, and the largest number of blocks along each axis.
BLOCK_PX, BLOCKS = 256, 6
#: A block is at most this fraction of the area's side, so that there are at least two, which may overlap.
BLOCK_SHARE = 5 / 8
#: Least number of blocks that must show a shift, and their least fraction: a single block confirms nothing.
LEAST_BLOCKS, LEAST_TELLING = 2, 0.25
#: A larger shift cannot be distinguished from chance in a block.
MAX_SHIFT_PX = 32.0
#: A block counts if its peak is this many times the spread of its correlation.
LEAST_PEAK = 8.0
#: Largest spread between blocks (median absolute deviation), in px.
AGREEMENT_PX = 1.5
#: A block is skipped if a smaller fraction of its pixels is known in both dates.
LEAST_KNOWN = 0.5


class Windows(Protocol):
    """A source of both dates, like `DatePair`."""

    height: int
    width: int

    def read(self, row: int, col: int, height: int, width: int) -> Window:
        """Both dates in a window."""
        ...


@dataclass(frozen=True)
class Shift:
    """Shift of AFTER against BEFORE in px right and down: median and spread over the blocks that show one.

    `pixel` is the size of the pixels in which the shift was measured, in the pixels in which it is given.
    """

    right: float
    down: float
    spread: float
    blocks: int
    tried: int
    pixel: float = 1.0

    @property
    def problem(self) -> str:
        """Why the shift is unknown; empty if enough blocks agree on one that phase correlation can measure."""
        if self.tried < LEAST_BLOCKS:
            return "too little of the area has data in both"
        if self.blocks < max(LEAST_BLOCKS, self.tried * LEAST_TELLING):
            return f"{self.blocks} of {self.tried} parts show a shift, which is too few"
        if self.spread > AGREEMENT_PX * self.pixel:
            return f"{self.blocks} of {self.tried} parts show a shift, but they disagree"
        if self.length > MAX_SHIFT_PX * self.pixel:
            return f"parts show a shift beyond {MAX_SHIFT_PX * self.pixel:.0f} px, which may be chance"
        return ""

    @property
    def trusted(self) -> bool:
        """Whether the shift is known."""
        return not self.problem

    @property
    def length(self) -> float:
        """Length of the shift, px."""
        return float(np.hypot(self.right, self.down))

    def scaled(self, factor: float) -> Shift:
        """The same in pixels that are `factor` times as many."""
        shift = (self.right * factor, self.down * factor, self.spread * factor)
        return Shift(*shift, self.blocks, self.tried, self.pixel * factor)


def estimate_shift(pair: Windows) -> Shift:
    """The shift between both dates from blocks all over the area."""
    found = []
    tried = 0
    height, width = (min(BLOCK_PX, math.ceil(side * BLOCK_SHARE)) for side in (pair.height, pair.width))
    for row in starts_of_parts(pair.height, height, BLOCKS):
        for col in starts_of_parts(pair.width, width, BLOCKS):
            window = pair.read(row, col, height, width)
            if window.valid.mean() < LEAST_KNOWN:
                continue
            tried += 1
            right, down, peak = phase_correlation(_edges(window.before, window), _edges(window.after, window))
            if peak >= LEAST_PEAK:
                found.append((right, down))
    if not found:
        return Shift(0.0, 0.0, float("inf"), 0, tried)
    shifts = np.array(found)
    right, down = np.median(shifts, axis=0)
    spread = float(np.median(np.abs(shifts - (right, down)).max(1)))
    return Shift(float(right), float(down), spread, len(found), tried)


def phase_correlation(first: Plane, second: Plane) -> tuple[float, float, float]:
    """Shift (right, down) in px of the second plane (H, W) against the first, and how far the peak stands out.

    The peak of the cross-power spectrum is located between pixels by a parabola along each axis.
    """
    height, width = first.shape
    taper = np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1])
    spectrum = np.conj(rfft2((first - first.mean()) * taper)) * rfft2((second - second.mean()) * taper)
    # High frequencies are mostly noise, but their phase would have the same weight as any other.
    rows, cols = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    spectrum *= np.exp(-((rows**2 + cols**2) / (2 * 0.15**2))) / (np.abs(spectrum) + 1e-12)
    correlation = np.asarray(irfft2(spectrum, first.shape))
    spread = float(correlation.std())
    if spread == 0:
        return 0.0, 0.0, 0.0
    row, col = (int(i) for i in np.unravel_index(int(correlation.argmax()), correlation.shape))
    peak = float(correlation[row, col])
    down = _signed(row, height) + _vertex(*(float(correlation[(row + i) % height, col]) for i in (-1, 0, 1)))
    right = _signed(col, width) + _vertex(*(float(correlation[row, (col + i) % width]) for i in (-1, 0, 1)))
    return right, down, peak / spread


def _edges(image: Plane, window: Window) -> Plane:
    """Edges, which are alike for any sensor, season and light: gradients over their mean; 0 near nodata.

    A step from the mean to nothing would be at the same place in both dates, and vote for no shift.
    """
    steepness = np.asarray(gaussian_gradient_magnitude(image.mean(0), 1.0), np.float32)
    known = binary_erosion(window.valid, iterations=4, border_value=1)
    mean = steepness[known].mean() if known.any() else np.float32(0)
    return np.where(known, steepness - mean, np.float32(0))


def _signed(index: int, length: int) -> int:
    return index - length if index > length // 2 else index


def _vertex(left: float, middle: float, right: float) -> float:
    """Position of the vertex of the parabola through three samples at −1, 0 and 1."""
    bend = left - 2 * middle + right
    return 0.5 * (left - right) / bend if bend < 0 else 0.0
