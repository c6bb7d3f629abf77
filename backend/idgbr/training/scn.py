"""SPN and SCN: a building segmenter, and the same network over two dates as a change detector.

After the fine-tuning strategy of SChanger (Zhou, Hu, Fang, Rui, JSTARS 2025, arXiv 2503.20734). The *semantic prior
network* (SPN) finds all objects in one image. The *semantic change network* (SCN) is the SPN run on both dates with
shared weights. Only ten *temporal fusion modules* combine the dates; they are the only new weights: five inside the
attention blocks, five in front of the prediction heads. "Find every object" so becomes "find the objects that differ".

The two dates are stacked along the batch axis, (2N, C, H, W), all of the first date before all of the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

#: Sides of the input are multiples of this.
STRIDE = 16
BATCH_NORM_EPS = 1e-3
DROP = 0.2


class Widths(NamedTuple):
    """Channels of the stem and of the five levels."""

    stem: int
    level1: int
    level2: int
    level3: int
    level4: int
    level5: int


SMALL = Widths(8, 16, 32, 40, 48, 48)
BASE = Widths(24, 32, 48, 64, 104, 120)


class SqueezeExcite(nn.Module):
    """Scale of each channel from its mean.

    The published block takes the mean over the image, which makes the result depend on what else lies in the tile. With
    `tileable` it is the mean over the training data, kept as batch normalization keeps its own.
    """

    population: Tensor

    def __init__(self, channels: int, squeezed: int, *, tileable: bool) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(channels, squeezed, 1)
        self.restore = nn.Conv2d(squeezed, channels, 1)
        self.tileable = tileable
        if tileable:
            self.register_buffer("population", torch.zeros(1, channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.restore(F.silu(self.reduce(self._mean(x)))))

    def _mean(self, x: Tensor) -> Tensor:
        if not self.tileable:
            return x.mean((2, 3), keepdim=True)
        if not self.training:
            return self.population
        mean = x.mean((0, 2, 3), keepdim=True)
        self.population.lerp_(mean.detach().to(self.population.dtype), 0.1)
        return mean


class StochasticDepth(nn.Module):
    """Leaves out a residual branch for whole samples in training."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        keep = torch.rand(len(x), 1, 1, 1, device=x.device) >= DROP
        return x * (keep.to(x.dtype) / (1 - DROP))


