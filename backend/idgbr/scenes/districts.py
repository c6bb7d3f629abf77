"""What fills the blocks of each kind of district."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from idgbr.scenes.buildings import Pitched, flat, gable, hall, house, roof_color
from idgbr.scenes.drawing import DETAIL, GROUND, LAND, ROAD, VEGETATION, WALL, WATER, Drawing
from idgbr.scenes.kernels import ASPHALT, CANOPY, CONCRETE, GRASS, PLAIN, SOIL, TIN
from idgbr.scenes.kernels import WATER as WATER_SURFACE
from idgbr.scenes.nature import blob, field, ground, pond, trees_in
from idgbr.scenes.shapes import Frame, Ring, area, depth, frame_of, inside, middle, shrunk, sides, split, strip
from idgbr.scenes.streets import car
from idgbr.scenes.style import Style, jitter, mix

Near = Callable[[float, float], float]


def parcels(ring: Ring, width: float, depth: float, rng: np.random.Generator) -> list[Ring]:
    """Cut a block into one or two rows of parcels."""
    if not ring:
        return []
    frame, half_u, half_v = frame_of(ring)
    across = Frame(frame.x, frame.y, -frame.uy, frame.ux)
    rows = [ring]
    for k in range(1, max(1, round(2 * half_v / depth))):
        v = -half_v + 2 * half_v * k / max(1, round(2 * half_v / depth))
        before, after, _ = split(rows.pop(), across, v, 0.0)
        rows += [before, after]
    out: list[Ring] = []
    for row in rows:
        rest = row
        count = max(1, round(2 * half_u / width))
        for k in range(1, count):
            if not rest:
                break
            u = -half_u + 2 * half_u * (k + float(rng.normal(0, 0.08))) / count
            before, rest, _ = split(rest, frame, u, 0.0)
            out.append(before)
        out.append(rest)
    return [p for p in out if p and area(p) > 0.25 * width * depth]


def fit_box(ring: Ring, frame: Frame, half_u: float, half_v: float, margin: float) -> tuple[float, float]:
    """Shrink a box about the frame's origin until it lies in a convex ring."""
    walls = sides(ring)
    for _ in range(14):
        if depth(walls, frame.box(-half_u, -half_v, half_u, half_v)).min() >= margin:
            return half_u, half_v
        half_u, half_v = half_u * 0.92, half_v * 0.92
    return 0.0, 0.0


def fence(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator) -> None:
    """Draw walls or hedges along a parcel."""
    hedge = rng.random() < 0.5 * (1 - style.aridity)
    color = jitter(style.trees[0], rng, 0.1) if hedge else jitter(mix(style.pavement, style.soil, 0.5), rng, 0.06)
    for k in range(len(ring)):
        if rng.random() < 0.75:
            draw.add(
                strip(ring[k], ring[(k + 1) % len(ring)], 0.45 if hedge else 0.12), WALL, color,
                label=VEGETATION if hedge else LAND, material=CANOPY if hedge else PLAIN, height=1.5,
            )  # fmt: skip


def residential(
    draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near, *, villa: bool = False
) -> None:
    """Detached or terraced houses in gardens."""
    width = float(rng.uniform(20, 32) if villa else rng.uniform(11, 20))
    depth = float(rng.uniform(26, 38) if villa else rng.uniform(17, 27))
    storeys, fenced, green = float(rng.uniform(1, 2.5)), rng.random() < 0.7, float(rng.uniform(0.5, 1.1))
    turn = float(rng.normal(0, 0.05))
    for parcel in parcels(shrunk(ring, 0.3), width, depth, rng):
        ground(draw, parcel, green, style, rng)
        frame, half_u, half_v = frame_of(parcel)
        if near(frame.x, frame.y) < half_u + 4.0:
            trees_in(draw, parcel, 0.01 * style.tree_density, style, rng)
            continue
        if fenced:
            fence(draw, parcel, style, rng)
        keep: list[tuple[Ring, float]] = []
        if rng.random() < 0.94:
            site = frame.moved(float(rng.normal(0, 0.06)) * half_u, float(rng.normal(0, 0.08)) * half_v).turned(turn)
            share = rng.uniform(0.5, 0.85, 2)
            a, b = fit_box(parcel, site, half_u * float(share[0]), half_v * float(share[1]), 0.8)
            if a > 2.5 and b > 2.5:
                drive = float(rng.choice([-1.0, 1.0]))
                if rng.random() < 0.45:
                    tone = jitter(mix(style.pavement, style.soil, float(rng.random())), rng, 0.07)
                    yard = (
                        shrunk(parcel, 0.15) if style.aridity > 0.6 else site.box(-a - 1.5, -b - 1.5, a + 1.5, b + 1.5)
                    )
                    draw.add(yard, DETAIL, tone, label=LAND, material=CONCRETE, phase=float(rng.random()))
                if rng.random() < 0.45 * style.traffic:
                    car(draw, site.moved(drive * (a + 1.3), 0.4 * b).turned(math.pi / 2), rng)
                house(draw, site, a, b, style, rng, storeys=storeys)
                keep.append((site.box(-a, -b, a, b), 0.35))
                if villa and rng.random() < 0.5:
                    pool = site.moved(float(rng.uniform(-0.4, 0.4)) * a, drive * (b + 3.2))
                    if inside(parcel, pool.box(-4, -2.2, 4, 2.2)):
                        draw.add(pool.box(-4.3, -2.6, 4.3, 2.6), DETAIL, style.pavement, label=LAND, material=CONCRETE)
                        tone = jitter((0.30, 0.66, 0.74), rng, 0.08)
                        draw.add(pool.box(-3.4, -1.7, 3.4, 1.7), DETAIL, tone, label=WATER, material=WATER_SURFACE)
                        keep.append((pool.box(-4, -2.2, 4, 2.2), 0.6))
        trees_in(draw, parcel, 0.012 * style.tree_density, style, rng, size=(0.6, 3.6), keep_off=keep)


