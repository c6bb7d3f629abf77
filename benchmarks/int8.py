"""Whether 8-bit integers pay for the bundled building network on CPUs: accuracy, processor time and size.

    python benchmarks/int8.py --data DATA [--recipes minmax entropy ...] [--seed 1] [--repeats 15] [--work FOLDER]

Backbone and head are joined, quantized with the tools of ONNX Runtime after calibration on tiles of training places,
and compared with the same network in fp32 and bfloat16, in both engines. Scores are of the places that choose and
calibrate models (`idgbr.training.backbone_data`). OpenVINO runs with bfloat16, and without it as on a
processor that lacks it. Such a processor may lack VNNI too: `ONEDNN_MAX_CPU_ISA=AVX2` shows OpenVINO without both.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, NamedTuple

import numpy as np
import onnx
import onnxruntime as ort
import openvino
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from idgbr.engines.joined import PREFIX, joined
from idgbr.evaluation.metrics import PlaceScores, class_iou
from idgbr.models.backbone import backbone_file
from idgbr.models.card import CoarseCard, read_card
from idgbr.models.registry import find_model
from idgbr.training.backbone_data import load_places
from idgbr.training.places import Place
from idgbr.training.sampling import sample_crop
from idgbr.training.train_backbone import JUDGED_GSD_M, truth_of
from idgbr.training.train_coarse import place_probabilities

INPUT, SCORES = f"{PREFIX}image", "scores"
#: Tiles that calibrate, and their side; side of the timed tile (px).
CALIBRATION_TILES, CALIBRATION_PX, TIMED_PX = 30, 384, 512
#: Ground sample distances (m) of the tiles that calibrate.
GSD_RANGE_M = (0.1, 1.0)

#: Runs a network on an image (1, 3, H, W) float32 in 0…1; class probabilities (1, 2, H, W).
Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]
Classes = Sequence[NDArray[np.uint8]]


class Recipe(NamedTuple):
    """How a network is quantized: how ranges of activations are found, what stays in fp32, and the integers."""

    ranges: CalibrationMethod
    in_fp32: tuple[str, ...] = ()
    per_channel: bool = True
    activations: QuantType = QuantType.QUInt8
    reduced: bool = False


RECIPES = {  # signed activations and 7 bits are for processors without VNNI
    "minmax": Recipe(CalibrationMethod.MinMax),
    "minmax, per tensor": Recipe(CalibrationMethod.MinMax, per_channel=False),
    "minmax, signed": Recipe(CalibrationMethod.MinMax, activations=QuantType.QInt8),
    "minmax, 7 bits": Recipe(CalibrationMethod.MinMax, reduced=True),
    "percentile": Recipe(CalibrationMethod.Percentile),
    "entropy": Recipe(CalibrationMethod.Entropy),
    "entropy, 7 bits": Recipe(CalibrationMethod.Entropy, reduced=True),
    "entropy, ends in fp32": Recipe(CalibrationMethod.Entropy, ("stem", "head")),
    "entropy, depthwise in fp32": Recipe(CalibrationMethod.Entropy, ("depthwise",)),
    "entropy, ends and decoder in fp32": Recipe(CalibrationMethod.Entropy, ("stem", "head", "decoder")),
}


class Feeds(CalibrationDataReader):  # type: ignore[misc]
    """Inputs that calibrate, in ranges, so that the activations of one run at a time are in memory."""

    def __init__(self, feeds: Sequence[Mapping[str, NDArray[Any]]]) -> None:
        self._feeds = list(feeds)
        self._left = iter(self._feeds)

    def __len__(self) -> int:
        return len(self._feeds)

    def set_range(self, start_index: int, end_index: int) -> None:
        """Give only these."""
        self._left = iter(self._feeds[start_index:end_index])

    def get_next(self) -> Mapping[str, NDArray[Any]] | None:
        """The inputs of the next run; None at the end."""
        return next(self._left, None)


def calibration_tiles(places: Sequence[Place], seed: int) -> list[NDArray[np.float32]]:
    """Tiles (1, 3, H, W) in 0…1 of training places, from each data set in turn."""
    training = [place for place in places if not place.calibration]
    pools = [[p for p in training if p.dataset == name] for name in dict.fromkeys(p.dataset for p in training)]
    rng = np.random.default_rng(seed)
    tiles = []
    for number in range(CALIBRATION_TILES):
        pool = pools[number % len(pools)]
        crop = sample_crop(pool[int(rng.integers(len(pool)))], CALIBRATION_PX, rng, gsd_range=GSD_RANGE_M)
        tiles.append(as_input(crop.image))
    return tiles


def as_input(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """An image (H, W, 3) as the input of the network, (1, 3, H, W) in 0…1."""
    return np.ascontiguousarray(image.transpose(2, 0, 1)[None] / np.float32(255), np.float32)


def part_of(node: onnx.NodeProto) -> str:
    """The part of the network that a node belongs to: stem, depthwise, encoder, decoder or head."""
    if any(attribute.name == "group" and attribute.i > 1 for attribute in node.attribute):
        return "depthwise"
    if not node.name.startswith(PREFIX):
        return "head"
    if "/encoder/" not in node.name:
        return "decoder"
    return "encoder" if "/groups." in node.name else "stem"  # the scaling of colours is in the stem


def fold(model: Path, out: Path) -> None:
    """Write a network with weights in fp32, and with one entry for its operators, as the quantizer wants it."""
    quant_pre_process(model, out, skip_symbolic_shape=True)
    network = onnx.load(str(out))
    (version,) = {used.version for used in network.opset_import if not used.domain}
    del network.opset_import[:]
    network.opset_import.append(onnx.helper.make_opsetid("", version))
    onnx.save(network, str(out))


def quantized(model: Path, recipe: Recipe, tiles: Sequence[NDArray[np.float32]], out: Path) -> None:
    """Write the network `model`, whose constants are folded, as `recipe` says. Ranges are kept beside `out`."""
    network = onnx.load(str(model))
    quantize_static(
        network, out, Feeds([{INPUT: tile} for tile in tiles]),
        per_channel=recipe.per_channel, reduce_range=recipe.reduced,
        activation_type=recipe.activations, weight_type=QuantType.QInt8, calibrate_method=recipe.ranges,
        nodes_to_exclude=[node.name for node in network.graph.node if part_of(node) in recipe.in_fp32],
        calibration_cache_path=out.with_name(f"{recipe.ranges.name}.json"), extra_options={"CalibStridedMinMax": 1},
    )  # fmt: skip


def in_onnxruntime(model: Path) -> Run:
    """The network in ONNX Runtime, one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return lambda image: np.asarray(session.run([SCORES], {INPUT: image})[0], np.float32)


