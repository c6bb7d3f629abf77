"""Makes everything in `resources/models`: trains, measures on held-out places, exports to ONNX, writes the cards.

Stages, each cached in the run folder, so that an interrupted run goes on where it was:

1. coarse networks of three architectures by fold of places: their out-of-fold predictions are the refiner's real
   coarse maps;
2. the `landcover` and `buildings` networks on all training places, started from a fold network;
3. the refiner on out-of-fold maps, synthetic damage and perfect maps;
4. the change model: its prior on single dates, then the whole of it on pairs made of them.
"""

from __future__ import annotations

from pathlib import Path

from idgbr.training.budget import Budget
from idgbr.training.calibrate import calibrate
from idgbr.training.export import export_coarse, export_refiner
from idgbr.training.loop import console
from idgbr.training.places import (
    BUILDINGS,
    LANDCOVER,
    Place,
    load_training_places,
    procedural_places,
    unlabelled_places,
)
from idgbr.training.producers import ARCHITECTURES, SHIPPED
from idgbr.training.train_change import make_change_model
from idgbr.training.train_coarse import out_of_fold, train_coarse
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
    if stages == ("change",):
        return  # needs none of what the others share
    places = prepare(data, run, budget)
    start = run / f"{SHIPPED}_fold1.safetensors"
    if "landcover" in stages:
        full = [p for p in places if p.full_labels]
        train_coarse(
            full, task="landcover", classes=len(LANDCOVER), steps=budget.landcover_steps, folder=run, name="landcover",
            start_from=start, seed=21, learning_rate=1e-3,
        )  # fmt: skip
        export_coarse(run, "landcover", LANDCOVER, models)
    if "buildings" in stages:
        train_coarse(
            places, task="buildings", classes=len(BUILDINGS), steps=budget.buildings_steps, folder=run,
            name="buildings", start_from=start, seed=22, learning_rate=1.5e-3,
        )  # fmt: skip
        export_coarse(run, "buildings", BUILDINGS, models)
    if "refiner" in stages:
        net = train_refiner(
            places + unlabelled_places(data), easy_steps=budget.refiner_easy_steps, steps=budget.refiner_steps,
            folder=run,
        )  # fmt: skip
        export_refiner(run, models, calibrate(net, places))
