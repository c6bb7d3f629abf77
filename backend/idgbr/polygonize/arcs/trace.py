"""Traces the arcs of one strip along its cracks, and joins pieces of arcs that cross the seams of strips.

A piece is a run of cracks with the lower code on its left, so pieces never need to be reversed. It is stored with one
byte per crack: the direction in the low two bits, above them the clearance of the corner where the crack starts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from idgbr.arrays import AnyArray, Bytes, Codes, Ints, Ints32, Mask
from idgbr.polygonize.cracks import FIRST_CLASS, clearance, next_direction


@dataclass(frozen=True)
class Pieces:
    """Arcs or pieces of them: bytes of piece i are `steps[offsets[i]:offsets[i + 1]]`."""

    steps: Bytes
    offsets: Ints
    #: Row and column of the first and of the last corner, (n, 4).
    ends: Ints
    #: Whether the start and the end are on the seam below and may continue there, (n, 2).
    dangling: Mask
    #: Label of the region to the left, to the right, (n, 2).
    sides: Ints32
    ring: Mask

    @staticmethod
    def none() -> Pieces:
        """An empty set."""
        return Pieces(
            np.zeros(0, np.uint8),
            np.zeros(1, np.int64),
            np.zeros((0, 4), np.int64),
            np.zeros((0, 2), np.bool_),
            np.zeros((0, 2), np.int32),
            np.zeros(0, np.bool_),
        )

    def select(self, keep: Mask) -> Pieces:
        """Select the pieces of a mask."""
        lengths = np.diff(self.offsets)
        return Pieces(
            self.steps[np.repeat(keep, lengths)],
            np.concatenate(([0], np.cumsum(lengths[keep]))),
            self.ends[keep],
            self.dangling[keep],
            self.sides[keep],
            self.ring[keep],
        )

    def plus(self, other: Pieces) -> Pieces:
        """Append other pieces."""
        return Pieces(
            np.concatenate((self.steps, other.steps)),
            np.concatenate((self.offsets, self.offsets[-1] + other.offsets[1:])),
            np.concatenate((self.ends, other.ends)),
            np.concatenate((self.dangling, other.dangling)),
            np.concatenate((self.sides, other.sides)),
            np.concatenate((self.ring, other.ring)),
        )

    def with_sides(self, sides: Ints32) -> Pieces:
        """Replace the labels."""
        return Pieces(self.steps, self.offsets, self.ends, self.dangling, sides, self.ring)


@njit(cache=True, nogil=True)
def _starts(bits: Bytes, top: int, bottom: int, west: int, east: int) -> tuple[int, Ints, Ints, Ints]:
    """Count the cracks that a strip owns, and find the corners where pieces may start, by their index in `bits`.

    Returns:
        Number of cracks; nodes, and corners whose crack comes from the strip above; corners on the seam below;
        corners with cracks to the east and south, such as the first one of any ring.
    """
    cracks = active = 0
    for r in range(top, bottom):
        for c in range(west, east + 1):
            b = bits[r, c]
            if b:
                active += 1
                cracks += (b >> 1 & 1) + (b >> 2 & 1)
    from_above, elbows = np.empty(active, np.int64), np.empty(active, np.int64)
    n_above = n_elbows = 0
    for r in range(top, bottom):
        for c in range(west, east + 1):
            b = bits[r, c]
            if b & 16 or (r == top and b & 1):
                from_above[n_above] = r * bits.shape[1] + c
                n_above += 1
            elif b == 6:
                elbows[n_elbows] = r * bits.shape[1] + c
                n_elbows += 1
    from_below = np.flatnonzero(bits[bottom, west : east + 1]) + (bottom * bits.shape[1] + west)
    return cracks, from_above[:n_above], from_below, elbows[:n_elbows]


@njit(cache=True, nogil=True)
def trace_strip(
    window: Codes, bits: Bytes, labels: Ints32, rim: int, row0: int, most: int
) -> tuple[Bytes, Ints, Ints, Mask, Ints32, Mask]:
    """Trace all pieces whose cracks a strip owns: vertical cracks in its rows, horizontal cracks on top of its rows.

    Args:
        window: Codes of the strip with `rim` more pixels on each side.
        bits: Corners of that window, from `corner_bits`.
        labels: Region labels of the row above the strip and of the strip, with one outside column at each side.
        rim: Width of the rim; more than `most`.
        row0: First row of the strip in the raster.
        most: Largest clearance needed, less one.

    Returns:
        The fields of `Pieces`; labels of the sides are those in `labels`.
    """
    top, bottom = rim, bits.shape[0] - 1 - rim
    west_end, east_end = rim, bits.shape[1] - 1 - rim
    cracks, from_above, from_below, elbows = _starts(bits, top, bottom, west_end, east_end)
    steps = np.empty(cracks, np.uint8)
    offsets = np.empty(cracks + 1, np.int64)
    ends = np.empty((cracks, 4), np.int64)
    dangling = np.empty((cracks, 2), np.bool_)
    sides = np.empty((cracks, 2), np.int32)
    ring = np.empty(cracks, np.bool_)
    done = np.zeros(bits.shape, np.uint8)
    offsets[0] = 0
    used = 0
    count = 0
    # Rounds: pieces that start at nodes or at the strip above; pieces from below; rings.
    for phase in range(3):
        for corner in (from_above, from_below, elbows)[phase]:
            r_start, c_start = corner // bits.shape[1], corner % bits.shape[1]
            b = bits[r_start, c_start]
            for start in range(1 if phase == 1 else 4):
                if not b >> start & 1 or (start == 0 and r_start == top):
                    continue
                r, c, d = r_start, c_start, start
                # Pixels to the left and right of the crack; the lower code is on the left.
                lr, lc = r - (d < 2), c - (d == 0 or d == 3)
                rr, rc = r - (d == 0 or d == 3), c - (d > 1)
                if window[lr, lc] > window[rr, rc] or window[rr, rc] < FIRST_CLASS:
                    continue  # Walked the other way round, or nobody's border.
                er, ec = r - (d == 0), c - (d == 3)
                mark = 1 if d == 1 or d == 3 else 2
                if done[er, ec] & mark:
                    continue
                sides[count, 0] = labels[lr - top + 1, lc - west_end + 1]
                sides[count, 1] = labels[rr - top + 1, rc - west_end + 1]
                ends[count, 0], ends[count, 1] = r + row0 - top, c - west_end
                dangling[count, 0] = phase == 1
                while True:
                    here = bits[r, c]
                    room = 1 if here & 16 or most == 0 else clearance(bits, r, c, most)
                    steps[used] = d | room << 2
                    used += 1
                    done[r - (d == 0), c - (d == 3)] |= 1 if d == 1 or d == 3 else 2
                    r += (d == 2) - (d == 0)
                    c += (d == 1) - (d == 3)
                    if r == bottom or bits[r, c] & 16 or (phase == 2 and r == r_start and c == c_start):
                        break
                    d = next_direction(bits[r, c], d)
                    if d == 0 and r == top:
                        break
                ends[count, 2], ends[count, 3] = r + row0 - top, c - west_end
                dangling[count, 1] = r == bottom
                ring[count] = phase == 2
                count += 1
                offsets[count] = used
    return (
        steps,
        offsets[: count + 1].copy(),
        ends[:count].copy(),
        dangling[:count].copy(),
        sides[:count].copy(),
        ring[:count].copy(),
    )


@njit(cache=True, nogil=True)
def _follow(
    seam_bits: Bytes, old_ends: Ints, old_dangling: Mask, new_ends: Ints, row0: int
) -> tuple[Ints, Ints, Mask, Ints]:
    """Order pieces into chains across the seam at row0; old pieces have lower numbers than new ones.

    Returns:
        Pieces in order, offset of each chain in that order, whether it is a ring, and the number of chains in one cell.
    """
    n_old, n = old_ends.shape[0], old_ends.shape[0] + new_ends.shape[0]
    starts_at = np.full(seam_bits.size, -1, np.int64)
    for i in range(n_old):
        if old_dangling[i, 0]:
            starts_at[old_ends[i, 1]] = i
    for i in range(new_ends.shape[0]):
        if new_ends[i, 0] == row0 and not seam_bits[new_ends[i, 1]] & 16 and seam_bits[new_ends[i, 1]] & 1:
            starts_at[new_ends[i, 1]] = n_old + i
    follower = np.full(n, -1, np.int64)
    has_leader = np.zeros(n, np.bool_)
    for i in range(n):
        if i < n_old:
            on_seam, c = old_dangling[i, 1], old_ends[i, 3]
        else:
            on_seam, c = new_ends[i - n_old, 2] == row0, new_ends[i - n_old, 3]
        if on_seam and not seam_bits[c] & 16 and seam_bits[c] & 1 and starts_at[c] >= 0:
            follower[i] = starts_at[c]
            has_leader[starts_at[c]] = True
    order = np.empty(n, np.int64)
    chains = np.zeros(n + 1, np.int64)
    closed = np.zeros(n, np.bool_)
    seen = np.zeros(n, np.bool_)
    used = 0
    count = 0
    for want_ring in (False, True):
        for i in range(n):
            if seen[i] or (has_leader[i] and not want_ring):
                continue
            j = i
            while j >= 0 and not seen[j]:
                seen[j] = True
                order[used] = j
                used += 1
                j = follower[j]
            closed[count] = want_ring
            count += 1
            chains[count] = used
    return order, chains, closed, np.array([count])


@njit(cache=True, nogil=True)
def _gather(steps_a: Bytes, offsets_a: Ints, steps_b: Bytes, offsets_b: Ints, order: Ints) -> Bytes:
    n_a = offsets_a.size - 1
    out = np.empty(offsets_a[-1] + offsets_b[-1], np.uint8)
    used = 0
    for i in order:
        steps, offsets, k = (steps_a, offsets_a, i) if i < n_a else (steps_b, offsets_b, i - n_a)
        part = steps[offsets[k] : offsets[k + 1]]
        out[used : used + part.size] = part
        used += part.size
    return out


def join_pieces(old: Pieces, new: Pieces, seam_bits: Bytes, row0: int) -> Pieces:
    """Join the open pieces on the seam at row `row0` with those of the strip below, by their exact corners.

    Args:
        old: Pieces from above, each with an end on the seam.
        new: Pieces of the strip.
        seam_bits: Bits of the corners on the seam.
        row0: Row of corners of the seam.
    """
    order, chains, closed, count = _follow(seam_bits, old.ends, old.dangling, new.ends, row0)
    chains, closed = chains[: count[0] + 1], closed[: count[0]]
    first, last = order[chains[:-1]], order[chains[1:] - 1]
    lengths = np.concatenate((np.diff(old.offsets), np.diff(new.offsets)))[order]
    offsets: AnyArray = np.concatenate(([0], np.cumsum(lengths)))[chains]
    ends = np.concatenate((old.ends, new.ends))
    old_dangling = np.zeros_like(old.dangling)  # Whatever hung on this seam has been joined, or ends at a node.
    dangling = np.concatenate((old_dangling, new.dangling))
    return Pieces(
        _gather(old.steps, old.offsets, new.steps, new.offsets, order),
        offsets,
        np.concatenate((ends[first, :2], ends[last, 2:]), axis=1),
        np.stack((dangling[first, 0], dangling[last, 1]), axis=1),
        np.concatenate((old.sides, new.sides))[first],
        closed | np.concatenate((old.ring, new.ring))[first],
    )
