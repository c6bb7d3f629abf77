"""The user's own labelled pairs of dates: read onto one grid, stored on disk, and split by place."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window

from idgbr.arrays import Mask
from idgbr.change.image_pair import DatePair, check_pair
from idgbr.errors import InputError
from idgbr.layers.polygons import PolygonMask
from idgbr.models.card import ChangeCard
from idgbr.monitor import Monitor
from idgbr.raster.georeferencing import in_place
from idgbr.raster.grid import Grid, transformed
from idgbr.raster.open_dataset import is_raster, open_named, reason
from idgbr.raster.reader import RasterSource
from idgbr.raster.rows import strips
from idgbr.raster.warp import WarpedSource, aligned_view, read_aligned
from idgbr.training.change_config import ChangeConfig, OwnPair

Image = NDArray[np.uint8]
Values = NDArray[np.float32]
#: Crops with a smaller known share are drawn again, at most this many times.
_LEAST_KNOWN, _TRIES = 0.25, 20
Altering = Callable[[Image], Image]

#: Bands of a pair on disk: three of BEFORE, three of AFTER, the label.
BANDS = 7
#: Label of unknown pixels.
UNKNOWN = 255
#: Number of pixels of a pair for the statistics.
_SAMPLED = 1 << 18

Pixels = NDArray[np.uint8]
#: Mean and deviation of the bands of a date, (3,) each, of values in 0…1.
Statistics = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True)
class KeptPair:
    """A pair on disk: (H, W, `BANDS`) uint8, mapped; `place` keeps those that lie together on one side of the split."""

    name: str
    pixels: Pixels
    gsd_m: float
    place: str
    validation: bool


def expand_folders(pairs: Sequence[OwnPair]) -> Iterator[OwnPair]:
    """The pairs with folders taken apart into files of equal names. Raises InputError."""
    for pair in pairs:
        if not Path(pair.before).is_dir():
            yield pair
            continue
        names = ("before", "after", "labels")
        files = [{p.stem: p for p in sorted(Path(getattr(pair, n)).iterdir()) if _is_data(p)} for n in names]
        if not files[0]:
            raise InputError(f"{pair.before}: holds no files; name the folder of the rasters.")
        for stem in files[0]:
            for name, there in zip(names, files, strict=True):
                if stem not in there:
                    raise InputError(f"{getattr(pair, name)}: has no file {stem} as {pair.before} has; add it.")
            before, after, labels = (str(there[stem]) for there in files)
            yield OwnPair(before, after, labels, pair.place, pair.validation)


def _is_data(path: Path) -> bool:
    side_files = {".xml", ".tfw", ".pgw", ".jgw", ".wld", ".ovr", ".txt", ".md", ".shx", ".dbf", ".prj", ".cpg", ".qml"}
    return path.is_file() and not path.name.startswith(".") and path.suffix.lower() not in side_files


def read_pairs(config: ChangeConfig, cache: Path, monitor: Monitor) -> list[KeptPair]:
    """All pairs of the configuration, each read once into the folder `cache`. Raises InputError."""
    cache.mkdir(parents=True, exist_ok=True)
    own = list(expand_folders(config.pairs))
    found, outlines = [], []
    for pair in own:
        monitor.check()
        pixels, gsd_m, outline = _kept(pair, config, cache, monitor)
        found.append((Path(pair.before).stem, pixels, gsd_m))
        outlines.append(outline)
    places = place_names(own, outlines)
    chosen = _chosen(own, places, config)
    return [KeptPair(*f, place, place in chosen) for f, place in zip(found, places, strict=True)]


def _kept(
    pair: OwnPair, config: ChangeConfig, cache: Path, monitor: Monitor
) -> tuple[Pixels, float, shapely.Geometry | None]:
    """Pixels, ground sample distance and outline (None without a CRS) of a pair."""
    card = ChangeCard("own", "", "", (), 3, (0.0, np.inf), 512, 0, {}, band_map=config.bands)
    with ExitStack() as stack:
        before = stack.enter_context(RasterSource(pair.before))
        grid = before.grid
        after = stack.enter_context(WarpedSource(pair.after, grid))
        if grid.crs is None and not config.gsd_m:
            raise InputError(f"{pair.before}: has no CRS; say by gsd_m how large its pixels are.")
        path = cache / f"{_state(pair)}.npy"
        if not path.exists():
            check_pair(before, after, grid, card, monitor)
            _keep(DatePair(before, after, grid, card, 1.0), pair, grid, path, monitor)
        gsd_m = config.gsd_m if grid.crs is None else before.gsd_m
    return np.load(path, mmap_mode="r"), gsd_m, _outline(grid)


def _state(pair: OwnPair) -> str:
    """A name that depends on the content of the files."""
    files = [text.partition("|")[0] for text in (pair.before, pair.after, pair.labels)]
    states = [(str(Path(f).resolve()), (s := Path(f).stat()).st_size, s.st_mtime_ns) for f in files]
    return hashlib.blake2b(repr((states, pair.labels)).encode(), digest_size=10).hexdigest()


def _keep(dates: DatePair, pair: OwnPair, grid: Grid, path: Path, monitor: Monitor) -> None:
    """Write both dates and the label to a file, strip by strip."""
    part = path.with_suffix(".part")
    out = np.lib.format.open_memmap(part, mode="w+", dtype=np.uint8, shape=(grid.height, grid.width, BANDS))
    changed = known_changes = 0
    with ExitStack() as stack:
        label_rows = _labels(pair.labels, grid, stack, monitor)
        for first, last in strips(grid):
            monitor.check()
            window = dates.read(first, 0, last - first, grid.width)
            for band, date in ((0, window.before), (3, window.after)):
                out[first:last, :, band : band + 3] = np.moveaxis((date * 255 + 0.5).astype(np.uint8), 0, 2)
            labels, known = label_rows(first, last)
            known &= window.valid
            out[first:last, :, 6] = np.where(known, labels, UNKNOWN)
            changed += int((labels & known).sum())
            known_changes += int(known.sum())
    out.flush()
    if not known_changes:
        raise InputError(f"{pair.labels}: says nothing of {pair.before}; check that they lie at the same place.")
    if not changed:
        monitor.info(f"{pair.labels}: nothing has changed; the pair teaches what to leave alone.")
    part.replace(path)


def _labels(text: str, grid: Grid, stack: ExitStack, monitor: Monitor) -> Callable[[int, int], tuple[Mask, Mask]]:
    """A reader of rows of labels: whether something changed, and where that is known."""
    if not is_raster(text, "the labels"):
        mask = PolygonMask(text, grid, monitor)

        def from_polygons(first: int, last: int) -> tuple[Mask, Mask]:
            rows = mask.rows(first, last)
            return rows, np.ones_like(rows)

        return from_polygons
    dataset = stack.enter_context(in_place(open_named(text, "the labels"), text, Resampling.nearest))
    try:
        view = stack.enter_context(aligned_view(dataset, grid))
    except RasterioError as error:
        raise InputError(f"{text}: cannot be aligned with the image ({reason(error)}); check its CRS.") from error

    def from_raster(first: int, last: int) -> tuple[Mask, Mask]:
        values, known = read_aligned(view, text, Window(0, first, grid.width, last - first))
        return values != 0, known

    return from_raster


def _outline(grid: Grid) -> shapely.Geometry | None:
    """The raster's rectangle in longitude and latitude, None without a CRS that leads there."""
    if grid.crs is None:
        return None
    corners = [grid.transform @ at for at in ((0, 0), (grid.width, 0), (grid.width, grid.height), (0, grid.height))]
    try:
        return shapely.Polygon(transformed(grid.crs, CRS.from_epsg(4326), *np.array(corners).T).T)
    except RasterioError:  # a local CRS, or another body
        return None


