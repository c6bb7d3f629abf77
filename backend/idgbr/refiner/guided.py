"""The networks of a refiner that reads the backbone's features, in an inference engine."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from idgbr.arrays import AnyArray, Array
from idgbr.engines.devices import Device
from idgbr.engines.session import open_session
from idgbr.errors import ModelError
from idgbr.models.backbone import open_backbone
from idgbr.models.card import RefinerCard

#: Reference ground sample distance (m) of the network's input `scale`.
MIDDLE_GSD_M = 0.3
FEATURES = ("features2", "features4", "features8", "features16")
GUIDANCE = ("guidance2", "guidance4")
#: Output with the weights of `idgbr.refiner.transport`.
WEIGHTS = "weights"


class GuidedEngine:
    """See `idgbr.refiner.flow.AcceptingNetwork`; the features of a tile are computed once for all steps."""

    def __init__(self, folder: Path, card: RefinerCard, device: Device, *, gsd_m: float, steps: int) -> None:
        self._backbone = open_backbone(card, device, FEATURES)
        if self._backbone is None:
            raise ModelError(f"{folder}: its card names no backbone, which the refiner reads; install the model again.")
        outputs = (WEIGHTS,) if steps == 1 else (WEIGHTS, *GUIDANCE)
        self._first = open_session(folder / "first.onnx", device, outputs, raw=(WEIGHTS,))
        self._denoiser = open_session(folder / "denoiser.onnx", device, raw=(WEIGHTS,)) if steps > 1 else None
        self.gsd_m = gsd_m

    def first(self, image: Array, related: Array, certainty: Array) -> tuple[AnyArray, list[Array]]:
        """First step, and guidance for further ones."""
        assert self._backbone is not None
        inputs = {"image": image[None], "related": related[None], "certainty": certainty[None]}
        inputs["scale"] = np.array([math.log2(self.gsd_m / MIDDLE_GSD_M)], np.float32)
        weights, *guidance = self._first.run(inputs | self._backbone.features(image))
        return weights[0], guidance

    def later(self, state: Array, time: float, guidance: list[Array]) -> AnyArray:
        """One step with given guidance."""
        assert self._denoiser is not None
        inputs = {"state": state[None], "time": np.array([time], np.float32)}
        weights: AnyArray = self._denoiser.run(inputs | dict(zip(GUIDANCE, guidance, strict=True)))[0][0]
        return weights
