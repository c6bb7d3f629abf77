"""Diffusion processes for the refiner, to be held against each other: same network, data and budget of steps.

- `one-step`: the discriminative control: from the coarse map to the truth at once;
- `bridge`: the shipped process, a Brownian bridge from truth to coarse map (`idgbr.refiner.bridge`);
- `flow`: a straight flow from coarse map to truth, without noise;
- `noise`: Gaussian diffusion from pure noise; the coarse map is a condition alone, as in the IDGBR paper.

All predict the clean map by transport (`idgbr.refiner.transport`) and are trained by the same weighted cross-entropy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from idgbr.refiner.acceptance import best_class, refinable
from idgbr.refiner.bridge import expected_codes
from idgbr.refiner.codes import code_table, times
from idgbr.refiner.neighbours import REACH
from idgbr.refiner.transport import relations, transport
from idgbr.training.calibrate import TorchNetwork, refine_with_torch
from idgbr.training.label_states import relations_of
from idgbr.training.networks import RefinerNet
from idgbr.training.train_refiner import Batch, guided, refiner_loss, transport_loss

Array = NDArray[np.float32]


class Process(NamedTuple):
    """How the network is trained and run; `steps` are those worth comparing.

    `refine(net, image (3, H, W) 0…1, coarse (K, H, W), steps)` gives probabilities (K, H, W).
    """

    loss: Callable[[nn.Module, Batch], Tensor]
    refine: Callable[[RefinerNet, Array, Array, int], Array]
    steps: tuple[int, ...]


def _one_step_loss(net: nn.Module, batch: Batch) -> Tensor:
    net, _, related, guidance = guided(net, batch)
    return transport_loss(net.denoiser(related, torch.ones(len(related)), *guidance), batch.source, batch)


def _noise_loss(net: nn.Module, batch: Batch) -> Tensor:
    """At pure noise, where every run starts; for a quarter of the batches at a uniformly drawn time too."""
    net, codes, _, guidance = guided(net, batch)
    start = relations_of(torch.randn_like(codes))
    loss = transport_loss(net.denoiser(start, torch.ones(len(codes)), *guidance), batch.source, batch)
    if torch.rand(()) < 0.75:
        return loss
    known = torch.where(batch.labels < batch.table.shape[1], batch.labels, 0).long().flatten(1)
    clean = batch.table.gather(1, known[:, :, None].expand(-1, -1, codes.shape[1])).transpose(1, 2).reshape(codes.shape)
    time = torch.rand(len(codes)) * 0.95 + 0.02
    angle = (0.5 * math.pi * time)[:, None, None, None]
    state = relations_of(angle.cos() * clean + angle.sin() * torch.randn_like(clean))
    return 0.5 * loss + 0.5 * transport_loss(net.denoiser(state, time, *guidance), batch.source, batch)


def _where(probabilities: Array) -> NDArray[np.bool_]:
    """Pixels (H, W) that a step may change, as in `idgbr.refiner.sampler`."""
    return refinable(*best_class(probabilities), REACH + 1)


def _refine_flow(net: RefinerNet, image: Array, coarse: Array, steps: int) -> Array:
    """Euler steps along the line from the coarse codes to the estimate of the clean ones."""
    network, table = TorchNetwork(net), code_table(len(coarse))
    state = expected_codes(coarse, table)
    guidance = network.guide(image, relations(state), coarse.max(0, keepdims=True))
    estimate = coarse
    for now, then in pairwise([*map(float, times(steps)), 0.0]):
        estimate = transport(network.later(relations(state), now, guidance), estimate, _where(estimate))
        state = (then / now) * state + np.float32(1 - then / now) * expected_codes(estimate, table)
    return estimate


def _refine_noise(net: RefinerNet, image: Array, coarse: Array, steps: int) -> Array:
    """Deterministic DDIM from pure noise (seeded); classes are always taken from the coarse map."""
    network, table = TorchNetwork(net), code_table(len(coarse))
    codes = expected_codes(coarse, table)
    guidance = network.guide(image, relations(codes), coarse.max(0, keepdims=True))
    state: Array = np.random.default_rng(0).standard_normal(codes.shape, dtype=np.float32)
    estimate, where = coarse, _where(coarse)
    for now, then in pairwise([*map(float, times(steps)), 0.0]):
        estimate = transport(network.later(relations(state), now, guidance), coarse, where)
        clean = expected_codes(estimate, table)
        noise = (state - np.float32(math.cos(0.5 * math.pi * now)) * clean) / np.float32(math.sin(0.5 * math.pi * now))
        signal, spread = math.cos(0.5 * math.pi * then), math.sin(0.5 * math.pi * then)
        state = (signal * clean + spread * noise).astype(np.float32)
    return estimate


PROCESSES = {
    "one-step": Process(_one_step_loss, lambda net, image, coarse, _: refine_with_torch(net, image, coarse, 1), (1,)),
    "bridge": Process(refiner_loss, refine_with_torch, (1, 2, 4, 8)),
    "flow": Process(partial(refiner_loss, sigma=0.0), _refine_flow, (1, 2, 4)),
    "noise": Process(_noise_loss, _refine_noise, (1, 4, 8, 25)),
}
