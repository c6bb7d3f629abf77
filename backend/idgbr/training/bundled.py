"""Makes everything in `resources/models`: trains, measures on held-out places, exports to ONNX, writes the cards.

Each stage is cached in the run folder, so that an interrupted run resumes:

1. the backbone and its heads `buildings` and `landcover`, together, from ImageNet weights;
2. coarse networks of three architectures by fold of places: their out-of-fold predictions are the refiner's real
   coarse maps;
3. the refiner on out-of-fold maps, synthetic damage and perfect maps;
4. the change model: its prior on single dates, then the complete model on pairs made of them.
"""

from __future__ import annotations

from pathlib import Path

from idgbr.training.backbone_data import load_places, load_unlabelled
from idgbr.training.budget import Budget
from idgbr.training.calibrate import calibrate
from idgbr.training.calibrate_heads import calibrate_heads
from idgbr.training.export import export_refiner
from idgbr.training.export_backbone import export_backbone
from idgbr.training.loop import console
from idgbr.training.places import Place, load_training_places, procedural_places, unlabelled_places
from idgbr.training.producers import ARCHITECTURES, SHIPPED
from idgbr.training.train_backbone import train_backbone
from idgbr.training.train_change import make_change_model
from idgbr.training.train_coarse import out_of_fold
from idgbr.training.train_refiner import train_refiner


def prepare(data: Path, run: Path, budget: Budget) -> list[Place]:
    """Training places with their out-of-fold coarse maps."""
    places = load_training_places(data) + procedural_places(run / "scenes", budget.scenes)
    console.print(f"{len(places)} training places", highlight=False)
    producers = dict.fromkeys(ARCHITECTURES, budget.producer_steps) | {SHIPPED: budget.fold_steps}
    out_of_fold(places, steps=producers, folder=run)
    return places


def train_bundled(data: Path, run: Path, models: Path, budget: Budget, stages: tuple[str, ...]) -> None:
    """Train and export the bundled models named in `stages` into `models`."""
    if "change" in stages:
        make_change_model(data, run, models, budget)
    if "backbone" in stages:
        make_backbone(data, run, models, budget)
    if "refiner" in stages:
        places = prepare(data, run, budget)
        net = train_refiner(
            places + unlabelled_places(data), easy_steps=budget.refiner_easy_steps, steps=budget.refiner_steps,
            folder=run,
        )  # fmt: skip
        export_refiner(run, models, calibrate(net, places))


def make_backbone(data: Path, run: Path, models: Path, budget: Budget) -> None:
    """Train, calibrate and export the backbone and its heads."""
    places = load_places(data) + procedural_places(run / "scenes", budget.scenes)
    net = train_backbone(places, load_unlabelled(data), steps=budget.backbone_steps, folder=run)
    export_backbone(run, models, calibrate_heads(net, [place for place in places if place.calibration]))
