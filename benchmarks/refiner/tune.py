"""Parameters of the classical methods, found on a few training places; the test sets take no part."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from benchmarks.refiner.classical import CLASSICAL
from benchmarks.refiner.methods import Array, Method, Unchanged, gated_labels
from benchmarks.refiner.producers import POLYGONS, SHIFTED, spoiled
from benchmarks.refiner.tiles import IGNORE, Tile, choose_tiles
from idgbr.evaluation.boundary import boundary_counts
from idgbr.refiner.acceptance import Margins
from idgbr.training.calibrate import BAND_WIDTH
from idgbr.training.damage import pixel_classifier, without_ignored
from idgbr.training.labels import BUILDING
from idgbr.training.places import Place, load_training_places

#: Places by the beginning of their names, and how many tiles of each.
_PLACES = ("uganda_kampala_a", "nepal_banepa_town_c", "tile1_001", "tile3_005", "tile8_002")
_TILES_A_PLACE = 2
#: Side of the part of each tile that is looked at, in pixels.
_SIDE = 320
_STRIDE_PX = 8

GRIDS: dict[str, dict[str, Sequence[float]]] = {
    "guided filter": {"radius_px": (1, 2, 4), "epsilon": (1e-6, 1e-5, 1e-4, 1e-3)},
    "random walker": {"beta": (25, 100, 400), "depth_px": (1, 2, 3)},
    "watershed": {"sigma_px": (0.4, 0.7, 1.2), "depth_px": (1, 2, 3)},
    "local colour": {"window_px": (3, 6, 12), "prior_px": (0.6, 1, 2), "weight": (0.3, 0.6, 1.2)},
}


def tuning_tiles(data: Path) -> list[Tile]:
    """Tiles of the training places that tuning looks at."""
    found = []
    for place in load_training_places(data):
        if place.name.startswith(_PLACES):
            found += choose_tiles([_as_tile(place)], _TILES_A_PLACE)
    return [replace(t, image=t.image[:_SIDE, :_SIDE], truth=t.truth[:_SIDE, :_SIDE]) for t in found]


def _as_tile(place: Place) -> Tile:
    labels, classes = place.labels, 5
    if not place.full_labels:
        labels = np.where(labels == IGNORE, IGNORE, labels == BUILDING).astype(np.uint8)
        classes = 2
    return Tile(place.dataset, place.name, place.name, place.levels[0], labels, classes, place.gsd_m)


def tuning_maps(tile: Tile) -> Iterator[Array]:
    """Coarse maps (K, H, W): what a network of stride 8 gives at best, a pixel classifier, polygons, a shift."""
    labels = without_ignored(tile.truth)
    height, width = labels.shape
    size = (width // _STRIDE_PX, height // _STRIDE_PX)
    shares = [(labels == k).astype(np.float32) for k in range(tile.classes)]
    low = [cv2.resize(share, size, interpolation=cv2.INTER_AREA) for share in shares]
    yield np.stack([cv2.resize(share, (width, height)) for share in low]).astype(np.float32)
    yield _channels_first(pixel_classifier(tile.image, labels, tile.classes, np.random.default_rng(tile.seed)))
    yield spoiled(POLYGONS, tile)
    yield spoiled(SHIFTED, tile)


def _channels_first(array: Array) -> Array:
    return np.ascontiguousarray(np.moveaxis(array, 2, 0))


def tune(tiles: Sequence[Tile]) -> Iterator[str]:
    """Boundary F (2 px) of the coarse maps, then of every setting of each method, a line each, and of its best one."""
    cases = [(tile, coarse) for tile in tiles for coarse in tuning_maps(tile)]
    yield f"{_mean_score(Unchanged(), cases):.4f} coarse"
    for name, grid in GRIDS.items():
        best = (-1.0, "")
        for values in itertools.product(*grid.values()):
            method = replace(CLASSICAL[name], **dict(zip(grid, values, strict=True)))  # type: ignore[arg-type]
            mean = _mean_score(method, cases)
            best = max(best, (mean, repr(method)))
            yield f"{mean:.4f} {method!r}"
        yield f"best: {best[0]:.4f} {best[1]}"


def _mean_score(method: Method, cases: Sequence[tuple[Tile, Array]]) -> float:
    """Boundary F (2 px) of a method, the mean over tiles and coarse maps."""
    scores = []
    for tile, coarse in cases:
        image = _channels_first(tile.image.astype(np.float32) / np.float32(255))
        labels = gated_labels(coarse, method.refine(image, coarse), BAND_WIDTH, Margins(0.0, 0.0))
        counts = boundary_counts(labels, tile.truth, tile.classes, (2,), IGNORE)
        scores.append(counts[2].mean_f_score(tile.scored_classes))
    return float(np.mean(scores))
