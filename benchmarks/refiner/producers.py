"""Producers of coarse maps: what is to be refined.

Three spoil the truth. Four learn the imagery of the test sets themselves, in two folds by place, so that they are as
good as such producers are where they are used, and have never seen the tile: networks all sets of a task together, the
forest each set. It is they that learn there, never the refiner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from benchmarks.refiner.networks import NETWORKS, predict, trained
from benchmarks.refiner.tiles import IGNORE, Image, Tile
from idgbr.training.damage import one_hot, simplified, without_ignored

Probabilities = NDArray[np.float32]

FOREST, POLYGONS, SHIFTED, TRUTH = "random forest", "polygons 5 px", "shifted 2 px", "truth"
#: All producers, in the order of the table.
PRODUCERS = (*NETWORKS, FOREST, POLYGONS, SHIFTED, TRUTH)
#: Kinds of producers of which the refiner met none in training.
UNSEEN = ("segformer", FOREST)

_TOLERANCE_PX = 5.0
_SHIFT_PX = 2
_DIRECTIONS = [(row, col) for row in (-1, 0, 1) for col in (-1, 0, 1) if row or col]
_WINDOWS, _WINDOW_PX, _PIXELS = 60, 256, 1000
_TREES = 60


def coarse_maps(
    producer: str, tiles: Sequence[Tile], steps: int, work: Path, *, task: str, learned: Callable[[], Sequence[Tile]]
) -> dict[str, Path]:
    """Coarse probabilities of a set's `tiles` by name of tile, as files; what is there already stays.

    `steps` is how long networks train, `work` the folder of all caches, `task` the name of what they learn; `learned`
    gives its rasters.
    """
    folder = work / "coarse" / tiles[0].set / (f"{producer} {steps}" if producer in NETWORKS else producer)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {tile.name: folder / f"{tile.name}.npz" for tile in tiles}
    for fold in (0, 1):
        missing = [tile for tile in tiles if tile.fold == fold and not paths[tile.name].exists()]
        if not missing:
            continue
        if producer in NETWORKS:
            others = [raster for raster in learned() if raster.fold != fold]
            net = trained(producer, others, steps, work / "networks" / task)
            found = [predict(net, tile.image) for tile in missing]
        elif producer == FOREST:
            forest = grown_forest([r for r in learned() if r.fold != fold and r.set == tiles[0].set])
            found = [forest_probabilities(forest, tile.image, tile.classes) for tile in missing]
        else:
            found = [spoiled(producer, tile) for tile in missing]
        for tile, probabilities in zip(missing, found, strict=True):
            part = paths[tile.name].with_suffix(".part.npz")
            np.savez_compressed(part, coarse=probabilities.astype(np.float16))
            part.replace(paths[tile.name])
    return paths


def read_coarse(path: Path) -> Probabilities:
    """Stored probabilities (K, H, W), summing to 1 again after their rounding."""
    with np.load(path) as stored:
        coarse = stored["coarse"].astype(np.float32)
    return np.ascontiguousarray(coarse / coarse.sum(0))


def spoiled(producer: str, tile: Tile) -> Probabilities:
    """Truth as hard probabilities (K, H, W): as it is, with simplified outlines, or shifted."""
    rng = np.random.default_rng(tile.seed)
    labels = without_ignored(tile.truth)
    if producer == POLYGONS:
        labels = simplified(labels, _TOLERANCE_PX, rng)
    elif producer == SHIFTED:
        down, right = (_SHIFT_PX * n for n in _DIRECTIONS[rng.integers(len(_DIRECTIONS))])
        height, width = labels.shape
        labels = np.pad(labels, _SHIFT_PX, mode="edge")
        labels = labels[_SHIFT_PX - down :, _SHIFT_PX - right :][:height, :width]
    elif producer != TRUTH:
        raise ValueError(f"no producer is called {producer!r}; there are {', '.join(PRODUCERS)}")
    return np.ascontiguousarray(np.moveaxis(one_hot(labels, tile.classes), 2, 0))


def features(image: Image) -> NDArray[np.float32]:
    """What the forest sees of each pixel, (H, W, 12): colour, colour smoothed at two scales, gradients at three."""
    colour = image.astype(np.float32)
    found = [colour]
    for sigma in (0.0, 2.0, 5.0):
        smooth = cv2.GaussianBlur(colour, (0, 0), sigma) if sigma else colour
        if sigma:
            found.append(np.asarray(smooth, np.float32))
        grey = np.asarray(smooth, np.float32).mean(2)
        slope = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
        found.append(slope.astype(np.float32)[..., None])
    return np.concatenate(found, 2)


def grown_forest(rasters: Sequence[Tile], seed: int = 1) -> RandomForestClassifier:
    """A random forest on single pixels, drawn from random windows of `rasters`."""
    rng = np.random.default_rng(seed)
    areas = np.array([raster.truth.size for raster in rasters], float)
    samples, labels = [], []
    for number in rng.choice(len(rasters), _WINDOWS, p=areas / areas.sum()):
        raster = rasters[number]
        row, col = (int(rng.integers(max(n - _WINDOW_PX, 0) + 1)) for n in raster.truth.shape)
        window = (slice(row, row + _WINDOW_PX), slice(col, col + _WINDOW_PX))
        truth = raster.truth[window].ravel()
        known = np.flatnonzero(truth != IGNORE)
        if known.size:
            picked = rng.choice(known, min(_PIXELS, known.size), replace=False)
            samples.append(features(raster.image[window]).reshape(truth.size, -1)[picked])
            labels.append(truth[picked])
    forest = RandomForestClassifier(_TREES, min_samples_leaf=10, n_jobs=-1, random_state=seed)
    return forest.fit(np.concatenate(samples), np.concatenate(labels))


def forest_probabilities(forest: RandomForestClassifier, image: Image, classes: int) -> Probabilities:
    """Probabilities (K, H, W) of each pixel by itself."""
    height, width = image.shape[:2]
    found = forest.predict_proba(features(image).reshape(height * width, -1))
    out = np.zeros((classes, height, width), np.float32)
    out[forest.classes_.astype(int)] = found.T.reshape(-1, height, width)
    return out
