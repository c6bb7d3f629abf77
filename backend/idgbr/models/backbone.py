"""The backbone: an encoder whose features several models read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.engines.devices import Device
from idgbr.engines.session import open_session
from idgbr.errors import ModelError
from idgbr.models.card import ModelCard
from idgbr.models.registry import find_model, other_backbone


class Backbone:
    """Features of an image, computed once for all models that read them."""

    def __init__(self, path: Path, device: Device, outputs: Sequence[str]) -> None:
        self._session = open_session(path, device, outputs)
        self.outputs = tuple(outputs)

    def features(self, image: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Features of the `outputs`, (1, channels, S/stride, S/stride), of a scaled image (3, S, S)."""
        found = self._session.run({self._session.input_names[0]: image[None]})
        return dict(zip(self.outputs, found, strict=True))


def open_backbone(card: ModelCard, device: Device, outputs: Sequence[str]) -> Backbone | None:
    """The backbone of a model, with `outputs`; None if the model reads the image itself.

    Raises ModelError as `backbone_file`.
    """
    path = backbone_file(card)
    return Backbone(path, device, outputs) if path else None


def backbone_file(card: ModelCard) -> Path | None:
    """The network file of a model's backbone; None if the model reads the image itself.

    Raises ModelError if the backbone is not installed, or is not the one that the model was trained on.
    """
    if card.backbone is None:
        return None
    folder, found = find_model(card.backbone.id, "backbone")
    if problem := other_backbone(card, folder, found):
        raise ModelError(problem)
    (file,) = found.files
    return folder / file
