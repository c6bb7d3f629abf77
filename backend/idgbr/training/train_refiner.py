"""Training of the diffusion refiner on out-of-fold coarse maps, synthetic damage and perfect maps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.refine.bridge import SIGMA
from idgbr.refine.codes import CODE_BITS, CODE_ORDER, MAX_CLASSES
from idgbr.training.calibrate import is_calibration_place
from idgbr.training.damage import damaged, identity, nearest_other
from idgbr.training.loop import train
from idgbr.training.networks import RefinerNet
from idgbr.training.places import BUILDING, IGNORE, LANDCOVER, Place
from idgbr.training.sampling import Crop, degrade, sample_crop, warp

GSD_RANGE_M = (0.07, 1.0)
_SHARE = {"landcover_dubai_hitl": 0.35, "buildings_oam_drone": 0.35, "procedural": 0.3}


class Batch(NamedTuple):
    """Tensors of one step; N samples, S px.

    image (N, 3, S, S) 0…1; labels (N, S, S) index of class or `IGNORE`; coarse (N, 4, S, S) expected codes; certainty
    (N, 1, S, S); table (N, 16, 4) codes; classes (N, 16) whether the class takes part; weight (N, S, S).
    """

    image: Tensor
    labels: Tensor
    coarse: Tensor
    certainty: Tensor
    table: Tensor
    classes: Tensor
    weight: Tensor


def deal_codes(classes: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Codes (classes, 4) dealt at random: `CODE_ORDER` with its bits permuted and flipped, its classes shuffled."""
    bits = (np.array(CODE_ORDER[:classes])[:, None] >> np.arange(CODE_BITS)) & 1
    if rng.random() < 0.3:
        bits = (rng.permutation(MAX_CLASSES)[:classes, None] >> np.arange(CODE_BITS)) & 1
    bits = bits[rng.permutation(classes)][:, rng.permutation(CODE_BITS)] ^ rng.integers(0, 2, CODE_BITS)
    return (2.0 * bits - 1.0).astype(np.float32)


