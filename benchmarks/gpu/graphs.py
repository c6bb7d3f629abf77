"""The bundled ONNX graphs: ONNX Runtime with CUDA against its CPU provider, speeds and memory."""

from __future__ import annotations

import contextlib
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.gpu.bench import Bench, images
from benchmarks.gpu.environment import ROOT
from benchmarks.gpu.networks import LEAST_AGREEMENT, label_condition
from benchmarks.gpu.report import UnavailableError
from idgbr.refiner.neighbours import OFFSETS
from idgbr.training.guided_loss import transported
from idgbr.training.label_states import by_pixel

CHECKS, SPEEDS = "Bundled graphs against the CPU provider", "Speeds of bundled graphs in ONNX Runtime"
MODELS = ROOT / "resources" / "models"
#: Largest root mean square of differences of features, as a share of their deviation: they decide nothing by
#: themselves.
MOST_RMS = 3e-2
#: What the project's session asks of CUDA (`idgbr.engines.session`); TF32 is on unless it is turned off.
CUDA_OPTIONS = {"cudnn_conv_algo_search": "HEURISTIC"}
CUDA = "CUDAExecutionProvider"
Arrays = Mapping[str, NDArray[np.float32]]
Run = Callable[[Arrays], Sequence[NDArray[np.float32]]]


def compare(bench: Bench) -> None:
    """Each graph on the device, by setting, against the CPU; the input of each comes from the graphs before it."""
    size = 64 if bench.tiny else 512
    feeds = Feeds(size)
    if bench.on_gpu:
        require_cuda()
    for path in graph_paths():
        name, reference = label(path), raw_session(path, None)
        if not bench.has_time(f"{CHECKS}: {name}"):
            continue
        try:
            given = {i.name: feeds[i.name] for i in reference.get_inputs()}
        except KeyError as error:
            bench.report.skip(f"{CHECKS}: {name}", f"this check does not know the input {error}")
            continue
        expected = reference.run(None, given)
        for setting, run in settings(bench, path).items():
            found = run(given)
            agreement, rms = feeds.agreement(found[0], expected[0]), rms_of(found, expected)
            passed = rms <= MOST_RMS if agreement is None else agreement >= LEAST_AGREEMENT
            largest = max(float(np.abs(f - e).max()) for f, e in zip(found, expected, strict=True))
            bench.report.add(
                CHECKS, graph=name, setting=setting, largest=largest, rms=rms, agreement=agreement, passed=passed
            )


def speeds(bench: Bench) -> None:
    """Megapixels a second of each graph, with arrays of the host and with arrays that stay on the device."""
    if bench.on_gpu:
        require_cuda()
    for path in graph_paths():
        name, before = label(path), bench.used_mb()
        session = raw_session(path, None if not bench.on_gpu else options(bench))
        fixed = session.get_inputs()[0].shape[0]
        rates: dict[str, float] = {}
        for size in bench.sizes:
            for batch in bench.batches:
                if isinstance(fixed, int) and batch != fixed:
                    bench.report.skip(f"{SPEEDS}: {name}, batch of {batch}", f"the graph takes {fixed} tile at a time")
                    continue
                given = {i.name: filled(shape_of(i, batch, size)) for i in session.get_inputs()}
                calls: dict[str, Callable[[], object]] = {"host": partial(session.run, None, given)}
                calls["bound"] = bound(session, given, bench)
                for way, call in calls.items():
                    what, pixels = f"{SPEEDS}: {name}, {way}, {batch} × {size}²", batch * size * size
                    if not bench.has_time(what, 8 * pixels / rates[way] if way in rates else 0.0):
                        continue
                    try:
                        took = bench.seconds(call)
                    except Exception as error:  # noqa: BLE001 (ONNX Runtime raises types of its own)
                        bench.report.skip(what, str(error).strip().splitlines()[0][:200])
                        continue
                    rates[way] = pixels / took
                    bench.report.add(
                        SPEEDS, graph=name, arrays=way, side=size, batch=batch, ms=1e3 * took,
                        **{"Mpx/s": pixels / took / 1e6, "memory MiB": grown(before, bench.used_mb())},
                    )  # fmt: skip


class Feeds(dict[str, NDArray[np.float32]]):
    """Inputs of the graphs by name, of one tile; features and guidance are computed on the CPU when first needed."""

    def __init__(self, size: int) -> None:
        cpu = torch.device("cpu")
        torch.manual_seed(2)
        image, second = images(1, size, cpu), images(1, size, cpu)
        self._classes, related, certainty = label_condition(1, size, cpu)
        given = {"image": image, "related": related, "certainty": certainty, "state": related * 0.8}
        given |= {"before": (image - 0.5) * 4.0, "after": (second - 0.5) * 4.0}
        given |= {"scale": torch.zeros(1), "time": torch.full((1,), 0.5)}
        super().__init__({name: np.ascontiguousarray(tensor.numpy()) for name, tensor in given.items()})

    def __missing__(self, name: str) -> NDArray[np.float32]:
        for path in graph_paths():
            session = raw_session(path, None)
            if name in (given := [o.name for o in session.get_outputs()]):
                found = session.run(None, {i.name: self[i.name] for i in session.get_inputs()})
                self.update({key: value for key, value in zip(given, found, strict=True) if key not in self})
                return self[name]
        raise KeyError(name)

    def agreement(self, found: NDArray[np.float32], expected: NDArray[np.float32]) -> float | None:
        """Share of pixels that two outputs decide alike, None for features, which decide nothing."""
        first, second = self._decided(found), self._decided(expected)
        return None if first is None or second is None else float((first == second).mean())

    def _decided(self, output: NDArray[np.float32]) -> NDArray[Any] | None:
        """Classes of probabilities, change of one probability, or classes after the transport of a refiner's step."""
        places = len(OFFSETS)
        if output.shape[-1] in (4 * places, 4 * places + 4):
            shares = by_pixel(torch.from_numpy(output[..., : 4 * places].copy())).softmax(1)
            source = torch.nn.functional.one_hot(self._classes).permute(0, 3, 1, 2).float()
            return np.asarray(transported(shares, source).argmax(1))
        if output.shape[1] == 1:
            return output > 0.5
        return np.asarray(output.argmax(1)) if np.allclose(output.sum(1), 1.0, atol=1e-2) else None


