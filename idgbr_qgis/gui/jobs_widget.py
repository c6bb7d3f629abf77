"""The jobs that run and wait: a row each, with its progress and a button that cancels it."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from idgbr_qgis.core.jobs_queue import Job, JobQueue, JobState
from idgbr_qgis.core.translation import tr


class JobRow(QWidget):
    """One job."""

    def __init__(self, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job = job
        self._title = QLabel(job.title)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._title.setToolTip(job.title)
        self._bar = QProgressBar()
        self._bar.setMaximumHeight(14)
        self._stage = QLabel()
        self._stage.setTextFormat(Qt.TextFormat.PlainText)
        self._stage.setEnabled(False)
        cancel = QToolButton()
        cancel.setIcon(QgsApplication.getThemeIcon("/mTaskCancel.svg"))
        cancel.setAutoRaise(True)
        cancel.setToolTip(tr("Cancel this job; no partial output is left"))
        cancel.setAccessibleName(tr("Cancel"))
        cancel.clicked.connect(job.cancel)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setVerticalSpacing(1)
        layout.addWidget(self._title, 0, 0)
        layout.addWidget(self._stage, 0, 1)
        layout.addWidget(self._bar, 1, 0, 1, 2)
        layout.addWidget(cancel, 0, 2, 2, 1)
        layout.setColumnStretch(0, 1)
        job.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._stage.setText(self.job.stage)
        # Until the backend has begun there is nothing to count.
        begun = self.job.state is JobState.WAITING or self.job.progress > 0
        self._bar.setRange(0, 100 if begun else 0)
        self._bar.setValue(round(self.job.progress))


class JobsWidget(QWidget):
    """All jobs of a queue; takes no room where there are none."""

    def __init__(self, queue: JobQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[Job, JobRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        for job in queue.jobs:
            self._add(job)
        queue.added.connect(self._add)
        queue.ended.connect(self._remove)
        self.setVisible(bool(self._rows))

    def _add(self, job: Job) -> None:
        self._rows[job] = JobRow(job)
        self._layout.addWidget(self._rows[job])
        self.setVisible(True)

    def _remove(self, job: Job) -> None:
        row = self._rows.pop(job, None)
        if row is not None:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.setVisible(bool(self._rows))
