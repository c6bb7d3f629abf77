"""Procedural scenes as georeferenced rasters of any size and form, with their truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from rasterio.windows import Window

from idgbr.classes import CLASSES_TAG, NODATA_CLASS, ClassInfo, classes_to_json
from idgbr.scenes.scene import Scene, make_scene

CLASSES = (
    ClassInfo(0, "building", (214, 73, 51)),
    ClassInfo(1, "land", (222, 200, 160)),
    ClassInfo(2, "road", (120, 120, 128)),
    ClassInfo(3, "vegetation", (92, 158, 84)),
    ClassInfo(4, "water", (66, 133, 190)),
)
#: Metres in a degree of latitude.
_DEGREE_M = 111_320.0
_BLOCK = 512
#: Near infrared reflectance of each class, relative to its red and green.
_NIR = np.array([0.95, 1.15, 0.9, 2.1, 0.25], np.float32)
#: Value of the infinitely bright pixel by data type.
_FULL_SCALE = {"uint8": 255.0, "uint16": 10_000.0, "float32": 1.0}


@dataclass(frozen=True)
class RasterForm:
    """Form of a written scene.

    `bands` is 1 (grey), 3 (RGB) or 4 (RGB and near infrared); `collar` is the width (px) of a frame without data, whose
    pixels hold `nodata` and, with `alpha`, are transparent; `rotation` turns the grid (degrees, anticlockwise);
    `row0` and `col0` say which window of the seed's world is written.
    """

    crs: str = "EPSG:32633"
    origin: tuple[float, float] = (412_000.0, 5_330_000.0)
    rotation: float = 0.0
    dtype: str = "uint8"
    bands: int = 3
    alpha: bool = False
    nodata: float | None = None
    collar: int = 0
    row0: int = 0
    col0: int = 0


def grid_transform(form: RasterForm, gsd_m: float) -> Affine:
    """Affine map from pixels to the CRS, with about `gsd_m` to a pixel; in degrees where the CRS is geographic."""
    x, y = form.origin
    if CRS.from_user_input(form.crs).is_geographic:
        turned = Affine.rotation(form.rotation) @ Affine.scale(gsd_m, -gsd_m)
        degrees = Affine.scale(1.0 / (_DEGREE_M * np.cos(np.radians(y))), 1.0 / _DEGREE_M)
        return Affine.translation(x, y) @ degrees @ turned
    return Affine.translation(x, y) @ Affine.rotation(form.rotation) @ Affine.scale(gsd_m, -gsd_m)


def write_scene(
    path: Path, height: int, width: int, *, gsd_m: float, seed: int, form: RasterForm | None = None,
    truth_raster: Path | None = None, truth_vector: Path | None = None,
) -> Affine:  # fmt: skip
    """Write a scene as a tiled GeoTIFF, block by block in little memory, and return its transform.

    `truth_raster` gets the classes (uint8, nodata 255 in the collar); `truth_vector` (.gpkg) the exact polygons, with
    `class_id` and `class`. The polygons need the whole scene at once: meant for up to some 4000 × 4000 pixels.
    """
    form = form or RasterForm()
    transform = grid_transform(form, gsd_m)
    place = {
        "driver": "GTiff", "height": height, "width": width, "crs": form.crs, "transform": transform, "tiled": True,
        "blockxsize": _BLOCK, "blockysize": _BLOCK, "compress": "deflate", "BIGTIFF": "IF_SAFER",
    }  # fmt: skip
    bands = form.bands + form.alpha
    with ExitStack() as stack:
        image = stack.enter_context(
            rasterio.open(
                path, "w", **place, count=bands, dtype=form.dtype, nodata=form.nodata,
                predictor=3 if form.dtype == "float32" else 2, photometric="MINISBLACK" if form.bands == 1 else "RGB",
            )
        )  # fmt: skip
        image.colorinterp = _interpretation(form)
        truth = None
        if truth_raster is not None:
            profile = {**place, "count": 1, "dtype": "uint8", "nodata": NODATA_CLASS}
            truth = stack.enter_context(rasterio.open(truth_raster, "w", **profile))
            truth.write_colormap(1, {c.id: (*c.color, 255) for c in CLASSES})
            truth.update_tags(**{CLASSES_TAG: classes_to_json(CLASSES)})
        for window in _blocks(height, width):
            row, col = int(window.row_off), int(window.col_off)
            shape = int(window.height), int(window.width)
            scene = make_scene(*shape, gsd_m=gsd_m, seed=seed, row0=form.row0 + row, col0=form.col0 + col)
            valid = _valid(window, height, width, form.collar)
            image.write(_digital(scene, valid, form), window=window)
            if truth is not None:
                truth.write(np.where(valid, scene.classes, NODATA_CLASS).astype(np.uint8), 1, window=window)
    if truth_vector is not None:
        whole = make_scene(height, width, gsd_m=gsd_m, seed=seed, row0=form.row0, col0=form.col0)
        _write_polygons(truth_vector, whole, transform, form)
    return transform


def _interpretation(form: RasterForm) -> Sequence[ColorInterp]:
    colors = [ColorInterp.gray] if form.bands == 1 else [ColorInterp.red, ColorInterp.green, ColorInterp.blue]
    colors += [ColorInterp.undefined] * (form.bands - len(colors))
    return [*colors, ColorInterp.alpha] if form.alpha else colors


def _blocks(height: int, width: int) -> Iterator[Window]:
    for row in range(0, height, _BLOCK):
        for col in range(0, width, _BLOCK):
            yield Window(col, row, min(_BLOCK, width - col), min(_BLOCK, height - row))


def _valid(window: Window, height: int, width: int, collar: int) -> NDArray[np.bool_]:
    rows = np.arange(int(window.row_off), int(window.row_off + window.height))
    cols = np.arange(int(window.col_off), int(window.col_off + window.width))
    inner_rows = (rows >= collar) & (rows < height - collar)
    inner_cols = (cols >= collar) & (cols < width - collar)
    return np.asarray(inner_rows[:, None] & inner_cols[None, :])


def _digital(scene: Scene, valid: NDArray[np.bool_], form: RasterForm) -> NDArray[np.generic]:
    """The window's bands in the wanted data type."""
    color = scene.image.astype(np.float32) / 255.0
    if form.bands == 1:
        color = color.mean(axis=0, keepdims=True)
    elif form.bands == 4:
        infrared = np.clip((color[0] + color[1]) / 2 * _NIR[scene.classes], 0, 1)
        color = np.concatenate([color, infrared[None]])
    full = _FULL_SCALE[form.dtype]
    values = (color * full + (0.5 if form.dtype != "float32" else 0.0)).astype(form.dtype)
    if form.nodata is not None:
        # A value that means "no data" must not occur where there is data.
        values[values == form.nodata] = values.dtype.type(form.nodata + (1 if form.nodata < full else -1))
    values[:, ~valid] = 0 if form.nodata is None else form.nodata
    if form.alpha:
        values = np.concatenate([values, np.where(valid, full, 0).astype(form.dtype)[None]])
    return np.asarray(values)


def _write_polygons(path: Path, scene: Scene, transform: Affine, form: RasterForm) -> None:
    height, width = scene.classes.shape
    inner = shapely.box(form.collar, form.collar, width - form.collar, height - form.collar)
    labels, shapes = [], []
    for label, polygon in scene.polygons:
        for part in shapely.get_parts(shapely.intersection(polygon, inner)):
            if part.geom_type == "Polygon":
                labels.append(label)
                shapes.append(part)
    a, b, c, d, e, f = tuple(transform)[:6]
    placed = shapely.transform(
        np.array(shapes), lambda p: np.column_stack([a * p[:, 0] + b * p[:, 1] + c, d * p[:, 0] + e * p[:, 1] + f])
    )
    pyogrio.raw.write(
        path, shapely.to_wkb(placed), [np.array(labels, np.int32), np.array([CLASSES[k].name for k in labels], object)],
        ["class_id", "class"], geometry_type="Polygon", crs=form.crs, driver="GPKG", layer="truth",
    )  # fmt: skip
