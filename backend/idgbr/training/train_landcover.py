"""Training of `landcover`: a network of its own, that starts from the weights of the shared backbone."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.evaluation.metrics import PlaceScores, mean_iou
from idgbr.training.backbone import FROZEN_GROUPS, MultiTaskNet, TaskNet
from idgbr.training.backbone_data import InTrueColours
from idgbr.training.backbone_loss import Batch, coarse_loss
from idgbr.training.dated_places import DATASET as INFRARED
from idgbr.training.labels import BUILDING, BUILT_UP, IGNORE, VEGETATION
from idgbr.training.loop import console, train
from idgbr.training.places import LANDCOVER, Place
from idgbr.training.train_backbone import Mixture, Pools, make_batch, optimizer_of, schedule, truth_of
from idgbr.training.train_coarse import predict_place

#: The head, and the number of its classes.
HEADS = {"landcover": len(LANDCOVER)}
#: How often each data set is drawn: mostly the one with all classes, then one whose infrared band tells vegetation in
#: many cities; the others say where buildings are.
SHARES = {
    "landcover_dubai_hitl": 0.46,
    "naip_california_pairs": 0.26,
    "buildings_oam_drone": 0.12,
    "procedural": 0.08,
    "roofs_geneva_pv": 0.04,
    "buildings_spacenet1_rio": 0.04,
}
#: The same for images without labels; those in false colours are left out.
UNLABELLED_SHARES = {"roofs_solar_southtyrol": 0.6, "ortho_unlabelled": 0.4}
#: Images of closed forest, by the start of the names of their places.
FORESTS = ("neon_HARV", "neon_OSBS_001")
#: Probability of the teacher from which its class is learned.
SURE = 0.9


def started_from(weights: Path) -> MultiTaskNet:
    """The network with the backbone and the head of a trained backbone; its first layers are frozen."""
    net = MultiTaskNet(HEADS)
    own = net.state_dict()
    given = load_file(weights)
    net.load_state_dict({key: given[key].to(value.dtype) for key, value in own.items()})
    for module in (net.backbone.encoder.stem, *net.backbone.encoder.groups[:FROZEN_GROUPS]):
        module.requires_grad_(False)
    return net


@torch.no_grad()
def taught(batch: Batch, teacher: nn.Module) -> Batch:
    """The batch with classes of the teacher, where it is certain, for images without labels."""
    assert batch.plain is not None
    p = teacher(batch.plain)["landcover"].float().softmax(1)
    highest, found = nn.functional.interpolate(p, scale_factor=2.0, mode="nearest").max(1)
    found = torch.where(highest > SURE, found, IGNORE).to(torch.uint8)
    first = len(batch.labels) - len(found)
    given = batch.labels[first:]
    found = torch.where(given == IGNORE, found, given)
    return batch._replace(labels=torch.cat([batch.labels[:first], found]))


def landcover_loss(logits: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy of the land-cover classes where they are known.

    logits (N, 5, S/2, S/2).
    """
    labels = torch.where(batch.labels == BUILT_UP, BUILDING, batch.labels)
    return coarse_loss(logits.float(), labels[:, ::2, ::2])


class Judged(NamedTuple):
    """Mean IoU and boundary F at 2 px on places with all classes, and IoU of vegetation where infrared tells it."""

    miou: float
    f2: float
    vegetation_iou: float


def judge(net: MultiTaskNet, places: Sequence[Place]) -> Judged:
    """Scores of a network on held-out places."""
    cover = PlaceScores(len(LANDCOVER))
    both, either = 0, 0
    for place in places:
        predicted = predict_place(TaskNet(net, "landcover"), place, place.gsd_m).argmax(2).astype(np.uint8)
        if place.full_labels:
            cover.add(predicted, truth_of(place, predicted.shape))
            continue
        found, truth = (predicted == VEGETATION) & (place.labels != IGNORE), place.labels == VEGETATION
        both, either = both + int((found & truth).sum()), either + int((found | truth).sum())
    return Judged(mean_iou(cover.counts), cover.boundaries[2].mean_f_score(), both / max(either, 1))


def train_landcover(
    places: Sequence[Place], unlabelled: Sequence[Place], weights: Path, *, steps: int, folder: Path, batch: int = 5,
    views: int = 2, size: int = 320, learning_rate: float = 5e-4, seed: int = 53, judge_every: int = 500,
    teach_from: int = 500, name: str = "landcover",
) -> MultiTaskNet:  # fmt: skip
    """Train on the places that are not held out, from the weights of a backbone; returns the averaged weights.

    From step `teach_from` on, the averaged weights label `views` crops of `unlabelled` places in each batch. Each
    evaluation of the held-out places is a row of `NAME.judged.csv`: step and the fields of `Judged`. An interrupted
    run resumes from its last checkpoint.
    """
    pools: Pools = {d: [p for p in places if p.dataset == d and not p.calibration] for d in SHARES}
    pools = {d: pool for d, pool in pools.items() if pool}
    others: Pools = {d: pool for d in UNLABELLED_SHARES if (pool := [p for p in unlabelled if p.dataset == d])}
    aside = [p for p in places if p.calibration and (p.full_labels or p.dataset == INFRARED)]
    forests = [p for p in unlabelled if p.name.startswith(FORESTS)]
    mixture = Mixture(SHARES, UNLABELLED_SHARES, InTrueColours(forests))
    teachers: list[nn.Module] = []

    def watch(net: nn.Module, done: int) -> None:
        if done >= teach_from and not teachers:
            teachers.append(net.eval())
        if not aside or (done % judge_every and done != steps):
            return
        assert isinstance(net, MultiTaskNet)
        found = judge(net.eval(), aside)
        with (folder / f"{name}.judged.csv").open("a", newline="") as out:
            csv.writer(out).writerow([done, *(round(f, 4) for f in found)])
        console.print(f"{name} {done}: {found}", highlight=False)

    def draw(rng: np.random.Generator) -> Batch:
        return make_batch(pools, batch, size, rng, others, views, mixture)

    def loss_of(net: nn.Module, drawn: Batch) -> Tensor:
        if drawn.plain is not None:
            drawn = taught(drawn, teachers[0]) if teachers else Batch(*(part[:batch] for part in drawn[:4]))
        return landcover_loss(net(drawn.image)["landcover"], drawn)

    trained = train(
        started_from(weights), draw, loss_of,
        steps=steps, folder=folder, name=name, learning_rate=learning_rate, seed=seed, ema_decay=0.998,
        schedule=schedule, optimizer_of=optimizer_of, watch=watch,
    )  # fmt: skip
    save_file({k: v.contiguous() for k, v in trained.state_dict().items()}, folder / f"{name}.best.safetensors")
    assert isinstance(trained, MultiTaskNet)
    return trained.eval()
