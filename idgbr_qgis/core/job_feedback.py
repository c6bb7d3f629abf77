"""Feedback of a job in the background: keeps the log and the error, and says aloud what is going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import pyqtSignal

if TYPE_CHECKING:
    from idgbr_qgis.core.errors import PluginError


class JobFeedback(QgsProcessingFeedback):
    """What an algorithm reports to when it runs as a job of the queue."""

    #: The job has come to another stage, or has a new guess of the time left.
    stage = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(False)
        #: The error that ended the job, with its kind and details, where it is one of the plugin's.
        self.failure: PluginError | None = None
        #: The last error as text, whatever its kind.
        self.error = ""

    def setProgressText(self, text: str) -> None:
        """Take a text about progress."""
        super().setProgressText(text)
        self.stage.emit(text)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        """Take an error."""
        super().reportError(error, fatalError)
        self.error = error
