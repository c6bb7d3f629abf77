"""Change detection from two rasters to polygons."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from idgbr.errors import InputError, ModelError
from idgbr.run import run_job
from tests.backend.change.change_models import (
    TRANSFORM,
    difference_model,
    ground,
    set_card,
    write,
)
from tests.backend.jobs.stand_ins import Listener
from tests.backend.raster.test_bad_blocks import damage
from tests.backend.raster.test_bad_blocks import write as write_tiled

SIZE = (150, 330)
ROOF = 250
#: Rows and columns of what is only in the first date, only in the second, and in both in different brightness.
GONE, NEW = np.s_[20:50, 40:80], np.s_[90:130, 200:250]


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_MODELS", str(difference_model(tmp_path / "models")))


def dates(folder: Path) -> tuple[Path, Path]:
    before, after = ground(*SIZE, seed=1), ground(*SIZE, seed=1)
    before[(slice(None), *GONE)] = ROOF
    after[(slice(None), *NEW)] = ROOF
    return write(folder / "before.tif", before), write(folder / "after.tif", after)


def detect(folder: Path, before: Path, after: Path, **parameters: Any) -> tuple[dict[str, Any], list[str]]:
    listener = Listener()
    given = {"before": str(before), "after": str(after), "output": str(folder / "changes.gpkg"), "refine": False,
             "simplify": 0.0, "device": "cpu"}  # fmt: skip
    result = run_job("detect-changes", given | parameters, listener)
    return result, listener.messages


def polygons(path: Path) -> dict[str, tuple[shapely.Geometry, dict[str, Any]]]:
    """Polygons of a layer by class; each class has one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        meta, _, wkb, columns = pyogrio.raw.read(path, layer=path.stem)
    rows = [dict(zip(meta["fields"], values, strict=True)) for values in zip(*columns, strict=True)]
    out = {row["class"]: (shape, row) for shape, row in zip(shapely.from_wkb(wkb), rows, strict=True)}
    assert len(out) == len(rows)
    return out


def box(where: tuple[slice, slice]) -> shapely.Geometry:
    rows, cols = where
    corners = TRANSFORM @ (cols.start, rows.start), TRANSFORM @ (cols.stop, rows.stop)
    return shapely.box(*corners[0], *corners[1])


def overlap(a: shapely.Geometry, b: shapely.Geometry) -> float:
    return float(a.intersection(b).area / a.union(b).area)


@pytest.mark.parametrize("refine", [False, True])
def test_what_appeared_and_what_disappeared(tmp_path: Path, refine: bool) -> None:
    before, after = dates(tmp_path)
    result, _ = detect(
        tmp_path, before, after, refine=refine, date_before="2019-05-01", date_after="2024-06-30",
        output_probability=str(tmp_path / "p.tif"),
    )  # fmt: skip
    found = polygons(tmp_path / "changes.gpkg")
    assert set(found) == {"appeared", "disappeared"}
    assert overlap(found["appeared"][0], box(NEW)) > 0.95
    assert overlap(found["disappeared"][0], box(GONE)) > 0.95
    row = found["appeared"][1]
    assert (row["date_before"], row["date_after"]) == ("2019-05-01", "2024-06-30")
    assert row["area_m2"] == pytest.approx(40 * 50 * 0.25, rel=0.05)
    assert row["confidence"] > 0.9
    assert result["summary"]["polygons"] == 2
    assert result["summary"]["changed_pixels"] == pytest.approx(30 * 40 + 40 * 50, rel=0.05)
    assert result["summary"]["shift_trusted"]
    with rasterio.open(tmp_path / "p.tif") as raster:
        assert raster.transform == TRANSFORM
        probability = raster.read(1)
    assert probability[NEW].min() > 0.95
    probability[NEW] = probability[GONE] = 0
    assert probability.max() < 0.05


def test_swapped_dates_swap_what_happened(tmp_path: Path) -> None:
    before, after = dates(tmp_path)
    detect(tmp_path, after, before, both_orders=True)
    found = polygons(tmp_path / "changes.gpkg")
    assert overlap(found["appeared"][0], box(GONE)) > 0.95
    assert overlap(found["disappeared"][0], box(NEW)) > 0.95


def test_a_roof_in_both_dates_that_differs_was_modified(tmp_path: Path) -> None:
    before, after = ground(*SIZE), ground(*SIZE)
    before[(slice(None), *NEW)] = 250
    after[(slice(None), *NEW)] = np.array([90, 90, 250])[:, None, None]
    detect(tmp_path, write(tmp_path / "a.tif", before), write(tmp_path / "b.tif", after))
    found = polygons(tmp_path / "changes.gpkg")
    assert set(found) == {"modified"}
    assert overlap(found["modified"][0], box(NEW)) > 0.95


