"""Runs ONNX graphs on a device: ONNX Runtime with CUDA on a GPU; OpenVINO or ONNX Runtime on a CPU.

On a CPU, a tile may take many seconds. A cancelled job does not wait for its end.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import as_floats
from idgbr.engines.compiled_networks import Compiled, forget, key_of, load, store
from idgbr.engines.devices import CUDA_PROVIDER, Device, cpu_engine, cpu_threads
from idgbr.engines.joined import cached, joined
from idgbr.engines.measured import measurement_key, open_faster
from idgbr.engines.openvino_gaps import openvino_gap
from idgbr.errors import DeviceError, DeviceMemoryError, JobCancelled, ModelError, first_line, is_out_of_memory
from idgbr.monitor import LOOK_S, check_cancelled, run_cancellable
from idgbr.process import without
from idgbr.spans import span

log = logging.getLogger(__name__)

Arrays = Mapping[str, NDArray[Any]]
#: Number of the way in which networks are changed before they are compiled; raise it when that way changes.
_FORM = 1


class Session(Protocol):
    """A loaded graph; `run` maps named inputs to the list of outputs in the graph's order."""

    input_names: list[str]

    def run(self, inputs: Arrays) -> list[NDArray[Any]]:
        """Run once; inputs are arrays with the graph's shapes. The next run may overwrite the outputs.

        They are float32; `raw` ones (`open_session`) may be the bits of bfloat16 as uint16.

        Raises DeviceError if the engine fails, DeviceMemoryError if its memory runs out. On a CPU, raises JobCancelled
        if the job of this thread is cancelled in the meantime (`idgbr.monitor.listening`).
        """
        ...


class OnnxRuntimeSession:
    """ONNX Runtime on CPU or CUDA."""

    def __init__(
        self, path: Path, device: Device, threads: int, outputs: Sequence[str] = (), *, backbone: Path | None = None
    ) -> None:  # fmt: skip
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        providers: list[Any] = ["CPUExecutionProvider"]
        self._on_cpu = not device.id.startswith("cuda")
        if not self._on_cpu:
            number = int(device.id.partition(":")[2] or 0)
            _load_cuda()
            providers.insert(0, (CUDA_PROVIDER, {"device_id": number, "cudnn_conv_algo_search": "HEURISTIC"}))
        try:
            network = cached(backbone, path, outputs) if backbone else str(path)
            self._session = ort.InferenceSession(network, options, providers=providers)
        except ModelError:
            raise
        except Exception as error:  # onnxruntime raises many types of its own
            raise ModelError(f"{path}: the model cannot be loaded ({first_line(error)}); install it again.") from error
        if not self._on_cpu and self._session.get_providers()[0] != CUDA_PROVIDER:
            raise DeviceError(
                f"{device.id} was chosen, but CUDA could not be started (missing CUDA or cuDNN libraries?); "
                "run `idgbr doctor`, or choose device 'cpu'."
            )
        self._name = f"network {path.stem}"
        self.input_names = [i.name for i in self._session.get_inputs()]
        self._outputs = list(outputs) or [o.name for o in self._session.get_outputs()]

    def run(self, inputs: Arrays) -> list[NDArray[np.float32]]:
        """See `Session.run`."""
        import onnxruntime as ort

        options = ort.RunOptions()

        given = {name: as_floats(values) for name, values in inputs.items()}

        def run() -> Any:
            return self._session.run(self._outputs, given, options)

        try:
            # CUDA keeps a context for each thread that runs, so it stays in this thread; a tile takes little time
            # there.
            with span(self._name):
                outputs = run_cancellable(run, check_cancelled) if self._on_cpu else run()
            return [np.asarray(output, np.float32) for output in outputs]
        except JobCancelled:
            options.terminate = True
            raise
        except Exception as error:
            raise _failed(error) from error


