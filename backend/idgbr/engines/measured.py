"""Which engine runs a network on the CPU: the faster one on a tile of the job, measured once for each machine and kept.

A measurement holds for a network, the versions of the engines, the processor and the number of threads. It lies among
the compiled networks.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from idgbr.engines.compiled_networks import Compiled, key_of, load, store
from idgbr.errors import DeviceError, ModelError
from idgbr.process import release_memory

#: The engine of networks that are not measured, and the other one; their names in messages.
DEFAULT, OTHER = "openvino", "onnxruntime"
ENGINES = {DEFAULT: "OpenVINO", OTHER: "ONNX Runtime"}
#: An engine other than the default must be faster by this share, because times of a busy machine vary.
LEAST_GAIN = 0.1
#: Runs of a network for each engine: one to warm up, then the best of these.
RUNS = 2
#: Pixels of the smallest job that measures. To load the other engine and to run both took 0.8 s of processor time for
#: each of the three networks of a refined segmentation. Such a job of this size takes 50 s, so it loses 5 %, once.
LEAST_PX = 50_000_000
#: Number of the way of measuring; raise it when that way changes.
_FORM = 1

log = logging.getLogger(__name__)
Seconds = dict[str, float]


class Session(Protocol):
    """See `idgbr.engines.session.Session`."""

    input_names: list[str]

    def run(self, inputs: Any) -> list[Any]:
        """Run once."""
        ...


#: What loads a network in each engine.
Openers = Mapping[str, Callable[[], Session]]


def measurement_key(files: Sequence[Path], facts: Mapping[str, object]) -> str | None:
    """The key of the measurement of network files, which depends on `facts`; None if it cannot be kept."""
    return key_of(files, {"measured": _FORM, "onnxruntime": _version_of_onnxruntime(), **facts})


def _version_of_onnxruntime() -> str:
    for name in ("onnxruntime", "onnxruntime-gpu"):  # importing it takes a quarter of a second
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return "unknown"


def kept_seconds(key: str) -> Seconds | None:
    """The kept seconds for a tile by engine, infinite for one that failed; None if there are none."""
    if (found := load(key)) is None:
        return None
    try:
        seconds = {engine: float(taken) for engine, taken in json.loads(found.network).items()}
    except (ValueError, TypeError, AttributeError):
        return None
    return seconds if seconds.keys() == ENGINES.keys() and min(seconds.values()) > 0 else None


def faster(seconds: Seconds) -> str:
    """The engine to use."""
    return OTHER if seconds[OTHER] < (1 - LEAST_GAIN) * seconds[DEFAULT] else DEFAULT


def tell_engine(path: Path, seconds: Seconds) -> None:
    """Say in the log which engine runs a network, and the times of both."""
    engine = faster(seconds)
    (other,) = ENGINES.keys() - {engine}
    taken = f"takes {seconds[other]:.3f} s" if math.isfinite(seconds[other]) else "failed"
    log.info(
        "%s runs with %s, %.3f s for a tile; %s %s.", path, ENGINES[engine], seconds[engine], ENGINES[other], taken
    )  # fmt: skip


def open_faster(path: Path, openers: Openers, key: str | None, job_px: int) -> Session:
    """The network at `path` in the engine that was faster, or in the default one without a measurement.

    A job of at least `LEAST_PX` measures on its first tile.
    """
    if key and (seconds := kept_seconds(key)):
        tell_engine(path, seconds)
        return openers[faster(seconds)]()
    return MeasuredSession(path, openers, key) if key and job_px >= LEAST_PX else openers[DEFAULT]()


class MeasuredSession:
    """A session that measures both engines on its first inputs, and keeps the faster one.

    `openers` load the network at `path` in each engine. Only one of them is in memory at a time.
    """

    def __init__(self, path: Path, openers: Openers, key: str, clock: Callable[[], float] = perf_counter) -> None:
        self._path, self._openers, self._key, self._clock = path, openers, key, clock
        self._session: Session | None = openers[DEFAULT]()
        self.input_names = self._session.input_names
        self._chosen = False

    def run(self, inputs: Any) -> list[Any]:
        """See `Session.run`; the first call runs the network several times."""
        if not self._chosen:
            self._choose(inputs)
        assert self._session is not None
        return self._session.run(inputs)

    def _choose(self, inputs: Any) -> None:
        # Another process may have measured it in the meantime.
        seconds = kept_seconds(self._key) or self._measured(inputs)
        tell_engine(self._path, seconds)
        if self._session is None or faster(seconds) != DEFAULT:
            self._session = None
            self._session = self._openers[faster(seconds)]()
        self._chosen = True

    def _measured(self, inputs: Any) -> Seconds:
        if self._session is None:  # after a run that was cancelled
            self._session = self._openers[DEFAULT]()
        seconds = {DEFAULT: self._seconds(self._session, inputs)}
        self._session = None
        release_memory()
        try:
            seconds[OTHER] = self._seconds(self._openers[OTHER](), inputs)
        except (DeviceError, ModelError) as error:
            log.info("%s: %s cannot run it (%s).", self._path, ENGINES[OTHER], error)
            seconds[OTHER] = math.inf
        release_memory()
        store(self._key, Compiled({}, json.dumps(seconds).encode()))
        return seconds

    def _seconds(self, session: Session, inputs: Any) -> float:
        """The least time of a run after the first one."""
        session.run(inputs)
        taken = []
        for _ in range(RUNS):
            begun = self._clock()
            session.run(inputs)
            taken.append(self._clock() - begun)
        return min(taken)