@pytest.mark.parametrize("refine", [False, True])
def test_equal_images_have_no_change(tmp_path: Path, refine: bool) -> None:
    before, _ = dates(tmp_path)
    result, messages = detect(tmp_path, before, before, refine=refine, output_probability=str(tmp_path / "p.tif"))
    assert result["summary"]["polygons"] == 0
    assert any("same image twice" in message for message in messages)
    assert any("There are no changes" in message for message in messages)
    with rasterio.open(tmp_path / "p.tif") as raster:
        assert not raster.read(1).any()


def test_the_result_does_not_depend_on_the_tiles(tmp_path: Path) -> None:
    before, after = dates(tmp_path)
    probabilities = []
    for tile in (64, 96, 160):
        detect(tmp_path, before, after, tile=tile, output_probability=str(tmp_path / "p.tif"))
        with rasterio.open(tmp_path / "p.tif") as raster:
            probabilities.append(raster.read(1))
    np.testing.assert_allclose(probabilities[0], probabilities[1], atol=1 / 254)
    np.testing.assert_allclose(probabilities[0], probabilities[2], atol=1 / 254)


def test_a_shift_is_told_and_taken_back_on_request(tmp_path: Path) -> None:
    before, after = dates(tmp_path)
    with rasterio.open(after) as raster:
        moved = np.roll(raster.read(), (3, 5), axis=(1, 2))
    after = write(tmp_path / "moved.tif", moved)
    result, messages = detect(tmp_path, before, after)
    assert result["summary"]["shift_right_px"] == pytest.approx(5, abs=0.2)
    assert result["summary"]["shift_down_px"] == pytest.approx(3, abs=0.2)
    assert not result["summary"]["shift_corrected"]
    assert any("align corrects it" in message for message in messages)
    result, messages = detect(tmp_path, before, after, align=True, min_area=20.0)
    assert result["summary"]["shift_corrected"]
    found = polygons(tmp_path / "changes.gpkg")
    assert overlap(found["appeared"][0], box(NEW)) > 0.9


def test_a_shift_that_cannot_be_told_is_not_guessed(tmp_path: Path) -> None:
    before, after = write(tmp_path / "a.tif", ground(*SIZE, seed=1)), write(tmp_path / "b.tif", ground(*SIZE, seed=2))
    result, messages = detect(tmp_path, before, after, align=True)
    assert result["summary"]["shift_trusted"] is False
    assert "shift_m" not in result["summary"]
    assert any("is unknown" in message and "Nothing is moved" in message for message in messages)


def test_a_finer_image_is_refined_from_coarse_to_fine(tmp_path: Path) -> None:
    """What was found on the grid of the model moves to the image's own, farther than one pass reaches."""
    fine = Affine(0.1, 0, 500000, 0, -0.1, 5000000)
    before, after = (ground(320, 480, seed=3) for _ in range(2))
    roof = np.s_[101:219, 143:337]
    after[(slice(None), *roof)] = ROOF
    paths = write(tmp_path / "a.tif", before, fine), write(tmp_path / "b.tif", after, fine)
    set_card(tmp_path / "models" / "change", gsd_range_m=[0.5, 2.0])
    listener = Listener()
    given = {"before": str(paths[0]), "after": str(paths[1]), "output": str(tmp_path / "changes.gpkg"),
             "simplify": 0.0, "device": "cpu", "min_area": 1.0}  # fmt: skip
    run_job("detect-changes", given, listener)
    assert {"compare", "sharpen", "refine"} <= listener.stages()
    assert any("resampled to 0.5 m" in message for message in listener.messages)
    shape, _ = polygons(tmp_path / "changes.gpkg")["appeared"]
    true = shapely.box(*(fine @ (143, 219)), *(fine @ (337, 101)))
    assert overlap(shape, true) > 0.97


def test_a_model_that_knows_no_objects_says_modified(tmp_path: Path) -> None:
    set_card(tmp_path / "models" / "change", direction_model="")
    detect(tmp_path, *dates(tmp_path), output=str(tmp_path / "changes.shp"))
    *_, columns = pyogrio.raw.read(tmp_path / "changes.shp", columns=["class"])
    assert list(columns[0]) == ["modified", "modified"]


@pytest.mark.parametrize("damaged_date", ["before", "after"])
def test_damaged_blocks_of_either_date(tmp_path: Path, damaged_date: str) -> None:
    paths = dict(zip(("before", "after"), dates(tmp_path), strict=True))
    with rasterio.open(paths[damaged_date]) as raster:
        pixels = raster.read()
    paths[damaged_date] = write_tiled(tmp_path / "damaged.tif", pixels)
    damage(paths[damaged_date], 1, 4)
    with pytest.raises(
        InputError, match=r"damaged\.tif: the block at rows 64 to 127, columns 256 to 319 cannot be read"
    ):
        detect(tmp_path, **paths)
    result, messages = detect(tmp_path, **paths, on_bad_block="nodata")
    assert any("damaged.tif: the block at rows 64 to 127" in message for message in messages)
    assert result["summary"]["pixels"] == SIZE[0] * SIZE[1] - 64 * 64
    assert overlap(polygons(tmp_path / "changes.gpkg")["disappeared"][0], box(GONE)) > 0.95


