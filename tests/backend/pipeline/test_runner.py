"""Stages in tiles run one after the other; those without follow as far as the rows before them allow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from idgbr.arrays import Array
from idgbr.errors import JobCancelled
from idgbr.monitor import Monitor
from idgbr.pipeline.executor import Run
from idgbr.pipeline.runner import Local, run_stages
from idgbr.pipeline.stage import FollowingStage, Stage, Step, TiledStage
from idgbr.tiling.tiles import Span

HEIGHT = 40
Log = list[tuple[str, int]]


class File(AbstractContextManager["File"]):
    def __init__(self, opened: set[str], name: str) -> None:
        self._opened, self._name = opened, name
        opened.add(name)

    def __exit__(self, *exc: object) -> None:
        self._opened.remove(self._name)


class StandIn(Stage[Any]):
    """A stage of `step_rows` at a time."""

    height, row_bytes, channels, maps = HEIGHT, 1, 1, 1

    def __init__(self, name: str, step_rows: int, opened: set[str]) -> None:
        self.name, self.path, self.step_rows = name, Path(name), step_rows
        self._opened = opened

    def open(self, path: Path, done: int = 0, first: int = 0) -> Any:
        return File(self._opened, self.name)

    def run(self, into: File, monitor: Monitor, done: int = 0, span: Span | None = None) -> Iterator[Step]:
        with File(self._opened, f"what {self.name} reads"):
            for rows in range(done, HEIGHT, self.step_rows):
                monitor.check()
                yield Step(min(rows + self.step_rows, HEIGHT), changed=1)


class Tiled(StandIn, TiledStage[Any]):
    """A stage with tiles."""

    def join(self, into: Any, row: int, scores: list[Array]) -> int:
        return 0

    def progress(self, monitor: Monitor, tiles: int) -> None:
        pass


class Follower(StandIn, FollowingStage[Any]):
    """A stage that looks `margin` rows further in the stage before."""

    def __init__(self, name: str, step_rows: int, opened: set[str], margin: int = 0) -> None:
        super().__init__(name, step_rows, opened)
        self._margin = margin

    def rests_on(self, rows: int) -> int:
        return min(rows + self._margin, HEIGHT)


class Folder:
    """A job's folder, and its journal."""

    def __init__(self, **done: int) -> None:
        self._done, self.log = done, list[tuple[str, int]]()
        self.changed: dict[str, int] = dict.fromkeys(done, 10)

    @property
    def journal(self) -> Folder:
        return self

    def rows_done(self, name: str, path: Path, row_bytes: int) -> int:
        return self._done.get(name, 0)

    def last(self, name: str) -> dict[str, Any] | None:
        return {"changed": self.changed[name], "done": self._done.get(name, 0)} if name in self.changed else None

    def record(self, name: str, rows: int, height: int, paths: list[Path], *, changed: int, crowded: int) -> None:
        self.log.append((name, rows))
        self.changed[name] = changed


class Job:
    def __init__(self) -> None:
        self.monitor, self.begun = Monitor(), 0

    def begin(self) -> None:
        self.begun += 1


def run_of(job: Job, folder: Folder) -> Run:
    return Run(job, folder, {}, Local(job.monitor))  # type: ignore[arg-type]


def run(folder: Folder, told: list[int], job: Job | None = None, opened: set[str] | None = None) -> None:
    opened = set() if opened is None else opened
    stages: list[Any] = [
        Tiled("first", 20, opened),
        Tiled("compare", 10, opened),
        Follower("decide", 16, opened, margin=4),
        Follower("result", 8, opened),
    ]
    run_stages(run_of(job or Job(), folder), stages, told.append)
    assert not opened


def test_stages_without_tiles_follow_the_one_before_them() -> None:
    folder, job, told = Folder(), Job(), list[int]()
    run(folder, told, job)
    assert folder.log == [
        ("first", 20), ("first", 40),
        ("compare", 10), ("compare", 20), ("decide", 16), ("result", 8), ("result", 16),
        ("compare", 30), ("compare", 40), ("decide", 32), ("result", 24), ("result", 32),
        ("decide", 40), ("result", 40),
    ]  # fmt: skip
    assert folder.changed == {"first": 2, "compare": 4, "decide": 3, "result": 5}
    assert sorted(set(told)) == [0, 8, 16, 24, 32, 40]
    assert told == sorted(told)
    assert job.begun == 1


def test_each_goes_on_where_it_was() -> None:
    folder, job, told = Folder(first=40, compare=40, decide=16, result=8), Job(), list[int]()
    run(folder, told, job)
    assert folder.log == [
        ("result", 16),
        ("decide", 32),
        ("result", 24),
        ("result", 32),
        ("decide", 40),
        ("result", 40),
    ]
    assert folder.changed == {"first": 10, "compare": 10, "decide": 12, "result": 14}
    assert told[0] == 8
    assert job.begun == 0


def test_who_has_all_rows_does_nothing_but_tell() -> None:
    folder, told = Folder(first=40, compare=40, decide=40, result=40), list[int]()
    run(folder, told)
    assert folder.log == []
    assert set(told) == {40}


def test_a_cancel_closes_all_files() -> None:
    folder, job, opened = Folder(), Job(), set[str]()

    def tell(rows: int) -> None:
        if rows == 16:
            assert {"compare", "decide", "result", "what decide reads"} <= opened
            job.monitor.cancel()

    stages: list[Any] = [
        Tiled("compare", 10, opened),
        Follower("decide", 16, opened, margin=4),
        Follower("result", 8, opened),
    ]
    with pytest.raises(JobCancelled):
        run_stages(run_of(job, folder), stages, tell)
    assert not opened
