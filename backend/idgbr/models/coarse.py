"""Coarse models: any ONNX graph that gives class scores of an image tile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.engines.devices import Device
from idgbr.engines.joined import PREFIX
from idgbr.engines.session import open_session
from idgbr.errors import ModelError
from idgbr.models.backbone import backbone_file
from idgbr.models.card import RAMP, CoarseCard
from idgbr.models.probabilities import centred, probabilities
from idgbr.noise import position_noise

#: Input of graphs that read noise beside the image, such as those of Diff-HRNet.
NOISE_INPUT = "noise"
#: Key of that noise; any number, but always the same one.
NOISE_KEY = 0
#: Input of a head that reads the scaled image besides the features of its backbone.
IMAGE = "image"
#: Outputs of a model that parts touching objects: class scores, and the contact of objects.
OBJECT_OUTPUTS = ("scores", "contact")


class CoarseModel:
    """`coarse(image) → K class probabilities`, for any network.

    With `contact`, which the card must offer, one more channel has the probability that two objects meet at a pixel.
    """

    def __init__(self, folder: Path, card: CoarseCard, device: Device, *, contact: bool = False) -> None:
        self.card, self._contact = card, contact
        (name,) = (n for n in card.files if n.endswith(".onnx"))
        self._path = folder / name
        outputs = OBJECT_OUTPUTS[: 1 + contact] if card.objects else ()
        self._session = open_session(self._path, device, outputs, backbone=backbone_file(card))
        if card.backbone and (
            lacking := [n for n in self._session.input_names if n != IMAGE and not n.startswith(PREFIX)]
        ):
            raise ModelError(
                f"{self._path}: reads {', '.join(lacking)}, which its backbone does not give; install it again."
            )
        self._activation = card.activation or "none"
        self._threshold = card.threshold
        self._channels_last = card.channels_last
        self._batch = card.batch
        self._noise_channels = card.noise_channels

    def predict(self, image: NDArray[np.float32], corner: tuple[int, int] = (0, 0)) -> NDArray[np.float32]:
        """Probabilities (K, H, W) of a scaled image (bands, H, W), with `contact` (K + 1, H, W).

        Raises ModelError for an unexpected result. `corner` is the absolute row and column of the upper left pixel;
        noise that a network reads depends on it.
        """
        (scores, *more) = self._session.run(self._inputs(image, corner))
        scores = scores[0]
        if scores.ndim == 2:
            scores = scores[None]
        elif self._channels_last:
            scores = scores.transpose(2, 0, 1)
        size, classes = image.shape[1:], len(self.card.classes)
        if scores.shape[1:] != size:
            self._check_size(scores.shape, size)
            scores = centred(scores, size)
        scores = probabilities(scores, classes, self._activation, self._threshold)
        if scores.shape[0] != classes:
            raise ModelError(f"{self._path}: gives {scores.shape[0]} classes, its card lists {classes}; correct it.")
        return np.concatenate([scores, more[0][0]]) if self._contact else scores

    def _inputs(self, image: NDArray[np.float32], corner: tuple[int, int]) -> Mapping[str, NDArray[np.float32]]:
        """Inputs of the network: the image in its layout or as its backbone sees it, and noise if it reads any."""
        if self.card.backbone:
            seen = seen_by_backbone(image, self.card)[None]
            return {name: seen if name.startswith(PREFIX) else image[None] for name in self._session.input_names}
        tiles = np.ascontiguousarray(image.transpose(1, 2, 0) if self._channels_last else image)[None]
        if self._batch > 1:  # a graph that takes so many tiles at once is given the same one
            tiles = np.repeat(tiles, self._batch, axis=0)
        inputs = {self._session.input_names[0]: tiles}
        if self._noise_channels:
            height, width = image.shape[1:]
            noise = position_noise(*corner, height, width, self._noise_channels, NOISE_KEY)
            inputs = {IMAGE: tiles, NOISE_INPUT: noise[None]}
        return inputs

    def _check_size(self, shape: tuple[int, ...], size: tuple[int, ...]) -> None:
        """Raise ModelError if the result of a tile is smaller than the tile without its context."""
        context = self.card.halo - min(RAMP, self.card.halo // 2)
        if len(shape) != 3 or not all(
            0 <= (wanted - side + 1) // 2 <= context for wanted, side in zip(size, shape[1:], strict=True)
        ):
            given, wanted, least = (
                " × ".join(map(str, sides)) for sides in (shape[1:], size, [side - 2 * context for side in size])
            )
            raise ModelError(
                f"{self._path}: gives {given} px for a tile of {wanted} px, but with a halo of {self.card.halo} px at "
                f"least {least} px are needed; correct its card or metadata."
            )


def seen_by_backbone(image: NDArray[np.float32], card: CoarseCard) -> NDArray[np.float32]:
    """The bands of a scaled image that the backbone of a head sees, (3, H, W)."""
    return image[[band - 1 for band in card.backbone_bands]] if card.backbone_bands else image
