"""The street network: a wobbly lattice of main streets, and the lanes that cut its cells into blocks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from idgbr.scenes.drawing import AVENUE, BRIDGE, LANE, MARKING, PAVEMENT, ROAD, VEHICLE, Drawing, Point
from idgbr.scenes.kernels import ASPHALT, CONCRETE, SOIL
from idgbr.scenes.shapes import Frame, Ring, area, disc, frame_of, inset, split, strip
from idgbr.scenes.style import Style, jitter, mix

_CAR_COLORS = ((0.92, 0.92, 0.92), (0.75, 0.76, 0.78), (0.12, 0.12, 0.13), (0.30, 0.31, 0.33), (0.55, 0.12, 0.10),
               (0.16, 0.24, 0.45), (0.80, 0.72, 0.45))  # fmt: skip


def draws(seed: int, *key: int) -> np.random.Generator:
    """A generator that depends on seed and key alone."""
    return np.random.default_rng([seed & 0xFFFFFFFF, *(k & 0xFFFFFFFF for k in key)])


def car(draw: Drawing, frame: Frame, rng: np.random.Generator) -> None:
    """Draw a car, van or lorry about the frame's origin, lengthwise along u."""
    color = jitter(_CAR_COLORS[int(rng.integers(len(_CAR_COLORS)))], rng, 0.08)
    big = rng.random() < 0.08
    a, b, height = (4.2, 1.2, 3.0) if big else (float(rng.uniform(1.9, 2.5)), 0.9, 1.45)
    c = 0.3 * b
    draw.add(
        [frame.at(-a, -b + c), frame.at(-a + c, -b), frame.at(a - c, -b), frame.at(a, -b + c), frame.at(a, b - c),
         frame.at(a - c, b), frame.at(-a + c, b), frame.at(-a, b - c)],
        VEHICLE, color, height=height,
    )  # fmt: skip
    if not big:
        for u in (0.28 * a, -0.62 * a):
            draw.add(frame.box(u, -0.75 * b, u + 0.24 * a, 0.75 * b), VEHICLE, (0.10, 0.12, 0.14), height=height)


@dataclass(frozen=True)
class Edge:
    """A main street between two lattice nodes: half width of its carriageway and of its pavement, m."""

    start: Point
    end: Point
    half: float
    pavement: float
    key: tuple[int, int, int]

    @property
    def reach(self) -> float:
        """From the centre line to the plots beside."""
        return self.half + self.pavement


