"""Pictures for the report: errors over the image, and the places with most of them."""

from __future__ import annotations

import base64
import warnings
from contextlib import ExitStack

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.evaluation.class_matching import Indices
from idgbr.evaluation.error_map import CONFUSED, FALSE, MISSED, UNSCORED, ErrorMap
from idgbr.paths import gdal_name
from idgbr.raster.bands import RGB, ImageBands, expand_palette
from idgbr.raster.georeferencing import PLANE, grid_of, in_place
from idgbr.raster.grid import Grid, share_plane
from idgbr.raster.open_dataset import reason

Picture = NDArray[np.uint8]
#: Colours of errors: safe for colour-blind readers, and visible on vegetation and roofs.
KIND_COLORS = {MISSED: (0, 114, 230), FALSE: (230, 45, 40), CONFUSED: (250, 190, 0)}
_PAPER = np.array([243, 244, 246], np.float32)
_GREY = np.array([0.30, 0.59, 0.11], np.float32)


class Backdrop:
    """Background of pictures: the image on the comparison's grid, or without one the true classes in pale colours."""

    def __init__(self, image: str | None, grid: Grid, classes: list[ClassInfo], factor: int, stack: ExitStack) -> None:
        self._grid, self._stack, self._path = grid, stack, image
        self._colors = np.stack([_PAPER, *(np.array(c.color, np.float32) for c in classes)])
        self._dataset: rasterio.DatasetReader | None = None
        if image is None:
            return
        try:
            image_bands = expand_palette(rasterio.open(gdal_name(image)))
            self._dataset = stack.enter_context(in_place(image_bands, image, Resampling.bilinear))
        except RasterioError as error:
            raise InputError(f"{image}: GDAL cannot open it as a raster; choose another image, or none.") from error
        bands = ImageBands(self._dataset.colorinterp)
        colours = bands.colours if len(bands.colours) == len(RGB) else bands.data
        self._bands = colours[:3] if len(colours) >= 3 else colours[:1] * 3
        # The stretch is that of the whole image, so that places look like the map.
        self._view = self._open(1)
        overview = self._read(self._open(factor))
        values = overview[:, overview.any(axis=0)]
        low, high = np.percentile(values, [1, 99], axis=1) if values.size else (np.zeros(3), np.ones(3))
        self._low = low.astype(np.float32)[:, None, None]
        self._span = np.maximum(high - low, 1e-6).astype(np.float32)[:, None, None]
        self._overview = self._stretched(overview)

    def _open(self, factor: int) -> WarpedVRT:
        """The image on the grid, reduced by a factor."""
        assert self._dataset is not None
        own = grid_of(self._dataset)
        plane = share_plane(own.crs, self._grid.crs)
        return self._stack.enter_context(
            WarpedVRT(
                self._dataset,
                src_crs=PLANE if plane else own.crs,
                crs=PLANE if plane else self._grid.crs,
                src_transform=own.transform,
                transform=self._grid.transform * Affine.scale(factor),
                width=-(-self._grid.width // factor),
                height=-(-self._grid.height // factor),
                resampling=Resampling.bilinear,
            )
        )

    def _read(self, view: WarpedVRT, window: Window | None = None) -> NDArray[np.float32]:
        try:
            values: NDArray[np.float32] = view.read(self._bands, window=window).astype(np.float32)
        except RasterioError as error:
            raise InputError(
                f"{self._path}: cannot be read ({reason(error)}); check that the file is complete."
            ) from error
        return np.nan_to_num(values)

    def _stretched(self, values: NDArray[np.float32]) -> Picture:
        scaled = np.clip((values - self._low) / self._span, 0, 1)
        return np.moveaxis(scaled * 255, 0, 2).astype(np.uint8)

    def overview(self, truth: Indices) -> Picture:
        """The whole grid, reduced: (height, width, 3)."""
        return self._overview if self._dataset is not None else self._classes(truth)

    def crop(self, window: Window, truth: Indices) -> Picture:
        """A window at full resolution: (height, width, 3)."""
        return self._stretched(self._read(self._view, window)) if self._dataset is not None else self._classes(truth)

    def _classes(self, truth: Indices) -> Picture:
        index = np.where(truth == NODATA_CLASS, 0, np.minimum(truth, len(self._colors) - 2) + 1)
        return (_PAPER * 0.55 + self._colors[index] * 0.45).astype(np.uint8)


def error_picture(errors: ErrorMap, backdrop: Picture) -> Picture:
    """The error map (height, width, 3): errors in colour over a faint background.

    Thin errors of a strongly reduced map are emphasized; otherwise none would be visible.
    """
    counts = errors.pixels.astype(np.float32)
    scored = counts.sum(axis=2) - counts[..., UNSCORED]
    faint = faded(backdrop).astype(np.float32)
    faint[scored == 0] = _PAPER
    kinds = list(KIND_COLORS)
    wrong = counts[..., kinds].sum(axis=2)
    color = counts[..., kinds] @ np.array([KIND_COLORS[kind] for kind in kinds], np.float32)
    color /= np.maximum(wrong, 1)[..., None]
    strength = np.minimum(np.sqrt(wrong / np.maximum(scored, 1)) * 1.2, 1)[..., None]
    return np.asarray(faint * (1 - strength) + color * strength, np.uint8)


def faded(picture: Picture) -> Picture:
    """A picture in grey, pale enough for colours to stand out on it."""
    grey = 0.72 * (picture @ _GREY)[..., None] + 0.1 * 255
    return np.repeat(grey, 3, axis=2).astype(np.uint8)


def error_overlay(kinds: NDArray[np.uint8]) -> Picture:
    """Kinds of errors (H, W) as a transparent picture (H, W, 4)."""
    table = np.zeros((max(KIND_COLORS) + 1, 4), np.uint8)
    for kind, rgb in KIND_COLORS.items():
        table[kind] = (*rgb, 190)
    table[UNSCORED] = (243, 244, 246, 160)
    return table[kinds]


def outline_path(labels: Indices) -> str:
    """Boundaries between classes (H, W) as an SVG path along pixel edges, in pixels; none at the array's edge."""
    runs: list[str] = []
    for across, line in ((labels, "V"), (labels.T, "H")):
        changes = across[:, 1:] != across[:, :-1]
        padded = np.zeros((changes.shape[0] + 2, changes.shape[1]), np.int8)
        padded[1:-1] = changes
        step = np.diff(padded, axis=0).T
        starts, ends = np.argwhere(step == 1), np.argwhere(step == -1)
        for (position, begin), (_, end) in zip(starts.tolist(), ends.tolist(), strict=True):
            x, y = (position + 1, begin) if line == "V" else (begin, position + 1)
            runs.append(f"M{x} {y}{line}{end}")
    return "".join(runs)


def png_uri(picture: Picture) -> str:
    """A picture (H, W, 3 or 4) as a data URI."""
    height, width, bands = picture.shape
    with MemoryFile(ext=".png") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a picture lies nowhere
        with file.open(driver="PNG", height=height, width=width, count=bands, dtype="uint8", ZLEVEL=6) as out:
            out.write(np.moveaxis(picture, 2, 0))
        return "data:image/png;base64," + base64.b64encode(file.read()).decode("ascii")
