"""Full training of a network for the user's classes, chosen by validation blocks (`idgbr train --task segment`)."""

from __future__ import annotations

import copy
import csv
import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.evaluation.confusion import mean_iou
from idgbr.evaluation.curves import Point
from idgbr.models.coarse import NOISE_KEY
from idgbr.monitor import Monitor
from idgbr.noise import position_noise
from idgbr.training.architectures import noise_channels, pretrained_part
from idgbr.training.curve_page import CurveFile, CurveReader
from idgbr.training.limits import planned_steps, steps_of, within_memory
from idgbr.training.loop import train
from idgbr.training.own_rasters import class_pixels, positions
from idgbr.training.places import Place
from idgbr.training.sampling import Crop, degrade, sample_crop
from idgbr.training.segment_config import SegmentConfig
from idgbr.training.segment_loss import segment_loss
from idgbr.training.segment_validation import Validation
from idgbr.training.train_coarse import to_tensor

#: Files of a run folder: the loss, the looks at the validation blocks, the best weights.
LOSSES, LOOKS, BEST = "segment.csv", "segment.judged.csv", "segment.best.safetensors"
#: Scale of crops: pixels of a crop per pixel of the raster are 1 / these.
SCALES = (0.8, 2.0)
#: Learning rate of layers with learned weights, as a share of that of new ones.
_PRETRAINED_RATE = 1 / 6
#: Share of the steps in which the learning rate rises, and the share of it at the end.
_WARM_UP, _LAST = 0.05, 0.02


class Batch(NamedTuple):
    """Images (N, bands, S, S) in 0…1, labels (N, S, S) uint8, noise (N, channels, S, S), of which there may be none."""

    image: Tensor
    labels: Tensor
    noise: Tensor


class CropSampler:
    """Draws augmented crops around labelled pixels, all classes alike."""

    def __init__(self, places: Sequence[Place], classes: int, channels: int, config: SegmentConfig) -> None:
        rng = np.random.default_rng(config.seed)
        self._places, self._channels, self._config = places, channels, config
        found = [positions(place, classes, rng) for place in places]
        self._where = [
            [(place, spots[label]) for place, spots in zip(places, found, strict=True) if len(spots[label])]
            for label in range(classes)
        ]
        self._classes = [label for label, where in enumerate(self._where) if where]

    def batch(self, rng: np.random.Generator, count: int) -> Batch:
        """`count` crops."""
        size = self._config.size
        crops = [self._crop(rng, size) for _ in range(count)]
        noise = np.empty((count, self._channels, size, size), np.float32)
        for sample in noise if self._channels else ():
            corner = rng.integers(1 << 20, size=2)
            sample[...] = position_noise(int(corner[0]), int(corner[1]), size, size, self._channels, NOISE_KEY)
        images = to_tensor(np.stack([degrade(crop.image, rng) for crop in crops]))
        return Batch(images, torch.from_numpy(np.stack([crop.labels for crop in crops])), torch.from_numpy(noise))

    def _crop(self, rng: np.random.Generator, size: int) -> Crop:
        where = self._where[rng.choice(self._classes)]
        place, spots = where[rng.integers(len(where))]
        row, col = spots[rng.integers(len(spots))] + rng.uniform(-size / 3, size / 3, 2)
        gsd_range = (SCALES[0] * place.gsd_m, SCALES[1] * place.gsd_m)
        return sample_crop(place, size, rng, gsd_range=gsd_range, centre=(float(row), float(col)))


def batch_loss(net: nn.Module, batch: Batch, weights: Tensor) -> Tensor:
    """`segment_loss` of a network on a batch."""
    inputs = (batch.image, batch.noise) if batch.noise.shape[1] else (batch.image,)
    return segment_loss(net(*inputs), batch.labels, weights)


def class_weights(pixels: NDArray[np.int64], *, balanced: bool) -> Tensor:
    """Weight of each class in the loss: the inverse root of its frequency, 1 for the mean pixel."""
    if not balanced:
        return torch.ones(len(pixels))
    share = np.maximum(pixels / max(pixels.sum(), 1), 1e-4)
    weights = 1 / np.sqrt(share)
    return torch.tensor(weights / (weights * share).sum(), dtype=torch.float32)


def schedule(step: int, steps: int) -> float:
    """Learning rate of a step, as a share of the highest: warm-up, then a cosine."""
    rising = max(1, round(_WARM_UP * steps))
    return min(1.0, (step + 1) / rising) * (_LAST + (1 - _LAST) * 0.5 * (1 + math.cos(math.pi * step / steps)))


