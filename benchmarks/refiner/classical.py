"""Refinement without learning: four classical methods behind the interface of `methods.Method`.

Their parameters in `CLASSICAL` were found by `python benchmarks/refiner --data DATA --tune` on training places.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.measure import label
from skimage.segmentation import random_walker, watershed

from idgbr.refiner.acceptance import best_class, boundaries

Array = NDArray[np.float32]
Labels = NDArray[np.uint8]

_TINY = 1e-4


def channels_last(array: Array) -> Array:
    """(C, H, W) → (H, W, C), contiguous."""
    return np.ascontiguousarray(np.moveaxis(array, 0, 2))


def normalized(scores: Array) -> Array:
    """Scores (K, H, W) made probabilities."""
    scores = np.maximum(scores, 0)
    return np.asarray(scores / np.maximum(scores.sum(0), _TINY), np.float32)


def seeds(labels: Labels, depth_px: float) -> NDArray[np.int32]:
    """Class + 1 where a region is at least `depth_px` deep (or as deep as it gets, if it is thin), else 0. (H, W)."""
    depth = cv2.distanceTransform((~boundaries(labels)).astype(np.uint8), cv2.DIST_L2, 5)
    regions = label(labels, background=-1, connectivity=1)
    deepest = np.zeros(int(regions.max()) + 1, np.float32)
    np.maximum.at(deepest, regions.ravel(), depth.ravel())
    return np.where(depth >= np.minimum(deepest, depth_px)[regions], labels.astype(np.int32) + 1, 0)


@dataclass(frozen=True)
class GuidedFilter:
    """Guided filter with the colour image as guide (He, Sun and Tang): probabilities follow the image's edges."""

    radius_px: int
    epsilon: float

    def refine(self, image: Array, coarse: Array) -> Array:
        """See `Method.refine`."""
        guide, maps = channels_last(image), channels_last(coarse)
        mean_guide, mean_maps = self._mean(guide), self._mean(maps)
        products = self._mean((guide[..., :, None] * guide[..., None, :]).reshape(*guide.shape[:2], -1))
        spread = products.reshape(*guide.shape, -1) - mean_guide[..., :, None] * mean_guide[..., None, :]
        spread += self.epsilon * np.eye(guide.shape[2], dtype=np.float32)
        both = self._mean((guide[..., :, None] * maps[..., None, :]).reshape(*guide.shape[:2], -1))
        both = both.reshape(*guide.shape, -1) - mean_guide[..., :, None] * mean_maps[..., None, :]
        slope = np.linalg.solve(spread, both)
        offset = mean_maps - (slope * mean_guide[..., None]).sum(2)
        slope = self._mean(slope.reshape(*guide.shape[:2], -1)).reshape(slope.shape)
        refined = (slope * guide[..., None]).sum(2) + self._mean(offset)
        return normalized(np.ascontiguousarray(np.moveaxis(refined, 2, 0)))

    def _mean(self, array: Array) -> Array:
        """Mean over a box, channel by channel, (H, W, C)."""
        side = 2 * self.radius_px + 1
        planes = [cv2.boxFilter(np.ascontiguousarray(p), -1, (side, side)) for p in np.moveaxis(array, 2, 0)]
        return np.stack(planes, 2).astype(np.float32)


@dataclass(frozen=True)
class RandomWalker:
    """Random walker (Grady) between seeds inside the coarse regions; `beta` says how much edges hinder it."""

    beta: float
    depth_px: float

    def refine(self, image: Array, coarse: Array) -> Array:
        """See `Method.refine`."""
        marks = seeds(best_class(coarse)[0], self.depth_px)
        present = np.unique(marks[marks > 0])
        if len(present) < 2 or marks.all():
            return coarse
        found = random_walker(
            channels_last(image), marks, beta=self.beta, mode="cg_j", tol=1e-3, prob_tol=1.0, return_full_prob=True,
            channel_axis=-1,
        )  # fmt: skip
        out = np.zeros_like(coarse)
        out[present - 1] = found
        return normalized(out)


@dataclass(frozen=True)
class Watershed:
    """Watershed of the smoothed colour gradient from seeds inside the coarse regions."""

    sigma_px: float
    depth_px: float

    def refine(self, image: Array, coarse: Array) -> Array:
        """See `Method.refine`."""
        smooth = cv2.GaussianBlur(channels_last(image), (0, 0), self.sigma_px)
        slope = np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)).max(2)
        found = watershed(slope, seeds(best_class(coarse)[0], self.depth_px)) - 1
        return np.asarray(found == np.arange(len(coarse))[:, None, None], np.float32)


@dataclass(frozen=True)
class LocalColour:
    """Local Gaussian colour × prior: a colour distribution of each class around each pixel, times the coarse map.

    `window_px` is the scale of "around", `prior_px` the blur of the prior, `weight` what colour counts against that.
    """

    window_px: float
    prior_px: float
    weight: float
    epsilon: float = 1e-3

    def refine(self, image: Array, coarse: Array) -> Array:
        """See `Method.refine`."""
        colour = channels_last(image)
        scores = [self._score(colour, share) for share in coarse]
        logits = np.stack(scores)
        odds = np.exp(logits - logits.max(0))
        return np.asarray(odds / odds.sum(0), np.float32)

    def _score(self, colour: Array, share: Array) -> Array:
        """Log of prior × likelihood (H, W) of the class that has `share` (H, W) of each pixel."""
        prior = cv2.GaussianBlur(share, (0, 0), self.prior_px)
        mass = np.maximum(self._around(share), _TINY)[..., None]
        mean = self._around(colour * share[..., None]) / mass
        pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
        products = np.stack([colour[..., a] * colour[..., b] * share for a, b in pairs], 2)
        found = np.concatenate([self._around(products[..., :3]), self._around(products[..., 3:])], 2) / mass
        spread = np.empty((*share.shape, 3, 3), np.float32)
        for number, (a, b) in enumerate(pairs):
            spread[..., a, b] = spread[..., b, a] = found[..., number] - mean[..., a] * mean[..., b]
        spread += self.epsilon * np.eye(3, dtype=np.float32)
        away = (colour - mean)[..., None]
        distance = (away * np.linalg.solve(spread, away)).sum((2, 3))
        likelihood = -0.5 * (distance + np.log(np.maximum(np.linalg.det(spread), 1e-12)))
        score = np.log(np.maximum(prior, _TINY)) + self.weight * likelihood
        return np.where(mass[..., 0] > 10 * _TINY, score, -1e3).astype(np.float32)

    def _around(self, array: Array) -> Array:
        return np.asarray(cv2.GaussianBlur(array, (0, 0), self.window_px), np.float32)


#: The methods by name, with what `--tune` found: all but the last do best where they do least.
CLASSICAL: dict[str, GuidedFilter | RandomWalker | Watershed | LocalColour] = {
    "guided filter": GuidedFilter(radius_px=1, epsilon=1e-6),
    "random walker": RandomWalker(beta=100, depth_px=1),
    "watershed": Watershed(sigma_px=0.4, depth_px=1),
    "local colour": LocalColour(window_px=12, prior_px=0.6, weight=0.3),
}
