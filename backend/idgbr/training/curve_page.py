"""A page that shows the curves of a training while it runs."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from idgbr.evaluation.curves import MEAN_IOU, Curves, Measure, Point
from idgbr.evaluation.report import write_training_page
from idgbr.monitor import Monitor, Relay

#: Name of the page in the run folder of a training on the command line.
CURVES = "curves.html"


class CurveFile:
    """A CSV file with rows of a step and values that grows while a training runs.

    `value` makes the value of the curve from the row after the step; `first` is added to each step.
    """

    def __init__(
        self, path: Path, value: Callable[[Sequence[float]], float] = lambda row: row[0], first: int = 0
    ) -> None:
        self._path, self._value, self._first = path, value, first
        self._rows: dict[int, float] = {}
        self._read = 0

    @property
    def points(self) -> list[Point]:
        """The points so far. A later row of a step counts, because a resumed training repeats some."""
        return [Point(step, self._rows[step]) for step in sorted(self._rows)]

    def refresh(self) -> bool:
        """Read the rows that are new since the last time; whether there are any."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            size = 0
        if size < self._read:  # a training that has started over
            self._rows, self._read = {}, 0
        if size == self._read:
            return False
        with self._path.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        new = new[: new.rfind(b"\n") + 1]  # the last row may be incomplete
        self._read += len(new)
        for step, *values in csv.reader(new.decode().splitlines()):
            self._rows[int(step) + self._first] = self._value([float(value) for value in values])
        return bool(new)


@dataclass(frozen=True)
class CurveReader:
    """Reads the curves of a training from its files; `steps` gives its number of steps."""

    steps: Callable[[], int]
    losses: Sequence[CurveFile]
    scores: CurveFile | None = None
    measure: Measure = MEAN_IOU

    def refresh(self) -> bool:
        """Read what is new; whether there is anything."""
        files = [*self.losses, *([self.scores] if self.scores else [])]
        return sum(file.refresh() for file in files) > 0  # not `any`, which would leave out the rest

    @property
    def curves(self) -> Curves:
        """The curves so far, as of the last `refresh`."""
        losses = [point for file in self.losses for point in file.points]
        return Curves(self.steps(), losses, self.scores.points if self.scores else [], self.measure)


class CurvePage:
    """A page with the curves of a training, for browsers to load again while it runs; written if there is a new point.

    `lead` is its first line at the end of the training.
    """

    def __init__(self, path: Path, title: str, reader: CurveReader, lead: str = "The training has ended.") -> None:
        self.path, self._title, self._reader, self._lead = path, title, reader, lead
        self._written = False

    @property
    def curves(self) -> Curves:
        """The curves so far."""
        self._reader.refresh()
        return self._reader.curves

    def update(self) -> None:
        """Write the page if there is something new. Raises OutputError if it cannot be written."""
        if self._reader.refresh() or not self._written:
            self._written = True
            self._write("This page follows the training.", running=True)

    def end(self) -> None:
        """Write the page as it stays. Raises OutputError if it cannot be written."""
        self._reader.refresh()
        self._write(self._lead, running=False)

    def _write(self, lead: str, *, running: bool) -> None:
        write_training_page(self.path, self._title, self._reader.curves, lead, running=running)


class FollowedByPage(Relay):
    """Brings a page of curves up to date while the training runs."""

    def __init__(self, outer: Monitor, page: CurvePage) -> None:
        super().__init__(outer)
        self._page, self._told = page, False

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """See `Monitor`."""
        super().progress(stage, done, total, message)
        if stage != "train":
            return
        self._page.update()
        if not self._told:
            self._told = True
            self.info(f"{self._page.path}: shows the curves of the training while it runs; open it in a browser.")
