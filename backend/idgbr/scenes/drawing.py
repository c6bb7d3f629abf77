"""The list of objects that make up a place: polygons with class, layer, colour, material and roof plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from idgbr.arrays import Bytes, Floats, Ints
from idgbr.scenes.kernels import COLUMNS, INHERIT, PLAIN

Point = tuple[float, float]
Color = tuple[float, float, float]

BUILDING, LAND, ROAD, VEGETATION, WATER = range(5)

# Layers, painted from the lowest up.
BASE, GROUND, DETAIL, PAVEMENT, LANE, BANK, RIVER = range(7)
BRIDGE, AVENUE, MARKING, VEHICLE, WALL, ROOF, ROOFTOP, TREE = range(7, 15)


@dataclass(frozen=True)
class Objects:
    """Objects as arrays, in painting order: vertices of object i are `points[offsets[i]:offsets[i + 1]]`, in metres."""

    points: Floats
    offsets: Ints
    classes: Bytes
    layers: Bytes
    stacked: Bytes
    table: Floats

    def within(self, bounds: tuple[float, float, float, float]) -> Objects:
        """Keep the objects whose box meets `bounds` (x0, y0, x1, y1)."""
        starts = self.offsets[:-1]
        low = np.minimum.reduceat(self.points, starts, axis=0)
        high = np.maximum.reduceat(self.points, starts, axis=0)
        near = (low <= bounds[2:]).all(axis=1) & (high >= bounds[:2]).all(axis=1)
        return self.pick(np.flatnonzero(near))

    def pick(self, index: Ints) -> Objects:
        """Keep the objects of these indices, in the order given."""
        lengths = np.diff(self.offsets)[index]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        source = np.repeat(self.offsets[index] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Objects(
            self.points[source],
            offsets,
            self.classes[index],
            self.layers[index],
            self.stacked[index],
            self.table[index],
        )

    @staticmethod
    def join(parts: Sequence[Objects]) -> Objects:
        """Put several lists into one, sorted by layer; within a layer the order of `parts` stays."""
        shifts = np.cumsum([0] + [p.points.shape[0] for p in parts])
        joined = Objects(
            np.concatenate([p.points for p in parts]),
            np.concatenate([[0]] + [p.offsets[1:] + s for p, s in zip(parts, shifts, strict=False)]).astype(np.int64),
            np.concatenate([p.classes for p in parts]),
            np.concatenate([p.layers for p in parts]),
            np.concatenate([p.stacked for p in parts]),
            np.concatenate([p.table for p in parts]),
        )
        return joined.pick(np.argsort(joined.layers, kind="stable"))


@dataclass
class Drawing:
    """Collects objects; `objects` turns them into arrays."""

    _points: list[Point] = field(default_factory=list)
    _lengths: list[int] = field(default_factory=list)
    _classes: list[int] = field(default_factory=list)
    _layers: list[int] = field(default_factory=list)
    _stacked: list[bool] = field(default_factory=list)
    _rows: list[tuple[float, ...]] = field(default_factory=list)

    def add(
        self,
        points: Sequence[Point],
        layer: int,
        color: Color,
        *,
        label: int = INHERIT,
        material: int = PLAIN,
        height: float = 0.0,
        slope: Point = (0.0, 0.0),
        centre: Point = (0.0, 0.0),
        radius: float = 0.0,
        along: Point = (1.0, 0.0),
        period: float = 1.0,
        phase: float = 0.0,
        stacked: bool = False,
    ) -> None:
        """Add a polygon; `height` and `slope` are its roof plane about `centre`, `radius` > 0 makes it a crown."""
        if len(points) < 3:
            return
        self._points.extend(points)
        self._lengths.append(len(points))
        self._classes.append(label)
        self._layers.append(layer)
        self._stacked.append(stacked)
        self._rows.append((*color, material, height, *slope, *centre, radius, *along, period, phase))

    def objects(self) -> Objects:
        """Turn what was added into arrays, sorted by layer."""
        drawn = Objects(
            np.array(self._points, np.float64).reshape(-1, 2),
            np.concatenate([[0], np.cumsum(self._lengths)]).astype(np.int64),
            np.array(self._classes, np.uint8),
            np.array(self._layers, np.uint8),
            np.array(self._stacked, np.uint8),
            np.array(self._rows, np.float64).reshape(-1, COLUMNS),
        )
        return drawn.pick(np.argsort(drawn.layers, kind="stable"))
