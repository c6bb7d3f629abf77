"""Export of the refiner that reads the backbone: the first step with its guidance, and the denoiser of further ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
from safetensors.torch import load_file

from idgbr.errors import ModelError
from idgbr.models.card import read_card
from idgbr.refiner.guided import FEATURES as FEATURE_NAMES
from idgbr.refiner.guided import GUIDANCE
from idgbr.refiner.neighbours import RELATED
from idgbr.training.calibrate import BAND_WIDTH, STEPS
from idgbr.training.export import TOLERANCE, export_graph, fold_batch_norm, training_record, write_card
from idgbr.training.export_backbone import CALIBRATION, IMAGENET, LABELLED, STRIDES, UNLABELLED
from idgbr.training.guided_networks import FEATURES, FirstGraph, GuidedRefiner
from idgbr.training.guided_places import GSD_RANGE_M, frozen_backbone

#: Side of a tile with its context, and width of that context (px).
TILE = {"tile": 1536, "halo": 128}


def export_guided(run: Path, models: Path, calibration: Mapping[str, Any], name: str = "refiner") -> None:
    """Write the model `refiner` of a run folder's best weights; `models` holds the backbone that it reads.

    `calibration` gives the fields `margins` and `acceptance` of the card. Raises ModelError if the backbone is missing
    or is not the one that the refiner was trained on.
    """
    sha256 = _same_backbone(run, models / "backbone")
    net = GuidedRefiner()
    net.load_state_dict(load_file(run / f"{name}.best.safetensors"))
    fold_batch_norm(net.eval())
    folder = models / "refiner"
    side = 128
    image, related, certainty = (torch.rand(1, n, side, side) for n in (3, len(RELATED), 1))
    condition = {"image": image, "related": related, "certainty": certainty, "scale": torch.tensor([0.5])}
    strides = dict.fromkeys(("image", "related", "certainty"), 1)
    for feature, channels, stride in zip(FEATURE_NAMES, FEATURES, STRIDES, strict=True):
        condition[feature], strides[feature] = torch.rand(1, channels, side // stride, side // stride), stride
    with torch.inference_mode():
        guidance = net.guidance(*condition.values())
    step = {"state": related, "time": torch.tensor([0.5]), **dict(zip(GUIDANCE, guidance, strict=True))}
    worst = max(
        export_graph(FirstGraph(net), folder / "first.onnx", condition, ["weights", *GUIDANCE], strides),
        export_graph(
            net.denoiser, folder / "denoiser.onnx", step, ["weights"], {"state": 1, "guidance2": 2, "guidance4": 4}
        ),
    )  # fmt: skip
    (folder / "guidance.onnx").unlink(missing_ok=True)
    record = training_record(run, name, LABELLED | UNLABELLED) | {
        "started from": IMAGENET,
        "chosen and calibrated on": CALIBRATION,
    }
    write_card(
        folder, ["first.onnx", "denoiser.onnx"],
        id="refiner", kind="refiner", title="Boundary refiner", version="2", classes=[], bands=3,
        gsd_range_m=GSD_RANGE_M, **TILE, scaling={"kind": "unit"}, steps=STEPS, process="flow",
        backbone={"id": "backbone", "sha256": sha256}, band_width=BAND_WIDTH, **calibration, export_difference=worst,
        training=record,
    )  # fmt: skip


def _same_backbone(run: Path, folder: Path) -> str:
    """The sha256 of the exported backbone. Raises ModelError if its features differ from those of the run's."""
    (file, sha256), *_ = read_card(folder).files.items()
    image = torch.rand(1, 3, 128, 128, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = frozen_backbone(run)(image)
    session = ort.InferenceSession(str(folder / file), providers=["CPUExecutionProvider"])
    got = session.run(list(FEATURE_NAMES), {session.get_inputs()[0].name: image.numpy()})
    for one, other in zip(got, expected, strict=True):
        if float(np.abs(one - other.numpy()).max()) > TOLERANCE * max(1.0, float(other.abs().max())):
            raise ModelError(
                f"{folder / file}: not the backbone that the refiner in {run} was trained on; export that one."
            )
    return sha256