def villas(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near) -> None:
    """Large houses with pools in large gardens."""
    residential(draw, ring, style, rng, near, villa=True)


def dense(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near) -> None:
    """Touching town houses of unlike height, some courtyards."""
    draw.add(ring, GROUND, jitter(mix(style.pavement, style.soil, 0.4), rng, 0.05), label=LAND, material=CONCRETE)
    for parcel in parcels(shrunk(ring, 0.4), float(rng.uniform(7, 14)), float(rng.uniform(10, 17)), rng):
        frame, half_u, half_v = frame_of(parcel)
        if near(frame.x, frame.y) < half_u + 4.0 or rng.random() < 0.07:
            trees_in(draw, parcel, 0.012 * style.tree_density, style, rng)
            continue
        a, b = fit_box(parcel, frame, half_u, half_v * float(rng.uniform(0.75, 1.0)), 0.0)
        if min(a, b) > 1.5:
            storeys = float(rng.uniform(1.5, 5.0))
            house(draw, frame, a, b, style, rng, storeys=storeys, flatness=max(style.flatness, 0.5))


def informal(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near) -> None:
    """Small tin roofs that touch and overlap, footpaths between."""
    draw.add(ring, GROUND, jitter(style.soil, rng, 0.05), label=LAND, material=SOIL, phase=float(rng.random() * 9))
    side, gap = float(rng.uniform(4.5, 8.5)), float(rng.uniform(-0.25, 0.5))
    for plot in parcels(ring, side, side * float(rng.uniform(0.8, 1.5)), rng):
        frame, half_u, half_v = frame_of(plot)
        if rng.random() < 0.08 or near(frame.x, frame.y) < half_u + 3.0:
            trees_in(draw, plot, 0.02 * style.tree_density, style, rng, size=(0.7, 2.6))
            continue
        site = frame.moved(float(rng.normal(0, 0.25)), float(rng.normal(0, 0.25))).turned(float(rng.normal(0, 0.05)))
        a, b = half_u * float(rng.uniform(0.82, 1.0)) - gap, half_v * float(rng.uniform(0.8, 1.0)) - gap
        if min(a, b) < 1.0:
            continue
        kinds = ("tin", "tin", "tin", "concrete") if style.flatness < 0.5 else ("concrete", "tin")
        material, color = roof_color(kinds, rng)
        eave = float(rng.uniform(2.2, 3.4))
        if material == TIN and rng.random() < 0.7:
            roof = Pitched(eave, float(rng.uniform(0.06, 0.25)), TIN, color, float(rng.random()))
            gable(draw, site, (0.0, 0.0, a, b), roof)
        else:
            flat(draw, site, [(0.0, 0.0, a, b)], eave, material, color, rng)
    trees_in(draw, ring, 0.0006 * style.tree_density, style, rng)


def parking(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator) -> None:
    """A paved yard with rows of cars."""
    draw.add(ring, GROUND, jitter(style.asphalt, rng, 0.06), label=ROAD, material=ASPHALT)
    frame, half_u, half_v = frame_of(ring)
    walls = sides(ring)
    full = float(rng.uniform(0.1, 0.3 + 0.6 * style.traffic))
    for v in np.arange(-half_v + 4.0, half_v - 3.0, 12.0).tolist():
        for u in np.arange(-half_u + 3.0, half_u - 3.0, 2.7).tolist():
            bay = frame.box(u, v - 0.05, u + 0.1, v + 4.8)
            if depth(walls, frame.box(u, v - 0.5, u + 2.7, v + 5.2)).min() < 0.0:
                continue
            draw.add(bay, DETAIL, mix(style.asphalt, (0.95, 0.95, 0.92), 0.6))
            if rng.random() < full:
                car(draw, frame.moved(u + 1.4, v + 2.4).turned(math.pi / 2), rng)


