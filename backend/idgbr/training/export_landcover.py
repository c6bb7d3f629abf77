"""Writes the model `landcover`, a network of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from idgbr.classes import classes_to_json
from idgbr.training.architectures import Probabilities
from idgbr.training.backbone import MultiTaskNet, TaskNet
from idgbr.training.export import export_graph, fold_batch_norm, training_record, write_card
from idgbr.training.export_backbone import GSD_RANGES_M, IMAGENET, LABELLED, TILE, UNLABELLED
from idgbr.training.places import LANDCOVER

NAME = "landcover"


def export_landcover(run: Path, models: Path, net: MultiTaskNet, calibration: Mapping[str, Any]) -> None:
    """Export `net` into the folder `landcover` of `models`, with the `temperature` of its calibration.

    The fields of the calibration go into the card. Raises RuntimeError if the graph differs from torch.
    """
    folder = models / NAME
    graph = Probabilities(TaskNet(fold_batch_norm(net.eval()), NAME), 2.0, float(calibration.get("temperature", 1)))
    worst = export_graph(graph, folder / "model.onnx", {"image": torch.rand(1, 3, 256, 256)}, ["scores"], {"image": 1})
    (folder / "head.onnx").unlink(missing_ok=True)
    record = training_record(run, NAME, LABELLED | UNLABELLED) | {
        "started from": {"backbone": "weights of the model `backbone`"} | IMAGENET,
        "calibrated on": ["Dubai: tile 3"],
    }
    write_card(
        folder, ["model.onnx"],
        id=NAME, kind="coarse", title="Land cover", classes=json.loads(classes_to_json(LANDCOVER)), bands=3,
        gsd_range_m=GSD_RANGES_M[NAME], **TILE, scaling={"kind": "unit"}, calibration=dict(calibration),
        export_difference=worst, training=record,
    )  # fmt: skip