def coarse_map(
    place: Place, crop: Crop, labels: NDArray[np.uint8], classes: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """A coarse map (S, S, classes) for the crop: out of fold (half), damaged truth, or perfect (a seventh)."""
    draw = rng.random()
    if draw < 0.14:
        return identity(_without_ignored(labels), classes, rng)
    if draw < 0.5 or not place.coarse:
        return damaged(_without_ignored(labels), classes, rng)
    choices = sorted(place.coarse)
    gsd = choices[rng.integers(len(choices))]
    stored = warp(place.coarse[gsd], crop.to_place, labels.shape[0], place.gsd_m / gsd).astype(np.float32) / 255.0
    if classes == 2:
        stored = np.stack([1.0 - stored[..., BUILDING], stored[..., BUILDING]], 2)
    stored = np.maximum(stored, 1e-3) ** np.float32(np.exp(rng.normal(0, 0.4)))
    stored /= stored.sum(2, keepdims=True)
    if rng.random() < 0.2:
        stored = np.eye(classes, dtype=np.float32)[stored.argmax(2)]
    return np.asarray(stored, np.float32)


def _without_ignored(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ignored pixels take the label of the nearest labelled one, so that damage families can work on them."""
    ignored = (labels == IGNORE).astype(np.uint8)
    if not ignored.any():
        return labels
    if ignored.all():
        return np.zeros_like(labels)
    return nearest_other(labels, ignored)


def boundary_weight(labels: NDArray[np.uint8], coarse: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Loss weight: 1 near true or coarse boundaries and wherever the two disagree, falling to 0.1 away from them."""
    edges = np.zeros(labels.shape, bool)
    for m in (labels, coarse):
        edges[:, 1:] |= m[:, 1:] != m[:, :-1]
        edges[1:] |= m[1:] != m[:-1]
    distance = cv2.distanceTransform((~edges).astype(np.uint8), cv2.DIST_L2, 5)
    weight = 0.1 + 0.9 * np.exp(-((distance / 5.0) ** 2)) + 0.4 * (labels != coarse)
    return np.asarray(weight * (labels != IGNORE), np.float32)


def make_sample(place: Place, size: int, rng: np.random.Generator) -> tuple[NDArray[Any], ...] | None:
    """One training sample as arrays in the order of `Batch`, or None where the crop holds no boundary to learn from."""
    crop = sample_crop(place, size, rng, gsd_range=GSD_RANGE_M)
    labels, classes = crop.labels, len(LANDCOVER)
    if not place.full_labels or rng.random() < 0.3:
        labels = np.where(labels == IGNORE, IGNORE, (labels == BUILDING).astype(np.uint8)).astype(np.uint8)
        classes = 2
    valid = labels[labels != IGNORE]
    if valid.size < labels.size // 2 or (valid == valid[0]).all():
        return None
    probabilities = coarse_map(place, crop, labels, classes, rng)
    codes = deal_codes(classes, rng)
    table = np.zeros((MAX_CLASSES, CODE_BITS), np.float32)
    table[:classes] = codes
    takes_part = np.arange(MAX_CLASSES) < classes
    coarse = np.moveaxis(probabilities @ codes, 2, 0)
    weight = boundary_weight(labels, probabilities.argmax(2).astype(np.uint8))
    return degrade(crop.image, rng), labels, coarse, probabilities.max(2)[None], table, takes_part, weight


def class_log_probabilities(logits: Tensor, batch: Batch) -> Tensor:
    """Log probabilities (N, 16, S, S) of the dealt classes; −∞ where a class takes no part."""
    scores = torch.einsum("nkb,nbhw->nkhw", 0.5 * batch.table, logits)
    return scores.masked_fill(~batch.classes[:, :, None, None], -1e4).log_softmax(1)


def bridge_state(clean: Tensor, coarse: Tensor, time: Tensor) -> Tensor:
    """State of the bridge (`idgbr.refine.bridge`) with fresh noise; time (N,)."""
    t = time[:, None, None, None]
    return (1 - t) * clean + t * coarse + SIGMA * (t * (1 - t)).sqrt() * torch.randn_like(clean)


def refiner_loss(net: nn.Module, batch: Batch) -> Tensor:
    """Weighted cross-entropy of the decoded classes at t = 1 and at one earlier time on the network's own prediction.

    The second state is built from what the network itself predicted at t = 1 (half the time from the truth), so that at
    run time it meets its own mistakes as it did in training.
    """
    assert isinstance(net, RefinerNet)
    guidance = net.guidance(batch.image, batch.coarse, batch.certainty)
    start = torch.ones(len(batch.image))
    logits = net.denoiser(batch.coarse, start, *guidance)
    loss = _weighted_nll(class_log_probabilities(logits, batch), batch)
    own = torch.tanh(0.5 * logits.detach())
    truth = batch.table.gather(1, _known(batch.labels).flatten(1)[:, :, None].expand(-1, -1, CODE_BITS))
    truth = truth.permute(0, 2, 1).reshape(own.shape)
    use_own = (torch.rand(len(own)) < 0.6)[:, None, None, None]
    time = torch.rand(len(own)) * 0.9 + 0.05
    state = bridge_state(torch.where(use_own, own, truth), batch.coarse, time)
    later = net.denoiser(state, time, *guidance)
    return 0.6 * loss + 0.4 * _weighted_nll(class_log_probabilities(later, batch), batch)


def _known(labels: Tensor) -> Tensor:
    return torch.where(labels < MAX_CLASSES, labels, 0).long()


def _weighted_nll(log_p: Tensor, batch: Batch) -> Tensor:
    picked = log_p.gather(1, _known(batch.labels)[:, None])[:, 0]
    return -(picked * batch.weight).sum() / (batch.weight.sum() + 1.0)


def train_refiner(
    places: Sequence[Place], *, steps: int, folder: Path, name: str = "refiner", seed: int = 7, batch: int = 8,
    size: int = 160, learning_rate: float = 2e-3,
) -> RefinerNet:  # fmt: skip
    """Train the refiner on places with sharp labels; resumes from its checkpoint."""
    weights = folder / f"{name}.safetensors"
    net = RefinerNet()
    if weights.exists():
        net.load_state_dict(load_file(weights))
        net.eval()
        return net
    groups = {
        d: [p for p in places if p.dataset == d and p.sharp_labels and not is_calibration_place(p)] for d in _SHARE
    }
    groups = {d: g for d, g in groups.items() if g}
    shares = np.array([_SHARE[d] for d in groups])
    shares /= shares.sum()
    pools = list(groups.values())

    def make_batch(rng: np.random.Generator) -> Batch:
        samples: list[tuple[NDArray[Any], ...]] = []
        while len(samples) < batch:
            pool = pools[rng.choice(len(pools), p=shares)]
            area = np.array([np.sqrt(p.labels.size) for p in pool])
            sample = make_sample(pool[rng.choice(len(pool), p=area / area.sum())], size, rng)
            if sample is not None:
                samples.append(sample)
        tensors = [torch.from_numpy(np.ascontiguousarray(np.stack(column))) for column in zip(*samples, strict=True)]
        image = tensors[0].permute(0, 3, 1, 2).float() / 255.0
        return Batch(image.contiguous(memory_format=torch.channels_last), *tensors[1:])

    trained = train(
        net, make_batch, refiner_loss, steps=steps, folder=folder, name=name, learning_rate=learning_rate, seed=seed
    )
    assert isinstance(trained, RefinerNet)
    save_file({k: v.contiguous() for k, v in trained.state_dict().items()}, weights)
    return trained