def in_openvino(model: Path, precision: str) -> Run:
    """The network in OpenVINO, one thread; `precision` is "f32" or "bf16", for what is not quantized."""
    settings: dict[str, Any] = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": precision}
    compiled = openvino.Core().compile_model(str(model), "CPU", {"PERFORMANCE_HINT": "LATENCY", **settings})
    return lambda image: np.array(compiled({INPUT: image})[0], np.float32)


class AsNet(nn.Module):
    """A running network as one of torch, which gives the logarithm of its probabilities."""

    stride = 1

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def forward(self, image: Tensor) -> Tensor:
        """Logits (1, 2, H, W) of an image (1, 3, H, W)."""
        return torch.from_numpy(self._run(np.ascontiguousarray(image.numpy()))).clamp_min(1e-9).log()


def classes_of(run: Run, places: Sequence[Place]) -> list[NDArray[np.uint8]]:
    """Classes (h, w) of each place."""
    probabilities = (place_probabilities(AsNet(run), place, max(JUDGED_GSD_M, place.gsd_m)) for place in places)
    return [found.argmax(2).astype(np.uint8) for found in probabilities]


def cells_of(found: Classes, exact: Classes, places: Sequence[Place]) -> list[str]:
    """For each data set: IoU and boundary F at 2 px of buildings, and the per cent of pixels unlike `exact`."""
    cells = []
    for name in dict.fromkeys(place.dataset for place in places):
        scores, unlike, pixels = PlaceScores(2), 0, 0
        for place, classes, wanted in zip(places, found, exact, strict=True):
            if place.dataset == name:
                scores.add(classes, truth_of(place, classes.shape))
                unlike += int((classes != wanted).sum())
                pixels += classes.size
        iou, f2 = float(class_iou(scores.counts)[1]), scores.boundaries[2].mean_f_score([1])
        cells.append(f"{iou:.4f}, {f2:.4f}, {100 * unlike / pixels:.2f}")
    return cells


