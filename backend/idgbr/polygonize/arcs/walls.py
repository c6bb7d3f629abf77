"""Walls: straight stretches of an outline in few directions, placed by least squares.

An outline is given by its *elements*: short pieces between points on the ground, such as the cracks of an arc, in
units of the noise: pixels, or half the tolerance of a layer. A fitted line through some of the points gives its edges.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from idgbr.arrays import Floats, Ints
from idgbr.polygonize.arcs.directions import BINS, main_directions, mean_near, turn_between, vote

#: Walls shorter than this, in units, are noise, in the strongest direction and in all others.
STUB, MINOR_STUB = 1.5, 6.0
#: Elements at either end of a wall that may belong to the next one, as a fraction of the wall and at most.
ENDS, END_ELEMENTS = 0.15, 3
#: Edges this long, in units, must be near one of the directions: in one pair of them, else in several.
LONG, WIDE, NARROW = 4.0, np.radians(25.0), np.radians(15.0)
#: Edges within this angle of a direction agree with it; their share of the squared length, for one pair and several.
AGREES, AGREEMENT, FINE_AGREEMENT = np.radians(12.0), 0.75, 0.85
#: Most walls of an outline; it is no object if it has more.
MOST_WALLS = 400
#: Least variance of an element about its wall, in squared units, and how many neighbouring elements err together.
NOISE, TOGETHER = 0.08, 4.0
#: Least variance of the directions of neighbours, and how many deviations a direction may be from theirs.
SPREAD, DEVIATIONS = np.radians(0.3) ** 2, 2.5
#: Walls of directions of their own: least length in units, least turn at a corner, and most walls.
FREE_LENGTH, FREE_TURN, FREE_WALLS = 5.0, np.radians(25.0), 24
#: Neighbours count if their votes have at least this share of those of the outline itself.
LEAST_NEAR = 0.5


@njit(cache=True, nogil=True)
def element_sums(px: Floats, py: Floats) -> Floats:
    """Running sums of weight, X, Y, XX, XY, YY over the middles of elements, weighted by length, (n + 1, 6)."""
    n = px.size - 1
    sums = np.zeros((n + 1, 6))
    for i in range(n):
        mx, my = 0.5 * (px[i] + px[i + 1]), 0.5 * (py[i] + py[i + 1])
        w = np.hypot(px[i + 1] - px[i], py[i + 1] - py[i])
        sums[i + 1, 0] = sums[i, 0] + w
        sums[i + 1, 1] = sums[i, 1] + w * mx
        sums[i + 1, 2] = sums[i, 2] + w * my
        sums[i + 1, 3] = sums[i, 3] + w * mx * mx
        sums[i + 1, 4] = sums[i, 4] + w * mx * my
        sums[i + 1, 5] = sums[i, 5] + w * my * my
    return sums


@njit(cache=True, nogil=True)
def _moments(sums: Floats, starts: Ints, k: int, ring: bool) -> Floats:
    """The sums over the elements of wall `k` without its ends."""
    n = sums.shape[0] - 1
    first = starts[k]
    last = starts[k + 1] if k + 1 < starts.size else (starts[0] + n if ring else n)
    trim = min(int(ENDS * (last - first)), END_ELEMENTS)
    first, last = first + trim, last - trim
    if first >= n:
        first, last = first - n, last - n
    total: Floats = sums[last] - sums[first] if last <= n else sums[n] - sums[first] + sums[last - n]
    return total


@njit(cache=True, nogil=True)
def _runs(gx: Floats, gy: Floats, corners: Ints, angles: Floats, ring: bool) -> tuple[Ints, Ints]:
    """Merge edges of similar direction into walls: the first element of each, and the index of its direction."""
    n = corners.size - 1
    starts, kinds, count = np.empty(n, np.int64), np.empty(n, np.int64), 0
    for k in range(n):
        angle = np.arctan2(gy[k + 1] - gy[k], gx[k + 1] - gx[k])
        best, least = 0, np.inf
        for j in range(angles.size):
            turn = abs(turn_between(angle, angles[j], np.pi))
            if turn < least:
                best, least = j, turn
        if count == 0 or kinds[count - 1] != best:
            starts[count], kinds[count] = corners[k], best
            count += 1
    if ring and count > 1 and kinds[0] == kinds[count - 1]:  # one wall, cut by the start of the ring
        return starts[1:count].copy(), kinds[1:count].copy()
    return starts[:count].copy(), kinds[:count].copy()


@njit(cache=True, nogil=True)
def _offsets(
    px: Floats, py: Floats, sums: Floats, starts: Ints, kinds: Ints, angles: Floats, ring: bool, pinned: bool
) -> Floats:
    """Distance of each wall from the origin; if `pinned`, the first and the last pass through the ends of an arc."""
    walls = np.empty(starts.size)
    for k in range(starts.size):
        nx, ny = -np.sin(angles[kinds[k]]), np.cos(angles[kinds[k]])
        s = _moments(sums, starts, k, ring)
        walls[k] = (nx * s[1] + ny * s[2]) / s[0]
        if pinned and not ring and k == 0:
            walls[k] = nx * px[0] + ny * py[0]
        elif pinned and not ring and k == starts.size - 1:
            walls[k] = nx * px[-1] + ny * py[-1]
    return walls


@njit(cache=True, nogil=True)
def _vertices(px: Floats, py: Floats, walls: Floats, kinds: Ints, angles: Floats, ring: bool) -> tuple[Floats, Floats]:
    """Where each wall begins, and the end of the last one: intersections of walls, and the ends of an arc."""
    m = walls.size
    sx, sy = np.empty(m + 1), np.empty(m + 1)
    for k in range(m):
        if k == 0 and not ring:
            sx[0], sy[0] = px[0], py[0]
            continue
        one, two = angles[kinds[k - 1]], angles[kinds[k]]
        det = np.sin(two - one)
        # Normals (-sin, cos) of both walls; their directions are never parallel.
        sx[k] = (walls[k - 1] * np.cos(two) - walls[k] * np.cos(one)) / det
        sy[k] = (walls[k - 1] * np.sin(two) - walls[k] * np.sin(one)) / det
    sx[m], sy[m] = (sx[0], sy[0]) if ring else (px[-1], py[-1])
    return sx, sy


@njit(cache=True, nogil=True)
def _without_stubs(
    px: Floats, py: Floats, sums: Floats, starts: Ints, kinds: Ints, angles: Floats, strong: int, ring: bool
) -> tuple[Ints, Ints]:
    """Walls without those that are noise; walls of one direction before and after one become a single wall."""
    while starts.size > (4 if ring else 1):
        m = starts.size
        walls = _offsets(px, py, sums, starts, kinds, angles, ring, False)
        sx, sy = _vertices(px, py, walls, kinds, angles, ring)
        worst, least = -1, 1.0
        for k in range(m):
            limit = STUB if kinds[k] < strong else MINOR_STUB
            length = np.hypot(sx[k + 1] - sx[k], sy[k + 1] - sy[k]) / limit
            if length < least:
                worst, least = k, length
        if worst < 0:
            break
        keep = np.ones(m, np.bool_)
        before, after = (worst - 1) % m, (worst + 1) % m
        if not ring and worst == 0:
            keep[1] = False
            kinds[0] = kinds[1]
        elif not ring and worst == m - 1:
            keep[worst] = False
        elif kinds[before] == kinds[after]:
            keep[worst] = keep[after] = False
        else:
            end = starts[after] + (sums.shape[0] - 1 if after == 0 else 0)
            starts[after] = ((starts[worst] + end) // 2) % (sums.shape[0] - 1)
            keep[worst] = False
        starts, kinds = starts[keep], kinds[keep]
        order = np.argsort(starts)
        starts, kinds = starts[order], kinds[order]
    return starts, kinds


@njit(cache=True, nogil=True)
def _clear(gx: Floats, gy: Floats, angles: Floats, several: bool) -> bool:
    """Whether the edges agree on the directions, and no long one is far from all of them."""
    agreed, total = 0.0, 0.0
    for k in range(gx.size - 1):
        ex, ey = gx[k + 1] - gx[k], gy[k + 1] - gy[k]
        weight, angle, least = ex * ex + ey * ey, np.arctan2(ey, ex), np.inf
        for j in range(angles.size):
            least = min(least, abs(turn_between(angle, angles[j], np.pi)))
        total += weight
        if least <= AGREES:
            agreed += weight
        if weight > LONG * LONG and least > (NARROW if several else WIDE):
            return False
    return agreed >= (FINE_AGREEMENT if several else AGREEMENT) * total


@njit(cache=True, nogil=True)
def _angles(frames: Floats, diagonals: bool) -> tuple[Floats, Ints]:
    """The directions of walls: two at a right angle for each main direction, four with diagonals; and their frame."""
    each = 4 if diagonals else 2
    angles, frame = np.empty(each * frames.size), np.empty(each * frames.size, np.int64)
    for f in range(frames.size):
        for j in range(each):
            # Right angles come first: walls in them may be shorter.
            place = each * f + j
            angles[place] = frames[f] + (j * 0.5 * np.pi if j < 2 else (j - 1.5) * 0.5 * np.pi)
            frame[place] = f
    return angles, frame


@njit(cache=True, nogil=True)
def _turned(
    sums: Floats, starts: Ints, kinds: Ints, angles: Floats, frame: Ints, frames: Floats, ring: bool, near: Ints,
    own: Ints, follow: bool,
) -> Floats:  # fmt: skip
    """Main directions that fit the elements of their walls best; with `follow`, weighed against the neighbours'."""
    out = frames.copy()
    for f in range(frames.size):
        xx, xy, yy, count = 0.0, 0.0, 0.0, 0.0
        for k in range(starts.size):
            if frame[kinds[k]] != f:
                continue
            w, sx, sy, sxx, sxy, syy = _moments(sums, starts, k, ring)
            sxx, sxy, syy = sxx - sx * sx / w, sxy - sx * sy / w, syy - sy * sy / w
            c, s = np.cos(angles[kinds[k]]), np.sin(angles[kinds[k]])
            xx += c * c * sxx + 2 * c * s * sxy + s * s * syy
            yy += s * s * sxx - 2 * c * s * sxy + c * c * syy
            xy += c * s * (syy - sxx) + (c * c - s * s) * sxy
            count += w
        if count == 0 or xx <= yy:
            continue
        turn = 0.5 * np.arctan2(2 * xy, xx - yy)
        out[f] = frames[f] + turn
        if not follow:
            continue
        others = np.maximum(near - own, 0)
        theirs, spread, weight = mean_near(others, out[f])
        if weight < LEAST_NEAR * mean_near(own, out[f])[2] or weight == 0:
            continue
        rest = 0.5 * (xx + yy - np.sqrt((xx - yy) * (xx - yy) + 4 * xy * xy)) / count
        variance, prior = max(rest, NOISE) * TOGETHER / (xx - yy), spread + SPREAD
        gap = turn_between(theirs, out[f], 0.5 * np.pi)
        if gap * gap <= DEVIATIONS * DEVIATIONS * (variance + prior):
            out[f] += gap * variance / (variance + prior)
    return out