def industrial(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near) -> None:
    """Halls, yards and car parks."""
    for parcel in parcels(shrunk(ring, 0.5), float(rng.uniform(35, 70)), float(rng.uniform(35, 60)), rng):
        frame, half_u, half_v = frame_of(parcel)
        if near(frame.x, frame.y) < half_u + 4.0 or rng.random() < 0.1:
            ground(draw, parcel, 0.5, style, rng)
            continue
        if rng.random() < 0.5:
            parking(draw, parcel, style, rng)
        else:
            tone = jitter(mix(style.pavement, style.soil, float(rng.random())), rng, 0.06)
            draw.add(parcel, GROUND, tone, label=LAND, material=CONCRETE if rng.random() < 0.6 else SOIL)
        share = rng.uniform(0.45, 0.85, 2)
        a, b = fit_box(parcel, frame, half_u * float(share[0]), half_v * float(share[1]), 2.0)
        if min(a, b) < 4:
            continue
        hall(draw, frame, a, b, style, rng)
        for _ in range(int(rng.poisson(4))):
            site = frame.moved(float(rng.uniform(-1, 1)) * half_u, float(rng.choice([-1, 1])) * (b + 2.2))
            box = site.box(-3.0, -1.2, 3.0, 1.2)
            if inside(parcel, box):
                tone = jitter((0.5, 0.35, 0.3), rng, 0.3)
                draw.add(box, WALL, tone, height=2.6, material=TIN, period=0.6, along=site.u)


def apartments(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near) -> None:
    """Slabs on lawns, with paths and car parks."""
    green = float(rng.uniform(0.7, 1.2))
    turn = float(rng.choice([0.0, math.pi / 2]))
    for parcel in parcels(shrunk(ring, 0.4), float(rng.uniform(32, 55)), float(rng.uniform(28, 45)), rng):
        frame, half_u, half_v = frame_of(parcel)
        if rng.random() < 0.22 and near(frame.x, frame.y) > half_u:
            parking(draw, parcel, style, rng)
            continue
        ground(draw, parcel, green, style, rng)
        keep: list[tuple[Ring, float]] = []
        if near(frame.x, frame.y) > half_u + 4.0:
            site = frame.turned(turn) if half_v > 14 else frame
            a, b = fit_box(parcel, site, max(half_u, half_v) * 0.8, float(rng.uniform(5.5, 8.0)), 3.0)
            if min(a, b) > 3:
                apron = site.box(-a - 2.5, -b - 2.5, a + 2.5, b + 2.5)
                draw.add(apron, DETAIL, style.pavement, label=ROAD, material=CONCRETE)
                house(draw, site, a, b, style, rng, storeys=float(rng.uniform(3, 6)), flatness=0.75)
                keep.append((site.box(-a, -b, a, b), 0.4))
        trees_in(draw, parcel, 0.006 * style.tree_density, style, rng, size=(1.5, 4.5), keep_off=keep)


def park(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near) -> None:
    """Lawns, groves, paths and ponds; or a wood."""
    wood = rng.random() < 0.4
    tone = mix(style.grass, style.trees[0], 0.5 if wood else 0.1)
    draw.add(ring, GROUND, tone, label=VEGETATION, material=GRASS, phase=float(rng.random() * 9))
    frame, half_u, half_v = frame_of(ring)
    keep: list[tuple[Ring, float]] = []
    if rng.random() < 0.6 and min(half_u, half_v) > 16 and near(frame.x, frame.y) > half_u:
        water = blob(*frame.at(float(rng.uniform(-0.4, 0.4)) * half_u, 0.0), float(rng.uniform(0.3, 0.7)) * half_v, rng)
        if inside(ring, water, 2.0):
            pond(draw, water, style, rng)
            keep.append((water, 0.5))
    for _ in range(int(rng.integers(1, 4))):
        ends = [ring[int(k)] for k in rng.choice(len(ring), 2, replace=False)]
        path = strip(ends[0], ends[1], float(rng.uniform(0.8, 1.8)))
        if not keep or not inside(keep[0][0], [middle(path)], -6.0):
            draw.add(path, DETAIL, mix(style.pavement, style.soil, 0.5), label=ROAD, material=CONCRETE)
            keep.append((path, 0.5))
    density = 0.035 if wood else float(rng.uniform(0.003, 0.012))
    trees_in(draw, ring, density * max(0.4, style.tree_density), style, rng, size=(1.5, 5.0), keep_off=keep)


