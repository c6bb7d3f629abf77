"""Further coarse networks. They do not ship: the refiner learns from their out-of-fold errors, which differ in kind.

Each network has a `stride`: its logits are (N, classes, H/stride, W/stride).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from idgbr.training.networks import CoarseNet, ConvUnit, ResidualBlock, through_unet


class FineUNet(nn.Module):
    """U-Net with logits at a stride of 2 px: sharp outlines, little context, hence ragged and speckled maps."""

    stride = 2

    def __init__(self, bands: int, classes: int, widths: Sequence[int] = (24, 48, 80, 112)) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            nn.Sequential(ConvUnit(widths[i - 1] if i else bands, w, 2), ConvUnit(w, w)) for i, w in enumerate(widths)
        )
        self.lateral = nn.ModuleList(nn.Conv2d(widths[i + 1], widths[i], 1) for i in range(len(widths) - 1))
        self.fuse = nn.ModuleList(ConvUnit(w, w) for w in widths[:-1])
        self.head = nn.Conv2d(widths[0], classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        x = (image - 0.45) * 4.0
        return self.head(through_unet(x, self.stages, self.lateral, self.fuse)[-1])  # type: ignore[no-any-return]


class DilatedNet(nn.Module):
    """Atrous pyramid at a stride of 8 px without skip connections, like DeepLab: rounded corners, lost small parts."""

    stride = 8

    def __init__(self, bands: int, classes: int, width: int = 112, rates: Sequence[int] = (1, 3, 6, 12)) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            ConvUnit(bands, width // 4, 2), ConvUnit(width // 4, width // 2, 2), ConvUnit(width // 2, width, 2)
        )
        self.body = nn.Sequential(*(ResidualBlock(width) for _ in range(4)))
        self.pyramid = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(width, width // 2, 3, padding=rate, dilation=rate, bias=False),
                nn.BatchNorm2d(width // 2),
                nn.ReLU(inplace=True),
            )
            for rate in rates
        )
        self.head = nn.Sequential(ConvUnit(len(rates) * (width // 2), width), nn.Conv2d(width, classes, 1))

    def forward(self, image: Tensor) -> Tensor:
        x = self.body(self.stem((image - 0.45) * 4.0))
        return self.head(torch.cat([branch(x) for branch in self.pyramid], 1))  # type: ignore[no-any-return]


SHIPPED = "unet4"
#: Coarse architectures by name.
ARCHITECTURES: dict[str, Callable[[int, int], nn.Module]] = {
    SHIPPED: CoarseNet,
    "unet2": FineUNet,
    "dilated8": DilatedNet,
}
