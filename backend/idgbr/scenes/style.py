"""Settings of a world, drawn from its seed: climate, light, colours, sensor and the layout of the town."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from idgbr.scenes.drawing import Color
from idgbr.scenes.kernels import CONCRETE, PLAIN, TILE, TIN

DISTRICTS = (
    "residential", "villas", "dense", "informal", "industrial", "apartments", "park", "fields", "bare", "basins",
)  # fmt: skip

#: Colours (0…1) of roofs by kind, with their material.
ROOFS: dict[str, tuple[int, list[Color]]] = {
    "tile": (TILE, [(0.60, 0.33, 0.24), (0.66, 0.42, 0.31), (0.50, 0.29, 0.23), (0.70, 0.50, 0.38),
                    (0.56, 0.40, 0.33)]),
    "slate": (TILE, [(0.34, 0.34, 0.36), (0.42, 0.40, 0.39), (0.27, 0.28, 0.31), (0.47, 0.44, 0.41)]),
    "tin": (TIN, [(0.72, 0.74, 0.76), (0.60, 0.62, 0.64), (0.52, 0.40, 0.32), (0.36, 0.48, 0.60), (0.40, 0.53, 0.44),
                  (0.82, 0.82, 0.80), (0.62, 0.30, 0.25)]),
    "concrete": (CONCRETE, [(0.72, 0.69, 0.64), (0.80, 0.78, 0.74), (0.60, 0.58, 0.55), (0.76, 0.70, 0.60),
                            (0.86, 0.85, 0.83)]),
    "bitumen": (CONCRETE, [(0.33, 0.33, 0.34), (0.42, 0.42, 0.43), (0.50, 0.49, 0.47)]),
    "thatch": (PLAIN, [(0.55, 0.48, 0.36)]),
}  # fmt: skip
#: Kinds of roofs of a world, (pitched mix, flat mix): each list is drawn from evenly.
_MIXES = (
    (["tile", "tile", "slate"], ["bitumen", "concrete"]),
    (["slate", "slate", "tile", "tin"], ["bitumen", "bitumen", "concrete"]),
    (["tin", "tin", "tile"], ["concrete", "tin"]),
    (["concrete", "tile"], ["concrete", "concrete", "bitumen"]),
    (["tile", "tin", "slate", "concrete"], ["concrete", "bitumen", "tin"]),
)


def mix(a: Color, b: Color, t: float) -> Color:
    """Blend two colours."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t


def jitter(color: Color, rng: np.random.Generator, amount: float = 0.06) -> Color:
    """Vary a colour: mostly its brightness, a little its hue."""
    g = (rng.standard_normal(4) * amount).tolist()
    r = (color[0] * (1 + g[0] + 0.35 * g[1]), color[1] * (1 + g[0] + 0.35 * g[2]), color[2] * (1 + g[0] + 0.35 * g[3]))
    return min(max(r[0], 0.02), 1.0), min(max(r[1], 0.02), 1.0), min(max(r[2], 0.02), 1.0)


@dataclass(frozen=True)
class Style:
    """Settings that are the same all over the world of one seed."""

    seed: int
    #: Lattice of the street network: turn, spacing along both axes, offset (m), wobble of its nodes (share of spacing).
    angle: float
    spacing: tuple[float, float]
    offset: tuple[float, float]
    wobble: float
    #: Unit vector to the sun (x right, y down, z up).
    sun: tuple[float, float, float]
    ambient: Color
    #: 0 lush … 1 desert.
    aridity: float
    grass: Color
    dry_grass: Color
    soil: Color
    trees: tuple[Color, Color]
    asphalt: Color
    pavement: Color
    water: Color
    pitched: tuple[str, ...]
    flat: tuple[str, ...]
    #: Probability that a house has a flat roof.
    flatness: float
    district_weights: tuple[float, ...]
    tree_density: float
    paved_lanes: float
    #: Vehicles, relative to a busy town.
    traffic: float
    #: Rivers run every `river_period` m, `river_width` m wide, across the world at `river_angle`.
    river_period: float
    river_width: float
    river_angle: float
    river_offset: float
    # Sensor.
    blur_px: float
    noise: float
    haze: float
    gamma: float
    contrast: float
    saturation: float
    tint: Color

    @property
    def tangent(self) -> float:
        """Tangent of the sun's elevation."""
        return self.sun[2] / math.hypot(self.sun[0], self.sun[1])

    @property
    def max_height(self) -> float:
        """Tallest thing in the world, limited so that no shadow is longer than `SHADOW_M`."""
        return SHADOW_M * self.tangent


