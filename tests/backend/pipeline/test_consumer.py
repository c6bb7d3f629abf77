"""Polygons and rasters are made while the last stage still fills its rows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest

from idgbr.errors import JobCancelled, OutputError
from idgbr.monitor import Monitor, check_cancelled
from idgbr.pipeline import change_stages, coarse_stage, refine_stages, result
from idgbr.pipeline.runner import Front, run_with_consumer
from idgbr.raster import rows as strips
from idgbr.run import run_job
from tests.backend.change.change_models import difference_model
from tests.backend.jobs.stand_ins import Listener, Shifting, blocks_image, write_raster
from tests.backend.tiny_models import bright_model

#: What ends a wait for something that takes no time to speak of on an idle machine, s.
PATIENCE_S = 120.0


def test_rows_are_read_while_others_are_filled() -> None:
    read = threading.Event()

    def fill(front: Front) -> None:
        front.advance(4)
        assert read.wait(PATIENCE_S)
        front.advance(10)

    def reading(front: Front, monitor: Monitor) -> list[bool]:
        front.wait(4, monitor)
        before = front.filled
        read.set()
        front.wait(10, monitor)
        return [before, front.filled]

    assert run_with_consumer(fill, reading, 10, Monitor()) == [False, True]


def test_who_reads_begins_once_there_is_a_row_and_reports_progress_once_there_are_all() -> None:
    listener = Listener()
    began = threading.Event()

    def fill(front: Front) -> None:
        front.advance(0)
        assert not began.wait(0.2)
        front.advance(1)
        assert began.wait(PATIENCE_S)
        front.advance(2)

    def reading(front: Front, monitor: Monitor) -> None:
        monitor.progress("vectorize", 1, 2)
        began.set()
        front.wait(2, monitor)
        monitor.progress("vectorize", 2, 2)

    run_with_consumer(fill, reading, 2, listener)
    assert listener.steps == [("vectorize", 2)]


@pytest.mark.parametrize("waiting", [True, False])
def test_an_error_while_rows_are_filled_ends_who_reads_them(waiting: bool) -> None:
    ended = threading.Event()

    def fill(front: Front) -> None:
        front.advance(1)
        raise OutputError("filling failed")

    def reading(front: Front, monitor: Monitor) -> None:
        try:
            while True:
                if waiting:
                    front.wait(2, monitor)
                else:
                    check_cancelled()
        finally:
            ended.set()

    with pytest.raises(OutputError, match="filling failed"):
        run_with_consumer(fill, reading, 2, Monitor())
    assert ended.is_set()


def test_an_error_of_who_reads_ends_the_filling() -> None:
    failing = threading.Event()

    def fill(front: Front) -> None:
        for row in range(1, 10_000_000):
            front.advance(row)
            failing.set()

    def reading(front: Front, monitor: Monitor) -> None:
        assert failing.wait(PATIENCE_S)
        raise OutputError("reading failed")

    with pytest.raises(OutputError, match="reading failed"):
        run_with_consumer(fill, reading, 10_000_000, Monitor())


def test_a_cancel_ends_both() -> None:
    monitor = Monitor()

    def fill(front: Front) -> None:
        front.advance(1)
        monitor.cancel()
        monitor.check()

    with pytest.raises(JobCancelled):
        run_with_consumer(fill, lambda front, behind: front.wait(2, behind), 2, monitor)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Runs a job into a folder of its own; rows are read in strips of 32."""
    monkeypatch.setenv("IDGBR_MODELS", str(bright_model(tmp_path / "models")))
    monkeypatch.setattr(strips, "STRIP_PIXELS", 1)
    bands = blocks_image()
    image = write_raster(tmp_path / "image.tif", bands)
    coarse = write_raster(tmp_path / "coarse.tif", (bands[:1] > 128).astype(np.uint8) + 3)
    inputs = {"segment": {"model": "bright", "samples": 2}, "refine": {"coarse": str(coarse), "samples": 2}}

    def job(name: str, folder: Path, refiner: type = Shifting) -> dict[str, Any]:
        monkeypatch.setattr(f"idgbr.jobs.{name}.Refiner", refiner)
        folder.mkdir(exist_ok=True)
        outputs = {f"output_{name}": str(folder / f"{name}.tif") for name in ("classes", "confidence", "uncertainty")}
        given = {"input": str(image), "output": str(folder / "out.gpkg"), "device": "cpu", "tile": 96, **outputs}
        return run_job(name, given | inputs[name], Listener())["summary"]

    return job


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once a job draws polygons."""
    event = threading.Event()
    codes = result.ClassRows._codes

    def telling(source: result.ClassRows, values: Any) -> Any:
        event.set()
        return codes(source, values)

    monkeypatch.setattr(result.ClassRows, "_codes", telling)
    return event


@pytest.mark.parametrize("name", ["segment", "refine"])
def test_what_is_made_on_the_way_is_what_is_made_afterwards(
    name: str, run: Callable[..., dict[str, Any]], drawn: threading.Event, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class Patient(Shifting):
        """Does not refine the last row of tiles before polygons of the first are drawn."""

        def explore(self, image: np.ndarray, coarse: np.ndarray, row: int, *others: Any) -> Any:
            assert row < 200 or drawn.wait(PATIENCE_S)
            return super().explore(image, coarse, row, *others)

    summary = run(name, tmp_path / "on_the_way", Patient)

    def one_after_the_other(fill: Any, read: Any, height: int, monitor: Monitor) -> Any:
        front = Front(height)
        fill(front)
        return read(front, monitor)

    monkeypatch.setattr(result, "run_with_consumer", one_after_the_other)
    afterwards = run(name, tmp_path / "afterwards")
    assert summary | {"seconds": 0} == afterwards | {"seconds": 0}
    assert summary["polygons"] > 5
    assert summary["changed_pixels"] > 0
    folders = tmp_path / "on_the_way", tmp_path / "afterwards"
    for file in ("classes.tif", "confidence.tif", "uncertainty.tif"):
        assert (folders[0] / file).read_bytes() == (folders[1] / file).read_bytes()
    layers = [pyogrio.raw.read(folder / "out.gpkg", layer="out") for folder in folders]
    assert list(layers[0][2]) == list(layers[1][2])
    for column, other in zip(layers[0][3], layers[1][3], strict=True):
        np.testing.assert_array_equal(column, other)


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("name", ["segment", "detect-changes"])
def test_without_refinement_polygons_are_drawn_while_tiles_are_worked_on(
    name: str, drawn: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, made_by = (coarse_stage, "coarse_pass") if name == "segment" else (change_stages, "change_pass")
    rows_of = getattr(module, made_by)

    def patient(*arguments: Any, **options: Any) -> Iterator[int]:
        last = 0
        for rows in rows_of(*arguments, **options):
            yield last
            last = rows
        assert drawn.wait(PATIENCE_S)
        yield last

    monkeypatch.setattr(module, made_by, patient)
    monkeypatch.setattr(refine_stages.CoarseResultStage, "step_rows", 32)
    given: dict[str, Any] = {"output": str(tmp_path / "out.gpkg"), "device": "cpu", "tile": 96, "refine": False}
    if name == "segment":
        given |= {"input": str(tmp_path / "image.tif"), "model": "bright"}
    else:
        monkeypatch.setenv("IDGBR_MODELS", str(difference_model(tmp_path / "change_models")))
        after = write_raster(tmp_path / "after.tif", blocks_image(seed=5))
        given |= {"before": str(tmp_path / "image.tif"), "after": str(after), "model": "change"}
    assert run_job(name, given, Listener())["summary"]["polygons"] > 0


def test_the_layer_is_that_of_the_rasters_written_beside_it(run: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    run("segment", tmp_path / "out")
    given = {"input": "classes.tif", "confidence": "confidence.tif", "output": "drawn.gpkg"}
    run_job("vectorize", {n: str(tmp_path / "out" / f) for n, f in given.items()} | {"min_area": 4.0}, Listener())
    layers = []
    for name in ("out", "drawn"):
        meta, _, shapes, columns = pyogrio.raw.read(tmp_path / "out" / f"{name}.gpkg", layer=name)
        values = dict(zip(meta["fields"], columns, strict=True))
        layers.append([list(shapes), *(values[field].tolist() for field in ("class_id", "confidence", "area_m2"))])
    assert layers[0] == layers[1]


def test_a_layer_that_cannot_be_written_ends_the_stage_and_the_job_goes_on_later(
    run: Callable[..., dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*arguments: object, **options: object) -> None:
        raise OutputError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("idgbr.jobs.segment.draw_layer", failing)
        with pytest.raises(OutputError, match="no space left Run the same job again"):
            run("segment", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".out.gpkg.idgbr"]
    summary = run("segment", tmp_path / "out")
    assert summary | {"seconds": 0} == run("segment", tmp_path / "other") | {"seconds": 0}
