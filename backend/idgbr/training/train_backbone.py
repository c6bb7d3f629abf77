"""Trains the backbone with all heads together, evaluated on held-out places."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.errors import InputError
from idgbr.evaluation.metrics import PlaceScores, class_iou, mean_iou
from idgbr.training.backbone import MultiTaskNet, TaskNet, enlarged, pretrained
from idgbr.training.backbone_data import (
    ROOF_SOURCES,
    SHARES,
    UNLABELLED_SHARES,
    Finish,
    InTrueColours,
    Sample,
    as_another_sensor,
    draw_sample,
    draw_views,
)
from idgbr.training.backbone_loss import Batch, backbone_loss
from idgbr.training.dated_places import DATASET as INFRARED
from idgbr.training.labels import BUILDING, BUILT_UP, IGNORE, NOT_BUILDING, UNKNOWN, VEGETATION
from idgbr.training.loop import console, train
from idgbr.training.places import LANDCOVER, Place
from idgbr.training.train_coarse import predict_place, to_tensor

#: Ground sample distance (m) that places are judged at: the finest that coarse models run on, or the place's own.
JUDGED_GSD_M = 0.1
WARM_UP = 300
#: Share of the steps at the end over which the learning rate falls; until then it is constant, so that a run can be
#: made longer later.
COOL_DOWN = 0.2
#: Learning rate of the encoder, as a share of that of the pyramid and the heads.
ENCODER_RATE = 0.15


#: Probabilities of the teacher above and below which ground of images without labels is taken for a building, or not.
SURE_BUILDING, SURE_GROUND = 0.9, 0.05


#: Labels of the held-out images with near infrared, judged by how much of each is found as a building.
GROUND = (VEGETATION, NOT_BUILDING)
Pools = dict[str, list[Place]]


class Mixture(NamedTuple):
    """How samples are drawn: the shares of data sets with labels and without, and how crops become samples."""

    shares: Mapping[str, float]
    unlabelled_shares: Mapping[str, float]
    finish: Finish = as_another_sensor


BACKBONE_MIXTURE = Mixture(SHARES, UNLABELLED_SHARES)


def make_batch(
    pools: Pools, count: int, size: int, rng: np.random.Generator, unlabelled: Pools | None = None, views: int = 0,
    mixture: Mixture = BACKBONE_MIXTURE,
) -> Batch:  # fmt: skip
    """`count` samples of `size` px, and `views` of places without labels, drawn by `mixture`."""
    samples = [draw_sample(pool, size, rng, mixture.finish) for pool in _drawn(pools, mixture.shares, count, rng)]
    roofs = [p for name in ROOF_SOURCES for p in pools.get(name, []) if not p.label_error_m]
    plain = []
    for pool in _drawn(unlabelled or {}, mixture.unlabelled_shares, views, rng):
        drawn = draw_views(pool, roofs, size, rng, isinstance(mixture.finish, InTrueColours))
        plain.append(drawn.plain)
        unknown = np.full_like(drawn.labels, UNKNOWN)
        samples.append(Sample(drawn.altered, drawn.labels, unknown, drawn.near))
    images, *known = (np.stack(parts) for parts in zip(*samples, strict=True))
    truth, contact, near = map(torch.from_numpy, known)
    return Batch(to_tensor(images), truth, contact, near, to_tensor(np.stack(plain)) if plain else None)


def _drawn(pools: Pools, shares: Mapping[str, float], count: int, rng: np.random.Generator) -> list[list[Place]]:
    """The pool of each of `count` samples."""
    if not pools:
        return []
    names = list(pools)
    p = np.array([shares[name] for name in names])
    return [pools[names[n]] for n in rng.choice(len(names), size=count, p=p / p.sum())]


@torch.no_grad()
def with_teacher_labels(batch: Batch, teacher: nn.Module) -> Batch:
    """The batch with labels of the teacher, where it is certain, for images without labels.

    What was laid on the ground keeps its labels.
    """
    assert batch.plain is not None
    logits = teacher(batch.plain)["buildings"].float()
    p = enlarged(logits).softmax(1)[:, 1]
    found = torch.full_like(p, IGNORE, dtype=torch.uint8)
    found[p > SURE_BUILDING] = BUILDING
    found[p < SURE_GROUND] = NOT_BUILDING
    given = batch.labels[len(batch.labels) - len(found) :]
    found = torch.where(given == IGNORE, found, given)
    labels = torch.cat([batch.labels[: len(batch.labels) - len(found)], found])
    return batch._replace(labels=labels)


def schedule(step: int, steps: int) -> float:
    """Learning rate of a step, as a share of the highest: warm-up, constant, and a cosine down to a fiftieth."""
    left = (steps - step) / max(1, COOL_DOWN * steps)
    fall = 1.0 if left >= 1 else 0.02 + 0.98 * 0.5 * (1 - math.cos(math.pi * left))
    return min(1.0, (step + 1) / WARM_UP) * fall


def optimizer_of(net: nn.Module, learning_rate: float) -> torch.optim.Optimizer:
    """AdamW; the encoder learns more slowly than the rest."""
    assert isinstance(net, MultiTaskNet)
    encoder = [p for p in net.backbone.encoder.parameters() if p.requires_grad]
    slow = {id(p) for p in encoder}
    rest = [p for p in net.parameters() if p.requires_grad and id(p) not in slow]
    return torch.optim.AdamW(
        [{"params": rest, "rate": 1.0}, {"params": encoder, "rate": ENCODER_RATE}], lr=learning_rate, weight_decay=0.02
    )


class Judged(NamedTuple):
    """Scores of a network on the held-out places.

    `landcover_miou` is NaN if none shows land cover. `ground` is the share of `GROUND` that is not found as a building,
    the mean over its labels; NaN if there are none.
    """

    building_iou: dict[str, float]
    building_f2: dict[str, float]
    landcover_miou: float
    ground: float

    @property
    def score(self) -> float:
        """One figure to choose by: the mean over the data sets; land cover and ground are one more each."""
        per_set = [(self.building_iou[name] + self.building_f2[name]) / 2 for name in self.building_iou]
        return float(np.nanmean([*per_set, self.landcover_miou, self.ground]))


def judge(net: MultiTaskNet, places: Sequence[Place], gsd_m: float = JUDGED_GSD_M) -> Judged:
    """Measure a network on `places`, at a working ground sample distance."""
    buildings: dict[str, PlaceScores] = {}
    cover = PlaceScores(len(LANDCOVER))
    known, found = (dict.fromkeys(GROUND, 0) for _ in range(2))
    for place in places:
        head = head_of(place)
        predicted = predict_place(TaskNet(net, head), place, max(gsd_m, place.gsd_m)).argmax(2).astype(np.uint8)
        if place.dataset == INFRARED:
            labels = _resized(place.labels, predicted.shape)
            for label in GROUND:
                known[label] += int(np.count_nonzero(labels == label))
                found[label] += int(np.count_nonzero((labels == label) & (predicted == 1)))
            continue
        scores = cover if head == "landcover" else buildings.setdefault(place.dataset, PlaceScores(2))
        scores.add(predicted, truth_of(place, predicted.shape))
    return Judged(
        {name: float(class_iou(s.counts)[1]) for name, s in buildings.items()},
        {name: s.boundaries[2].mean_f_score([1]) for name, s in buildings.items()},
        mean_iou(cover.counts),
        float(np.mean(shares)) if (shares := [1 - found[n] / known[n] for n in GROUND if known[n]]) else math.nan,
    )


def head_of(place: Place) -> str:
    """The head that the labels of a place evaluate."""
    return "landcover" if place.full_labels else "buildings"


def truth_of(place: Place, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Truth of a place (h, w), resampled to `shape`: class ids of the head it is judged by, `IGNORE` where unknown."""
    labels = _resized(place.labels, shape)
    if place.full_labels:
        return np.where(labels == BUILT_UP, np.uint8(BUILDING), labels)
    building = np.where(labels == BUILDING, np.uint8(1), np.uint8(0))
    return np.where(labels == IGNORE, np.uint8(IGNORE), building)


