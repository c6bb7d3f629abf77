"""Compiled loops of the scene renderer: filling polygons, casting shadows, shading surfaces.

All positions are absolute (metres from the world origin, y down), so that neighbouring windows agree.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from idgbr.arrays import Bytes, Floats, Ints, Ints32

Heights = NDArray[np.float32]

# Columns of the attribute table, one row an object (see drawing.py).
RED, GREEN, BLUE, MATERIAL, HEIGHT, SLOPE_X, SLOPE_Y = range(7)
CENTRE_X, CENTRE_Y, RADIUS, ALONG_X, ALONG_Y, PERIOD, PHASE = range(7, 14)
COLUMNS = 14
# Materials.
PLAIN, ASPHALT, GRASS, SOIL, CROP, WATER, TILE, TIN, CONCRETE, CANOPY = range(10)
#: Class of an object that leaves the class beneath it as it is (cars, boats, markings).
INHERIT = 255


@njit(cache=True, nogil=True)
def crossings(points: Floats, start: int, end: int, y: float, out: Floats) -> int:
    """Write the sorted x at which the polygon's edges cross the line y into `out`; return how many."""
    count = 0
    x0, y0 = points[end - 1, 0], points[end - 1, 1]
    for k in range(start, end):
        x1, y1 = points[k, 0], points[k, 1]
        if (y0 <= y) != (y1 <= y) and count < out.size:
            x = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
            place = count
            while place > 0 and out[place - 1] > x:
                out[place] = out[place - 1]
                place -= 1
            out[place] = x
            count += 1
        x0, y0 = x1, y1
    return count


@njit(cache=True, nogil=True)
def fill_classes(points: Floats, offsets: Ints, classes: Bytes, row0: int, col0: int, step: float, out: Bytes) -> None:
    """Paint the class of each object, in order, on the pixels whose centre it covers."""
    height, width = out.shape
    xs = np.empty(4096)
    for item in range(classes.size):
        if classes[item] == INHERIT:
            continue
        start, end = offsets[item], offsets[item + 1]
        low, high = points[start:end, 1].min(), points[start:end, 1].max()
        first = max(0, int(np.floor(low / step - 0.5)) - row0)
        last = min(height, int(np.ceil(high / step + 0.5)) - row0 + 1)
        for row in range(first, last):
            count = crossings(points, start, end, (row0 + row + 0.5) * step, xs)
            for pair in range(0, count - 1, 2):
                left = max(0, int(np.ceil(xs[pair] / step - 0.5)) - col0)
                right = min(width, int(np.ceil(xs[pair + 1] / step - 0.5)) - col0)
                for col in range(left, right):
                    out[row, col] = classes[item]


@njit(cache=True, nogil=True)
def fill_surfaces(
    points: Floats, offsets: Ints, table: Floats, stacked: Bytes, row0: int, col0: int, step: float, top: Ints32,
    high: Heights,
) -> None:  # fmt: skip
    """Paint index and height of each object on finer pixels; where `stacked`, only over what is lower (roof faces)."""
    height, width = top.shape
    xs = np.empty(4096)
    for item in range(stacked.size):
        start, end = offsets[item], offsets[item + 1]
        low, upper = points[start:end, 1].min(), points[start:end, 1].max()
        first = max(0, int(np.floor(low / step - 0.5)) - row0)
        last = min(height, int(np.ceil(upper / step + 0.5)) - row0 + 1)
        row_of = table[item]
        radius = row_of[RADIUS]
        for row in range(first, last):
            y = (row0 + row + 0.5) * step
            count = crossings(points, start, end, y, xs)
            for pair in range(0, count - 1, 2):
                left = max(0, int(np.ceil(xs[pair] / step - 0.5)) - col0)
                right = min(width, int(np.ceil(xs[pair + 1] / step - 0.5)) - col0)
                for col in range(left, right):
                    dx = (col0 + col + 0.5) * step - row_of[CENTRE_X]
                    dy = y - row_of[CENTRE_Y]
                    if radius > 0.0:
                        rho = (dx * dx + dy * dy) / (radius * radius)
                        z = row_of[HEIGHT] * (0.45 + 0.55 * np.sqrt(max(0.0, 1.0 - rho)))
                        z = max(z, high[row, col] + 0.3)
                    else:
                        z = row_of[HEIGHT] + row_of[SLOPE_X] * dx + row_of[SLOPE_Y] * dy
                        if stacked[item] and z < high[row, col]:
                            continue
                    high[row, col] = z
                    top[row, col] = item


