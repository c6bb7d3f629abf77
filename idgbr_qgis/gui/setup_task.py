"""The set-up in the background: looking for what there is, and carrying out a plan."""

from __future__ import annotations

import time

from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from idgbr_qgis.core import settings
from idgbr_qgis.core.setup.failures import Kind, SetupError
from idgbr_qgis.core.setup.find_python import Python, find_pythons, find_uv
from idgbr_qgis.core.setup.install import Outcome, Progress, set_up
from idgbr_qgis.core.setup.plan import Gpu, Plan, find_gpu
from idgbr_qgis.core.translation import tr

#: Least time between two reports of a stage.
_INTERVAL_S = 0.1
#: Tasks that are not over: without a reference from Python, a task loses its Python part, whatever QGIS holds.
_ALIVE: set[QgsTask] = set()


class SearchTask(QgsTask):
    """Looks for Pythons, uv and a GPU, which starts programs and so takes seconds; `over` passes itself on."""

    over = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__(tr("Looking for Python and a GPU"), QgsTask.Flag.Hidden)
        _ALIVE.add(self)
        self.pythons: list[Python] = []
        self.uv: str | None = None
        self.gpu: Gpu | None = None

    def run(self) -> bool:
        """Work in the task's thread."""
        self.pythons, self.uv, self.gpu = find_pythons(), find_uv(), find_gpu()
        return True

    def finished(self, result: bool) -> None:
        """Tell; QGIS calls it on the main thread."""
        _ALIVE.discard(self)
        if result:
            self.over.emit(self)


class SetupTask(QgsTask):
    """Carries out a plan; afterwards `outcome` or `error` is set."""

    advanced = pyqtSignal(object)

    def __init__(self, plan: Plan) -> None:
        super().__init__(tr("Setting up the IDGBR backend"), QgsTask.Flag.CanCancel)
        _ALIVE.add(self)
        self.plan = plan
        self.outcome: Outcome | None = None
        self.error: SetupError | None = None
        self._last = (0.0, "")

    def run(self) -> bool:
        """Work in the task's thread."""
        try:
            self.outcome = set_up(self.plan, self._report, self.isCanceled)
        except SetupError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001
            self.error = SetupError(Kind.UNKNOWN, f"{type(error).__name__}: {error}")
        return self.outcome is not None

    def finished(self, result: bool) -> None:
        """Make what was set up the backend, with or without a dialog; QGIS calls it on the main thread."""
        _ALIVE.discard(self)
        if result and self.outcome is not None:
            settings.set_backend_python(str(self.outcome.python))

    def _report(self, progress: Progress) -> None:
        now = time.monotonic()
        at, stage = self._last
        if stage == progress.stage.name and now - at < _INTERVAL_S and progress.done_mb < progress.total_mb:
            return
        self._last = (now, progress.stage.name)
        self.advanced.emit(progress)
