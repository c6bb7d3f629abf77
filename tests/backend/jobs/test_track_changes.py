"""Rasters of several dates to buildings with the dates that show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from idgbr.errors import InputError, JobCancelled
from idgbr.jobs import run_job
from idgbr.jobs.kept import arguments_of, kept_jobs
from idgbr.jobs.track_changes import dated_rasters
from idgbr.monitor import Monitor
from tests.backend.change.change_models import difference_model, ground, write
from tests.backend.jobs.stand_ins import Listener

SIZE = (120, 260)
FIRST, SECOND = np.s_[20:60, 30:80], np.s_[50:100, 150:200]


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_first_and_last_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setenv("IDGBR_MODELS", str(difference_model(tmp_path / "models")))
    rasters = tmp_path / "rasters"
    rasters.mkdir()
    shown = {"2018": [FIRST], "2020": [FIRST, SECOND], "2022": [FIRST, SECOND], "2024": [FIRST]}
    for year, roofs in shown.items():
        image = ground(*SIZE)
        for where in roofs:
            image[(slice(None), *where)] = 250
        write(rasters / f"ortho_{year}.tif", image)
    output = tmp_path / f"history{suffix}"
    parameters = {"rasters": str(rasters), "output": str(output), "refine": False, "device": "cpu"}
    result = run_job("track-changes", parameters, Monitor())
    counts = {name: result["summary"][name] for name in ("polygons", "dates", "appeared", "disappeared")}
    assert counts == {"polygons": 1, "dates": 4, "appeared": 1, "disappeared": 1}
    meta, _, wkb, columns = pyogrio.raw.read(output)
    (row,) = (dict(zip(meta["fields"], values, strict=True)) for values in zip(*columns, strict=True))
    assert (row["first_seen"], row["last_seen"]) == ("2020", "2022")
    assert row["area_m2"] == pytest.approx(50 * 50 * 0.25, rel=0.05)
    assert shapely.from_wkb(wkb)[0].area == pytest.approx(50 * 50 * 0.25, rel=0.05)
    assert not list(tmp_path.glob(".*"))


class Late(Listener):
    """Asks for a cancel once the comparisons are so far, or farther."""

    def __init__(self, at: float) -> None:
        super().__init__()
        self._at = at

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        if stage == "dates" and done >= self._at:
            self.cancel()


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Parameters of a job over three dates."""
    monkeypatch.setenv("IDGBR_MODELS", str(difference_model(tmp_path / "models")))
    paths = []
    for year, roofs in ((2018, []), (2020, [FIRST]), (2022, [FIRST, SECOND])):
        image = ground(*SIZE)
        for where in roofs:
            image[(slice(None), *where)] = 250
        paths.append(str(write(tmp_path / f"ortho_{year}.tif", image)))
    return {"rasters": "\n".join(paths), "output": str(tmp_path / "h.gpkg"), "refine": False, "device": "cpu"}


def test_a_cancel_before_anything_is_done_leaves_nothing(tmp_path: Path, three: dict[str, Any]) -> None:
    monitor = Listener()
    monitor.cancel()
    with pytest.raises(JobCancelled, match="no output was written"):
        run_job("track-changes", three, monitor)
    assert not list(tmp_path.glob("*h.gpkg*"))


@pytest.mark.parametrize("done", [0.59, 1.59])
def test_a_stopped_job_goes_on_to_the_same_result(
    tmp_path: Path, three: dict[str, Any], done: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a comparison, and after one that was finished."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))  # where nobody else's jobs are noted
    with pytest.raises(JobCancelled, match=r"^Cancelled\. Run the same job again to go on from there\.$"):
        run_job("track-changes", three, Late(done))
    assert not (tmp_path / "h.gpkg").exists()
    (kept,) = kept_jobs([tmp_path])
    assert (kept.job, kept.progress) == ("track-changes", f"dates {50 * int(done)} %")
    assert [job.folder for job in kept_jobs([])] == [kept.folder], "comparisons within are no jobs of their own"
    assert kept.command.split()[3:] == [*three["rasters"].splitlines(), "--no-refine", "--device", "cpu"]
    listener = Listener()
    run_job(*arguments_of(kept), listener)
    assert sum("Comparing" in message for message in listener.messages) == 2 - int(done)
    assert all("starting afresh" not in message for message in listener.messages)
    run_job("track-changes", three | {"output": str(tmp_path / "whole.gpkg")}, Listener())
    found, whole = (pyogrio.raw.read(tmp_path / name)[2:] for name in ("h.gpkg", "whole.gpkg"))
    assert list(found[0]) == list(whole[0])
    for one, other in zip(found[1], whole[1], strict=True):
        np.testing.assert_array_equal(one, other)
    assert not list(tmp_path.glob(".h.gpkg*"))


def test_dates_come_from_the_names(tmp_path: Path) -> None:
    for name in ("b_20230401.tif", "a-2023-05-01.tif", "town12345_2019_0.3m.tif", "readme.txt"):
        (tmp_path / name).touch()
    dates = [date for date, _ in dated_rasters(str(tmp_path))]
    assert dates == ["2019", "2023-04-01", "2023-05-01"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("one_2020.tif", "not two rasters"),
        ("one_2020.tif\ntwo.tif", "two.tif: has no date in its name"),
        ("one_2020.tif\ntwo_2020.tif", "have the same date 2020"),
    ],
)
def test_names_without_sense(names: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        dated_rasters(names)
