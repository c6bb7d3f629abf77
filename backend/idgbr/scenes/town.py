"""The plan of a town: streets, parcels and roofs, as functions of absolute position in metres.

The town lies in a street frame (u, v), turned against the image by the scene's angle. Blocks are cut by streets, blocks
into parcels; a parcel holds at most one building, wholly inside it, so that a pixel need only look at its own parcel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from idgbr.scenes.hashing import fractal_noise, uniform

Coordinates = NDArray[np.float64]


@dataclass(frozen=True)
class Style:
    """What a seed decides about the whole scene; lengths in metres."""

    seed: int
    angle: float
    parcel: tuple[float, float]
    block: tuple[int, int]  # parcels a block
    street: float
    built: float  # share of parcels that hold a building
    fill: float  # share of the parcel's side that a building may take
    urban: float  # offset of the town's extent; larger = more town
    water: float
    green: float
    turn: float  # largest rotation of a building against its street


def draw_style(seed: int) -> Style:
    """Draw the scene's style: suburb, dense informal settlement, industrial area or villages among fields."""
    rng = np.random.default_rng([seed, 77])
    kind = rng.choice(4, p=[0.45, 0.25, 0.15, 0.15])
    parcel = [(24.0, 20.0), (9.5, 8.0), (62.0, 48.0), (30.0, 26.0)][kind]
    scale = rng.uniform(0.8, 1.25)
    return Style(
        seed=seed,
        angle=float(rng.uniform(0, np.pi)),
        parcel=(parcel[0] * scale, parcel[1] * scale),
        block=[(4, 2), (6, 4), (2, 2), (3, 2)][kind],
        street=float([7.0, 4.0, 11.0, 6.0][kind] * rng.uniform(0.8, 1.3)),
        built=float([0.85, 0.93, 0.75, 0.6][kind]),
        fill=float([0.8, 0.99, 0.85, 0.65][kind]),
        urban=float([0.5, 0.6, 0.5, -0.1][kind] + rng.uniform(-0.3, 0.3)),
        water=float(rng.uniform(-0.95, -0.35)),
        green=float(rng.uniform(-0.5, 0.7)),
        turn=float([0.25, 0.12, 0.1, 0.5][kind]),
    )


@dataclass(frozen=True)
class Roofs:
    """Buildings of a range of parcels: arrays indexed [j − j0, i − i0]; lengths in metres, angles in the street frame.

    A building is a rectangle, or an L: the rectangle less one corner of `notch` (shares of its sides).
    """

    i0: int
    j0: int
    present: NDArray[np.bool_]
    centre_u: Coordinates
    centre_v: Coordinates
    half_u: Coordinates
    half_v: Coordinates
    cos: Coordinates
    sin: Coordinates
    notch: Coordinates
    height: NDArray[np.float32]


