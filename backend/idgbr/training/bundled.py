"""Makes everything in `resources/models`: trains, measures on held-out places, exports to ONNX, writes the cards.

Each stage is cached in the run folder, so that an interrupted run resumes:

1. the backbone and its heads, together, from ImageNet weights;
2. backbones with heads, and coarse networks of three architectures, by fold of places: their out-of-fold predictions
   are the refiner's real coarse maps;
3. the refiner on these, on synthetic damage and perfect maps, reading the features of the backbone of stage 1;
4. the change model: its prior on single dates, then the complete model on pairs made of them, then on these and pairs
   of real dates, whose buildings the backbone of stage 1 finds.
"""

from __future__ import annotations

from pathlib import Path

from idgbr.training.backbone_data import load_places, load_unlabelled
from idgbr.training.budget import Budget
from idgbr.training.calibrate_guided import calibrate_guided
from idgbr.training.calibrate_heads import calibrate_heads
from idgbr.training.export_backbone import export_backbone
from idgbr.training.export_guided import export_guided
from idgbr.training.guided_places import frozen_backbone, refiner_places
from idgbr.training.places import procedural_places
from idgbr.training.train_backbone import head_of, train_backbone
from idgbr.training.train_change import make_change_model
from idgbr.training.train_guided import patches_of, train_guided


def train_bundled(data: Path, run: Path, models: Path, budget: Budget, stages: tuple[str, ...]) -> None:
    """Train and export the bundled models named in `stages` into `models`."""
    if "backbone" in stages:
        make_backbone(data, run, models, budget)
    if "refiner" in stages:
        make_refiner(data, run, models, budget)
    if "change" in stages:
        make_change_model(data, run, models, budget)


def make_backbone(data: Path, run: Path, models: Path, budget: Budget) -> None:
    """Train, calibrate and export the backbone and its heads."""
    places = load_places(data) + procedural_places(run / "scenes", budget.scenes)
    net = train_backbone(places, load_unlabelled(data), steps=budget.backbone_steps, folder=run)
    held_out = [place for place in places if place.calibration and head_of(place) == "buildings"]
    export_backbone(run, models, calibrate_heads(net, held_out))


def make_refiner(data: Path, run: Path, models: Path, budget: Budget) -> None:
    """Train, calibrate and export the refiner that reads the run folder's backbone."""
    backbone = frozen_backbone(run)
    places = refiner_places(data, run, budget)
    net = train_guided(
        places, backbone, easy_steps=budget.refiner_easy_steps, steps=budget.refiner_steps, folder=run
    )  # fmt: skip
    export_guided(run, models, calibrate_guided(net, backbone, patches_of(places, per_place=2)))
