"""Jobs that were killed, cancelled or cut off go on where they were, and give what an undisturbed run gives."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from idgbr.checkpoint import journal
from idgbr.errors import IdgbrError, JobCancelled, OutputError
from idgbr.run import run_job
from idgbr.tiling.row_store import RawRows
from tests.backend import processes
from tests.backend.jobs.job_to_kill import run_until_killed
from tests.backend.jobs.stand_ins import Listener, Shifting, Stopping, blocks_image, write_raster
from tests.backend.tiny_models import bright_model


@dataclass
class Setting:
    """Inputs of a job and the folder of its outputs."""

    job: str
    folder: Path
    inputs: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def job_folder(self) -> Path:
        return self.folder / ".out.gpkg.idgbr"

    def parameters(self, **changes: object) -> dict[str, Any]:
        return {
            **self.inputs,
            "output": str(self.folder / "out.gpkg"),
            "output_classes": str(self.folder / "classes.tif"),
            "output_confidence": str(self.folder / "confidence.tif"),
            "device": "cpu",
            "tile": 96,
            **changes,
        }

    def run(self, monitor: Listener | None = None, **changes: object) -> dict[str, Any]:
        return run_job(self.job, self.parameters(**changes), monitor or Listener())["summary"]

    def killed(self, stage: str, done: int) -> None:
        """Run the job in a process that is killed at a progress."""
        log = self.folder.with_name("killed.log")
        process = processes.start(run_until_killed, self.job, self.parameters(), stage, done, log=log)
        process.join()
        assert process.exitcode == -signal.SIGKILL, log.read_text()

    def outputs(self) -> tuple[bytes, bytes, list[Any]]:
        """Both rasters, and the features of the layer."""
        meta, _, shapes, columns = pyogrio.raw.read(self.folder / "out.gpkg")
        layer = [list(meta["fields"]), list(shapes), *(column.tolist() for column in columns)]
        return (self.folder / "classes.tif").read_bytes(), (self.folder / "confidence.tif").read_bytes(), layer

    def names(self) -> set[str]:
        """What lies in the folder, but for the names of classes beside a raster."""
        return {path.name for path in self.folder.iterdir() if not path.name.endswith(".aux.xml")}


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny coarse model, a stand-in for the refiner, a journal without pauses, and a state folder of the test's."""
    monkeypatch.setenv("IDGBR_MODELS", str(bright_model(tmp_path / "models")))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("idgbr.jobs.segment.Refiner", Shifting)
    monkeypatch.setattr("idgbr.jobs.refine.Refiner", Shifting)
    monkeypatch.setattr(journal, "SYNC_INTERVAL_S", 0.0)


