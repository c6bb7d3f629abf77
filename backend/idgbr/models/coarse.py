"""Coarse models: any ONNX graph that gives class scores of an image tile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.errors import ModelError
from idgbr.models.backbone import open_backbone
from idgbr.models.card import RAMP, CoarseCard
from idgbr.models.devices import Device
from idgbr.models.probabilities import centred, probabilities
from idgbr.models.session import open_session

#: Input of a head that reads the scaled image besides the features of its backbone.
IMAGE = "image"


class CoarseModel:
    """`coarse(image) → K class probabilities`, for any network."""

    def __init__(self, folder: Path, card: CoarseCard, device: Device) -> None:
        self.card = card
        (name,) = (n for n in card.files if n.endswith(".onnx"))
        self._path = folder / name
        self._session = open_session(self._path, device)
        self._reads_image = IMAGE in self._session.input_names
        self._backbone = open_backbone(card, device, [name for name in self._session.input_names if name != IMAGE])
        self._activation = card.activation or "none"
        self._threshold = card.threshold
        self._channels_last = card.channels_last
        self._batch = card.batch

    def predict(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities (K, S, S) of a scaled image (bands, S, S). Raises ModelError for an unexpected result."""
        (scores, *_) = self._session.run(self._inputs(image))
        scores = scores[0]
        if scores.ndim == 2:
            scores = scores[None]
        elif self._channels_last:
            scores = scores.transpose(2, 0, 1)
        size, classes = image.shape[-1], len(self.card.classes)
        if scores.shape[1:] != (size, size):
            self._check_size(scores.shape, size)
            scores = centred(scores, size)
        scores = probabilities(scores, classes, self._activation, self._threshold)
        if scores.shape[0] != classes:
            raise ModelError(f"{self._path}: gives {scores.shape[0]} classes, its card lists {classes}; correct it.")
        return scores

    def _inputs(self, image: NDArray[np.float32]) -> Mapping[str, NDArray[np.float32]]:
        """Inputs of the network: features of its backbone, or the image in its layout."""
        if self._backbone:
            features = self._backbone.features(seen_by_backbone(image, self.card))
            return {IMAGE: image[None], **features} if self._reads_image else features
        tiles = np.ascontiguousarray(image.transpose(1, 2, 0) if self._channels_last else image)[None]
        if self._batch > 1:  # a graph that takes so many tiles at once is given the same one
            tiles = np.repeat(tiles, self._batch, axis=0)
        return {self._session.input_names[0]: tiles}

    def _check_size(self, shape: tuple[int, ...], size: int) -> None:
        """Raise ModelError if the result of a tile is smaller than the tile without its context."""
        context = self.card.halo - min(RAMP, self.card.halo // 2)
        if len(shape) != 3 or not all(0 <= (size - side + 1) // 2 <= context for side in shape[1:]):
            given = " × ".join(map(str, shape[1:]))
            raise ModelError(
                f"{self._path}: gives {given} px for a tile of {size} px, but with a halo of {self.card.halo} px at "
                f"least {size - 2 * context} px are needed; correct its card or metadata."
            )


def seen_by_backbone(image: NDArray[np.float32], card: CoarseCard) -> NDArray[np.float32]:
    """The bands of a scaled image that the backbone of a head sees, (3, S, S)."""
    return image[[band - 1 for band in card.backbone_bands]] if card.backbone_bands else image
