"""Waiting for what may take long and cannot be broken off, such as an answer over a network."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
#: How often is looked whether to go on waiting, s.
LOOK_S = 0.1


def awaited(call: Callable[[], Result], check: Callable[[], None]) -> Result:
    """What `call` returns or raises; or what `check` raises meanwhile: then the call goes on in its thread."""
    found: list[Result] = []
    failed: list[BaseException] = []
    ended = threading.Event()

    def run() -> None:
        try:
            found.append(call())
        except BaseException as error:  # noqa: BLE001 (it is raised where it is waited for)
            failed.append(error)
        ended.set()

    check()
    # A daemon, so that the program may end before the network answers.
    threading.Thread(target=run, name="waiting", daemon=True).start()
    while not ended.wait(LOOK_S):
        check()
    if failed:
        raise failed[0]
    return found[0]


def pause(seconds: float, check: Callable[[], None]) -> None:
    """Wait for some seconds, or until `check` raises."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        check()
        time.sleep(min(left, LOOK_S))