def fields(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near) -> None:
    """Fields and greenhouses, hedgerows, a farm now and then."""
    for parcel in parcels(ring, float(rng.uniform(30, 90)), float(rng.uniform(30, 80)), rng):
        frame, half_u, _ = frame_of(parcel)
        draw.add(parcel, GROUND, jitter(style.dry_grass, rng, 0.06), label=VEGETATION, material=GRASS)
        inner = shrunk(parcel, float(rng.uniform(0.4, 2.0)))
        if inner:
            field(draw, inner, frame, style, rng)
        dry = near(frame.x, frame.y) > half_u + 5
        if dry and rng.random() < 0.15:
            ground(draw, parcel, 0.5, style, rng)
            for k in (-1.0, 1.0):
                site = frame.moved(k * 0.4 * half_u, 0.0).turned(float(rng.normal(0, 0.1)))
                a, b = fit_box(parcel, site, float(rng.uniform(5, 14)), float(rng.uniform(4, 7)), 1.0)
                if min(a, b) > 2.5:
                    house(draw, site, a, b, style, rng, flatness=0.1)
        for k in range(len(parcel)):
            if rng.random() < 0.3:
                hedgerow = strip(parcel[k], parcel[(k + 1) % len(parcel)], 2.5)
                trees_in(draw, hedgerow, 0.03 * style.tree_density, style, rng)


def bare(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near) -> None:
    """Open ground: soil with patches of grass, tracks, rubble, building sites."""
    draw.add(ring, GROUND, jitter(style.soil, rng, 0.05), label=LAND, material=SOIL, phase=float(rng.random() * 9))
    frame, half_u, half_v = frame_of(ring)
    for _ in range(int(rng.poisson(5))):
        x, y = frame.at(float(rng.uniform(-1, 1)) * half_u, float(rng.uniform(-1, 1)) * half_v)
        patch = blob(x, y, float(rng.uniform(2, 10)), rng, 28)
        if inside(ring, patch):
            green = rng.random() < 0.5 * (1.2 - style.aridity)
            tone = mix(style.dry_grass, style.grass, float(rng.random())) if green else jitter(style.soil, rng, 0.12)
            draw.add(patch, DETAIL, tone, label=VEGETATION if green else LAND, material=GRASS if green else SOIL)
    for _ in range(int(rng.poisson(1.2))):
        site = frame.moved(float(rng.uniform(-0.7, 0.7)) * half_u, float(rng.uniform(-0.7, 0.7)) * half_v)
        a, b = fit_box(ring, site, float(rng.uniform(3, 10)), float(rng.uniform(3, 8)), 1.0)
        if min(a, b) > 2 and near(site.x, site.y) > a + 4:
            house(draw, site, a, b, style, rng, flatness=0.6)
    trees_in(draw, ring, 0.002 * style.tree_density, style, rng, size=(0.6, 2.5))


def basins(draw: Drawing, ring: Ring, style: Style, rng: np.random.Generator, near: Near) -> None:
    """Fish ponds, salt pans or harbour basins with dykes or quays between."""
    quay = rng.random() < 0.3
    tone = style.pavement if quay else jitter(style.soil, rng, 0.06)
    draw.add(ring, GROUND, tone, label=LAND, material=CONCRETE if quay else SOIL, phase=float(rng.random() * 9))
    for parcel in parcels(ring, float(rng.uniform(22, 80)), float(rng.uniform(20, 60)), rng):
        inner = shrunk(parcel, float(rng.uniform(1.0, 3.0)))
        frame, half_u, half_v = frame_of(parcel)
        if inner and rng.random() < 0.85:
            if not quay and rng.random() < 0.5 * (1 - style.aridity):
                draw.add(shrunk(parcel, 0.3), DETAIL, style.grass, label=VEGETATION, material=GRASS)
            pond(draw, inner, style, rng, bank=1.0)
        elif min(half_u, half_v) > 8 and near(frame.x, frame.y) > half_u:
            a, b = fit_box(parcel, frame, half_u * 0.6, half_v * 0.5, 2.0)
            if min(a, b) > 3:
                hall(draw, frame, a, b, style, rng)
        if not quay:
            trees_in(draw, strip(parcel[0], parcel[1], 1.2), 0.03 * style.tree_density, style, rng, size=(0.6, 2.4))


#: Filling, area of a block (m²) and width of lanes (m) by district.
FILLINGS: dict[str, tuple[Callable[[Drawing, Ring, Style, np.random.Generator, Near], None], float, float]] = {
    "residential": (residential, 3600.0, 6.5),
    "villas": (villas, 6000.0, 7.5),
    "dense": (dense, 2200.0, 5.0),
    "informal": (informal, 900.0, 2.2),
    "industrial": (industrial, 9000.0, 9.0),
    "apartments": (apartments, 8000.0, 7.0),
    "park": (park, 14000.0, 3.0),
    "fields": (fields, 15000.0, 3.6),
    "bare": (bare, 12000.0, 4.0),
    "basins": (basins, 16000.0, 4.0),
}
