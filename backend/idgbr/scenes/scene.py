"""Windows of a procedural world: image, classes and exact polygons."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from idgbr.scenes import kernels
from idgbr.scenes.districts import FILLINGS
from idgbr.scenes.drawing import BASE, LAND, VEGETATION, VEHICLE, Drawing, Objects
from idgbr.scenes.kernels import GRASS, INHERIT, SOIL
from idgbr.scenes.nature import Rivers
from idgbr.scenes.shapes import middle
from idgbr.scenes.streets import Network, blocks, draws
from idgbr.scenes.style import DISTRICTS, SHADOW_M, Style, make_style, mix

#: Pixels drawn around a window so that the sensor's blur agrees across windows.
_BLUR_PX = 4

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scene:
    """A window of a world. `objects` are in metres; everything else is on the window's pixel grid."""

    image: NDArray[np.uint8]
    classes: NDArray[np.uint8]
    gsd_m: float
    seed: int
    row0: int
    col0: int
    objects: Objects

    @cached_property
    def polygons(self) -> list[tuple[int, shapely.Polygon]]:
        """Exact outlines of the classes (what is seen from above) in pixel coordinates of the window, cut to it."""
        height, width = self.classes.shape
        shapes = shapely.polygons(
            [
                shapely.linearrings(self.objects.points[a:b] / self.gsd_m - (self.col0, self.row0))
                for a, b in zip(self.objects.offsets[:-1], self.objects.offsets[1:], strict=True)
            ]
        )
        shapes = shapely.buffer(shapes, 0)
        window = shapely.box(0, 0, width, height)
        hidden: shapely.Geometry = shapely.Polygon()
        seen: dict[int, list[shapely.Geometry]] = {}
        for label, run in reversed(_runs(self.objects.classes)):
            surface = shapely.intersection(shapely.union_all(shapes[run]), window)
            seen.setdefault(label, []).append(shapely.difference(surface, hidden))
            hidden = shapely.union(hidden, surface)
        return [
            (label, part)
            for label in sorted(seen)
            for part in shapely.get_parts(shapely.union_all(seen[label]))
            if part.geom_type == "Polygon" and part.area > 0
        ]


def _runs(classes: NDArray[np.uint8]) -> list[tuple[int, NDArray[np.int64]]]:
    """Group successive objects of the same class; objects without a class are left out."""
    index = np.flatnonzero(classes != INHERIT)
    cuts = np.flatnonzero(np.diff(classes[index])) + 1
    return [(int(classes[part[0]]), part) for part in np.split(index, cuts) if part.size]


def _far(_x: float, _y: float) -> float:
    """Distance to water if there is none."""
    return math.inf


class _World:
    """The content of one seed, made cell by cell on demand."""

    def __init__(self, seed: int) -> None:
        self.style: Style = make_style(seed)
        self.network = Network(self.style)
        self.rivers = Rivers(self.style)
        self._cell = lru_cache(maxsize=64)(self._make_cell)

    def objects(self, bounds: Bounds) -> Objects:
        """Everything that may be seen in a box."""
        rivers = Drawing()
        self.rivers.draw(rivers, bounds)
        parts = [self._cell(i, j) for i, j in self.network.cells(bounds)]
        return Objects.join([*parts, rivers.objects()]).within(bounds)

    def _make_cell(self, i: int, j: int) -> Objects:
        style, rng = self.style, draws(self.style.seed, 4, i, j)
        draw = Drawing()
        whole, plots = self.network.cell(i, j)
        district = DISTRICTS[int(rng.choice(len(DISTRICTS), p=style.district_weights))]
        fill, block_area, lane = FILLINGS[district]
        green = style.aridity < 0.45
        draw.add(
            whole, BASE, mix(style.soil, style.grass, 0.6 * green), label=VEGETATION if green else LAND,
            material=GRASS if green else SOIL,
        )  # fmt: skip
        clear = self.rivers.clear_of(whole)
        near: Callable[[float, float], float] = _far if clear else self.rivers.distance
        for number, ring in enumerate(blocks(draw, plots, block_area, lane, style, rng)):
            if near(*middle(ring)) > -60.0:
                fill(draw, ring, style, draws(style.seed, 5, i, j, number), near)
        streets = Drawing()
        for axis in (0, 1):
            self.network.draw(streets, self.network.edge(axis, i, j))
        content = draw.objects()
        return Objects.join([content if clear else self._dry(content), streets.objects()])

    def _dry(self, objects: Objects) -> Objects:
        """Leave out objects that would stand in a river; ground and lanes stay, because the river covers them."""
        depth = np.minimum.reduceat(self.rivers.distances(objects.points), objects.offsets[:-1])
        return objects.pick(np.flatnonzero((objects.layers < VEHICLE) | (depth > 0.3)))


