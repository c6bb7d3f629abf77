"""Full disks, at whichever write: one line that says so, nothing but the job's folder, and the job goes on later."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import numpy as np
import pyogrio
import pytest

from idgbr.checkpoint import journal
from idgbr.errors import OutputError
from idgbr.run import run_job
from tests.backend.jobs.stand_ins import Listener, Shifting, blocks_image, write_raster
from tests.backend.tiny_models import bright_model

Limit = Callable[[int], AbstractContextManager[None]]
Run = Callable[[Path, Listener], None]
OUTPUTS = {"output": "out.gpkg", "output_classes": "classes.tif", "output_confidence": "confidence.tif"}


@pytest.fixture(scope="module")
def rasters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An image and a map of it; outputs name the image."""
    folder, bands = tmp_path_factory.mktemp("rasters"), blocks_image()
    coarse = (bands[:1] > 128).astype(np.uint8) + 3
    return write_raster(folder / "image.tif", bands), write_raster(folder / "coarse.tif", coarse)


@pytest.fixture(params=["segment", "refine"])
def run(
    request: pytest.FixtureRequest, rasters: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs a job into a folder: with a tiny coarse model, a stand-in for the refiner, a journal without pauses."""
    monkeypatch.setenv("IDGBR_MODELS", str(bright_model(tmp_path / "models")))
    monkeypatch.setattr("idgbr.jobs.segment.Refiner", Shifting)
    monkeypatch.setattr("idgbr.jobs.refine.Refiner", Shifting)
    monkeypatch.setattr(journal, "SYNC_INTERVAL_S", 0.0)
    given = {"input": str(rasters[0]), "device": "cpu", "tile": 96}
    given |= {"model": "bright"} if request.param == "segment" else {"coarse": str(rasters[1])}

    def run(folder: Path, listener: Listener) -> None:
        folder.mkdir(exist_ok=True)
        run_job(request.param, {**given, **{name: str(folder / file) for name, file in OUTPUTS.items()}}, listener)

    return run


def names(folder: Path) -> set[str]:
    """What lies in a folder, but for the names of classes beside a raster."""
    return {path.name for path in folder.iterdir() if not path.name.endswith(".aux.xml")}


def assert_refused(run: Run, folder: Path, listener: Listener) -> None:
    with pytest.raises(OutputError, match=r"disk|space") as raised:
        run(folder, listener)
    assert "\n" not in str(raised.value)
    assert names(folder) <= {".out.gpkg.idgbr"}
    assert not (folder / ".out.gpkg.idgbr" / "lock").exists()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with the outputs of runs without a stop, by job."""
    return {job: tmp_path_factory.mktemp(job) for job in ("segment", "refine")}


@pytest.fixture
def whole(run: Run, request: pytest.FixtureRequest, undisturbed: dict[str, Path]) -> Path:
    """The folder of a run without a stop, which is made once for each job."""
    folder = undisturbed[request.node.callspec.params["run"]]
    if not names(folder):
        run(folder, Listener())
    return folder


def assert_done(folder: Path, whole: Path) -> None:
    """The job is done in `folder`, and its outputs are those of the run without a stop."""
    assert names(folder) == names(whole) == set(OUTPUTS.values())
    for name in ("classes.tif", "confidence.tif"):
        assert (folder / name).read_bytes() == (whole / name).read_bytes()
    features, expected = (pyogrio.raw.read(path / "out.gpkg", layer="out")[2] for path in (folder, whole))
    assert list(features) == list(expected)


@pytest.mark.parametrize(
    ("stage", "size"), [(None, 0), (None, 900), ("refine", 60_000), ("vectorize", 8_000), ("write", 2_000)]
)
def test_a_disk_that_is_full_in_any_stage(
    run: Run, whole: Path, tmp_path: Path, largest_file: Limit, stage: str | None, size: int
) -> None:
    """From a stage on files of up to so many bytes can be written: a lock, a description, rows, the layer, a copy."""
    with ExitStack() as stack:

        class Filling(Listener):
            def progress(self, now: str, done: float, total: float, message: str = "") -> None:
                if now == stage and now not in self.stages():
                    stack.enter_context(largest_file(size))
                super().progress(now, done, total, message)

        if stage is None:
            stack.enter_context(largest_file(size))
        assert_refused(run, tmp_path / "out", Filling())
    run(tmp_path / "out", Listener())
    assert_done(tmp_path / "out", whole)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one page, to be made larger."""
    folder = tmp_path / "out"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("disks cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_is_really_full(run: Run, whole: Path, disk: Path) -> None:
    """The same job with a little more room each time."""
    for kib in (4, 12, 28, 64, 100, 160):
        subprocess.run(["mount", "-o", f"remount,size={kib}k", str(disk)], check=True)
        assert_refused(run, disk, Listener())
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
    run(disk, Listener())
    assert_done(disk, whole)
