"""Writes the model folder of a full training: the graph, held against torch, the card, and the curve."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from idgbr.classes import ClassInfo, classes_to_json
from idgbr.training.architectures import BackboneNet, Probabilities, backbone_reference, noise_channels
from idgbr.training.backbone import WIDTHS
from idgbr.training.export import export_graph, fold_batch_norm, write_card
from idgbr.training.export_backbone import TILE as BACKBONE_TILE
from idgbr.training.train_segment import LOOKS

#: Side of a tile with its context, and width of that context, px, of networks other than the backbone.
TILE = {"tile": 1024, "halo": 128}
#: Side of the tiles that the export is traced with.
_TRACED = 128


def write_segmenter(
    net: nn.Module, folder: Path, *, model_id: str, classes: Sequence[ClassInfo], bands: int, temperature: float,
    run: Path, card: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write a trained network as the coarse model `model_id` into `folder`; `card` are further fields of the card.

    Raises RuntimeError if the graph differs from torch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    net = fold_batch_norm(net.eval())
    path, scale = folder / "model.onnx", float(net.stride)  # type: ignore[arg-type]
    fields: dict[str, Any] = dict(TILE)
    image = torch.rand(1, bands, _TRACED, _TRACED)
    if isinstance(net, BackboneNet):
        fields = dict(BACKBONE_TILE)
    if isinstance(net, BackboneNet) and net.frozen:
        path = folder / "head.onnx"
        fields["backbone"] = backbone_reference()
        features = torch.rand(1, WIDTHS[0], _TRACED, _TRACED)
        inputs, strides, graph = {"features2": features}, {"features2": 2}, Probabilities(net.head, scale, temperature)
    elif channels := noise_channels(net):
        fields["noise_channels"] = channels
        inputs = {"image": image, "noise": torch.randn(1, channels, _TRACED, _TRACED)}
        strides, graph = dict.fromkeys(inputs, 1), Probabilities(net, scale, temperature)
    else:
        inputs, strides, graph = {"image": image}, {"image": 1}, Probabilities(net, scale, temperature)
    worst = export_graph(graph, path, inputs, ["scores"], strides)
    for name in ("segment.csv", LOOKS):
        if (run / name).exists():
            shutil.copyfile(run / name, folder / {LOOKS: "validation.csv"}.get(name, "training.csv"))
    write_card(
        folder, [path.name], id=model_id, kind="coarse", title=model_id,
        classes=json.loads(classes_to_json(classes)), bands=bands, scaling={"kind": "unit"}, export_difference=worst,
        **{"license": "as that of the training data", **fields, **card},
    )  # fmt: skip
