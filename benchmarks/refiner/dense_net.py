"""A network that names classes, of the cost of the refiner's: what the alternatives to the refiner are made of."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F  # noqa: N812 (the name every torch user knows)
from torch import Tensor, nn

from idgbr.training.networks import ConvUnit, HalvingUnit, ResidualBlock, through_unet, upsampled


class DenseNet(nn.Module):
    """U-Net with logits at full resolution: (N, inputs, H, W) → (N, classes, H, W), sides multiples of 16.

    Its body is that of the refiner's guidance network and denoiser, so that it has as many parameters and as much to
    compute as one step of the refiner.
    """

    def __init__(self, inputs: int, classes: int, widths: Sequence[int] = (32, 64, 96, 128)) -> None:
        super().__init__()
        self.stages = nn.ModuleList()
        for level, width in enumerate(widths):
            enter = ConvUnit(widths[level - 1], width, 2) if level else HalvingUnit(inputs, width)
            self.stages.append(nn.Sequential(enter, ConvUnit(width, width)))
        self.lateral = nn.ModuleList(nn.Conv2d(widths[i + 1], widths[i], 1) for i in range(len(widths) - 1))
        self.fuse = nn.ModuleList(ResidualBlock(w) for w in widths[:-1])
        self.down = ConvUnit(widths[0], widths[1], 2)
        self.inner = ResidualBlock(widths[1])
        self.last = nn.Conv2d(widths[1], widths[0], 1)
        self.outer = ResidualBlock(widths[0])
        self.head = nn.Conv2d(widths[0], 4 * classes, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits."""
        features = through_unet(x, self.stages, self.lateral, self.fuse)
        inner = self.inner(self.down(features[-1]) + features[-2])
        logits = self.head(self.outer(features[-1] + upsampled(self.last(inner))))
        return F.pixel_shuffle(logits, 2)
