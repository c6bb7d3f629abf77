"""How the contact head parts touching buildings: the settings that find most buildings of held-out places."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch
from scipy.ndimage import label
from torch import Tensor

from idgbr.arrays import AnyArray, Array, Floats, Ints32, Mask
from idgbr.models.object_table import ObjectTable
from idgbr.polygonize import Contact
from idgbr.polygonize.cracks import FIRST_CLASS
from idgbr.polygonize.objects.parts import FIRST_OBJECT, ObjectParts
from idgbr.training.backbone import MultiTaskNet, TaskNet
from idgbr.training.labels import IGNORE
from idgbr.training.places import Place
from idgbr.training.train_backbone import truth_of
from idgbr.training.train_coarse import place_probabilities

#: Ground sample distances (m) at which places are judged, if they are not coarser.
GSDS_M = (0.1, 0.25)
#: Candidate settings: thresholds, margins in px, least cores and least regions in m².
THRESHOLDS = (0.1, 0.13, 0.16, 0.2, 0.25, 0.3)
MARGINS, CORES_M2, REGIONS_M2 = (1.0, 2.0), (4.0, 7.0, 10.0), (0.0, 200.0, 400.0)
#: Smaller buildings do not count, in m².
LEAST_M2 = 4.0
#: Least IoU of a building and its truth.
MATCH = 0.5


class ContactNet(TaskNet):
    """Backbone and contact head, with the logits of no contact and of contact."""

    def __init__(self, net: MultiTaskNet) -> None:
        super().__init__(net, "contact")

    def forward(self, image: Tensor) -> Tensor:
        """Logits (N, 2, h, w) at a stride of 2 px."""
        contact = super().forward(image)
        return torch.cat([torch.zeros_like(contact), contact], 1)


class JudgedPlace(NamedTuple):
    """Buildings and contact of a place as the network gives them (H, W), true numbers of buildings, m² of a pixel."""

    dataset: str
    buildings: Mask
    contact: Array
    truth: Ints32
    pixel_m2: float


class FlatAreas:
    """Areas of pixels that are all equal, see `idgbr.raster.pixel_areas.PixelAreas`."""

    cell = 1 << 30

    def __init__(self, pixel_m2: float) -> None:
        self._pixel_m2 = pixel_m2

    def rows(self, first: int, last: int) -> Floats:
        """Areas of rows [first, last)."""
        return np.full((last - first, 1), self._pixel_m2)


def calibrate_objects(net: MultiTaskNet, places: Sequence[Place], threshold: float) -> dict[str, float] | None:
    """The table for the card, see `idgbr.models.object_table.ObjectTable`; None if no place has numbered buildings.

    Of places without numbers, the connected regions of buildings are taken for buildings. `threshold` is the least
    probability of a building, before the temperature.
    """
    if all(place.objects is None for place in places):
        return None
    held = []
    for place, wanted in product(places, GSDS_M):
        if wanted < 0.7 * place.gsd_m and wanted != GSDS_M[-1]:
            continue
        gsd = max(wanted, place.gsd_m)
        buildings = place_probabilities(TaskNet(net, "buildings"), place, gsd)[..., 1] > threshold
        contact = place_probabilities(ContactNet(net), place, gsd)[..., 1]
        truth = truth_of(place, contact.shape)
        if place.objects is None:
            numbers = np.asarray(label((truth == 1).astype(np.uint8))[0], np.int32)
        else:
            numbers = cv2.resize(place.objects, contact.shape[::-1], interpolation=cv2.INTER_NEAREST).astype(np.int32)
        buildings &= truth != IGNORE
        held.append(JudgedPlace(place.dataset, buildings, contact, numbers, gsd * gsd))
    return asdict(best_objects(held))


def best_objects(held: Sequence[JudgedPlace]) -> ObjectTable:
    """The settings that gain most F1 of buildings over connected regions on the data set where they gain least.

    Towns differ in how many houses touch: the mean over data sets would part detached houses for the sake of blocks.
    """

    def scores(settings: ObjectTable) -> Floats:
        each: dict[str, list[float]] = {}
        for place in held:
            each.setdefault(place.dataset, []).append(object_f1(parted(place, settings), place))
        return np.array([np.mean(some) for some in each.values()])

    regions = scores(ObjectTable(2.0, 0.0, 0.0))  # no contact reaches this threshold
    candidates = [ObjectTable(*values) for values in product(THRESHOLDS, MARGINS, CORES_M2, REGIONS_M2)]
    return max(candidates, key=lambda one: (scores(one) - regions).min())


def parted(place: JudgedPlace, settings: ObjectTable) -> Ints32:
    """Numbers of buildings (H, W), 0 for none."""
    codes = np.where(place.buildings, FIRST_CLASS + 1, FIRST_CLASS).astype(np.uint16)
    table = np.zeros(FIRST_OBJECT, np.bool_)
    table[FIRST_CLASS + 1] = True
    contact = Contact(
        lambda first, last: place.contact[first:last], settings.threshold, settings.margin, settings.core_m2,
        settings.region_m2,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as work:
        parts = ObjectParts(
            Path(work), codes.shape[1], contact, table, lambda: FlatAreas(place.pixel_m2), LEAST_M2
        )  # fmt: skip
        found = np.concatenate(list(parts.parted([codes], lambda _: None)))
    return np.maximum(found - np.int32(FIRST_OBJECT - 1), 0).astype(np.int32)


def object_f1(found: AnyArray, place: JudgedPlace) -> float:
    """F1 of numbered buildings (H, W) of at least `LEAST_M2`."""
    ours, true = found.astype(np.int64), place.truth.astype(np.int64)
    our_size, true_size = (np.bincount(numbers.ravel()) * place.pixel_m2 for numbers in (ours, true))
    pairs, shared = np.unique((ours << 32 | true)[(ours > 0) & (true > 0)], return_counts=True)
    one, other = pairs >> 32, pairs & 0xFFFFFFFF
    iou = shared * place.pixel_m2 / (our_size[one] + true_size[other] - shared * place.pixel_m2)
    counted = (our_size[one] >= LEAST_M2) & (true_size[other] >= LEAST_M2)
    total = sum(int(np.count_nonzero(size[1:] >= LEAST_M2)) for size in (our_size, true_size))
    return 2 * int(np.count_nonzero((iou > MATCH) & counted)) / max(total, 1)
