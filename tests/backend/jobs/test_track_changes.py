"""Rasters of several dates to buildings with the dates that show them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio
import pytest
import shapely
from rasterio.transform import Affine

from idgbr.checkpoint.stopped import arguments_of, stopped_jobs
from idgbr.errors import InputError, JobCancelled
from idgbr.jobs.track_changes import dated_rasters
from idgbr.run import run_job
from tests.backend.change.change_models import TRANSFORM, difference_model, ground, write
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
    listener = Listener()
    result = run_job("track-changes", parameters, listener)
    assert len(listener.messages) == len(set(listener.messages))
    counts = {name: result["summary"][name] for name in ("polygons", "dates", "appeared", "disappeared")}
    assert counts == {"polygons": 1, "dates": 4, "appeared": 1, "disappeared": 1}
    meta, _, wkb, columns = pyogrio.raw.read(output, layer="history")
    (row,) = (dict(zip(meta["fields"], values, strict=True)) for values in zip(*columns, strict=True))
    assert (row["first_seen"], row["last_seen"]) == ("2020", "2022")
    assert row["area_m2"] == pytest.approx(50 * 50 * 0.25, rel=0.05)
    assert shapely.from_wkb(wkb)[0].area == pytest.approx(50 * 50 * 0.25, rel=0.05)
    assert not list(tmp_path.glob(".*"))
    if suffix == ".gpkg":
        with closing(sqlite3.connect(output)) as base:
            ((name, style),) = base.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall()
        assert name == "history"
    else:
        style = output.with_suffix(".qml").read_text()
    renderer = ET.fromstring(style).find("renderer-v2")
    assert renderer is not None
    assert "first_seen" in renderer.get("attr", "")
    titles = {category.get("value"): category.get("label") for category in renderer.iter("category")}
    assert titles == {"1": "appeared", "2": "disappeared", "3": "appeared and disappeared"}


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
    with pytest.raises(JobCancelled, match=r"^Cancelled\. Run the same job again to resume it\.$"):
        run_job("track-changes", three, Late(done))
    assert not (tmp_path / "h.gpkg").exists()
    (kept,) = stopped_jobs([tmp_path])
    assert (kept.job, kept.progress) == ("track-changes", f"dates {50 * int(done)} %")
    assert [job.folder for job in stopped_jobs([])] == [kept.folder], "comparisons within are no jobs of their own"
    assert kept.command.split()[3:] == [*three["rasters"].splitlines(), "--no-refine", "--device", "cpu"]
    listener = Listener()
    run_job(*arguments_of(kept), listener)
    assert sum("Comparing" in message for message in listener.messages) == 2 - int(done)
    assert all("starting over" not in message for message in listener.messages)
    run_job("track-changes", three | {"output": str(tmp_path / "whole.gpkg")}, Listener())
    found, whole = (pyogrio.raw.read(tmp_path / f"{name}.gpkg", layer=name)[2:] for name in ("h", "whole"))
    assert list(found[0]) == list(whole[0])
    for one, other in zip(found[1], whole[1], strict=True):
        np.testing.assert_array_equal(one, other)
    assert not list(tmp_path.glob(".h.gpkg*"))


def test_dates_come_from_the_names(tmp_path: Path) -> None:
    for name in ("b_20230401.tif", "a-2023-05-01.tif", "town12345_2019_0.3m.tif", "readme.txt"):
        (tmp_path / name).touch()
    dates = [date for date, _ in dated_rasters(str(tmp_path))]
    assert dates == ["2019", "2023-04-01", "2023-05-01"]


def test_a_date_to_the_day_counts_more_than_what_looks_like_a_year() -> None:
    assert [day for day, _ in dated_rasters("a_1920x1080_20230501.tif\nb_2019.tif")] == ["2019", "2023-05-01"]


def test_a_folder_without_rasters_says_what_was_looked_for(tmp_path: Path) -> None:
    (tmp_path / "ortho_2019.txt").touch()
    with pytest.raises(InputError, match=r"with 0 files of \.tif, .*: at least two rasters are needed"):
        dated_rasters(str(tmp_path))


def test_dates_that_cannot_be_compared_are_told_before_any_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_MODELS", str(difference_model(tmp_path / "models")))
    paths = [write(tmp_path / f"{year}.tif", ground(*SIZE, seed=year)) for year in (2018, 2020)]
    far = write(tmp_path / "2022.tif", ground(*SIZE), TRANSFORM @ Affine.translation(9000, 0))
    given = {"rasters": "\n".join(map(str, [*paths, far])), "output": str(tmp_path / "out.gpkg"), "device": "cpu"}
    listener = Listener()
    with pytest.raises(InputError, match=r"2022\.tif: has no data in the compared part of .*2020\.tif"):
        run_job("track-changes", given, listener)
    with pytest.raises(InputError, match="threshold is 1; give a probability below 1"):
        run_job("track-changes", given | {"threshold": 1}, listener)
    assert not listener.messages
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("one_2020.tif", "one_2020.tif: at least two rasters are needed"),
        ("", "nothing: at least two rasters are needed"),
        ("one_2020.tif\ntwo.tif", "two.tif: has no date in its name"),
        ("one_2020.tif\ntwo_2020.tif", "have the dates 2020 and 2020 in their names, and neither is earlier"),
        ("one_2020-05-31.tif\ntwo_2020.tif\n3_2019.tif", "have the dates 2020 and 2020-05-31 in their names"),
        ("one_2020.tif\ntwo_2021-02-31.tif", "two_2021-02-31.tif: the date in its name, 2021-02-31, is invalid"),
    ],
)
def test_names_without_sense(names: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        dated_rasters(names)
