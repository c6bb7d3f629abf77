"""Export of trained networks to ONNX, with weights stored in half precision and a check against torch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from idgbr.models.card import CARD_NAME, sha256_of
from idgbr.refiner.neighbours import RELATED
from idgbr.training.calibrate import BAND_WIDTH, STEPS, MarginTables
from idgbr.training.loop import CPU, hardware
from idgbr.training.networks import FirstStep, RefinerNet
from idgbr.training.train_refiner import GSD_RANGE_M as REFINER_GSD_RANGE_M

Net = TypeVar("Net", bound=nn.Module)
OPSET = 18
REFINER_TILE = {"tile": 1024, "halo": 64}
#: Largest difference of any output that half-precision weights may cause.
TOLERANCE = 0.02


def fold_batch_norm(net: Net) -> Net:
    """Fold each batch normalization into the convolution before it, in place; the network must be in eval mode."""
    for module in net.modules():
        if isinstance(module, nn.Sequential):
            names = list(module._modules)
            for first, second in pairwise(names):
                conv, norm = module._modules[first], module._modules[second]
                if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                    module._modules[first] = fuse_conv_bn_eval(conv, norm)
                    module._modules[second] = nn.Identity()
    return net


def store_half(model: onnx.ModelProto, *, depthwise: bool = False) -> None:
    """Store float weights as float16 with a cast in front, in place: half the size, still computed in fp32.

    Depthwise kernels stay as they are unless `depthwise`: with folded normalization most of the error comes from them.
    """
    casts = []
    for weight in model.graph.initializer:
        exact = not depthwise and len(weight.dims) == 4 and weight.dims[1] == 1
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) < 64 or exact:
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)


def export_graph(
    net: nn.Module, path: Path, inputs: dict[str, Tensor], outputs: Sequence[str], strides: dict[str, int],
    *, depthwise: bool = False,
) -> float:  # fmt: skip
    """Export with dynamic tile sides; returns the largest difference to torch. `strides` are those of the inputs.

    With `depthwise`, depthwise kernels are stored in half precision, too.

    Raises RuntimeError if ONNX Runtime and torch differ by more than `TOLERANCE` on another tile size than the traced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    axes = {
        name: {2: f"height{strides[name]}", 3: f"width{strides[name]}"} for name in inputs if inputs[name].dim() == 4
    }
    net.eval()
    torch.onnx.export(
        net, tuple(inputs.values()), str(path), input_names=list(inputs), output_names=list(outputs),
        dynamic_axes=axes, opset_version=OPSET, dynamo=False,
    )  # fmt: skip
    model = onnx.load(str(path))
    store_half(model, depthwise=depthwise)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    larger = {n: torch.cat([t, t], 3) if t.dim() == 4 else t for n, t in inputs.items()}
    with torch.inference_mode():
        expected = net(*larger.values())
    expected = [expected] if isinstance(expected, Tensor) else list(expected)
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    got = session.run(None, {n: t.numpy() for n, t in larger.items()})
    worst = max(
        float(np.abs(g - e.numpy()).max() / max(1.0, float(e.abs().max()))) for g, e in zip(got, expected, strict=True)
    )
    if worst > TOLERANCE:
        raise RuntimeError(f"{path}: the exported graph differs from torch by {worst:.3g}")
    return worst


def export_refiner(
    run: Path, models: Path, margins: MarginTables, *, bands: int = 3,
    card: Mapping[str, Any] | None = None, training: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Export the refiner of a run folder: a graph of the first step, and two graphs for further steps.

    The latter are the guidance, run once per tile, and the denoiser. `card` and `training` replace fields of the card
    and of its record of the training.
    """
    net = RefinerNet(bands)
    net.load_state_dict(load_file(run / "refiner.safetensors"))
    fold_batch_norm(net.eval())
    folder = models / "refiner"
    image, related, certainty = (torch.rand(1, n, 128, 128) for n in (bands, len(RELATED), 1))
    condition = {"image": image, "related": related, "certainty": certainty}
    with torch.inference_mode():
        guidance2, guidance4 = net.guidance(*condition.values())
    step = {"state": related, "time": torch.tensor([0.5]), "guidance2": guidance2, "guidance4": guidance4}
    full = dict.fromkeys(condition, 1)
    worst = max(
        export_graph(FirstStep(net), folder / "first.onnx", condition, ["weights"], full),
        export_graph(net.guidance, folder / "guidance.onnx", condition, ["guidance2", "guidance4"], full),
        export_graph(
            net.denoiser, folder / "denoiser.onnx", step, ["weights"], {"state": 1, "guidance2": 2, "guidance4": 4}
        ),
    )
    fields = {
        "id": "refiner", "kind": "refiner", "title": "Boundary refiner", "classes": [], "bands": bands,
        "gsd_range_m": REFINER_GSD_RANGE_M, **REFINER_TILE, "scaling": {"kind": "unit"}, "steps": STEPS,
        "margins": margins, "band_width": BAND_WIDTH, "export_difference": worst,
        "training": training_record(run, "refiner", LABELLED | UNLABELLED) | dict(training or {}),
    }  # fmt: skip
    write_card(folder, ["first.onnx", "guidance.onnx", "denoiser.onnx"], **fields | dict(card or {}))


LABELLED = {
    "buildings_oam_drone (Banepa, Kampala, Nairobi)": "OpenAerialMap CC BY 4.0; OpenStreetMap ODbL 1.0",
    "buildings_spacenet1_rio": "SpaceNet 1, CC BY-SA 4.0",
    "landcover_dubai_hitl (tiles 1, 2, 3, 4, 8)": "Humans in the Loop and MBRSC, CC0 1.0",
    "procedural scenes": "generated by idgbr.scenes",
}
UNLABELLED = {
    "ortho_unlabelled, without labels": "NEON CC0; OpenAerialMap CC BY 4.0; NGI South Africa, with attribution",
}


def training_record(run: Path, name: str, data: Mapping[str, str]) -> dict[str, Any]:
    """The training record of the card: steps and time from the log, data and their licences, machine."""
    logs = [path for path in (run / f"{name}_start.csv", run / f"{name}.csv") if path.exists()]
    last = [path.read_text().split()[-1].split(",") for path in logs]
    return {
        "steps": sum(int(row[0]) for row in last),
        "minutes": round(sum(float(row[2]) for row in last) / 60, 1),
        "hardware": hardware(CPU),
        "data": dict(data),
        "command": "idgbr train-bundled --data DATA",
    }


def write_card(folder: Path, files: Sequence[str], **fields: Any) -> None:
    """Write `model.json`, keeping measured accuracy that an earlier card of the same weights held."""
    card = {
        "version": "1",
        "license": "CC BY-SA 4.0 (weights; see training data)",
        **fields,
        "files": {name: sha256_of(folder / name) for name in files},
    }
    (folder / CARD_NAME).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