@njit(cache=True, nogil=True)
def cast_shadows(high: Heights, row0: int, col0: int, step: float, sun_x: float, sun_y: float, tangent: float) -> Bytes:
    """Compute which pixels are in shadow.

    Along each line away from the sun, the height of the shadow falls with the distance from the object.
    """
    height, width = high.shape
    dark = np.zeros((height, width), np.uint8)
    by_rows = abs(sun_y) >= abs(sun_x)
    major, minor = (sun_y, sun_x) if by_rows else (sun_x, sun_y)
    slope = minor / major
    drop = step * np.sqrt(1.0 + slope * slope) * tangent
    lines = height if by_rows else width
    across = width if by_rows else height
    line0 = row0 if by_rows else col0
    across0 = col0 if by_rows else row0
    a, b = slope * line0, slope * (line0 + lines)
    base = across0 - int(np.ceil(max(a, b))) - 2
    carry = np.zeros(across + int(abs(b - a)) + 6)
    for k in range(lines):
        line = k if major < 0.0 else lines - 1 - k
        shift = int(np.floor(slope * (line0 + line) + 0.5))
        for c in range(across):
            index = across0 + c - shift - base
            shadow = carry[index] - drop
            z = high[line, c] if by_rows else high[c, line]
            if shadow > z + 0.12:
                carry[index] = shadow
                if by_rows:
                    dark[line, c] = 1
                else:
                    dark[c, line] = 1
            else:
                carry[index] = z
    return dark


