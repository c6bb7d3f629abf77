"""Coarse models: any ONNX graph that gives class scores of an image tile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.errors import ModelError
from idgbr.models.backbone import open_backbone
from idgbr.models.card import ModelCard
from idgbr.models.devices import Device
from idgbr.models.engine import open_session


class CoarseModel:
    """`coarse(image) → K class probabilities`, whatever network it is."""

    def __init__(self, folder: Path, card: ModelCard, device: Device) -> None:
        self.card = card
        (name,) = (n for n in card.files if n.endswith(".onnx"))
        self._path = folder / name
        self._session = open_session(self._path, device)
        self._backbone = open_backbone(card, device, self._session.input_names)

    def predict(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities (K, S, S) of a scaled image (bands, S, S)."""
        inputs = self._backbone.features(image) if self._backbone else {self._session.input_names[0]: image[None]}
        (scores, *_) = self._session.run(inputs)
        scores = scores[0]
        activation = str(self.card.extra.get("activation", "none"))
        if scores.shape[0] == 1 and len(self.card.classes) == 2:
            one = _sigmoid(scores) if activation == "sigmoid" and _is_logits(scores) else scores
            scores = np.concatenate([1 - one, one])
        elif activation == "auto" and _is_logits(scores):
            scores = _softmax(scores)
        if scores.shape[0] != len(self.card.classes):
            raise ModelError(
                f"{self._path}: gives {scores.shape[0]} classes, its card lists {len(self.card.classes)}; correct it."
            )
        return scores


def _is_logits(scores: NDArray[np.float32]) -> bool:
    return bool(scores.min() < -1e-3 or scores.max() > 1.001)


def _sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-x)), np.float32)


def _softmax(x: NDArray[np.float32]) -> NDArray[np.float32]:
    e = np.exp(x - x.max(0))
    return np.asarray(e / e.sum(0), np.float32)
