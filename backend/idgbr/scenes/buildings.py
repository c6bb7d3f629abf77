"""Buildings: gabled, hipped and flat roofs on rectangular parts, halls, and what stands on roofs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from idgbr.scenes.drawing import BUILDING, ROOF, ROOFTOP, Color, Drawing, Point
from idgbr.scenes.kernels import CONCRETE, PLAIN, TIN
from idgbr.scenes.shapes import Frame, Ring
from idgbr.scenes.style import ROOFS, Style, jitter, mix

#: A rectangular part of a building: centre u, v and half sizes along u and v.
Part = tuple[float, float, float, float]


def roof_color(kinds: tuple[str, ...], rng: np.random.Generator) -> tuple[int, Color]:
    """Draw material and colour of a roof."""
    material, colors = ROOFS[kinds[int(rng.integers(len(kinds)))]]
    return material, jitter(colors[int(rng.integers(len(colors)))], rng, 0.07)


def parts_of_house(half_u: float, half_v: float, rng: np.random.Generator) -> list[Part]:
    """Draw a plan that fills a box: a rectangle, an L, a T or a U of rectangles."""
    kind = rng.random()
    if kind < 0.42 or min(half_u, half_v) < 3.5:
        return [(0.0, 0.0, half_u, half_v)]
    wing, bar = float(rng.uniform(0.38, 0.5)) * half_u, float(rng.uniform(0.45, 0.62)) * half_v
    side = -1.0 if rng.random() < 0.5 else 1.0
    front = -1.0 if rng.random() < 0.5 else 1.0
    main: Part = (0.0, -front * (half_v - bar), half_u, bar)
    if kind < 0.75:
        return [main, (side * (half_u - wing), 0.0, wing, half_v)]
    if kind < 0.9:
        return [main, (side * float(rng.uniform(0, 0.3)) * half_u, 0.0, wing, half_v)]
    leg = wing * 0.62
    return [main, (half_u - leg, 0.0, leg, half_v), (leg - half_u, 0.0, leg, half_v)]


def corners(frame: Frame, part: Part, grow: float = 0.0) -> Ring:
    """Corners of a part."""
    u, v, a, b = part
    return frame.box(u - a - grow, v - b - grow, u + a + grow, v + b + grow)


@dataclass(frozen=True)
class Pitched:
    """How a pitched roof is built: height of its eaves, pitch, and what it is covered with."""

    eave: float
    pitch: float
    material: int
    color: Color
    phase: float


def face(draw: Drawing, ring: Ring, roof: Pitched, top: float, centre: Point, down: Point, along: Point) -> None:
    """Draw a roof face that falls in direction `down` from `top` at `centre`; its courses run along its ridge."""
    draw.add(
        ring, ROOF, roof.color, label=BUILDING, material=roof.material, height=top, centre=centre,
        slope=(-roof.pitch * down[0], -roof.pitch * down[1]), along=along, period=0.8 if roof.material == TIN else 0.42,
        phase=roof.phase, stacked=True,
    )  # fmt: skip


def lengthwise(frame: Frame, part: Part) -> tuple[Frame, float, float]:
    """Frame of a part with u along its longer side, and half its length and depth."""
    u, v, a, b = part
    local = frame.moved(u, v)
    return (local, a, b) if a >= b else (Frame(local.x, local.y, -local.uy, local.ux), b, a)


def gable(draw: Drawing, frame: Frame, part: Part, roof: Pitched) -> None:
    """Draw two roof halves that meet in a ridge along the part's longer axis."""
    local, a, b = lengthwise(frame, part)
    ridge, centre, (vx, vy) = roof.eave + roof.pitch * b, (local.x, local.y), local.v
    for side in (1.0, -1.0):
        face(draw, local.box(-a, 0.0, a, side * b), roof, ridge, centre, (side * vx, side * vy), local.u)
    if b > 2.0:
        pale = mix(roof.color, (0.8, 0.78, 0.74), 0.25)
        draw.add(local.box(-a, -0.12, a, 0.12), ROOF, pale, label=BUILDING, height=ridge, centre=centre, stacked=True)


def hip(draw: Drawing, frame: Frame, part: Part, roof: Pitched) -> None:
    """Draw four roof faces of the same pitch."""
    local, a, b = lengthwise(frame, part)
    k, top, at = a - b, roof.eave + roof.pitch * b, local.at
    for side in (1.0, -1.0):
        trapezium = [at(-a, side * b), at(a, side * b), at(k, 0.0), at(-k, 0.0)]
        face(draw, trapezium, roof, top, at(0.0, 0.0), (side * local.v[0], side * local.v[1]), local.u)
        triangle = [at(side * a, -b), at(side * a, b), at(side * k, 0.0)]
        face(draw, triangle, roof, top, at(side * k, 0.0), (side * local.u[0], side * local.u[1]), local.v)


