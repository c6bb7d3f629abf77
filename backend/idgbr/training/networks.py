"""The networks of the bundled models.

They use only convolutions and batch normalization: the output depends on a bounded neighbourhood, never on the rest of
the tile. So tiled inference has no seams. Batch normalization is folded into the convolutions on export.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812 (the name every torch user knows)
from torch import Tensor, nn

from idgbr.refiner.neighbours import OFFSETS, RELATED


class ConvUnit(nn.Sequential):
    """3×3 convolution, batch normalization, ReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
        )


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions around an identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = ConvUnit(channels, channels)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(self.first(x)))


def upsampled(x: Tensor) -> Tensor:
    """Twice the size, bilinear."""
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def down_unet(x: Tensor, stages: nn.ModuleList) -> list[Tensor]:
    """Run the encoder `stages`; returns the output of each, finest first."""
    skips: list[Tensor] = []
    for stage in stages:
        x = stage(x)
        skips.append(x)
    return skips


def up_unet(skips: Sequence[Tensor], laterals: nn.ModuleList, fuses: nn.ModuleList) -> list[Tensor]:
    """Run the decoder over the outputs of `down_unet`; features of each level but the lowest, finest last."""
    x = skips[-1]
    features: list[Tensor] = []
    for lateral, fuse, skip in zip(reversed(laterals), reversed(fuses), reversed(skips[:-1]), strict=True):
        x = fuse(skip + upsampled(lateral(x)))
        features.append(x)
    return features


def through_unet(x: Tensor, stages: nn.ModuleList, laterals: nn.ModuleList, fuses: nn.ModuleList) -> list[Tensor]:
    """Run encoder and decoder; features of each level but the lowest, finest last."""
    return up_unet(down_unet(x, stages), laterals, fuses)


def clear_untrained_taps(net: nn.Module, side: int) -> None:
    """Set to zero, in place, the taps of dilated kernels that training on maps of `side` px never reached.

    They only ever met the padding, so that they would be noise on larger maps.
    """
    for module in net.modules():
        if isinstance(module, nn.Conv2d) and module.dilation[0] > 1:
            half = module.kernel_size[0] // 2
            beyond = (torch.arange(module.kernel_size[0]) - half).abs() * module.dilation[0] >= side
            with torch.no_grad():
                module.weight[:, :, beyond] = 0
                module.weight[:, :, :, beyond] = 0


