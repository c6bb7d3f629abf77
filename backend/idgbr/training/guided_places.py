"""Places that the refiner learns from, with coarse maps of networks that never saw them.

The data sets are those of the backbone, all with open terms. Networks are trained in two folds by place; their
predictions for the other fold are coarse maps with realistic errors. Held-out places are in neither fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from idgbr.training.backbone import Backbone, MultiTaskNet, TaskNet, pretrained
from idgbr.training.backbone_data import SHARES, load_places, load_unlabelled
from idgbr.training.backbone_loss import backbone_loss
from idgbr.training.budget import Budget
from idgbr.training.labels import BUILDING, BUILT_UP, IGNORE, PROBABLY_NOT_BUILDING
from idgbr.training.loop import console, train
from idgbr.training.places import DUBAI_FOLDS, LANDCOVER, Place, procedural_places
from idgbr.training.producers import ARCHITECTURES
from idgbr.training.train_backbone import best_weights, head_of, make_batch, optimizer_of, schedule
from idgbr.training.train_coarse import out_of_fold, predict_place, working_gsds

#: Ground sample distances (m) that the refiner works at.
GSD_RANGE_M = (0.07, 2.0)
#: Name of the new networks among the producers of coarse maps.
HEADS = "lite0"
#: File of a run folder with the backbone that its refiner reads.
KEPT_BACKBONE = "refiner.backbone.safetensors"
_BATCH, _SIZE = 4, 256


def refiner_places(data: Path, run: Path, budget: Budget) -> list[Place]:
    """All places, labelled ones with coarse maps of every producer, and images without labels."""
    places = load_places(data) + procedural_places(run / "scenes", budget.scenes)
    for place in places:
        place.fold = fold_of(place)
    console.print(f"{len(places)} labelled places", highlight=False)
    predict_by_heads(places, steps=budget.head_fold_steps, folder=run)
    places = [with_plain_labels(place) for place in places]
    out_of_fold(places, steps=dict.fromkeys(ARCHITECTURES, budget.producer_steps), folder=run)
    return places + load_unlabelled(data)


def fold_of(place: Place) -> int:
    """The fold, 0 or 1, of a place: neighbours are in the same."""
    if place.dataset == "procedural":
        return place.fold
    if place.dataset == "landcover_dubai_hitl":
        return DUBAI_FOLDS[place.name.split("_")[0]]
    if place.dataset == "roofs_geneva_pv":
        return int(place.name >= "ge_4980")  # names begin with the easting
    return int(not place.name.startswith(("nepal_banepa", "3band")))


def with_plain_labels(place: Place) -> Place:
    """The place with the refiner's labels: built-up ground is a class, uncertain pixels are ignored."""
    labels = place.labels.copy()
    labels[labels == BUILT_UP] = BUILDING
    labels[labels == PROBABLY_NOT_BUILDING] = IGNORE
    return replace(place, labels=labels)


def predict_by_heads(places: Sequence[Place], *, steps: int, folder: Path) -> None:
    """Fill `coarse` of places with predictions of a backbone with heads that never saw their fold; cached."""
    for fold in (0, 1):
        name = f"{HEADS}_fold{fold}"
        net = heads_of_fold(places, fold, steps=steps, folder=folder)
        cache = folder / f"out_of_{name}"
        cache.mkdir(exist_ok=True)
        for place in (p for p in places if p.fold == fold and (p.sharp_labels or p.calibration)):
            for gsd in working_gsds(place):
                path = cache / f"{place.name}_{gsd:g}.npy"
                if not path.exists():
                    head = head_of(with_plain_labels(place))
                    np.save(path, of_land_cover(predict_place(TaskNet(net, head), place, gsd)))
                place.coarse[HEADS, gsd] = np.load(path)
        console.print(f"out-of-fold predictions of {name} ready", highlight=False)


def of_land_cover(scores: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Scores (h, w, 5) of the land-cover classes; of two classes, non-building counts as land."""
    if scores.shape[2] == len(LANDCOVER):
        return scores
    out = np.zeros((*scores.shape[:2], len(LANDCOVER)), np.uint8)
    out[..., BUILDING], out[..., BUILDING + 1] = scores[..., 1], scores[..., 0]
    return out


def heads_of_fold(places: Sequence[Place], fold: int, *, steps: int, folder: Path) -> MultiTaskNet:
    """Backbone and heads, trained from ImageNet weights on the places of the other fold that are not held out."""
    name = f"{HEADS}_fold{fold}"
    weights = folder / f"{name}.safetensors"
    if not weights.exists():
        pools = {d: [p for p in places if p.dataset == d and not p.calibration and p.fold != fold] for d in SHARES}
        pools = {d: pool for d, pool in pools.items() if pool}
        net = train(
            pretrained(), lambda rng: make_batch(pools, _BATCH, _SIZE, rng),
            lambda net, drawn: backbone_loss(net(drawn.image), drawn),
            steps=steps, folder=folder, name=name, learning_rate=1e-3, seed=41 + fold, schedule=schedule,
            optimizer_of=optimizer_of,
        )  # fmt: skip
        save_file({k: v.contiguous() for k, v in net.state_dict().items()}, weights)
    found = MultiTaskNet()
    found.load_state_dict(load_file(weights))
    return found.eval()


def frozen_backbone(run: Path) -> Backbone:
    """The backbone that a run's refiner reads: a copy of the best one when the refiner's training began.

    Raises InputError if there is none.
    """
    kept = run / KEPT_BACKBONE
    if not kept.exists():
        best, part = best_weights(run), kept.with_suffix(".part")
        weights = {k.removeprefix("backbone."): v for k, v in load_file(best).items() if k.startswith("backbone.")}
        save_file(weights, part)
        part.replace(kept)
    net = Backbone()
    net.load_state_dict({key: value.to(net.state_dict()[key].dtype) for key, value in load_file(kept).items()})
    net.eval().requires_grad_(False).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return net
