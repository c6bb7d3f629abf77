"""Labelled places that the backbone learns from, and random samples of them.

All data sets have open terms (A). Held-out places are used to choose checkpoints, thresholds and temperatures. They
are whole towns or blocks of a town, never tiles of a training place.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from idgbr.training.composites import (
    painted,
    pasted,
    roof_numbers,
    with_canopy,
    with_cars,
    with_fields,
    with_huts,
    with_parcels,
    with_pools,
    with_water,
)
from idgbr.training.infrared_places import places_without_buildings
from idgbr.training.labels import (
    BUILDING,
    BUILT_UP,
    IGNORE,
    NOT_BUILDING,
    PROBABLY_NOT_BUILDING,
    UNKNOWN,
    VEGETATION,
    WATER,
)
from idgbr.training.places import (
    Place,
    building_place,
    geneva_place,
    landcover_place,
    unlabelled_place,
    unlabelled_places,
)
from idgbr.training.sampling import Crop, degrade, respond, sample_crop

#: Ground sample distances (m) of the samples: those of the images that models are used on, and a little beyond.
GSD_RANGE_M = (0.1, 1.5)
#: How often each data set is drawn.
SHARES = {
    "buildings_oam_drone": 0.30,
    "roofs_geneva_pv": 0.16,
    "buildings_spacenet1_rio": 0.08,
    "landcover_dubai_hitl": 0.24,
    "procedural": 0.22,
}
#: Error (m) of inexact labels, by part of the place's name; nearer to their outlines, pixels are ignored.
_LABEL_ERROR_M = {"kenya_nairobi": 2.0, "nepal_banepa_a": 1.0, "3band": 0.8}
#: Held-out places: a drone town, a Dubai tile, three neighbouring scenes of Rio, the east of Geneva.
_CALIBRATION = ("uganda_kampala", "tile3_", "3band_013022223130_Public_img50", "3band_013022223130_Public_img51",
                "3band_013022223130_Public_img52", "ge_4984", "ge_4985")  # fmt: skip
#: How often each set without labels is drawn.
UNLABELLED_SHARES = {
    "roofs_solar_southtyrol": 0.3,
    "naip_california_pairs": 0.35,
    "pools_saopaulo_irg": 0.2,
    "ortho_unlabelled": 0.15,
}
#: Ground sample distances (m) of sets whose files do not say.
_NOMINAL_GSD_M = {"roofs_solar_southtyrol": 0.137, "pools_saopaulo_irg": 0.1}
#: Shares of the samples with painted roofs, and with parcels; share of the images without labels that get roofs.
_PAINTED, _PARCELS, _PASTED = 0.35, 0.12, 0.5
#: Share of the samples with pools, and with parked cars, and the coarsest ground sample distance (m) that shows them.
_POOLS, _CARS, _SHOWS_POOLS_M, _SHOWS_CARS_M = 0.1, 0.1, 0.6, 0.4
#: Share of the crops around pools where there are some, and the further weight in the loss of what is so small.
_AT_POOLS, _POOL_WEIGHT = 0.6, 150
#: Share of the samples with fields, and with small scattered roofs.
_FIELDS, _HUTS = 0.25, 0.2
#: Sets whose roofs are drawn well enough to be cut out.
ROOF_SOURCES = ("buildings_oam_drone", "roofs_geneva_pv")
#: Share of the samples of land cover with trees, and with water, that their places lack.
_FORESTS, _WATERS = 0.2, 0.25
#: Share of the usual change of hue and saturation where colours tell the classes.
TRUE_COLOURS = 0.4
#: Half width (px) of what counts as the contact of two objects.
CONTACT_PX = 2


def calibration_place(stem: str) -> bool:
    """Whether a place is held out."""
    return stem.startswith(_CALIBRATION)


def load_places(data: Path) -> list[Place]:
    """All labelled places with open terms, the held-out ones marked.

    `data` has `splits.json` and a folder for each data set.
    """
    splits = json.loads((data / "splits.json").read_text())
    places = []
    for name in ("buildings_oam_drone", "buildings_spacenet1_rio"):
        for stem in splits[name]["train"] + splits[name].get("train_noisy", []):
            error = next((m for start, m in _LABEL_ERROR_M.items() if stem.startswith(start)), 0.0)
            places.append(building_place(data / name, stem, -1, sharp_labels=not error, label_error_m=error))
    places += [geneva_place(data / "roofs_geneva_pv", stem, -1) for stem in splits["roofs_geneva_pv"]["train"]]
    dubai = data / "landcover_dubai_hitl"
    for stem in splits[dubai.name]["train"]:
        place = landcover_place(dubai, stem, -1)
        place.labels[place.labels == BUILDING] = BUILT_UP
        places.append(place)
    for place in places:
        place.calibration = calibration_place(place.name)
    return places


def load_unlabelled(data: Path) -> list[Place]:
    """Images with open terms for training without labels. Labels of their data sets are not read.

    Images with near infrared have labels of what is no building; those of a held-out city are marked.
    """
    splits = json.loads((data / "splits.json").read_text())
    places = unlabelled_places(data) + places_without_buildings(data)
    for name, gsd in _NOMINAL_GSD_M.items():
        for stem in splits[name].get("pretrain", splits[name].get("unlabelled", [])):
            path = next(p for p in (data / name / "images").glob(f"{stem}.*") if p.suffix != ".jgw")
            places.append(unlabelled_place(path, gsd))
    return places


class Sample(NamedTuple):
    """A training sample.

    Image (S, S, 3) uint8; labels (S, S) uint8, land-cover ids, `NOT_BUILDING`, `BUILT_UP` or `IGNORE`; contact of
    objects (S, S) uint8: 1 where two are within `CONTACT_PX`, 0 where not, `UNKNOWN`; near (S, S) uint8: 1 at exact
    outlines, more at rare labels.
    """

    image: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    contact: NDArray[np.uint8]
    near: NDArray[np.uint8]


def contact_of(objects: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Where two objects are within `CONTACT_PX`: (S, S) uint8, 1 or 0, of their numbers (S, S), 0 for none."""
    kernel = np.ones((2 * CONTACT_PX + 1, 2 * CONTACT_PX + 1), np.uint8)
    highest = cv2.dilate(objects, kernel)
    lowest = np.iinfo(np.uint16).max - cv2.dilate(np.where(objects, np.iinfo(np.uint16).max - objects, 0), kernel)
    return ((lowest < highest) & (highest > 0)).astype(np.uint8)


