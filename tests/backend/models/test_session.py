"""Networks on a CPU: a job that is cancelled does not wait for the tile, and the session goes on to serve others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from idgbr.errors import JobCancelled
from idgbr.models.devices import Device
from idgbr.models.registry import find_model
from idgbr.models.session import OnnxRuntimeSession, OpenVinoSession, Session
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
