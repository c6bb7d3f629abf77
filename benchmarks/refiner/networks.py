"""Coarse networks that learn a test set's imagery: an attention network, an atrous pyramid, a U-Net."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (the name every torch user knows)
from numpy.typing import NDArray
from torch import Tensor, nn

from benchmarks.refiner.tiles import IGNORE, Image, Tile
from idgbr.training.loop import train
from idgbr.training.places import Place
from idgbr.training.producers import DilatedNet, FineUNet
from idgbr.training.sampling import degrade, sample_crop

_CROP_PX, _BATCH = 224, 6
_LEARNING_RATE = 2e-3
#: Sides of what the networks read are multiples of this.
_GRAIN = 32


class SegFormer(nn.Module):
    """SegFormer in small, from random weights: (N, 3, H, W) in 0…1 → logits (N, classes, H/4, W/4)."""

    stride = 4

    def __init__(self, bands: int, classes: int) -> None:
        super().__init__()
        from transformers import SegformerConfig, SegformerForSemanticSegmentation

        config = SegformerConfig(
            num_channels=bands, num_labels=classes, depths=[2, 2, 2, 2], hidden_sizes=[32, 64, 128, 192],
            decoder_hidden_size=128, drop_path_rate=0.0, classifier_dropout_prob=0.0,
        )  # fmt: skip
        self.net = SegformerForSemanticSegmentation(config)

    def forward(self, image: Tensor) -> Tensor:
        """Logits at a quarter of the size."""
        return self.net(pixel_values=(image - 0.45) * 4.0).logits  # type: ignore[no-any-return]


#: Networks by the producer's name: (bands, classes) → network with a `stride`.
NETWORKS: dict[str, Callable[[int, int], nn.Module]] = {
    "segformer": SegFormer,
    "deeplab": DilatedNet,
    "u-net": FineUNet,
}


class Batch(NamedTuple):
    """image (N, 3, S, S) in 0…1, labels (N, S, S) with `IGNORE`."""

    image: Tensor
    labels: Tensor


def full_size(net: nn.Module, image: Tensor) -> Tensor:
    """Logits (N, classes, H, W) at the image's own size, bilinear."""
    return F.interpolate(net(image), size=image.shape[2:], mode="bilinear", align_corners=False)


def _loss(net: nn.Module, batch: Batch) -> Tensor:
    return F.cross_entropy(full_size(net, batch.image).float(), batch.labels, ignore_index=IGNORE)


def trained(name: str, rasters: Sequence[Tile], steps: int, folder: Path) -> nn.Module:
    """The network `name` trained on `rasters` for `steps`; resumes, and is read again once it is trained."""
    places = [Place(r.name, r.set, r.truth, r.gsd_m, r.fold, [r.image]) for r in rasters]
    shares = np.sqrt([r.truth.size for r in rasters])
    shares /= shares.sum()

    def make_batch(rng: np.random.Generator) -> Batch:
        crops = [_crop(places, shares, rng) for _ in range(_BATCH)]
        images = np.stack([image for image, _ in crops])
        labels = np.stack([truth for _, truth in crops])
        return Batch(torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255.0, torch.from_numpy(labels).long())

    torch.manual_seed(0)
    fold = rasters[0].fold
    return train(
        NETWORKS[name](3, rasters[0].classes), make_batch, _loss, steps=steps, folder=folder,
        name=f"{name} {steps} steps fold {fold}", learning_rate=_LEARNING_RATE, seed=fold, ema_decay=0.98,
    )  # fmt: skip


def _crop(
    places: Sequence[Place], shares: NDArray[np.float64], rng: np.random.Generator
) -> tuple[Image, NDArray[np.uint8]]:
    """A crop at the set's own scale, turned and flipped; one with a boundary if three draws find any."""
    for _ in range(3):
        place = places[rng.choice(len(places), p=shares)]
        crop = sample_crop(place, _CROP_PX, rng, gsd_range=(place.gsd_m, place.gsd_m))
        if len(np.unique(crop.labels[crop.labels != IGNORE])) > 1:
            break
    return degrade(crop.image, rng) if rng.random() < 0.5 else crop.image, crop.labels


@torch.inference_mode()
def predict(net: nn.Module, image: Image) -> NDArray[np.float32]:
    """Probabilities (K, H, W) of an image (H, W, 3), mirrored to sides that the network takes."""
    height, width = image.shape[:2]
    padded = np.pad(image, ((0, -height % _GRAIN), (0, -width % _GRAIN), (0, 0)), mode="symmetric")
    batch = torch.from_numpy(padded).permute(2, 0, 1)[None].float() / 255.0
    return full_size(net.eval(), batch).softmax(1)[0, :, :height, :width].numpy()
