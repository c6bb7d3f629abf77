"""Holds results of jobs against the account of what they were made from."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.errors import NotGeoreferencedWarning
from rasterio.features import rasterize

from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.run import run_job
from tests.backend.matrix.kinds import Kind
from tests.backend.matrix.places import HEIGHT, WARPED, WIDTH, Frame, square_metres
from tests.backend.matrix.rasters import THIRDS, Account

Mask = NDArray[np.bool_]
#: Share of the pixels that may differ where a raster was warped, or boundaries were moved.
SLACK = 0.04
#: Further than this from a boundary, px, nothing may change.
FAR = np.abs(np.arange(WIDTH)[:, None] - np.array([WIDTH // 3, 2 * WIDTH // 3]) + 0.5).min(1) > 5


def run(job: str, kind: Kind, **parameters: Any) -> dict[str, Any] | None:
    """Run a job; None if it refuses a raster that is placed by control points or RPCs, and names them."""
    try:
        return run_job(job, parameters, Monitor())
    except InputError as error:
        said = str(error).lower()
        words = {"gcps": ("control point", "gcp"), "rpcs": ("rpc", "rational")}.get(kind["place"], ())
        if "\n" not in said and any(word in said for word in words):
            return None
        raise


def slack_of(kind: Kind) -> float:
    """Share of the pixels that may differ."""
    return SLACK if kind["place"] in WARPED else 0.0


def same_crs(found: str | None, frame: Frame) -> bool:
    """Whether a result has the CRS of its input; any CRS will do for those that formats word in ways of their own."""
    if frame.crs is None:
        return True
    return found is not None and (not frame.crs.startswith("EPSG") or CRS(found) == CRS(frame.crs))


def drawn(layer: Path, affine: Affine) -> tuple[NDArray[np.int64], Mask, dict[str, NDArray[Any]]]:
    """Polygons of a layer on a grid: class ids, where there is a polygon, and the fields."""
    meta, _, shapes, fields = pyogrio.raw.read(layer, layer=layer.stem)
    columns = dict(zip(meta["fields"], fields, strict=True))
    polygons = shapely.from_wkb(shapes)
    assert shapely.is_valid(polygons).all()
    numbers = np.zeros((HEIGHT, WIDTH), np.int32)
    if len(polygons):
        rasterize(zip(polygons, range(1, len(polygons) + 1), strict=True), transform=affine, out=numbers)
    ids = np.concatenate([[0], columns["class_id"].astype(np.int64)])[numbers]
    return ids, numbers > 0, columns


def check_polygons(layer: Path, account: Account, kind: Kind, classes: Sequence[int] | None = None) -> None:
    """Polygons of the classes cover what is known, in its place, with its areas on the ground."""
    ids, covered, fields = drawn(layer, account.affine)
    wanted = account.valid if classes is None else account.valid & np.isin(account.codes, classes)
    slack = slack_of(kind)
    assert (covered != wanted).mean() <= slack, (
        f"{(covered != wanted).sum()} pixels are covered that should not, or not"
    )
    assert (ids != account.codes)[wanted & covered].mean() <= slack, "classes are others"
    assert same_crs(pyogrio.read_info(layer, layer=layer.stem)["crs"], account.frame)
    area = square_metres(account.frame, account.affine) * wanted.sum()
    assert fields["area_m2"].sum() == pytest.approx(area, rel=slack or 0.005), "areas are others"


def read_result(path: Path, account: Account, kind: Kind) -> tuple[NDArray[np.generic], Mask]:
    """Pixels and validity of a result on the grid of the account; it must lie there itself, unless it was warped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path) as file:
            pixels, known = file.read(1), file.dataset_mask() > 0
            transform, crs = file.transform, file.crs
    if pixels.dtype.kind == "f":
        known &= np.isfinite(pixels)
    assert same_crs(crs.to_wkt() if crs else None, account.frame)
    if transform.is_identity:
        transform = Affine(1, 0, 0, 0, -1, 0)  # as QGIS shows it
    if kind["place"] not in WARPED:
        assert pixels.shape == (HEIGHT, WIDTH)
        assert np.allclose(transform, account.affine, rtol=1e-9, atol=1e-9), "the result lies elsewhere"
        return pixels, known
    rows, cols = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    x, y = ~transform @ (account.affine @ (cols, rows))
    inside = (x >= 0) & (y >= 0) & (x < pixels.shape[1]) & (y < pixels.shape[0])
    place = np.clip(y, 0, pixels.shape[0] - 1).astype(int), np.clip(x, 0, pixels.shape[1] - 1).astype(int)
    return pixels[place], known[place] & inside


def check_known(known: Mask, wanted: Mask, kind: Kind) -> None:
    """Known pixels are those that should be."""
    differ = known != wanted
    assert differ.mean() <= slack_of(kind), f"{differ.sum()} pixels are known that should not, or not"


def check_values(values: NDArray[np.generic], wanted: NDArray[np.generic], where: Mask, slack: float) -> None:
    """Values are those that should be."""
    differ = (values != wanted) & where
    assert differ.sum() <= slack * max(where.sum(), 1), f"{differ.sum()} of {where.sum()} pixels have another class"


def reference(folder: Path, account: Account, *, codes: bool = True, bands: bool = False) -> str:
    """The same scene as a plain raster: its classes, unknown where the account says so; or an image, all known."""
    path = folder / "reference.tif"
    values = account.codes if codes else THIRDS
    small = values.min() >= 0 and values.max() < 254
    dtype = np.uint8 if bands or small else np.int64 if values.max() > 2**31 else np.int32
    form: dict[str, Any] = {
        "driver": "GTiff",
        "height": HEIGHT,
        "width": WIDTH,
        "dtype": dtype,
        "count": 3 if bands else 1,
    }
    if account.affine != Affine(1, 0, 0, 0, -1, 0):
        form |= {"crs": account.frame.crs, "transform": account.affine}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        if bands:
            with rasterio.open(path, "w", **form) as out:
                out.write(np.repeat((40 + 80 * THIRDS)[None], 3, 0).astype(np.uint8))
            return str(path)
        nodata = 254 if small else -77
        with rasterio.open(path, "w", nodata=nodata, **form) as out:
            out.write(np.where(account.valid, values, nodata).astype(dtype), 1)
    return str(path)
