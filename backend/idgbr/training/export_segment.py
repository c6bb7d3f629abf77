"""Writes the model folder of a full training: the graph, held against torch, the card, and the curve."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from idgbr.models.card import CoarseCard, sha256_of, write_card
from idgbr.models.coarse import NOISE_INPUT
from idgbr.training.architectures import BackboneNet, Probabilities, backbone_reference, noise_channels
from idgbr.training.backbone import WIDTHS
from idgbr.training.diff_hrnet import DiffHRNet
from idgbr.training.export import export_graph, fold_batch_norm
from idgbr.training.export_backbone import TILE as BACKBONE_TILE
from idgbr.training.hrnet import HRNet
from idgbr.training.train_segment import LOOKS, LOSSES

#: Side of a tile with its context, and width of that context, px, of HRNet, which takes more memory.
HRNET_TILE = {"tile": 1536, "halo": BACKBONE_TILE["halo"]}
#: Side of the tiles that the export is traced with.
_TRACED = 128


def write_segmenter(net: nn.Module, folder: Path, card: CoarseCard, temperature: float, run: Path) -> CoarseCard:
    """Write a trained network as a coarse model into `folder`; returns its card, `card` with what the graph needs.

    Curves come from the folder `run`. Raises RuntimeError if the graph differs from torch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    net = fold_batch_norm(net.eval())
    path, scale = folder / "model.onnx", float(net.stride)  # type: ignore[arg-type]
    image = torch.rand(1, card.bands, _TRACED, _TRACED)
    inputs, graph = {"image": image}, Probabilities(net, scale, temperature)
    tile = HRNET_TILE if isinstance(net, HRNet | DiffHRNet) else BACKBONE_TILE
    card = replace(card, tile=tile["tile"], halo=tile["halo"])
    if isinstance(net, BackboneNet) and net.frozen:
        path = folder / "head.onnx"
        card = replace(card, backbone=backbone_reference())
        inputs = {"features2": torch.rand(1, WIDTHS[0], _TRACED, _TRACED)}
        graph = Probabilities(net.head, scale, temperature)
    elif channels := noise_channels(net):
        card = replace(card, noise_channels=channels)
        inputs[NOISE_INPUT] = torch.randn(1, channels, _TRACED, _TRACED)
    strides = {name: 2 if name == "features2" else 1 for name in inputs}
    worst = export_graph(graph, path, inputs, ["scores"], strides)
    for name, kept in ((LOSSES, "training.csv"), (LOOKS, "validation.csv")):
        if (run / name).exists():
            shutil.copyfile(run / name, folder / kept)
    card = replace(
        card, files={path.name: sha256_of(path)}, license=card.license or "as that of the training data",
        further={**card.further, "export_difference": worst},
    )  # fmt: skip
    write_card(folder, card)
    return card