@pytest.fixture(scope="module")
def rasters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An image and a map of it, which stay as they are: outputs name the image."""
    folder, bands = tmp_path_factory.mktemp("rasters"), blocks_image()
    coarse = (bands[:1] > 128).astype(np.uint8) + 3
    return write_raster(folder / "image.tif", bands), write_raster(folder / "coarse.tif", coarse)


@pytest.fixture
def make(rasters: tuple[Path, Path], tmp_path: Path) -> Callable[[str], Setting]:
    """A setting for each kind of job."""

    def setting(job: str) -> Setting:
        (tmp_path / "out").mkdir()
        inputs = {"segment": {"model": "bright"}, "refine": {"coarse": str(rasters[1])}}[job]
        return Setting(job, tmp_path / "out", {"input": str(rasters[0]), **inputs})

    return setting


@pytest.fixture
def segment(make: Callable[[str], Setting]) -> Setting:
    return make("segment")


Result = tuple[dict[str, Any], tuple[bytes, bytes, list[Any]]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Setting], Result]:
    """Summary and outputs of a run without a stop, in a folder of its own, made once for each kind of job."""
    known: dict[str, Result] = {}

    def result(setting: Setting) -> Result:
        if setting.job not in known:
            other = Setting(setting.job, tmp_path_factory.mktemp("undisturbed"), setting.inputs)
            summary = other.run()
            assert other.names() == {"out.gpkg", "classes.tif", "confidence.tif"}
            known[setting.job] = summary, other.outputs()
        return known[setting.job]

    return result


def same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two summaries agree on all but the time."""
    return {**a, "seconds": 0} == {**b, "seconds": 0}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize(
    ("job", "stage", "done", "skipped"),
    [
        ("segment", "segment", 8, set()),
        ("segment", "refine", 8, {"segment"}),
        ("segment", "vectorize", 330, {"segment", "refine"}),
        ("segment", "write", 1, {"segment", "refine", "vectorize"}),
        ("refine", "refine", 8, set()),
        ("refine", "write", 0, {"refine", "vectorize"}),
    ],
)
def test_a_killed_job_goes_on_to_the_same_result(
    make: Callable[[str], Setting], undisturbed: Callable[[Setting], Result], job: str, stage: str, done: int,
    skipped: set[str],
) -> None:  # fmt: skip
    setting = make(job)
    setting.killed(stage, done)
    assert setting.job_folder.is_dir()
    assert setting.names() == {".out.gpkg.idgbr", ".classes.tif.idgbr", ".confidence.tif.idgbr"}
    listener = Listener()
    summary = setting.run(listener)
    assert any("resuming an earlier run" in text for text in listener.messages)
    assert not listener.stages() & skipped
    # The row of tiles before the first unfinished one is done again for what it gives to the rows below.
    assert next(d for s, d in listener.steps if s == stage) > (1 if stage in ("segment", "refine") else -1)
    assert setting.names() == {"out.gpkg", "classes.tif", "confidence.tif"}
    expected = undisturbed(setting)
    assert same(summary, expected[0])
    assert setting.outputs() == expected[1]


def test_the_time_of_a_job_is_that_of_all_its_runs(segment: Setting) -> None:
    with pytest.raises(JobCancelled):
        segment.run(Stopping("vectorize", 330))
    path = segment.job_folder / journal.NAME
    records, _ = journal.read_records(path)
    records[-1]["elapsed_s"] = 1000.0
    path.write_bytes(b"".join(map(journal._line, records)))
    assert 1000 < segment.run()["seconds"] < 1200


@pytest.mark.parametrize("tear", ["cut", "flip", "garbage"])
def test_a_torn_last_line_of_the_journal_costs_one_block(
    segment: Setting, undisturbed: Callable[[Setting], Result], tear: str
) -> None:
    with pytest.raises(JobCancelled):
        segment.run(Stopping("segment", 10))
    path = segment.job_folder / journal.NAME
    whole = path.read_bytes()
    assert whole.count(b"\n") == 3
    if tear == "cut":
        path.write_bytes(whole[:-7])
    elif tear == "flip":
        path.write_bytes(whole[:-7] + bytes([whole[-7] ^ 1]) + whole[-6:])
    else:
        path.write_bytes(whole + b"\0" * 300)
    # What a power cut leaves of the data beyond the last sound line is not trusted either.
    with (segment.job_folder / "scores.bin").open("r+b") as file:
        row_bytes = 2 * 260
        file.truncate(row_bytes * (272 if tear == "garbage" else 176))
    listener = Listener()
    segment.run(listener)
    assert listener.steps[0] == ("segment", 7 if tear == "garbage" else 4)
    assert segment.outputs() == undisturbed(segment)[1]


def test_lost_data_is_made_again(segment: Setting, undisturbed: Callable[[Setting], Result]) -> None:
    with pytest.raises(JobCancelled):
        segment.run(Stopping("refine", 8))
    (segment.job_folder / "scores.bin").unlink()
    (segment.job_folder / "result.bin").write_bytes(b"")
    segment.run()
    assert segment.outputs() == undisturbed(segment)[1]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux frees a part of a file")