class OpenVinoSession:
    """OpenVINO on a CPU; with bfloat16 if the CPU has it, which is almost twice as fast."""

    def __init__(
        self, path: Path, threads: int, outputs: Sequence[str] = (), raw: Sequence[str] = (), *,
        backbone: Path | None = None,
    ) -> None:  # fmt: skip
        try:
            compiled, self._planar = _compiled(path, threads, outputs, raw, backbone)
            self.input_names = [i.get_any_name() for i in compiled.inputs]
            self._rounded = {i.get_any_name() for i in compiled.inputs if i.get_element_type().to_string() == "bf16"}
            self._request = compiled.create_infer_request()
            self._name = f"network {path.stem}"
        except RuntimeError as error:
            raise ModelError(f"{path}: the model cannot be loaded ({first_line(error)}); install it again.") from error

    def run(self, inputs: Arrays) -> list[NDArray[Any]]:
        """See `Session.run`."""
        check_cancelled()
        try:
            with span(self._name):
                given = {
                    name: _tensor(inputs[name]) if name in self._rounded else as_floats(inputs[name])
                    for name in self.input_names
                }
                self._request.start_async(given, share_inputs=True)
                while not self._request.wait_for(int(LOOK_S * 1000)):
                    check_cancelled()
        except (RuntimeError, MemoryError) as error:
            raise _failed(error) from error
        except BaseException:
            self._request.cancel()
            with contextlib.suppress(RuntimeError):
                self._request.wait()
            raise
        # Not `results`: copying outputs would cost a sixth of the refiner's time.
        found = [_values(tensor) for tensor in self._request.output_tensors]
        return [
            np.moveaxis(values, 1, 3) if planar else values for values, planar in zip(found, self._planar, strict=True)
        ]


@cache
def _openvino() -> Any:
    with without("openvino.tools.ovc"):  # the converter of models
        import openvino
    return openvino


@cache
def _openvino_core() -> Any:
    return _openvino().Core()


def _openvino_facts() -> dict[str, object]:
    """Version and processor, on which compiled networks and times depend."""
    properties = ("FULL_DEVICE_NAME", "OPTIMIZATION_CAPABILITIES", "INFERENCE_PRECISION_HINT")
    processor = [_openvino_core().get_property("CPU", name) for name in properties]
    return {"engine": _openvino().__version__, "processor": processor}


def _compiled(
    path: Path, threads: int, outputs: Sequence[str], raw: Sequence[str], backbone: Path | None
) -> tuple[Any, list[bool]]:
    """A compiled network, from the cache if possible, and whether each output is channels first (`_as_computed`)."""
    openvino, core = _openvino(), _openvino_core()
    config: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads}
    key = key_of([backbone, path] if backbone else [path], {
        **_openvino_facts(), "config": config, "outputs": outputs, "raw": raw, "form": _FORM,
    })  # fmt: skip
    if key and (known := load(key)):
        try:
            return core.import_model(known.network, "CPU", config), list(known.facts["planar"])
        except (RuntimeError, KeyError):  # written by another build of the engine
            forget(key)
    model = core.read_model(joined(backbone, path, outputs) if backbone else str(path))
    if outputs:
        model = openvino.Model([model.output(name) for name in outputs], model.get_parameters())
    model, planar = _as_computed(model, raw)
    compiled = core.compile_model(model, "CPU", config)
    if key:
        store(key, Compiled({"planar": planar}, compiled.export_model().getvalue()))
    return compiled, planar


def _as_computed(model: Any, raw: Sequence[str]) -> tuple[Any, list[bool]]:
    """A model whose `raw` outputs are left as they are computed, and whether each output is now channels first.

    Their transposition to channels last takes half the time of a light network with many channels of output. Results
    of a processor that computes in bfloat16 are rounded already, and take half the memory as such. So do `raw` inputs.
    """
    openvino = _openvino()
    from openvino.preprocess import PrePostProcessor

    ends, planar, rounded = [], [], []
    for number, output in enumerate(model.outputs):
        last = output.get_node().input_value(0)
        as_is = bool(output.get_names() & set(raw))
        moved = as_is and last.get_node().get_type_name() == "Transpose"
        ends.append(last.get_node().input_value(0) if moved else output)
        planar.append(moved)
        if as_is:
            rounded.append(number)
    taken = [number for number, given in enumerate(model.inputs) if given.get_names() & set(raw)]
    if not rounded and not taken:
        return model, planar
    if any(planar):
        model = openvino.Model(ends, model.get_parameters())
    if _openvino_core().get_property("CPU", "INFERENCE_PRECISION_HINT") == openvino.Type.bf16:
        steps = PrePostProcessor(model)
        for number in rounded:
            steps.output(number).tensor().set_element_type(openvino.Type.bf16)
        for number in taken:
            steps.input(number).tensor().set_element_type(openvino.Type.bf16)
        model = steps.build()
    return model, planar


