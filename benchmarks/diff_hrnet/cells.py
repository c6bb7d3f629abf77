"""A cell of the comparison: an arm, a share of the labels, a seed. Its confusion by test chip is a row of a CSV."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from benchmarks.diff_hrnet.networks import build
from idgbr.evaluation.metrics import mean_iou
from idgbr.monitor import Monitor
from idgbr.training.architectures import noise_channels
from idgbr.training.labels import IGNORE
from idgbr.training.loop import train
from idgbr.training.own_rasters import Block, blocks_of, class_pixels
from idgbr.training.places import LANDCOVER, Place
from idgbr.training.segment_config import SegmentConfig
from idgbr.training.segment_validation import Validation
from idgbr.training.train_segment import CropSampler, batch_loss, class_weights, optimizer_of, schedule

CLASSES = len(LANDCOVER)
FIELDS = ("arm", "share", "seed", "steps", "seconds", "miou", "counts")


class Cell(NamedTuple):
    """What a row of the CSV is about."""

    arm: str
    share: float
    seed: int


def read_cells(path: Path) -> dict[Cell, NDArray[np.int64]]:
    """Confusion matrices (chips, K, K + 1) of the finished cells."""
    if not path.exists():
        return {}
    with path.open(newline="") as rows:
        return {
            Cell(row["arm"], float(row["share"]), int(row["seed"])): np.array(json.loads(row["counts"]), np.int64)
            for row in csv.DictReader(rows)
        }


def run_cell(
    cell: Cell, training: Sequence[Place], test: Sequence[Place], config: SegmentConfig, output: Path
) -> NDArray[np.int64]:
    """Train and measure a cell, and append its row to `output`/results.csv. An interrupted cell resumes."""
    began = time.process_time()
    places = labelled_part(training, cell.share, cell.seed)
    net = build(cell.arm, CLASSES, cell.seed, output / "priors")
    sampler = CropSampler(places, CLASSES, noise_channels(net), config)
    loss_of = partial(batch_loss, weights=class_weights(class_pixels(places, CLASSES), balanced=True))
    name = f"{cell.arm}_{cell.share:g}_{cell.seed}"
    trained = train(
        net, lambda rng: sampler.batch(rng, config.batch), loss_of, steps=config.steps, folder=output / "runs",
        name=name, learning_rate=config.learning_rate, seed=cell.seed, log_every=max(1, config.steps // 4),
        schedule=schedule, optimizer_of=optimizer_of,
    )  # fmt: skip
    counts = np.stack([_chip(trained, place) for place in test])
    row = (
        *cell,
        config.steps,
        round(time.process_time() - began, 1),
        round(mean_iou(counts.sum(0)), 5),
        json.dumps(counts.tolist()),
    )
    path = output / "results.csv"
    new = not path.exists()
    with path.open("a", newline="") as out:
        writer = csv.writer(out)
        if new:
            writer.writerow(FIELDS)
        writer.writerow(row)
    for rest in (output / "runs").glob(f"{name}.*"):
        rest.unlink()
    return counts


def _chip(net: nn.Module, place: Place) -> NDArray[np.int64]:
    whole = Block(0, 0, 0, *place.labels.shape)
    return Validation([place], [whole], CLASSES, torch.device("cpu")).counts(net, Monitor())


def labelled_part(places: Sequence[Place], share: float, seed: int) -> list[Place]:
    """The places with labels only in a share (0 to 1) of their blocks; a smaller share is part of a larger one."""
    blocks = [block for number, place in enumerate(places) for block in blocks_of(place, number)]
    order = np.random.default_rng(seed).permutation(len(blocks))[: max(1, round(share * len(blocks)))]
    labels = [np.full_like(place.labels, IGNORE) for place in places]
    for block in (blocks[n] for n in order):
        labels[block.raster][block.window] = places[block.raster].labels[block.window]
    return [
        Place(place.name, place.dataset, known, place.gsd_m, place.fold, place.levels)
        for place, known in zip(places, labels, strict=True)
    ]
