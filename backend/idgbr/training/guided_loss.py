"""Losses of the refiner that reads the backbone: the flow, on the network's own states, and the acceptance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from idgbr.refiner.neighbours import OFFSETS, REACH
from idgbr.training.guided_networks import GuidedRefiner
from idgbr.training.label_states import by_pixel, codes_of, relations_of
from idgbr.training.labels import IGNORE

_FLOOR = 0.02  # least likelihood: a class that lies beyond reach cannot be learned
#: Weight of what to accept, of pixels that keep their class in it, of roughness, and of ragged outlines.
_ACCEPT, _KEPT, _ROUGH, _RAGGED = 0.3, 0.05, 0.1, 0.05
#: Chance of a second step, and of a third after that.
_SECOND, _THIRD = 0.5, 0.3
#: Half width (px) of what lies along a boundary, and of the neighbourhood (cells of 8 px) that roughness is that of.
_ALONG, _NEIGHBOURS = 3, 3


class GuidedBatch(NamedTuple):
    """Tensors of one step; N samples, S px.

    image (N, 3, S, S) 0…1; labels (N, S, S) index of class or `IGNORE`; source (N, 5, S, S) coarse probabilities, 0
    for classes that take no part; table (N, 5, 4) their codes; weight (N, S, S); scale (N,), see `scale_of`.
    """

    image: Tensor
    labels: Tensor
    source: Tensor
    table: Tensor
    weight: Tensor
    scale: Tensor


def around(x: Tensor) -> Iterator[Tensor]:
    """`x` (N, C, S, S) shifted by each of the `OFFSETS`, views of one tensor; the edge is repeated outside."""
    height, width = x.shape[2:]
    padded = F.pad(x, (REACH,) * 4, mode="replicate")
    for row, col in OFFSETS:
        top, left = REACH + int(row), REACH + int(col)
        yield padded[:, :, top : top + height, left : left + width]


@torch.no_grad()
def transported(shares: Tensor, source: Tensor) -> Tensor:
    """`idgbr.refiner.transport.transport` of a batch, everywhere, (N, 5, S, S); shares (N, 33, S, S) of the places."""
    out = torch.zeros_like(source)
    for j, seen in enumerate(around(source)):
        out.addcmul_(shares[:, j : j + 1], seen)
    return out


def likelihood_of(shares: Tensor, source: Tensor, labels: Tensor) -> Tensor:
    """Probability (N, S, S) of the true class after transport; `labels` (N, S, S) are indices."""
    with torch.no_grad():
        truth = torch.cat([seen.gather(1, labels[:, None]) for seen in around(source)], 1)
    return (shares * truth).sum(1)


def guided_loss(net: GuidedRefiner, batch: GuidedBatch, features: list[Tensor]) -> Tensor:
    """Mean loss of one to three steps of the flow.

    As at run time, later steps start from the network's own result, never from the truth.
    """
    codes, before = codes_of(batch.source, batch.table), commonest(batch.source)
    state, now = codes, torch.ones_like(batch.scale)
    certainty = batch.source.amax(1, keepdim=True)
    rough, *guidance = net.guidance.levels(batch.image, relations_of(codes), certainty, batch.scale, *features)
    guidance.reverse()
    source, losses = batch.source, []
    drawn = torch.rand(2)
    steps = 1 + int(drawn[0] < _SECOND) + int(drawn[0] < _SECOND and drawn[1] < _THIRD)
    for step in range(steps):
        weights, logits = split_output(net.denoiser(relations_of(state), now, *guidance))
        shares = by_pixel(weights).float().softmax(1)
        likelihood = likelihood_of(shares, source, known_labels(batch))
        source = transported(shares, source)
        losses.append(label_loss(likelihood, batch) + _ACCEPT * accept_loss(logits.float(), before, source, batch))
        if step + 1 < steps:
            share = torch.rand(len(codes), device=codes.device) * 0.9 + 0.05
            kept = share[:, None, None, None]
            state = kept * state + (1 - kept) * codes_of(source, batch.table)
            now = now * share
    return torch.stack(losses).mean() + _ROUGH * rough_loss(net.guidance.roughness(rough).float(), before, batch)


def split_output(output: Tensor) -> tuple[Tensor, Tensor]:
    """Weights (N, S/2, S/2, 132) and logits of what to accept (N, S, S) of the denoiser's output."""
    weights, logits = output[..., : 4 * len(OFFSETS)], output[..., 4 * len(OFFSETS) :]
    return weights, F.pixel_shuffle(logits.permute(0, 3, 1, 2), 2)[:, 0]


