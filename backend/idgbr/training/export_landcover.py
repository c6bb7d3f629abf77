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
from idgbr.training.export import LABELLED, export_graph, fold_batch_norm, training_record, write_card
from idgbr.training.export_backbone import GSD_RANGES_M, IMAGENET, TILE
from idgbr.training.export_backbone import LABELLED as BACKBONE_LABELLED
from idgbr.training.export_backbone import UNLABELLED as BACKBONE_UNLABELLED
from idgbr.training.places import LANDCOVER

NAME = "landcover"
#: All tiles with open terms but the test tile; the backbone that it starts from learned from further sets.
_LABELLED = BACKBONE_LABELLED | {"landcover_dubai_hitl (tiles 1, 2, 3, 4, 8)": LABELLED[
    "landcover_dubai_hitl (tiles 1, 2, 3, 4, 8)"
]}  # fmt: skip


def export_landcover(run: Path, models: Path, net: MultiTaskNet, calibration: Mapping[str, Any]) -> None:
    """Export `net` into the folder `landcover` of `models`, with the `temperature` of its calibration.

    The fields of the calibration go into the card. Raises RuntimeError if the graph differs from torch.
    """
    folder = models / NAME
    graph = Probabilities(TaskNet(fold_batch_norm(net.eval()), NAME), 2.0, float(calibration.get("temperature", 1)))
    worst = export_graph(graph, folder / "model.onnx", {"image": torch.rand(1, 3, 256, 256)}, ["scores"], {"image": 1})
    (folder / "head.onnx").unlink(missing_ok=True)
    labelled = {name: terms for name, terms in _LABELLED.items() if "tiles 1, 2, 4, 8" not in name}
    record = training_record(run, NAME, labelled | BACKBONE_UNLABELLED) | {
        "started from": {"the backbone": "with its data and terms"} | IMAGENET,
        "chosen and calibrated on": ["Dubai: tile 3, with weights trained without it"],
    }
    write_card(
        folder, ["model.onnx"],
        id=NAME, kind="coarse", title="Land cover", classes=json.loads(classes_to_json(LANDCOVER)), bands=3,
        gsd_range_m=GSD_RANGES_M[NAME], **TILE, scaling={"kind": "unit"}, calibration=dict(calibration),
        export_difference=worst, training=record,
    )  # fmt: skip