def seconds_of(runs: Mapping[str, Callable[[Any], object]], tile: Any, repeats: int) -> dict[str, float]:
    """Median processor seconds of each network for a tile, in turns, after one run to warm up."""
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats + 1):
        for name, run in runs.items():
            before = process_time()
            run(tile)
            spent[name].append(process_time() - before)
    return {name: median(times[1:]) for name, times in spent.items()}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--recipes", nargs="*", choices=RECIPES, default=list(RECIPES), help="ways to quantize")
    parser.add_argument("--repeats", type=int, default=15, help="timed runs of each network")
    parser.add_argument("--seed", type=int, default=1, help="of the tiles that calibrate")
    parser.add_argument(
        "--work", type=Path, help="folder that keeps networks and ranges, of one seed; default: a temporary one"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = arguments.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        compare(arguments.data, arguments.recipes, arguments.repeats, work, arguments.seed)


def compare(data: Path, recipes: Sequence[str], repeats: int, work: Path, seed: int) -> None:
    """Print the table."""
    torch.set_num_threads(1)
    places = load_places(data)
    held_out = [place for place in places if place.calibration and not place.full_labels]
    tiles = calibration_tiles(places, seed)
    folder, _ = find_model("buildings", "coarse")
    card = read_card(folder)
    assert isinstance(card, CoarseCard)
    backbone = backbone_file(card)
    assert backbone is not None
    stored, folded = work / "joined.onnx", work / "fp32.onnx"
    stored.write_bytes(joined(backbone, folder / "head.onnx", [SCORES]))
    fold(stored, folded)
    runs = {
        "fp32, ONNX Runtime": in_onnxruntime(stored),
        "fp32, OpenVINO": in_openvino(stored, "f32"),
        "bf16, OpenVINO": in_openvino(stored, "bf16"),
    }
    files = dict.fromkeys(runs, stored)
    for name in recipes:
        path = work / f"{name.replace(', ', '_').replace(' ', '-')}.onnx"
        quantized(folded, RECIPES[name], tiles, path)
        more = {
            f"int8, ONNX Runtime, {name}": in_onnxruntime(path),
            f"int8, OpenVINO, {name}": in_openvino(path, "f32"),
            f"int8 and bf16, OpenVINO, {name}": in_openvino(path, "bf16"),
        }
        runs |= more
        files |= dict.fromkeys(more, path)
    kampala = next(place for place in held_out if min(place.labels.shape) >= TIMED_PX)
    seconds = seconds_of(runs, as_input(kampala.levels[0][:TIMED_PX, :TIMED_PX]), repeats)
    names = dict.fromkeys(place.dataset for place in held_out)
    print(f"| network | {' | '.join(f'{name}: IoU, F 2 px, % unlike fp32' for name in names)} | processor s | KiB |")
    print("|---|" + "---|" * (len(names) + 2))
    exact = classes_of(runs["fp32, ONNX Runtime"], held_out)
    for name, run in runs.items():
        cells = cells_of(classes_of(run, held_out), exact, held_out)
        size = files[name].stat().st_size >> 10
        print(f"| {name} | {' | '.join(cells)} | {seconds[name]:.3f} | {size} |", flush=True)


if __name__ == "__main__":
    main()
