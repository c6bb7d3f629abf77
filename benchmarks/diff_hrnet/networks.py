"""The networks that are compared: HRNet, and HRNet with four kinds of frozen features through the same fusion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from idgbr.monitor import Monitor
from idgbr.training.diff_hrnet import DiffHRNet, ImageNetTap
from idgbr.training.diff_prior import DiffPrior, PriorSize, PriorTap, without_untrained_taps
from idgbr.training.hrnet import HRNet
from idgbr.training.labels import IGNORE
from idgbr.training.lite0 import EfficientNetLite0, load_imagenet
from idgbr.training.own_rasters import blocks_of
from idgbr.training.places import Place
from idgbr.training.pretrain_run import BEST, PretrainConfig, train_prior

#: What is compared, in the order of the table.
ARMS = {
    "hrnet": "HRNet only",
    "random": "random frozen prior",
    "other": "prior from other imagery",
    "own": "prior from this imagery",
    "imagenet": "ImageNet backbone",
}
#: HRNet-W18-small: a module in each stage, two blocks in each branch; 2.1 M parameters, a fifth of the work of W18.
WIDTH, MODULES, BLOCKS = 18, (1, 1, 1), 2
#: Half the channels of the size `cpu`; 1.9 M parameters.
PRIOR_SIZE = PriorSize(4, (32, 64, 96, 128), 1)
CROP = 128


def build(arm: str, classes: int, seed: int, priors: Path) -> nn.Module:
    """The network of an arm; HRNet begins with the same weights in all arms of a seed."""
    torch.manual_seed(seed)
    net = HRNet(3, classes, WIDTH, MODULES, BLOCKS)
    if arm == "hrnet":
        return net
    if arm == "imagenet":
        encoder = EfficientNetLite0()
        load_imagenet(encoder)
        return DiffHRNet(net, ImageNetTap(encoder))
    prior = DiffPrior(3, PRIOR_SIZE)
    if arm == "random":
        for module in prior.modules():
            # Layers that begin at zero would leave nearly nothing of the network.
            if isinstance(module, nn.Conv2d) and not module.weight.any():
                module.reset_parameters()
    else:
        prior.load_state_dict(load_file(priors / f"{arm}.safetensors"))
    return DiffHRNet(net, PriorTap(prior))


def make_prior(places: Sequence[Place], arm: str, steps: int, batch: int, priors: Path) -> None:
    """Pre-train the prior of an arm on images, or resume it; nothing if it is there."""
    weights = priors / f"{arm}.safetensors"
    if weights.exists():
        return
    config = PretrainConfig(steps=steps, batch=batch, crop=CROP)
    torch.manual_seed(config.seed)
    blocks = [block for number, place in enumerate(places) for block in blocks_of(place, number)]
    blocks = [b for b in blocks if (places[b.raster].labels[b.window] != IGNORE).mean() > 0.5]
    held, run = blocks[::20], priors / f"{arm}.run"
    for number in range(len(places)):
        (run / f"raster{number}").mkdir(parents=True, exist_ok=True)
    net = DiffPrior(3, PRIOR_SIZE)
    kept = [block for block in blocks if block not in set(held)]
    train_prior(net, places, kept, held, config, run, torch.device("cpu"), Monitor())
    net.load_state_dict(load_file(run / BEST))
    save_file({n: v.contiguous() for n, v in without_untrained_taps(net, CROP).state_dict().items()}, weights)
