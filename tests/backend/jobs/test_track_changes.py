"""Rasters of several dates to buildings with the dates that show them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from idgbr.errors import InputError, JobCancelled
from idgbr.jobs import run_job
from idgbr.jobs.track_changes import dated_rasters
from idgbr.monitor import Monitor
from tests.backend.change.change_models import difference_model, ground, write
from tests.backend.jobs.stand_ins import Stopping

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
    assert result["summary"] == {"polygons": 1, "dates": 4, "appeared": 1, "disappeared": 1}
    meta, _, wkb, columns = pyogrio.raw.read(output)
    (row,) = (dict(zip(meta["fields"], values, strict=True)) for values in zip(*columns, strict=True))
    assert (row["first_seen"], row["last_seen"]) == ("2020", "2022")
    assert row["area_m2"] == pytest.approx(50 * 50 * 0.25, rel=0.05)
    assert shapely.from_wkb(wkb)[0].area == pytest.approx(50 * 50 * 0.25, rel=0.05)
    assert not list(tmp_path.glob(".*"))


def test_a_cancel_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_MODELS", str(difference_model(tmp_path / "models")))
    rasters = [str(write(tmp_path / f"ortho_{year}.tif", ground(*SIZE, seed=year))) for year in (2018, 2020)]
    parameters = {"rasters": "\n".join(rasters), "output": str(tmp_path / "h.gpkg"), "refine": False, "device": "cpu"}
    with pytest.raises(JobCancelled, match="no output was written"):
        run_job("track-changes", parameters, Stopping("compare", 1))
    assert not list(tmp_path.glob("*h.gpkg*"))


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