@njit(cache=True, nogil=True)
def own_votes(gx: Floats, gy: Floats) -> Ints:
    """The votes of the edges of a line."""
    votes = np.zeros(BINS, np.int64)
    for k in range(gx.size - 1):
        vote(votes, gx[k + 1] - gx[k], gy[k + 1] - gy[k])
    return votes


@njit(cache=True, nogil=True)
def straight_walls(
    px: Floats, py: Floats, gx: Floats, gy: Floats, corners: Ints, ring: bool, near: Ints, most: int,
    diagonals: bool, follow: bool, bends: Ints, tilt: float,
) -> tuple[bool, Ints, Floats, Floats, float]:  # fmt: skip
    """An outline of walls in few directions, if its edges suggest them.

    Args:
        px: X of the points between the elements, (n + 1,), in units; those of a ring end with the first.
        py: Their Y.
        gx: X of the vertices of the fitted line, (m,).
        gy: Their Y.
        corners: Index of the point that each vertex belongs to, with both ends, (m,).
        ring: Whether the outline is closed; the ends of another stay where they are.
        near: Votes of the neighbourhood, with those of the outline itself, (BINS,).
        most: Most main directions; 0: each wall has a direction of its own.
        diagonals: Whether walls may be at 45° to a main direction.
        follow: Whether the neighbourhood's directions are weighed against those of the outline.
        bends: Elements at either end of a line in which it leaves its first and last wall for its ends, (2,); 0: these
            walls pass through the ends.
        tilt: Largest displacement in units of an end of a wall that surely has another direction.

    Returns:
        Whether it has such walls; the first element of each, their vertices, with the first of a ring repeated, and the
        area between both outlines.
    """
    fail = (False, corners[:0], gx[:0], gy[:0], 0.0)
    sums = element_sums(px, py)
    if most == 0:
        starts, kinds, angles = _free(gx, gy, sums, corners, ring)
        if starts.size < (3 if ring else 1):
            return fail
        return _placed(px, py, sums, starts, kinds, angles, ring, bends)
    own = own_votes(gx, gy)
    frames = main_directions(own, most, diagonals)
    # Further directions that are not there make this attempt the same as one for fewer.
    if frames.size == 0 or (most > 1 and frames.size == 1):
        return fail
    angles, frame = _angles(frames, diagonals)
    if not _clear(gx, gy, angles, most > 1 or diagonals):
        return fail
    starts, kinds = _runs(gx, gy, corners, angles, ring)
    if starts.size > MOST_WALLS or (ring and starts.size < 4):
        return fail
    starts, kinds = _without_stubs(px, py, sums, starts, kinds, angles, 2, ring)
    m = starts.size
    for k in range(m):
        if kinds[k] == kinds[k - 1] and (ring or k) and m > 1:
            return fail
    frames = _turned(sums, starts, kinds, angles, frame, frames, ring, near, own, follow)
    angles, _ = _angles(frames, diagonals)
    for k in range(m):
        if _tilt(sums, starts, k, ring, angles[kinds[k]]) > tilt:
            return fail
    return _placed(px, py, sums, starts, kinds, angles, ring, bends)


