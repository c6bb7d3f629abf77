"""`idgbr train-refiner`: trains, calibrates and exports a refiner as configured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from idgbr.console import ConsoleMonitor
from idgbr.errors import InputError
from idgbr.training.calibrate import DRAWN, MarginTables, Patch, calibrate, calibrated, calibration_patches
from idgbr.training.config_file import claim
from idgbr.training.damage import stride, without_ignored
from idgbr.training.export import export_refiner
from idgbr.training.loop import console
from idgbr.training.networks import RefinerNet
from idgbr.training.places import Place, load_training_places, own_place, procedural_places, unlabelled_places
from idgbr.training.producers import ARCHITECTURES, SHIPPED
from idgbr.training.refiner_config import RefinerConfig
from idgbr.training.train_coarse import out_of_fold
from idgbr.training.train_refiner import train_refiner

#: Margins if no image calibrates them (`idgbr.refiner.acceptance.Margins`): cautious values.
CAUTIOUS = (0.2, 0.6, 0.0)
#: File in a run folder with the configuration at its start.
_BEGUN = "refiner_config.txt"


def run(config: RefinerConfig, data: Path | None, folder: Path, models: Path) -> None:
    """Train what `config` describes in the run `folder`, or resume it, and export it to `models`/refiner.

    Raises InputError if the run folder has another configuration, or if `data` is needed and missing.
    """
    if config.bundled and data is None:
        raise InputError("the bundled imagery takes part: name its folder by --data, or set bundled = false.")
    claim(folder, _BEGUN, config)
    monitor = ConsoleMonitor()
    own = [own_place(image, image.bands or config.bands, monitor) for image in config.images]
    bundled: list[Place] = []
    if config.bundled and data is not None:
        bundled = prepare(data, folder, config)
    further = unlabelled_places(data) if config.bundled and data is not None else []
    net = train_refiner(
        bundled + own + further, easy_steps=config.easy_steps, steps=config.steps, folder=folder, seed=config.seed,
        batch=config.batch, size=config.size, learning_rate=config.learning_rate, bands=len(config.bands),
    )  # fmt: skip
    margins = calibrate(net, bundled + own) if bundled else own_margins(net, own)
    if config.shipped:
        export_refiner(folder, models, margins)
        return
    card: dict[str, object] = {"title": "Boundary refiner, own training", "license": "as that of the training data"}
    training: dict[str, object] = {"command": "idgbr train-refiner CONFIG"}
    if config.bands != tuple(range(1, len(config.bands) + 1)):
        card["band_map"] = config.bands
    if not config.bundled:
        gsd = [place.gsd_m for place in own]
        # Crops are drawn at up to six times the images' own ground sample distance.
        card["gsd_range_m"] = (round(0.8 * min(gsd), 4), round(6 * max(gsd), 4))
        training["data"] = {place.name: "the user's own" for place in own}
    export_refiner(folder, models, margins, bands=len(config.bands), card=card, training=training)


def prepare(data: Path, run: Path, config: RefinerConfig) -> list[Place]:
    """Training places with their out-of-fold coarse maps."""
    places = load_training_places(data) + procedural_places(run / "scenes", config.scenes)
    console.print(f"{len(places)} training places", highlight=False)
    producers = dict.fromkeys(ARCHITECTURES, config.producer_steps) | {SHIPPED: config.fold_steps}
    out_of_fold(places, steps=producers, folder=run)
    return places


def own_margins(net: RefinerNet, places: Sequence[Place]) -> MarginTables:
    """Acceptance margins from the calibration images, at their own ground sample distances."""
    kept = [place for place in places if place.calibration]
    if not kept:
        console.print(f"no image is kept for calibration: margins {CAUTIOUS}", highlight=False)
        return {"1": [(min(place.gsd_m for place in places), *CAUTIOUS)]}
    patches: dict[float, list[Patch]] = {}
    for gsd in sorted({place.gsd_m for place in kept}):
        found = calibration_patches([place for place in kept if place.gsd_m == gsd])
        # Own images have no out-of-fold predictions: what a network of low resolution would say stands for them.
        patches[gsd] = found + [_softened(patch) for patch in found if patch.kind.endswith(DRAWN[-1])]
        if not found:
            raise InputError("no patch of the images kept for calibration holds a boundary; keep another one.")
    return calibrated(net, patches)


def _softened(patch: Patch) -> Patch:
    labels, rng = without_ignored(patch.truth), np.random.default_rng(patch.truth.size)
    side = min(labels.shape)
    window = (slice(0, side), slice(0, side))
    coarse = np.moveaxis(stride(np.ascontiguousarray(labels[window]), len(patch.coarse), rng), 2, 0)
    image = np.ascontiguousarray(patch.image[:, :side, :side])
    return Patch("own stride", image, patch.truth[window], np.ascontiguousarray(coarse))