def place_names(pairs: Sequence[OwnPair], outlines: Sequence[shapely.Geometry | None]) -> list[str]:
    """A place for each pair: the one named; else pairs that overlap or touch share one, and others have their own."""
    places = [pair.place or f"{number}" for number, pair in enumerate(pairs)]
    known = [number for number, outline in enumerate(outlines) if outline is not None]
    tree = shapely.STRtree([outlines[number] for number in known])
    for number in known:
        for other in sorted(known[int(i)] for i in tree.query(outlines[number], predicate="intersects")):
            if not pairs[number].place and not pairs[other].place and places[other] != places[number]:
                kept, gone = places[other], places[number]
                places = [kept if place == gone else place for place in places]
    return places


def _chosen(pairs: Sequence[OwnPair], places: Sequence[str], config: ChangeConfig) -> set[str]:
    """Places kept for validation: those of the pairs marked, or drawn. Raises InputError if one is on both sides."""
    marked = {place for pair, place in zip(pairs, places, strict=True) if pair.validation}
    if marked:
        for pair, place in zip(pairs, places, strict=True):
            if place in marked and not pair.validation:
                raise InputError(
                    f"{pair.before}: lies at a place that is kept for validation; keep it, too, or name another place."
                )
        return marked
    names = sorted(set(places))
    count = min(max(1, round(config.validation * len(names))), len(names) - 1) if config.validation else 0
    return set(np.random.default_rng(config.seed).permutation(names)[:count].tolist())