@pytest.mark.parametrize("refine", [True, False])
def test_scores_go_with_their_rows_and_jobs_resume_without_them(
    segment: Setting, monkeypatch: pytest.MonkeyPatch, *, refine: bool
) -> None:
    """If the rows made of them are lost, all is made again."""
    freed: list[int] = []
    free = RawRows.free

    def noting(rows: RawRows, end: int) -> None:
        freed.append(end)
        free(rows, end)

    changes = {"refine": refine, "tile": 64}
    segment.run(**changes)
    expected = segment.outputs()
    monkeypatch.setattr(RawRows, "free", noting)
    monkeypatch.setattr("idgbr.pipeline.refine_stages.CoarseResultStage.step_rows", 32)
    at = ("refine" if refine else "segment", 28)  # of 30 tiles
    with pytest.raises(JobCancelled):
        segment.run(Stopping(*at), **changes)
    assert max(freed) > 0
    scores = (segment.job_folder / "scores.bin").read_bytes()
    assert not any(scores[: max(freed) * len(scores) // 330])
    segment.run(**changes)
    assert segment.outputs() == expected

    with pytest.raises(JobCancelled):
        segment.run(Stopping(*at), **changes)
    (segment.job_folder / "result.bin").write_bytes(b"")
    segment.run(**changes)
    assert segment.outputs() == expected


def brighter(setting: Setting, name: str = "input") -> dict[str, Any]:
    """A copy of a raster with another first pixel."""
    copy = shutil.copyfile(setting.inputs[name], setting.folder.with_name("brighter.tif"))
    with rasterio.open(copy, "r+") as raster:
        raster.write(raster.read(window=((0, 1), (0, 1))) + 1, window=((0, 1), (0, 1)))
    return {name: str(copy)}


def other_model(setting: Setting) -> dict[str, Any]:
    models = Path(os.environ["IDGBR_MODELS"])
    card = models / "bright" / "model.json"
    card.write_text(card.read_text().replace('"version": "1"', '"version": "2"'))
    return {}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (brighter, "image"),
        (other_model, "model"),
        (lambda _: {"steps": 3}, "steps"),
        (lambda _: {"extent": [500000, 4999850, 500130, 5000000]}, "extent, grid"),
        (lambda _: {"refine": False}, "refine, refiner"),
    ],
)
def test_a_changed_job_starts_afresh_and_says_why(
    segment: Setting, change: Callable[[Setting], dict[str, Any]], named: str
) -> None:
    with pytest.raises(JobCancelled):
        segment.run(Stopping("refine", 8))
    changes = change(segment)
    listener = Listener()
    segment.run(listener, **changes)
    assert f"{segment.folder / 'out.gpkg'}: an earlier run had another {named}; starting over." in listener.messages
    assert listener.steps[0] == ("segment", 1)


def test_a_changed_coarse_map_starts_afresh(make: Callable[[str], Setting]) -> None:
    setting = make("refine")
    with pytest.raises(JobCancelled):
        setting.run(Stopping("refine", 8))
    listener = Listener()
    setting.run(listener, **brighter(setting, "coarse"))
    assert any("another coarse; starting over" in text for text in listener.messages)


def test_a_changed_mask_starts_afresh(segment: Setting, tmp_path: Path) -> None:
    """By its polygons: written anew, the same ones are the same mask."""
    mask = tmp_path / "mask.gpkg"

    def draw(right: float) -> None:
        mask.unlink(missing_ok=True)
        shape = shapely.to_wkb([shapely.box(500000, 4999850, right, 5000000)])
        pyogrio.raw.write(mask, shape, [], [], geometry_type="Polygon", crs="EPSG:32633")

    draw(500100)
    segment.inputs["mask"] = str(mask)
    with pytest.raises(JobCancelled):
        segment.run(Stopping("refine", 8))
    draw(500100)
    listener = Stopping("refine", 10)
    with pytest.raises(JobCancelled):
        segment.run(listener)
    assert "segment" not in listener.stages()
    draw(500090)
    again = Listener()
    segment.run(again)
    assert any("another mask; starting over" in text for text in again.messages)


