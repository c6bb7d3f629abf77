"""Writes the model `landcover`, a network of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from idgbr.classes import classes_to_json
from idgbr.scenes import make_scene
from idgbr.training.architectures import Probabilities
from idgbr.training.backbone import MultiTaskNet, TaskNet
from idgbr.training.export import export_graph, fold_batch_norm, training_record, write_card
from idgbr.training.export_backbone import GSD_RANGES_M, IMAGENET, LABELLED, TILE, UNLABELLED
from idgbr.training.places import LANDCOVER as CLASSES

#: The model, and its training in a run folder.
LANDCOVER = "landcover"


def export_landcover(run: Path, models: Path, net: MultiTaskNet, calibration: Mapping[str, Any]) -> None:
    """Export `net` into the folder `landcover` of `models`, with the `temperature` of its calibration.

    The fields of the calibration go into the card. Raises RuntimeError if the graph differs from torch.
    """
    folder = models / LANDCOVER
    graph = Probabilities(
        TaskNet(fold_batch_norm(net.eval()), LANDCOVER), 2.0, float(calibration.get("temperature", 1))
    )
    scene = torch.from_numpy(make_scene(256, 256, gsd_m=0.5, seed=1).image[None]).float() / 255
    # In half precision throughout, all models together stay below 20 MB.
    worst = export_graph(graph, folder / "model.onnx", {"image": scene}, ["scores"], {"image": 1}, depthwise=True)
    (folder / "head.onnx").unlink(missing_ok=True)
    seen = {name: terms for name, terms in UNLABELLED.items() if not name.startswith(("pools", "naip"))}
    data = LABELLED | {"naip_california_pairs, vegetation told by infrared": "USDA NAIP, public domain"} | seen
    record = training_record(run, LANDCOVER, data) | {
        "started from": {"backbone": "weights of the model `backbone`"} | IMAGENET,
        "chosen and calibrated on": ["Dubai: tile 3", "NAIP: vegetation in Santa Monica"],
    }
    write_card(
        folder, ["model.onnx"],
        id=LANDCOVER, kind="coarse", title="Land cover", classes=json.loads(classes_to_json(CLASSES)), bands=3,
        gsd_range_m=GSD_RANGES_M[LANDCOVER], **TILE, scaling={"kind": "unit"}, calibration=dict(calibration),
        export_difference=worst, training=record,
    )  # fmt: skip
