"""The client against workers that behave well and badly."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from idgbr_qgis.core.backend_client import BackendClient, Listener, Progress, Timeouts
from idgbr_qgis.core.environment import worker_environment
from idgbr_qgis.core.errors import BackendError, BackendLostError, BackendMissingError, JobCancelledError

QUICK = Timeouts(start=10, initialize=20, cancel=0.5, terminate=1.0, slice=0.05)
Scripted = Callable[..., list[str]]


class Recorder(Listener):
    """Keeps what is reported; cancels once there was progress, if told to."""

    def __init__(self, cancel: bool = False) -> None:
        self.reports: list[Progress] = []
        self.texts: list[tuple[str, str]] = []
        self._cancel = cancel

    def cancelled(self) -> bool:
        return self._cancel and bool(self.reports)

    def progress(self, progress: Progress) -> None:
        self.reports.append(progress)

    def message(self, level: str, text: str) -> None:
        self.texts.append((level, text))


def client(command: list[str], listener: Listener | None = None, timeouts: Timeouts = QUICK) -> BackendClient:
    return BackendClient(command, worker_environment(Path("nowhere")), listener, timeouts)


def run(command: list[str], listener: Listener | None = None) -> dict[str, object]:
    with client(command, listener) as worker:
        return worker.run_job("segment", {"input": "a.tif"})


def test_worker_says_what_it_is(scripted: Scripted) -> None:
    with client(scripted("echo")) as worker:
        assert worker.info.version == "9.9"
        assert [device["id"] for device in worker.info.devices] == ["cuda:0", "cpu"]
        assert [model["id"] for model in worker.info.models] == ["buildings"]


def test_job_gets_its_parameters_and_returns_its_result(scripted: Scripted) -> None:
    assert run(scripted("echo"))["summary"] == {"job": "segment", "parameters": {"input": "a.tif"}}


def test_progress_and_messages_are_passed_on(scripted: Scripted) -> None:
    recorder = Recorder()
    run(scripted("talk"), recorder)
    assert recorder.reports == [Progress("segment", 1, 10), Progress("segment", 5, 10, "", 12.5)]
    assert recorder.texts == [("info", "a fact"), ("warning", "a doubt")]


@pytest.mark.parametrize("scenario", ["late", "broken", "oversized"])
def test_lines_that_do_not_belong_are_skipped(scripted: Scripted, scenario: str) -> None:
    recorder = Recorder()
    assert run(scripted(scenario), recorder)["summary"] == {"right": True}
    assert all(report.done == 1 for report in recorder.reports)


def test_a_line_may_arrive_in_halves(scripted: Scripted) -> None:
    assert run(scripted("halves"))["summary"] == {"place": "Zürich"}


def test_killed_worker_is_reported_with_the_end_of_its_log(scripted: Scripted) -> None:
    with pytest.raises(BackendLostError, match="out of memory") as caught:
        run(scripted("killed"))
    assert "\n" not in str(caught.value)
    assert caught.value.details.splitlines() == ["an engine says something", "out of memory"]


def test_worker_that_ends_at_once_is_reported_with_its_status(scripted: Scripted) -> None:
    with pytest.raises(BackendLostError, match=r"exit status 3.*No module named idgbr"):
        run(scripted("ends"))


def test_error_of_the_job_is_the_workers_one_line(scripted: Scripted) -> None:
    with pytest.raises(BackendError, match=r"^image.tif has 1 band, the model wants 3; choose another model.$"):
        run(scripted("fails"))


@pytest.mark.parametrize(
    ("scenario", "side"), [("refuses_version", "plugin"), ("newer", "plugin"), ("older", "update the backend")]
)
def test_version_mismatch_says_which_side_to_update(scripted: Scripted, scenario: str, side: str) -> None:
    with pytest.raises(BackendError, match=side) as caught:
        run(scripted(scenario))
    assert caught.value.code == -32003


def test_silent_worker_is_given_up(scripted: Scripted) -> None:
    begun = time.monotonic()
    with (
        pytest.raises(BackendLostError, match="did not answer within"),
        client(scripted("silent"), timeouts=Timeouts(initialize=0.5, terminate=1.0)),
    ):
        pass
    assert time.monotonic() - begun < 10


def test_missing_program_says_where_to_set_it() -> None:
    with pytest.raises(BackendMissingError, match=r"no/such/python.*Options"):
        run(["no/such/python", "-m", "idgbr"])


def test_cancel_is_asked_for_politely(scripted: Scripted, tmp_path: Path) -> None:
    with pytest.raises(JobCancelledError):
        run(scripted("obeys_cancel", tmp_path / "mark"), Recorder(cancel=True))
    assert (tmp_path / "mark").read_text() == "obeyed"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminate signal")
def test_cancel_then_terminates(scripted: Scripted, tmp_path: Path) -> None:
    with pytest.raises(JobCancelledError):
        run(scripted("obeys_terminate", tmp_path / "mark"), Recorder(cancel=True))
    assert (tmp_path / "mark").read_text() == "terminated"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminate signal")
def test_cancel_kills_in_the_end(scripted: Scripted, tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(JobCancelledError):
        run(scripted("deaf", tmp_path / "pid"), Recorder(cancel=True))
    assert time.monotonic() - begun < 10
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_cancel_while_the_worker_starts(scripted: Scripted) -> None:
    class Impatient(Listener):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(JobCancelledError):
        run(scripted("silent"), Impatient())


def test_client_works_in_a_thread(scripted: Scripted) -> None:
    results = []
    thread = threading.Thread(target=lambda: results.append(run(scripted("echo"))))
    thread.start()
    thread.join(20)
    assert results[0]["summary"]["job"] == "segment"
