"""The test sets: labelled rasters that no weights were trained or calibrated on, and the tiles that are scored."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS
from idgbr.raster.georeferencing import grid_of
from idgbr.raster.grid import ground_sample_distance
from idgbr.refiner.acceptance import boundaries

Image = NDArray[np.uint8]
Labels = NDArray[np.uint8]

IGNORE = NODATA_CLASS
#: Largest side of a tile (px), and the smallest that a cut-off remainder may have.
TILE = 512
_SMALLEST = 192
#: A tile takes part if it holds this many boundary pixels and if this share of it is labelled.
_BOUNDARY_PIXELS = 64
_LABELLED = 0.5
#: The building class of the two rasters with five classes.
_NEW_BRUNSWICK_BUILDING = 4


@dataclass(frozen=True)
class Tile:
    """One labelled image, or a piece of one.

    image (H, W, 3) uint8; truth (H, W) uint8 in 0…classes − 1, `IGNORE` where unlabelled; `place` is where it lies,
    `fold` (0 or 1) the half of its set's places that this place belongs to.
    """

    set: str
    place: str
    name: str
    image: Image
    truth: Labels
    classes: int
    gsd_m: float
    fold: int = 0

    @property
    def seed(self) -> int:
        """A number of its own, the same in every run."""
        return zlib.crc32(f"{self.set}/{self.name}".encode())

    @property
    def scored_classes(self) -> list[int]:
        """Classes whose boundaries count: the foreground of two, else all."""
        return [1] if self.classes == 2 else list(range(self.classes))


@dataclass(frozen=True)
class Source:
    """How a set is read: folder, its parts, ground sample distance where no CRS tells it, class count, reduction.

    Sets with the same `task` have the same classes: coarse networks learn them together.
    """

    folder: str
    place: Callable[[str], str]
    nominal_gsd_m: float
    classes: int = 2
    images: str = "images"
    masks: str = "masks"
    reduction: int = 1
    task: str = "buildings"


def _itself(stem: str) -> str:
    return stem


def _mix_place(stem: str) -> str:
    """The city where the name tells it, else the sub-set."""
    prefix, _, rest = stem.partition("_")
    if prefix in ("mapnet", "potsdam", "whu-eastasia"):
        return prefix
    if prefix == "spacenet":
        return rest.partition("AOI_")[2].partition("_img")[0]
    return rest.partition("_")[0].rstrip("0123456789") if prefix.startswith("inria") else rest


def _chip_place(stem: str) -> str:
    """The `hot` chips adjoin each other; the `ramp` chips are scattered."""
    return "dhaka" if stem.startswith("hot") else stem


def _raster_place(stem: str) -> str:
    """Two halves of one scene are one place."""
    return stem.partition("_")[0] if stem.startswith("newbrunswick") else stem


_DRONE = Source("buildings_oam_drone", _itself, 0.074)
#: Test sets whose labels are sharp enough to judge boundaries (edge score 1.6 or more).
SETS: dict[str, Source] = {
    "buildings_oam_drone_0.07m": _DRONE,
    "buildings_oam_drone_0.15m": replace(_DRONE, reduction=2),
    "buildings_oam_drone_0.3m": replace(_DRONE, reduction=4),
    "buildings_georef_vector_nrcan": Source("buildings_georef_vector_nrcan", _raster_place, 0.5),
    "landcover_dubai_hitl": Source("landcover_dubai_hitl", _itself, 0.5, classes=5, task="land cover"),
    "buildings_benchmark_mix": Source("buildings_benchmark_mix", _mix_place, 0.3),
    "buildings_ramp_hot_chips": Source("buildings_ramp_hot_chips", _chip_place, 0.45),
    "buildings_yangon_drone": Source("buildings_yangon_drone", _itself, 0.1),
    "water_gaofen2": Source("water_gaofen2", _itself, 2.0, task="water"),
    "change_xbd_idabd_disaster": Source(
        "change_xbd_idabd_disaster", _itself, 0.5, images="pre", masks="masks_building_pre"
    ),
}


def chosen_sets(words: Sequence[str] | None) -> list[str]:
    """Names of the sets that begin with one of `words` (all without any). Raises ValueError for a word without set."""
    for word in words or ():
        if not any(name.startswith(word) for name in SETS):
            raise ValueError(f"no test set begins with {word!r}; there are {', '.join(SETS)}")
    return [name for name in SETS if not words or name.startswith(tuple(words))]


def read_set(data: Path, name: str) -> list[Tile]:
    """All rasters of a set, whole, at its ground sample distance, with their folds."""
    source = SETS[name]
    stems: list[str] = json.loads((data / "splits.json").read_text(encoding="utf-8"))[source.folder]["test"]
    return with_folds([_read(data, name, source, stem) for stem in stems])


def read_task(data: Path, task: str) -> list[Tile]:
    """All rasters of all sets of a task."""
    return [raster for name, source in SETS.items() if source.task == task for raster in read_set(data, name)]


def _read(data: Path, name: str, source: Source, stem: str) -> Tile:
    image, valid, gsd = _read_image(next((data / source.folder / source.images).glob(f"{stem}.*")), source)
    with rasterio.open(next((data / source.folder / source.masks).glob(f"{stem}.*"))) as opened:
        mask = opened.read(1)
    if source.classes > 2:
        truth = np.where(mask < source.classes, mask, IGNORE)
    else:
        truth = mask == _NEW_BRUNSWICK_BUILDING if stem.startswith("newbrunswick") else mask > 0
    truth = np.where(valid, truth, IGNORE).astype(np.uint8)
    tile = Tile(name, source.place(stem), stem, image, truth, source.classes, gsd)
    return reduced(tile, source.reduction) if source.reduction > 1 else tile


def _read_image(path: Path, source: Source) -> tuple[Image, NDArray[np.bool_], float]:
    """First three bands (H, W, 3), where they hold data (H, W), and the ground sample distance in metres."""
    with rasterio.open(path) as opened:
        bands = opened.read([1, 2, 3] if opened.count >= 3 else [1, 1, 1]).astype(np.uint8)
        gsd = ground_sample_distance(grid_of(opened)) if opened.crs else source.nominal_gsd_m
        empty = {0, opened.nodata} if opened.crs else set()
    image = np.ascontiguousarray(np.moveaxis(bands, 0, 2))
    valid = np.ones(image.shape[:2], bool)
    for value in empty - {None}:
        valid &= ~(image == value).all(2)
    return image, valid, gsd


def reduced(tile: Tile, factor: int) -> Tile:
    """The raster at a `factor` coarser grid: colours averaged by area, labels by majority of what is labelled."""
    height, width = (n // factor for n in tile.truth.shape)

    def blocks(array: NDArray[np.generic]) -> NDArray[np.generic]:
        cut = array[: height * factor, : width * factor]
        return cut.reshape(height, factor, width, factor, *array.shape[2:])

    image = np.rint(blocks(tile.image).astype(np.float32).mean((1, 3))).astype(np.uint8)
    counts = np.stack([blocks(tile.truth == k).astype(np.float32).sum((1, 3)) for k in range(tile.classes)])
    truth = np.where(counts.sum(0) * 2 >= factor**2, counts.argmax(0), IGNORE).astype(np.uint8)
    return replace(tile, image=image, truth=truth, gsd_m=tile.gsd_m * factor)


def with_folds(rasters: Sequence[Tile]) -> list[Tile]:
    """Halve the places: largest first, each to the fold that has less area so far."""
    areas: dict[str, int] = {}
    for raster in rasters:
        areas[raster.place] = areas.get(raster.place, 0) + raster.truth.size
    totals, folds = [0, 0], {}
    for place in sorted(areas, key=lambda p: (-areas[p], p)):
        folds[place] = totals.index(min(totals))
        totals[folds[place]] += areas[place]
    return [replace(raster, fold=folds[raster.place]) for raster in rasters]


def pieces(raster: Tile) -> list[Tile]:
    """The raster cut into tiles of at most `TILE` px a side, without overlap."""
    if max(raster.truth.shape) <= TILE:
        return [raster]
    found = []
    for row in range(0, raster.truth.shape[0], TILE):
        for col in range(0, raster.truth.shape[1], TILE):
            window = (slice(row, row + TILE), slice(col, col + TILE))
            truth = np.ascontiguousarray(raster.truth[window])
            if min(truth.shape) >= _SMALLEST:
                image = np.ascontiguousarray(raster.image[window])
                found.append(replace(raster, name=f"{raster.name}_{row}_{col}", image=image, truth=truth))
    return found


def has_boundaries(tile: Tile) -> bool:
    """Whether there is something to score in the tile."""
    known = tile.truth != IGNORE
    inner = boundaries(np.where(known, tile.truth, 0).astype(np.uint8)) & known
    present = np.unique(tile.truth[known])
    return len(present) > 1 and int(np.count_nonzero(inner)) >= _BOUNDARY_PIXELS and float(known.mean()) >= _LABELLED


def choose_tiles(rasters: Sequence[Tile], count: int) -> list[Tile]:
    """At most `count` tiles with boundaries, place after place in turn, the same in every run."""
    queues: dict[str, list[Tile]] = {}
    for raster in rasters:
        for tile in filter(has_boundaries, pieces(raster)):
            queues.setdefault(tile.place, []).append(tile)
    for queue in queues.values():
        queue.sort(key=lambda tile: tile.seed)
    order = sorted(queues, key=lambda place: zlib.crc32(place.encode()))
    chosen: list[Tile] = []
    while len(chosen) < count and any(queues.values()):
        for place in order:
            if queues[place] and len(chosen) < count:
                chosen.append(queues[place].pop(0))
    return chosen