@lru_cache(maxsize=8)
def _world(seed: int) -> _World:
    return _World(seed)


def make_scene(height: int, width: int, *, gsd_m: float, seed: int, row0: int = 0, col0: int = 0) -> Scene:
    """Draw the window of `height` × `width` pixels whose first pixel is (row0, col0) of the world of `seed`.

    Content is a function of absolute position, so windows agree wherever they overlap. Classes (building, land, road,
    vegetation, water: 0…4) are those seen from above at each pixel's centre.
    """
    world = _world(seed)
    style = world.style
    factor = 3 if gsd_m >= 0.5 else 2
    step = gsd_m / factor
    reach = int(np.ceil(SHADOW_M / gsd_m)) + 1
    above = _BLUR_PX + (reach if style.sun[1] < 0 else 0)
    below = _BLUR_PX + (reach if style.sun[1] > 0 else 0)
    left = _BLUR_PX + (reach if style.sun[0] < 0 else 0)
    right = _BLUR_PX + (reach if style.sun[0] > 0 else 0)
    top_row, left_col = row0 - above, col0 - left
    rows, cols = height + above + below, width + left + right
    bounds = (left_col * gsd_m, top_row * gsd_m, (left_col + cols) * gsd_m, (top_row + rows) * gsd_m)
    objects = world.objects(bounds)
    view = (col0 * gsd_m, row0 * gsd_m, (col0 + width) * gsd_m, (row0 + height) * gsd_m)
    seen = objects.within(view)
    classes = np.full((height, width), LAND, np.uint8)
    kernels.fill_classes(seen.points, seen.offsets, seen.classes, row0, col0, gsd_m, classes)

    top = np.zeros((rows * factor, cols * factor), np.int32)
    high = np.full(top.shape, -1.0, np.float32)
    fine_row, fine_col = top_row * factor, left_col * factor
    kernels.fill_surfaces(
        objects.points, objects.offsets, objects.table, objects.stacked, fine_row, fine_col, step, top, high
    )
    dark = kernels.cast_shadows(high, fine_row, fine_col, step, style.sun[0], style.sun[1], style.tangent)
    inner = (
        slice((above - _BLUR_PX) * factor, (above + height + _BLUR_PX) * factor),
        slice((left - _BLUR_PX) * factor, (left + width + _BLUR_PX) * factor),
    )
    light = kernels.shade(
        objects.table, top[inner], dark[inner], (row0 - _BLUR_PX) * factor, (col0 - _BLUR_PX) * factor, step, factor,
        np.array(style.sun), np.array(style.ambient), seed & 0xFFFF,
    )  # fmt: skip
    return Scene(_expose(light, style, row0, col0), classes, gsd_m, seed, row0, col0, seen)


def _expose(light: kernels.Heights, style: Style, row0: int, col0: int) -> NDArray[np.uint8]:
    """Turn light into the sensor's digital numbers: blur, haze, tone curve, noise."""
    blurred = light
    for axis in (0, 1):
        blurred = gaussian_filter1d(blurred, style.blur_px, axis=axis, radius=_BLUR_PX)
    value = blurred[_BLUR_PX:-_BLUR_PX, _BLUR_PX:-_BLUR_PX] * np.asarray(style.tint, np.float32)
    value = np.clip(value * (1 - style.haze) + np.float32(0.72 * style.haze), 0, None) ** np.float32(style.gamma)
    grey = value.mean(axis=2, keepdims=True)
    value = (grey + (value - grey) * style.saturation - 0.42) * style.contrast + 0.45
    height, width = value.shape[:2]
    value = value + style.noise * kernels.sensor_noise(height, width, row0, col0, style.seed & 0xFFFF)
    return np.ascontiguousarray(np.moveaxis((np.clip(value, 0, 1) * 255.0 + 0.5).astype(np.uint8), 2, 0))