def _tensor(values: NDArray[Any]) -> Any:
    """A tensor of bfloat16 from its bits as uint16, whose memory it shares, or from float32, which is rounded."""
    openvino = _openvino()
    if values.dtype != np.uint16:
        bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
        values = ((bits + np.uint32(0x7FFF) + (bits >> np.uint32(16) & np.uint32(1))) >> np.uint32(16)).astype(
            np.uint16
        )
    return openvino.Tensor(np.ascontiguousarray(values), openvino.Shape(values.shape), openvino.Type.bf16)


def _values(tensor: Any) -> NDArray[Any]:
    """The data of a tensor: float32, or the bits of bfloat16 as uint16."""
    if tensor.get_element_type().to_string() == "bf16":
        return np.asarray(tensor.data.view(np.uint16))
    return np.asarray(tensor.data, np.float32)


def open_session(
    path: Path, device: Device, outputs: Sequence[str] = (), raw: Sequence[str] = (), *, backbone: Path | None = None
) -> Session:
    """Load an ONNX file on a device; only the named outputs are computed, or all if no names are given.

    The engine may leave `raw` outputs in its own precision and order in memory; their shape stays that of the graph.
    `raw` inputs may be such outputs of another network.
    A graph that OpenVINO would compute wrongly runs with ONNX Runtime, others on a CPU with the faster engine, if the
    device says for how large a job (`idgbr.engines.measured`). With the file of a `backbone`, both run as one network;
    see `idgbr.engines.joined.joined` for its inputs.

    Raises ModelError (file) or DeviceError (device).
    """
    threads = 0 if device.id.startswith("cuda") else cpu_threads()

    def openvino() -> Session:
        return OpenVinoSession(path, threads, outputs, raw, backbone=backbone)

    def onnxruntime() -> Session:
        return OnnxRuntimeSession(path, device, threads, outputs, backbone=backbone)

    def load() -> Session:
        if device.id.startswith("cuda") or cpu_engine() != "openvino" or not all(map(_openvino_can, files)):
            return onnxruntime()
        if device.job_px is None:
            return openvino()
        facts = {**_openvino_facts(), "threads": threads, "outputs": outputs}
        openers = {"openvino": openvino, "onnxruntime": onnxruntime}
        return open_faster(path, openers, measurement_key(files, facts), device.job_px)

    files = [backbone, path] if backbone else [path]
    with span(f"load {path.stem}", sum(file.stat().st_size for file in files if file.is_file())):
        return run_cancellable(load, check_cancelled)


def _openvino_can(path: Path) -> bool:
    """Whether OpenVINO computes a graph as the standard says; if not, the log says why ONNX Runtime is used."""
    gap = openvino_gap(path)
    if gap:
        log.info("%s runs with ONNX Runtime, because OpenVINO computes %s wrongly.", path, gap)
    return gap is None


def _load_cuda() -> None:
    """Load the libraries of CUDA and cuDNN from installed packages; without them, those of the system are used."""
    import onnxruntime as ort

    # Its prints about missing libraries belong in the log, because stdout may carry results.
    with contextlib.redirect_stdout(sys.stderr):
        ort.preload_dlls()


def _failed(error: Exception) -> DeviceError:
    if is_out_of_memory(error):
        return DeviceMemoryError(
            f"the memory of the device does not suffice for the model ({first_line(error)}); close other programs on "
            "the device, or choose device 'cpu'."
        )
    return DeviceError(f"the model failed while running ({first_line(error)}); choose device 'cpu'.")