def as_another_sensor(place: Place, crop: Crop, rng: np.random.Generator) -> Sample:
    """A crop as a sample; uncertain labels are ignored."""
    labels = crop.labels
    unsure = labels == PROBABLY_NOT_BUILDING
    # Most of these labels are right, so some samples use them.
    labels[unsure] = NOT_BUILDING if rng.random() < 0.4 else IGNORE
    image = crop.image
    if rng.random() < _FIELDS:
        image, _ = with_fields(image, np.asarray(labels == NOT_BUILDING), crop.gsd_m, rng)
    if rng.random() < _HUTS:
        image, huts = with_huts(image, np.asarray(labels == NOT_BUILDING), crop.gsd_m, rng)
        labels[huts] = BUILDING
    known = np.where(labels == IGNORE, np.uint8(NOT_BUILDING), labels)
    edge = cv2.morphologyEx(known, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    outlines = (edge > 0).astype(np.uint8)
    near = np.zeros_like(labels)
    if place.label_error_m:
        reach = 2 * round(place.label_error_m / crop.gsd_m) + 1
        labels[cv2.dilate(outlines, np.ones((reach, reach), np.uint8)) > 0] = IGNORE
    else:
        near = np.asarray(cv2.dilate(outlines, np.ones((3, 3), np.uint8)), np.uint8)
    contact = np.full(labels.shape, UNKNOWN, np.uint8)
    if crop.objects is not None:
        contact = np.where(labels == IGNORE, contact, contact_of(crop.objects))
    if not place.label_error_m and rng.random() < _PAINTED:
        image = painted(image, *roof_numbers(labels, crop.objects), rng)
    if rng.random() < _PARCELS:
        image = with_parcels(image, labels, rng)
    if crop.gsd_m < _SHOWS_POOLS_M and rng.random() < _POOLS:
        image = with_pools(image, labels, crop.gsd_m, rng)
    if crop.gsd_m < _SHOWS_CARS_M and rng.random() < _CARS:
        image = with_cars(image, labels, crop.gsd_m, rng)
    return Sample(respond(degrade(image, rng), rng), labels, contact, near)


#: How a crop of a place becomes a sample.
Finish = Callable[[Place, Crop, np.random.Generator], Sample]


class InTrueColours:
    """Makes samples of land cover, whose hues hardly change. Some get water, and trees of the `forests`."""

    def __init__(self, forests: Sequence[Place]) -> None:
        self._forests = forests

    def __call__(self, _place: Place, crop: Crop, rng: np.random.Generator) -> Sample:
        """A crop as a sample."""
        image, labels = crop.image, crop.labels
        labels[labels == PROBABLY_NOT_BUILDING] = IGNORE
        if self._forests and rng.random() < _FORESTS:
            forest = self._forests[int(rng.integers(len(self._forests)))]
            canopy = sample_crop(forest, image.shape[0], rng, gsd_range=(crop.gsd_m, crop.gsd_m))
            image, trees = with_canopy(image, canopy.image, rng)
            labels[trees] = VEGETATION
        if rng.random() < _WATERS:
            image, water = with_water(image, crop.gsd_m, rng)
            labels[water] = WATER
        unknown = np.full_like(labels, UNKNOWN)
        return Sample(degrade(image, rng, TRUE_COLOURS), labels, unknown, np.zeros_like(labels))


def draw_sample(
    pool: Sequence[Place], size: int, rng: np.random.Generator, finish: Finish = as_another_sensor
) -> Sample:
    """A sample of `size` px from the places of a data set.

    If the places are too small for `size` at the drawn ground sample distance, the sample is made of four crops of
    half the side.
    """
    least = min(0.8 * place.gsd_m for place in pool)
    gsd = math.exp(rng.uniform(math.log(max(GSD_RANGE_M[0], least)), math.log(GSD_RANGE_M[1])))
    weights = np.array([math.sqrt(place.labels.size) for place in pool])
    for _ in range(20):
        place = pool[rng.choice(len(pool), p=weights / weights.sum())]
        wanted = min(max(gsd, 0.8 * place.gsd_m), 14 * place.gsd_m)
        room = min(place.labels.shape) * place.gsd_m / wanted
        if room < 0.8 * size and size > 200:
            quarters = [draw_sample(pool, size // 2, rng, finish) for _ in range(4)]
            rows = [[np.concatenate(pair, 1) for pair in zip(*quarters[n : n + 2], strict=True)] for n in (0, 2)]
            return Sample(*(np.concatenate(parts, 0) for parts in zip(*rows, strict=True)))
        wanted = min(wanted, max(0.8 * place.gsd_m, min(place.labels.shape) * place.gsd_m / (0.7 * size)))
        crop = sample_crop(place, size, rng, gsd_range=(wanted, wanted))
        if (crop.labels == IGNORE).mean() < 0.5:
            break
    return finish(place, crop, rng)


class Views(NamedTuple):
    """Two views (S, S, 3) uint8 of the same ground: as it is, and as another sensor might show it.

    The second has roofs and fields that the ground lacks. `labels` (S, S) uint8 name these; elsewhere they are those of
    the place, mostly `IGNORE`. `near` (S, S) uint8 is the further weight of rare labels.
    """

    plain: NDArray[np.uint8]
    altered: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    near: NDArray[np.uint8]


def draw_views(
    pool: Sequence[Place], roofs: Sequence[Place], size: int, rng: np.random.Generator, true_colours: bool = False
) -> Views:
    """Two views of a place without labels; `roofs` are places whose roofs it may be given.

    With `true_colours` hues hardly change, and nothing is laid on the ground.
    """
    place = pool[int(rng.integers(len(pool)))]
    coarsest = max(0.8 * place.gsd_m, min(place.labels.shape) * place.gsd_m / (0.8 * size))
    low, high = max(GSD_RANGE_M[0], 0.8 * place.gsd_m), min(coarsest, GSD_RANGE_M[1])
    gsd = math.exp(rng.uniform(math.log(low), math.log(max(high, low * 1.01))))
    rare = np.argwhere(place.labels == NOT_BUILDING)
    centre = tuple(rare[rng.integers(len(rare))]) if len(rare) and rng.random() < _AT_POOLS else None
    crop = sample_crop(place, size, rng, gsd_range=(gsd, gsd), centre=centre)
    image, labels = crop.image, crop.labels
    near = np.where(labels == NOT_BUILDING, np.uint8(_POOL_WEIGHT), np.uint8(0))
    if true_colours:
        return Views(image, degrade(image, rng, TRUE_COLOURS), labels, near)
    shown = np.asarray(image.any(2))
    if rng.random() < _FIELDS:
        image, fields = with_fields(image, shown, gsd, rng)
        labels[fields] = NOT_BUILDING
    if rng.random() < _PASTED:
        sharp = [p for p in roofs if p.gsd_m * 0.8 <= gsd]
        if rng.random() < 0.5 or not sharp:
            image, where = with_huts(image, shown, gsd, rng)
        else:
            image, where = _with_roofs(image, sharp[int(rng.integers(len(sharp)))], gsd, rng)
        labels[where] = BUILDING
    return Views(crop.image, respond(degrade(image, rng), rng), labels, near)


def _with_roofs(
    image: NDArray[np.uint8], place: Place, gsd_m: float, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """An image (S, S, 3) with some roofs of another place, and where they are: (S, S) bool."""
    source = sample_crop(place, image.shape[0], rng, gsd_range=(gsd_m, gsd_m))
    numbers, count = roof_numbers(source.labels, source.objects)
    if not count:
        return image, np.zeros(image.shape[:2], bool)
    return pasted(image, painted(source.image, numbers, count, rng), numbers, count, 12, rng)