#: Longest shadow, m: how far beside a window the renderer must look.
SHADOW_M = 24.0


def make_style(seed: int) -> Style:
    """Draw the style of a seed."""
    rng = np.random.default_rng((seed & 0xFFFFFFFF, 0xA11CE))
    aridity = float(rng.beta(0.8, 1.0))
    elevation = math.radians(rng.uniform(32, 68))
    azimuth = rng.uniform(0, 2 * math.pi) if rng.random() < 0.25 else math.pi / 2 + rng.normal(0, 0.9)
    sun = (math.cos(azimuth) * math.cos(elevation), math.sin(azimuth) * math.cos(elevation), math.sin(elevation))
    ambient = float(rng.uniform(0.26, 0.48))
    lush = mix((0.22, 0.33, 0.16), (0.36, 0.45, 0.24), float(rng.random()))
    weights = rng.dirichlet([0.8] * len(DISTRICTS))
    mild = np.array([2.2, 1.2, 1.2, 1.0, 0.9, 1.0, 0.8, 0.9, 0.4 + 1.0 * aridity, 0.3])
    pitched, flat = _MIXES[int(rng.integers(len(_MIXES)))]
    waters = ((0.14, 0.21, 0.20), (0.10, 0.16, 0.22), (0.17, 0.22, 0.13), (0.32, 0.31, 0.23), (0.12, 0.30, 0.34),
              (0.06, 0.07, 0.09), (0.08, 0.20, 0.12))  # fmt: skip
    soils = ((0.62, 0.56, 0.47), (0.78, 0.71, 0.60), (0.50, 0.43, 0.36), (0.60, 0.57, 0.52), (0.60, 0.47, 0.37),
             (0.84, 0.80, 0.74), (0.68, 0.61, 0.50))  # fmt: skip
    wide = rng.random() < 0.25
    return Style(
        seed=seed,
        angle=float(rng.uniform(0, math.pi)),
        spacing=(float(rng.uniform(110, 210)), float(rng.uniform(110, 210))),
        offset=(float(rng.uniform(0, 200)), float(rng.uniform(0, 200))),
        wobble=float(rng.choice([0.03, 0.12, 0.2])),
        sun=sun,
        ambient=(ambient * 0.88, ambient, ambient * 1.18),
        aridity=aridity,
        grass=jitter(mix(lush, (0.48, 0.47, 0.30), min(1.0, aridity * 0.9)), rng, 0.08),
        dry_grass=jitter((0.56, 0.52, 0.35), rng, 0.08),
        soil=jitter(soils[int(rng.integers(len(soils)))], rng, 0.07),
        trees=(
            jitter(mix((0.13, 0.21, 0.09), (0.24, 0.31, 0.16), float(rng.random())), rng, 0.1),
            jitter(mix((0.19, 0.28, 0.11), (0.36, 0.36, 0.22), float(rng.random())), rng, 0.1),
        ),
        asphalt=jitter(mix((0.34, 0.34, 0.35), (0.55, 0.54, 0.53), float(rng.beta(1.2, 1.6))), rng, 0.05),
        pavement=jitter(mix((0.52, 0.51, 0.50), (0.70, 0.67, 0.62), float(rng.random())), rng, 0.05),
        water=jitter(waters[int(rng.integers(len(waters)))], rng, 0.12),
        pitched=tuple(pitched),
        flat=tuple(flat),
        flatness=float(rng.choice([0.08, 0.3, 0.8])),
        district_weights=tuple(float(w) for w in (weights * mild) / (weights * mild).sum()),
        tree_density=float(rng.uniform(0.5, 2.4) * (1.1 - 0.75 * aridity)),
        paved_lanes=float(rng.choice([1.0, 0.85, 0.3])),
        traffic=float(rng.uniform(0.1, 1.0)),
        river_period=float(rng.uniform(450, 1500)),
        river_width=float(rng.uniform(60, 200) if wide else rng.uniform(5, 32)),
        river_angle=float(rng.uniform(0, math.pi)),
        river_offset=float(rng.uniform(0, 1500)),
        blur_px=float(rng.uniform(0.35, 0.8)),
        noise=float(rng.uniform(0.004, 0.02)),
        haze=float(rng.uniform(0.0, 0.16)),
        gamma=float(rng.uniform(0.8, 1.15)),
        contrast=float(rng.uniform(0.9, 1.2)),
        saturation=float(rng.uniform(0.55, 1.05)),
        tint=(float(rng.normal(1.0, 0.035)), 1.0, float(rng.normal(1.0, 0.04))),
    )
