"""Writes procedural scenes as rasters of any type and grid, with their truth, block by block."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import shapely
import shapely.affinity
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from rasterio.transform import Affine
from rasterio.windows import Window

from idgbr.scenes.scene import Scene, make_scene

_BLOCK = 512
#: Near-infrared reflectance of building, land, road, vegetation, water, for the optional fourth band.
_NEAR_INFRARED = np.array([0.35, 0.42, 0.25, 0.75, 0.05], np.float32)


def scene_transform(gsd_m: float, crs: CRS, *, rotation_deg: float = 0.0) -> Affine:
    """A north-up (or rotated) geotransform for square ground pixels near 15° E, 45° N (projected: 500 000, 5 000 000)."""
    if crs.is_geographic:
        step_y = gsd_m / 111_132.0
        step_x = gsd_m / (111_320.0 * math.cos(math.radians(45.0)))
        origin, scale = Affine.translation(15.0, 45.0), Affine.scale(step_x, -step_y)
    else:
        origin, scale = Affine.translation(500_000.0, 5_000_000.0), Affine.scale(gsd_m, -gsd_m)
    return origin @ Affine.rotation(rotation_deg) @ scale


def write_scene(
    path: Path,
    height: int,
    width: int,
    *,
    gsd_m: float,
    seed: int,
    crs: str = "EPSG:32633",
    rotation_deg: float = 0.0,
    dtype: str = "uint8",
    near_infrared: bool = False,
    alpha: bool = False,
    nodata_collar: int = 0,
    truth: Path | None = None,
    buildings: Path | None = None,
) -> None:
    """Write a scene as tiled GeoTIFF; peak memory does not grow with its size.

    `dtype` uint8, uint16 (0…10 000, nodata 0) or float32 (0…1, nodata NaN); `nodata_collar` px around the scene are
    nodata (transparent with `alpha`). `truth` gets the class raster, `buildings` a vector file with exact outlines.
    """
    reference = CRS.from_user_input(crs)
    transform = scene_transform(gsd_m, reference, rotation_deg=rotation_deg)
    bands = 3 + near_infrared + alpha
    nodata = None if alpha else {"uint8": 0, "uint16": 0, "float32": float("nan")}[dtype]
    profile = {
        "driver": "GTiff", "height": height, "width": width, "crs": reference, "transform": transform, "tiled": True,
        "blockxsize": _BLOCK, "blockysize": _BLOCK, "compress": "DEFLATE", "BIGTIFF": "IF_SAFER",
    }  # fmt: skip
    # 0 is a colour of 8-bit scenes too: only a collar makes it nodata.
    declared = nodata if nodata_collar else None
    outlines: list[shapely.Polygon] = []
    with rasterio.open(path, "w", **profile, count=bands, dtype=dtype, nodata=declared) as image:
        labels = rasterio.open(truth, "w", **profile, count=1, dtype="uint8", nodata=255) if truth else None
        if alpha:
            image.colorinterp = [*image.colorinterp[: bands - 1], ColorInterp.alpha]
        for row in range(0, height, _BLOCK):
            for col in range(0, width, _BLOCK):
                size = min(_BLOCK, height - row), min(_BLOCK, width - col)
                scene = make_scene(*size, gsd_m=gsd_m, seed=seed, row0=row, col0=col)
                inside = _inside(row, col, size, (height, width), nodata_collar)
                window = Window(col, row, size[1], size[0])
                image.write(_bands(scene, dtype, near_infrared, alpha, inside), window=window)
                if labels is not None:
                    labels.write(np.where(inside, scene.classes, 255).astype(np.uint8), 1, window=window)
                # Each outline is kept by the block that holds its first corner.
                outlines += [
                    shapely.transform(p, lambda xy, r=row, c=col: xy + [c, r])
                    for _, p in scene.polygons
                    if 0 <= p.exterior.coords[0][0] < size[1] and 0 <= p.exterior.coords[0][1] < size[0]
                ]
        if labels is not None:
            labels.close()
    if buildings is not None:
        _write_outlines(buildings, outlines, transform, reference)


def _inside(
    row: int, col: int, size: tuple[int, int], total: tuple[int, int], collar: int
) -> NDArray[np.bool_]:
    rows, cols = np.arange(row, row + size[0]), np.arange(col, col + size[1])
    inner_row = (rows >= collar) & (rows < total[0] - collar)
    inner_col = (cols >= collar) & (cols < total[1] - collar)
    return inner_row[:, None] & inner_col[None, :]


def _bands(
    scene: Scene, dtype: str, near_infrared: bool, alpha: bool, inside: NDArray[np.bool_]
) -> NDArray[np.generic]:
    bands = [*scene.image]
    if near_infrared:
        tone = scene.image.mean(0) / 255
        bands.append((np.clip(_NEAR_INFRARED[scene.classes] * (0.6 + 0.8 * tone), 0, 1) * 255).astype(np.uint8))
    data = np.stack(bands)
    if dtype == "uint8":
        out: NDArray[np.generic] = np.where(inside, np.maximum(data, 1), 0).astype(np.uint8)
        opaque = np.uint8(255)
    elif dtype == "uint16":
        out = np.where(inside, 400 + data.astype(np.uint16) * 30, 0).astype(np.uint16)
        opaque = np.uint16(65535)
    else:
        out = np.where(inside, data.astype(np.float32) / 255, np.float32(np.nan))
        opaque = np.float32(1)
    if alpha:
        out = np.concatenate([out, np.where(inside, opaque, opaque.dtype.type(0))[None]])
    return out


def _write_outlines(path: Path, outlines: Sequence[shapely.Polygon], transform: Affine, crs: CRS) -> None:
    linear = [transform.a, transform.b, transform.d, transform.e, transform.c, transform.f]
    placed = [shapely.affinity.affine_transform(p, linear) for p in outlines]
    pyogrio.raw.write(
        path, shapely.to_wkb(placed), [np.arange(len(placed), dtype=np.int32)], ["id"], geometry_type="Polygon",
        crs=crs.to_wkt(),
    )  # fmt: skip
