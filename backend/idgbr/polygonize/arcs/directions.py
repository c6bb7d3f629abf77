"""Main directions of outlines: votes of edges by their angle modulo a right angle. Angles are in radians."""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Floats, Ints

#: Votes are counted in bins of 2°.
BINS = 45
BIN = np.pi / 2 / BINS
#: Edges shorter than this, in units, do not vote; the others by their squared length, in these integer steps.
SHORTEST, STEPS = 3.0, 16
#: Votes this near to a direction are its own.
REACH = np.radians(7.0)
#: Main directions are at least this far apart, and each has at least this share of the votes.
APART, SHARE = np.radians(14.0), 0.12


@njit(cache=True, nogil=True, inline="always")
def turn_between(one: float, other: float, period: float) -> float:
    """The angle from `other` to `one`, modulo `period`: from -period / 2 to period / 2."""
    return (one - other + 0.5 * period) % period - 0.5 * period


@njit(cache=True, nogil=True)
def vote(votes: Ints, ex: float, ey: float) -> None:
    """Count the vote of an edge; it is divided between two bins, so that means are exact."""
    weight = ex * ex + ey * ey
    if weight < SHORTEST * SHORTEST:
        return
    place = (np.arctan2(ey, ex) % (0.5 * np.pi)) / BIN
    low = int(place)
    part = place - low
    votes[low % BINS] += int(STEPS * weight * (1 - part) + 0.5)
    votes[(low + 1) % BINS] += int(STEPS * weight * part + 0.5)


@njit(cache=True, nogil=True)
def mean_near(votes: Ints, angle: float) -> tuple[float, float, float]:
    """Mean direction of the votes near an angle, their variance and their weight; the angle itself without votes."""
    total, moment, square = 0.0, 0.0, 0.0
    for i in range(BINS):
        turn = turn_between(i * BIN, angle, 0.5 * np.pi)
        if abs(turn) <= REACH and votes[i] > 0:
            total += votes[i]
            moment += votes[i] * turn
            square += votes[i] * turn * turn
    if total == 0:
        return angle, 0.0, 0.0
    mean = moment / total
    return angle + mean, max(square / total - mean * mean, 0.0), total


@njit(cache=True, nogil=True)
def main_directions(votes: Ints, most: int, diagonals: bool) -> Floats:
    """Up to `most` main directions, the strongest first; with `diagonals`, those at 45° to another belong to it."""
    rest = votes.copy()
    total = rest.sum()
    found = np.empty(most)
    count = 0
    while count < most and total > 0:
        best, strongest = 0, -1
        for i in range(BINS):
            strength = 3 * rest[i]
            for k in range(1, 3):
                strength += (3 - k) * (rest[(i + k) % BINS] + rest[(i - k) % BINS])
            if strength > strongest:
                best, strongest = i, strength
        angle, _, _ = mean_near(rest, best * BIN)
        angle, _, weight = mean_near(rest, angle)
        if count and weight < SHARE * total:
            break
        found[count] = angle
        count += 1
        for i in range(BINS):
            turn = abs(turn_between(i * BIN, angle, 0.25 * np.pi if diagonals else 0.5 * np.pi))
            if turn <= APART:
                rest[i] = 0
    return found[:count].copy()