def test_nodata_of_either_date_stays_empty(tmp_path: Path) -> None:
    before, after = dates(tmp_path)
    with rasterio.open(after) as raster:
        image = raster.read()
    image[:, :, 225:] = 0
    after = write(tmp_path / "cut.tif", image, nodata=0)
    result, _ = detect(tmp_path, before, after, output_probability=str(tmp_path / "p.tif"))
    assert result["summary"]["pixels"] == SIZE[0] * 225
    assert polygons(tmp_path / "changes.gpkg")["appeared"][0].bounds[2] <= (TRANSFORM @ (225, 0))[0]
    with rasterio.open(tmp_path / "p.tif") as raster:
        assert (raster.read(1)[:, 225:] == raster.nodata).all()


def test_only_what_both_dates_cover_is_looked_at(tmp_path: Path) -> None:
    """The values that dates are scaled by, and the parts that tell a shift, would else be taken beside it."""
    before, after = dates(tmp_path)
    with rasterio.open(before) as first, rasterio.open(after) as second:
        wide = np.pad(first.read(), ((0, 0), (300, 900), (700, 1100)), mode="symmetric")
        small = second.read()[:, 5:, 10:]
    whole, _ = detect(tmp_path, before, after)
    before = write(tmp_path / "wide.tif", wide, TRANSFORM @ Affine.translation(-700, -300))
    after = write(tmp_path / "small.tif", small, TRANSFORM @ Affine.translation(10, 5))
    result, messages = detect(tmp_path, before, after, output_probability=str(tmp_path / "p.tif"))
    assert any("small.tif covers 330 × 151 of the 2130 × 1350 px of" in message for message in messages)
    assert result["summary"]["pixels"] == small[0].size
    assert result["summary"]["shift_trusted"]
    found = polygons(tmp_path / "changes.gpkg")
    assert overlap(found["appeared"][0], box(NEW)) > 0.95
    assert overlap(found["disappeared"][0], box(GONE)) > 0.95
    assert result["summary"]["changed_pixels"] == pytest.approx(whole["summary"]["changed_pixels"], rel=0.02)
    with rasterio.open(tmp_path / "p.tif") as raster:
        assert raster.shape == (151, 330)


def test_only_the_extent_is_looked_at(tmp_path: Path) -> None:
    before, after = dates(tmp_path)
    left, top = TRANSFORM @ (150, 0)
    right, bottom = TRANSFORM @ (330, 150)
    detect(tmp_path, before, after, extent=[left, bottom, right, top])
    assert set(polygons(tmp_path / "changes.gpkg")) == {"appeared"}


def test_a_shapefile_has_the_dates_too(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before, after = dates(tmp_path)
    output = tmp_path / "changes.shp"
    detect(tmp_path, before, after, output=str(output), date_before="20190501", date_after="2024-06-30")
    meta, _, _, columns = pyogrio.raw.read(output)
    assert list(meta["fields"])[-2:] == ["date_befor", "date_after"]
    assert {str(day) for day in columns[-2]} == {"2019-05-01"}
    assert not capfd.readouterr().err  # of GDAL, which shortens names by itself


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"date_before": "2024-01-02", "date_after": "2023-01-01"}, "are the two rasters swapped"),
        ({"date_before": "May 2024"}, "is not a date; write it as"),
        ({"threshold": 1.0}, "give a probability below 1"),
    ],
)
def test_parameters_without_sense(tmp_path: Path, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        detect(tmp_path, tmp_path / "a.tif", tmp_path / "b.tif", **parameters)


def test_no_overlap_is_one_line(tmp_path: Path) -> None:
    before, _ = dates(tmp_path)
    other = write(tmp_path / "far.tif", ground(64, 64), TRANSFORM @ Affine.translation(9000, 0))
    with pytest.raises(InputError, match="choose rasters that overlap"):
        detect(tmp_path, before, other)
    assert not (tmp_path / "changes.gpkg").exists()


def test_a_coarse_model_is_no_change_model(tmp_path: Path) -> None:
    before, after = dates(tmp_path)
    with pytest.raises(ModelError, match="of kind coarse, not change"):
        detect(tmp_path, before, after, model="bright")


def test_a_raster_far_too_coarse_is_refused(tmp_path: Path) -> None:
    image = write(tmp_path / "coarse.tif", ground(64, 64), Affine(30, 0, 5e5, 0, -30, 5e6))
    with pytest.raises(InputError, match="its ground sample distance is 30 m"):
        detect(tmp_path, image, image)
