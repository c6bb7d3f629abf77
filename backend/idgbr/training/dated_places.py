"""Places with images of two dates: real sun, season, cars and lean, and hardly a change of buildings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.training.labels import BUILDING, IGNORE, NOT_BUILDING
from idgbr.training.places import Place, unlabelled_place
from idgbr.training.sampling import Crop, image_of, sample_crop

DATASET = "naip_california_pairs"
GSD_M = 0.6
#: The city whose pairs are never trained on: false alarms are measured there.
HELD_OUT = "santa_monica"
#: Probabilities between which a pixel may be a building or not.
_SURE_GROUND, _SURE_BUILDING = 0.3, 0.6


@dataclass(frozen=True)
class DatedPlace:
    """One place at two dates on one grid; the earlier one has the labels of both."""

    before: Place
    after: Place

    def crops(self, size: int, rng: np.random.Generator, gsd_range: tuple[float, float]) -> tuple[Crop, Crop]:
        """The same crop of both dates."""
        first = sample_crop(self.before, size, rng, gsd_range=gsd_range)
        image = image_of(self.after, first.to_place, size, first.gsd_m / self.before.gsd_m)
        return first, replace(first, image=image)


def stems_of(data: Path) -> list[str]:
    """Names of the images, in order."""
    return sorted(json.loads((data / "splits.json").read_text())[DATASET]["unlabelled"])


def pairs_of(data: Path) -> list[tuple[Path, Path]]:
    """The images of both dates of each pair, in order."""
    dates: dict[str, list[str]] = {}
    for stem in stems_of(data):
        city, year, number = stem.rsplit("_", 2)
        dates.setdefault(f"{city} {number}", []).append(f"{city}_{year}_{number}.tif")
    folder = data / DATASET / "images"
    return [(folder / names[0], folder / names[1]) for names in dates.values() if len(names) == 2]


def dated_places(data: Path, find: Callable[[Place], NDArray[np.float32]]) -> list[DatedPlace]:
    """The pairs of open imagery, without those of the held-out city.

    They have no labels. `find` gives probabilities of a building (H, W). A pixel counts as building if there is one at
    both dates, as ground if at neither; others are ignored.
    """
    places = []
    for paths in pairs_of(data):
        if paths[0].name.startswith(HELD_OUT):
            continue
        dates = [unlabelled_place(path, GSD_M) for path in paths]
        labels = found_at_both(*map(find, dates))
        places.append(DatedPlace(*(replace(place, labels=labels) for place in dates)))
    return places


def found_at_both(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Labels (H, W) of the probabilities of a building at two dates (H, W)."""
    lowest, highest = np.minimum(before, after), np.maximum(before, after)
    labels = np.full(before.shape, IGNORE, np.uint8)
    labels[highest < _SURE_BUILDING] = NOT_BUILDING
    labels[(lowest > _SURE_GROUND) & (highest >= _SURE_BUILDING)] = BUILDING
    return labels