def statistics(pairs: Sequence[KeptPair]) -> tuple[Statistics, Statistics]:
    """Mean and deviation of each date over all pixels known; from training pairs alone, as published."""
    samples = []
    for pair in pairs:
        flat = pair.pixels.reshape(-1, BANDS)
        taken = flat[:: max(1, len(flat) // _SAMPLED)]
        samples.append(taken[taken[:, 6] != UNKNOWN])
    values = np.concatenate(samples).astype(np.float32) / np.float32(255)
    first, second = ((values[:, b : b + 3].mean(0), values[:, b : b + 3].std(0) + 1e-3) for b in (0, 3))
    return first, second


def cores() -> int:
    """Threads that may make crops beside the training."""
    return max(1, min(8, (os.cpu_count() or 2) - 1))


def crop_pair(
    pairs: Sequence[KeptPair], size: int, rng: np.random.Generator, shift: float = 0.0
) -> tuple[Image, Image, Image]:
    """A crop of any pair, augmented: both dates (S, S, 3) and the label (S, S), `UNKNOWN` where there is none.

    As published an epoch is a crop of each pair, so pairs are drawn with equal chance. With `shift` the second date is
    up to so many px off, in half of the crops.
    """
    for _ in range(_TRIES):
        pair = pairs[int(rng.integers(len(pairs)))]
        matrix = _geometry(pair.pixels.shape[:2], size, rng)
        moved = matrix.copy()
        if shift and rng.random() < 0.5:
            moved[:, 2] += rng.uniform(-shift, shift, 2)
        before = _warped(pair.pixels, slice(0, 3), matrix, size, cv2.INTER_LINEAR)
        after = _warped(pair.pixels, slice(3, 6), moved, size, cv2.INTER_LINEAR)
        label = _warped(pair.pixels, slice(6, 7), matrix, size, cv2.INTER_NEAREST)[..., 0]
        if (label != UNKNOWN).mean() >= _LEAST_KNOWN:
            break
    if rng.random() < 0.5:
        alter = _PHOTOMETRY[rng.integers(len(_PHOTOMETRY))](rng, size)
        before, after = alter(before), alter(after)
    return before, after, label


def _geometry(shape: tuple[int, ...], size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """The map (2, 3) from pixels of a crop to those of the raster: place, flip, transposition, turn, scale."""
    linear = np.eye(2)
    if rng.random() < 0.5:
        linear = linear @ np.diag([-1.0, 1.0])
    if rng.random() < 0.5:
        linear = linear @ np.array([[0.0, 1.0], [1.0, 0.0]])
    if rng.random() < 0.3:
        linear = linear @ _turn(rng.uniform(-45, 45))
    if rng.random() < 0.3:
        linear = linear @ _turn(rng.uniform(-45, 45)) / rng.uniform(0.9, 1.1)
    half = size / 2
    centre = np.array([rng.uniform(half, max(length - half, half + 1e-6)) for length in (shape[1], shape[0])]) - 0.5
    # Whole pixels where nothing is turned or scaled, so that nothing is blurred.
    centre = np.floor(centre) + (size - 1) / 2 % 1
    return np.hstack([linear, (centre - linear @ np.full(2, (size - 1) / 2))[:, None]])


def _turn(degrees: float) -> NDArray[np.float64]:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin], [sin, cos]])


