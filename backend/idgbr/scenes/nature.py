"""Trees, fields, gardens and water."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from idgbr.arrays import Floats
from idgbr.scenes.drawing import BANK, DETAIL, GROUND, LAND, RIVER, TREE, VEGETATION, WATER, Drawing, Point
from idgbr.scenes.kernels import CANOPY, CROP, GRASS, SOIL
from idgbr.scenes.kernels import WATER as WATER_SURFACE
from idgbr.scenes.shapes import Frame, Ring, area, depth, middle, sides
from idgbr.scenes.style import Style, jitter, mix


def tree(draw: Drawing, x: float, y: float, radius: float, style: Style, rng: np.random.Generator) -> None:
    """Draw a crown with a wobbly outline."""
    corners = 9 if radius < 1.2 else 15
    angles = np.arange(corners) * (2 * math.pi / corners) + rng.random()
    radii = radius * (1.0 + 0.09 * rng.standard_normal(corners))
    ring = list(zip((x + radii * np.cos(angles)).tolist(), (y + radii * np.sin(angles)).tolist(), strict=True))
    height = min(radius * float(rng.uniform(1.4, 2.6)), style.max_height)
    draw.add(
        ring, TREE, jitter(style.trees[int(rng.random() < 0.35)], rng, 0.13), label=VEGETATION, material=CANOPY,
        height=height, centre=(x, y), radius=radius * 1.12, phase=float(rng.random() * 7),
    )  # fmt: skip


def trees_in(
    draw: Drawing, ring: Sequence[Point], per_m2: float, style: Style, rng: np.random.Generator, *,
    size: tuple[float, float] = (1.2, 4.0), keep_off: Sequence[tuple[Ring, float]] = (),
) -> None:  # fmt: skip
    """Scatter trees, alone and in groups, with trunks inside a convex ring and outside of `keep_off` (ring, margin)."""
    count = int(rng.poisson(area(ring) * per_m2))
    if not count:
        return
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    groups = max(1, int(count / rng.uniform(1.0, 3.0)))
    gx, gy = rng.uniform(min(xs), max(xs), groups), rng.uniform(min(ys), max(ys), groups)
    member = rng.integers(groups, size=count)
    spread = float(rng.uniform(1.5, 4.5))
    px, py = gx[member] + rng.normal(0, spread, count), gy[member] + rng.normal(0, spread, count)
    radii = np.clip(rng.lognormal(math.log((size[0] + size[1]) / 2), 0.35, count), *size)
    trunks = np.column_stack([px, py])
    free = depth(sides(ring), trunks) >= 0.3
    for other, margin in keep_off:
        free &= depth(sides(other), trunks) < -margin * radii
    for x, y, r in zip(px[free].tolist(), py[free].tolist(), radii[free].tolist(), strict=True):
        tree(draw, x, y, r, style, rng)


def ground(draw: Drawing, ring: Sequence[Point], greenness: float, style: Style, rng: np.random.Generator) -> None:
    """Draw the surface of a parcel: lawn where `greenness` wins over the climate, else dry grass or soil."""
    chance = greenness * (1.0 - 0.85 * style.aridity)
    phase = float(rng.random() * 9)
    if rng.random() < chance:
        color = jitter(mix(style.grass, style.dry_grass, 0.5 * float(rng.random()) * style.aridity), rng, 0.07)
        draw.add(ring, GROUND, color, label=VEGETATION, material=GRASS, phase=phase)
    else:
        draw.add(ring, GROUND, jitter(style.soil, rng, 0.06), label=LAND, material=SOIL, phase=phase)


def field(draw: Drawing, ring: Sequence[Point], frame: Frame, style: Style, rng: np.random.Generator) -> None:
    """Draw a field: crop in rows, meadow, stubble or ploughed earth."""
    kind = rng.random() + 0.35 * style.aridity
    if 0.45 <= kind < 0.65:
        tone, phase = jitter(style.grass, rng, 0.1), float(rng.random() * 9)
        draw.add(ring, GROUND, tone, label=VEGETATION, material=GRASS, phase=phase)
        return
    label = LAND
    if kind < 0.45:
        label, tone = VEGETATION, jitter(mix(style.grass, style.trees[0], float(rng.uniform(0, 0.6))), rng, 0.1)
    elif kind < 0.8:
        tone = jitter(mix(style.soil, style.dry_grass, 0.6), rng, 0.08)
    else:
        tone = jitter(mix(style.soil, (0.3, 0.22, 0.16), float(rng.uniform(0, 0.5))), rng, 0.08)
    along = frame.u if rng.random() < 0.5 else frame.v
    period, phase = float(rng.uniform(0.7, 3.5)), float(rng.random() * 9)
    draw.add(ring, GROUND, tone, label=label, material=CROP, along=along, period=period, phase=phase)


def blob(x: float, y: float, radius: float, rng: np.random.Generator, corners: int = 40) -> Ring:
    """A smooth closed shape about a point."""
    angles = np.arange(corners) * (2 * math.pi / corners)
    radii = np.ones(corners)
    for k in (2, 3, 4, 5):
        radii += rng.normal(0, 0.16 / k) * np.cos(k * angles + rng.uniform(0, 6.3))
    radii *= radius
    return list(zip((x + radii * np.cos(angles)).tolist(), (y + radii * np.sin(angles)).tolist(), strict=True))


def scaled(ring: Sequence[Point], factor: float) -> Ring:
    """The ring scaled about its middle."""
    cx, cy = middle(ring)
    return [(cx + (x - cx) * factor, cy + (y - cy) * factor) for x, y in ring]


def pond(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, *, bank: float = 1.08) -> None:
    """Draw a pond with a bank, a pale shallow rim and deeper water."""
    color = mix(style.water, jitter(style.water, rng, 0.2), 0.4)
    draw.add(scaled(ring, bank), DETAIL, mix(style.soil, style.grass, 0.4), label=LAND, material=SOIL)
    shallow = mix(color, style.soil, 0.22)
    draw.add(ring, DETAIL, shallow, label=WATER, material=WATER_SURFACE, height=-0.5)
    draw.add(scaled(ring, 0.93), DETAIL, mix(color, shallow, 0.5), label=WATER, material=WATER_SURFACE, height=-0.5)
    draw.add(scaled(ring, 0.86), DETAIL, color, label=WATER, material=WATER_SURFACE, height=-0.5)


class Rivers:
    """The rivers of a world: parallel winding bands across it, given by a formula of the position."""

    def __init__(self, style: Style) -> None:
        self.style = style
        rng = np.random.default_rng((style.seed & 0xFFFFFFFF, 0x21BE5))
        self._waves = [
            (float(rng.uniform(5, 28)), float(rng.uniform(180, 420)), float(rng.uniform(0, 6.3))) for _ in range(3)
        ]
        self._frame = Frame(0.0, 0.0, math.cos(style.river_angle), math.sin(style.river_angle))

    def _centre(self, u: float) -> float:
        return sum(a * math.sin(2 * math.pi * u / wave + phase) for a, wave, phase in self._waves)

    def _half_width(self, u: float) -> float:
        return 0.5 * self.style.river_width * (1.0 + 0.22 * math.sin(u / 61.0) + 0.1 * math.sin(u / 17.0))

    def clear_of(self, ring: Sequence[Point]) -> bool:
        """Whether a ring is so far from water that no point in it needs the exact distance."""
        x, y = middle(ring)
        radius = max(math.hypot(px - x, py - y) for px, py in ring)
        u, v = self._frame.local((x, y))
        offset = v - self._centre(u) - self.style.river_offset
        offset -= round(offset / self.style.river_period) * self.style.river_period
        steepest = sum(a * 2 * math.pi / wave for a, wave, _ in self._waves)
        return abs(offset) - 0.7 * self.style.river_width > (radius + 60.0) * math.hypot(1.0, steepest)

    def distances(self, points: Floats) -> Floats:
        """Approximate distance of points (n, 2) from water, m (negative in it)."""
        x, y = points[:, 0] - self._frame.x, points[:, 1] - self._frame.y
        u, v = x * self._frame.ux + y * self._frame.uy, y * self._frame.ux - x * self._frame.uy
        offset, slope = v - self.style.river_offset, np.zeros(len(points))
        for a, wave, phase in self._waves:
            turn = 2 * math.pi * u / wave + phase
            offset = offset - a * np.sin(turn)
            slope += a * 2 * math.pi / wave * np.cos(turn)
        offset -= np.round(offset / self.style.river_period) * self.style.river_period
        half = 0.5 * self.style.river_width * (1.0 + 0.22 * np.sin(u / 61.0) + 0.1 * np.sin(u / 17.0))
        return np.asarray((np.abs(offset) - half) / np.hypot(1.0, slope))

    def distance(self, x: float, y: float) -> float:
        """Approximate distance of a point from water, m (negative in it)."""
        return float(self.distances(np.array([[x, y]]))[0])

    def draw(self, draw: Drawing, bounds: tuple[float, float, float, float]) -> None:
        """Draw the rivers near a box, with banks, shallow rims and boats."""
        style = self.style
        locals_ = [self._frame.local((x, y)) for x in bounds[::2] for y in bounds[1::2]]
        u_first = math.floor(min(p[0] for p in locals_) / 4.0) - 1
        u_last = math.ceil(max(p[0] for p in locals_) / 4.0) + 1
        us = [4.0 * k for k in range(u_first, u_last + 1)]
        reach = sum(w[0] for w in self._waves) + style.river_width
        low = math.floor((min(p[1] for p in locals_) - style.river_offset - reach) / style.river_period)
        high = math.ceil((max(p[1] for p in locals_) - style.river_offset + reach) / style.river_period)
        shallow = mix(style.water, style.soil, 0.25)
        bank = mix(style.soil, style.grass, 0.5 * (1 - style.aridity))
        for k in range(low, high + 1):
            middle_v = style.river_offset + k * style.river_period
            for grow, layer, color, label, material in (
                (4.5, BANK, mix(bank, style.trees[0], 0.25), VEGETATION if style.aridity < 0.5 else LAND, GRASS),
                (1.6, BANK, bank, LAND, SOIL),
                (0.0, RIVER, shallow, WATER, WATER_SURFACE),
                (-0.9, RIVER, mix(shallow, style.water, 0.5), WATER, WATER_SURFACE),
                (-2.0, RIVER, style.water, WATER, WATER_SURFACE),
            ):
                halves = [max(0.2, self._half_width(u) + grow * (1 + 0.35 * math.sin(u / 7.0 + grow))) for u in us]
                upper = [self._frame.at(u, middle_v + self._centre(u) + h) for u, h in zip(us, halves, strict=True)]
                lower = [self._frame.at(u, middle_v + self._centre(u) - h) for u, h in zip(us, halves, strict=True)]
                height = -0.8 if label == WATER else 0.0
                outline, along = upper + lower[::-1], self._frame.u
                draw.add(outline, layer, color, label=label, material=material, height=height, along=along)
            self._boats(draw, us, middle_v, k)

    def _boats(self, draw: Drawing, us: list[float], middle_v: float, number: int) -> None:
        if self.style.river_width < 12:
            return
        for k in range(math.floor(us[0] / 40.0), math.floor(us[-1] / 40.0) + 1):
            rng = np.random.default_rng((self.style.seed & 0xFFFFFFFF, 0xB0A7, k & 0xFFFFFFFF, number & 0xFFFFFFFF))
            if rng.random() > 0.5:
                continue
            u = 40.0 * k + float(rng.uniform(0, 40))
            v = middle_v + self._centre(u) + float(rng.uniform(-0.75, 0.75)) * self._half_width(u)
            x, y = self._frame.at(u, v)
            turn = self._frame.turned(float(rng.normal(0, 0.5)))
            frame = Frame(x, y, turn.ux, turn.uy)
            a = float(rng.uniform(2, 7))
            b = a * float(rng.uniform(0.2, 0.3))
            hull = [frame.at(-a, -b), frame.at(0.5 * a, -b), frame.at(a, 0), frame.at(0.5 * a, b), frame.at(-a, b)]
            draw.add(hull, RIVER, jitter((0.82, 0.82, 0.80), rng, 0.1), height=0.6)
            draw.add(scaled(hull, 0.55), RIVER, jitter((0.55, 0.45, 0.36), rng, 0.15), height=1.2)
