"""Pairs of dates for training, made of single-date building labels, since no open pairs exist.

Kinds of pair, drawn at random:

- *apart*: two places; what is a building in exactly one of them has changed;
- *exchanged*: one place twice; in one date, single buildings and patches of open ground are replaced by those of
  another place. Only the buildings count as change;
- *same*: one place twice, without changes.

Each date gets an appearance of its own (sensor, season, sun, shadows, haze, compression, flooded or bare ground). Two
dates of one place are shifted by up to 3 px, and buildings lean differently, because the sensor sees them from another
side. None of that is a change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Mask
from idgbr.training.dated_places import DatedPlace
from idgbr.training.labels import BUILDING, IGNORE
from idgbr.training.places import Place
from idgbr.training.sampling import Crop, degrade, sample_crop

Image = NDArray[np.uint8]

#: A little beyond what the bundled model runs at (see its card).
GSD_RANGE_M = (0.35, 1.2)
#: Largest shift of the second date along each axis, px.
MAX_SHIFT_PX = 3.0
#: Largest displacement of a roof by an oblique view, px.
MAX_LEAN_PX = 5.0
#: Share of each kind of pair.
KINDS = {"apart": 0.2, "exchanged": 0.55, "same": 0.25}
#: Share of the pairs whose dates are real, if there are such, and share of these that get buildings exchanged.
_DATED, _DATED_EXCHANGED = 0.4, 0.6
#: How often each data set is drawn; places of others with equal chance.
SHARE = {
    "landcover_dubai_hitl": 0.25,
    "buildings_oam_drone": 0.3,
    "buildings_spacenet1_rio": 0.2,
    "procedural": 0.25,
}


@dataclass(frozen=True)
class ImagePair:
    """Two dates (S, S, 3) uint8, where something changed, and where that is known, both (S, S)."""

    before: Image
    after: Image
    changed: Mask
    known: Mask


class CropSource:
    """Draws crops from places, each data set with its share, and pairs of these and of places with two dates."""

    def __init__(self, places: Sequence[Place], size: int, dated: Sequence[DatedPlace] = ()) -> None:
        groups = [[p for p in places if p.dataset == name] for name in SHARE]
        shares = [share for share, group in zip(SHARE.values(), groups, strict=True) if group]
        self._pools = [group for group in groups if group]
        self._shares = np.array(shares) / sum(shares)
        self._size, self._dated = size, dated

    def crop(self, rng: np.random.Generator, gsd_range: tuple[float, float] = GSD_RANGE_M) -> Crop:
        """A crop of which at least half is labelled."""
        while True:
            pool = self._pools[rng.choice(len(self._pools), p=self._shares)]
            place = pool[rng.integers(len(pool))]
            crop = sample_crop(place, self._size, rng, gsd_range=gsd_range)
            if (crop.labels == IGNORE).mean() < 0.5:
                return crop

    def pair(self, rng: np.random.Generator) -> ImagePair:
        """A pair of any kind, its dates in either order."""
        if self._dated and rng.random() < _DATED:
            return self._of_dates(rng)
        kind = rng.choice(list(KINDS), p=list(KINDS.values()))
        first = self.crop(rng)
        if kind == "apart":
            second = self._like(first, rng)
            changed = (first.labels == BUILDING) != (second.labels == BUILDING)
            known = (first.labels != IGNORE) & (second.labels != IGNORE)
            before, after = degrade(first.image, rng), degrade(second.image, rng)
        else:
            image, changed = first.image, np.zeros(first.labels.shape, bool)
            if kind == "exchanged":
                image, changed = exchanged(first, self._like(first, rng), rng)
            known, here = first.labels != IGNORE, first.labels == BUILDING
            # Gone are buildings of the first date, new ones those of the second; each moves with its own image.
            before, (was, gone) = moved(first.image, (here, changed & here), rng, shift=True)
            after, (stands, new) = moved(image, (here ^ changed, changed & ~here), rng)
            changed = gone | new
            before, after = (
                degrade(relit(shaded(covered(date, buildings, rng), buildings, rng), rng), rng)
                for date, buildings in ((before, was), (after, stands))
            )
        if rng.random() < 0.5:
            before, after = after, before
        return ImagePair(before, after, changed & known, known)

    def _of_dates(self, rng: np.random.Generator) -> ImagePair:
        """Two real dates of a place; buildings of one of them may be exchanged."""
        first, second = self._dated[rng.integers(len(self._dated))].crops(self._size, rng, GSD_RANGE_M)
        if rng.random() < 0.5:
            first, second = second, first
        image, changed = second.image, np.zeros(first.labels.shape, bool)
        if rng.random() < _DATED_EXCHANGED:
            image, changed = exchanged(second, self._like(first, rng), rng)
        known = (first.labels != IGNORE) | changed
        return ImagePair(degrade(first.image, rng), degrade(image, rng), changed, known)

    def _like(self, first: Crop, rng: np.random.Generator) -> Crop:
        """Another crop of about the same ground sample distance."""
        return self.crop(rng, (first.gsd_m * 0.9, first.gsd_m * 1.1))


def exchanged(target: Crop, donor: Crop, rng: np.random.Generator) -> tuple[Image, Mask]:
    """The target with some buildings removed or added, some ground replaced, and a mask of changed building pixels.

    Replaced pixels come from the donor, adjusted to the brightness of the target around them.
    """
    here, there = target.labels == BUILDING, donor.labels == BUILDING
    unknown = (target.labels == IGNORE) | (donor.labels == IGNORE)
    changed = np.zeros(here.shape, bool)
    for own, other in ((here, there), (there, here)):
        share = rng.uniform(0.3, 1.0)
        count, parts = cv2.connectedComponents(own.astype(np.uint8), connectivity=4)
        # Buildings without a counterpart in the donor are replaced as a whole, with their eaves.
        blocked = np.bincount(parts[other | unknown], minlength=count) > 0
        chosen = ~blocked & (rng.random(count) < share)
        chosen[0] = False
        changed |= chosen[parts]
    ground = _blobs(here.shape, rng) & ~_grown(here | there, 3)
    replaced = _grown(changed, int(rng.integers(1, 4))) & ~(here & ~changed) | ground
    alpha = cv2.GaussianBlur(replaced.astype(np.float32), (0, 0), float(rng.uniform(0.3, 0.9)))[..., None]
    own_level, other_level = (c.image[~(here | there)] for c in (target, donor))
    levelled = donor.image.astype(np.float32)
    if len(own_level) > 64:
        levelled += (own_level.mean(0) - other_level.mean(0)) * rng.uniform(0.3, 1.0)
    mixed = target.image * (1 - alpha) + np.clip(levelled, 0, 255) * alpha
    return mixed.astype(np.uint8), changed


def moved(
    image: Image, masks: tuple[Mask, Mask], rng: np.random.Generator, *, shift: bool = False
) -> tuple[Image, tuple[Mask, Mask]]:
    """The image and two masks, the first one of buildings, as seen from another orbit.

    Roofs lean by up to `MAX_LEAN_PX`, depending on their height. With `shift`, the whole image also moves by up to
    `MAX_SHIFT_PX`, with a small local variation.
    """
    size = image.shape[0]
    field = np.zeros((size, size, 2), np.float32)
    if shift:
        offset = rng.uniform(-MAX_SHIFT_PX, MAX_SHIFT_PX, 2) * (rng.random() < 0.7)
        coarse = rng.normal(0, rng.uniform(0, 0.6), (4, 4, 2)).astype(np.float32) + offset.astype(np.float32)
        field += cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.5:
        lean, angle = rng.uniform(0.5, MAX_LEAN_PX), rng.uniform(0, 2 * np.pi)
        heights = _each(masks[0], rng.uniform(0.2, 1.0, (masks[0].size, 1)))[..., 0]
        # As far around as roofs move, so that they move as a whole and what lies beside them is stretched.
        around = cv2.GaussianBlur(cv2.dilate(heights, _disc(math.ceil(lean))), (0, 0), 1.0)
        field += around[..., None] * (lean * np.array([np.cos(angle), np.sin(angle)], np.float32))
    grid = np.indices((size, size), dtype=np.float32)
    cols, rows = grid[1] + field[..., 0], grid[0] + field[..., 1]

    def at(values: NDArray[np.uint8], how: int) -> NDArray[np.uint8]:
        return np.asarray(cv2.remap(values, cols, rows, how, borderMode=cv2.BORDER_REFLECT), np.uint8)

    first, second = (at(mask.astype(np.uint8), cv2.INTER_NEAREST) > 0 for mask in masks)
    return at(image, cv2.INTER_LINEAR), (first, second)


def shaded(image: Image, buildings: Mask, rng: np.random.Generator) -> Image:
    """Each roof in another light, and its shadow on another side."""
    x = image.astype(np.float32)
    if rng.random() < 0.4:
        light = rng.normal(0, 0.12, (buildings.size, 1)) + rng.normal(0, 0.06, (buildings.size, 3))
        x *= np.exp(_each(buildings, light))
    if rng.random() < 0.4:
        reach, angle = rng.uniform(1, 8), rng.uniform(0, 2 * np.pi)
        side = 2 * math.ceil(reach) + 1
        line, middle = np.zeros((side, side), np.uint8), side // 2
        end = (round(middle + reach * np.cos(angle)), round(middle + reach * np.sin(angle)))
        cv2.line(line, (middle, middle), end, 1)
        shadow = (cv2.dilate(buildings.astype(np.uint8), line) > 0) & ~buildings
        soft = cv2.GaussianBlur(shadow.astype(np.float32), (0, 0), float(rng.uniform(0.4, 0.9)))
        x *= 1 - (soft * rng.uniform(0.2, 0.6))[..., None]
    return np.clip(x, 0, 255).astype(np.uint8)


def covered(image: Image, buildings: Mask, rng: np.random.Generator) -> Image:
    """Some ground between the buildings flooded, bare or overgrown: another colour and less texture."""
    if rng.random() >= 0.25:
        return image
    cover = _blobs(buildings.shape, rng, most=0.7) & ~_grown(buildings, 1)
    alpha = cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 0.8)[..., None] * rng.uniform(0.3, 0.95)
    grey = rng.uniform(40, 200)
    colour = (grey + rng.normal(0, 18, 3) + rng.normal(0, rng.uniform(1, 10), (*cover.shape, 1))).astype(np.float32)
    mixed: NDArray[np.float32] = image * (1 - alpha) + colour * alpha
    return np.clip(mixed, 0, 255).astype(np.uint8)


def relit(image: Image, rng: np.random.Generator) -> Image:
    """Another season and sun: vegetation turns, light falls unevenly, and relief casts its shade from another side."""
    x = image.astype(np.float32)
    if rng.random() < 0.4:
        green = np.clip((x[..., 1] - np.maximum(x[..., 0], x[..., 2])) / 24, 0, 1)[..., None]
        x += green * rng.uniform(-45, 45, 3).astype(np.float32)
    if rng.random() < 0.4:
        light = rng.normal(0, 0.15, (3, 3)).astype(np.float32)
        x *= np.exp(cv2.resize(light, x.shape[1::-1], interpolation=cv2.INTER_CUBIC))[..., None]
    if rng.random() < 0.4:
        # Shade of what is darker or brighter than its surroundings, drawn to one side.
        grey = x.mean(2)
        reach, angle = rng.uniform(1, 4), rng.uniform(0, 2 * np.pi)
        move = np.array([[1, 0, reach * np.cos(angle)], [0, 1, reach * np.sin(angle)]])
        moved = cv2.warpAffine(grey, move, grey.shape[::-1], borderMode=cv2.BORDER_REFLECT)
        x += (rng.uniform(-0.5, 0.5) * (grey - moved))[..., None]
    return np.clip(x, 0, 255).astype(np.uint8)


def _blobs(shape: tuple[int, ...], rng: np.random.Generator, most: float = 0.2) -> Mask:
    """Patches of irregular outline over up to `most` of the area."""
    noise = cv2.GaussianBlur(rng.standard_normal(shape, dtype=np.float32), (0, 0), float(rng.uniform(2, 8)))
    return np.asarray(noise > np.quantile(noise, 1 - rng.uniform(0, most)))


def _each(buildings: Mask, values: NDArray[np.float64]) -> NDArray[np.float32]:
    """A row of `values` for each building: (S, S, values a row), 0 outside."""
    parts = cv2.connectedComponents(buildings.astype(np.uint8), connectivity=4)[1]
    return np.asarray(np.where(parts[..., None] > 0, values[parts], 0), np.float32)


def _grown(mask: Mask, radius: int) -> Mask:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), _disc(radius)) > 0)


def _disc(radius: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)
