"""`idgbr pretrain`: trains a DiffPrior on rasters without labels, and writes it as a model of kind prior."""

from __future__ import annotations

import copy
import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import nn

from idgbr.errors import InputError
from idgbr.evaluation.curves import Measure
from idgbr.models.card import PriorCard, sha256_of, write_card
from idgbr.models.coarse import NOISE_KEY
from idgbr.monitor import Monitor
from idgbr.noise import position_noise
from idgbr.raster.reader import RasterSource
from idgbr.training.architectures import PRIOR_WEIGHTS, load_prior
from idgbr.training.curve_page import CurveFile, CurveReader
from idgbr.training.diff_prior import (
    SIZES,
    DiffPrior,
    PriorBatch,
    PriorSize,
    noise_std,
    prior_loss,
    without_untrained_taps,
)
from idgbr.training.labels import IGNORE
from idgbr.training.limits import planned_steps, steps_of, within_memory
from idgbr.training.loop import hardware, to_device, train, training_device
from idgbr.training.own_rasters import Block, blocks_of, has_data, store, without
from idgbr.training.places import Place
from idgbr.training.train_coarse import to_tensor

#: Upper edges of the bins of noise (σ) in which the loss is measured; each is measured at its middle.
BINS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)
#: Bins that tell when a training may end: those of the levels at which features are taken.
_TELLING = slice(1, 4)
#: Learning rate, and crops of a look at the held-out blocks.
_LEARNING_RATE, _HELD_OUT = 2e-4, 16
#: Looks over a training; after `_FLAT` without a gain of `_GAIN` in the telling bins, it ends in its second half.
_LOOKS, _FLAT, _GAIN = 40, 5, 0.002
_NAME, LOSSES, BEST = "prior", "prior.losses.csv", "prior.best.safetensors"


@dataclass(frozen=True)
class PretrainConfig:
    """A pre-training: size of the network, steps, most minutes (0: no limit), crops of a step and their side in px."""

    size: str = "cpu"
    steps: int = 20_000
    minutes: float = 0.0
    batch: int = 8
    crop: int = 256
    seed: int = 1
    start_from: str | None = None


def run_pretraining(
    sources: Sequence[RasterSource], card: PriorCard, config: PretrainConfig, *, run: Path, model: Path, command: str,
    device: str, monitor: Monitor,
) -> dict[str, Any]:  # fmt: skip
    """Train in the folder `run`, or resume what is there, and write the model folder `model`; returns its figures.

    `card` has id, bands and value scaling of the model.
    """
    where, began = training_device(device, monitor), time.monotonic()
    places = [store(source, card, None, run / f"raster{n}", monitor) for n, source in enumerate(sources)]
    training, held = split(places, config)
    net = new_prior(card.bands, config, monitor)
    steps, losses = train_prior(net, places, training, held, config, run, where, monitor)
    net.load_state_dict(load_file(run / BEST))
    model.mkdir(parents=True, exist_ok=True)
    weights = without_untrained_taps(net, config.crop).state_dict()
    save_file({name: value.cpu().contiguous() for name, value in weights.items()}, model / PRIOR_WEIGHTS)
    by_bin = {f"noise up to {edge:g}": round(loss, 5) for edge, loss in zip(BINS, losses, strict=True)}
    record = {
        "command": command, "steps": steps, "batch": config.batch, "crop": config.crop,
        "start_from": Path(config.start_from).name if config.start_from else "random weights",
        "minutes": round((time.monotonic() - began) / 60, 1), "hardware": hardware(where),
        "data": {place.name: "without labels" for place in places},
    }  # fmt: skip
    gsd = [place.gsd_m for place in places]
    card = replace(
        card, gsd_range_m=(round(min(gsd), 4), round(max(gsd), 4)), tile=config.crop,
        files={PRIOR_WEIGHTS: sha256_of(model / PRIOR_WEIGHTS)}, license="as that of the training data",
        unshuffle=net.size.unshuffle, widths=net.size.widths, blocks=net.size.blocks,
        accuracy={"held-out blocks": {"squared error": by_bin}}, further={"training": record},
    )  # fmt: skip
    write_card(model, card)
    return {"steps": steps, "loss_telling": round(float(np.mean(losses[_TELLING])), 5), "losses": by_bin}


