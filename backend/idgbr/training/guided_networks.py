"""The refiner that reads the backbone: guidance from its features, a light denoiser, and what to accept.

Only convolutions, batch normalization and pooling over a bounded neighbourhood, as in `idgbr.training.networks`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from idgbr.refine.transport import RELATED
from idgbr.training.backbone import WIDTHS as FEATURE_WIDTHS
from idgbr.training.networks import ConvUnit, Denoiser, HalvingUnit, ResidualBlock, up_unet

#: Ground sample distance (m) that the input `scale` counts from.
MIDDLE_GSD_M = 0.3
#: Channels of the backbone's features at strides 2, 4, 8 and 16.
FEATURES = tuple(FEATURE_WIDTHS[:4])
#: Sharpness of the image is that of a neighbourhood of so many cells of 16 px.
_CELLS = 5
_LEAST = 1e-6
_CONDITIONS = 3


def scale_of(gsd_m: Tensor) -> Tensor:
    """The input `scale` for ground sample distances (m)."""
    return (gsd_m / MIDDLE_GSD_M).log2()


class Sharpness(nn.Module):
    """How sharp the image is around each pixel, and how rich in contrast: (N, 2, H/16, W/16) from (N, 3, H, W).

    Sharpness is the logarithm of the energy of the finest details over that of details twice to four times as large.
    """

    def forward(self, image: Tensor) -> Tensor:
        grey = image.mean(1, keepdim=True)
        smooth = F.avg_pool2d(grey, 3, 1, 1, count_include_pad=False)
        smoother = F.avg_pool2d(smooth, 9, 1, 4, count_include_pad=False)
        fine = F.avg_pool2d((grey - smooth) ** 2, 16)
        large = F.avg_pool2d((smooth - smoother) ** 2, 16)
        half = _CELLS // 2
        fine = F.avg_pool2d(fine, _CELLS, 1, half, count_include_pad=False) + _LEAST
        large = F.avg_pool2d(large, _CELLS, 1, half, count_include_pad=False) + _LEAST
        return torch.cat([(fine / large).log() * 0.5, large.log() * 0.25 + 1.5], 1)


class FeatureGuidance(nn.Module):
    """Guidance from the backbone's features, the image at full resolution and the coarse map, once per tile.

    Input: image (N, 3, H, W) in 0…1, relations of the coarse map (N, 12, H, W), its certainty (N, 1, H, W), `scale`
    (N,), and features at strides 2, 4, 8 and 16. H and W are multiples of 32. Output: guidance at strides 2 and 4, and
    the logit (N, 1, H/8, W/8) of how large a share of the coarse labels is wrong along boundaries nearby.
    """

    def __init__(self, widths: Sequence[int], features: Sequence[int] = FEATURES) -> None:
        super().__init__()
        self.sharpness = Sharpness()
        self.halve = HalvingUnit(3 + len(RELATED) + 1, widths[0])
        self.enter = nn.ModuleList(
            nn.Sequential(nn.Conv2d(f, w, 1, bias=False), nn.BatchNorm2d(w))
            for f, w in zip(features, widths, strict=True)
        )
        self.stages = nn.ModuleList([ConvUnit(widths[0], widths[0]), ConvUnit(widths[1], widths[1])])
        self.down = nn.ModuleList(ConvUnit(widths[i], widths[i + 1], 2) for i in range(len(widths) - 1))
        self.conditions = nn.Sequential(nn.Conv2d(_CONDITIONS, 32, 1), nn.ReLU(inplace=True))
        self.deep = nn.Conv2d(32, widths[-1], 1)
        self.lateral = nn.ModuleList(nn.Conv2d(widths[i + 1], widths[i], 1) for i in range(len(widths) - 1))
        self.fuse = nn.ModuleList(ResidualBlock(w) for w in widths[:-1])
        self.rough = nn.Conv2d(widths[2], 1, 3, 1, 1)

    def forward(
        self, image: Tensor, related: Tensor, certainty: Tensor, scale: Tensor, *features: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        sharp = self.sharpness(image)
        known = scale[:, None, None, None] + torch.zeros_like(sharp[:, :1])
        conditions = self.conditions(torch.cat([sharp, known], 1))
        x = self.halve(torch.cat([(image - 0.45) * 4.0, related, certainty], 1))
        skips = []
        for level, enter in enumerate(self.enter):
            x = x + enter(features[level])
            if level < len(self.stages):
                x = self.stages[level](x)
            if level == len(self.enter) - 1:
                x = F.relu(x + self.deep(conditions))
            skips.append(x)
            if level < len(self.down):
                x = self.down[level](x)
        up = up_unet(skips, self.lateral, self.fuse)
        return up[-1], up[-2], self.rough(up[-3])


class AcceptingDenoiser(Denoiser):
    """The denoiser, with what to accept as a second output.

    Input as `Denoiser`, and the third output of `FeatureGuidance`. Output: logits of the places each pixel takes its
    class from (N, H/2, W/2, 4·33), and the logit (N, H, W) that the coarse label is wrong, and what the refiner puts
    in its place right.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__(widths)
        self.accept = nn.Sequential(nn.Conv2d(widths[0] + 1, 32, 1), nn.ReLU(inplace=True), nn.Conv2d(32, 4, 1))

    def forward(  # type: ignore[override]
        self, state: Tensor, time: Tensor, guidance2: Tensor, guidance4: Tensor, rough: Tensor
    ) -> tuple[Tensor, Tensor]:
        inner = self.features(state, time, guidance2, guidance4)
        # Channels last, as they are computed and as they are read pixel by pixel.
        weights = self.head(inner).permute(0, 2, 3, 1)
        wrong = F.interpolate(rough, scale_factor=4.0, mode="bilinear", align_corners=False)
        accepted = F.pixel_shuffle(self.accept(torch.cat([inner, wrong], 1)), 2)
        return weights, accepted[:, 0]


class GuidedRefiner(nn.Module):
    """Guidance and denoiser together, as they are trained; the backbone is apart, and stays as it is."""

    def __init__(self, widths: Sequence[int] = (32, 64, 96, 128), features: Sequence[int] = FEATURES) -> None:
        super().__init__()
        self.guidance = FeatureGuidance(widths, features)
        self.denoiser = AcceptingDenoiser(widths)


class FirstGraph(nn.Module):
    """Guidance and the first step in one graph; further steps read what it gives besides.

    Input as `FeatureGuidance`. Output: those of `AcceptingDenoiser`, then those of `FeatureGuidance`.
    """

    def __init__(self, net: GuidedRefiner) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, image: Tensor, related: Tensor, certainty: Tensor, scale: Tensor, *features: Tensor
    ) -> tuple[Tensor, ...]:
        guidance = self.net.guidance(image, related, certainty, scale, *features)
        found = self.net.denoiser(related, torch.ones_like(scale), *guidance)
        return (*found, *guidance)