class FeatureEnhancement(nn.Module):
    """Lightweight feature enhancement (LFE): an inverted bottleneck with squeeze and excite."""

    def __init__(self, inputs: int, outputs: int, *, tileable: bool) -> None:
        super().__init__()
        wide = 6 * inputs
        self.expand = nn.Sequential(nn.Conv2d(inputs, wide, 1, bias=False), _norm(wide), nn.SiLU(inplace=True))
        self.spatial = nn.Sequential(
            nn.Conv2d(wide, wide, 3, 1, 1, groups=wide, bias=False), _norm(wide), nn.SiLU(inplace=True)
        )
        self.excite = SqueezeExcite(wide, inputs // 4, tileable=tileable)
        self.project = nn.Sequential(nn.Conv2d(wide, outputs, 1, bias=False), _norm(outputs))
        self.drop = StochasticDepth() if inputs == outputs else None

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.project(self.excite(self.spatial(self.expand(x))))
        return y if self.drop is None else x + self.drop(y)


class TemporalFusion(nn.Module):
    """Temporal fusion module (TFM): two dates (2N, c, H, W) become one, (N, c, H, W). Not symmetric in the dates."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.mix = nn.Conv2d(2 * channels, channels, 1)
        self.norm = nn.LayerNorm(channels, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        mixed = self.mix(torch.cat(x.chunk(2), 1)).permute(0, 2, 3, 1)
        return F.gelu(self.norm(mixed)).permute(0, 3, 1, 2)


class SpatialConsistencyAttention(nn.Module):
    """Spatial consistency attention (SCAM): one large-kernel map, from both dates, scales the features of both."""

    def __init__(self, channels: int, *, pair: bool) -> None:
        super().__init__()
        c = channels
        self.norm1 = _norm(c)
        self.enter = nn.Conv2d(c, c, 1)
        self.fuse = TemporalFusion(c) if pair else nn.Identity()
        self.attend = nn.Sequential(
            nn.Conv2d(c, c, 5, 1, 2, groups=c), nn.Conv2d(c, c, 7, 1, 9, 3, groups=c), nn.Conv2d(c, c, 1)
        )
        self.leave = nn.Conv2d(c, c, 1)
        self.scale1 = nn.Parameter(torch.full((c, 1, 1), 1e-2))
        self.norm2 = _norm(c)
        self.mlp = nn.Sequential(
            nn.Conv2d(c, 4 * c, 1),
            nn.Conv2d(4 * c, 4 * c, 3, 1, 1, groups=4 * c),
            nn.GELU(),
            nn.Dropout(DROP),
            nn.Conv2d(4 * c, c, 1),
            nn.Dropout(DROP),
        )
        self.scale2 = nn.Parameter(torch.full((c, 1, 1), 1e-2))
        self.drop = StochasticDepth()

    def forward(self, x: Tensor) -> Tensor:
        n = self.norm1(x)
        f = F.gelu(self.enter(n))
        # In bfloat16 on a CPU, the gradient of the dilated depthwise weights comes out infinite now and then.
        fused = self.fuse(f)
        with torch.autocast(x.device.type, enabled=False):
            attention = self.attend(fused.float())
        attention = attention.repeat(len(f) // len(attention), 1, 1, 1)
        x = x + self.drop(self.scale1 * (self.leave(f * attention) + n))
        out: Tensor = x + self.drop(self.scale2 * self.mlp(self.norm2(x)))
        return out


class Head(nn.Module):
    """A logit (N, 1, H, W) from the decoder's features of one level."""

    def __init__(self, channels: int, *, pair: bool) -> None:
        super().__init__()
        self.fuse = TemporalFusion(channels) if pair else nn.Identity()
        self.predict = nn.Conv2d(channels, 1, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        logit: Tensor = self.predict(self.fuse(x))
        return logit


class _SemanticNetwork(nn.Module):
    """Body of both networks. `tileable` bounds what a pixel's result depends on: see `SqueezeExcite` and `_resized`."""

    def __init__(self, widths: Widths, *, pair: bool, tileable: bool) -> None:
        super().__init__()
        self.tileable = tileable
        stem, *levels = widths
        self.stem = nn.Sequential(nn.Conv2d(3, stem, 3, 1, 1, bias=False), _norm(stem), nn.SiLU(inplace=True))
        pairs = list(zip(widths[:-1], levels, strict=True))

        def enhance(first: int, last: int, middle: int) -> nn.Sequential:
            return nn.Sequential(
                FeatureEnhancement(first, middle, tileable=tileable),
                FeatureEnhancement(middle, last, tileable=tileable),
            )

        self.encoder = nn.ModuleList(enhance(below, level, level) for below, level in pairs)
        self.attention = nn.ModuleList(SpatialConsistencyAttention(level, pair=pair) for level in levels)
        self.decoder = nn.ModuleList(enhance(level, below, level) for below, level in pairs)
        self.heads = nn.ModuleList(Head(below, pair=pair) for below, _ in pairs)
        self.fusion = nn.Conv2d(len(levels), 1, 1)
        self._initialize()

    def _initialize(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                fan_out = module.kernel_size[0] * module.kernel_size[1] * module.out_channels // module.groups
                nn.init.normal_(module.weight, 0.0, (2.0 / fan_out) ** 0.5)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def _logits(self, image: Tensor) -> list[Tensor]:
        """Fused logits, then those of the five levels from the finest on, (N, 1, H, W) each."""
        skips = []
        x = self.stem(image)
        for level, encode in enumerate(self.encoder):
            x = encode(F.max_pool2d(x, 2) if level else x)
            skips.append(x)
        features: list[Tensor] = []
        for level in reversed(range(len(skips))):
            attended = self.attention[level](skips[level])
            x = self.decoder[level](attended if not features else attended + self._resized(x, attended))
            features.append(x)
        sides = [self._resized(head(x), image) for head, x in zip(self.heads, reversed(features), strict=True)]
        return [self.fusion(torch.cat(sides, 1)), *sides]

    def _resized(self, x: Tensor, like: Tensor) -> Tensor:
        """Bilinear to the size of `like`. Published with aligned corners, which shift with the tile's size."""
        if x.shape[2:] == like.shape[2:]:
            return x
        return F.interpolate(x, like.shape[2:], mode="bilinear", align_corners=not self.tileable)


class SPN(_SemanticNetwork):
    """Semantic prior network: image (N, 3, H, W), standardized, to six maps of logits (N, 1, H, W), the fused first."""

    def __init__(self, widths: Widths = SMALL, *, tileable: bool = False) -> None:
        super().__init__(widths, pair=False, tileable=tileable)

    def forward(self, image: Tensor) -> list[Tensor]:
        return self._logits(image)


class SCN(_SemanticNetwork):
    """Semantic change network: two dates (N, 3, H, W), each standardized by itself, to six maps of logits."""

    def __init__(self, widths: Widths = SMALL, *, tileable: bool = False) -> None:
        super().__init__(widths, pair=True, tileable=tileable)

    def forward(self, before: Tensor, after: Tensor) -> list[Tensor]:
        return self._logits(torch.cat([before, after]))

    def load_prior(self, weights: dict[str, Tensor]) -> list[str]:
        """Take over the weights of an SPN of the same widths; returns the names of those that stay new."""
        missing, unexpected = self.load_state_dict(weights, strict=False)
        if unexpected:
            raise ValueError(f"not the weights of an SPN of these widths: {unexpected[0]}")
        return list(missing)

    def fusions(self) -> Iterator[TemporalFusion]:
        """The ten temporal fusion modules."""
        return (module for module in self.modules() if isinstance(module, TemporalFusion))


def deep_loss(maps: list[Tensor], labels: Tensor, known: Tensor) -> Tensor:
    """Deep supervision (SChanger): binary cross-entropy plus Dice loss of each map, in equal parts, summed.

    maps (N, 1, H, W) logits; labels (N, H, W) in {0, 1}; known (N, H, W) 1 where the label counts. Dice is taken over
    the whole batch.
    """
    target, weight = labels[:, None].float(), known[:, None].float()
    total = maps[0].new_zeros((), dtype=torch.float32)
    for logits in (m.float() for m in maps):
        entropy = F.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum") / (weight.sum() + 1.0)
        share = torch.sigmoid(logits) * weight
        both = (share * target).sum()
        dice = 1 - (2 * both + 1e-7) / (share.sum() + (target * weight).sum() + 1e-7)
        total = total + entropy + dice
    return total


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=BATCH_NORM_EPS, momentum=0.1)
