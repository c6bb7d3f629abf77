"""What users have today: a random forest on band values, or on multi-scale texture, tuned on the polygons."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV, GroupKFold

from benchmarks.own_classes.sets import UNKNOWN, Labels

Image = NDArray[np.uint8]
#: Scales of the texture, in px.
SCALES = (1.0, 2.0, 4.0, 8.0)
#: Most pixels of a class that a forest learns from.
MOST = 1500
_GRID = {"max_depth": [8, 16, None], "min_samples_leaf": [1, 5, 20]}


def bands(image: Image) -> NDArray[np.float32]:
    """Band values (H, W, B) of an image (B, H, W)."""
    return np.moveaxis(image, 0, 2).astype(np.float32)


def texture(image: Image) -> NDArray[np.float32]:
    """Band values, smoothed at each scale, with the magnitude of their gradient and both eigenvalues of the Hessian."""
    planes = [bands(image)]
    for band in image.astype(np.float32):
        for scale in SCALES:
            xx, yy, xy = (ndimage.gaussian_filter(band, scale, order) for order in ((0, 2), (2, 0), (1, 1)))
            half, root = (xx + yy) / 2, np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
            smooth = ndimage.gaussian_filter(band, scale)
            planes.append(
                np.stack([smooth, ndimage.gaussian_gradient_magnitude(band, scale), half + root, half - root], 2)
            )
    return np.concatenate(planes, 2, dtype=np.float32)


class Forest:
    """A random forest, its depth and the size of its leaves chosen by cross-validation over the polygons."""

    def __init__(self, features: Callable[[Image], NDArray[np.float32]]) -> None:
        self._features = features

    def fit(self, images: list[tuple[Image, Labels, NDArray[np.int32]]], seed: int) -> None:
        """Learn from images with their labels and numbers of polygons."""
        rng = np.random.default_rng(seed)
        xs, ys, groups = [], [], []
        for number, (image, labels, polygons) in enumerate(images):
            x = self._features(image)
            for class_ in np.unique(labels[labels != UNKNOWN]):
                rows, cols = np.nonzero(labels == class_)
                chosen = rng.permutation(len(rows))[:MOST]
                xs.append(x[rows[chosen], cols[chosen]])
                ys.append(np.full(len(chosen), class_))
                groups.append(polygons[rows[chosen], cols[chosen]] + 10_000 * number)
        x, y, group = np.concatenate(xs), np.concatenate(ys), np.concatenate(groups)
        forest = RandomForestClassifier(100, class_weight="balanced_subsample", random_state=seed)
        # A fold of few polygons may lack a class: such a fold does not count.
        search = GridSearchCV(
            forest, _GRID, scoring="balanced_accuracy", cv=GroupKFold(min(3, len(np.unique(group)))), refit=True
        )
        self._forest = search.fit(x, y, groups=group).best_estimator_

    def predict(self, image: Image) -> Labels:
        """Classes (H, W)."""
        x = self._features(image)
        found = self._forest.predict(x.reshape(-1, x.shape[2]))
        return np.asarray(found.reshape(x.shape[:2]), np.uint8)
