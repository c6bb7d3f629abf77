"""How straight the outlines of a map run where the true ones are straight, as roofs are.

A true side is straight if the true outline, simplified to 1.5 px, has no corner for 12 px. The map's outlines are
simplified to 1 px; of each of their segments near the middle part of a true side, the angle to that side counts by
its length. Teeth along a side show as many short segments that lie across it.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.refiner.tiles import Labels

#: How much outlines are simplified (px), true ones and those of the map.
_TRUE_PX, _MAP_PX = 1.5, 1.0
#: Least length (px) of a straight side, how far beside it a segment belongs to it, how much of its ends is left out.
_LENGTH_PX, _NEAR_PX, _ENDS_PX = 12.0, 3.0, 2.0
Floats = NDArray[np.float64]


class Straightness(NamedTuple):
    """Mean angle (degrees) between the map's segments and straight true sides, and segments for 100 px of these."""

    angle: float
    segments: float


def straightness(labels: Labels, truth: Labels, value: int = 1) -> Straightness | None:
    """Of the outlines of class `value`; None where no true side is straight, or the map has no outline beside one."""
    sides = segments_of(truth == value, _TRUE_PX)
    sides = sides[np.hypot(*(sides[:, 2:] - sides[:, :2]).T) >= _LENGTH_PX]
    found = segments_of(labels == value, _MAP_PX)
    if not len(sides) or not len(found):
        return None
    start, along = sides[:, :2], sides[:, 2:] - sides[:, :2]
    length = np.hypot(*along.T)
    along = along / length[:, None]
    middle, step = (found[:, :2] + found[:, 2:]) / 2, found[:, 2:] - found[:, :2]
    to = middle[:, None] - start[None]
    at = (to * along).sum(2)
    beside = np.abs(to[..., 0] * along[:, 1] - to[..., 1] * along[:, 0])
    beside[(at < _ENDS_PX) | (at > length - _ENDS_PX)] = np.inf
    nearest = beside.argmin(1)
    near = beside[np.arange(len(found)), nearest] <= _NEAR_PX
    if not near.any():
        return None
    side, step = along[nearest[near]], step[near]
    reach = np.hypot(*step.T)
    across = np.abs(step[:, 0] * side[:, 1] - step[:, 1] * side[:, 0])
    angles = np.degrees(np.arcsin(np.clip(across / reach, 0, 1)))
    covered = float((length[np.unique(nearest[near])] - 2 * _ENDS_PX).sum())
    return Straightness(float((angles * reach).sum() / reach.sum()), 100 * float(near.sum()) / covered)


def segments_of(mask: NDArray[np.bool_], tolerance: float) -> Floats:
    """Segments (n, 4) of the outlines of a mask, x and y of both ends in px, simplified; those at its edge left out."""
    rings, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    found = [np.zeros((0, 4))]
    for ring in rings:
        corners = cv2.approxPolyDP(ring, tolerance, True)[:, 0].astype(float)
        if len(corners) > 2:
            found.append(np.concatenate([corners, np.roll(corners, -1, 0)], 1))
    segments = np.concatenate(found)
    height, width = mask.shape
    edge = np.zeros(len(segments), bool)
    for axis, last in ((0, width - 1), (1, height - 1)):
        for limit in (0, last):
            edge |= (segments[:, axis] == limit) & (segments[:, axis + 2] == limit)
    return segments[~edge]
