"""A worker that keeps running between requests, so that previews and lists of models are quick."""

from __future__ import annotations

import queue
import threading
from contextlib import ExitStack
from enum import Enum
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import QObject, pyqtSignal

from idgbr_qgis.core import settings
from idgbr_qgis.core.backend_client import BackendClient, Listener, Timeouts
from idgbr_qgis.core.environment import worker_environment
from idgbr_qgis.core.errors import JobCancelledError, PluginError
from idgbr_qgis.core.paths import BACKEND
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[BackendClient, QgsProcessingFeedback], Any]

#: The worker ends when nothing was asked for so long, as loaded models take memory.
IDLE_S = 300.0
#: What ends with QGIS or the plugin cannot wait long.
END_S = 3.0


class Call(QObject):
    """A question to the backend; one of the signals comes on the main thread, unless it was cancelled."""

    done = pyqtSignal(object)
    failed = pyqtSignal(object)

    def __init__(self, work: Work, command: list[str]) -> None:
        super().__init__()
        self.work, self.command = work, command
        self.feedback = QgsProcessingFeedback(False)
        self.warnings: list[str] = []

    def cancel(self) -> None:
        """Forget the question; the worker stops as soon as it can."""
        self.feedback.cancel()


class _Order(Enum):
    """What the thread is told between calls."""

    REST = "rest"
    END = "end"


class WarmBackend(QObject):
    """Asks one worker, one call after another, in a thread of its own; starts it when it is first needed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._orders: queue.SimpleQueue[Call | _Order] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._last: Call | None = None

    def ask(
        self, work: Work, done: Callable[[Call, Any], object], failed: Callable[[Call, PluginError], object]
    ) -> Call:
        """Let `work` talk to the worker, in the thread; what comes of it is told on this one, the main thread.

        Raises `BackendMissingError` where there is none.
        """
        call = Call(work, settings.worker_command())
        call.done.connect(lambda answer: done(call, answer))
        call.failed.connect(lambda error: failed(call, error))
        if self._thread is None:
            # A daemon: a worker that hangs must not keep QGIS from ending.
            self._thread = threading.Thread(target=_serve, args=(self._orders,), name="idgbr", daemon=True)
            self._thread.start()
        self._last = call
        self._orders.put(call)
        return call

    def rest(self) -> None:
        """Let the worker end once it has answered, so that a job has the memory and the device to itself."""
        self._orders.put(_Order.REST)

    def end(self) -> None:
        """Stop at once, before the plugin goes."""
        if self._last is not None:
            self._last.cancel()
        if self._thread is not None:
            self._orders.put(_Order.END)
            self._thread.join(END_S)
            self._thread = None


class _CallListener(Listener):
    """Passes on what concerns the call that is being answered."""

    def __init__(self) -> None:
        self.call: Call | None = None

    def cancelled(self) -> bool:
        return self.call is not None and self.call.feedback.isCanceled()

    def message(self, level: str, text: str) -> None:
        if self.call is not None and level == "warning":
            self.call.warnings.append(text)


class _Worker:
    """The worker, started when it is needed; for the thread alone."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._client: BackendClient | None = None
        self._listener = _CallListener()

    @property
    def started(self) -> bool:
        return self._client is not None

    def answer(self, call: Call) -> Any:
        if self._client is None or not self._client.serves(call.command):
            self.stop()
            timeouts = Timeouts(cancel=END_S - 1, terminate=1.0)
            self._listener.call = call
            client = BackendClient(call.command, worker_environment(BACKEND), self._listener, timeouts)
            self._client = self._stack.enter_context(client)
        self._listener.call = call
        try:
            return call.work(self._client, call.feedback)
        finally:
            self._listener.call = None

    def stop(self) -> None:
        self._client = None
        self._stack.close()


def _serve(orders: queue.SimpleQueue[Call | _Order]) -> None:
    """Answer calls, in the thread; a worker that nobody asks for a while is let go."""
    worker = _Worker()
    while True:
        try:
            order = orders.get(timeout=IDLE_S if worker.started else None)
        except queue.Empty:
            order = _Order.REST
        if isinstance(order, _Order):
            worker.stop()
            if order is _Order.END:
                return
            continue
        try:
            if not order.feedback.isCanceled():
                answer = worker.answer(order)
                order.done.emit(answer)
        except JobCancelledError:
            pass
        except PluginError as error:
            order.failed.emit(error)
        except Exception as error:  # noqa: BLE001 (nothing may end the thread unsaid)
            order.failed.emit(PluginError(tr("Unexpected error: {error}").format(error=error), repr(error)))
        del order  # its last reference shall be on the main thread, where it lives
