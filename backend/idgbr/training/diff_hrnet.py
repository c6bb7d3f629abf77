"""Diff-HRNet, our reading: HRNetV2 with frozen features of a diffusion prior fused at the inputs of stages 2, 3 and 4.

Only the abstract of the letter (Wu et al., GRSL 2024) and one figure of a third party are public. It says that features
of a pre-trained DDPM are fused with those of HRNet at several stages; the rest is our choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from idgbr.training.diff_prior import PixelNorm, PriorTap
from idgbr.training.hrnet import HRNet
from idgbr.training.lite0 import CHANNELS, EfficientNetLite0


class GatedFusion(nn.Module):
    """Adds the prior to the features F of one branch: F + γ · sigmoid(conv(F, P)) · P, where γ begins at 0.

    P is projected from the features of all levels of noise, weighted by a softmax. So the network begins as plain
    HRNet, and learns which level of noise, which channels and which pixels to use.
    """

    def __init__(self, channels: int, prior_channels: int, levels: int) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(levels))
        self.norm = PixelNorm(prior_channels)
        self.project = nn.Conv2d(prior_channels, channels, 1)
        self.gate = nn.Conv2d(2 * channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: Tensor, features: Sequence[Tensor]) -> Tensor:
        shares = self.weights.softmax(0)
        mixed = sum(share * feature for share, feature in zip(shares, features, strict=True))
        prior = self.project(self.norm(mixed))
        return x + self.gamma * torch.sigmoid(self.gate(torch.cat([x, prior], 1))) * prior  # type: ignore[no-any-return]


class ImageNetTap(nn.Module):
    """Frozen features of EfficientNet-Lite0 in place of those of a prior, as a control. Reads three bands, no noise."""

    channels = CHANNELS[1:]
    levels = 1
    noise_channels = 0

    def __init__(self, encoder: EfficientNetLite0) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, image: Tensor, noise: Tensor | None = None) -> list[list[Tensor]]:  # noqa: ARG002
        return [self.encoder(image)[1:]]


class DiffHRNet(nn.Module):
    """HRNet with the features of a frozen `tap`.

    Input: image (N, bands, H, W) in 0…1, H and W multiples of 32, and noise (N, `noise_channels`, H, W) that depends on
    absolute positions (`idgbr.noise`), None for a tap that reads none. Output: (N, classes, H/4, W/4) logits.
    """

    stride = 4

    def __init__(self, net: HRNet, tap: PriorTap | ImageNetTap) -> None:
        super().__init__()
        self.net, self.tap = net, tap.eval().requires_grad_(False)
        self.noise_channels = tap.noise_channels
        self.fusion = nn.ModuleList(
            nn.ModuleList(
                GatedFusion(width, channels, tap.levels)
                for width, channels in zip(net.widths[:branches], tap.channels, strict=False)
            )
            for branches in (2, 3, 4)
        )

    def forward(self, image: Tensor, noise: Tensor | None = None) -> Tensor:
        with torch.no_grad():
            levels = self.tap(image, noise)

        def inject(stage: int, branches: list[Tensor]) -> list[Tensor]:
            fusions: Iterable[nn.Module] = self.fusion[stage - 2]  # type: ignore[assignment]
            return [
                fusion(branch, [level[number].to(branch.dtype) for level in levels])
                for number, (fusion, branch) in enumerate(zip(fusions, branches, strict=True))
            ]

        return self.net(image, inject)  # type: ignore[no-any-return]

    def train(self, mode: bool = True) -> DiffHRNet:
        """Training mode, in which the tap stays frozen."""
        super().train(mode)
        self.tap.eval()
        return self
