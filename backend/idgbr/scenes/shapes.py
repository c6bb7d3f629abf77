"""Plane geometry of small convex polygons, as plain tuples: quicker here than arrays or shapely objects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from idgbr.arrays import Floats
from idgbr.scenes.drawing import Point

Ring = list[Point]


@dataclass(frozen=True)
class Frame:
    """A local coordinate system: origin and unit vector u; v is u turned by a quarter."""

    x: float
    y: float
    ux: float
    uy: float

    def at(self, u: float, v: float) -> Point:
        """Local to world coordinates."""
        return self.x + u * self.ux - v * self.uy, self.y + u * self.uy + v * self.ux

    def local(self, point: Point) -> Point:
        """World to local coordinates."""
        dx, dy = point[0] - self.x, point[1] - self.y
        return dx * self.ux + dy * self.uy, dy * self.ux - dx * self.uy

    def box(self, u0: float, v0: float, u1: float, v1: float) -> Ring:
        """A rectangle between two local corners."""
        return [self.at(u0, v0), self.at(u1, v0), self.at(u1, v1), self.at(u0, v1)]

    def moved(self, u: float, v: float) -> Frame:
        """The frame with its origin at a local point."""
        x, y = self.at(u, v)
        return Frame(x, y, self.ux, self.uy)

    def turned(self, angle: float) -> Frame:
        """The frame turned about its origin."""
        c, s = math.cos(angle), math.sin(angle)
        return Frame(self.x, self.y, self.ux * c - self.uy * s, self.ux * s + self.uy * c)

    @property
    def u(self) -> Point:
        """Unit vector u."""
        return self.ux, self.uy

    @property
    def v(self) -> Point:
        """Unit vector v."""
        return -self.uy, self.ux


def area(ring: Sequence[Point]) -> float:
    """Area, without sign."""
    total = 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        total += x0 * y1 - x1 * y0
    return abs(total) / 2.0


def middle(ring: Sequence[Point]) -> Point:
    """Mean of the vertices."""
    n = len(ring)
    return sum(p[0] for p in ring) / n, sum(p[1] for p in ring) / n


def cut(ring: Sequence[Point], x: float, y: float, nx: float, ny: float) -> Ring:
    """The part of a convex ring where (p - (x, y)) · n >= 0."""
    out: Ring = []
    if not ring:
        return out
    px, py = ring[-1]
    before = (px - x) * nx + (py - y) * ny
    for qx, qy in ring:
        after = (qx - x) * nx + (qy - y) * ny
        if (before >= 0.0) != (after >= 0.0):
            t = before / (before - after)
            out.append((px + t * (qx - px), py + t * (qy - py)))
        if after >= 0.0:
            out.append((qx, qy))
        px, py, before = qx, qy, after
    return out if len(out) >= 3 else []


def inset(ring: Sequence[Point], distances: Sequence[float]) -> Ring:
    """Move each side of a convex ring inwards by its own distance (side k runs from vertex k to k + 1)."""
    cx, cy = middle(ring)
    out = list(ring)
    for k, distance in enumerate(distances):
        (x0, y0), (x1, y1) = ring[k], ring[(k + 1) % len(ring)]
        length = math.hypot(x1 - x0, y1 - y0)
        if length < 1e-6:
            continue
        nx, ny = -(y1 - y0) / length, (x1 - x0) / length
        if (cx - x0) * nx + (cy - y0) * ny < 0.0:
            nx, ny = -nx, -ny
        out = cut(out, x0 + nx * distance, y0 + ny * distance, nx, ny)
    return out


def shrunk(ring: Sequence[Point], distance: float) -> Ring:
    """Move all sides of a convex ring inwards."""
    return inset(ring, [distance] * len(ring))


def frame_of(ring: Sequence[Point]) -> tuple[Frame, float, float]:
    """Frame along the longest side, with its origin in the middle of the ring's box, and the box's half sizes."""
    sides = [(ring[k], ring[(k + 1) % len(ring)]) for k in range(len(ring))]
    (x0, y0), (x1, y1) = max(sides, key=lambda s: math.hypot(s[1][0] - s[0][0], s[1][1] - s[0][1]))
    length = max(math.hypot(x1 - x0, y1 - y0), 1e-9)
    frame = Frame(x0, y0, (x1 - x0) / length, (y1 - y0) / length)
    local = [frame.local(p) for p in ring]
    us, vs = [p[0] for p in local], [p[1] for p in local]
    half_u, half_v = (max(us) - min(us)) / 2, (max(vs) - min(vs)) / 2
    frame = frame.moved((max(us) + min(us)) / 2, (max(vs) + min(vs)) / 2)
    if half_u < half_v:
        return Frame(frame.x, frame.y, -frame.uy, frame.ux), half_v, half_u
    return frame, half_u, half_v


def sides(ring: Sequence[Point]) -> Floats:
    """The sides of a convex ring as rows (nx, ny, offset): n · p - offset is how far p lies inside of the side."""
    start = np.array(ring)
    run = np.concatenate([start[1:], start[:1]]) - start
    run = run / np.maximum(np.hypot(run[:, 0], run[:, 1]), 1e-9)[:, None]
    normal = np.column_stack([-run[:, 1], run[:, 0]])
    offset = (normal * start).sum(axis=1)
    normal_at_middle = normal @ start.mean(axis=0) - offset
    turn = np.where(normal_at_middle < 0.0, -1.0, 1.0)
    return np.asarray(np.column_stack([normal * turn[:, None], offset * turn]))


def depth(of: Floats, points: Sequence[Point] | Floats) -> Floats:
    """How far points lie inside a convex ring, given its `sides`; negative outside."""
    return np.asarray((np.asarray(points) @ of[:, :2].T - of[:, 2]).min(axis=1))


def inside(ring: Sequence[Point], points: Sequence[Point], margin: float = 0.0) -> bool:
    """Whether all points lie in the convex ring, `margin` away from its sides."""
    return bool(depth(sides(ring), points).min() >= margin)


def strip(start: Point, end: Point, half_width: float, extend: float = 0.0) -> Ring:
    """A rectangle about a line."""
    length = max(math.hypot(end[0] - start[0], end[1] - start[1]), 1e-9)
    frame = Frame(start[0], start[1], (end[0] - start[0]) / length, (end[1] - start[1]) / length)
    return frame.box(-extend, -half_width, length + extend, half_width)


def disc(x: float, y: float, radius: float, corners: int = 16) -> Ring:
    """A regular polygon."""
    step = 2 * math.pi / corners
    return [(x + radius * math.cos(k * step), y + radius * math.sin(k * step)) for k in range(corners)]


def split(ring: Sequence[Point], frame: Frame, u: float, gap: float) -> tuple[Ring, Ring, Ring]:
    """Cut a convex ring across the frame's axis at `u`, leaving a gap: parts before, after, and within the gap."""
    x0, y0 = frame.at(u - gap / 2, 0.0)
    x1, y1 = frame.at(u + gap / 2, 0.0)
    ux, uy = frame.ux, frame.uy
    between = cut(cut(ring, x0, y0, ux, uy), x1, y1, -ux, -uy) if gap > 0 else []
    return cut(ring, x0, y0, -ux, -uy), cut(ring, x1, y1, ux, uy), between