def optimizer_of(net: nn.Module, learning_rate: float) -> torch.optim.Optimizer:
    """AdamW over all layers that learn; those with learned weights learn more slowly."""
    part = pretrained_part(net)
    slow = {id(p) for p in part.parameters()} if part is not None else set()
    learning = [p for p in net.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in learning if id(p) not in slow], "rate": 1.0},
        {"params": [p for p in learning if id(p) in slow], "rate": _PRETRAINED_RATE},
    ]
    return torch.optim.AdamW([group for group in groups if group["params"]], lr=learning_rate, weight_decay=0.01)


class Trained(NamedTuple):
    """The best weights, their step, the steps trained, and the mIoU of the validation blocks, NaN without any."""

    net: nn.Module
    best_step: int
    steps: int
    miou: float


def train_segmenter(
    net: nn.Module, places: Sequence[Place], validation: Validation | None, classes: int, config: SegmentConfig,
    folder: Path, device: torch.device, monitor: Monitor,
) -> Trained:  # fmt: skip
    """Train `net` on `places`; the weights best on the validation come back, without one the last ones.

    An interrupted run resumes. If memory runs out, the batch is halved, and the run goes on from its checkpoint. Raises
    DeviceError if a single crop does not fit.
    """
    sampler = CropSampler(places, classes, noise_channels(net), config)
    weights = class_weights(class_pixels(places, classes), balanced=config.class_weights).to(device)
    loss_of = partial(batch_loss, weights=weights)

    def attempt(count: int) -> Trained:
        begun = copy.deepcopy(net)

        def make_batch(rng: np.random.Generator) -> Batch:
            return sampler.batch(rng, count)

        steps = planned_steps(
            begun, make_batch, loss_of, steps=config.steps, minutes=config.minutes, folder=folder, device=device,
            monitor=monitor,
        )  # fmt: skip
        watch = Watch(validation, steps, config, folder, monitor)
        last = train(
            begun, make_batch, loss_of, steps=steps, folder=folder, name="segment", learning_rate=config.learning_rate,
            seed=config.seed, log_every=watch.every, schedule=schedule, optimizer_of=optimizer_of, device=device,
            workers=2, watch=watch, monitor=monitor,
        )  # fmt: skip
        return watch.best(last.cpu())

    return within_memory(attempt, config.batch, config.size, device, monitor)


def curve_reader(folder: Path) -> CurveReader:
    """Reads the curves of the training in a run folder."""
    return CurveReader(partial(steps_of, folder), [CurveFile(folder / LOSSES)], CurveFile(folder / LOOKS))


def _looks(folder: Path) -> list[Point]:
    """Steps and scores of the looks at the validation blocks so far."""
    file = CurveFile(folder / LOOKS)
    file.refresh()
    return file.points


class Watch:
    """Looks at the validation blocks, keeps the best weights, and ends a training that no longer improves."""

    def __init__(
        self, validation: Validation | None, steps: int, config: SegmentConfig, folder: Path, monitor: Monitor
    ) -> None:
        self._validation, self._steps, self._config = validation, steps, config
        self._folder, self._monitor = folder, monitor
        self.every = max(1, steps // max(config.looks, 1))

    def __call__(self, net: nn.Module, step: int) -> bool:
        """After a step: whether the training ends."""
        if self._validation is None or (step % self.every and step != self._steps):
            return False
        net.eval()
        miou = mean_iou(self._validation.counts(net, self._monitor))
        before = [row for row in _looks(self._folder) if row.x < step]
        best = max((score for _, score in before), default=-1.0)
        if miou > best:
            part = self._folder / f"{BEST}.part"
            save_file({name: value.cpu().contiguous() for name, value in net.state_dict().items()}, part)
            part.replace(self._folder / BEST)
        with (self._folder / LOOKS).open("w", newline="") as log:
            csv.writer(log).writerows([*before, (step, round(miou, 5))])
        self._monitor.info(f"Step {step}: mIoU {miou:.1%} on the validation blocks.")
        scores = [score for _, score in before] + [miou]
        if 2 * step >= self._steps and len(scores) - 1 - int(np.argmax(scores)) >= self._config.patience:
            self._monitor.info(f"No better for {self._config.patience} looks; the training ends.")
            return True
        return False

    def best(self, last: nn.Module) -> Trained:
        """The best weights, in `last`."""
        rows = _looks(self._folder)
        if not rows:
            return Trained(last.eval(), self._steps, self._steps, float("nan"))
        last.load_state_dict(load_file(self._folder / BEST))
        step, miou = max(rows, key=lambda row: row.y)
        return Trained(last.eval(), step, rows[-1].x, miou)