@njit(cache=True, nogil=True)
def _tilt(sums: Floats, starts: Ints, k: int, ring: bool, angle: float) -> float:
    """Displacement of the ends of a wall from a line in its own direction, in units; 0 if that is not sure."""
    w, sx, sy, sxx, sxy, syy = _moments(sums, starts, k, ring)
    sxx, sxy, syy = sxx - sx * sx / w, sxy - sx * sy / w, syy - sy * sy / w
    c, s = np.cos(angle), np.sin(angle)
    along = c * c * sxx + 2 * c * s * sxy + s * s * syy
    across = s * s * sxx - 2 * c * s * sxy + c * c * syy
    both = c * s * (syy - sxx) + (c * c - s * s) * sxy
    if along < 1e-9:
        return 0.0
    turn = both / along
    variance = max((across - both * turn) / w, NOISE) * TOGETHER / along
    return 0.0 if turn * turn < DEVIATIONS * DEVIATIONS * variance else abs(turn) * np.sqrt(3 * along / w)


@njit(cache=True, nogil=True)
def _free(gx: Floats, gy: Floats, sums: Floats, corners: Ints, ring: bool) -> tuple[Ints, Ints, Floats]:
    """Walls with directions of their own, by least squares; none if edges are short or the outline is curved."""
    none = corners[:0]
    n, m = sums.shape[0] - 1, corners.size - 1
    long = np.zeros(m, np.bool_)
    for k in range(m):
        long[k] = np.hypot(gx[k + 1] - gx[k], gy[k + 1] - gy[k]) >= FREE_LENGTH
    kept = np.flatnonzero(long)
    if kept.size < (3 if ring else 1):
        return none, none, gx[:0]
    starts, ways, count = np.empty(kept.size, np.int64), np.empty(kept.size), 0
    for i in range(kept.size):
        k = kept[i]
        way = np.arctan2(gy[k + 1] - gy[k], gx[k + 1] - gx[k])
        if count and abs(turn_between(way, ways[count - 1], 2 * np.pi)) < FREE_TURN:
            continue
        # Short edges between two walls are divided between them.
        before = corners[kept[i - 1] + 1] - (n if i == 0 else 0)
        starts[count], ways[count] = (before + corners[k]) // 2 % n, way
        count += 1
    if ring and count > 1 and abs(turn_between(ways[0], ways[count - 1], 2 * np.pi)) < FREE_TURN:
        starts, ways, count = starts[1:].copy(), ways[1:].copy(), count - 1
    if not ring:
        starts[0] = 0
    if count < (3 if ring else 1) or count > FREE_WALLS:
        return none, none, gx[:0]
    starts = starts[:count].copy()
    order = np.argsort(starts)
    starts, ways = starts[order], ways[:count][order]
    angles = np.empty(count)
    for k in range(count):
        if k and starts[k] == starts[k - 1]:
            return none, none, gx[:0]
        w, sx, sy, sxx, sxy, syy = _moments(sums, starts, k, ring)
        angles[k] = 0.5 * np.arctan2(2 * (sxy - sx * sy / w), sxx - sx * sx / w - syy + sy * sy / w)
    for k in range(count if ring else count - 1):
        turn = abs(turn_between(angles[(k + 1) % count], angles[k], np.pi))
        if turn < FREE_TURN or abs(turn_between(angles[k], ways[k], np.pi)) > FREE_TURN:
            return none, none, gx[:0]
    return starts, np.arange(count), angles