def flat(
    draw: Drawing, frame: Frame, parts: list[Part], height: float, material: int, color: Color, rng: np.random.Generator
) -> None:
    """Draw a flat roof with its parapet, and machines, stair heads and tanks on it."""
    parapet = float(rng.uniform(0.2, 0.45)) if min(min(p[2:]) for p in parts) > 2.0 else 0.0
    rim = mix(color, (0.86, 0.85, 0.82), float(rng.uniform(0.1, 0.5)))
    phase = float(rng.random())
    if parapet:
        for part in parts:
            draw.add(corners(frame, part), ROOF, rim, label=BUILDING, height=height + float(rng.uniform(0.4, 0.9)))
    for part in parts:
        draw.add(
            corners(frame, part, -parapet), ROOF, color, label=BUILDING, material=material, height=height,
            along=frame.u, period=0.9, phase=phase,
        )  # fmt: skip
    for u, v, a, b in parts:
        if a < 2.5 or b < 2.5:
            continue
        for _ in range(int(rng.poisson(min(10.0, a * b / 28.0)))):
            w, d = float(rng.uniform(0.4, 1.5)), float(rng.uniform(0.4, 1.2))
            x, y = u + float(rng.uniform(-1, 1)) * (a - w - 0.6), v + float(rng.uniform(-1, 1)) * (b - d - 0.6)
            grey = float(rng.uniform(0.35, 0.9))
            tone = (grey, grey, grey) if rng.random() < 0.85 else (0.16, 0.25, 0.45)
            draw.add(
                frame.box(x - w, y - d, x + w, y + d), ROOFTOP, tone, label=BUILDING, material=PLAIN,
                height=height + float(rng.uniform(0.5, 1.6)),
            )  # fmt: skip
        if rng.random() < 0.4 and a > 4 and b > 4:
            w = float(rng.uniform(1.3, 2.4))
            x, y = u + float(rng.uniform(-1, 1)) * (a - w - 0.5), v + float(rng.uniform(-1, 1)) * (b - w - 0.5)
            draw.add(
                frame.box(x - w, y - w, x + w, y + w), ROOFTOP, jitter(color, rng, 0.1), label=BUILDING,
                material=CONCRETE, height=height + 2.4, phase=phase,
            )  # fmt: skip


def solar(draw: Drawing, frame: Frame, part: Part, height: float, rng: np.random.Generator) -> None:
    """Draw rows of solar panels on a part."""
    u, v, a, b = part
    w, d = float(rng.uniform(0.35, 0.8)) * a, float(rng.uniform(0.25, 0.6)) * b
    v0 = v + float(rng.choice([-0.45, 0.0, 0.45])) * (b - d)
    tone = jitter((0.10, 0.13, 0.22), rng, 0.15)
    rows = max(1, int(2 * d / 1.75))
    for k in range(rows):
        y = v0 - d + k * 1.75
        draw.add(frame.box(u - w, y, u + w, min(y + 1.6, v + b)), ROOFTOP, tone, label=BUILDING, height=height + 0.3)


def house(
    draw: Drawing, frame: Frame, half_u: float, half_v: float, style: Style, rng: np.random.Generator, *,
    storeys: float = 1.5, flatness: float | None = None,
) -> None:  # fmt: skip
    """Draw a house that fills a box: plan, roof and its clutter."""
    parts = parts_of_house(half_u, half_v, rng)
    eave = min(2.9 * storeys + float(rng.uniform(0, 1)), style.max_height - 3.0)
    if rng.random() < (style.flatness if flatness is None else flatness):
        material, color = roof_color(style.flat, rng)
        flat(draw, frame, parts, eave, material, color, rng)
        if rng.random() < 0.1:
            solar(draw, frame, parts[0], eave, rng)
        return
    material, color = roof_color(style.pitched, rng)
    pitch = float(rng.uniform(0.08, 0.2) if material == TIN else rng.uniform(0.35, 0.8))
    pitch = min(pitch, 2.8 / min(parts[0][2], parts[0][3]))
    shape = hip if material != TIN and rng.random() < 0.45 else gable
    roof = Pitched(eave, pitch, material, color, float(rng.random()))
    for part in parts:
        shape(draw, frame, part, roof)
    if min(half_u, half_v) > 3 and rng.random() < 0.5:
        x, y = float(rng.uniform(-0.5, 0.5)) * half_u, parts[0][1] + float(rng.uniform(-0.3, 0.3)) * parts[0][3]
        draw.add(
            frame.box(x - 0.4, y - 0.4, x + 0.4, y + 0.4), ROOFTOP, (0.45, 0.36, 0.32), label=BUILDING,
            height=eave + 3.2,
        )  # fmt: skip
    if rng.random() < 0.12:
        solar(draw, frame, parts[0], eave + 1.0, rng)


def hall(draw: Drawing, frame: Frame, half_u: float, half_v: float, style: Style, rng: np.random.Generator) -> None:
    """Draw an industrial hall: ridges side by side with skylights, or one big flat roof."""
    eave = min(float(rng.uniform(5.5, 10.0)), style.max_height - 3.0)
    if rng.random() < 0.4:
        material, color = roof_color(("concrete", "bitumen", "tin"), rng)
        flat(draw, frame, [(0.0, 0.0, half_u, half_v)], eave, material, color, rng)
        return
    _, color = roof_color(("tin",), rng)
    spans = max(1, round(half_v / float(rng.uniform(7, 13))))
    depth = half_v / spans
    roof = Pitched(eave, 0.14, TIN, color, float(rng.random()))
    skylights = rng.random() < 0.6
    for k in range(spans):
        v = -half_v + (2 * k + 1) * depth
        gable(draw, frame, (0.0, v, half_u, depth), roof)
        if skylights and half_u > depth:
            for u in np.arange(-half_u + 4.0, half_u - 3.0, 6.0):
                for side in (-1, 1):
                    v0, v1 = v + side * 0.25 * depth, v + side * 0.75 * depth
                    draw.add(
                        frame.box(u, min(v0, v1), u + 1.1, max(v0, v1)), ROOFTOP, mix(color, (0.86, 0.88, 0.88), 0.6),
                        label=BUILDING, height=eave + 0.14 * depth,
                    )  # fmt: skip
