"""Processes of tests, forked from one that has the backend loaded: each would need seconds of its own for that."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

import idgbr

ROOT = Path(__file__).parents[2]
_METHODS = multiprocessing.get_all_start_methods()
_CONTEXT = multiprocessing.get_context("forkserver" if "forkserver" in _METHODS else "spawn")
_LOADED = ("idgbr.run", "idgbr.distributed.worker", "distributed.cli.dask_scheduler", "distributed.cli.dask_worker")


def start(
    target: Callable[..., None], *arguments: object, log: Path, environment: Mapping[str, str] | None = None
) -> BaseProcess:
    """Start a process that calls a function of a module; what it prints goes to `log`."""
    if isinstance(_CONTEXT, multiprocessing.context.ForkServerContext):
        _CONTEXT.set_forkserver_preload(list(_LOADED))
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(idgbr.__file__).parents[1]), str(ROOT)])
    try:
        process = _CONTEXT.Process(target=_run, args=(dict(environment or os.environ), str(log), target, *arguments))
        process.start()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    return process


def _run(environment: dict[str, str], log: str, target: Callable[..., None], *arguments: object) -> None:
    os.environ.update(environment)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(file, number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1, closefd=False) for number in (1, 2))
    target(*arguments)
