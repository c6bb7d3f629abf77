"""Loss of the backbone with its heads, and that of a class map in it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from idgbr.training.backbone import enlarged
from idgbr.training.labels import BARE, BUILDING, BUILT_UP, IGNORE, NOT_BUILDING, NOT_VEGETATION, UNKNOWN


class Batch(NamedTuple):
    """Images (N, 3, S, S) float, labels, contact and outlines (N, S, S) uint8 (see `Sample`).

    The last images of a batch may be without labels; `plain` (M, 3, S, S) shows those as they are, for the teacher.
    """

    image: Tensor
    labels: Tensor
    contact: Tensor
    near: Tensor
    plain: Tensor | None = None


def backbone_loss(logits: dict[str, Tensor], batch: Batch) -> Tensor:
    """Cross-entropy of all heads, each where its truth is known, and the Dice loss of buildings."""
    labels = batch.labels
    loss = _building_loss(enlarged(logits["buildings"].float()), labels, batch.near)
    cover = torch.where(labels == BUILT_UP, BUILDING, labels)[:, ::2, ::2]
    loss = loss + 0.6 * coarse_loss(logits["landcover"].float(), cover)
    known = batch.contact != UNKNOWN
    if known.any():
        contact = enlarged(logits["contact"].float())[:, 0]
        # Contact is rare, so it weighs more than its area.
        each = nn.functional.binary_cross_entropy_with_logits(
            contact, (batch.contact == 1).float(), pos_weight=torch.tensor(4.0), reduction="none"
        )
        loss = loss + 0.3 * (each * known).sum() / known.sum()
    return loss


def _building_loss(logits: Tensor, labels: Tensor, near: Tensor) -> Tensor:
    valid = ((labels != IGNORE) & (labels != BUILT_UP)).float()
    truth = (labels == BUILDING).float()
    margin = logits[:, 1] - logits[:, 0]
    each = nn.functional.binary_cross_entropy_with_logits(margin, truth, reduction="none")
    weight = valid * (1 + near)
    entropy = (each * weight).sum() / (weight.sum() + 1)
    p = margin.sigmoid() * valid
    overlap, total = (p * truth).sum((1, 2)), p.sum((1, 2)) + (truth * valid).sum((1, 2))
    return entropy + 0.3 * (1 - (2 * overlap + 50) / (total + 50)).mean()


#: Land-cover classes that a label leaves open.
OPEN_CLASSES = {NOT_BUILDING: (1, 2, 3, 4), NOT_VEGETATION: (0, 1, 2, 4), BARE: (1, 2, 4)}


def coarse_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy; where a label rules out some classes, the probabilities of the other classes are added up.

    logits (N, K, H, W); labels (N, H, W) land-cover ids, keys of `OPEN_CLASSES` or `IGNORE`. With K = 2 (background,
    building) land-cover ids count as building or not.
    """
    log_p = logits.log_softmax(1)
    if logits.shape[1] == 2:
        target = (labels == BUILDING).long()
        picked = log_p.gather(1, target[:, None])[:, 0]
    else:
        known = torch.where(labels < logits.shape[1], labels, 0).long()
        picked = log_p.gather(1, known[:, None])[:, 0]
        for label, classes in OPEN_CLASSES.items():
            picked = torch.where(labels == label, log_p[:, list(classes)].logsumexp(1), picked)
    valid = (labels != IGNORE).float()
    # Rare and small classes count more than their area: a mild focal weight.
    focal = (1 - picked.detach().exp()) ** 1.0 + 0.1
    return -(picked * valid * focal).sum() / (valid.sum() + 1.0)