def _resized(labels: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(labels, shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8)


def train_backbone(
    places: Sequence[Place], unlabelled: Sequence[Place] = (), *, steps: int, folder: Path, batch: int = 5,
    views: int = 2, size: int = 320, learning_rate: float = 1e-3, seed: int = 31, judge_every: int = 500,
    teach_from: int = 2000, name: str = "backbone",
) -> MultiTaskNet:  # fmt: skip
    """Train backbone and heads on the training places; returns the weights that are best on the held-out ones.

    From step `teach_from` on, the averaged weights label `views` crops of `unlabelled` places in each batch (a mean
    teacher), and the network learns them from another view. Each evaluation is a row of `NAME.judged.csv`. An
    interrupted run resumes from its last checkpoint.
    """
    best_path = folder / f"{name}.best.safetensors"
    pools = {d: [p for p in places if p.dataset == d and not p.calibration] for d in SHARES}
    pools = {d: pool for d, pool in pools.items() if pool}
    others = {d: [p for p in unlabelled if p.dataset == d and not p.calibration] for d in UNLABELLED_SHARES}
    others = {d: pool for d, pool in others.items() if pool}
    teachers: list[nn.Module] = []
    aside = [p for p in (*places, *unlabelled) if p.calibration]
    log = folder / f"{name}.judged.csv"

    def watch(net: nn.Module, done: int) -> None:
        if done >= teach_from and not teachers:
            teachers.append(net.eval())
        if done % judge_every and done != steps:
            return
        assert isinstance(net, MultiTaskNet)
        net.eval()
        found = judge(net, aside)
        figures = [*found.building_iou.values(), *found.building_f2.values(), found.landcover_miou]
        figures += [found.ground, found.score]
        rows = list(csv.reader(log.read_text().splitlines())) if log.exists() else []
        best = max((float(row[-1]) for row in rows if int(row[0]) < done), default=0.0)
        with log.open("a", newline="") as out:
            csv.writer(out).writerow([done, *(round(f, 4) for f in figures)])
        console.print(f"{name} {done}: {found}", highlight=False)
        if found.score >= best:
            save_file({k: v.contiguous() for k, v in net.state_dict().items()}, best_path)

    def draw(rng: np.random.Generator) -> Batch:
        return make_batch(pools, batch, size, rng, others, views)

    def loss_of(net: nn.Module, drawn: Batch) -> Tensor:
        if drawn.plain is not None:
            drawn = (
                with_teacher_labels(drawn, teachers[0]) if teachers else Batch(*(part[:batch] for part in drawn[:4]))
            )
        return backbone_loss(net(drawn.image), drawn)

    train(
        pretrained(), draw, loss_of,
        steps=steps, folder=folder, name=name, learning_rate=learning_rate, seed=seed, ema_decay=0.999,
        schedule=schedule, optimizer_of=optimizer_of, watch=watch,
    )  # fmt: skip
    net = MultiTaskNet()
    net.load_state_dict(load_file(best_path))
    return net.eval()


def best_weights(run: Path) -> Path:
    """The weights of a run folder's backbone and heads that are best on held-out places.

    Raises InputError if there are none.
    """
    best = run / "backbone.best.safetensors"
    if not best.exists():
        raise InputError(f"{best}: missing; other models start from the backbone; train it first (--stage backbone).")
    return best


def best_backbone(run: Path) -> MultiTaskNet:
    """The network of `best_weights`."""
    net = MultiTaskNet()
    net.load_state_dict(load_file(best_weights(run)))
    return net.eval()
