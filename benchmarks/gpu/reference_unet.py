"""The reference's denoiser at its real size, the U-Net of Stable Diffusion 1.5, written from its public description.

With random weights: only its time counts. Self-attention over all places of a level and cross-attention to 77 words.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from benchmarks.gpu.bench import Bench, tf32

TABLE = "Reference architecture, random weights"
#: Operations (TFLOP) that the published method spends on a tile of 512² px as released, and in one pass of its U-Net.
TILE_TFLOP, PASS_TFLOP = 71.1, 0.803
_TILE, _WORDS, _HEADS, _GROUPS = 512, 77, 8, 32


class Size(NamedTuple):
    """Channels of the levels, those of the words, residual blocks of a level, and the side of the latent image."""

    widths: tuple[int, ...] = (320, 640, 1280, 1280)
    context: int = 768
    blocks: int = 2
    side: int = 64


TINY = Size((32, 64, 64), 32, 1, 8)


class Residual(nn.Module):
    """Two normalized convolutions with the time added between, around an identity."""

    def __init__(self, inputs: int, outputs: int, embedding: int) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.GroupNorm(_GROUPS, inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, 1, 1))
        self.time = nn.Sequential(nn.SiLU(), nn.Linear(embedding, outputs))
        self.second = nn.Sequential(nn.GroupNorm(_GROUPS, outputs), nn.SiLU(), nn.Conv2d(outputs, outputs, 3, 1, 1))
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:  # noqa: D102
        y = self.second(self.first(x) + self.time(time)[:, :, None, None])
        return self.skip(x) + y  # type: ignore[no-any-return]


class Attention(nn.Module):
    """Attention of eight heads from `x` (N, places, C) to `context` (N, words, D)."""

    def __init__(self, channels: int, context: int) -> None:
        super().__init__()
        self.query = nn.Linear(channels, channels, bias=False)
        self.key = nn.Linear(context, channels, bias=False)
        self.value = nn.Linear(context, channels, bias=False)
        self.leave = nn.Linear(channels, channels)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:  # noqa: D102
        parts = (self.query(x), self.key(context), self.value(context))
        q, k, v = (part.unflatten(2, (_HEADS, -1)).transpose(1, 2) for part in parts)
        return self.leave(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))  # type: ignore[no-any-return]


class Transformer(nn.Module):
    """Self-attention, cross-attention and a gated layer, over the places of a level."""

    def __init__(self, channels: int, context: int) -> None:
        super().__init__()
        self.norm, self.enter = nn.GroupNorm(_GROUPS, channels), nn.Conv2d(channels, channels, 1)
        self.norms = nn.ModuleList(nn.LayerNorm(channels) for _ in range(3))
        self.own, self.words = Attention(channels, channels), Attention(channels, context)
        self.widen, self.narrow = nn.Linear(channels, 8 * channels), nn.Linear(4 * channels, channels)
        self.leave = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:  # noqa: D102
        y = self.enter(self.norm(x)).flatten(2).transpose(1, 2)
        normed = self.norms[0](y)
        y = y + self.own(normed, normed)
        y = y + self.words(self.norms[1](y), context)
        value, gate = self.widen(self.norms[2](y)).chunk(2, 2)
        y = y + self.narrow(value * F.gelu(gate))
        return x + self.leave(y.transpose(1, 2).unflatten(2, x.shape[2:]))  # type: ignore[no-any-return]


class Block(nn.Module):
    """A residual block, with attention on all levels but the deepest."""

    def __init__(self, inputs: int, outputs: int, size: Size, *, attended: bool) -> None:
        super().__init__()
        self.residual = Residual(inputs, outputs, 4 * size.widths[0])
        self.attention = Transformer(outputs, size.context) if attended else None

    def forward(self, x: Tensor, time: Tensor, context: Tensor) -> Tensor:  # noqa: D102
        y: Tensor = self.residual(x, time)
        return y if self.attention is None else self.attention(y, context)


class ReferenceUNet(nn.Module):
    """Latent (N, 4, S, S), time (N,) and words (N, 77, D) to the noise (N, 4, S, S)."""

    def __init__(self, size: Size | None = None) -> None:
        super().__init__()
        size = size or Size()
        widths, last = size.widths, len(size.widths) - 1
        self.embed = nn.Sequential(
            nn.Linear(widths[0], 4 * widths[0]), nn.SiLU(), nn.Linear(4 * widths[0], 4 * widths[0])
        )
        self.enter = nn.Conv2d(4, widths[0], 3, 1, 1)
        self.down, self.shrink = nn.ModuleList(), nn.ModuleList()
        skips = [widths[0]]
        for level, width in enumerate(widths):
            inputs = [skips[-1], *[width] * (size.blocks - 1)]
            self.down.append(nn.ModuleList(Block(i, width, size, attended=level < last) for i in inputs))
            skips += [width] * size.blocks
            if level < last:
                self.shrink.append(nn.Conv2d(width, width, 3, 2, 1))
                skips.append(width)
        deep = widths[-1]
        self.middle = nn.ModuleList([Block(deep, deep, size, attended=True), Block(deep, deep, size, attended=False)])
        self.up, self.grow = nn.ModuleList(), nn.ModuleList()
        channels = deep
        for level in reversed(range(len(widths))):
            blocks = nn.ModuleList()
            for _ in range(size.blocks + 1):
                blocks.append(Block(channels + skips.pop(), widths[level], size, attended=level < last))
                channels = widths[level]
            self.up.append(blocks)
            if level:
                self.grow.append(nn.Conv2d(channels, channels, 3, 1, 1))
        self.leave = nn.Sequential(nn.GroupNorm(_GROUPS, widths[0]), nn.SiLU(), nn.Conv2d(widths[0], 4, 3, 1, 1))

    def forward(self, latent: Tensor, time: Tensor, context: Tensor) -> Tensor:  # noqa: D102
        embedding = self.embed(self._waves(time).to(latent.dtype))
        x = self.enter(latent)
        skips = [x]
        for level, blocks in enumerate(self.down):
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x, embedding, context)
                skips.append(x)
            if level < len(self.shrink):
                x = self.shrink[level](x)
                skips.append(x)
        for block in self.middle:
            x = block(x, embedding, context)
        for level, blocks in enumerate(self.up):
            for block in blocks:  # type: ignore[attr-defined]
                x = block(torch.cat([x, skips.pop()], 1), embedding, context)
            if level < len(self.grow):
                x = self.grow[level](F.interpolate(x, scale_factor=2.0))
        return self.leave(x)  # type: ignore[no-any-return]

    def _waves(self, time: Tensor) -> Tensor:
        half = self.enter.out_channels // 2
        rates = torch.exp(torch.arange(half, device=time.device) * (-math.log(10_000) / half))
        angles = time[:, None] * rates
        return torch.cat([angles.cos(), angles.sin()], 1)


def inputs_of(size: Size, device: torch.device | str) -> tuple[Tensor, Tensor, Tensor]:
    """Random input of one tile."""
    latent = torch.randn(1, 4, size.side, size.side, device=device)
    return latent, torch.full((1,), 500.0, device=device), torch.randn(1, _WORDS, size.context, device=device)


def reference(bench: Bench) -> None:
    """Time of a pass, and from it that of a tile of the published method, which needs 88 times the operations."""
    size = TINY if bench.tiny else Size()
    with torch.device(bench.device):
        net = ReferenceUNet(size).eval()
    for precision in ("TF32" if bench.on_gpu else "fp32", "bf16"):
        what = f"{TABLE}: {precision}"
        if not bench.has_time(what, 5.0 if bench.on_gpu else 0.0):
            continue
        kind = torch.bfloat16 if precision == "bf16" else torch.float32
        with bench.memory_guard(what), torch.inference_mode(), tf32(allowed=True):
            net.to(kind)  # autocast would convert 860 million weights in each pass
            bench.reset_peak()
            latent, time, words = inputs_of(size, bench.device)
            given = (latent.to(kind), time, words.to(kind))
            took = bench.seconds(lambda given=given: net(*given))  # type: ignore[misc]
            row = {"U-Net": _name(net), "precision": precision, "ms": 1e3 * took, "peak MiB": bench.peak_mb()}
            if not bench.tiny:
                tile = took * TILE_TFLOP / PASS_TFLOP
                row |= {
                    "TFLOP/s": PASS_TFLOP / took,
                    "tile of 512² as released, by operations, s": tile,
                    "Mpx/s": _TILE * _TILE / tile / 1e6,
                }
            bench.report.add(TABLE, **row)


def _name(net: nn.Module) -> str:
    return f"{sum(p.numel() for p in net.parameters()) / 1e6:.1f} M weights"
