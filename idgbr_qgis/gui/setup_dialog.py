"""The dialog "Set up backend…": a plan to agree to, progress with a cancel, and what came of it."""

from __future__ import annotations

import html
import time
from dataclasses import replace

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont, QFontDatabase, QIcon
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from idgbr_qgis.core import settings
from idgbr_qgis.core.paths import ICON
from idgbr_qgis.core.qgis_network import qgis_network
from idgbr_qgis.core.setup.diagnostics import report
from idgbr_qgis.core.setup.failures import Kind, SetupError
from idgbr_qgis.core.setup.install import Outcome, Progress, Stage, read_log
from idgbr_qgis.core.setup.plan import Plan
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.setup_plan_page import PlanPage, note
from idgbr_qgis.gui.setup_task import SearchTask, SetupTask

#: Lines of details shown of a failure.
_DETAIL_LINES = 40


class SetupDialog(QDialog):
    """Plan, progress, result. Closing it leaves a set-up that runs to go on; it is still in the task manager."""

    done_well = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Set up the IDGBR backend"))
        self.setWindowIcon(QIcon(str(ICON)))
        self.resize(660, 420)
        self._task: SetupTask | None = None
        self._plan: Plan | None = None
        self._error: SetupError | None = None

        self.pages = QStackedWidget()
        self.plan_page = PlanPage()
        self.progress_page = ProgressPage()
        self.result_page = ResultPage()
        for page in (self.plan_page, self.progress_page, self.result_page):
            self.pages.addWidget(page)
        self._title = QLabel()
        font = QFont(self._title.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self._title.setFont(font)

        buttons = QDialogButtonBox()
        action, reset, reject = (
            QDialogButtonBox.ButtonRole.ActionRole,
            QDialogButtonBox.ButtonRole.ResetRole,
            QDialogButtonBox.ButtonRole.RejectRole,
        )
        self.start = buttons.addButton(tr("Set up"), QDialogButtonBox.ButtonRole.ApplyRole)
        self.again = buttons.addButton(tr("Back"), reset)
        self.copy = buttons.addButton(tr("Copy diagnostics"), action)
        self.cancel = buttons.addButton(tr("Cancel set-up"), action)
        self.close_button: QPushButton = buttons.addButton(tr("Close"), reject)
        self.start.setDefault(True)
        self.start.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.addWidget(self._title)
        layout.addWidget(self.pages, 1)
        layout.addWidget(buttons)

        self.plan_page.ready.connect(self.start.setEnabled)
        self.start.clicked.connect(self.begin)
        self.again.clicked.connect(self.look)
        self.copy.clicked.connect(self._copy_diagnostics)
        self.cancel.clicked.connect(self._cancel)
        buttons.rejected.connect(self.reject)
        self.look()

    @property
    def running(self) -> bool:
        """Whether a set-up is under way."""
        return self._task is not None

    @property
    def doubts(self) -> bool:
        """Whether the last page has more to say than that all is well."""
        return self._error is not None or self.result_page.doubts

    def look(self) -> None:
        """Show the first page, and look for what there is."""
        self._show_page(self.plan_page, tr("What will be installed"))
        search = SearchTask()
        # To a method, not a function: Qt takes such a connection down with the page.
        search.over.connect(self.plan_page.show_found)
        QgsApplication.taskManager().addTask(search)

    def begin(self) -> None:
        """Carry out what the first page says."""
        plan = self.plan_page.plan()
        if plan is None:
            return
        self._plan = plan
        try:
            self._plan = plan = replace(plan, network=qgis_network(plan.folder))
        except SetupError as error:
            self._show_failure(error)
            return
        self.progress_page.begin(download=plan.wheels is None)
        self._show_page(self.progress_page, tr("Setting up"))
        self._task = SetupTask(plan)
        self._task.advanced.connect(self.progress_page.show_progress)
        self._task.taskCompleted.connect(self._finish)
        self._task.taskTerminated.connect(self._finish)
        QgsApplication.taskManager().addTask(self._task)

    def diagnostics(self) -> str:
        """The report for others."""
        facts = {"QGIS": Qgis.version()}
        log = read_log(self._plan.folder) if self._plan is not None else ""
        return report(self._plan, self._error, log, facts)

    def _cancel(self) -> None:
        if self._task is not None:
            self.cancel.setEnabled(False)
            self.progress_page.say(tr("Cancelling…"))
            self._task.cancel()

    def _finish(self) -> None:
        task, self._task = self._task, None
        if task is None:
            return
        if task.outcome is not None:
            self._error = None
            self.result_page.show_outcome(task.outcome)
            self._show_page(self.result_page, tr("The backend is ready"))
            self.done_well.emit()
        else:
            # A task that was cancelled before its turn has said nothing.
            self._show_failure(task.error or SetupError(Kind.CANCELLED))

    def _show_failure(self, error: SetupError) -> None:
        self._error = error
        self.result_page.show_error(error)
        cancelled = error.kind is Kind.CANCELLED
        self._show_page(self.result_page, tr("Cancelled") if cancelled else tr("The backend could not be set up"))

    def _show_page(self, page: QWidget, title: str) -> None:
        self._title.setText(title)
        self.pages.setCurrentWidget(page)
        running, result = page is self.progress_page, page is self.result_page
        self.start.setVisible(page is self.plan_page)
        self.again.setVisible(result and self._error is not None)
        self.copy.setVisible(result)
        self.cancel.setVisible(running)
        self.cancel.setEnabled(True)
        self.close_button.setText(tr("Continue in the background") if running else tr("Close"))

    def _copy_diagnostics(self) -> None:
        QgsApplication.clipboard().setText(self.diagnostics())
        self.copy.setText(tr("Copied"))


class ProgressPage(QWidget):
    """The stages with a mark at each that is done, and how many megabytes are there."""

    def __init__(self) -> None:
        super().__init__()
        self._marks = {stage: QLabel() for stage in Stage}
        self._stages = {stage: QLabel(tr(stage.value)) for stage in Stage}
        self._shown: list[Stage] = []
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        hint = note(tr("You can use QGIS in the meantime. Downloads are kept in any case."))
        layout = QVBoxLayout(self)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, stage in enumerate(Stage):
            grid.addWidget(self._marks[stage], row, 0, Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(self._stages[stage], row, 1)
        layout.addLayout(grid)
        layout.addSpacing(12)
        layout.addWidget(self.bar)
        layout.addWidget(self.text)
        layout.addStretch(1)
        layout.addWidget(hint)

    def begin(self, *, download: bool) -> None:
        """Show that nothing is done yet."""
        self._shown = [stage for stage in Stage if download or stage is not Stage.DOWNLOAD]
        self._since = (time.monotonic(), 0.0)
        self._stage: Stage | None = None
        for stage in Stage:
            self._marks[stage].setVisible(stage in self._shown)
            self._stages[stage].setVisible(stage in self._shown)
        self.show_progress(Progress(Stage.ENVIRONMENT))

    def say(self, text: str) -> None:
        """Show a text below the bar."""
        self.text.setText(text)

    def show_progress(self, progress: Progress) -> None:
        """Move on to a stage, or in it."""
        if progress.stage is not self._stage:
            self._stage = progress.stage
            self._since = (time.monotonic(), progress.done_mb)
            at = self._shown.index(progress.stage)
            for number, stage in enumerate(self._shown):
                self._marks[stage].setText("✓" if number < at else "▸" if number == at else "·")
                font = self._stages[stage].font()
                font.setBold(number == at)
                self._stages[stage].setFont(font)
        self.bar.setRange(0, round(progress.total_mb * 10))
        self.bar.setValue(round(progress.done_mb * 10))
        if progress.total_mb:
            text = tr("{done} of {total} MB").format(done=round(progress.done_mb), total=round(progress.total_mb))
            parts = [text, self._time_left(progress), progress.package]
            self.say("   ".join(filter(None, parts)))
        else:
            self.say("")

    def _time_left(self, progress: Progress) -> str:
        begun, first = self._since
        seconds = time.monotonic() - begun
        done = progress.done_mb - first
        if seconds < 3 or done <= 0 or progress.stage is not Stage.DOWNLOAD:
            return ""
        minutes = seconds * (progress.total_mb - progress.done_mb) / done / 60
        if minutes < 1:
            return tr("less than a minute left")
        return tr("about {n} min left").format(n=round(minutes))


class ResultPage(QWidget):
    """What came of it: what the backend says of itself, or what failed and what to do."""

    def __init__(self) -> None:
        super().__init__()
        #: Whether there was more to say than what was set up.
        self.doubts = False
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(False)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        layout = QVBoxLayout(self)
        layout.addWidget(self.text, 2)
        layout.addWidget(self.details, 1)

    def show_outcome(self, outcome: Outcome) -> None:
        """Show devices, models and doubts."""
        devices = outcome.report.get("devices", [])
        models = [str(model.get("title") or model.get("id")) for model in outcome.report.get("models", [])]
        parts = [_paragraph(warning, bold=True) for warning in outcome.warnings]
        if settings.backend_command():
            text = tr(
                "A backend command is set in Settings ▸ Options ▸ IDGBR and takes precedence; clear it to use this "
                "backend."
            )
            parts.append(_paragraph(text, bold=True))
        self.doubts = bool(parts)
        parts.append(_paragraph(tr("Device: {names}").format(names="; ".join(str(d.get("name")) for d in devices))))
        if models:
            parts.append(_paragraph(tr("Models: {names}").format(names=", ".join(models))))
        parts.append(_paragraph(tr("Python: {path}").format(path=outcome.python)))
        parts.append(_paragraph(tr("The algorithms are in the Processing toolbox under IDGBR.")))
        self.text.setHtml("".join(parts))
        self.details.hide()

    def show_error(self, error: SetupError) -> None:
        """Show what failed and the remedy, then what was said by what failed."""
        remedy = _paragraph(tr(error.advice.remedy))
        self.text.setHtml(_paragraph(tr(error.advice.what), bold=True) + remedy)
        self.details.setPlainText("\n".join(error.details.splitlines()[-_DETAIL_LINES:]))
        self.details.setVisible(bool(error.details))


def _paragraph(text: str, *, bold: bool = False) -> str:
    escaped = html.escape(text)
    return f"<p><b>{escaped}</b></p>" if bold else f"<p>{escaped}</p>"
