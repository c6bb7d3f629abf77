"""Diffusion processes for the refiner, to be held against each other: same network, data and budget of steps.

- `one-step`: the discriminative control: from the coarse map to the truth at once;
- `bridge`: the shipped process, a Brownian bridge from truth to coarse map (`idgbr.refine.bridge`);
- `flow`: a straight flow from coarse map to truth, without noise;
- `noise`: Gaussian diffusion from pure noise; the coarse map is a condition alone, as in the IDGBR paper.

All predict the clean codes (x0) and are trained by the same weighted cross-entropy of decoded classes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from idgbr.refine.bridge import times
from idgbr.refine.codes import CODE_BITS, code_table, decode, expected_codes
from idgbr.training.calibrate import refine_with_torch
from idgbr.training.networks import RefinerNet
from idgbr.training.train_refiner import Batch, class_log_probabilities, known_labels, refiner_loss, weighted_nll

Array = NDArray[np.float32]


class Process(NamedTuple):
    """How the network is trained and run; `steps` are those worth comparing.

    `refine(net, image (3, H, W) 0…1, coarse (K, H, W), steps)` gives probabilities (K, H, W).
    """

    loss: Callable[[nn.Module, Batch], Tensor]
    refine: Callable[[RefinerNet, Array, Array, int], Array]
    steps: tuple[int, ...]


def _true_codes(batch: Batch) -> Tensor:
    """Codes (N, 4, S, S) of the true labels."""
    index = known_labels(batch.labels).flatten(1)[:, :, None].expand(-1, -1, CODE_BITS)
    return batch.table.gather(1, index).permute(0, 2, 1).reshape(batch.coarse.shape)


def _one_step_loss(net: nn.Module, batch: Batch) -> Tensor:
    assert isinstance(net, RefinerNet)
    guidance = net.guidance(batch.image, batch.coarse, batch.certainty)
    logits = net.denoiser(batch.coarse, torch.ones(len(batch.image)), *guidance)
    return weighted_nll(class_log_probabilities(logits, batch), batch)


def _flow_loss(net: nn.Module, batch: Batch) -> Tensor:
    """As the bridge's, with no noise: states on the line from the network's own estimate or the truth to the map."""
    assert isinstance(net, RefinerNet)
    guidance = net.guidance(batch.image, batch.coarse, batch.certainty)
    logits = net.denoiser(batch.coarse, torch.ones(len(batch.image)), *guidance)
    first = weighted_nll(class_log_probabilities(logits, batch), batch)
    own = torch.tanh(0.5 * logits.detach().float())
    use_own = (torch.rand(len(own)) < 0.6)[:, None, None, None]
    time = torch.rand(len(own)) * 0.9 + 0.05
    t = time[:, None, None, None]
    state = (1 - t) * torch.where(use_own, own, _true_codes(batch)) + t * batch.coarse
    later = weighted_nll(class_log_probabilities(net.denoiser(state, time, *guidance), batch), batch)
    return 0.6 * first + 0.4 * later


def _signal(time: float) -> tuple[float, float]:
    """Shares of signal and noise, cosine schedule: none of the signal is left at t = 1."""
    return math.cos(0.5 * math.pi * time), math.sin(0.5 * math.pi * time)


def _noise_loss(net: nn.Module, batch: Batch) -> Tensor:
    """Half the weight at pure noise, where every run starts; half at a uniformly drawn time."""
    assert isinstance(net, RefinerNet)
    guidance = net.guidance(batch.image, batch.coarse, batch.certainty)
    clean = _true_codes(batch)
    losses = []
    for time in (torch.ones(len(clean)), torch.rand(len(clean)) * 0.95 + 0.02):
        angle = (0.5 * math.pi * time)[:, None, None, None]
        state = angle.cos() * clean + angle.sin() * torch.randn_like(clean)
        losses.append(weighted_nll(class_log_probabilities(net.denoiser(state, time, *guidance), batch), batch))
    return 0.5 * losses[0] + 0.5 * losses[1]


@torch.inference_mode()
def _refine_flow(net: RefinerNet, image: Array, coarse: Array, steps: int) -> Array:
    """Euler steps along the line from the coarse codes to the estimate of the clean ones."""
    table = code_table(len(coarse))
    codes = expected_codes(coarse, table)
    guidance = _guidance(net, image, codes, coarse)
    state, logits, schedule = torch.from_numpy(codes)[None], torch.zeros(0), [float(t) for t in times(steps)] + [0.0]
    for now, then in itertools.pairwise(schedule):
        logits = net.denoiser(state, torch.tensor([now]), *guidance)
        state = (then / now) * state + (1 - then / now) * torch.tanh(0.5 * logits)
    return decode(logits[0].numpy(), table)


@torch.inference_mode()
def _refine_noise(net: RefinerNet, image: Array, coarse: Array, steps: int) -> Array:
    """Deterministic DDIM from pure noise (seeded)."""
    table = code_table(len(coarse))
    codes = expected_codes(coarse, table)
    guidance = _guidance(net, image, codes, coarse)
    state = torch.randn((1, *codes.shape), generator=torch.Generator().manual_seed(0))
    logits, schedule = torch.zeros(0), [float(t) for t in times(steps)] + [0.0]
    for now, then in itertools.pairwise(schedule):
        logits = net.denoiser(state, torch.tensor([now]), *guidance)
        clean = torch.tanh(0.5 * logits)
        (signal, spread), (signal_then, spread_then) = _signal(now), _signal(then)
        state = signal_then * clean + spread_then * (state - signal * clean) / spread
    return decode(logits[0].numpy(), table)


def _guidance(net: RefinerNet, image: Array, codes: Array, coarse: Array) -> tuple[Tensor, Tensor]:
    inputs = (image, codes, coarse.max(0, keepdims=True))
    guidance: tuple[Tensor, Tensor] = net.guidance(*(torch.from_numpy(np.ascontiguousarray(a))[None] for a in inputs))
    return guidance


PROCESSES = {
    "one-step": Process(_one_step_loss, lambda net, image, coarse, _: refine_with_torch(net, image, coarse, 1), (1,)),
    "bridge": Process(refiner_loss, refine_with_torch, (1, 2, 4, 8)),
    "flow": Process(_flow_loss, _refine_flow, (1, 2, 4)),
    "noise": Process(_noise_loss, _refine_noise, (1, 4, 8, 25)),
}
