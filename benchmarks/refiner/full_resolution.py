"""A U-Net at full resolution, of the refiner's cost, that never sees the coarse map: is refining worth its while?

It is trained on the labelled places that the refiner is trained on and knows the five classes of the land cover, so it
only says something where a set has these, or one of them as its foreground.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from benchmarks.refiner.dense_net import DenseNet
from idgbr.training.backbone_loss import coarse_loss
from idgbr.training.calibrate import is_calibration_place
from idgbr.training.labels import IGNORE
from idgbr.training.loop import train
from idgbr.training.places import LANDCOVER, Place
from idgbr.training.sampling import degrade, sample_crop
from idgbr.training.train_refiner import GSD_RANGE_M

Array = NDArray[np.float32]
NAME = "full resolution"
_GRAIN = 16


class FullResolution:
    """The trained network (see `methods.Method`)."""

    def __init__(self, net: DenseNet) -> None:
        self._net = net.eval()

    @torch.inference_mode()
    def refine(self, image: Array, coarse: Array) -> Array:
        """See `Method.refine`; the coarse map only tells which class is meant, if the set has one and background.

        That is the one that agrees with it best: the benefit of the doubt.
        """
        height, width = image.shape[1:]
        pad = ((0, 0), (0, -height % _GRAIN), (0, -width % _GRAIN))
        wide = torch.from_numpy(np.pad(image, pad, mode="symmetric"))[None]
        found: Array = self._net((wide - 0.45) * 4.0).softmax(1)[0, :, :height, :width].numpy()
        if len(coarse) == len(LANDCOVER):
            return np.ascontiguousarray(found)
        overlap = np.minimum(found, coarse[1]).sum((1, 2)) / np.maximum(found, coarse[1]).sum((1, 2))
        share = found[int(overlap.argmax())]
        return np.stack([1 - share, share])


def load(path: Path) -> FullResolution:
    """The method that a file of weights (safetensors) holds."""
    net = DenseNet(3, len(LANDCOVER))
    net.load_state_dict(load_file(path))
    return FullResolution(net)


def full_loss(net: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
    """Cross-entropy at full resolution of images (N, 3, S, S) in 0…1 and labels (N, S, S), some of buildings alone."""
    image, labels = batch
    return coarse_loss(net((image - 0.45) * 4.0).float(), labels)


def train_full_resolution(
    places: Sequence[Place], *, steps: int, folder: Path, batch: int = 8, size: int = 128
) -> Path:
    """Train on the places with sharp labels, all data sets alike; resumes. Returns the file of weights."""
    path = folder / f"{NAME}.safetensors"
    if path.exists():
        return path
    groups: dict[str, list[Place]] = {}
    for place in places:
        if place.sharp_labels and not is_calibration_place(place):
            groups.setdefault(place.dataset, []).append(place)
    pools = list(groups.values())

    def make_batch(rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        images: list[NDArray[np.uint8]] = []
        labels: list[NDArray[np.uint8]] = []
        while len(images) < batch:
            pool = pools[rng.integers(len(pools))]
            area = np.array([np.sqrt(place.labels.size) for place in pool])
            crop = sample_crop(pool[rng.choice(len(pool), p=area / area.sum())], size, rng, gsd_range=GSD_RANGE_M)
            if (crop.labels == IGNORE).mean() <= 0.5:
                images.append(degrade(crop.image, rng) if rng.random() < 0.6 else crop.image)
                labels.append(crop.labels)
        image = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float() / 255.0
        return image.contiguous(memory_format=torch.channels_last), torch.from_numpy(np.stack(labels))

    torch.manual_seed(7)
    net = train(
        DenseNet(3, len(LANDCOVER)), make_batch, full_loss, steps=steps, folder=folder, name=NAME, learning_rate=2e-3,
        seed=7,
    )  # fmt: skip
    save_file({key: value.contiguous() for key, value in net.state_dict().items()}, path)
    return path
