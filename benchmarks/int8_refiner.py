"""Whether 8-bit integers pay for the bundled refiner on CPUs: accuracy, processor time and size.

    python -m benchmarks.int8_refiner --data DATA [--repeats 9]

Both networks of the default refinement, guidance and denoiser, are quantized after calibration on what they read in
jobs on training places, and take part in jobs on the places that choose and calibrate models (`benchmarks/int8.py`).
Coarse maps are those of `buildings` in fp32. `ONEDNN_MAX_CPU_ISA=AVX2` shows OpenVINO without VNNI.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import onnx
import openvino
import rasterio
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationMethod, QuantType, quantize_static

from benchmarks.int8 import Feeds, cells_of, fold, seconds_of
from idgbr.engines import session as engines
from idgbr.engines.devices import Device
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.refiner import refiner
from idgbr.refiner.guided import GUIDANCE, WEIGHTS
from idgbr.run import run_job
from idgbr.training.backbone_data import load_places
from idgbr.training.places import Place

NETWORKS = ("guidance", "denoiser")
#: Most training places of a data set; sides (px) of the part of an image that a job reads, of what calibrates, and of
#: the timed tile; most inputs that calibrate a network.
PLACES, JOB_PX, CALIBRATION_PX, TIMED_PX, MOST_INPUTS = 10, 1024, 384, 512, 30
#: Pixels of the image for each pixel of an input, other than 1.
STRIDES = {"guidance2": 2, "guidance4": 4}

Inputs = Mapping[str, NDArray[Any]]


class Row(NamedTuple):
    """A row of the table: the engine, its precision outside of integers, and the ending of the files, if any."""

    engine: str
    precision: str = "f32"
    ending: str = ""


ROWS = {
    "fp32, OpenVINO": Row("openvino"),
    "fp32, ONNX Runtime": Row("onnxruntime"),
    "bf16, OpenVINO": Row("openvino", "bf16"),
    "int8, OpenVINO": Row("openvino", ending="8"),
    "int8, ONNX Runtime": Row("onnxruntime", ending="8"),
    "int8 of 7 bits, OpenVINO": Row("openvino", ending="7"),
    "int8 of 7 bits, ONNX Runtime": Row("onnxruntime", ending="7"),
}


def classes_of(place: Place, folder: Path, px: int | None = None) -> NDArray[np.uint8]:
    """Refined classes (h, w) of a place, or of its upper left part of `px`."""
    image = np.moveaxis(place.levels[0][:px, :px], 2, 0)
    gsd = place.gsd_m
    with rasterio.open(
        folder / "image.tif", "w", driver="GTiff", height=image.shape[1], width=image.shape[2], count=3, dtype="uint8",
        crs="EPSG:32636", transform=rasterio.Affine(gsd, 0, 500000, 0, -gsd, 100000),
    ) as out:  # fmt: skip
        out.write(image)
    job = {
        "input": str(folder / "image.tif"), "output": str(folder / "out.fgb"), "resume": False, "device": "cpu",
        "output_classes": str(folder / "classes.tif"), "min_area": 0.0, "objects": False,
    }  # fmt: skip
    run_job("segment", job, Monitor())
    with rasterio.open(folder / "classes.tif") as source:
        found = source.read(1)
    assert found.shape == image.shape[1:]
    return np.where(found == 1, np.uint8(1), np.uint8(0))


def opened(path: Path, row: Row) -> engines.Session:
    """A network of the refiner as a row wants it, one thread."""
    if row.engine == "onnxruntime":
        return engines.OnnxRuntimeSession(path, Device("cpu", "CPU", "onnxruntime", 0), 1)
    core, hint = engines._openvino_core(), "INFERENCE_PRECISION_HINT"
    usual = core.get_property("CPU", hint)
    core.set_property("CPU", {hint: getattr(openvino.Type, row.precision)})
    try:
        return engines.OpenVinoSession(path, 1, (), (WEIGHTS, *GUIDANCE))
    finally:
        core.set_property("CPU", {hint: usual})


class Recording:
    """A session that keeps a part of what it reads, up to `CALIBRATION_PX`."""

    def __init__(self, session: engines.Session, kept: list[Inputs]) -> None:
        self.input_names, self._session, self._kept = session.input_names, session, kept

    def run(self, inputs: Inputs) -> list[NDArray[Any]]:
        """See `idgbr.engines.session.Session`."""
        self._kept.append({name: part_of(name, values, CALIBRATION_PX).copy() for name, values in inputs.items()})
        return self._session.run(inputs)


def part_of(name: str, values: NDArray[Any], px: int) -> NDArray[np.float32]:
    """The upper left part of an input, at most `px` pixels of the image, which are a multiple of 16."""
    if values.ndim < 4:
        return np.asarray(values, np.float32)
    stride = STRIDES.get(name, 1)
    height, width = (min(px, side * stride // 16 * 16) // stride for side in values.shape[2:])
    return np.asarray(values[:, :, :height, :width], np.float32)


def recorded(places: Sequence[Place], folder: Path) -> dict[str, list[Inputs]]:
    """Inputs of each network in jobs on training places."""
    kept: dict[str, list[Inputs]] = {name: [] for name in NETWORKS}
    training = [place for place in places if not place.calibration and not place.full_labels]

    def open_session(path: Path, *_: object, **__: object) -> Recording:
        return Recording(opened(path, ROWS["fp32, ONNX Runtime"]), kept[path.stem])

    with patch.object(refiner, "open_session", open_session):
        for name in dict.fromkeys(place.dataset for place in training):
            for place in [place for place in training if place.dataset == name][:PLACES]:
                classes_of(place, folder, JOB_PX)
    rng = np.random.default_rng(1)
    return {name: [inputs[n] for n in rng.permutation(len(inputs))[:MOST_INPUTS]] for name, inputs in kept.items()}


def scored(row: Row, files: Callable[[str, str], Path], places: Sequence[Place], folder: Path) -> list[NDArray[Any]]:
    """Refined classes of each place with the networks of a row."""

    def open_session(path: Path, *_: object, **__: object) -> engines.Session:
        return opened(files(path.stem, row.ending), row)

    with patch.object(refiner, "open_session", open_session):
        return [classes_of(place, folder) for place in places]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--repeats", type=int, default=9, help="timed runs of each network")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        compare(arguments.data, arguments.repeats, Path(temporary))


def compare(data: Path, repeats: int, work: Path) -> None:
    """Print the table."""
    engines._openvino_core().set_property("CPU", {"INFERENCE_PRECISION_HINT": openvino.Type.f32})
    places = load_places(data)
    held_out = [place for place in places if place.calibration and not place.full_labels]
    model, _ = find_model("refiner", "refiner")

    def files(name: str, ending: str) -> Path:
        return work / f"{name}{ending}.onnx" if ending else model / f"{name}.onnx"

    inputs = recorded(places, work)
    for name in NETWORKS:
        fold(files(name, ""), files(name, "_fp32"))
        for ending in ("8", "7"):
            quantize_static(
                onnx.load(str(files(name, "_fp32"))), files(name, ending), Feeds(inputs[name]), per_channel=True,
                reduce_range=ending == "7", activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax, extra_options={"CalibStridedMinMax": 1},
            )  # fmt: skip
    seconds = {}
    for name in NETWORKS:
        runs = {key: opened(files(name, row.ending), row).run for key, row in ROWS.items()}
        sides = {key: TIMED_PX // STRIDES.get(key, 1) for key in inputs[name][0]}
        tile = {
            key: np.resize(values, (1, values.shape[1], sides[key], sides[key])) if values.ndim == 4 else values
            for key, values in inputs[name][0].items()
        }
        seconds[name] = seconds_of(runs, tile, repeats)
    names = dict.fromkeys(place.dataset for place in held_out)
    heads = " | ".join(f"{name}: IoU, F 2 px, % unlike fp32" for name in names)
    print(f"| networks | {heads} | guidance s | denoiser s | KiB |")
    print("|---|" + "---|" * (len(names) + 3))
    exact: list[NDArray[Any]] = []
    for key, row in ROWS.items():
        found = scored(row, files, held_out, work)
        exact = exact or found
        cells = [*cells_of(found, exact, held_out), *(f"{seconds[name][key]:.3f}" for name in NETWORKS)]
        size = sum(files(name, row.ending).stat().st_size for name in NETWORKS) >> 10
        print(f"| {key} | {' | '.join(cells)} | {size} |", flush=True)


if __name__ == "__main__":
    main()
