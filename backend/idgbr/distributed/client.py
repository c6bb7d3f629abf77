"""The connection to a Dask scheduler: workers, tasks, and their results."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from idgbr.errors import ClusterError, first_line
from idgbr.monitor import Monitor

if TYPE_CHECKING:
    from distributed import Future

log = logging.getLogger(__name__)

#: Resource of workers for blocks; each unit allows one block at a time. Without such workers, all get blocks.
GPU = "GPU"
#: How long to wait for the scheduler's answer, in s.
ANSWER_S = 10.0
#: Interval at which tasks are checked, in s: a cancel takes effect within it.
LOOK_S = 0.05
#: Interval at which workers are counted, in s.
_COUNT_S = 2.0
#: Retries of a task after a temporary error.
RETRIES = 2


class Cluster:
    """Workers of a Dask cluster; use through `idgbr.distributed.coordinator.executor_of`."""

    def __init__(self, address: str, monitor: Monitor) -> None:
        """Connect. Raises ClusterError."""
        try:
            import distributed
        except ImportError as error:
            raise ClusterError(
                "a cluster needs the package distributed; install the extra idgbr[cluster], here and on all workers."
            ) from error
        _log_to_file()
        self.address, self._monitor = address, monitor
        try:
            self._client = distributed.Client(address, timeout=ANSWER_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(
                f"{address}: no Dask scheduler answers there ({first_line(error)}); start one with `dask scheduler`, "
                "or check the address, such as tcp://host:8786."
            ) from error
        self._slots, self._counted, self._gpus = 0, -_COUNT_S, False

    def close(self) -> None:
        """Cancel the tasks that are still running, and disconnect."""
        with suppress(Exception):
            self._client.close(timeout=1)

    @property
    def slots(self) -> int:
        """Number of blocks that can be computed at the same time, 0 without workers. Raises ClusterError."""
        if time.monotonic() - self._counted >= _COUNT_S:
            self.check()
            with self._answering():
                workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
            gpus = sum(int(worker["resources"].get(GPU, 0)) for worker in workers)
            self._gpus = gpus > 0
            self._slots, self._counted = gpus or len(workers), time.monotonic()
        return self._slots

    def wait_for_workers(self) -> None:
        """Wait until there is a worker; reports the wait."""
        if not self.slots:
            self._monitor.info(f"Waiting for workers at {self.address}.")
        while not self.slots:
            self._monitor.check()
            time.sleep(LOOK_S)

    @property
    def workers_text(self) -> str:
        """Number of workers, as text."""
        return f"{self._slots} {'GPU' if self._gpus else 'worker'}{'s' * (self._slots > 1)}"

    def ask(self, function: Callable[..., dict[str, Any]], *arguments: Any) -> Mapping[str, Any]:
        """The result of a function called on a worker; waits for it."""
        self.wait_for_workers()
        future = self.submit(function, *arguments)
        found = None
        while found is None:
            self.check()
            self._monitor.check()
            if future.done():
                found = self.result(future)
            else:
                time.sleep(LOOK_S)
        return found

    def submit(self, function: Callable[..., dict[str, Any]], *arguments: Any) -> Future:
        """Call a function on a worker; repeated if the worker dies or the function fails unexpectedly."""
        with self._answering():
            return self._client.submit(
                function, *arguments, retries=RETRIES, pure=False, resources={GPU: 1} if self._gpus else None
            )

    def check(self) -> None:
        """Raise ClusterError if the scheduler does not respond."""
        if self._client.status != "running":
            raise self._gone()

    def _gone(self) -> ClusterError:
        return ClusterError(
            f"{self.address}: the Dask scheduler does not respond any more; start it again, or run without the cluster."
        )

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Context of each request to the scheduler. Raises ClusterError if it does not respond."""
        try:
            yield
        except Exception as error:  # of the socket, the event loop or the client, whichever notices the loss first
            raise self._gone() from error

    def result(self, future: Future) -> Mapping[str, Any] | None:
        """Result of a finished task; None if it has to be repeated because its worker died.

        Raises the function's error, or ClusterError.
        """
        from distributed.scheduler import KilledWorker

        self.check()
        if future.status == "error":
            with self._answering():
                error = future.exception(timeout=ANSWER_S)
            if isinstance(error, KilledWorker):
                raise ClusterError(
                    f"{self.address}: a block was given up because {error.allowed_failures + 1} workers died at it, "
                    "perhaps for lack of memory; see the workers' logs."
                ) from error
            raise error
        if future.status != "finished":  # taken back by the scheduler, as when it was started anew
            raise self._gone()
        found: Mapping[str, Any] | None = None
        with self._answering(), suppress(TimeoutError):
            found = future.result(timeout=ANSWER_S)
        return found

    def cancel(self, futures: Iterable[Future]) -> None:
        """Cancel tasks; workers notice at their next tile."""
        with suppress(Exception):
            self._client.cancel(list(futures), force=True)


def _log_to_file() -> None:
    """Send Dask's log to the log file: by default it goes to stderr, at every lost connection."""
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
        logger.propagate = True
