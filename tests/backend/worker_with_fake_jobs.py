"""A worker with jobs that misbehave in the ways real ones may; started as a script by `test_worker.py`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from idgbr.errors import InputError
from idgbr.worker import Services, main

if TYPE_CHECKING:
    from idgbr.monitor import Monitor


def run_job(name: str, parameters: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
    """Run one of the fake jobs."""
    if name == "echo":
        return {"outputs": {}, "summary": parameters}
    if name == "chatty":
        sys.stdout.write("a library prints on stdout\n")
        os.write(1, b'{"jsonrpc":"2.0","id":99,"result":"forged"}\n')
        sys.stdout.flush()
        for done in range(1001):
            monitor.progress("tiles", done, 1000)
            time.sleep(0.0005)
        monitor.info("line one\nline two")
        monitor.warn("a doubt")
    elif name == "endless":
        mark = Path(parameters["mark"])
        mark.write_text("running")
        try:
            while True:
                monitor.check()
                time.sleep(0.01)
        finally:
            mark.write_text("stopped")
    elif name == "bad input":
        raise InputError("No such raster: a.tif;\n check the path.")
    elif name == "crash":
        raise ZeroDivisionError("division by zero")
    elif name == "library exit":
        raise SystemExit(3)
    elif name == "huge answer":
        return {"outputs": {}, "summary": {"text": "x" * (2 << 20)}}
    return {"outputs": {"OUTPUT": name}, "summary": {}}


if __name__ == "__main__":
    models = [{"id": "buildings"}]
    devices = [{"id": "cpu"}]
    main(Services(run_job=run_job, list_models=lambda: models, list_devices=lambda: devices))
