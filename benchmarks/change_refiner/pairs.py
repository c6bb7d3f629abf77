"""Pairs of dates as the refiner meets them in `idgbr detect-changes`, and training samples cut from them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.change import write
from benchmarks.change_sets import IGNORED, Pair
from idgbr.change.classify import reach_px
from idgbr.engines.devices import choose_device
from idgbr.jobs.detect_changes import Comparison
from idgbr.monitor import Monitor
from idgbr.parameters import DetectChangesParameters
from idgbr.refiner.acceptance import boundaries
from idgbr.refiner.sampler import TURNS, turned
from idgbr.tiling.score_store import ScoreStore
from idgbr.training.change_pairs import CropSource
from idgbr.training.damage import damaged, identity, without_ignored
from idgbr.training.places import Place
from idgbr.training.train_refiner import Batch, collated, right_inside, with_codes

#: Side of made pairs, px.
MADE_PX = 512
#: How often a sample's coarse map is the networks' own, and how often it is perfect; else the truth is damaged.
OWN_SHARE, PERFECT_SHARE = 0.6, 0.1
#: How often the date taken for the visible one is the other.
SWAPPED_SHARE = 0.1


@dataclass(frozen=True)
class SeenPair:
    """Pair of dates after the change model.

    Attributes:
        name: Of the pair.
        visible: Around each change the date in which the object stands, (3, H, W) uint8: what the shipped refiner sees.
        other: The other date, (3, H, W) uint8.
        decided: Probabilities of `idgbr.change.classify.CLASSES` in 255ths, (4, H, W) uint8.
        truth: 1 where something changed, 0, or `IGNORED`, (H, W) uint8.
    """

    name: str
    visible: NDArray[np.uint8]
    other: NDArray[np.uint8]
    decided: NDArray[np.uint8]
    truth: NDArray[np.uint8]


def seen(pairs: Iterable[Pair], cache: Path, model: str, device: str) -> Iterator[SeenPair]:
    """Pairs after the stages of `idgbr detect-changes` that come before the refiner; kept in `cache`."""
    cache.mkdir(parents=True, exist_ok=True)
    for pair in pairs:
        kept = cache / f"{pair.name.replace(' ', '_')}.npz"
        if not kept.exists():
            part = kept.with_suffix(".part.npz")
            found = _looked_at(pair, model, device)
            np.savez_compressed(part, **{n: v for n, v in vars(found).items() if n != "name"})
            part.replace(kept)
        with np.load(kept) as stored:
            yield SeenPair(pair.name, **stored)


def _looked_at(pair: Pair, model: str, device: str) -> SeenPair:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        before, after = (write(folder / f"{n}.tif", getattr(pair, n)) for n in ("before", "after"))
        parameters = DetectChangesParameters(before, after, str(folder / "x.gpkg"), model=model, refine=False)
        run = Comparison.opened(parameters, folder, Monitor(), stack)
        run.use(choose_device(device, Monitor()))
        height, width = size = run.grid.height, run.grid.width
        *stages, _ = run.stages()  # without what writes the result
        for stage in stages:
            with stage.open(stage.path) as rows:
                for _ in stage.run(rows, Monitor()):
                    pass
        with stages[-1].open(stages[-1].path, height) as scores:
            assert isinstance(scores, ScoreStore)
            decided = np.rint(scores.read(0, height) * 255).astype(np.uint8)
        with run.evidence.on(size, reach_px(run.before.gsd_m)) as evidence:
            gone = evidence.gone(0, height, 0, width)
    visible, other = (np.where(gone, *dates) for dates in ((pair.before, pair.after), (pair.after, pair.before)))
    return SeenPair(pair.name, visible, other, decided, pair.truth)


def made_pairs(places: Sequence[Place], count: int, seed: int) -> Iterator[Pair]:
    """Pairs made of single-date labels, as the change model is trained on."""
    source = CropSource(places, MADE_PX)
    for number in range(count):
        made = source.pair(np.random.default_rng([seed, number]))
        truth = np.where(made.known, made.changed, IGNORED).astype(np.uint8)
        yield Pair(f"made {seed} {number}", np.moveaxis(made.before, 2, 0), np.moveaxis(made.after, 2, 0), truth)


def batches(pairs: Sequence[SeenPair], batch: int, size: int) -> Callable[[np.random.Generator], Batch]:
    """What makes a batch from a random generator: images of both dates, the visible one first, (N, 6, size, size)."""

    def make_batch(rng: np.random.Generator) -> Batch:
        samples: list[tuple[NDArray[Any], ...]] = []
        while len(samples) < batch:
            sample = make_sample(pairs[int(rng.integers(len(pairs)))], size, rng)
            if sample is not None:
                samples.append(sample)
        return collated(samples)

    return make_batch


def make_sample(pair: SeenPair, size: int, rng: np.random.Generator) -> tuple[NDArray[Any], ...] | None:
    """A crop as arrays in the order of `Batch`, or None where there is no boundary to learn from.

    Of classes there are two, unchanged and changed: what happened is the same all over an object.
    """
    dates = [pair.visible, pair.other] if rng.random() >= SWAPPED_SHARE else [pair.other, pair.visible]
    height, width = pair.truth.shape
    row, col = rng.integers(height - size + 1), rng.integers(width - size + 1)
    stack = np.concatenate([*dates, pair.decided[1:].max(0, keepdims=True), pair.truth[None]])
    stack = turned(stack[:, row : row + size, col : col + size], int(rng.integers(TURNS)))
    image, labels = np.moveaxis(stack[:-2], 0, 2), stack[-1]
    change = stack[-2].astype(np.float32) / np.float32(255)
    own = np.stack([1 - change, change], 2)
    if (labels == IGNORED).mean() > 0.5:
        return None
    truth = without_ignored(labels)
    draw = rng.random()
    if draw < OWN_SHARE:
        probabilities = own
        if rng.random() < 0.5 and boundaries(truth).any():
            # Whole objects that the networks missed or made up cannot be mended at their boundary.
            probabilities = right_inside(own, truth, 2, float(rng.uniform(6, 24)))
    elif draw < OWN_SHARE + PERFECT_SHARE:
        probabilities = identity(truth, 2, rng)
    else:
        probabilities = damaged(truth, 2, rng)
    if not (boundaries(truth) | boundaries(probabilities.argmax(2).astype(np.uint8))).any():
        return None
    return image, *with_codes(labels, probabilities, rng)