def _warped(pixels: Image, bands: slice, matrix: NDArray[np.float64], size: int, how: int) -> Image:
    """Part of a mapped raster on a crop's grid; only what the crop shows is read. Beyond the edges it is mirrored."""
    corners = matrix @ np.array([[0, size, 0, size], [0, 0, size, size], [1, 1, 1, 1]])
    low, high = np.floor(corners.min(1)).astype(int) - 2, np.ceil(corners.max(1)).astype(int) + 2
    left, top = np.maximum(low, 0)
    right, bottom = np.minimum(high, (pixels.shape[1], pixels.shape[0]))
    part = np.ascontiguousarray(pixels[top:bottom, left:right, bands])
    shifted = matrix.copy()
    shifted[:, 2] -= (left, top)
    out = cv2.warpAffine(
        part, shifted, (size, size), flags=how | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(out.reshape(size, size, -1), np.uint8)


def _noise(rng: np.random.Generator, size: int) -> Altering:
    noise = rng.standard_normal((size, size, 3), dtype=np.float32) * np.sqrt(rng.uniform(10, 50))
    return lambda image: _clipped(image + noise)


def _hue(rng: np.random.Generator, _: int) -> Altering:
    change = rng.uniform(-1, 1, 3) * (10, 30, 20)

    def alter(image: Image) -> Image:
        hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(np.float32) + change.astype(np.float32)
        hsv[..., 0] %= 180
        return np.asarray(cv2.cvtColor(_clipped(hsv), cv2.COLOR_HSV2RGB), np.uint8)

    return alter


def _brightness(rng: np.random.Generator, _: int) -> Altering:
    contrast, brightness = 1 + rng.uniform(-0.2, 0.2), 255 * rng.uniform(-0.2, 0.2)
    return lambda image: _clipped(image * np.float32(contrast) + np.float32(brightness))


def _gamma(rng: np.random.Generator, _: int) -> Altering:
    table = _clipped(255 * (np.arange(256, dtype=np.float32) / 255) ** rng.uniform(0.8, 1.2))
    return lambda image: np.asarray(table[image])


def _emboss(rng: np.random.Generator, _: int) -> Altering:
    share, strength = rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.7)
    kernel = np.array([[-1 - strength, -strength, 0], [-strength, 1, strength], [0, strength, 1 + strength]])
    kernel = (1 - share) * np.diag([0, 1, 0]) + share * kernel
    return lambda image: np.asarray(cv2.filter2D(image, -1, kernel), np.uint8)


def _motion(rng: np.random.Generator, _: int) -> Altering:
    side = int(rng.choice([3, 5, 7]))
    kernel = np.zeros((side, side), np.float32)
    start, end = (tuple(int(v) for v in rng.integers(0, side, 2)) for _ in range(2))
    cv2.line(kernel, start, end, 1.0)
    return lambda image: np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)


_PHOTOMETRY = (_noise, _hue, _brightness, _gamma, _emboss, _motion)


def _clipped(values: NDArray[np.floating]) -> Image:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)
