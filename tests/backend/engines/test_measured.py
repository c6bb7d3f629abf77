"""The engine on the CPU: measured on the first tile of a large job, kept, and used by all later jobs."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from idgbr.engines import devices, session
from idgbr.engines.compiled_networks import Compiled, load, store
from idgbr.engines.devices import Device, choose_device
from idgbr.engines.joined import PREFIX
from idgbr.engines.measured import LEAST_PX, MeasuredSession, faster, kept_seconds, measurement_key, open_faster
from idgbr.engines.session import OnnxRuntimeSession, OpenVinoSession, open_session
from idgbr.errors import DeviceError, JobCancelled
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor

PATH, KEY = Path("roads.onnx"), "key"
CPU = Device("cpu", "a CPU", "openvino", 8000)


class Bench:
    """Engines whose runs take given seconds on its clock; the first run takes ten times as long."""

    def __init__(self, openvino: float, onnxruntime: float) -> None:
        self.seconds = {"openvino": openvino, "onnxruntime": onnxruntime}
        self.now = 0.0
        self.opened: list[str] = []
        self.in_memory = self.most_in_memory = 0
        self.failing: dict[str, BaseException] = {}
        self.openers: dict[str, Callable[[], Any]] = {name: self.opener(name) for name in self.seconds}

    def opener(self, name: str) -> Callable[[], Any]:
        bench = self

        class Fake:
            input_names = ("image",)

            def __init__(self) -> None:
                bench.opened.append(name)
                bench.in_memory += 1
                bench.most_in_memory = max(bench.most_in_memory, bench.in_memory)
                self.runs = 0

            def __del__(self) -> None:
                bench.in_memory -= 1

            def run(self, inputs: Any) -> list[Any]:
                if name in bench.failing:
                    raise bench.failing[name]
                bench.now += bench.seconds[name] * (1 if self.runs else 10)
                self.runs += 1
                return [name, inputs]

        return Fake

    def session(self) -> MeasuredSession:
        return MeasuredSession(PATH, self.openers, KEY, lambda: self.now)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of measurements."""
    monkeypatch.setenv("IDGBR_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize(
    ("openvino", "onnxruntime", "chosen"),
    [(1, 2, "openvino"), (2, 1, "onnxruntime"), (1, 0.95, "openvino"), (1, 0.85, "onnxruntime")],
)
def test_the_faster_engine_runs_all_tiles(openvino: float, onnxruntime: float, chosen: str) -> None:
    """One that is hardly faster than the default does not: another time it would be slower."""
    bench = Bench(openvino, onnxruntime)
    measured = bench.session()
    assert [measured.run(tile)[0] for tile in "abc"] == [chosen] * 3
    assert kept_seconds(KEY) == pytest.approx(bench.seconds)
    assert bench.most_in_memory == 1


def test_a_kept_measurement_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Bench(2, 1).session().run("tile")
    told = [record.getMessage() for record in caplog.records]
    assert told == ["roads.onnx runs with ONNX Runtime, 1.000 s for a tile; OpenVINO takes 2.000 s."]
    other = Bench(1, 2)  # as on a machine that is busy now
    for px in (0, LEAST_PX):
        assert open_faster(PATH, other.openers, KEY, px).run("tile")[0] == "onnxruntime"
    assert other.opened == ["onnxruntime"] * 2
    assert [record.getMessage() for record in caplog.records] == told * 3


def test_small_jobs_do_not_measure(cache: Path) -> None:
    bench = Bench(2, 1)
    assert open_faster(PATH, bench.openers, KEY, LEAST_PX - 1).run("tile")[0] == "openvino"
    assert open_faster(PATH, bench.openers, None, LEAST_PX).run("tile")[0] == "openvino"  # it cannot be kept
    assert bench.opened == ["openvino"] * 2
    assert not cache.exists()
    assert isinstance(open_faster(PATH, bench.openers, KEY, LEAST_PX), MeasuredSession)


@pytest.mark.parametrize(
    "content", [b"", b"no JSON", b"[1, 2]", b'{"openvino": 1}', b'{"openvino": 1, "onnxruntime": "fast"}',
                b'{"openvino": 1, "onnxruntime": 0}', b'{"openvino": NaN, "onnxruntime": 1}'],
)  # fmt: skip
def test_a_measurement_that_cannot_be_read_is_repeated(content: bytes) -> None:
    store(KEY, Compiled({}, content))
    assert Bench(2, 1).session().run("tile")[0] == "onnxruntime"
    assert kept_seconds(KEY) == {"openvino": 2, "onnxruntime": 1}