def split(places: Sequence[Place], config: PretrainConfig) -> tuple[list[Block], list[Block]]:
    """Blocks to train on, and about a tenth of them held out. Raises InputError without any data."""
    blocks = [b for n, place in enumerate(places) for b in blocks_of(place, n)]
    blocks = [b for b in blocks if has_data(places[b.raster], b).mean() > 0.5]
    if not blocks:
        raise InputError(f"{places[0].dataset}: has hardly any data; give other rasters.")
    order = np.random.default_rng(config.seed).permutation(len(blocks))
    count = min(max(1, len(blocks) // 10), len(blocks) - 1)
    return [blocks[n] for n in order[count:]], [blocks[n] for n in order[:count]] or blocks


def new_prior(bands: int, config: PretrainConfig, monitor: Monitor) -> DiffPrior:
    """The network with the weights that it begins with; layers of another number of bands are new."""
    torch.manual_seed(config.seed)
    if not config.start_from:
        return DiffPrior(bands, SIZES[config.size])
    before, card = load_prior(config.start_from)
    net = DiffPrior(bands, PriorSize(card.unshuffle, card.widths, card.blocks))
    fitting = {n: v for n, v in before.state_dict().items() if v.shape == net.state_dict()[n].shape}
    net.load_state_dict(fitting, strict=False)
    if card.bands != bands:
        monitor.warn(
            f"{config.start_from}: was trained on {card.bands} bands, not {bands}; its first and last layer begin with "
            "random weights."
        )
    return net


def train_prior(
    net: DiffPrior, places: Sequence[Place], training: Sequence[Block], held: Sequence[Block], config: PretrainConfig,
    run: Path, device: torch.device, monitor: Monitor,
) -> tuple[int, list[float]]:  # fmt: skip
    """Train; returns the steps done and the loss of each bin of the best weights, which are in the run folder."""
    test = crops(places, held, config.crop, np.random.default_rng(config.seed), _HELD_OUT, inside=True)
    shown = [without(place, n, held, run / f"raster{n}") for n, place in enumerate(places)]

    def attempt(count: int) -> None:
        def draw(rng: np.random.Generator) -> PriorBatch:
            batch = crops(shown, training, config.crop, rng, count)
            return batch._replace(std=noise_std(torch.from_numpy(rng.uniform(size=count).astype(np.float32))))

        begun = copy.deepcopy(net)
        steps = planned_steps(
            begun, draw, prior_loss, steps=config.steps, minutes=config.minutes, folder=run, device=device,
            monitor=monitor,
        )  # fmt: skip
        watch = LossWatch(test, steps, run, device, monitor)
        train(
            begun, draw, prior_loss, steps=steps, folder=run, name=_NAME, learning_rate=_LEARNING_RATE,
            seed=config.seed, ema_decay=0.9999, log_every=watch.every, device=device, workers=2, watch=watch,
            monitor=monitor,
        )  # fmt: skip

    within_memory(attempt, config.batch, config.crop, device, monitor)
    rows = read_losses(run)
    best = min(rows, key=lambda row: float(np.mean(row[1:][_TELLING])))
    return int(rows[-1][0]), list(best[1:])


class LossWatch:
    """Measures the loss by noise on held-out blocks, keeps the best weights, and ends a training that is flat."""

    def __init__(self, test: PriorBatch, steps: int, run: Path, device: torch.device, monitor: Monitor) -> None:
        self._test, self._steps, self._run, self._device, self._monitor = test, steps, run, device, monitor
        self.every = max(1, steps // _LOOKS)

    def __call__(self, net: nn.Module, step: int) -> bool:
        """After a step: whether the training ends."""
        if step % self.every and step != self._steps:
            return False
        assert isinstance(net, DiffPrior)
        losses = by_noise(net.eval(), self._test, self._device)
        rows = [row for row in read_losses(self._run) if row[0] < step]
        before = [float(np.mean(row[1:][_TELLING])) for row in rows]
        now = float(np.mean(losses[_TELLING]))
        if now <= min(before, default=now):
            part = self._run / f"{BEST}.part"
            save_file({name: value.cpu().contiguous() for name, value in net.state_dict().items()}, part)
            part.replace(self._run / BEST)
        with (self._run / LOSSES).open("w", newline="") as log:
            csv.writer(log).writerows([*((int(row[0]), *row[1:]) for row in rows), (step, *losses)])
        self._monitor.info(f"Step {step}: squared error {now:.4f} of noise of deviations 0.1 to 0.5.")
        earlier = before[: max(len(before) + 1 - _FLAT, 0)]
        if 2 * step >= self._steps and earlier and min([*before, now]) > (1 - _GAIN) * min(earlier):
            self._monitor.info("The loss is flat; the training ends.")
            return True
        return False


def crops(
    places: Sequence[Place], blocks: Sequence[Block], size: int, rng: np.random.Generator, count: int, *,
    inside: bool = False,
) -> PriorBatch:  # fmt: skip
    """Crops around random pixels of the blocks, flipped and turned by right angles; σ is 0.

    With `inside` only pixels of the crop's block count.
    """
    images, known, noises = [], [], []
    for _ in range(count):
        block = blocks[int(rng.integers(len(blocks)))]
        image, valid = _crop(places[block.raster], block, size, rng, inside)
        turn, step = int(rng.integers(4)), int(rng.choice([-1, 1]))
        images.append(np.rot90(image, turn)[:, ::step])
        known.append(np.rot90(valid, turn)[:, ::step])
        corner = rng.integers(1 << 20, size=2)
        noises.append(position_noise(int(corner[0]), int(corner[1]), size, size, image.shape[2], NOISE_KEY))
    return PriorBatch(
        to_tensor(np.stack(images)) * 2 - 1, torch.from_numpy(np.stack(known))[:, None].float(),
        torch.from_numpy(np.stack(noises)), torch.zeros(count),
    )  # fmt: skip


def _crop(
    place: Place, block: Block, size: int, rng: np.random.Generator, inside: bool
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A square (size, size, bands), and where it counts; beyond the raster it is mirrored and does not count."""
    rows, cols = place.labels.shape
    row = int(np.clip(block.row + rng.integers(block.height) - size // 2, 0, max(rows - size, 0)))
    col = int(np.clip(block.col + rng.integers(block.width) - size // 2, 0, max(cols - size, 0)))
    at = np.s_[row : row + size, col : col + size]
    image, valid = place.levels[0][at], place.labels[at] != IGNORE
    if inside:
        top, left = max(block.row - row, 0), max(block.col - col, 0)
        there = np.zeros(valid.shape, bool)
        there[top : block.row + block.height - row, left : block.col + block.width - col] = True
        valid = valid & there
    pad = ((0, size - valid.shape[0]), (0, size - valid.shape[1]))
    return np.pad(image, (*pad, (0, 0)), mode="symmetric"), np.pad(valid, pad)


@torch.inference_mode()
def by_noise(net: DiffPrior, test: PriorBatch, device: torch.device) -> list[float]:
    """Squared error of the noise in each of `BINS`, at its middle, over the crops of `test`."""
    losses = []
    for low, high in zip((0.0, *BINS[:-1]), BINS, strict=True):
        std = torch.full((1,), (low + high) / 2)
        parts = []
        for image, known, noise in zip(test.image, test.known, test.noise, strict=True):
            batch = PriorBatch(image[None], known[None], noise[None], std)
            parts.append(prior_loss(net, to_device(batch, device)))
        losses.append(round(float(torch.stack(parts).mean()), 6))
    return losses


def curve_reader(run: Path) -> CurveReader:
    """Reads the curves of the pre-training in a run folder."""

    def telling(row: Sequence[float]) -> float:
        return float(np.mean(row[_TELLING]))

    measure = Measure("Squared error of the noise on held-out blocks", lowest=True)
    return CurveReader(
        partial(steps_of, run), [CurveFile(run / f"{_NAME}.csv")], CurveFile(run / LOSSES, telling), measure
    )


def read_losses(run: Path) -> list[tuple[float, ...]]:
    """Rows of the step and the loss of each bin."""
    path = run / LOSSES
    return [tuple(map(float, row)) for row in csv.reader(path.read_text().splitlines())] if path.exists() else []
