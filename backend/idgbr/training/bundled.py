"""Makes everything in `resources/models`: trains, measures on held-out places, exports to ONNX, writes the cards.

Each stage is cached in the run folder, so that an interrupted run resumes:

1. the backbone and its heads, together, from ImageNet weights;
2. `landcover`, a network of its own that starts from stage 1;
3. backbones with heads, and coarse networks of three architectures, by fold of places: their out-of-fold predictions
   are the refiner's real coarse maps;
4. the refiner on these, on synthetic damage and perfect maps, reading the features of the backbone of stage 1;
5. the change model: its prior on single dates, then the complete model on pairs made of them, then on these and pairs
   of real dates, whose buildings the backbone of stage 1 finds.
"""

from __future__ import annotations

from pathlib import Path

from idgbr.training.backbone import TaskNet
from idgbr.training.backbone_data import load_places, load_unlabelled
from idgbr.training.budget import Budget
from idgbr.training.calibrate_guided import calibrate_guided
from idgbr.training.calibrate_heads import calibrate_heads
from idgbr.training.export_backbone import export_backbone
from idgbr.training.export_guided import export_guided
from idgbr.training.export_landcover import export_landcover
from idgbr.training.guided_places import frozen_backbone, refiner_places
from idgbr.training.infrared_places import infrared_places
from idgbr.training.places import procedural_places
from idgbr.training.train_backbone import best_backbone, best_weights, head_of, train_backbone
from idgbr.training.train_change import make_change_model
from idgbr.training.train_coarse import place_probabilities
from idgbr.training.train_guided import patches_of, train_guided
from idgbr.training.train_landcover import train_landcover


def train_bundled(data: Path, run: Path, models: Path, budget: Budget, stages: tuple[str, ...]) -> None:
    """Train and export the bundled models named in `stages` into `models`."""
    if "backbone" in stages:
        make_backbone(data, run, models, budget)
    if "landcover" in stages:
        make_landcover(data, run, models, budget)
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


def make_landcover(data: Path, run: Path, models: Path, budget: Budget) -> None:
    """Train, calibrate and export the land-cover model from the run folder's backbone."""
    finder = TaskNet(best_backbone(run), "buildings")
    infrared = infrared_places(data, lambda place: place_probabilities(finder, place, place.gsd_m)[..., 1])
    places = load_places(data) + procedural_places(run / "scenes", budget.scenes) + infrared
    unlabelled = load_unlabelled(data)
    net = train_landcover(places, unlabelled, best_weights(run), steps=budget.landcover_steps, folder=run)
    held_out = [place for place in places if place.calibration and place.full_labels]
    calibration = calibrate_heads(net, held_out)["landcover"]
    export_landcover(run, models, net, calibration)


def make_refiner(data: Path, run: Path, models: Path, budget: Budget) -> None:
    """Train, calibrate and export the refiner that reads the run folder's backbone."""
    backbone = frozen_backbone(run)
    places = refiner_places(data, run, budget)
    net = train_guided(
        places, backbone, easy_steps=budget.refiner_easy_steps, steps=budget.refiner_steps, folder=run
    )  # fmt: skip
    export_guided(run, models, calibrate_guided(net, backbone, patches_of(places, per_place=2)))