@njit(cache=True, nogil=True)
def hashed(x: int, y: int, salt: int) -> float:
    """Hash integers to a number in [0, 1)."""
    h = (x * 0x27D4EB2D) ^ (y * 0x165667B1) ^ (salt * 0x1B873593)
    h &= 0xFFFFFFFF
    h = ((h ^ (h >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
    h = ((h ^ (h >> 12)) * 0x297A2D39) & 0xFFFFFFFF
    h ^= h >> 15
    return h / 4294967296.0


@njit(cache=True, nogil=True)
def value_noise(x: float, y: float, salt: int) -> float:
    """Smooth noise of wavelength 1 in [-1, 1]."""
    fx, fy = np.floor(x), np.floor(y)
    ix, iy = int(fx), int(fy)
    u, v = x - fx, y - fy
    u = u * u * (3.0 - 2.0 * u)
    v = v * v * (3.0 - 2.0 * v)
    a = hashed(ix, iy, salt) * (1.0 - u) + hashed(ix + 1, iy, salt) * u
    b = hashed(ix, iy + 1, salt) * (1.0 - u) + hashed(ix + 1, iy + 1, salt) * u
    return float((a * (1.0 - v) + b * v) * 2.0 - 1.0)


@njit(cache=True, nogil=True)
def texture(row: Any, x: float, y: float, step: float, salt: int) -> tuple[float, float, float]:  # noqa: PLR0911
    """Return brightness factor, hue shift (towards warm) and patchiness of a surface at a point."""
    material = int(row[MATERIAL])
    phase = row[PHASE]
    if material == PLAIN:
        return 1.0, 0.0, 0.0
    along = x * row[ALONG_X] + y * row[ALONG_Y]
    across = y * row[ALONG_X] - x * row[ALONG_Y]
    fine = value_noise(x / 0.45, y / 0.45, salt) if step < 0.3 else 0.0
    if material == ASPHALT:
        broad = value_noise(x / 7.0, y / 7.0, salt + 1)
        wear = value_noise(along / 9.0, across / 1.1, salt + 2)
        return 1.0 + 0.05 * fine + 0.06 * broad + 0.06 * wear, 0.02 * broad, 0.0
    if material in (GRASS, SOIL):
        broad = value_noise(x / 11.0 + phase, y / 11.0, salt + 3)
        middle = value_noise(x / 2.3, y / 2.3 + phase, salt + 4)
        if material == SOIL:
            track = abs(value_noise(x / 26.0, y / 26.0 + phase, salt + 16))
            pale = 0.09 if track < 0.06 else 0.0
            return 1.0 + pale + 0.05 * fine + 0.06 * middle + 0.08 * broad, 0.025 * broad, 0.3 * middle
        worn = max(0.0, value_noise(x / 5.0 + phase, y / 5.0, salt + 17) - 0.35)
        bright = 1.0 + 0.09 * fine + 0.08 * middle + 0.07 * broad + 0.25 * worn
        return bright, 0.05 * broad + 0.15 * worn, 0.5 * broad + 0.5 * middle
    if material == CROP:
        broad = value_noise(x / 25.0 + phase, y / 25.0, salt + 5)
        rows = np.sin(2.0 * np.pi * (across / row[PERIOD] + 0.25 * value_noise(along / 12.0, across / 3.0, salt + 6)))
        fade = min(1.0, row[PERIOD] / (2.5 * step) - 0.4) if row[PERIOD] > step else 0.0
        fade = max(0.0, fade)
        return 1.0 + 0.16 * fade * rows + 0.10 * broad + 0.06 * fine, 0.05 * broad, 0.4 * rows * fade + 0.5 * broad
    if material == WATER:
        wave = value_noise(along / 1.8, across / 0.7, salt + 7)
        broad = value_noise(x / 30.0, y / 30.0, salt + 8)
        return 1.0 + 0.035 * wave + 0.06 * broad, 0.02 * broad, 0.0
    if material == TILE:
        course = np.sin(2.0 * np.pi * across / row[PERIOD]) if step < 0.4 * row[PERIOD] else 0.0
        patch = value_noise(along / 1.7 + phase, across / 1.1, salt + 9)
        return 1.0 + 0.07 * course + 0.07 * patch + 0.06 * fine, 0.05 * patch, 0.0
    if material == TIN:
        rib = np.sin(2.0 * np.pi * along / row[PERIOD]) if step < 0.4 * row[PERIOD] else 0.0
        sheet = hashed(int(np.floor(along / 0.9 + phase * 50.0)), int(np.floor(across / 2.6)), salt + 10) - 0.5
        rust = max(0.0, value_noise(x / 1.6 + phase, y / 1.6, salt + 11) - 0.25)
        return 1.0 + 0.08 * rib + 0.10 * sheet - 0.25 * rust, 0.35 * rust, 0.0
    if material == CONCRETE:
        stain = value_noise(x / 2.8 + phase, y / 2.8, salt + 12)
        broad = value_noise(x / 9.0, y / 9.0 + phase, salt + 13)
        return 1.0 + 0.08 * stain + 0.06 * broad + 0.04 * fine, 0.03 * stain, 0.0
    clump = value_noise(x / 0.9 + phase, y / 0.9, salt + 14)
    leaf = value_noise(x / 0.35, y / 0.35 + phase, salt + 15) if step < 0.25 else 0.0
    return 1.0 + 0.30 * clump + 0.26 * leaf, 0.05 * clump, 0.0


@njit(cache=True, nogil=True)
def shade(
    table: Floats, top: Ints32, dark: Bytes, row0: int, col0: int, step: float, factor: int, sun: Floats,
    ambient: Floats, salt: int,
) -> Heights:  # fmt: skip
    """Light every finer pixel and average `factor` × `factor` of them into one pixel, (H, W, 3)."""
    height, width = top.shape[0] // factor, top.shape[1] // factor
    out = np.zeros((height, width, 3), np.float32)
    share = 1.0 / (factor * factor)
    for r in range(height * factor):
        y = (row0 + r + 0.5) * step
        for c in range(width * factor):
            row = table[top[r, c]]
            x = (col0 + c + 0.5) * step
            bright, warm, patch = texture(row, x, y, step, salt)
            light = 0.0
            if dark[r, c] == 0:
                nx, ny, nz = -row[SLOPE_X], -row[SLOPE_Y], 1.0
                if row[RADIUS] > 0.0:
                    nx, ny = (x - row[CENTRE_X]) / row[RADIUS], (y - row[CENTRE_Y]) / row[RADIUS]
                    nz = 0.35 + np.sqrt(max(0.05, 1.0 - nx * nx - ny * ny))
                norm = np.sqrt(nx * nx + ny * ny + nz * nz)
                light = max(0.0, (nx * sun[0] + ny * sun[1] + nz * sun[2]) / (norm * sun[2]))
            pixel = out[r // factor, c // factor]
            bright *= share
            pixel[0] += row[RED] * bright * (1.0 + warm + 0.10 * patch) * (ambient[0] + (1.0 - ambient[0]) * light)
            pixel[1] += row[GREEN] * bright * (1.0 - 0.3 * warm) * (ambient[1] + (1.0 - ambient[1]) * light)
            pixel[2] += row[BLUE] * bright * (1.0 - warm - 0.06 * patch) * (ambient[2] + (1.0 - ambient[2]) * light)
    return out


@njit(cache=True, nogil=True)
def sensor_noise(height: int, width: int, row0: int, col0: int, salt: int) -> Heights:
    """Draw nearly normal noise of unit variance, (H, W, 3): a hash of the absolute pixel."""
    out = np.empty((height, width, 3), np.float32)
    for r in range(height):
        for c in range(width):
            for band in range(3):
                total = hashed(row0 + r, col0 + c, salt + 3 * band) + hashed(row0 + r, col0 + c, salt + 3 * band + 1)
                total += hashed(row0 + r, col0 + c, salt + 3 * band + 2)
                out[r, c, band] = (total - 1.5) * 2.0
    return out
