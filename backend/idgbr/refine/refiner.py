"""Runs the diffusion refiner on tiles: guidance once, then the light denoiser for each step of the bridge.

For a single step, guidance and denoiser are one graph, whose features never leave the engine.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from idgbr.models.card import ModelCard
from idgbr.models.devices import Device
from idgbr.models.engine import open_session
from idgbr.monitor import Monitor
from idgbr.refine.bridge import position_noise, state_at, times
from idgbr.refine.codes import CODE_BITS, MAX_CLASSES, code_table, decode, expected_codes

Array = NDArray[np.float32]


class Refiner:
    """`refiner(image, coarse probabilities) → probabilities`, for any classes."""

    def __init__(self, folder: Path, card: ModelCard, device: Device, *, steps: int = 0, seed: int = 0) -> None:
        self.card = card
        self.steps = steps or int(card.extra.get("steps", 1))
        self.margin = float(card.extra.get("margin", 0.0))
        self._seed = seed
        if self.steps == 1:
            self._first = open_session(folder / "first.onnx", device)
        else:
            self._guidance = open_session(folder / "guidance.onnx", device)
            self._denoiser = open_session(folder / "denoiser.onnx", device)

    def refine(self, image: Array, coarse: Array, row: int, col: int, monitor: Monitor) -> Array:
        """Refined probabilities (K, S, S) of a tile whose upper left pixel is at absolute (`row`, `col`).

        image (bands, S, S) in 0…1, coarse (K, S, S) probabilities. Of more than 16 classes, the 16 commonest in the
        tile take part and share their common mass anew; the rest keep theirs.
        """
        (refined,) = self.sample(image, coarse, row, col, 1, monitor)
        return refined

    def sample(self, image: Array, coarse: Array, row: int, col: int, count: int, monitor: Monitor) -> list[Array]:
        """`count` plausible refinements, each with noise of its own, as `refine` gives one; the first is that one.

        Noise enters after the first step: with one step all samples are equal.
        """
        if len(coarse) > MAX_CLASSES:
            chosen = np.sort(np.argsort(coarse.sum((1, 2)))[-MAX_CLASSES:])
            part = coarse[chosen]
            mass = part.sum(0)
            samples = []
            for refined in self.sample(image, part / np.maximum(mass, 1e-6), row, col, count, monitor):
                whole = coarse.copy()
                whole[chosen] = mass * refined
                samples.append(whole)
            return samples
        table = code_table(len(coarse))
        codes = expected_codes(coarse, table)
        certainty = coarse.max(0, keepdims=True)
        condition = {"image": image[None], "codes": codes[None], "certainty": certainty[None]}
        if self.steps == 1:
            return [decode(self._first.run(condition)[0][0], table)] * count
        guidance = self._guidance.run(condition)
        monitor.check()
        first = self._denoise(codes, 1.0, guidance)
        return [self._later_steps(first, codes, guidance, row, col, key, table, monitor) for key in range(count)]

    def _later_steps(
        self, logits: Array, codes: Array, guidance: list[Array], row: int, col: int, sample: int, table: Array,
        monitor: Monitor,
    ) -> Array:  # fmt: skip
        """The steps after the first, on states between the network's own estimate and the coarse map."""
        for step, time in enumerate(times(self.steps)[1:], start=1):
            monitor.check()
            key = (self._seed + sample) * 1000 + step
            noise = position_noise(row, col, codes.shape[1], codes.shape[2], CODE_BITS, key)
            logits = self._denoise(state_at(float(time), np.tanh(0.5 * logits), codes, noise), float(time), guidance)
        return decode(logits, table)

    def _denoise(self, state: Array, time: float, guidance: list[Array]) -> Array:
        """Logits (4, S, S) of the code bits at one step."""
        guidance2, guidance4 = guidance
        outputs = self._denoiser.run(
            {
                "state": state[None],
                "time": np.array([time], np.float32),
                "guidance2": guidance2,
                "guidance4": guidance4,
            }
        )
        logits: Array = outputs[0][0]
        return logits
