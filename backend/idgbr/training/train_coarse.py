"""Training of the coarse networks, and their out-of-fold predictions, from which the refiner learns real mistakes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.training.backbone_loss import coarse_loss
from idgbr.training.labels import IGNORE
from idgbr.training.loop import console, train
from idgbr.training.networks import CoarseProbabilities
from idgbr.training.places import LANDCOVER, Place
from idgbr.training.producers import ARCHITECTURES, SHIPPED
from idgbr.training.sampling import degrade, sample_crop

#: A little finer than the finest at which coarse models run (see their cards).
GSD_RANGE_M = (0.2, 1.0)
#: Working resolutions at which out-of-fold predictions are kept for the refiner: those at which coarse models run.
OUT_OF_FOLD_GSD_M = (0.3, 0.5)
#: How often each data set is drawn.
_SHARE = {
    "landcover": {
        "landcover_dubai_hitl": 0.5,
        "buildings_oam_drone": 0.1,
        "buildings_spacenet1_rio": 0.05,
        "procedural": 0.35,
    },
    "buildings": {
        "landcover_dubai_hitl": 0.2,
        "buildings_oam_drone": 0.4,
        "buildings_spacenet1_rio": 0.1,
        "procedural": 0.3,
    },
    "both": {
        "landcover_dubai_hitl": 0.35,
        "buildings_oam_drone": 0.27,
        "buildings_spacenet1_rio": 0.08,
        "procedural": 0.3,
    },
}


def train_coarse(
    places: Sequence[Place],
    *,
    task: str,
    classes: int,
    steps: int,
    folder: Path,
    name: str,
    architecture: str = SHIPPED,
    start_from: Path | None = None,
    seed: int = 1,
    batch: int = 8,
    size: int = 256,
    learning_rate: float = 2e-3,
) -> nn.Module:
    """Train one coarse network on `places`; layers of `start_from` (safetensors) that fit are taken over."""
    weights = folder / f"{name}.safetensors"
    net = ARCHITECTURES[architecture](3, classes)
    if weights.exists():
        net.load_state_dict(load_file(weights))
        return net.eval()
    if start_from is not None:
        have = net.state_dict()
        net.load_state_dict({k: v for k, v in load_file(start_from).items() if have[k].shape == v.shape}, strict=False)
    groups = {d: [p for p in places if p.dataset == d] for d in _SHARE[task]}
    groups = {d: g for d, g in groups.items() if g}
    shares = np.array([_SHARE[task][d] for d in groups])
    shares /= shares.sum()
    pools = list(groups.values())

    def make_batch(rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        images: list[NDArray[np.uint8]] = []
        labels: list[NDArray[np.uint8]] = []
        while len(images) < batch:
            pool = pools[rng.choice(len(pools), p=shares)]
            area = np.array([np.sqrt(p.labels.size) for p in pool])
            place = pool[rng.choice(len(pool), p=area / area.sum())]
            crop = sample_crop(place, size, rng, gsd_range=GSD_RANGE_M)
            if (crop.labels == IGNORE).mean() > 0.5:
                continue
            images.append(degrade(crop.image, rng))
            labels.append(crop.labels)
        return to_tensor(np.stack(images)), torch.from_numpy(np.stack(labels))

    def loss_of(model: nn.Module, data: tuple[Tensor, Tensor]) -> Tensor:
        image, label = data
        # At half the resolution: finer than most logits are, and a quarter of the cost.
        logits = model(image)
        logits = F.interpolate(logits, size=label[:, ::2, ::2].shape[1:], mode="bilinear", align_corners=False)
        return coarse_loss(logits.float(), label[:, ::2, ::2])

    trained = train(
        net, make_batch, loss_of, steps=steps, folder=folder, name=name, learning_rate=learning_rate, seed=seed
    )
    save_file({k: v.contiguous() for k, v in trained.state_dict().items()}, weights)
    return trained


def to_tensor(images: NDArray[np.uint8]) -> Tensor:
    """(N, H, W, 3) uint8 → (N, 3, H, W) float 0…1, channels last in memory."""
    return (torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255.0).contiguous(memory_format=torch.channels_last)


@torch.inference_mode()
def place_probabilities(
    net: nn.Module, place: Place, gsd_m: float, tile: int = 512, halo: int = 64
) -> NDArray[np.float32]:
    """Probabilities of a whole place at a working GSD, (h, w, K) float32."""
    factor = place.gsd_m / gsd_m
    level = int(np.clip(np.floor(np.log2(max(1.0 / factor, 1.0))), 0, len(place.levels) - 1))
    height, width = (max(32, round(n * factor)) for n in place.labels.shape)
    image = cv2.resize(
        place.levels[level], (width, height), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    )
    predict = CoarseProbabilities(net).eval()
    pad = ((halo, halo + tile), (halo, halo + tile), (0, 0))
    padded = np.pad(image, pad, mode="symmetric" if min(height, width) > halo + tile else "edge")
    out: NDArray[np.float32] | None = None
    for row in range(0, height, tile):
        for col in range(0, width, tile):
            window = padded[row : row + tile + 2 * halo, col : col + tile + 2 * halo]
            p = predict(to_tensor(window[None].astype(np.uint8)))[0, :, halo : halo + tile, halo : halo + tile]
            if out is None:
                out = np.empty((height, width, p.shape[0]), np.float32)
            part = out[row : row + tile, col : col + tile]
            part[...] = p.permute(1, 2, 0).numpy()[: part.shape[0], : part.shape[1]]
    assert out is not None
    return out


def predict_place(net: nn.Module, place: Place, gsd_m: float) -> NDArray[np.uint8]:
    """Probabilities of a whole place at a working GSD, (h, w, K) uint8 (255 = 1)."""
    return (place_probabilities(net, place, gsd_m) * 255 + 0.5).astype(np.uint8)


def out_of_fold(places: Sequence[Place], *, steps: Mapping[str, int], folder: Path) -> None:
    """Fill `coarse` of every place with predictions of networks that never saw its fold. Cached in `folder`.

    `steps` gives the training steps of each architecture.
    """
    for architecture, fold in itertools.product(steps, (0, 1)):
        name = f"{architecture}_fold{fold}"
        net = train_coarse(
            [p for p in places if p.fold != fold], task="both", classes=len(LANDCOVER), steps=steps[architecture],
            folder=folder, name=name, architecture=architecture, seed=11 + fold,
        )  # fmt: skip
        cache = folder / f"out_of_{name}"
        cache.mkdir(exist_ok=True)
        for place in (p for p in places if p.fold == fold):
            for gsd in working_gsds(place):
                path = cache / f"{place.name}_{gsd:g}.npy"
                if not path.exists():
                    np.save(path, predict_place(net, place, gsd))
                place.coarse[architecture, gsd] = np.load(path)
        console.print(f"out-of-fold predictions of {name} ready", highlight=False)


def working_gsds(place: Place) -> list[float]:
    """Ground sample distances at which a place is predicted: those near its own, else its own."""
    finest, coarsest = place.gsd_m * 0.7, max(place.gsd_m * 4.5, 0.3)
    return [gsd for gsd in OUT_OF_FOLD_GSD_M if finest <= gsd <= coarsest] or [place.gsd_m]