def graph_paths() -> list[Path]:
    """The ONNX files of the bundled models. Raises UnavailableError if there are none."""
    if found := sorted(MODELS.glob("*/*.onnx")):
        return found
    raise UnavailableError("resources/models has no models; get the whole repository")


def label(path: Path) -> str:
    """Model and file, as the report names them."""
    return f"{path.parent.name}/{path.stem}"


def options(bench: Bench, **more: str) -> dict[str, str]:
    """Options of the CUDA provider for the device of the check."""
    return {"device_id": str(bench.device.index or 0), **CUDA_OPTIONS, **more}


def require_cuda() -> None:
    """Raise UnavailableError if ONNX Runtime was built without CUDA."""
    import onnxruntime as ort

    if CUDA not in ort.get_available_providers():
        raise UnavailableError("this onnxruntime has no CUDA provider; install onnxruntime-gpu")


def raw_session(path: Path, cuda: dict[str, str] | None) -> Any:
    """A session of ONNX Runtime: with CUDA and these options, or on the CPU.

    Raises UnavailableError if CUDA cannot be started.
    """
    import onnxruntime as ort

    made = ort.SessionOptions()
    made.log_severity_level = 3
    if cuda is None:
        return ort.InferenceSession(str(path), made, providers=["CPUExecutionProvider"])
    with contextlib.redirect_stdout(sys.stderr):
        ort.preload_dlls()
    session = ort.InferenceSession(str(path), made, providers=[(CUDA, cuda), "CPUExecutionProvider"])
    if session.get_providers()[0] != CUDA:
        raise UnavailableError("ONNX Runtime could not start CUDA; its libraries of CUDA or cuDNN are missing")
    return session


def settings(bench: Bench, path: Path) -> dict[str, Run]:
    """Ways to run a graph on the device, by name; the project's own session is one of them, if it can be imported."""
    ways: dict[str, Run] = {}
    if bench.on_gpu:
        for name, tf32 in (("fp32", "0"), ("TF32", "1")):
            ways[name] = partial(raw_session(path, options(bench, use_tf32=tf32)).run, None)
    else:
        ways["fp32"] = partial(raw_session(path, None).run, None)
    try:
        from idgbr.engines.devices import Device
        from idgbr.engines.session import open_session
    except ImportError as error:
        bench.report.skip(f"{CHECKS}: the project's session", f"{error.name} is not installed")
        return ways
    ways["project"] = open_session(path, Device(str(bench.device), "", "", 0)).run
    return ways


def bound(session: Any, given: Arrays, bench: Bench) -> Callable[[], None]:
    """A call of a session whose inputs and outputs lie on the device."""
    import onnxruntime as ort

    place = (bench.device.type, bench.device.index or 0)
    binding = session.io_binding()
    for name, array in given.items():
        binding.bind_ortvalue_input(name, ort.OrtValue.ortvalue_from_numpy(array, *place))
    for output in session.get_outputs():
        binding.bind_output(output.name, *place)

    def call() -> None:
        session.run_with_iobinding(binding)
        binding.synchronize_outputs()

    return call


def shape_of(wanted: Any, batch: int, size: int) -> tuple[int, ...]:
    """Shape of a graph's input for tiles of `size` px. A free dimension is named after its stride, as `height4`.

    Raises UnavailableError for a dimension of another name.
    """
    found = []
    for axis, length in enumerate(wanted.shape):
        if isinstance(length, int):
            found.append(length)
        elif axis == 0:
            found.append(batch)
        elif stride := re.search(r"\d+$", str(length)):
            found.append(size // int(stride[0]))
        else:
            raise UnavailableError(f"the size of {wanted.name} is not known from its dimension {length!r}")
    return tuple(found)


def filled(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """An array of random values, repeated where there are many: the time does not depend on them."""
    values = np.random.default_rng(3).random(min(math.prod(shape), 1 << 20), dtype=np.float32)
    return np.resize(values, shape)


def rms_of(found: Sequence[NDArray[np.float32]], expected: Sequence[NDArray[np.float32]]) -> float:
    """Root mean square of the differences as a share of the deviation, of the worst output."""
    return max(
        float(np.sqrt(np.mean((f - e).astype(np.float64) ** 2)) / max(float(e.std()), 1e-9))
        for f, e in zip(found, expected, strict=True)
    )


def grown(before: int | None, after: int | None) -> int | None:
    """Memory that a session has taken, in MiB."""
    return None if before is None or after is None else after - before