@njit(cache=True, nogil=True)
def _placed(
    px: Floats, py: Floats, sums: Floats, starts: Ints, kinds: Ints, angles: Floats, ring: bool, bends: Ints
) -> tuple[bool, Ints, Floats, Floats, float]:
    """Walls of known directions by least squares; results as for `straight_walls`."""
    m = starts.size
    walls = _offsets(px, py, sums, starts, kinds, angles, ring, bends[0] == 0)
    sx, sy = _vertices(px, py, walls, kinds, angles, ring)
    apart = 0.0
    n = px.size - 1
    for k in range(m):
        c, s = np.cos(angles[kinds[k]]), np.sin(angles[kinds[k]])
        last = starts[k + 1] if k + 1 < m else (starts[0] + n if ring else n)
        for i in range(starts[k], last):
            a, b = i % n, i % n + 1
            mx, my = 0.5 * (px[a] + px[b]), 0.5 * (py[a] + py[b])
            along = abs(c * (px[b] - px[a]) + s * (py[b] - py[a]))
            apart += along * abs(c * my - s * mx - walls[k])
    if not ring and bends[0]:
        starts, sx, sy = _bent(px, py, starts, walls, angles[kinds], sx, sy, bends)
    return True, starts, sx, sy, apart


@njit(cache=True, nogil=True)
def _bent(
    px: Floats, py: Floats, starts: Ints, walls: Floats, angles: Floats, sx: Floats, sy: Floats, bends: Ints
) -> tuple[Ints, Floats, Floats]:
    """Walls with a vertex each on the first and the last one, `bends` elements from the ends of the line."""
    n, m = px.size - 1, starts.size
    first = min(bends[0], (starts[1] if m > 1 else n) // 3)
    last = n - min(bends[1], (n - starts[m - 1]) // 3)
    new, nx, ny = np.empty(m + 2, np.int64), np.empty(m + 3), np.empty(m + 3)
    new[0], nx[0], ny[0] = 0, sx[0], sy[0]
    new[2 : m + 1], nx[2 : m + 1], ny[2 : m + 1] = starts[1:], sx[1:m], sy[1:m]
    nx[m + 2], ny[m + 2] = sx[m], sy[m]
    for place, at, k in ((1, first, 0), (m + 1, last, m - 1)):
        c, s = np.cos(angles[k]), np.sin(angles[k])
        off = c * py[at] - s * px[at] - walls[k]
        new[place], nx[place], ny[place] = at, px[at] + s * off, py[at] - c * off
    if first == 0 or last <= first or last >= n:
        return starts, sx, sy
    return new, nx, ny
