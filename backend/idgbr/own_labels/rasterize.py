"""Labels on the grid of an image: the label of each pixel, by windows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import rasterio.features
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from idgbr.arrays import Ints32, Mask
from idgbr.layers.polygon_store import Shapes

#: Number of a pixel without a label, and of one with labels of several classes.
NONE, SEVERAL = -1, -2
#: How far from pixel centres polygons are sampled, in px: two that share an edge through centres do not overlap there.
_ASIDE = 1 / 512
#: Area in px². A smaller polygon labels all pixels that it touches.
_SMALL = 4.0


class Window(NamedTuple):
    """Rows [row, row + height) and columns [col, col + width) of a grid."""

    row: int
    col: int
    height: int
    width: int


class LabelGrid:
    """Shapes on a grid with a `transform`.

    A polygon labels the pixels whose centres it covers. A line or a point labels the pixels that it touches.

    `class_of` is the index of the class of each shape, (n,).
    """

    def __init__(self, shapes: Shapes, class_of: NDArray[np.int64], transform: Affine, size: tuple[int, int]) -> None:
        inverse = ~transform
        self._shapes = shapely.transform(shapes, lambda xy: np.column_stack(inverse * (xy[:, 0], xy[:, 1])))
        self._class_of = class_of
        self._tree = shapely.STRtree(self._shapes)
        self.height, self.width = size
        box = shapely.box(0, 0, self.width, self.height)
        #: Whether each shape touches the grid, (n,).
        self.there: Mask = shapely.intersects(self._shapes, box)

    @property
    def bounds(self) -> NDArray[np.float64]:
        """First column and row, last column and row of each shape in px, (n, 4); nan for missing ones."""
        bounds: NDArray[np.float64] = shapely.bounds(self._shapes)
        return bounds

    def centre(self, number: int) -> tuple[float, float]:
        """Row and column of a point on a shape, in px."""
        point = shapely.point_on_surface(self._shapes[number])
        return float(point.y), float(point.x)

    def windows(self, side: int) -> list[Window]:
        """Windows of a lattice of `side` px whose pixels may have labels."""
        found = []
        for row in range(0, self.height, side):
            for col in range(0, self.width, side):
                window = Window(row, col, min(side, self.height - row), min(side, self.width - col))
                if self._near(window).size:
                    found.append(window)
        return found

    def labels(self, window: Window) -> Ints32:
        """Number of the shape that labels each pixel of a window, (height, width); `NONE`, or `SEVERAL`."""
        near = self._near(window)
        size = (window.height, window.width)
        out = np.full(size, NONE, np.int32)
        contested = np.zeros(size, bool)
        for number in near:
            inner, covered = self._covered(self._shapes[number], window)
            before = out[inner]
            other = self._class_of[np.maximum(before, 0)] != self._class_of[number]
            contested[inner] |= covered & (before != NONE) & other
            before[covered] = number
        out[contested] = SEVERAL
        return out

    def _near(self, window: Window) -> NDArray[np.int64]:
        box = shapely.box(window.col, window.row, window.col + window.width, window.row + window.height)
        return np.sort(self._tree.query(box, predicate="intersects"))

    def _covered(self, shape: shapely.Geometry, window: Window) -> tuple[tuple[slice, slice], Mask]:
        """The part of a window around a shape, and its pixels that the shape covers."""
        xmin, ymin, xmax, ymax = shapely.bounds(shape)
        top, left = max(int(ymin) - 1, window.row), max(int(xmin) - 1, window.col)
        bottom, right = min(int(ymax) + 2, window.row + window.height), min(int(xmax) + 2, window.col + window.width)
        size = (bottom - top, right - left)
        out = np.zeros(size, bool)
        for part in _parts(shape):
            # Lines and points are thinner than a pixel, and so are small polygons.
            touched = shapely.get_dimensions(part) < 2 or shapely.area(part) < _SMALL
            aside = 0 if touched else _ASIDE
            out |= rasterio.features.rasterize(
                [part], out_shape=size, transform=Affine.translation(left + aside, top + aside), all_touched=touched,
                dtype="uint8",
            ) > 0  # fmt: skip
        inner = np.s_[top - window.row : bottom - window.row, left - window.col : right - window.col]
        return inner, out


def _parts(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Polygons, lines and points of a shape, collections taken apart."""
    if shape.geom_type != "GeometryCollection":
        return [shape]
    return [part for inner in shape.geoms for part in _parts(inner)]
