"""What a job reports on, passed to Processing's feedback."""

from __future__ import annotations

import time

from qgis.core import QgsProcessingFeedback

from idgbr_qgis.core.backend_client import Listener, Progress
from idgbr_qgis.core.translation import tr

#: Least time between two progress texts of a stage; QGIS keeps each as a line of its log.
PROGRESS_TEXT_INTERVAL_S = 15.0


class FeedbackListener(Listener):
    """Passes what a job reports on to Processing's feedback."""

    def __init__(self, feedback: QgsProcessingFeedback, stages: dict[str, tuple[float, float]]) -> None:
        super().__init__()
        self._feedback = feedback
        self._shares = stages
        self._stage = ""
        self._text_at = 0.0
        self._titles = {
            "read": tr("Reading the map"),
            "segment": tr("Segmenting"),
            "sharpen": tr("Refining boundaries from coarse to fine"),
            "refine": tr("Refining boundaries"),
            "vectorize": tr("Vectorizing"),
            "regularize": tr("Regularizing"),
            "match": tr("Matching polygons with the image"),
            "align": tr("Aligning"),
            "compare": tr("Comparing"),
            "dates": tr("Comparing dates"),
            "write": tr("Writing"),
        }

    def cancelled(self) -> bool:
        """Whether the user cancelled."""
        return self._feedback.isCanceled()

    def progress(self, progress: Progress) -> None:
        """Move the progress bar; say the stage when it begins, and now and then the time left."""
        if progress.total > 0:
            begin, end = self._shares.get(progress.stage, (0.0, 100.0))
            self._feedback.setProgress(begin + (end - begin) * min(progress.done / progress.total, 1.0))
        now = time.monotonic()
        stage = self._titles.get(progress.stage, progress.stage.capitalize())
        if progress.stage != self._stage:
            self._stage, self._text_at = progress.stage, now
            self._feedback.setProgressText(f"{stage}…")
        elif progress.eta_s is not None and now - self._text_at > PROGRESS_TEXT_INTERVAL_S:
            self._text_at = now
            text = tr("{stage}: about {time} left")
            self._feedback.setProgressText(text.format(stage=stage, time=duration_text(progress.eta_s)))

    def message(self, level: str, text: str) -> None:
        """Show a fact or a warning."""
        if level == "warning":
            self._feedback.pushWarning(text)
        else:
            self._feedback.pushInfo(text)


def duration_text(seconds: float) -> str:
    """A duration for people: seconds under two minutes, minutes under two hours, else hours."""
    if seconds < 120:
        return tr("{n} s").format(n=round(seconds))
    if seconds < 7200:
        return tr("{n} min").format(n=round(seconds / 60))
    return tr("{n} h").format(n=round(seconds / 3600, 1))
