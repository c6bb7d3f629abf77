"""HRNetV2: parallel branches at strides 4, 8, 16 and 32 that exchange their features (Wang et al., TPAMI 2020).

Written from the description of the published network. Only convolutions and batch normalization: the output at a pixel
depends on a bounded neighbourhood, so tiles leave no seams.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from idgbr.training.networks import ConvUnit, ResidualBlock

#: Channels of the finest branch: the default, which two cores train in hours; 32 and 48 are for a GPU.
WIDTH = 18
#: Channels of the stem, and how much a bottleneck widens them.
_STEM, _EXPANSION = 64, 4
#: What may change the branches at the input of a stage: gets the stage's number and the branches, finest first.
Injection = Callable[[int, list[Tensor]], list[Tensor]]


def _projected(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))


class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1 convolution around an identity; the output has four times `channels`."""

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        outputs = _EXPANSION * channels
        self.body = nn.Sequential(
            *_projected(inputs, channels), nn.ReLU(inplace=True), *ConvUnit(channels, channels),
            *_projected(channels, outputs),
        )  # fmt: skip
        self.skip = nn.Identity() if inputs == outputs else _projected(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.skip(x))


class Exchange(nn.Module):
    """All-to-all exchange: each branch becomes the sum of all branches, resampled to its stride."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        self.paths = nn.ModuleList(
            nn.ModuleList(self._path(widths, source, target) for source in range(len(widths)))
            for target in range(len(widths))
        )

    @staticmethod
    def _path(widths: Sequence[int], source: int, target: int) -> nn.Module:
        if source == target:
            return nn.Identity()
        if source > target:
            return nn.Sequential(
                *_projected(widths[source], widths[target]),
                nn.Upsample(scale_factor=2.0 ** (source - target), mode="bilinear", align_corners=False),
            )
        units: list[nn.Module] = [ConvUnit(widths[source], widths[source], 2) for _ in range(target - source - 1)]
        last = [nn.Conv2d(widths[source], widths[target], 3, 2, 1, bias=False), nn.BatchNorm2d(widths[target])]
        return nn.Sequential(*units, *last)

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        out = []
        for paths in self.paths:
            parts = [path(branch) for path, branch in zip(paths, branches, strict=True)]  # type: ignore[call-overload]
            out.append(F.relu(_sum(parts)))
        return out


def _sum(parts: Sequence[Tensor]) -> Tensor:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


class Module(nn.Module):
    """Residual blocks on each branch, then an exchange."""

    def __init__(self, widths: Sequence[int], blocks: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(nn.Sequential(*(ResidualBlock(w) for _ in range(blocks))) for w in widths)
        self.exchange = Exchange(widths)

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        worked = [body(branch) for body, branch in zip(self.branches, branches, strict=True)]
        return self.exchange(worked)  # type: ignore[no-any-return]


class HRNet(nn.Module):
    """HRNetV2 with `width`, 2, 4 and 8 times `width` channels at strides 4, 8, 16 and 32.

    Input: (N, bands, H, W) float in 0…1, H and W multiples of 32. Output: (N, classes, H/4, W/4) logits. `modules` are
    those of stages 2, 3 and 4; `blocks` those of a branch in a module, and the bottlenecks of stage 1.
    """

    stride = 4

    def __init__(
        self, bands: int, classes: int, width: int = WIDTH, modules: Sequence[int] = (1, 4, 3), blocks: int = 4
    ) -> None:
        super().__init__()
        self.widths = tuple(width * 2**branch for branch in range(4))
        self.stem = nn.Sequential(ConvUnit(bands, _STEM, 2), ConvUnit(_STEM, _STEM, 2))
        wide = _EXPANSION * _STEM
        self.stage1 = nn.Sequential(*(Bottleneck(wide if n else _STEM, _STEM) for n in range(blocks)))
        self.enter = nn.ModuleList([ConvUnit(wide, width), ConvUnit(wide, 2 * width, 2)])
        self.deepen = nn.ModuleList(ConvUnit(self.widths[n - 1], self.widths[n], 2) for n in (2, 3))
        self.stages = nn.ModuleList(
            nn.Sequential(*(Module(self.widths[:branches], blocks) for _ in range(count)))
            for branches, count in enumerate(modules, 2)
        )
        total = sum(self.widths)
        self.head = nn.Sequential(*_projected(total, total), nn.ReLU(inplace=True), nn.Conv2d(total, classes, 1))

    def forward(self, image: Tensor, inject: Injection | None = None) -> Tensor:
        x = self.stage1(self.stem((image - 0.45) * 4.0))
        branches = [enter(x) for enter in self.enter]
        for number, stage in enumerate(self.stages, 2):
            if number > 2:
                branches = [*branches, self.deepen[number - 3](branches[-1])]
            if inject is not None:
                branches = inject(number, branches)
            branches = stage(branches)
        return self.head(joined(branches))  # type: ignore[no-any-return]


def joined(branches: Sequence[Tensor]) -> Tensor:
    """All branches, enlarged to the finest, as one (N, sum of channels, H/4, W/4)."""
    enlarged = [
        F.interpolate(branch, scale_factor=2.0**level, mode="bilinear", align_corners=False) if level else branch
        for level, branch in enumerate(branches)
    ]
    return torch.cat(enlarged, 1)
