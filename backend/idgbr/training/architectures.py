"""The architectures of full training: how each network is made, where its first weights come from, and its export."""

from __future__ import annotations

import numpy as np
import onnx
import torch
import torch.nn.functional as F  # noqa: N812
from onnx import numpy_helper
from safetensors.torch import load_file
from torch import Tensor, nn

from idgbr.errors import InputError, ModelError
from idgbr.models.card import BackboneReference, PriorCard, sha256_of
from idgbr.models.registry import find_model
from idgbr.training.backbone import Backbone, Head
from idgbr.training.diff_hrnet import DiffHRNet
from idgbr.training.diff_prior import DiffPrior, PriorSize, PriorTap
from idgbr.training.export import fold_batch_norm
from idgbr.training.hrnet import HRNet
from idgbr.training.networks import CoarseNet
from idgbr.training.segment_config import SegmentConfig

#: File of the weights in a model folder of kind prior.
PRIOR_WEIGHTS = "prior.safetensors"


class BackboneNet(nn.Module):
    """The shared backbone and a new head: logits at a stride of 2 px. Its normalization is folded into convolutions."""

    stride = 2

    def __init__(self, backbone: Backbone, classes: int, *, frozen: bool) -> None:
        super().__init__()
        self.backbone = backbone.requires_grad_(not frozen)
        self.head = Head(classes)
        self.frozen = frozen

    def forward(self, image: Tensor) -> Tensor:
        return self.head(self.backbone(image)[0])  # type: ignore[no-any-return]


def build(config: SegmentConfig, bands: int, classes: int) -> nn.Module:
    """The network of a training. Raises InputError or ModelError for what does not fit."""
    torch.manual_seed(config.seed)
    name = config.architecture
    if name in ("backbone", "backbone-frozen"):
        if bands != 3:
            raise InputError(f"the architecture {name} reads three bands, not {bands}; choose three, or unet or hrnet.")
        return BackboneNet(shipped_backbone(), classes, frozen=name == "backbone-frozen")
    if name == "unet":
        return CoarseNet(bands, classes)
    net = HRNet(bands, classes, config.width)
    if name == "hrnet":
        return net
    if not config.prior:
        raise InputError("diff-hrnet needs a prior; name the folder that `idgbr pretrain` wrote.")
    prior, card = load_prior(config.prior)
    if card.bands != bands:
        raise InputError(
            f"{config.prior}: this prior was trained on {card.bands} bands, the rasters have {bands}; choose the same "
            "bands, or pretrain another one."
        )
    return DiffHRNet(net, PriorTap(prior))


def shipped_backbone() -> Backbone:
    """The backbone of the bundled models, from its ONNX file; its batch normalization is folded."""
    folder, card = find_model("backbone", "backbone")
    (file,) = card.files
    net = fold_batch_norm(Backbone().eval())
    stored = {
        weight.name.removesuffix("_half"): torch.from_numpy(numpy_helper.to_array(weight).astype(np.float32))
        for weight in onnx.load(str(folder / file)).graph.initializer
    }
    state = net.state_dict()
    if lacking := [name for name in state if name not in stored]:
        raise ModelError(f"{folder / file}: lacks the weights {lacking[0]}; install the model again.")
    net.load_state_dict({name: stored[name] for name in state})
    return net


def backbone_reference() -> BackboneReference:
    """Id and sha256 of the bundled backbone, for the card of a head."""
    folder, card = find_model("backbone", "backbone")
    (file,) = card.files
    return BackboneReference(card.id, sha256_of(folder / file))


def load_prior(name: str) -> tuple[DiffPrior, PriorCard]:
    """The network of a model of kind prior: an id or a folder. Raises ModelError."""
    folder, card = find_model(name, "prior")
    net = DiffPrior(card.bands, PriorSize(card.unshuffle, card.widths, card.blocks))
    net.load_state_dict(load_file(folder / PRIOR_WEIGHTS))
    return net.eval(), card


class Probabilities(nn.Module):
    """What is exported: calibrated probabilities at full resolution, (N, classes, H, W).

    `inner` computes logits from the inputs. They are enlarged by the factor `scale` to full resolution.
    """

    def __init__(self, inner: nn.Module, scale: float, temperature: float) -> None:
        super().__init__()
        self.inner, self.scale, self.temperature = inner, scale, temperature

    def forward(self, *inputs: Tensor) -> Tensor:
        logits = self.inner(*inputs) / self.temperature
        return F.interpolate(logits, scale_factor=self.scale, mode="bilinear", align_corners=False).softmax(1)


def noise_channels(net: nn.Module) -> int:
    """Channels of noise that a network reads beside the image."""
    return int(getattr(net, "noise_channels", 0))


def pretrained_part(net: nn.Module) -> nn.Module | None:
    """The layers that begin with learned weights, and learn more slowly; None if there are none."""
    return net.backbone if isinstance(net, BackboneNet) else None
