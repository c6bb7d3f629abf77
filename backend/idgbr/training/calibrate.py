"""Calibrates the acceptance margins, on places that the refiner never saw in training (and no test place)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from idgbr.arrays import Array
from idgbr.evaluation.metrics import PlaceScores, mean_iou
from idgbr.refiner.acceptance import best_class, gate, refinable
from idgbr.refiner.label_noise import near_boundaries
from idgbr.refiner.sampler import refine_samples
from idgbr.training.damage import one_hot, simplified, without_ignored
from idgbr.training.labels import BUILDING, IGNORE
from idgbr.training.loop import console
from idgbr.training.networks import RefinerNet
from idgbr.training.places import Place


class Scores(NamedTuple):
    """Boundary F-scores at 1 and 2 px, and mean IoU."""

    f1: float
    f2: float
    miou: float


#: At a margin of 1 nothing changes.
MARGINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
BAND_WIDTH = 8
#: Steps of the reverse process: the shipped default, and those with calibrated margins. More steps change more.
STEPS = 2
CALIBRATED_STEPS = (1, 2, 4, 8)
#: Margins by number of steps: rows of ground sample distance (m), margin for probabilities and for labels, and the
#: label noise of exact maps (see `idgbr.refiner.acceptance.Margins`).
MarginTables = dict[str, list[tuple[float, float, float, float]]]
#: Ground sample distances (m) of the calibrated margins.
GSD_M = (0.07, 0.15, 0.3, 0.5)
#: Largest fall of the scores of a kind of map that does not count as harm: of probabilities, of digitized outlines, and
#: of a perfect map, which can only lose because labels are not exact.
HARMLESS = Scores(0.01, 0.01, 0.002)
HARMLESS_TO_DRAWN = Scores(0.005, 0.005, 0.001)
HARMLESS_TO_TRUTH = Scores(0.01, 0.005, 0.005)
_PATCH = 512
#: Kinds of maps without probabilities, made of the labels: as exact as people digitize them.
DRAWN = ("simplified", "truth")


def is_calibration_place(place: Place) -> bool:
    """Places that are not used for training the refiner: one drone town, one Dubai tile, and marked ones."""
    return place.calibration or place.name.startswith(("uganda_kampala", "tile3_"))


@dataclass(frozen=True)
class Patch:
    """A patch: its kind (data set and working GSD), image (3, S, S) 0…1, truth, coarse probabilities (K, S, S)."""

    kind: str
    image: Array
    truth: NDArray[np.uint8]
    coarse: Array


def calibration_patches(places: Sequence[Place], per_place: int = 3, grain: int = 16) -> list[Patch]:
    """Patches of places with coarse maps from every kind of producer; their sides are multiples of `grain` px.

    Out-of-fold predictions, and truth simplified to 5 px, and as it is.
    """
    patches = []
    for place in places:
        height, width = place.labels.shape
        side_y, side_x = (min(_PATCH, n // grain * grain) for n in (height, width))
        classes = 5 if place.full_labels else 2
        for number in range(per_place if place.labels.size > 2**21 else 1):
            rng = np.random.default_rng([number, len(place.name)])
            row, col = rng.integers(height - side_y + 1), rng.integers(width - side_x + 1)
            window = (slice(row, row + side_y), slice(col, col + side_x))
            truth = place.labels[window]
            if classes == 2:
                truth = np.where(truth == IGNORE, IGNORE, truth == BUILDING).astype(np.uint8)
            if len(np.unique(truth[truth != IGNORE])) < 2:
                continue
            image = np.moveaxis(place.levels[0][window], 2, 0).astype(np.float32) / np.float32(255)
            maps = {f"{a} {g:g} m": _cut(scores, place, window, classes) for (a, g), scores in place.coarse.items()}
            whole = without_ignored(truth)
            outlined, perfect = DRAWN
            maps[outlined] = one_hot(simplified(whole, 5.0, rng), classes)
            maps[perfect] = one_hot(whole, classes)
            patches += [Patch(f"{place.dataset} {k}", image, truth, np.moveaxis(m, 2, 0)) for k, m in maps.items()]
    return patches


def _cut(scores: NDArray[np.uint8], place: Place, window: tuple[slice, slice], classes: int) -> Array:
    """Window of stored scores, enlarged to the place's resolution; (h, w, classes)."""
    height, width = place.labels.shape
    full = cv2.resize(scores, (width, height), interpolation=cv2.INTER_LINEAR)[window].astype(np.float32)
    full /= np.float32(255)
    return full if classes > 2 else np.stack([1 - full[..., BUILDING], full[..., BUILDING]], 2)


class TorchNetwork:
    """The refiner's network in torch (see `idgbr.refiner.sampler.RefinerNetwork`), the reference for all engines."""

    def __init__(self, net: RefinerNet) -> None:
        self._net = net.eval()

    def first(self, image: Array, related: Array, certainty: Array) -> Array:
        """Guidance and first step."""
        return self.later(related, 1.0, self.guide(image, related, certainty))

    @torch.inference_mode()
    def guide(self, image: Array, related: Array, certainty: Array) -> tuple[Tensor, Tensor]:
        """Guidance at strides 2 and 4."""
        guidance: tuple[Tensor, Tensor] = self._net.guidance(*map(_tensor, (image, related, certainty)))
        return guidance

    @torch.inference_mode()
    def later(self, state: Array, time: float, guidance: tuple[Tensor, Tensor]) -> Array:
        """One step."""
        weights: Array = self._net.denoiser(_tensor(state), torch.tensor([time]), *guidance)[0].numpy()
        return np.ascontiguousarray(weights)


def _tensor(array: Array) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))[None]