class Town:
    """Geometry of one scene's town."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self._cos, self._sin = float(np.cos(style.angle)), float(np.sin(style.angle))
        self.block_u = style.parcel[0] * style.block[0] + style.street
        self.block_v = style.parcel[1] * style.block[1] + style.street

    def to_street(self, x: Coordinates, y: Coordinates) -> tuple[Coordinates, Coordinates]:
        """Image frame to street frame, metres."""
        return x * self._cos + y * self._sin, y * self._cos - x * self._sin

    def to_image(self, u: Coordinates, v: Coordinates) -> tuple[Coordinates, Coordinates]:
        """Street frame to image frame, metres."""
        return u * self._cos - v * self._sin, u * self._sin + v * self._cos

    def urban(self, x: Coordinates, y: Coordinates) -> NDArray[np.float32]:
        """Above zero inside the town."""
        return fractal_noise(self.style.seed, 3, x, y, 260.0, 2) + np.float32(self.style.urban)

    def water(self, x: Coordinates, y: Coordinates) -> NDArray[np.float32]:
        """Below zero on water: ponds where noise is low, and a river along its zero line in some scenes."""
        pond = fractal_noise(self.style.seed, 5, x, y, 190.0, 4) - np.float32(self.style.water)
        if self.style.seed % 3:
            return pond
        river = np.abs(fractal_noise(self.style.seed, 6, x, y, 420.0, 3)) - np.float32(0.05)
        return np.minimum(pond, river * 1.5)

    def parcel(self, u: Coordinates, v: Coordinates) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Parcel numbers (i, j) and distance in metres to the nearest street edge (negative on a street)."""
        edges = []
        numbers = []
        for axis, (position, block) in enumerate(((u, self.block_u), (v, self.block_v))):
            size, count = self.style.parcel[axis], self.style.block[axis]
            number = np.floor(position / block).astype(np.int64)
            inside = position - number * block - self.style.street / 2
            edges.append(np.minimum(inside, size * count - inside))
            numbers.append(number * count + np.clip(np.floor(inside / size), 0, count - 1).astype(np.int64))
        return numbers[0], numbers[1], np.minimum(edges[0], edges[1]).astype(np.float32)

    def roofs(self, i: NDArray[np.int64], j: NDArray[np.int64]) -> Roofs:
        """Buildings of all parcels in the range of i and j."""
        style = self.style
        i0, j0 = int(i.min()), int(j.min())
        ii, jj = np.meshgrid(np.arange(i0, int(i.max()) + 1), np.arange(j0, int(j.max()) + 1))

        def draw(salt: int) -> Coordinates:
            return uniform(style.seed, salt, ii, jj).astype(np.float64)

        (size_u, size_v), (count_u, count_v) = style.parcel, style.block
        mid_u = (ii // count_u) * self.block_u + style.street / 2 + (ii % count_u + 0.5) * size_u
        mid_v = (jj // count_v) * self.block_v + style.street / 2 + (jj % count_v + 0.5) * size_v
        x, y = self.to_image(mid_u, mid_v)
        room = self.urban(x, y) > 0
        dry = self.water(x, y) > 0.12
        turn = np.where(draw(20) < 0.5, 0.0, (draw(21) * 2 - 1) * style.turn)
        cos, sin = np.cos(turn), np.sin(turn)
        half_u = size_u / 2 * style.fill * (0.55 + 0.45 * draw(22))
        half_v = size_v / 2 * style.fill * (0.55 + 0.45 * draw(23))
        # A turned building must still fit its parcel.
        reach_u, reach_v = np.abs(half_u * cos) + np.abs(half_v * sin), np.abs(half_u * sin) + np.abs(half_v * cos)
        shrink = np.minimum(1.0, np.minimum(size_u * 0.499 / reach_u, size_v * 0.499 / reach_v))
        half_u, half_v = half_u * shrink, half_v * shrink
        free_u, free_v = size_u / 2 - reach_u * shrink, size_v / 2 - reach_v * shrink
        return Roofs(
            i0, j0, (draw(24) < style.built) & room & dry,
            mid_u + free_u * (draw(25) * 2 - 1), mid_v + free_v * (draw(26) * 2 - 1), half_u, half_v, cos, sin,
            np.where(draw(27) < 0.3, 0.3 + 0.3 * draw(28), 0.0), (2.5 + 7.0 * draw(29) ** 2).astype(np.float32),
        )  # fmt: skip

    def polygons(self, roofs: Roofs) -> list[shapely.Polygon]:
        """Exact outlines of the buildings, in metres in the image frame."""
        out = []
        for index in zip(*np.nonzero(roofs.present), strict=True):
            a, b, notch = roofs.half_u[index], roofs.half_v[index], roofs.notch[index]
            corners = [(-a, -b), (a, -b), (a, b), (-a, b)]
            if notch:
                inner = (a - 2 * a * notch, b - 2 * b * notch)
                corners[2:3] = [(a, inner[1]), inner, (inner[0], b)]
            p, q = np.array(corners).T
            u = roofs.centre_u[index] + p * roofs.cos[index] - q * roofs.sin[index]
            v = roofs.centre_v[index] + p * roofs.sin[index] + q * roofs.cos[index]
            out.append(shapely.Polygon(np.column_stack(self.to_image(u, v))))
        return out
