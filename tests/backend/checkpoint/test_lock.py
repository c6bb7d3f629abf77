"""Locks: dead owners are found out, living ones respected."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from idgbr.checkpoint import lock
from idgbr.checkpoint.lock import Lock, Owner, holder
from idgbr.errors import OutputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / ".o.gpkg.idgbr"
    path.mkdir()
    return path


def held_by(folder: Path, **changes: object) -> Path:
    """The lock of another owner in a folder."""
    path = folder / lock.NAME
    path.write_text(json.dumps(asdict(Owner.here()) | changes))
    return path


def take(folder: Path) -> None:
    output = folder.with_name("o.gpkg")
    with Lock(folder, output):
        with pytest.raises(OutputError, match=f"another job is writing it .process {os.getpid()}"):
            Lock(folder, output).__enter__()
        assert holder(folder)
    assert not folder.exists(), "an empty folder goes with its lock"


def test_a_lock_is_held_once(folder: Path) -> None:
    take(folder)
    take(folder)


def test_the_lock_of_a_dead_process_is_taken_over(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    held_by(folder, pid=process.pid)
    take(folder)


def test_a_number_that_went_to_another_process_is_no_owner(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        held_by(folder, pid=process.pid, started=time.time() - 5000)
        take(folder)
        folder.mkdir()
        held_by(folder, pid=process.pid, started=time.time())
        with pytest.raises(OutputError, match=f"process {process.pid}"):
            Lock(folder, folder.with_name("o.gpkg")).__enter__()
        process.communicate(b"\n")


def test_another_computer_is_waited_for_until_it_has_been_silent_for_long(folder: Path) -> None:
    path = held_by(folder, host=f"not-{socket.gethostname()}")
    with pytest.raises(OutputError, match=r"on the computer not-.* is writing it \(last sign of life"):
        Lock(folder, folder.with_name("o.gpkg")).__enter__()
    assert path.exists()
    silent = time.time() - lock.ABANDONED_S - 1
    os.utime(path, (silent, silent))
    take(folder)


def test_a_lock_cut_off_by_a_crash_is_respected_for_a_moment_only(folder: Path) -> None:
    path = folder / lock.NAME
    path.write_text('{"pid": 12')
    with pytest.raises(OutputError, match="a job is about to write it"):
        Lock(folder, folder.with_name("o.gpkg")).__enter__()
    silent = time.time() - lock.BEAT_S - 1
    os.utime(path, (silent, silent))
    take(folder)


def test_a_lock_shows_that_it_is_alive(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "BEAT_S", 0.01)
    with Lock(folder, folder.with_name("o.gpkg")):
        os.utime(folder / lock.NAME, (1, 1))
        end = time.monotonic() + 10
        while (folder / lock.NAME).stat().st_mtime < 2:
            assert time.monotonic() < end
            time.sleep(0.01)
