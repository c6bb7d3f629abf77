"""DiffPrior: a small diffusion model of images, whose features are a prior for segmentation.

Part of our reading of Diff-HRNet (Wu et al., GRSL 2024); only its abstract and one figure of a third party are public.
The network predicts the noise in an image. The level of noise is given by its standard deviation σ, never by a step
number: steps mean other levels in each schedule. With `x` in −1…1 and noise ε, the input is √(1 − σ²)·x + σ·ε.

DDPM networks use group normalization and self-attention over the whole image, so their features depend on the tile.
Here channels are normalized pixel by pixel, and large-kernel attention stands for self-attention: the features at
a pixel depend on a bounded neighbourhood, and tiles leave no seams.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from idgbr.training.networks import clear_untrained_taps, upsampled

#: Levels of noise (σ) at which features are taken.
NOISE_STDS = (0.10, 0.40)
#: Channels of the embedding of σ.
_EMBEDDING = 128
#: Strides from which on there is attention.
_ATTENDED = 16


@dataclass(frozen=True)
class PriorSize:
    """Size of a DiffPrior: the side of the pixel blocks at its input, channels by level, residual blocks by level."""

    unshuffle: int
    widths: tuple[int, ...]
    blocks: int

    @property
    def strides(self) -> tuple[int, ...]:
        """Stride of each level in px, finest first."""
        return tuple(self.unshuffle * 2**level for level in range(len(self.widths)))


#: Sizes by name: `cpu` for two cores, `gpu` for a large GPU.
SIZES = {
    "cpu": PriorSize(4, (64, 128, 192, 256), 1),
    "gpu": PriorSize(2, (64, 128, 192, 256, 256), 2),
}


def noise_std(time: Tensor) -> Tensor:
    """σ of the cosine schedule at a time in 0…1 (Nichol and Dhariwal 2021)."""
    offset = 0.008
    kept = (
        torch.cos((time + offset) / (1 + offset) * math.pi / 2) ** 2
        / math.cos(offset / (1 + offset) * math.pi / 2) ** 2
    )
    return (1 - kept).clamp(1e-4, 1 - 1e-4).sqrt()


def noised(image: Tensor, noise: Tensor, std: Tensor) -> Tensor:
    """The image (N, bands, H, W) in −1…1 with noise of deviation `std` (N,); its variance stays."""
    std = std[:, None, None, None]
    return (1 - std**2).sqrt() * image + std * noise


class PriorBatch(NamedTuple):
    """Images (N, bands, S, S) in −1…1, where they have data (N, 1, S, S), noise (N, bands, S, S) and its σ (N,)."""

    image: Tensor
    known: Tensor
    noise: Tensor
    std: Tensor


def prior_loss(net: nn.Module, batch: PriorBatch) -> Tensor:
    """Squared error of the predicted noise where the image has data."""
    found = net(noised(batch.image, batch.noise, batch.std), batch.std)
    error = (found.float() - batch.noise) ** 2 * batch.known
    return error.sum() / (batch.known.sum() * batch.noise.shape[1] + 1)  # type: ignore[no-any-return]


class PixelNorm(nn.Module):
    """Layer normalization over the channels of each pixel."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean(1, keepdim=True)
        return centred * torch.rsqrt((centred * centred).mean(1, keepdim=True) + 1e-5) * self.weight + self.bias


class NoisyBlock(nn.Module):
    """Residual block of two convolutions; the embedding of σ scales and shifts its features (FiLM)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = PixelNorm(inputs), PixelNorm(outputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, 1, 1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.film = nn.Linear(_EMBEDDING, 2 * outputs)
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        scale, shift = self.film(embedding)[:, :, None, None].chunk(2, 1)
        y = self.conv1(F.silu(self.norm1(x)))
        y = self.conv2(F.silu(self.norm2(y) * (1 + scale) + shift))
        return self.skip(x) + y  # type: ignore[no-any-return]


class FloatConv2d(nn.Conv2d):
    """Depthwise convolution in float32 on a CPU, where its gradient takes far longer in bfloat16 (torch 2.13)."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the name in torch)
        if input.dtype is not torch.bfloat16 or input.device.type != "cpu":
            return super().forward(input)
        with torch.autocast("cpu", enabled=False):
            return super().forward(input.float()).bfloat16()