def refine_with_torch(net: RefinerNet, image: Array, coarse: Array, steps: int) -> Array:
    """Refine as `idgbr.refiner.refiner.Refiner` does, with the torch network."""
    return refine_samples(TorchNetwork(net), image, np.ascontiguousarray(coarse), (0, 0), steps)[0]


def reduced(place: Place, factor: int) -> Place:
    """The place on a `factor` times coarser grid."""
    height, width = (n // factor for n in place.labels.shape)
    whole = place.levels[0][: height * factor, : width * factor]
    image = np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    labels = place.labels[factor // 2 :: factor, factor // 2 :: factor][:height, :width]
    return replace(place, labels=np.ascontiguousarray(labels), levels=[image], gsd_m=place.gsd_m * factor)


def by_resolution(places: Sequence[Place]) -> dict[float, list[Place]]:
    """Calibration places by nominal ground sample distance: as they are, and the finer ones reduced."""
    found: dict[float, list[Place]] = {gsd: [] for gsd in GSD_M}
    for place in filter(is_calibration_place, places):
        for gsd in GSD_M:
            factor = max(round(gsd / place.gsd_m), 1)
            if abs(factor * place.gsd_m / gsd - 1) < 0.3:
                found[gsd].append(reduced(place, factor) if factor > 1 else place)
    return found


def scores_by_kind(patches: Sequence[Patch], refined: Sequence[Array | None], margin: float) -> dict[str, Scores]:
    """Scores by kind of patch after the gate with `margin`; of the coarse map where `refined` is None."""
    found: dict[str, PlaceScores] = {}
    for patch, probabilities in zip(patches, refined, strict=True):
        labels, certainty = best_class(patch.coarse)
        if probabilities is not None:
            band = refinable(labels, certainty, BAND_WIDTH)
            labels, _ = gate(labels, certainty, probabilities, band, margin)
        found.setdefault(patch.kind, PlaceScores(len(patch.coarse), (1, 2))).add(labels, patch.truth, IGNORE)
    return {
        kind: Scores(s.boundaries[1].mean_f_score(), s.boundaries[2].mean_f_score(), mean_iou(s.counts))
        for kind, s in found.items()
    }


def calibrate(net: RefinerNet, places: Sequence[Place]) -> MarginTables:
    """Acceptance margins from the calibration places; see `calibrated`."""
    return calibrated(net, {gsd: calibration_patches(group) for gsd, group in by_resolution(places).items()})


def calibrated(net: RefinerNet, patches: Mapping[float, Sequence[Patch]]) -> MarginTables:
    """Acceptance margins from patches by ground sample distance (m).

    Margins for probabilities and for labels differ: most changes improve an uncertain boundary of a network, few
    improve an exact outline, and fewer in images with smaller pixels. Prints the whole table.
    """
    tables: MarginTables = {}
    for steps in CALIBRATED_STEPS:
        rows = []
        for gsd, group in patches.items():
            refined = [refine_with_torch(net, p.image, p.coarse, steps) for p in group]
            margins = []
            for drawn in (False, True):
                chosen = [i for i, p in enumerate(group) if p.kind.endswith(DRAWN) == drawn]
                console.print(f"{steps} step(s), {gsd} m, {'drawn' if drawn else 'soft'} maps", highlight=False)
                kept = [group[i] for i in chosen], [refined[i] for i in chosen]
                margins.append(best_margin(*kept))
            doubted = round(label_noise_of(*kept), 4)
            console.print(f"doubt of drawn maps: {doubted}", highlight=False)
            rows.append((gsd, margins[0], margins[1], doubted))
        tables[str(steps)] = rows
    return tables


def label_noise_of(patches: Sequence[Patch], refined: Sequence[Array]) -> float:
    """Mean label noise of patches with given maps, as `idgbr.refiner.label_noise` estimates it on samples."""
    found = []
    for patch, probabilities in zip(patches, refined, strict=True):
        labels, _ = best_class(patch.coarse)
        own = np.take_along_axis(probabilities, labels[None].astype(np.int64), axis=0)[0]
        found.append(1 - own[near_boundaries(labels)])
    return float(np.concatenate(found).mean()) if found else 0.0


def best_margin(patches: Sequence[Patch], refined: Sequence[Array]) -> float:
    """The margin with the best mean boundary F (2 px) of those that harm no kind of patch beyond its tolerance.

    If each margin harms a kind, the margin with the least harm to the worst kind.
    """
    before = scores_by_kind(patches, [None] * len(patches), 0.0)
    for kind, scores in before.items():
        console.print(f"coarse: {_listed(scores, '.3f')}  {kind}", highlight=False)
    found = []
    for margin in MARGINS:
        after = scores_by_kind(patches, refined, margin)
        gains = {kind: np.subtract(after[kind], before[kind]) for kind in before}
        harm = min(0.0, *(float((gains[kind] + tolerance(kind)).min()) for kind in before))
        mean = float(np.mean([gain[1] for gain in gains.values()]))
        listed = ", ".join(_listed(gain, "+.3f") for gain in gains.values())
        console.print(f"margin {margin}: mean {mean:+.4f}, harm {harm:+.4f} ({listed})", highlight=False)
        found.append((harm, mean, margin))
    console.print(f"chosen: {max(found)[2]}", highlight=False)
    return max(found)[2]


def tolerance(kind: str) -> Scores:
    """By how much scores of a kind of map may fall before it counts as harm."""
    if kind.endswith(DRAWN[-1]):
        return HARMLESS_TO_TRUTH
    return HARMLESS_TO_DRAWN if kind.endswith(DRAWN) else HARMLESS


def _listed(scores: Iterable[float], form: str) -> str:
    return "/".join(f"{score:{form}}" for score in scores)
