"""Change detection without learning, as the benchmark compares against: differencing and IR-MAD, each with Otsu."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.ndimage import gaussian_filter
from scipy.stats import chi2

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]
#: Smoothing before the comparison, px: without it noise and misregistration would decide.
SMOOTHING_PX = 1.5


def otsu(values: NDArray[np.float64], bins: int = 256) -> float:
    """The threshold that parts a histogram into two classes of greatest variance between them (Otsu 1979)."""
    counts, edges = np.histogram(values, bins)
    centres = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts).astype(float)
    total, mass = below[-1], np.cumsum(counts * centres)
    with np.errstate(invalid="ignore", divide="ignore"):
        between = (mass[-1] * below / total - mass) ** 2 / (below * (total - below))
    return float(centres[int(np.nan_to_num(between).argmax())])


def differencing(before: Image, after: Image) -> Mask:
    """Absolute difference of brightness, each date standardized, above Otsu's threshold; dates (3, H, W)."""
    first, second = (_standardized(date).mean(0) for date in (before, after))
    distance = np.abs(first - second)
    return np.asarray(distance > otsu(distance))


def ir_mad(before: Image, after: Image, iterations: int = 30) -> Mask:
    """Iteratively reweighted multivariate alteration detection (Nielsen 2007), its distance above Otsu's threshold.

    Canonical variates of both dates are compared, weighted by how likely each pixel did not change.
    """
    bands, height, width = before.shape
    x, y = (_standardized(date).reshape(bands, -1) for date in (before, after))
    weight = np.ones(x.shape[1])
    distance = np.zeros(x.shape[1])
    for _ in range(iterations):
        joint = np.concatenate([x, y])
        mean = np.average(joint, axis=1, weights=weight)[:, None]
        covariance = np.cov(joint, aweights=weight) + 1e-6 * np.eye(2 * bands)
        xx, xy, yy = covariance[:bands, :bands], covariance[:bands, bands:], covariance[bands:, bands:]
        squared, a = eigh(xy @ np.linalg.solve(yy, xy.T), xx)
        correlation = np.sqrt(np.clip(squared, 1e-9, 1 - 1e-9))
        b = np.linalg.solve(yy, xy.T @ a) / correlation
        variates = a.T @ (x - mean[:bands]) - b.T @ (y - mean[bands:])
        before_step, distance = distance, (variates**2 / (2 * (1 - correlation))[:, None]).sum(0)
        weight = chi2.sf(distance, bands) + 1e-9
        if np.abs(np.sqrt(distance) - np.sqrt(before_step)).max() < 1e-2:
            break
    length = np.sqrt(distance).reshape(height, width)
    return np.asarray(length > otsu(length))


def _standardized(date: Image) -> NDArray[np.float64]:
    smooth = np.stack([gaussian_filter(band.astype(float), SMOOTHING_PX) for band in date])
    return np.asarray((smooth - smooth.mean((1, 2), keepdims=True)) / (smooth.std((1, 2), keepdims=True) + 1e-6))