class CoarseNet(nn.Module):
    """Compact U-Net whose logits have a stride of 4 px: it says *what*; the refiner says exactly *where*.

    Input: (N, bands, H, W) float in 0…1, H and W multiples of 32. Output: (N, classes, H/4, W/4) logits.
    """

    stride = 4

    def __init__(self, bands: int, classes: int, widths: Sequence[int] = (40, 80, 128, 160)) -> None:
        super().__init__()
        self.stem = nn.Sequential(ConvUnit(bands, widths[0] // 2, 2), ConvUnit(widths[0] // 2, widths[0], 2))
        self.stages = nn.ModuleList()
        for level, width in enumerate(widths):
            down = [ConvUnit(widths[level - 1], width, 2)] if level else []
            self.stages.append(nn.Sequential(*down, ResidualBlock(width), ResidualBlock(width)))
        self.lateral = nn.ModuleList(nn.Conv2d(widths[i + 1], widths[i], 1) for i in range(len(widths) - 1))
        self.fuse = nn.ModuleList(ConvUnit(w, w) for w in widths[:-1])
        self.head = nn.Conv2d(widths[0], classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        x = self.stem((image - 0.45) * 4.0)
        return self.head(through_unet(x, self.stages, self.lateral, self.fuse)[-1])  # type: ignore[no-any-return]


class CoarseProbabilities(nn.Module):
    """The exported graph of a coarse network: probabilities at full resolution, (N, classes, H, W)."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net
        self.scale = float(net.stride)  # type: ignore[arg-type]

    def forward(self, image: Tensor) -> Tensor:
        logits = F.interpolate(self.net(image), scale_factor=self.scale, mode="bilinear", align_corners=False)
        return logits.softmax(1)


class GuidanceNet(nn.Module):
    """Conditional guidance network: reads image and coarse map jointly, once per tile (IDGBR, stage II conditioning).

    Input: image (N, bands, H, W) in 0…1, relations of the coarse map (N, 12, H, W) in −1…1, its certainty
    (N, 1, H, W). Output: guidance features at strides 2 and 4. H and W are multiples of 16.
    """

    def __init__(self, bands: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.stages = nn.ModuleList()
        for level, width in enumerate(widths):
            enter = ConvUnit(widths[level - 1], width, 2) if level else HalvingUnit(bands + len(RELATED) + 1, width)
            self.stages.append(nn.Sequential(enter, ConvUnit(width, width)))
        self.lateral = nn.ModuleList(nn.Conv2d(widths[i + 1], widths[i], 1) for i in range(len(widths) - 1))
        self.fuse = nn.ModuleList(ResidualBlock(w) for w in widths[:-1])

    def encode(self, image: Tensor, related: Tensor, certainty: Tensor) -> list[Tensor]:
        """Features of image and map at each scale, finest first."""
        return down_unet(torch.cat([(image - 0.45) * 4.0, related, certainty], 1), self.stages)

    def decode(self, skips: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Guidance from the features of each scale."""
        features = up_unet(skips, self.lateral, self.fuse)
        return features[-1], features[-2]

    def forward(self, image: Tensor, related: Tensor, certainty: Tensor) -> tuple[Tensor, Tensor]:
        return self.decode(self.encode(image, related, certainty))


class HalvingUnit(nn.Sequential):
    """4×4 convolution with a stride of 2: every pixel counts alike on the way to half the resolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
        )


class Denoiser(nn.Module):
    """Light denoiser of the label state, run once per step on cached guidance; predicts the clean map (x0-prediction).

    Input: relations of the state (N, 12, H, W), time (N,) in 0…1 (1 = the coarse map), guidance at strides 2 and 4.
    Output: (N, H/2, W/2, 4·33) logits of the places each pixel takes its class from (`idgbr.refiner.transport`).
    """

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        w2, w4 = widths[0], widths[1]
        self.enter = nn.Conv2d(len(RELATED), w2, 4, 2, 1)
        self.time = nn.Sequential(nn.Linear(2, 32), nn.ReLU(inplace=True), nn.Linear(32, 2 * (w2 + w4)))
        self.down = ConvUnit(w2, w4, 2)
        self.inner = ResidualBlock(w4)
        self.lateral = nn.Conv2d(w4, w2, 1)
        self.outer = ResidualBlock(w2)
        self.head = nn.Conv2d(w2, 4 * len(OFFSETS), 3, 1, 1)
        self.widths = (w2, w4)
        # At first every pixel mostly keeps its class.
        with torch.no_grad():
            self.head.bias.zero_()  # type: ignore[union-attr]
            self.head.bias[:: len(OFFSETS)] = 4.0  # type: ignore[index]

    def features(self, state: Tensor, time: Tensor, guidance2: Tensor, guidance4: Tensor) -> Tensor:
        """Features at a stride of 2, from which the logits are computed."""
        w2, w4 = self.widths
        film = self.time(torch.stack([time, time.sqrt()], 1))[:, :, None, None]
        scale2, shift2, scale4, shift4 = film.split([w2, w2, w4, w4], 1)
        x2 = F.relu(self.enter(state) * (1 + scale2) + shift2 + guidance2)
        x4 = self.inner(F.relu(self.down(x2) * (1 + scale4) + shift4 + guidance4))
        return self.outer(x2 + upsampled(self.lateral(x4)))  # type: ignore[no-any-return]

    def forward(self, state: Tensor, time: Tensor, guidance2: Tensor, guidance4: Tensor) -> Tensor:
        # Channels last, as they are computed and as they are read pixel by pixel.
        weights: Tensor = self.head(self.features(state, time, guidance2, guidance4))
        return weights.permute(0, 2, 3, 1)


class RefinerNet(nn.Module):
    """Guidance network and denoiser together, as they are trained."""

    def __init__(self, bands: int = 3, widths: Sequence[int] = (32, 64, 96, 128)) -> None:
        super().__init__()
        self.guidance = GuidanceNet(bands, widths)
        self.denoiser = Denoiser(widths)


class FirstStep(nn.Module):
    """Guidance and the first step in one graph, whose features never leave the engine: half the time of two graphs.

    Input as `GuidanceNet`, output as `Denoiser`.
    """

    def __init__(self, net: RefinerNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor, related: Tensor, certainty: Tensor) -> Tensor:
        guidance = self.net.guidance(image, related, certainty)
        return self.net.denoiser(related, image.new_ones(len(image)), *guidance)  # type: ignore[no-any-return]
