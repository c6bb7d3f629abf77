"""Loss of a full training."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from idgbr.training.labels import IGNORE


def segment_loss(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Cross-entropy, by class `weights` (K,), and the Dice loss of the classes in the batch, one to one.

    logits (N, K, h, w); labels (N, H, W) index of the class or `IGNORE`. Both are compared at half the resolution of
    the labels.
    """
    half = labels[:, ::2, ::2].long()
    logits = F.interpolate(logits.float(), size=half.shape[1:], mode="bilinear", align_corners=False)
    known = half != IGNORE
    if not known.any():
        return logits.sum() * 0.0
    entropy = F.cross_entropy(logits, half, weights, ignore_index=IGNORE)
    p = logits.softmax(1) * known[:, None]
    truth = F.one_hot(torch.where(known, half, 0), logits.shape[1]).permute(0, 3, 1, 2) * known[:, None]
    overlap, total = (p * truth).sum((0, 2, 3)), (p + truth).sum((0, 2, 3))
    there = truth.sum((0, 2, 3)) > 0
    return entropy + (1 - (2 * overlap + 1) / (total + 1))[there].mean()