def label_loss(likelihood: Tensor, batch: GuidedBatch) -> Tensor:
    """Weighted negative log-likelihood of the true classes, plus a term for ragged errors along outlines.

    likelihood (N, S, S).
    """
    total = batch.weight.sum() + 1.0
    entropy = -((likelihood * (1 - _FLOOR) + _FLOOR).log() * batch.weight).sum() / total
    across = (likelihood[:, :, 1:] - likelihood[:, :, :-1]).abs() * batch.weight[:, :, 1:] * batch.weight[:, :, :-1]
    down = (likelihood[:, 1:] - likelihood[:, :-1]).abs() * batch.weight[:, 1:] * batch.weight[:, :-1]
    return entropy + _RAGGED * (across.sum() + down.sum()) / total


def accept_loss(logits: Tensor, before: Tensor, estimate: Tensor, batch: GuidedBatch) -> Tensor:
    """Cross-entropy of the acceptance logits.

    Where `before` and `estimate` differ, the target is whether `estimate` is right; elsewhere, whether `before` is
    wrong.
    """
    after = commonest(estimate)
    differs = before != after
    truth = known_labels(batch)
    target = torch.where(differs, after == truth, before != truth).float()
    weight = batch.weight * torch.where(differs, 1.0, _KEPT)
    each = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (each * weight).sum() / (weight.sum() + 1.0)


def rough_loss(logits: Tensor, before: Tensor, batch: GuidedBatch) -> Tensor:
    """Cross-entropy of the share of wrong coarse labels along boundaries nearby; logits (N, 1, S/8, S/8)."""
    share, weight = roughness(before, batch)
    each = F.binary_cross_entropy_with_logits(logits, share, reduction="none")
    return (each * weight).sum() / (weight.sum() + 1e-3)


def roughness(before: Tensor, batch: GuidedBatch) -> tuple[Tensor, Tensor]:
    """Target of `rough_loss`, (N, 1, S/8, S/8), and its weight: the share of pixels along boundaries."""
    edge = torch.zeros_like(batch.weight)
    edge[:, 1:] += before[:, 1:] != before[:, :-1]
    edge[:, :, 1:] += before[:, :, 1:] != before[:, :, :-1]
    side = 2 * _ALONG + 1
    along = F.max_pool2d((edge[:, None] > 0).float(), side, 1, _ALONG) * (batch.labels != IGNORE)[:, None]
    wrong = along * (before != known_labels(batch))[:, None]
    side = 2 * _NEIGHBOURS + 1
    near = F.avg_pool2d(F.avg_pool2d(torch.cat([wrong, along], 1), 8), side, 1, _NEIGHBOURS)
    return near[:, :1] / near[:, 1:].clamp_min(1e-6), near[:, 1:]


def known_labels(batch: GuidedBatch) -> Tensor:
    """Labels (N, S, S) as indices; 0 for unlabelled pixels, whose weight is 0."""
    return torch.where(batch.labels < batch.source.shape[1], batch.labels, 0).long()


def commonest(probabilities: Tensor) -> Tensor:
    """The most probable class (N, S, S) of (N, 5, S, S), ten times as fast as `argmax` on a CPU."""
    top = probabilities[:, 0]
    found = torch.zeros_like(top, dtype=torch.long)
    for k in range(1, probabilities.shape[1]):
        higher = probabilities[:, k] > top
        top = torch.where(higher, probabilities[:, k], top)
        found.masked_fill_(higher, k)
    return found
