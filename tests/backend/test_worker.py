"""The worker as a real process, driven over its pipes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

import idgbr

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = Path(__file__).with_name("worker_with_fake_jobs.py")
WAIT_S = 20.0


class Client:
    """Writes requests to a worker and reads its messages."""

    def __init__(self, log_dir: Path) -> None:
        self.log_dir = log_dir
        env = os.environ | {"IDGBR_LOG_DIR": str(log_dir), "PYTHONPATH": str(Path(idgbr.__file__).parents[1])}
        log_dir.mkdir()
        with (log_dir / "stderr.txt").open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, env=env
            )
        self.messages: Queue[dict[str, Any] | None] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.messages.put(json.loads(line))
        self.messages.put(None)

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, method: str, params: dict[str, Any] | None = None, request_id: int | None = None) -> None:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params or {}}
        if request_id is not None:
            message["id"] = request_id
        self.write(json.dumps(message).encode() + b"\n")

    def run(self, job: str, request_id: int = 5, **parameters: Any) -> None:
        self.send("job/run", {"job": job, "parameters": parameters}, request_id)

    def next(self) -> dict[str, Any]:
        message = self.messages.get(timeout=WAIT_S)
        assert message is not None, "the worker ended"
        return message

    def initialize(self, version: int = 1) -> dict[str, Any]:
        self.send("initialize", {"protocol_version": version, "client": "test"}, 1)
        return self.next()

    def end(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(WAIT_S)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    client = Client(tmp_path / "logs")
    yield client
    client.process.kill()
    client.process.wait(WAIT_S)
    for stream in (client.process.stdin, client.process.stdout):
        with contextlib.suppress(OSError):
            if stream is not None:
                stream.close()


def wait_for(path: Path, text: str) -> None:
    end = time.monotonic() + WAIT_S
    while not (path.exists() and path.read_text() == text):
        assert time.monotonic() < end, f"{path} never held {text!r}"
        time.sleep(0.02)


def test_initialize_run_and_shutdown(client: Client) -> None:
    result = client.initialize()["result"]
    assert result == {
        "protocol_version": 1,
        "backend_version": idgbr.__version__,
        "devices": [{"id": "cpu"}],
        "models": [{"id": "buildings"}],
    }
    client.send("models/list", request_id=2)
    assert client.next() == {"jsonrpc": "2.0", "id": 2, "result": {"models": [{"id": "buildings"}]}}
    for request_id in (3, 4):
        client.run("echo", request_id, text="Zürich")
        assert client.next()["result"]["summary"] == {"text": "Zürich"}
    client.send("shutdown", request_id=9)
    assert client.next() == {"jsonrpc": "2.0", "id": 9, "result": None}
    assert client.process.wait(WAIT_S) == 0


def test_an_unknown_version_is_told_which_side_to_update(client: Client) -> None:
    newer = client.initialize(version=2)["error"]
    assert newer["code"] == -32003
    assert "backend" in newer["message"].split("update")[1]
    older = client.initialize(version=0)["error"]
    assert "plugin" in older["message"].split("update")[1]
    client.run("echo")
    assert client.next()["error"]["code"] == -32600


def test_broken_lines_are_answered_and_survived(client: Client) -> None:
    client.write(b"{broken\n")
    assert client.next()["error"]["code"] == -32700
    client.write(b"x" * (3 << 20) + b"\n")
    assert client.next()["error"]["code"] == -32004
    client.send("fly", request_id=7)
    answer = client.next()
    assert (answer["id"], answer["error"]["code"]) == (7, -32601)
    client.send("$/unknownNotification")
    assert client.initialize()["result"]["protocol_version"] == 1
    client.send("job/run", {"job": 3}, 8)
    assert client.next()["error"]["code"] == -32602


def test_errors_are_one_line_without_a_traceback(client: Client) -> None:
    client.initialize()
    client.run("bad input")
    error = client.next()["error"]
    assert (error["code"], error["data"]["kind"]) == (-32001, "InputError")
    assert error["message"] == "No such raster: a.tif; check the path."
    for job, kind in (("crash", "ZeroDivisionError"), ("library exit", "SystemExit"), ("huge answer", "ProtocolError")):
        client.run(job)
        error = client.next()["error"]
        assert error["data"]["kind"] == kind
        assert "\n" not in error["message"]
        assert "Traceback" not in error["message"]
    client.run("crash")
    error = client.next()["error"]
    assert error["code"] == -32603
    log = client.log_dir / "worker.log"
    assert str(log) in error["message"]
    assert "Traceback" in log.read_text()


def test_prints_of_libraries_do_not_break_the_protocol(client: Client) -> None:
    client.initialize()
    client.run("chatty")
    messages = [client.next()]
    while "id" not in messages[-1]:
        messages.append(client.next())
    assert messages[-1]["id"] == 5, "a forged answer came through"
    progress = [m["params"] for m in messages if m.get("method") == "$/progress"]
    assert 2 < len(progress) < 60, "progress is throttled"
    assert progress[0]["eta_s"] is None
    last = {"id": 5, "stage": "tiles", "done": 1000, "total": 1000, "message": "", "eta_s": 0.0}
    assert progress[-1] == last
    assert all(p["eta_s"] > 0 for p in progress[1:-1])
    texts = [(m["params"]["level"], m["params"]["text"]) for m in messages if m.get("method") == "$/message"]
    assert texts == [("info", "line one line two"), ("warning", "a doubt")]


def test_busy_then_cancelled_then_free_again(client: Client, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    client.initialize()
    client.run("endless", 5, mark=str(mark))
    wait_for(mark, "running")
    client.run("echo", 6)
    answer = client.next()
    assert (answer["id"], answer["error"]["code"]) == (6, -32002)
    client.send("$/cancelRequest", {"id": 6})  # not the one that runs
    client.send("models/list", request_id=7)
    assert client.next()["id"] == 7
    client.send("$/cancelRequest", {"id": 5})
    answer = client.next()
    assert (answer["id"], answer["error"]["code"], answer["error"]["data"]["kind"]) == (5, -32800, "JobCancelled")
    assert mark.read_text() == "stopped"
    client.run("echo", 8, a=1)
    assert client.next()["result"]["summary"] == {"a": 1}


def test_the_end_of_stdin_cancels_the_job_and_ends_the_worker(client: Client, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    client.initialize()
    client.run("endless", mark=str(mark))
    wait_for(mark, "running")
    assert client.end() == 0
    assert mark.read_text() == "stopped"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no polite signal")
def test_terminate_lets_the_job_clean_up(client: Client, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    client.initialize()
    client.run("endless", mark=str(mark))
    wait_for(mark, "running")
    client.process.send_signal(signal.SIGTERM)
    assert client.process.wait(WAIT_S) == 130
    assert mark.read_text() == "stopped"


def test_shutdown_during_a_job_cancels_it_first(client: Client, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    client.initialize()
    client.run("endless", mark=str(mark))
    wait_for(mark, "running")
    client.send("shutdown", request_id=6)
    assert [client.next()["id"] for _ in range(2)] == [5, 6]
    assert client.process.wait(WAIT_S) == 0