class LargeKernelAttention(nn.Module):
    """Attention over a neighbourhood of 23 px of its level: depthwise 5×5, then 7×7 with a dilation of 3."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = PixelNorm(channels)
        self.enter = nn.Conv2d(channels, channels, 1)
        self.attend = nn.Sequential(
            FloatConv2d(channels, channels, 5, 1, 2, groups=channels),
            FloatConv2d(channels, channels, 7, 1, 9, 3, groups=channels),
            nn.Conv2d(channels, channels, 1),
        )
        self.leave = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        y = F.gelu(self.enter(self.norm(x)))
        return x + self.leave(y * self.attend(y))  # type: ignore[no-any-return]


class Level(nn.Module):
    """Residual blocks of one level, each with attention where the stride is large."""

    def __init__(self, inputs: int, outputs: int, blocks: int, *, attended: bool) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(NoisyBlock(inputs if n == 0 else outputs, outputs) for n in range(blocks))
        self.attention = nn.ModuleList(
            LargeKernelAttention(outputs) if attended else nn.Identity() for _ in range(blocks)
        )

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        for block, attention in zip(self.blocks, self.attention, strict=True):
            x = attention(block(x, embedding))
        return x


class DiffPrior(nn.Module):
    """U-Net that predicts the noise of an image.

    Input: noised image (N, bands, H, W) and its σ (N,) in 0…1; H and W are multiples of the largest stride. Output:
    noise (N, bands, H, W). `features` gives what each level of the decoder holds.
    """

    def __init__(self, bands: int, size: PriorSize) -> None:
        super().__init__()
        widths, strides = size.widths, size.strides
        self.bands, self.size = bands, size
        self.embed = nn.Sequential(nn.Linear(_EMBEDDING, _EMBEDDING), nn.SiLU(), nn.Linear(_EMBEDDING, _EMBEDDING))
        self.enter = nn.Conv2d(bands * size.unshuffle**2, widths[0], 3, 1, 1)
        attended = [stride >= _ATTENDED for stride in strides]
        self.down = nn.ModuleList(Level(w, w, size.blocks, attended=a) for w, a in zip(widths, attended, strict=True))
        self.shrink = nn.ModuleList(nn.Conv2d(a, b, 3, 2, 1) for a, b in pairwise(widths))
        self.middle = Level(widths[-1], widths[-1], size.blocks, attended=attended[-1])
        self.grow = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in pairwise(widths))
        self.up = nn.ModuleList(
            Level(2 * w, w, size.blocks, attended=a) for w, a in zip(widths[:-1], attended[:-1], strict=True)
        )
        self.leave = nn.Sequential(
            PixelNorm(widths[0]), nn.SiLU(), nn.Conv2d(widths[0], bands * size.unshuffle**2, 3, 1, 1)
        )

    def features(self, image: Tensor, std: Tensor) -> list[Tensor]:
        """Output of the last block of each decoder level, (N, widths[n], H/strides[n], W/strides[n]), finest first."""
        embedding = self.embed(_waves(std))
        x = self.enter(F.pixel_unshuffle(image, self.size.unshuffle))
        skips = []
        for number, level in enumerate(self.down):
            x = level(self.shrink[number - 1](x) if number else x, embedding)
            skips.append(x)
        x = self.middle(x, embedding)
        found = [x]
        for level, grow, skip in zip(reversed(self.up), reversed(self.grow), reversed(skips[:-1]), strict=True):
            x = level(torch.cat([upsampled(grow(x)), skip], 1), embedding)
            found.append(x)
        return found[::-1]

    def forward(self, image: Tensor, std: Tensor) -> Tensor:
        return F.pixel_shuffle(self.leave(self.features(image, std)[0]), self.size.unshuffle)


def without_untrained_taps(net: DiffPrior, crop: int) -> DiffPrior:
    """Clear, in place, what training on crops of so many px never reached; returns the network."""
    for levels in (net.down, net.up):
        for level, stride in zip(levels, net.size.strides, strict=False):
            clear_untrained_taps(level, crop // stride)
    clear_untrained_taps(net.middle, crop // net.size.strides[-1])
    return net


def _waves(std: Tensor) -> Tensor:
    """Sines and cosines of σ, (N, channels of the embedding)."""
    rates = torch.exp(torch.arange(_EMBEDDING // 2, device=std.device) * (-math.log(10_000) / (_EMBEDDING // 2 - 1)))
    angles = 1000 * std[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1)


class PriorTap(nn.Module):
    """The frozen features of a DiffPrior at strides 4 to 32 of an image with noise of each of `stds`.

    Input: image (N, bands, H, W) in 0…1, and noise (N, `noise_channels`, H, W) of mean 0 and deviation 1. Output: for
    each of `stds`, the features at strides 4, 8, 16 and 32 with `channels`.
    """

    def __init__(self, prior: DiffPrior, stds: Sequence[float] = NOISE_STDS) -> None:
        super().__init__()
        self.prior, self.stds = prior, tuple(stds)
        self.first = prior.size.strides.index(4)
        self.channels = prior.size.widths[self.first :]
        self.levels = len(self.stds)
        self.noise_channels = prior.bands * len(self.stds)

    def forward(self, image: Tensor, noise: Tensor) -> list[list[Tensor]]:
        scaled = image * 2.0 - 1.0
        # One pass over all levels of noise, as a batch.
        kept = torch.cat(
            [
                scaled * math.sqrt(1 - s * s) + part * s
                for s, part in zip(self.stds, noise.chunk(self.levels, 1), strict=True)
            ]
        )
        std = torch.tensor(self.stds, dtype=image.dtype, device=image.device).repeat_interleave(len(image))
        found = self.prior.features(kept, std)[self.first :]
        return [list(level) for level in zip(*(f.chunk(self.levels) for f in found), strict=True)]
