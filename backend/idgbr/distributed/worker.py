"""The worker side of a cluster: opens a job and loads its models once, then computes blocks of it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from idgbr import __version__
from idgbr.change.registration import Shift
from idgbr.distributed.blocks import Block, BlockFile
from idgbr.engines.devices import choose_device
from idgbr.errors import ClusterError, InputError, JobCancelled, ModelError
from idgbr.jobs.detect_changes import Comparison
from idgbr.jobs.refine import MapFacts, Refinement
from idgbr.jobs.segment import Segmentation
from idgbr.monitor import Monitor, listening
from idgbr.options import build_parameters
from idgbr.parameters import DetectChangesParameters, RefineParameters, SegmentParameters
from idgbr.pipeline.stage import StagedJob, TiledStage
from idgbr.raster.bad_blocks import Block as DamagedBlock
from idgbr.raster.reader import RasterSource

#: Interval at which a block checks whether it is cancelled, in s.
_ASK_S = 0.2
#: Permanent errors: a retry would give the same.
_LASTING = (InputError, ModelError, ClusterError)


class BlockMonitor(Monitor):
    """The monitor of a block: cancelled if the scheduler has cancelled the task or lost the job."""

    def __init__(self) -> None:
        super().__init__()
        from distributed import get_worker

        self._worker = get_worker()
        self._key = self._worker.get_current_task()
        self._asked = time.monotonic()

    def check(self) -> None:
        """Raise `JobCancelled` if the block is no longer needed."""
        now = time.monotonic()
        if now - self._asked > _ASK_S:
            self._asked = now
            task = self._worker.state.tasks.get(self._key)
            if task is None or task.state == "cancelled":
                self.cancel()
        super().check()


@dataclass
class _Open:
    """A job that is open on a worker."""

    order: str
    closing: ExitStack
    job: StagedJob
    stages: dict[str, TiledStage[Any]]


_lock = threading.Lock()
_open: list[_Open] = []


def tell_device(wanted: str, version: str) -> dict[str, Any]:
    """The device that this worker chooses for `wanted`. Raises ClusterError if it has another version."""
    if version != __version__:
        raise ClusterError(f"a worker runs idgbr {__version__}, this is {version}; install the same version on both.")
    return asdict(choose_device(wanted, Monitor()))


def make_block(order: dict[str, Any], stage: str, block: tuple[int, int]) -> dict[str, Any]:
    """Make the file of a block of a stage of the ordered job; returns a record of it, see `merge_record`.

    The order has the kind of `job`, its `parameters`, its folder `work` and that of its `blocks`, and the `identity`,
    which must be the same here. For a refinement it has `found`, for a comparison the `shift` between the dates.
    """

    def make(opened: _Open, monitor: Monitor) -> dict[str, Any]:
        return {"changed": BlockFile(Path(order["blocks"]), opened.stages[stage], Block(*block)).make(monitor)}

    return _record(order, make)


def estimate_label_noise(order: dict[str, Any]) -> dict[str, Any]:
    """Label noise of the map in an ordered refinement; returns a record like `make_block`."""

    def look(opened: _Open, monitor: Monitor) -> dict[str, Any]:
        assert isinstance(opened.job, Refinement)
        return {"doubt": opened.job.estimate_label_noise(monitor)}

    return _record(order, look)


def _record(order: dict[str, Any], work: Callable[[_Open, Monitor], dict[str, Any]]) -> dict[str, Any]:
    """The record of a piece of work on the ordered job.

    Permanent errors are returned instead of raised, because Dask retries a task that raises.
    """
    began = time.monotonic()
    with _lock:  # a network serves one block at a time
        waited = time.monotonic() - began
        try:
            opened = _opened(order)
            sources = opened.job.sources
            bad_before = [set(source.bad_blocks) for source in sources]
            looked_before = [list(source.looked_at) for source in sources]
            monitor = BlockMonitor()
            with listening(monitor):
                found = work(opened, monitor)
        except JobCancelled:
            raise
        except _LASTING as error:
            return {"error": type(error).__name__, "message": str(error)}
        bad = [
            [(b.top, b.bottom, b.left, b.right) for b in source.bad_blocks - before]
            for source, before in zip(sources, bad_before, strict=True)
        ]
    looked_at = [
        [now - then for now, then in zip(source.looked_at, before, strict=True)]
        for source, before in zip(sources, looked_before, strict=True)
    ]
    return {**found, "bad_blocks": bad, "looked_at": looked_at, "seconds": time.monotonic() - began - waited}


def merge_record(record: Mapping[str, Any], sources: Sequence[RasterSource]) -> Mapping[str, Any]:
    """A record; its bad blocks and missing pixels are added to the job's images.

    Raises the error in it.
    """
    if "error" in record:
        kinds = {kind.__name__: kind for kind in _LASTING}
        raise kinds[record["error"]](record["message"])
    for source, blocks, looked_at in zip(sources, record["bad_blocks"], record["looked_at"], strict=True):
        source.bad_blocks.update(DamagedBlock(*bad) for bad in blocks)
        source.looked_at = [total + here for total, here in zip(source.looked_at, looked_at, strict=True)]
    return record


def _opened(order: dict[str, Any]) -> _Open:
    """The ordered job; opened if another job was open before. Raises ClusterError if something differs here."""
    known = json.dumps(order, sort_keys=True)
    if _open and _open[0].order == known:
        return _open[0]
    while _open:
        _open.pop().closing.close()
    work = Path(order["work"])
    if not work.is_dir():
        raise ClusterError(f"{work}: a worker does not see the folder of the job; outputs must be on shared storage.")
    with ExitStack() as stack:
        job = _OPENERS[order["job"]](order, work, stack)
        device = choose_device(order["parameters"]["device"], job.monitor)
        _compare(*(json.loads(json.dumps(identity)) for identity in (job.identity(device), order["identity"])))
        job.use(device)
        tiled = {stage.name: stage for stage in job.stages() if isinstance(stage, TiledStage)}
        opened = _Open(known, stack.pop_all(), job, tiled)
    _open.append(opened)
    return opened


def _segmentation(order: dict[str, Any], work: Path, stack: ExitStack) -> StagedJob:
    return Segmentation.opened(build_parameters(SegmentParameters, order["parameters"]), work, Monitor(), stack)


def _refinement(order: dict[str, Any], work: Path, stack: ExitStack) -> StagedJob:
    job = Refinement.opened(build_parameters(RefineParameters, order["parameters"]), work, Monitor(), stack)
    job.set_map(MapFacts(**order["found"]))
    return job


def _comparison(order: dict[str, Any], work: Path, stack: ExitStack) -> StagedJob:
    parameters = build_parameters(DetectChangesParameters, order["parameters"])
    return Comparison.opened(parameters, work, Monitor(), stack, Shift(**order["shift"]))


_OPENERS = {"segment": _segmentation, "refine": _refinement, "detect-changes": _comparison}


def _compare(here: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Raise ClusterError if a job's identity differs on this worker; the choice among equal GPUs does not count."""
    other = sorted(key for key in {*here, *wanted} - {"device"} if here.get(key) != wanted.get(key))
    devices = [(identity["device"][0].split(":")[0], identity["device"][1]) for identity in (here, wanted)]
    if devices[0] != devices[1]:
        other.append(f"device ({' '.join(devices[0])} rather than {' '.join(devices[1])})")
    if other:
        raise ClusterError(
            f"a worker has another {', '.join(other)}; give all workers the same files, models, version and devices."
        )