class Network:
    """The lattice of main streets of a world."""

    def __init__(self, style: Style) -> None:
        self.style = style
        c, s = math.cos(style.angle), math.sin(style.angle)
        self._frame = Frame(style.offset[0], style.offset[1], c, s)

    def node(self, i: int, j: int) -> Point:
        """Position of a lattice node."""
        wobble = draws(self.style.seed, 1, i, j).normal(0, 1, 2).clip(-1.8, 1.8) * self.style.wobble * 0.8
        u, v = (i + float(wobble[0])) * self.style.spacing[0], (j + float(wobble[1])) * self.style.spacing[1]
        return self._frame.at(u, v)

    def edge(self, axis: int, i: int, j: int) -> Edge:
        """The street from node (i, j) along `axis`; its width belongs to the whole line of the lattice."""
        rng = draws(self.style.seed, 2, axis, j if axis == 0 else i)
        half = float(rng.choice([2.6, 3.4, 4.5, 7.0], p=[0.3, 0.35, 0.23, 0.12])) * float(rng.uniform(0.9, 1.15))
        pavement = float(rng.uniform(1.2, 3.0)) if half > 3.0 and self.style.paved_lanes > 0.5 else 0.0
        end = self.node(i + 1, j) if axis == 0 else self.node(i, j + 1)
        return Edge(self.node(i, j), end, half, pavement, (axis, i, j))

    def cells(self, bounds: tuple[float, float, float, float]) -> list[tuple[int, int]]:
        """Indices of the lattice cells that may meet a box."""
        corners = [(bounds[0], bounds[1]), (bounds[2], bounds[1]), (bounds[2], bounds[3]), (bounds[0], bounds[3])]
        local = [self._frame.local(p) for p in corners]
        us = [p[0] / self.style.spacing[0] for p in local]
        vs = [p[1] / self.style.spacing[1] for p in local]
        slack = 2 * self.style.wobble
        return [
            (i, j)
            for i in range(math.floor(min(us) - slack), math.floor(max(us) + slack) + 1)
            for j in range(math.floor(min(vs) - slack), math.floor(max(vs) + slack) + 1)
        ]

    def cell(self, i: int, j: int) -> tuple[Ring, Ring]:
        """The whole cell, and the part of it without its four streets."""
        ring = [self.node(i, j), self.node(i + 1, j), self.node(i + 1, j + 1), self.node(i, j + 1)]
        edges = self.edge(0, i, j), self.edge(1, i + 1, j), self.edge(0, i, j + 1), self.edge(1, i, j)
        return ring, inset(ring, [e.reach for e in edges])

    def draw(self, draw: Drawing, edge: Edge) -> None:
        """Draw a main street: pavement, carriageway, markings and cars."""
        rng = draws(self.style.seed, 3, *edge.key)
        asphalt = mix(self.style.asphalt, (0.3, 0.3, 0.31), 0.2)
        length = math.hypot(edge.end[0] - edge.start[0], edge.end[1] - edge.start[1])
        ux, uy = (edge.end[0] - edge.start[0]) / length, (edge.end[1] - edge.start[1]) / length
        frame = Frame(edge.start[0], edge.start[1], ux, uy)
        if edge.pavement:
            for ring in _outline(edge, edge.reach):
                draw.add(ring, BRIDGE, self.style.pavement, label=ROAD, material=CONCRETE, height=0.15)
        for ring in _outline(edge, edge.half):
            draw.add(ring, AVENUE, asphalt, label=ROAD, material=ASPHALT, along=(ux, uy))
        white = mix(asphalt, (0.95, 0.95, 0.92), float(rng.uniform(0.4, 0.9)))
        if edge.half > 3.2 and rng.random() < 0.8:
            dash, gap = (3.0, 5.0) if rng.random() < 0.7 else (length, 1.0)
            u = edge.half + 3.0
            while u < length - edge.half - 3.0:
                draw.add(frame.box(u, -0.09, min(u + dash, length - edge.half), 0.09), MARKING, white)
                u += dash + gap
        if edge.half > 6.0:
            for v in (-edge.half / 2, edge.half / 2, 0.3 - edge.half, edge.half - 0.3):
                draw.add(frame.box(edge.half, v - 0.08, length - edge.half, v + 0.08), MARKING, white)
        if edge.half > 4.0 and rng.random() < 0.6:
            for u in (edge.half + 0.8, length - edge.half - 3.8):
                for v in np.arange(0.5 - edge.half, edge.half - 0.5, 1.0).tolist():
                    draw.add(frame.box(u, v, u + 3.0, v + 0.5), MARKING, white)
        for side in (-1.0, 1.0):
            u = edge.half + float(rng.exponential(12 / self.style.traffic))
            while u < length - edge.half - 5:
                parked = rng.random() < 0.5 and edge.half > 3.0
                v = side * (edge.half - 1.1 if parked else edge.half * 0.45)
                car(draw, frame.moved(u, v), rng)
                u += float(rng.exponential(14 / self.style.traffic)) + 6.0


def _outline(edge: Edge, half_width: float) -> list[Ring]:
    """A street's surface: its length, and rounded ends that fill the crossings."""
    ends = [disc(*edge.start, half_width), disc(*edge.end, half_width)]
    return [strip(edge.start, edge.end, half_width), *ends]


def blocks(
    draw: Drawing, ring: Ring, block_area: float, lane: float, style: Style, rng: np.random.Generator
) -> list[Ring]:
    """Cut a cell into blocks by lanes of about `lane` m (0: none), which are drawn."""
    if not ring:
        return []
    whole = area(ring)
    if whole < block_area * float(rng.uniform(1.0, 1.7)):
        return [ring]
    frame, half_u, _ = frame_of(ring)
    gap = lane * float(rng.uniform(0.85, 1.25)) if lane else 0.0
    u = float(rng.uniform(-0.16, 0.16)) * half_u
    before, after, between = split(ring, frame.turned(float(rng.normal(0, 0.04))), u, gap)
    if between:
        paved = rng.random() < style.paved_lanes
        kerb = 0.9 if paved and gap > 5.5 else 0.0
        color = jitter(style.asphalt, rng, 0.05) if paved else mix(style.soil, (0.75, 0.70, 0.60), 0.3)
        if kerb:
            draw.add(between, PAVEMENT, style.pavement, label=ROAD, material=CONCRETE, height=0.12)
        x0, y0 = frame.at(u, 0.0)
        carriageway = _narrowed(between, kerb)
        along = frame.v
        draw.add(carriageway, LANE, color, label=ROAD, material=ASPHALT if paved else SOIL, along=along, phase=x0 + y0)
        axis, reach, _ = frame_of(between)
        for v in np.arange(-reach + 8, reach - 8, 9.0).tolist():
            if rng.random() < 0.35 * style.traffic and gap > 4.5:
                car(draw, axis.moved(v, (gap / 2 - kerb - 1.0) * (1 if rng.random() < 0.5 else -1)), rng)
    return [b for part in (before, after) for b in blocks(draw, part, block_area, lane, style, rng)]


def _narrowed(ring: Ring, by: float) -> Ring:
    """The strip with its long sides moved inwards."""
    if not by:
        return ring
    sides = zip(ring, [*ring[1:], ring[0]], strict=True)
    lengths = [math.hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in sides]
    return inset(ring, [by if length > 0.5 * max(lengths) else 0.0 for length in lengths])
