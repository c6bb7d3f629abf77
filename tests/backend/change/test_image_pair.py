"""AFTER on BEFORE's grid, nodata of both, statistics, and pairs that cannot be compared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio.warp
from rasterio.transform import Affine, from_origin

from idgbr.change.image_pair import DatePair, check_pair, equal_around
from idgbr.errors import InputError, ModelError
from idgbr.models.card import ChangeCard
from idgbr.raster.reader import RasterSource
from idgbr.raster.warp import WarpedSource
from tests.backend.change.change_models import TRANSFORM, ground, write
from tests.backend.jobs.stand_ins import Listener

CARD = ChangeCard("change", "1", "", (), 3, (0.1, 2.0), 192, 32, {})


@contextmanager
def opened(first: Path, second: Path, shift: tuple[float, float] = (0.0, 0.0)) -> Iterator[DatePair]:
    with RasterSource(str(first)) as before, WarpedSource(str(second), before.grid, shift) as after:
        assert after.grid.transform.almost_equals(before.grid.transform @ Affine.translation(*shift))
        assert (after.grid.height, after.grid.width) == (before.grid.height, before.grid.width)
        yield pair_of(before, after)


def pair_of(before: RasterSource, after: RasterSource) -> DatePair:
    return DatePair(before, after, before.grid, CARD, 1.0)


def test_the_same_grid_is_read_as_it_is(tmp_path: Path) -> None:
    image = ground(120, 160)
    with opened(write(tmp_path / "a.tif", image), write(tmp_path / "b.tif", image)) as pair:
        window = pair.read(0, 0, 120, 160)
    np.testing.assert_array_equal(window.before, window.after)
    assert window.valid.all()
    assert window.equal.all()


@pytest.mark.parametrize("crs", ["EPSG:32633", "EPSG:4326", "EPSG:3857"])
def test_another_crs_resolution_and_extent_come_onto_the_grid(tmp_path: Path, crs: str) -> None:
    image = np.asarray(ground(200, 200), np.uint8)
    smooth = np.repeat(np.add.outer(np.arange(200), np.arange(200))[None] / 2, 3, 0).astype(np.uint8)
    source = write(tmp_path / "whole.tif", smooth)
    bounds = (500030, 4999910, 500090, 4999970)  # the middle of it
    left, bottom, right, top = rasterio.warp.transform_bounds("EPSG:32633", crs, *bounds)
    other = from_origin(left, top, (right - left) / 200, (top - bottom) / 200)  # finer than BEFORE
    moved = np.zeros((3, 200, 200), np.uint8)
    with rasterio.open(source) as dataset:
        rasterio.warp.reproject(
            rasterio.band(dataset, [1, 2, 3]), moved, dst_transform=other, dst_crs=crs,
            resampling=rasterio.warp.Resampling.bilinear,
        )  # fmt: skip
    with opened(write(tmp_path / "a.tif", image), write(tmp_path / "b.tif", moved, other, crs)) as pair:
        window = pair.read(0, 0, 200, 200)
    assert 0.25 < window.valid.mean() < 0.5  # a part of BEFORE's extent
    error = np.abs(window.after - smooth / 255)[:, window.valid]
    assert error.max() < 4 / 255


def test_a_warped_raster_names_its_own_files(tmp_path: Path) -> None:
    coarse = write(tmp_path / "b.tif", ground(30, 30), TRANSFORM @ Affine.scale(4))
    with (
        RasterSource(str(write(tmp_path / "a.tif", ground(90, 90)))) as before,
        WarpedSource(str(coarse), before.grid) as after,
    ):
        assert after.files == [str(coarse)]


def test_a_shift_moves_after_back(tmp_path: Path) -> None:
    image = ground(100, 100)
    moved = np.roll(image, (4, 7), axis=(1, 2))  # 4 px down, 7 px right
    with opened(write(tmp_path / "a.tif", image), write(tmp_path / "b.tif", moved), (7.0, 4.0)) as pair:
        window = pair.read(20, 20, 60, 60)
    np.testing.assert_allclose(window.before, window.after, atol=1e-6)


def test_nodata_of_either_date_counts(tmp_path: Path) -> None:
    first, second = ground(80, 80), ground(80, 80, seed=2)
    first[:, :20] = 0
    second[:, :, :30] = 0
    with opened(write(tmp_path / "a.tif", first, nodata=0), write(tmp_path / "b.tif", second, nodata=0)) as pair:
        valid = pair.read(0, 0, 80, 80).valid
    assert not valid[:20].any()
    assert not valid[:, :30].any()
    assert valid[20:, 30:].all()


def test_each_date_is_standardized_by_its_own_values(tmp_path: Path) -> None:
    image = ground(300, 300)
    brighter = (image.astype(np.uint16) * 150 + 3000).astype(np.uint16)
    with opened(write(tmp_path / "a.tif", image), write(tmp_path / "b.tif", brighter)) as pair:
        first, second = pair.standardized(pair.read(0, 0, 300, 300))
    assert abs(float(first.mean())) < 0.1
    assert float(first.std()) == pytest.approx(0.75, abs=0.1)  # of a dark image, whose deviation is raised
    assert float(np.corrcoef(first.ravel(), second.ravel())[0, 1]) > 0.98


def covered(
    folder: Path, transform: Affine, size: tuple[int, int], crs: str = "EPSG:32633", shift: tuple[float, float] = (0, 0)
) -> tuple[int, int, int, int]:
    """First row and column, height and width of what a raster covers of another of 300 × 400 px."""
    first = write(folder / "a.tif", ground(300, 400))
    second = write(folder / "b.tif", ground(*size), transform, crs)
    with RasterSource(str(first)) as before, WarpedSource(str(second), before.grid, shift) as after:
        part = after.covered(before.grid)
        assert part.transform.almost_equals(TRANSFORM @ Affine.translation(part.col0, part.row0))
        return part.row0, part.col0, part.height, part.width


@pytest.mark.parametrize(
    ("moved", "size", "expected"),
    [
        ((0, 0), (300, 400), (0, 0, 300, 400)),
        ((-500, -500), (2000, 2000), (0, 0, 300, 400)),
        ((250, 100), (300, 400), (99, 249, 201, 151)),
        ((120, 80), (7, 9), (79, 119, 9, 11)),
        ((397, 297), (300, 400), (296, 396, 4, 4)),
        ((-1000, 100), (50, 9000), (99, 0, 52, 400)),
        ((500, 0), (300, 400), (0, 0, 300, 400)),  # nowhere: it is for others to say so
    ],
)
def test_the_part_that_both_cover(
    tmp_path: Path, moved: tuple[int, int], size: tuple[int, int], expected: tuple[int, int, int, int]
) -> None:
    assert covered(tmp_path, TRANSFORM @ Affine.translation(*moved), size) == expected


def test_the_part_that_both_cover_moves_with_the_shift(tmp_path: Path) -> None:
    assert covered(tmp_path, TRANSFORM @ Affine.translation(120, 80), (7, 9), shift=(20, -10)) == (89, 99, 9, 11)


def test_the_part_that_a_raster_in_degrees_covers(tmp_path: Path) -> None:
    left, bottom, right, top = rasterio.warp.transform_bounds(
        "EPSG:32633", "EPSG:4326", 500050, 4999900, 500100, 4999950
    )
    degrees = from_origin(left, top, (right - left) / 80, (top - bottom) / 80)
    row, col, height, width = covered(tmp_path, degrees, (80, 80), "EPSG:4326")
    assert (row, col) == pytest.approx((100, 100), abs=3)
    assert (height, width) == pytest.approx((100, 100), abs=6)
    assert covered(tmp_path, from_origin(-180, 90, 1, 1), (180, 360), "EPSG:4326") == (0, 0, 300, 400)


def test_equal_pixels_need_equal_neighbours() -> None:
    before = np.zeros((3, 20, 20), np.float32)
    after = before.copy()
    after[1, 10, 10] = 0.5
    equal = equal_around(before, after)
    assert not equal[8:13, 8:13].any()
    assert equal.sum() == 20 * 20 - 5 * 5


def check(before: Path, after: Path) -> list[str]:
    listener = Listener()
    with RasterSource(str(before)) as first, WarpedSource(str(after), first.grid) as second:
        check_pair(first, second, first.grid, CARD, listener)
    return listener.messages


def test_no_overlap_is_an_error(tmp_path: Path) -> None:
    first = write(tmp_path / "a.tif", ground(64, 64))
    second = write(tmp_path / "b.tif", ground(64, 64), TRANSFORM * Affine.translation(500, 0))
    with pytest.raises(InputError, match=r"b\.tif: has no data in the compared part of .*a\.tif .*; choose rasters"):
        check(first, second)


def test_nodata_alone_is_an_error(tmp_path: Path) -> None:
    first = write(tmp_path / "a.tif", np.zeros((3, 64, 64), np.uint8), nodata=0)
    with pytest.raises(InputError, match=r"a\.tif: has only nodata"):
        check(first, write(tmp_path / "b.tif", ground(64, 64)))


@pytest.mark.parametrize("even", [0, 1])
def test_a_date_of_one_colour_is_an_error(tmp_path: Path, even: int) -> None:
    """As a frame of black is, whose nodata nobody declared."""
    dates = [ground(64, 64), ground(64, 64)]
    dates[even][:] = np.array([0, 90, 7])[:, None, None]
    paths = [write(tmp_path / f"{number}.tif", date) for number, date in enumerate(dates)]
    with pytest.raises(InputError, match=rf"{even}\.tif: has a single colour all over the area"):
        check(*paths)


def test_data_of_both_dates_that_never_meet_are_an_error(tmp_path: Path) -> None:
    first, second = ground(64, 64), ground(64, 64)
    first[:, :, :40] = 0
    second[:, :, 30:] = 0
    with pytest.raises(InputError, match="no place where both have data"):
        check(write(tmp_path / "a.tif", first, nodata=0), write(tmp_path / "b.tif", second, nodata=0))


def test_too_few_bands_are_an_error(tmp_path: Path) -> None:
    second = write(tmp_path / "b.tif", ground(64, 64)[:1])
    with pytest.raises(InputError, match=r"b\.tif: has 1 data band\(s\), but model 'change' needs 3 of both"):
        check(write(tmp_path / "a.tif", ground(64, 64)), second)


def test_odd_pairs_are_told(tmp_path: Path) -> None:
    image = ground(64, 64)
    first = write(tmp_path / "a.tif", image)
    four = write(tmp_path / "b.tif", np.concatenate([image, image[:1]]).astype(np.uint16))
    bands, depth = check(first, four)
    assert "3 bands" in bands
    assert "uint16" in depth
    (same,) = check(first, first)
    assert "same image twice" in same


def test_a_crs_that_only_one_date_names_is_told_of(tmp_path: Path) -> None:
    first = write(tmp_path / "a.tif", ground(64, 64))
    second = write(tmp_path / "b.tif", ground(64, 64, seed=2), crs=None)
    assert any("has no CRS; it is assumed to share" in message for message in check(first, second))
    assert any("has no CRS; it is assumed to share" in message for message in check(second, first))


def test_statistics_of_the_card_count_more_than_those_of_the_area(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", ground(64, 64))
    given = {"before": {"mean": [0.5] * 3, "std": [0.25] * 3}, "after": {"mean": [0.0] * 3, "std": [1.0] * 3}}
    with RasterSource(str(path)) as source:
        card = replace(CARD, date_statistics=given)
        pair = DatePair(source, source, source.grid, card, 1.0)
        window = pair.read(0, 0, 64, 64)
        before, after = pair.standardized(window)
        np.testing.assert_allclose(before, (window.before - 0.5) / 0.25, rtol=1e-6)
        np.testing.assert_allclose(after, window.after, rtol=1e-6)
        for wrong in ({"before": given["before"]}, given | {"after": {"mean": [0.0] * 3, "std": [0.0] * 3}}, 7):
            with pytest.raises(ModelError, match="date_statistics must give mean and std"):
                DatePair(source, source, source.grid, replace(CARD, date_statistics=wrong), 1.0)
