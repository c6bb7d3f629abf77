"""Files of the matrix: class rasters and images of every kind, of one scene whose right account is known.

The scene: three classes in upright thirds, and a corner at the bottom right that is unknown if the file can say so.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning

from tests.backend.matrix.kinds import Kind
from tests.backend.matrix.places import FRAMES, HEIGHT, WIDTH, Frame, affine_of, control_points, rational_model

FLOATS = ("float32", "float64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
WIDE = 410_370_000_000_012_345
CODES = {
    "small": (0, 1, 2), "top": (253, 254, 255), "corine": (112, 311, 523), "negative": (-7, 1, 2),
    "wide": (WIDE, WIDE + 1, WIDE + 2),
}  # fmt: skip
#: Of the pixels of an image, by class: red, green and blue; a class of the model, then one that is none.
COLOURS = {"red": (200, 90, 0), "blue": (30, 100, 180)}
MASKS = ("none", "internal", "sidecar", "alpha")

THIRDS = np.repeat(np.arange(WIDTH) // (WIDTH // 3), HEIGHT).reshape(WIDTH, HEIGHT).T
CORNER = np.zeros((HEIGHT, WIDTH), bool)
CORNER[28:, 25:] = True


@dataclass(frozen=True)
class Account:
    """What is right: where the file lies, which pixels are known, and what they show (0, 1, 2, from left to right)."""

    path: str
    frame: Frame
    affine: Affine
    valid: NDArray[np.bool_]
    values: tuple[int, ...]

    @property
    def codes(self) -> NDArray[np.int64]:
        """The class code of each pixel, known or not."""
        return np.array(self.values, np.int64)[THIRDS]


def nodata_of(kind: Kind) -> float | int | None:
    """The nodata value that the file gets."""
    dtype = np.dtype(kind["dtype"])
    if kind["nodata"] == "zero":
        return 0
    if kind["nodata"] == "nan":
        return float("nan")
    if kind["nodata"] == "inside":
        if dtype == np.uint8:
            return 99
        if dtype.kind == "f":
            return float(np.finfo(np.float32).min) if dtype == np.float32 else -9999.0
        if dtype == np.uint64:
            return 1 << 63  # rasterio takes such values as floats
        limits = np.iinfo(dtype)
        return int(limits.min if dtype.kind == "i" else limits.max)
    return None


def write_class_raster(folder: Path, kind: Kind) -> Account:
    """A class raster: `kind` has dtype, codes, nodata, mask, storage, crs and place."""
    dtype, values = np.dtype(kind["dtype"]), CODES[kind["codes"]]
    data = np.array(values, np.int64)[THIRDS].astype(dtype)
    return _written(folder, kind, data[None], values)


def write_image(folder: Path, kind: Kind) -> Account:
    """An image, red in the outer thirds and blue in the middle: `kind` has a layout instead of codes."""
    layout, dtype = kind["layout"], np.dtype(kind["dtype"])
    red, green, blue = (np.choose(THIRDS, [a, b, a]) for a, b in zip(COLOURS["red"], COLOURS["blue"], strict=True))
    infrared = np.full_like(red, 120)
    bands = {
        "rgb": (red, green, blue), "planar": (red, green, blue), "bgr": (blue, green, red),
        "rgbn": (red, green, blue, infrared), "bgrn": (blue, green, red, infrared), "grey": (red,),
        "palette": (np.choose(THIRDS, [7, 3, 7]),),
    }[layout]  # fmt: skip
    data = np.stack(bands).astype(np.float64)
    if layout != "palette":
        data = _stretched(data, dtype)
    return _written(folder, kind, data.astype(dtype), (1, 0, 1))


def _stretched(data: NDArray[np.float64], dtype: np.dtype) -> NDArray[np.float64]:
    """Values as such images have them; what is 0 in 8 bits is 0 in all."""
    if dtype == np.int8:
        return data // 2
    if dtype == np.uint8:
        return data
    return data / 255 if dtype.kind == "f" else data * 40


def _written(folder: Path, kind: Kind, data: NDArray[np.generic], values: tuple[int, ...]) -> Account:
    frame, place = FRAMES[kind["crs"]], kind["place"]
    affine, nodata = affine_of(frame, place), nodata_of(kind)
    told = nodata is not None or kind["mask"] != "none" or kind["nodata"] == "bare_nan"
    valid = ~CORNER if told else np.ones_like(CORNER)
    if nodata is not None or kind["nodata"] == "bare_nan":
        data[:, ~valid] = np.nan if nodata is None else nodata
    path = folder / "raster.tif"
    bands, dtype = list(data), data.dtype
    colours = _meanings(kind, len(bands))
    if kind["mask"] == "alpha":
        bands.append(np.where(valid, np.iinfo(dtype).max, 0).astype(dtype))
        colours.append(ColorInterp.alpha)
    form = {"count": len(bands), "dtype": dtype, "nodata": nodata} | _form(kind, frame, affine)
    with warnings.catch_warnings(), rasterio.Env(GDAL_TIFF_INTERNAL_MASK=kind["mask"] == "internal"):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **form) as out:
            if "PALETTE" in form.values():
                out.write_colormap(1, _palette(kind))
            elif colours != list(out.colorinterp):
                out.colorinterp = colours
            out.write(np.stack(bands))
            if kind["mask"] in ("internal", "sidecar"):
                out.write_mask(valid)
            if place == "gcps":
                out.gcps = control_points(affine), rasterio.crs.CRS.from_user_input(frame.crs)
            if place == "rpcs":
                out.rpcs = rational_model(affine)
        if kind["storage"] == "overviews":
            with rasterio.open(path, "r+") as out:
                out.build_overviews([2, 4], Resampling.nearest)
        if place == "world_file":
            _add_world_file(path, affine)
        if kind["nodata"] == "beyond":
            _add_nodata(path, len(bands))
        if kind["storage"] == "vrt":
            rasterio.shutil.copy(path, path.with_suffix(".vrt"), driver="VRT")
            path = path.with_suffix(".vrt")
    return Account(str(path), frame, affine, valid, values)


def _form(kind: Kind, frame: Frame, affine: Affine) -> dict[str, Any]:
    """How the file is laid out, and where it says that it lies."""
    layout, place = kind.get("layout"), kind["place"]
    form: dict[str, Any] = {
        "driver": "GTiff", "height": HEIGHT, "width": WIDTH,  "interleave": "band" if layout == "planar" else "pixel",
        "photometric": "RGB" if layout in ("rgb", "planar", "rgbn") else "MINISBLACK",
    }  # fmt: skip
    if kind["mask"] == "alpha":
        form["alpha"] = "unspecified"
    if kind["storage"] == "overviews":
        form |= {"tiled": True, "blockxsize": 16, "blockysize": 16}
    if layout == "palette" or kind["storage"] == "palette":
        form["photometric"] = "PALETTE"
    if place not in ("none", "rpcs"):
        form["crs"] = frame.crs
    if place not in ("none", "rpcs", "gcps", "world_file"):
        form["transform"] = affine
    return form


def _meanings(kind: Kind, count: int) -> list[ColorInterp]:
    red, green, blue, no = ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.undefined
    by_layout = {
        "rgb": [red, green, blue], "planar": [red, green, blue], "bgr": [blue, green, red],
        "rgbn": [red, green, blue, no], "bgrn": [blue, green, red, no],
    }  # fmt: skip
    return by_layout.get(kind.get("layout", ""), [ColorInterp.gray] * count)


def _palette(kind: Kind) -> dict[int, tuple[int, int, int]]:
    if kind.get("layout") == "palette":
        return {0: (0, 0, 0), 3: COLOURS["blue"], 7: COLOURS["red"]}
    return {value: (value % 251, 80, 40) for value in CODES[kind["codes"]]}


def _add_world_file(path: Path, affine: Affine) -> None:
    numbers = (affine.a, affine.d, affine.b, affine.e, *(affine @ (0.5, 0.5)))
    path.with_suffix(".tfw").write_text("".join(f"{number:.12f}\n" for number in numbers))


def _add_nodata(path: Path, bands: int) -> None:
    """Add what the data type cannot hold, as a side file may say it."""
    side = path.with_name(f"{path.name}.aux.xml")
    text = side.read_text() if side.exists() else "<PAMDataset></PAMDataset>"
    added = "".join(
        f'<PAMRasterBand band="{band}"><NoDataValue>-9999</NoDataValue></PAMRasterBand>'
        for band in range(1, bands + 1)
    )  # fmt: skip
    side.write_text(text.replace("</PAMDataset>", f"{added}</PAMDataset>"))


def check_account(account: Account) -> None:
    """Hold the account against that of GDAL, which is independent of the code that is tested."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(account.path) as file:
            known = file.dataset_mask() > 0
            pixels = file.read(1)
            if pixels.dtype.kind == "f":
                known &= ~np.isnan(pixels)
            assert (known == account.valid).all(), "the account of the matrix is not that of GDAL"
            if not file.transform.is_identity and not file.gcps[0]:
                assert np.allclose(file.transform, account.affine, rtol=1e-9, atol=1e-9)
