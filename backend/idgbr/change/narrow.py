"""Changes too narrow to be an object: what is left where dates do not match, walls seen from two sides, shadows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, uniform_filter

Mask = NDArray[np.bool_]
Labels = NDArray[np.uint8]

#: No building is narrower than this, m.
NARROWEST_M = 2.0


def narrowest_px(gsd_m: float) -> float:
    """Width below which a change is narrow, px; three at least, for less says nothing on a grid."""
    return max(3.0, NARROWEST_M / gsd_m)


def context_px(width: float) -> int:
    """How far around a pixel `widened` looks."""
    return 4 * math.ceil(_reach(width))


def broad(mask: Mask, width: float) -> Mask:
    """The parts of a mask (H, W) that are `width` px wide, with their corners; it may go on beyond its edges."""
    if not mask.any() or mask.all():
        return mask
    # A strip of n pixels is (n + 1) / 2 from the nearest pixel outside in its middle.
    core = distance_transform_edt(mask) >= (width + 1) / 2
    if not core.any():
        return np.zeros_like(mask)
    return np.asarray(mask & (distance_transform_edt(~core) <= _reach(width)))


def widened(labels: Labels, background: int, width: float) -> Labels:
    """Labels (H, W) without what is narrower than `width` px.

    What is narrow as a whole becomes `background`; a narrow strip of one class beside others becomes one of those.
    """
    labels = np.where(broad(labels != background, width), labels, background).astype(labels.dtype)
    classes = [c for c in np.unique(labels) if c != background]
    if len(classes) < 2:
        return labels
    parts = [broad(labels == c, width) for c in classes]
    narrow = (labels != background) & ~np.any(parts, axis=0)
    size = 2 * math.ceil(_reach(width)) + 1
    shares = np.stack([uniform_filter(part.astype(np.float32), size, mode="constant") for part in parts])
    nearby = np.array(classes, labels.dtype)[shares.argmax(0)]
    return np.where(narrow & (shares.max(0) > 1e-6), nearby, labels)


def _reach(width: float) -> float:
    """How far the corner of a square is from where it is broad."""
    return (width + 1) / 2 * math.sqrt(2) + 0.5
