"""The shared backbone of all tasks, and their heads."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from idgbr.training.lite0 import CHANNELS, EfficientNetLite0, load_imagenet
from idgbr.training.networks import ConvUnit, up_unet

#: Channels of the pyramid at strides 2, 4, 8, 16 and 32.
WIDTHS = (24, 40, 64, 96, 128)
#: Outputs of each head: buildings are background and building; contact is one logit of touching objects.
HEADS = {"buildings": 2, "contact": 1, "landcover": 5}


class Backbone(nn.Module):
    """EfficientNet-Lite0 and a feature pyramid.

    Input: (N, 3, H, W) RGB float in 0…1, H and W multiples of 32. Output: features at strides 2, 4, 8 and 16 with the
    first four of `widths` as channels, finest first.
    """

    def __init__(self, widths: Sequence[int] = WIDTHS) -> None:
        super().__init__()
        self.encoder = EfficientNetLite0()
        self.enter = nn.ModuleList(nn.Conv2d(c, w, 1) for c, w in zip(CHANNELS, widths, strict=True))
        self.lateral = nn.ModuleList(nn.Conv2d(widths[i + 1], widths[i], 1) for i in range(len(widths) - 1))
        self.fuse = nn.ModuleList(ConvUnit(w, w) for w in widths[:-1])

    def forward(self, image: Tensor) -> list[Tensor]:
        skips = [enter(x) for enter, x in zip(self.enter, self.encoder(image), strict=True)]
        return up_unet(skips, self.lateral, self.fuse)[::-1]


class Head(nn.Sequential):
    """Head of a task: logits at a stride of 2 px from the finest features."""

    def __init__(self, outputs: int, width: int = WIDTHS[0]) -> None:
        super().__init__(ConvUnit(width, width), nn.Conv2d(width, outputs, 1))


class MultiTaskNet(nn.Module):
    """Backbone and heads, as they are trained together.

    Input as `Backbone`. Output: logits by head, (N, outputs, H/2, W/2).
    """

    def __init__(self, heads: dict[str, int] | None = None) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.heads = nn.ModuleDict({name: Head(outputs) for name, outputs in (heads or HEADS).items()})

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        finest = self.backbone(image)[0]
        return {name: head(finest) for name, head in self.heads.items()}

    def train(self, mode: bool = True) -> MultiTaskNet:
        """Training mode, in which the encoder's normalization keeps the statistics of ImageNet."""
        super().train(mode)
        for module in self.backbone.encoder.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self


class TaskNet(nn.Module):
    """Backbone and one head: `buildings` or `landcover` logits of an image, at a stride of 2 px."""

    stride = 2

    def __init__(self, net: MultiTaskNet, head: str) -> None:
        super().__init__()
        self.backbone, self.head = net.backbone, net.heads[head]

    def forward(self, image: Tensor) -> Tensor:
        return self.head(self.backbone(image)[0])  # type: ignore[no-any-return]


def pretrained() -> MultiTaskNet:
    """The network with ImageNet weights in its encoder, whose first layers are frozen."""
    net = MultiTaskNet()
    load_imagenet(net.backbone.encoder)
    for module in (net.backbone.encoder.stem, *net.backbone.encoder.groups[:FROZEN_GROUPS]):
        module.requires_grad_(False)
    return net


#: Groups of the encoder's blocks that are frozen at their ImageNet weights, up to a stride of 4 px.
FROZEN_GROUPS = 2


def enlarged(logits: Tensor) -> Tensor:
    """Logits at a stride of 2 px at full resolution."""
    return F.interpolate(logits, scale_factor=2.0, mode="bilinear", align_corners=False)
