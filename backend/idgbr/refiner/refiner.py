"""Runs the diffusion refiner on tiles: guidance once, then the light denoiser for each step of the bridge.

For a single step, guidance and denoiser are one graph, so features stay in the engine.
A refiner whose card names a backbone reads the features of that, follows the flow (`idgbr.refiner.flow`), and says
itself what to accept.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np

from idgbr.arrays import AnyArray, Array
from idgbr.engines.devices import Device
from idgbr.engines.session import open_session
from idgbr.models.card import RefinerCard
from idgbr.monitor import Monitor
from idgbr.refiner.acceptance import Margins, margins_at
from idgbr.refiner.codes import MAX_CLASSES
from idgbr.refiner.flow import flow_samples
from idgbr.refiner.guided import GUIDANCE, WEIGHTS, GuidedEngine
from idgbr.refiner.learned_acceptance import acceptance_at, decided
from idgbr.refiner.sampler import refine_commonest, refine_samples


class _Engine:
    """The graphs of the network in an inference engine (see `RefinerNetwork`), loaded when they are first needed."""

    def __init__(self, folder: Path, device: Device, *, one_step: bool) -> None:
        if one_step:
            self._first = open_session(folder / "first.onnx", device, raw=(WEIGHTS,))
        else:
            self._guidance = open_session(folder / "guidance.onnx", device, raw=GUIDANCE)
            self._denoiser = open_session(folder / "denoiser.onnx", device, raw=(WEIGHTS, *GUIDANCE))

    def first(self, image: Array, related: Array, certainty: Array) -> AnyArray:
        """Guidance and first step in one call."""
        weights: AnyArray = self._first.run(_condition(image, related, certainty))[0][0]
        return weights

    def guide(self, image: Array, related: Array, certainty: Array) -> list[AnyArray]:
        """Guidance at strides 2 and 4."""
        return self._guidance.run(_condition(image, related, certainty))

    def later(self, state: Array, time: float, guidance: list[AnyArray]) -> AnyArray:
        """One step with given guidance."""
        inputs: dict[str, AnyArray] = {"state": state[None], "time": np.array([time], np.float32)}
        inputs |= zip(GUIDANCE, guidance, strict=True)
        weights: AnyArray = self._denoiser.run(inputs)[0][0]
        return weights


def _condition(image: Array, related: Array, certainty: Array) -> dict[str, Array]:
    return {"image": image[None], "related": related[None], "certainty": certainty[None]}


def steps_of(card: RefinerCard, steps: int) -> int:
    """Number of diffusion steps: the given one, or the refiner's default for 0."""
    return steps or card.steps


def margins_of(card: RefinerCard, gsd_m: float, steps: int) -> Margins:
    """Acceptance margins of a refiner for images of a ground sample distance (m); `steps` as in `steps_of`."""
    return margins_at(card.margins, gsd_m, steps_of(card, steps))


class Refiner:
    """`refiner(image, coarse probabilities) → probabilities`, for any classes."""

    def __init__(
        self, folder: Path, card: RefinerCard, device: Device, *, gsd_m: float, steps: int = 0, samples: int = 1,
        seed: int = 0,
    ) -> None:  # fmt: skip
        """Load the networks of a model folder.

        `gsd_m` of the images determines the margins; `samples` is the number of samples of `explore`.
        """
        self.card = card
        self.steps = steps_of(card, steps)
        self.margins = margins_of(card, gsd_m, steps)
        self._samples, self._seed = samples, seed
        self._acceptance = acceptance_at(card.acceptance, gsd_m, self.steps)
        self._net: _Engine | GuidedEngine
        if card.backbone:
            self._net = GuidedEngine(folder, card, device, gsd_m=gsd_m, steps=self.steps)
        else:
            self._net = _Engine(folder, device, one_step=self.steps == 1)

    def on(self, factor: float) -> Refiner:
        """The same refiner for a grid of `factor` pixels a pixel of the image; its networks are shared."""
        if factor == 1 or not isinstance(self._net, GuidedEngine):
            return self
        found, net = copy.copy(self), copy.copy(self._net)
        net.gsd_m /= factor
        found._net, found._acceptance = net, acceptance_at(self.card.acceptance, net.gsd_m, self.steps)
        return found

    def refine(self, image: Array, coarse: Array, row: int, col: int, monitor: Monitor) -> Array:
        """Refined probabilities (K, S, S) of a tile whose upper left pixel is at absolute (`row`, `col`).

        `image` (bands, S, S) is in 0…1, `coarse` (K, S, S) are probabilities. If there are more than 16 classes, the 16
        most common ones in the tile take part and redistribute their common mass; the others keep theirs.
        """
        (refined,) = self.sample(image, coarse, row, col, 1, monitor)
        return refined

    def sample(self, image: Array, coarse: Array, row: int, col: int, count: int, monitor: Monitor) -> list[Array]:
        """`count` plausible refinements; the first is that of `refine`. See `refine_samples`."""
        part, whole = _taking_part(coarse)
        if isinstance(self._net, GuidedEngine):
            samples = flow_samples(self._net, image, part, self.steps, self._decide, count=count, monitor=monitor)
            return [whole(sample) for sample in samples]
        samples = refine_samples(
            self._net, image, part, (row, col), self.steps, count=count, seed=self._seed, monitor=monitor
        )
        return [whole(sample) for sample in samples]

    def _decide(self, coarse: Array, refined: Array, logits: Array) -> Array:
        """Refined probabilities (K, H, W), decided on if the card says how."""
        return decided(coarse, refined, logits, self._acceptance) if self._acceptance else refined

    def explore(self, image: Array, coarse: Array, row: int, col: int, monitor: Monitor) -> tuple[Array, Array]:
        """The result of `refine`, and the mean (K, S, S) of the samples."""
        samples = self.sample(image, coarse, row, col, self._samples, monitor)
        return samples[0], np.mean(samples, axis=0, dtype=np.float32)


def _taking_part(coarse: Array) -> tuple[Array, Callable[[Array], Array]]:
    """Probabilities of the classes that take part in a tile, and a function that extends the result to all classes."""
    if len(coarse) <= MAX_CLASSES:
        return coarse, lambda refined: refined
    chosen = refine_commonest(coarse)
    mass = coarse[chosen].sum(0)

    def whole(refined: Array) -> Array:
        out = coarse.copy()
        out[chosen] = mass * refined
        return out

    return coarse[chosen] / np.maximum(mass, 1e-6), whole
