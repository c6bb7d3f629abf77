"""Features of an image for quick models: those of the backbone at all strides, colour, texture and band ratios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Array
from idgbr.engines.devices import Device
from idgbr.engines.session import Session, open_session
from idgbr.models.backbone import Backbone
from idgbr.models.card import CoarseCard
from idgbr.models.coarse import IMAGE, seen_by_backbone
from idgbr.quick.graph import BACKBONE_OUTPUTS, Layout, save_features

#: Stride of the pixels that a head classifies.
CELL = 2


@dataclass(frozen=True)
class FeatureMaps:
    """Features of an image of (H, W) px: `near` (C, H/2, W/2), and `far` (C, H/4, W/4), which are interpolated.

    `inputs` are the arrays from which a head computes both. `objects` (H/2, W/2) are probabilities of the objects that
    a bundled model can part, None if it was not asked.
    """

    near: Array
    far: Array
    inputs: Mapping[str, Array]
    objects: Array | None = None

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return sum(array.nbytes for array in (self.near, self.far, *self.inputs.values()))

    def at(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> Array:
        """Features (N, C) of cells at stride 2, as the graph of a head computes them."""
        above, below, row_part = _between(rows, self.far.shape[1])
        left, right, col_part = _between(cols, self.far.shape[2])
        upper = self.far[:, above, left] * (1 - col_part) + self.far[:, above, right] * col_part
        lower = self.far[:, below, left] * (1 - col_part) + self.far[:, below, right] * col_part
        far = upper * (1 - row_part) + lower * row_part
        return np.ascontiguousarray(np.concatenate([self.near[:, rows, cols], far]).T)


def _between(places: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """The two cells of twice the size that are interpolated, and the part of the second one."""
    first = (places - 1) // 2
    part = np.where(places % 2 == 0, np.float32(0.75), np.float32(0.25))
    return np.maximum(first, 0), np.minimum(first + 1, size - 1), part


class FeatureReader:
    """Computes features of images that are scaled for a model."""

    def __init__(self, backbone: Backbone, card: CoarseCard, device: Device) -> None:
        self.card = card
        self._backbone, self._device = backbone, device
        self._session: Session | None = None
        self._layout: Layout | None = None

    @property
    def layout(self) -> Layout:
        """The channels, known after the first image."""
        assert self._layout is not None
        return self._layout

    def maps(self, image: Array) -> FeatureMaps:
        """Features of a scaled image (bands, H, W), whose sides are multiples of 32."""
        found = self._backbone.features(seen_by_backbone(image, self.card))
        inputs = {name: values.copy() for name, values in found.items()} | {IMAGE: image[None]}
        if self._session is None:
            self._layout = Layout(self.card.bands, tuple(inputs[name].shape[1] for name in BACKBONE_OUTPUTS))
            with TemporaryDirectory(prefix="idgbr_quick_") as work:
                path = Path(work, "features.onnx")
                save_features(path, self._layout)
                self._session = open_session(path, self._device, ["near", "far"])
        near, far = (values[0].copy() for values in self._session.run(inputs))
        return FeatureMaps(near, far, inputs)
