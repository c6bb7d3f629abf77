"""Codes of classes: found, counted, put in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.control import GroundControlPoint
from rasterio.transform import from_origin

from idgbr.errors import InputError
from idgbr.raster.class_values import (
    class_band,
    field_classes,
    find_codes,
    indices,
    open_classes,
    unique_codes,
    with_mask,
    write_indices,
)

ALL = np.ones((1, 4), bool)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "int64", "uint64", "float32"])
def test_each_value_finds_its_place(dtype: str) -> None:
    codes = np.array([-100, -1, 0, 3, 120] if dtype[0] != "u" else [0, 1, 3, 120, 200], dtype)
    places = np.random.default_rng(0).integers(0, 5, (20, 30))
    known = np.random.default_rng(1).random((20, 30)) < 0.8
    values = np.where(known, codes[places], np.array(77, dtype))
    assert unique_codes(values, known, "m") == codes.astype(int).tolist()
    np.testing.assert_array_equal(indices(values, known, codes.tolist()), np.where(known, places, 255))


def test_codes_beyond_what_floats_hold_stay_apart() -> None:
    values = np.array([[2**64 - 1, 2**64 - 2, 2**53 + 1, 2**53]], np.uint64)
    assert unique_codes(values, ALL, "m") == [2**53, 2**53 + 1, 2**64 - 2, 2**64 - 1]
    assert indices(values, ALL, unique_codes(values, ALL, "m")).tolist() == [[3, 2, 1, 0]]


def test_no_more_classes_than_a_byte_numbers_are_taken() -> None:
    parts = [(np.arange(first, first + 100)[None], np.ones((1, 100), bool)) for first in (0, 100, 155)]
    assert find_codes(parts, "m") == list(range(255))
    with pytest.raises(InputError, match=r"^m: has 256 classes, 255 at most are read; merge some"):
        find_codes([*parts, (np.array([[900, 1, 2, 3]]), ALL)], "m")
    with pytest.raises(InputError, match="more than 65536 classes"):
        find_codes([(np.arange(1 << 17)[None], np.ones((1, 1 << 17), bool))], "heights")


def write(path: Path, bands: NDArray[Any]) -> rasterio.DatasetReader:
    form = {"driver": "GTiff", "count": len(bands), "height": bands.shape[1], "width": bands.shape[2]}
    transform = from_origin(5e5, 5e6, 1, 1)
    with rasterio.open(path, "w", dtype=bands.dtype, crs="EPSG:32633", transform=transform, **form) as out:
        out.write(bands)
    return rasterio.open(path)


@pytest.mark.parametrize(
    ("second", "dtype", "is_mask"),
    [
        ((0, 255), "uint8", True),
        ((255, 255), "uint8", True),
        ((0, 65535), "uint16", True),
        ((0, 255), "int16", True),
        ((0, 1), "uint8", False),
        ((0, 255), "float32", False),
        ((255, 65535), "uint16", False),
    ],
)
def test_a_second_band_of_0_and_the_highest_value_is_a_mask(
    tmp_path: Path, second: tuple[int, int], dtype: str, *, is_mask: bool
) -> None:
    bands = np.full((2, 8, 8), 3, dtype)
    bands[1, :4], bands[1, 4:] = second
    dataset, note = with_mask(write(tmp_path / "c.tif", bands), "c.tif")
    with dataset:
        assert ("used as a mask" in note) == is_mask
        if is_mask:
            assert class_band(dataset, "c.tif") == 1
            assert dataset.transform == from_origin(5e5, 5e6, 1, 1)
        else:
            with pytest.raises(InputError, match=r"c\.tif: has 2 bands"):
                class_band(dataset, "c.tif")


def test_an_index_raster_holds_places_of_codes(tmp_path: Path) -> None:
    values = np.full((1, 8, 8), 2**60 + 1)
    values[:, :3], values[:, 5] = 2**60, -(2**60)
    with write(tmp_path / "c.tif", values) as dataset:
        assert write_indices(dataset, 1, tmp_path / "i.tif", "c.tif") == [-(2**60), 2**60, 2**60 + 1]
    with rasterio.open(tmp_path / "i.tif") as raster:
        assert raster.read(1)[:, 0].tolist() == [1, 1, 1, 2, 2, 0, 2, 2]
        assert (raster.dtypes[0], raster.nodata) == ("uint8", 255)


def test_fields_of_whole_numbers_texts_and_booleans_hold_classes() -> None:
    assert [c.id for c in field_classes(np.array([-1, 2**60 + 1]), "l", "kind")] == [-1, 2**60 + 1]
    assert [c.id for c in field_classes(np.array([1.0, 311.0]), "l", "kind")] == [1, 311]
    assert [(c.id, c.name) for c in field_classes(np.array(["a", "b"], object), "l", "kind")] == [(1, "a"), (2, "b")]
    assert [(c.id, c.name) for c in field_classes(np.array([False, True]), "l", "kind")] == [(0, "false"), (1, "true")]
    bad: list[tuple[NDArray[Any], str]] = [
        (np.array([1.5]), "numbers such as 1.5, neither texts nor integers"),
        (np.array([np.inf]), "numbers such as inf"),
        (np.array(["2024-02-29"], "M8[D]"), "neither texts nor integers"),
        (np.arange(300), "l: the field 'kind': has 300 classes"),
    ]
    for values, message in bad:
        with pytest.raises(InputError, match=message):
            field_classes(values, "l", "kind")


@pytest.mark.parametrize(("code", "refused"), [(2**53, False), (2**53 + 1, True), (-(2**53) - 1, True)])
def test_codes_that_would_be_rounded_on_the_way_to_their_place_are_refused(
    tmp_path: Path, code: int, *, refused: bool
) -> None:
    points = [GroundControlPoint(r, c, 500000 + c, 5000000 - r) for r in (0, 8) for c in (0, 8)]
    path = str(tmp_path / "c.tif")
    with rasterio.open(
        path, "w", driver="GTiff", width=8, height=8, count=1, dtype="int64", gcps=points, crs="EPSG:32633"
    ) as out:
        out.write(np.full((1, 8, 8), code, np.int64))
    if refused:
        with pytest.raises(
            InputError, match=rf"only ground control points .* codes such as {code} would be rounded in the warp;"
        ):
            open_classes(path)
        return
    with open_classes(path)[0] as raster:
        assert (raster.read(1) == code).all()
