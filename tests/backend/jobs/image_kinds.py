"""One image, and a map of it, as files of kinds that are read through a virtual raster, a warp or an archive."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.rpc import RPC

from tests.backend.jobs.stand_ins import TRANSFORM, write_raster

#: From pixels to degrees, for RPCs: about as large as half a metre.
DEGREES = Affine(6e-6, 0, 15.0, 0, -4.5e-6, 48.0)


def _write(path: Path, bands: np.ndarray, change: Callable[[Any], None], **profile: Any) -> str:
    form = {"driver": "GTiff", "height": bands.shape[1], "width": bands.shape[2], "count": len(bands)}
    with warnings.catch_warnings(), rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", dtype=bands.dtype, **form, **profile) as out:
            out.write(bands)
            change(out)
    return str(path)


def _placed(**profile: Any) -> dict[str, Any]:
    return {"crs": "EPSG:32633", "transform": TRANSFORM, **profile}


def _with_mask(out: Any) -> None:
    mask = np.ones((out.height, out.width), bool)
    mask[200:260, 100:180] = False
    out.write_mask(mask)


def _with_points(out: Any) -> None:
    corners = [(row, col) for row in (0, out.height) for col in (0, out.width)]
    points = [GroundControlPoint(row, col, *(TRANSFORM @ (col, row)), 0) for row, col in corners]
    out.gcps = points, rasterio.crs.CRS.from_epsg(32633)


def _with_rpcs(out: Any) -> None:
    lon, lat = DEGREES @ (out.width / 2, out.height / 2)
    one = [1.0] + [0.0] * 19
    out.rpcs = RPC(
        err_bias=0, err_rand=0, height_off=0, height_scale=500, lat_off=lat, lat_scale=out.height / 2 * -DEGREES.e,
        line_off=out.height / 2 - 0.5, line_scale=out.height / 2, long_off=lon, long_scale=out.width / 2 * DEGREES.a,
        samp_off=out.width / 2 - 0.5, samp_scale=out.width / 2, line_den_coeff=one, samp_den_coeff=one,
        line_num_coeff=[0.0, 0.0, -1.0] + [0.0] * 17, samp_num_coeff=[0.0, 1.0] + [0.0] * 18,
    )  # fmt: skip


def _nothing(out: Any) -> None:
    pass


def write_image(folder: Path, kind: str, bands: np.ndarray) -> str:
    """An image (3, H, W) of uint8: `palette` (its first band as grey), `mask`, `gcps`, `rpcs` or `archive`."""
    path = folder / f"{kind}.tif"
    if kind == "palette":
        grey = {value: (value, value, value) for value in range(256)}
        return _write(path, bands[:1], lambda out: out.write_colormap(1, grey), **_placed(photometric="PALETTE"))
    if kind == "mask":
        return _write(path, bands, _with_mask, **_placed())
    if kind == "gcps":
        return _write(path, bands, _with_points)
    if kind == "rpcs":
        return _write(path, bands, _with_rpcs)
    write_raster(folder / "image.tif", bands)
    (folder / "readme.txt").write_text("Flown in spring.")
    with zipfile.ZipFile(folder / "image.zip", "w") as archive:
        archive.write(folder / "image.tif", "data/image.tif")
        archive.write(folder / "readme.txt", "readme.txt")
    return str(folder / "image.zip")


def write_map(folder: Path, kind: str, codes: np.ndarray) -> str:
    """A class raster (H, W) of uint8: `scaled`, `gcps`, `alpha`, or with 64-bit codes, `wide`."""
    path = folder / f"map_{kind}.tif"
    if kind == "gcps":
        return _write(path, codes[None], _with_points)
    if kind == "wide":
        return _write(path, codes[None].astype(np.int64) + 2**60, _nothing, **_placed())
    if kind == "alpha":
        known = np.full_like(codes, 255)
        known[200:260, 100:180] = 0
        meanings = ColorInterp.gray, ColorInterp.alpha
        return _write(path, np.stack([codes, known]), lambda out: setattr(out, "colorinterp", meanings), **_placed())

    def scale(out: Any) -> None:
        out.scales, out.offsets = [10], [5]

    return _write(path, codes[None], scale, **_placed())