def test_a_damaged_file_is_measured_again(cache: Path) -> None:
    Bench(1, 2).session().run("tile")
    (file,) = cache.iterdir()
    file.write_bytes(file.read_bytes().replace(b"2.0", b"0.1"))
    assert kept_seconds(KEY) is None
    assert Bench(1, 2).session().run("tile")[0] == "openvino"


def test_an_engine_that_fails_does_not_end_the_job(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bench = Bench(2, 1)
    bench.failing["onnxruntime"] = DeviceError("no memory")
    assert bench.session().run("tile")[0] == "openvino"
    assert kept_seconds(KEY) == {"openvino": 2, "onnxruntime": math.inf}
    assert caplog.records[-1].getMessage() == "roads.onnx runs with OpenVINO, 2.000 s for a tile; ONNX Runtime failed."


@pytest.mark.parametrize("cancelled", ["openvino", "onnxruntime"])
def test_a_cancelled_measurement_is_not_kept(cancelled: str) -> None:
    """After a cancelled run, other jobs can use the session."""
    bench = Bench(2, 1)
    measured = bench.session()
    bench.failing[cancelled] = JobCancelled()
    with pytest.raises(JobCancelled):
        measured.run("tile")
    assert kept_seconds(KEY) is None
    bench.failing.clear()
    assert measured.run("tile")[0] == "onnxruntime"


def test_measurements_at_once_leave_a_whole_one() -> None:
    benches = [Bench(2, 1) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        chosen = list(pool.map(lambda bench: bench.session().run("tile")[0], benches))
    assert chosen == ["onnxruntime"] * 8
    assert kept_seconds(KEY) == {"openvino": 2, "onnxruntime": 1}
    assert load(KEY) is not None


def test_a_measurement_holds_for_network_versions_and_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "roads.onnx"
    path.write_bytes(b"network")
    facts = {"engine": "2026.4", "processor": ["a CPU"], "threads": 2}
    keys = {measurement_key([path], facts), *(measurement_key([path], facts | {name: "other"}) for name in facts)}
    monkeypatch.setattr("idgbr.engines.measured._version_of_onnxruntime", lambda: "99")
    keys.add(measurement_key([path], facts))
    path.write_bytes(b"another network")
    keys.add(measurement_key([path], facts))
    assert len(keys) == 6


def test_only_auto_lets_the_engine_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device or an engine that the user demands is used as it is."""
    monkeypatch.delenv("IDGBR_CPU_ENGINE", raising=False)
    monkeypatch.setattr(devices, "list_devices", lambda: [CPU])
    assert choose_device("auto", Monitor(), 70).job_px == 70
    assert choose_device("auto", Monitor()).job_px is None
    assert choose_device("cpu", Monitor(), 70).job_px is None
    monkeypatch.setenv("IDGBR_CPU_ENGINE", "openvino")
    assert choose_device("auto", Monitor(), 70).job_px is None


def test_a_large_job_measures_real_engines_and_small_ones_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Either gives the same result, within the rounding to bfloat16."""
    pytest.importorskip("openvino")
    monkeypatch.delenv("IDGBR_CPU_ENGINE", raising=False)
    backbone = find_model("backbone", "backbone")[0] / "model.onnx"
    head = find_model("buildings", "coarse")[0] / "head.onnx"

    def opened(px: int | None) -> session.Session:
        return open_session(head, Device("cpu", "a CPU", "openvino", 0, job_px=px), ("scores",), backbone=backbone)

    inputs = {f"{PREFIX}image": np.random.default_rng(0).random((1, 3, 128, 192), np.float32)}
    assert isinstance(opened(1), OpenVinoSession)
    large = opened(LEAST_PX)
    assert isinstance(large, MeasuredSession)
    found = large.run(inputs)[0].copy()
    kinds = {"openvino": OpenVinoSession, "onnxruntime": OnnxRuntimeSession}
    (key,) = (key for key in measured_keys(monkeypatch, opened) if kept_seconds(key))
    seconds = kept_seconds(key)
    assert seconds
    assert type(opened(1)) is type(opened(LEAST_PX)) is kinds[faster(seconds)]
    np.testing.assert_array_equal(opened(1).run(inputs)[0], found)
    assert isinstance(opened(None), OpenVinoSession)
    for engine, kind in kinds.items():
        store(key, Compiled({}, json.dumps({"openvino": 1.0, "onnxruntime": 1.0} | {engine: 0.1}).encode()))
        small = opened(1)
        assert isinstance(small, kind)
        np.testing.assert_allclose(small.run(inputs)[0], found, atol=2e-3)


def measured_keys(monkeypatch: pytest.MonkeyPatch, opened: Callable[[int], object]) -> list[str]:
    """The keys of measurements that opening a network asks for."""
    keys: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr("idgbr.engines.measured.kept_seconds", keys.append)
        opened(1)
    return keys
