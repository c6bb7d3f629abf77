"""Training samples of the refiner that reads the backbone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from idgbr.training.damage import damaged, identity, one_hot, pixel_classifier, without_ignored
from idgbr.training.guided_loss import GuidedBatch
from idgbr.training.guided_networks import scale_of
from idgbr.training.guided_places import GSD_RANGE_M
from idgbr.training.places import Place
from idgbr.training.repairs import REPAIRS, by_object
from idgbr.training.sampling import Crop, degrade, respond, sample_crop
from idgbr.training.train_refiner import (
    REGIONS,
    Sample,
    cut_out_of_fold,
    labels_and_map,
    right_inside,
    sample_pools,
    stacked,
    with_codes,
)

#: How often each data set is drawn; `REGIONS` stands for places without sharp labels.
SHARES = {
    "buildings_oam_drone": 0.22,
    "roofs_geneva_pv": 0.22,
    "landcover_dubai_hitl": 0.18,
    "procedural": 0.22,
    REGIONS: 0.16,
}
#: Share of samples in which objects differ in how well they are drawn.
_MIXED = 0.45
#: Error (of the logarithm) of the ground sample distance given to the network, and how often it is withheld.
_GSD_ERROR, _GSD_UNTOLD = 0.15, 0.1


def coarse_map(
    place: Place, crop: Crop, labels: NDArray[np.uint8], classes: int, single: int | None, rng: np.random.Generator
) -> NDArray[np.float32]:
    """A coarse map (S, S, classes) for the crop, at times better around some objects than around others.

    `labels` hold classes of `place`, or whether a pixel is of class `single`.
    """
    truth = without_ignored(labels)

    def drawn() -> NDArray[np.float32]:
        draw = rng.random()
        if draw < 0.08:
            found = pixel_classifier(crop.image, truth, classes, rng)
        elif draw < 0.38 and place.coarse:
            found = cut_out_of_fold(place, crop, single, rng)
        elif draw < 0.55:
            found = REPAIRS[rng.integers(len(REPAIRS))](truth, classes, rng)
            if rng.random() < 0.5:
                found = damaged(found.argmax(2).astype(np.uint8), classes, rng)
            return found
        else:
            return damaged(truth, classes, rng)
        if rng.random() < 0.5:
            found = right_inside(found, truth, classes, float(rng.uniform(6, 24)))
        if rng.random() < 0.4:
            found = one_hot(found.argmax(2).astype(np.uint8), classes)
        return found

    if rng.random() < 0.1:
        return identity(truth, classes, rng)
    found = drawn()
    if rng.random() < _MIXED:
        other = one_hot(truth, classes) if rng.random() < 0.6 else drawn()
        found = by_object(truth, found, other, rng, float(rng.uniform(0.2, 0.8)))
        if rng.random() < 0.3:
            found = one_hot(found.argmax(2).astype(np.uint8), classes)
    return np.asarray(found, np.float32)


def make_sample(place: Place, size: int, rng: np.random.Generator, *, easy: bool = False) -> Sample | None:
    """One training sample as arrays in the order of `GuidedBatch`, None if the crop has no boundary.

    `easy` samples have sharp labels, an unchanged image, and a coarse map with only moved boundaries.
    """
    # Beyond a small place's edge there is nothing to learn.
    coarsest = min(place.labels.shape) * place.gsd_m / (0.75 * size)
    high = min(GSD_RANGE_M[1], max(coarsest, GSD_RANGE_M[0] * 1.01))
    crop = sample_crop(place, size, rng, gsd_range=(GSD_RANGE_M[0], high), prefer_coarse=True)
    pair = labels_and_map(place, crop, coarse_map, rng, least_known=crop.labels.size // 6, easy=easy)
    if pair is None:
        return None
    image = crop.image
    if not easy:
        image = degrade(image, rng) if rng.random() < 0.6 else image
        image = respond(image, rng) if rng.random() < 0.5 else image
    told = crop.gsd_m * float(np.exp(rng.normal(0, _GSD_ERROR)))
    scale = scale_of(torch.tensor(told if rng.random() > _GSD_UNTOLD else 0.3))
    return image, *with_codes(*pair, rng), np.asarray(scale, np.float32)


def collated(samples: Sequence[Sample]) -> GuidedBatch:
    """Samples, arrays in the order of `GuidedBatch` with images (S, S, 3) uint8, as tensors."""
    return GuidedBatch(*stacked(samples))


def batches(
    places: Sequence[Place], batch: int, size: int, *, easy: bool
) -> Callable[[np.random.Generator], GuidedBatch]:
    """A function that draws a batch with a random generator."""

    def sample(place: Place, rng: np.random.Generator) -> Sample | None:
        return make_sample(place, size, rng, easy=easy)

    draw = sample_pools(places, SHARES, sample, batch, easy=easy)
    return lambda rng: collated(draw(rng))
