"""The refiner that reads the backbone: guidance from its features, a light denoiser, and an acceptance output.

Only convolutions, batch normalization and pooling over a bounded neighbourhood, as in `idgbr.training.networks`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from idgbr.refiner.neighbours import OFFSETS, RELATED
from idgbr.training.backbone import WIDTHS as FEATURE_WIDTHS
from idgbr.training.networks import ConvUnit, Denoiser, HalvingUnit, ResidualBlock, up_unet

#: Ground sample distance (m) that the input `scale` counts from.
MIDDLE_GSD_M = 0.3
#: Channels of the backbone's features at strides 2, 4, 8 and 16.
FEATURES = tuple(FEATURE_WIDTHS[:4])
#: Side of the neighbourhood for the sharpness of the image, in cells of 16 px.
_CELLS = 5
_LEAST = 1e-6
_CONDITIONS = 3


def scale_of(gsd_m: Tensor) -> Tensor:
    """The input `scale` for ground sample distances (m)."""
    return (gsd_m / MIDDLE_GSD_M).log2()


class Sharpness(nn.Module):
    """How sharp the image is around each pixel, and how rich in contrast: (N, 2, H/16, W/16) from (N, 3, H, W).

    Sharpness is the logarithm of the energy of details of 1 px over that of details of 2 px (Haar wavelets).
    """

    haar: Tensor

    def __init__(self) -> None:
        super().__init__()
        signs = torch.tensor([[[1, 1], [1, 1]], [[1, -1], [1, -1]], [[1, 1], [-1, -1]], [[1, -1], [-1, 1]]]) * 0.25
        self.register_buffer("haar", signs[:, None], persistent=False)

    def forward(self, image: Tensor) -> Tensor:
        first = F.conv2d(image, self.haar.expand(-1, 3, -1, -1) / 3, stride=2)
        second = F.conv2d(first[:, :1], self.haar, stride=2)
        energies = []
        for details, cells in ((first, 8), (second, 4)):
            energy = F.avg_pool2d(details[:, 1:] ** 2, cells).mean(1, keepdim=True)
            energies.append(F.avg_pool2d(energy, _CELLS, 1, _CELLS // 2, count_include_pad=False) + _LEAST)
        fine, large = energies
        return torch.cat([(fine / large).log() * 0.5 + 0.5, large.log() * 0.25 + 2.0], 1)


class FeatureGuidance(nn.Module):
    """Guidance from the backbone's features, the image at full resolution and the coarse map, once per tile.

    Input: image (N, 3, H, W) in 0…1, relations of the coarse map (N, 12, H, W), its certainty (N, 1, H, W), `scale`
    (N,), and features at strides 2, 4, 8 and 16. H and W are multiples of 32. Output: guidance at strides 2 and 4.
    """

    def __init__(self, widths: Sequence[int], features: Sequence[int] = FEATURES) -> None:
        super().__init__()
        self.sharpness = Sharpness()
        self.halve = HalvingUnit(3 + len(RELATED) + 1, widths[0])
        self.enter = nn.ModuleList(
            nn.Sequential(nn.Conv2d(f, w, 1, bias=False), nn.BatchNorm2d(w))
            for f, w in zip(features, widths, strict=True)
        )
        self.down = nn.ModuleList(ConvUnit(widths[i], widths[i + 1], 2) for i in range(len(widths) - 1))
        self.middle = ConvUnit(widths[1], widths[1])
        self.conditions = nn.Sequential(
            nn.Conv2d(_CONDITIONS, 32, 1), nn.ReLU(inplace=True), nn.Conv2d(32, widths[-1], 1)
        )
        self.lateral = nn.ModuleList(nn.Conv2d(widths[i + 1], widths[i], 1) for i in range(len(widths) - 1))
        self.fuse = nn.ModuleList(ResidualBlock(w) for w in widths[:-1])
        self.rough = nn.Conv2d(widths[2], 1, 3, 1, 1)

    def levels(
        self, image: Tensor, related: Tensor, certainty: Tensor, scale: Tensor, *features: Tensor
    ) -> list[Tensor]:
        """Guidance at strides 8, 4 and 2, from the input of `forward`."""
        sharp = self.sharpness(image)
        known = scale[:, None, None, None] + torch.zeros_like(sharp[:, :1])
        given = [enter(feature) for enter, feature in zip(self.enter, features, strict=True)]
        x2 = F.relu(self.halve(torch.cat([(image - 0.45) * 4.0, related, certainty], 1)) + given[0])
        x4 = self.middle(self.down[0](x2) + given[1])
        x8 = F.relu(self.down[1](x4) + given[2])
        x16 = F.relu(self.down[2](x8) + given[3] + self.conditions(torch.cat([sharp, known], 1)))
        return up_unet([x2, x4, x8, x16], self.lateral, self.fuse)

    def roughness(self, stride8: Tensor) -> Tensor:
        """Logit (N, 1, H/8, W/8) of the share of wrong coarse labels along boundaries nearby.

        It is not used at run time. In training, it teaches the features to tell rough outlines from exact ones.
        """
        return self.rough(stride8)  # type: ignore[no-any-return]

    def forward(
        self, image: Tensor, related: Tensor, certainty: Tensor, scale: Tensor, *features: Tensor
    ) -> tuple[Tensor, Tensor]:
        _, stride4, stride2 = self.levels(image, related, certainty, scale, *features)
        return stride2, stride4


class AcceptingDenoiser(Denoiser):
    """The denoiser with an acceptance output.

    Input as `Denoiser`. Output: (N, H/2, W/2, 4·33 + 4): logits of the places each pixel takes its class from, and for
    each of the four pixels the logit that the coarse label is wrong and its replacement right.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__(widths)
        kept = self.head.bias
        self.head = nn.Conv2d(widths[0], 4 * len(OFFSETS) + 4, 3, 1, 1)
        assert kept is not None
        assert self.head.bias is not None
        with torch.no_grad():
            self.head.bias.copy_(torch.cat([kept, torch.zeros(4)]))


class GuidedRefiner(nn.Module):
    """Guidance and denoiser together, as they are trained; the backbone is separate and frozen."""

    def __init__(self, widths: Sequence[int] = (32, 64, 96, 128), features: Sequence[int] = FEATURES) -> None:
        super().__init__()
        self.guidance = FeatureGuidance(widths, features)
        self.denoiser = AcceptingDenoiser(widths)


class FirstGraph(nn.Module):
    """Guidance and the first step in one graph; its further outputs are inputs of later steps.

    Input as `FeatureGuidance`. Output: that of `AcceptingDenoiser`, then those of `FeatureGuidance`.
    """

    def __init__(self, net: GuidedRefiner) -> None:
        super().__init__()
        self.net = net

    def forward(
        self, image: Tensor, related: Tensor, certainty: Tensor, scale: Tensor, *features: Tensor
    ) -> tuple[Tensor, ...]:
        guidance = self.net.guidance(image, related, certainty, scale, *features)
        return (self.net.denoiser(related, torch.ones_like(scale), *guidance), *guidance)