def test_a_copy_of_the_image_under_another_name_counts_as_the_same(segment: Setting) -> None:
    """A layer that QGIS exports for a job lies in another temporary folder each time."""
    with pytest.raises(JobCancelled):
        segment.run(Stopping("refine", 8))
    segment.inputs["input"] = str(shutil.copyfile(segment.inputs["input"], segment.folder.with_name("copy.tif")))
    listener = Listener()
    segment.run(listener)
    assert "segment" not in listener.stages()


def test_no_resume_starts_afresh(segment: Setting) -> None:
    with pytest.raises(JobCancelled):
        segment.run(Stopping("refine", 8))
    listener = Listener()
    segment.run(listener, resume=False)
    assert listener.steps[0] == ("segment", 1)
    assert any("starting over" in text for text in listener.messages)


@pytest.mark.parametrize(("what", "room"), [("data", 600), ("data", 992), ("journal", 6)])
def test_a_full_disk_is_said_and_the_job_goes_on_once_there_is_space(
    segment: Setting, undisturbed: Callable[[Setting], Result], monkeypatch: pytest.MonkeyPatch, what: str, room: int
) -> None:
    """There is room for so many writes, in the middle of the first or of the second pass."""
    calls = itertools.count()

    def full(*_arguments: object) -> None:
        if next(calls) >= room:
            raise OSError(28, "No space left on device")

    class FullDisk:
        def __init__(self, file: Any) -> None:
            self._file = file

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

        def write(self, data: bytes) -> int:
            full()
            return self._file.write(data)

    opened = RawRows.__init__

    def open_on_full_disk(rows: Any, *arguments: Any) -> None:
        opened(rows, *arguments)
        rows._file = FullDisk(rows._file)

    with monkeypatch.context() as patch:
        if what == "data":
            patch.setattr(RawRows, "__init__", open_on_full_disk)
        else:
            patch.setattr(journal, "sync", full)
        with pytest.raises(OutputError, match=r"No space left on device\); free disk space. Run the same job again"):
            segment.run()
    assert segment.names() == {".out.gpkg.idgbr"}
    listener = Listener()
    segment.run(listener)
    assert "segment" not in listener.stages() or listener.steps[0][1] > 1
    assert segment.outputs() == undisturbed(segment)[1]


def test_a_share_that_vanishes_and_comes_back(segment: Setting, undisturbed: Callable[[Setting], Result]) -> None:
    """The folder of the outputs is gone in the middle of the job, and there again for the next run."""
    gone = segment.folder.with_name("gone")

    class Unplugging(Listener):
        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
            super().progress(stage, done, total, message)
            if (stage, done) == ("refine", 8):
                segment.folder.rename(gone)

    with pytest.raises(IdgbrError) as raised:
        segment.run(Unplugging())
    assert "\n" not in str(raised.value)
    gone.rename(segment.folder)
    listener = Listener()
    segment.run(listener)
    assert "segment" not in listener.stages()
    assert segment.outputs() == undisturbed(segment)[1]


def test_a_second_job_onto_the_same_output_is_refused(
    segment: Setting, undisturbed: Callable[[Setting], Result]
) -> None:
    """Whatever output the two share; the first goes on undisturbed."""
    refused: list[str] = []

    class Meanwhile(Listener):
        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
            if (stage, done) == ("refine", 8):
                other = str(segment.folder / "other.gpkg")
                for changes in ({}, {"output": other}):
                    with pytest.raises(OutputError) as raised:
                        segment.run(**changes)
                    refused.append(str(raised.value))
                vectorize = {"input": segment.inputs["input"], "output": str(segment.folder / "out.gpkg")}
                with pytest.raises(OutputError, match="another job is writing it"):
                    run_job("vectorize", vectorize, Listener())

    segment.run(Meanwhile())
    assert refused[0].startswith(f"{segment.folder / 'out.gpkg'}: another job is writing it (process {os.getpid()});")
    assert refused[1].startswith(f"{segment.folder / 'classes.tif'}: another job is writing it")
    assert segment.outputs() == undisturbed(segment)[1]
