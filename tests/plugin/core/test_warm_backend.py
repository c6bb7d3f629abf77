"""The worker that stays: asked from the main thread, answered in another one."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from idgbr_qgis.core import warm_backend
from idgbr_qgis.core.errors import BackendLostError, BackendMissingError, PluginError
from idgbr_qgis.core.warm_backend import Call, WarmBackend
from tests.plugin.waiting import wait_until

Backend = Callable[..., None]


@pytest.fixture
def warm() -> Iterator[WarmBackend]:
    warm = WarmBackend()
    yield warm
    warm.end()


def ask(warm: WarmBackend, work: Callable[..., Any]) -> tuple[Call, list[Any]]:
    """A call, and what comes of it: the answer or the error."""
    answers: list[Any] = []
    call = warm.ask(work, lambda _, answer: answers.append(answer), lambda _, error: answers.append(error))
    return call, answers


def answer(warm: WarmBackend, work: Callable[..., Any]) -> Any:
    """What comes of a call in the end."""
    _, answers = ask(warm, work)
    wait_until(lambda: bool(answers))
    return answers[0]


def workers(log: Path) -> list[int]:
    """Process of the worker that answered, for each request."""
    return [json.loads(line)[0] for line in log.read_text().splitlines()]


def run_job(client: Any, _feedback: Any) -> Any:
    return client.run_job("remove-model", {"id": "a"})


def test_one_worker_answers_all_calls_on_the_main_thread(warm: WarmBackend, backend: Backend, tmp_path: Path) -> None:
    log = tmp_path / "log"
    backend("stays", log)
    threads: list[object] = []
    for n in range(3):
        warm.ask(run_job, lambda *_: threads.append(threading.current_thread()), lambda *_: None)
        wait_until(lambda n=n: len(threads) > n)
    assert len(set(workers(log))) == 1
    assert set(threads) == {threading.main_thread()}


def test_rest_and_idleness_end_the_worker(
    warm: WarmBackend, backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    backend("stays", log)
    answer(warm, run_job)
    warm.rest()
    answer(warm, run_job)
    monkeypatch.setattr(warm_backend, "IDLE_S", 0.05)
    answer(warm, run_job)
    time.sleep(0.5)
    answer(warm, run_job)
    first, second, third, fourth = workers(log)
    assert first != second
    assert third != fourth


def test_a_lost_worker_is_told_and_replaced(warm: WarmBackend, backend: Backend, tmp_path: Path) -> None:
    backend("killed")
    assert isinstance(answer(warm, run_job), BackendLostError)
    backend("stays", tmp_path / "log")
    assert answer(warm, run_job) == {"outputs": {}, "summary": {"id": "a"}}


def test_a_worker_that_went_between_calls_is_replaced(warm: WarmBackend, backend: Backend, tmp_path: Path) -> None:
    log = tmp_path / "log"
    backend("stays", log)
    answer(warm, run_job)
    os.kill(workers(log)[0], signal.SIGKILL)
    time.sleep(0.2)
    assert answer(warm, run_job) == {"outputs": {}, "summary": {"id": "a"}}


def test_a_cancelled_call_says_nothing_and_the_next_is_answered(
    warm: WarmBackend, backend: Backend, tmp_path: Path
) -> None:
    backend("obeys_cancel", tmp_path / "mark")
    call, answers = ask(warm, run_job)
    wait_until((tmp_path / "mark.begun").exists)
    call.cancel()
    wait_until((tmp_path / "mark").exists)
    backend("stays", tmp_path / "log")
    assert answer(warm, run_job) == {"outputs": {}, "summary": {"id": "a"}}
    assert answers == []


def test_an_error_nobody_foresaw_does_not_end_the_thread(warm: WarmBackend, backend: Backend, tmp_path: Path) -> None:
    backend("stays", tmp_path / "log")
    error = answer(warm, lambda *_: 1 / 0)
    assert isinstance(error, PluginError)
    assert "division by zero" in str(error)
    assert answer(warm, run_job) == {"outputs": {}, "summary": {"id": "a"}}


def test_a_missing_backend_is_said_at_once(warm: WarmBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_BACKEND_COMMAND", '["no-such-program"]')
    with pytest.raises(BackendMissingError):
        ask(warm, run_job)


def test_the_end_does_not_wait_for_a_deaf_worker(backend: Backend, tmp_path: Path) -> None:
    backend("deaf", tmp_path / "pid")
    warm = WarmBackend()
    call, _ = ask(warm, run_job)
    wait_until((tmp_path / "pid").exists)
    begun = time.monotonic()
    warm.end()
    assert time.monotonic() - begun < warm_backend.END_S + 1
    assert call.feedback.isCanceled()
