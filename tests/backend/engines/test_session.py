"""Networks on a CPU: a job that is cancelled does not wait for the tile, and the session goes on to serve others."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from idgbr.arrays import as_floats
from idgbr.engines.compiled_networks import load as load_compiled
from idgbr.engines.devices import Device
from idgbr.engines.session import OnnxRuntimeSession, OpenVinoSession, Session
from idgbr.errors import JobCancelled
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor, listening

SIDE = 512
CPU = Device("cpu", "a CPU", "onnxruntime", 0, None)


def openvino(path: Path) -> Session:
    pytest.importorskip("openvino")
    return OpenVinoSession(path, 1)


def onnxruntime(path: Path) -> Session:
    return OnnxRuntimeSession(path, CPU, 1)


@pytest.mark.parametrize("load", [openvino, onnxruntime])
def test_a_cancelled_job_does_not_wait_for_the_network(load: object) -> None:
    session = load(find_model("refiner", "refiner")[0] / "guidance.onnx")  # type: ignore[operator]
    rng = np.random.default_rng(0)
    inputs = {
        name: rng.random((1, channels, SIDE, SIDE), np.float32)
        for name, channels in (("image", 3), ("related", 12), ("certainty", 1))
    }
    (whole, *_) = session.run(inputs)
    before = whole.copy()
    monitor = Monitor()
    monitor.cancel()
    with listening(monitor), pytest.raises(JobCancelled):
        session.run(inputs)
    assert np.array_equal(session.run(inputs)[0], before)


@pytest.mark.parametrize("load", [openvino, onnxruntime])
def test_raw_outputs_are_the_same_weights(load: object) -> None:
    """They have the shape of the graph's output; on a processor with bfloat16, they are its bits."""
    path = find_model("refiner", "refiner")[0] / "denoiser.onnx"
    rng = np.random.default_rng(0)
    inputs = {
        "state": rng.uniform(-1, 1, (1, 12, 64, 96)).astype(np.float32), "time": np.array([0.5], np.float32),
        "guidance2": rng.random((1, 32, 32, 48), np.float32), "guidance4": rng.random((1, 64, 16, 24), np.float32),
    }  # fmt: skip
    (plain,) = load(path).run(inputs)  # type: ignore[operator]
    raw = load(path) if load is onnxruntime else OpenVinoSession(path, 1, raw=("weights",))  # type: ignore[operator]
    (found,) = raw.run(inputs)
    assert plain.dtype == np.float32
    assert found.shape == plain.shape
    np.testing.assert_array_equal(as_floats(found), plain)


@pytest.mark.parametrize("load", [openvino, onnxruntime])
def test_raw_inputs_take_raw_outputs_of_any_engine(load: object) -> None:
    """Guidance as one network leaves it gives the weights that it gives as float32, but for its rounding."""
    pytest.importorskip("openvino")
    folder, raw = find_model("refiner", "refiner")[0], ("guidance2", "guidance4")
    rng = np.random.default_rng(0)
    shapes = (("image", 3), ("related", 12), ("certainty", 1))
    given = {name: rng.random((1, channels, 64, 96), np.float32) for name, channels in shapes}
    step = {"state": given["related"], "time": np.ones(1, np.float32)}
    guides = [load(folder / "guidance.onnx"), OpenVinoSession(folder / "guidance.onnx", 1, raw=raw)]  # type: ignore[operator]
    denoiser = folder / "denoiser.onnx"
    steps = load(denoiser) if load is onnxruntime else OpenVinoSession(denoiser, 1, raw=raw)  # type: ignore[operator]
    (expected,) = load(denoiser).run(step | dict(zip(raw, guides[0].run(given), strict=True)))  # type: ignore[operator]
    expected = expected.copy()
    for guide in guides:
        (found,) = steps.run(step | dict(zip(raw, guide.run(given), strict=True)))
        assert np.abs(as_floats(found) - expected).mean() < 0.01 * np.abs(expected).mean()


def test_a_network_from_the_cache_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network of the same name, size and time, but of other weights, does not come from the cache."""
    pytest.importorskip("openvino")
    monkeypatch.setenv("IDGBR_CACHE_DIR", str(tmp_path / "cache"))
    source = find_model("refiner", "refiner")[0] / "denoiser.onnx"
    path = tmp_path / "denoiser.onnx"
    path.write_bytes(source.read_bytes())
    inputs = {
        "state": np.ones((1, 12, 32, 32), np.float32), "time": np.ones(1, np.float32),
        "guidance2": np.ones((1, 32, 16, 16), np.float32), "guidance4": np.ones((1, 64, 8, 8), np.float32),
    }  # fmt: skip
    first = OpenVinoSession(path, 1, raw=("weights",)).run(inputs)[0].copy()
    (stored,) = (tmp_path / "cache").iterdir()
    before = stored.read_bytes()
    again = OpenVinoSession(path, 1, raw=("weights",))
    np.testing.assert_array_equal(again.run(inputs)[0], first)
    assert again.input_names == OpenVinoSession(source, 1).input_names

    about = path.stat()
    content = bytearray(path.read_bytes())
    weights = content.index(b"denoiser.head.weight") if b"denoiser.head.weight" in content else len(content) // 2
    content[weights + 400 : weights + 800] = bytes(400)
    path.write_bytes(content)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert not np.array_equal(OpenVinoSession(path, 1, raw=("weights",)).run(inputs)[0], first)

    stored.write_bytes(before[:-100])  # as after a full disk
    path.write_bytes(source.read_bytes())
    np.testing.assert_array_equal(OpenVinoSession(path, 1, raw=("weights",)).run(inputs)[0], first)
    assert load_compiled(stored.stem) is not None  # and not the damaged one
