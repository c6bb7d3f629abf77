"""Class codes: of any type, in each format, too many or not codes at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from idgbr.errors import InputError
from tests.backend.jobs.vectorize_files import Recorder, read, run, sample, write_raster


def test_classes_of_a_foreign_raster(tmp_path: Path) -> None:
    # A mask of 0 and 255 with nodata 0 has one class, 255; a colour table gives colours.
    values = np.where(sample() == 1, 255, 0).astype(np.uint8)
    source = write_raster(tmp_path / "mask.tif", values, nodata=0)
    run(source, tmp_path / "out.gpkg")
    _, data, _ = read(tmp_path / "out.gpkg")
    assert [*data["class"]] == ["class 255"]
    with rasterio.open(source, "r+") as raster:
        raster.write_colormap(1, {0: (0, 0, 0), 255: (1, 2, 3)})
    run(source, tmp_path / "out.shp")
    assert "1,2,3,90" in (tmp_path / "out.qml").read_text()


WIDE = 410_370_000_000_012_345


@pytest.mark.parametrize(
    ("dtype", "codes", "nodata"),
    [
        ("int8", (-128, -5, 7), -128),
        ("int16", (-1, 1, 311), -1),
        ("uint16", (999, 112, 65535), 999),
        ("int32", (-(2**31), 2**31 - 1, 5), -(2**31)),
        ("uint32", (0, 2**32 - 1, 2**31 + 1), 0),
        ("int64", (0, WIDE, WIDE + 1), 0),
        ("int64", (5, 1 - 10**17, 10**18 - 1), 5),
        ("uint64", (0, 2**53 + 1, 10**18 - 1), 0),
        ("float32", (np.nan, 1, 311), None),
        ("float64", (-9999, 2.0**53, -3), -9999),
    ],
)
def test_codes_of_any_type_are_the_ids_of_their_classes(
    tmp_path: Path, dtype: str, codes: tuple[float, ...], nodata: float | None
) -> None:
    """The first code stands for no data."""
    values = np.array(codes, dtype)[np.minimum(sample(), 3) % 3]
    source = write_raster(tmp_path / "classes.tif", values, nodata=nodata)
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    _, data, _ = read(tmp_path / "out.gpkg")
    assert sorted(map(int, data["class_id"])) == sorted(map(int, codes[1:]))
    assert sorted(data["class"]) == sorted(f"class {int(code)}" for code in codes[1:])
    areas = dict(zip(map(int, data["class_id"]), data["area_m2"], strict=True))
    for code in codes[1:]:
        assert areas[int(code)] == pytest.approx(0.25 * np.count_nonzero(values == np.array(code, dtype)), rel=0.01)


@pytest.mark.parametrize(("suffix", "high"), [(".gpkg", 2**63 + 5), (".shp", 10**18), (".geojson", 2**63 - 1)])
def test_codes_that_the_format_cannot_hold_are_counted_and_named(tmp_path: Path, suffix: str, high: int) -> None:
    values = np.array([0, 2, high], np.uint64)[np.minimum(sample(), 3) % 3]
    monitor = Recorder()
    run(write_raster(tmp_path / "classes.tif", values, nodata=0), tmp_path / f"out{suffix}", monitor)
    _, data, _ = read(tmp_path / f"out{suffix}")
    assert sorted(zip(data["class_id"], data["class"], strict=True)) == [(1, "class 2"), (2, f"class {high}")]
    assert any("classes are numbered from 1" in line for line in monitor.said)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_geopackages_hold_all_codes_of_64_bits(tmp_path: Path, suffix: str) -> None:
    values = np.array([0, -(2**63), 2**63 - 1])[np.minimum(sample(), 3) % 3]
    run(write_raster(tmp_path / "classes.tif", values, nodata=0), tmp_path / f"out{suffix}")
    assert sorted(read(tmp_path / f"out{suffix}")[1]["class_id"]) == [-(2**63), 2**63 - 1]


def test_shapefiles_hold_codes_of_18_digits(tmp_path: Path) -> None:
    values = np.array([0, WIDE, WIDE + 1])[np.minimum(sample(), 3) % 3]
    run(write_raster(tmp_path / "classes.tif", values, nodata=0), tmp_path / "out.shp")
    assert sorted(read(tmp_path / "out.shp")[1]["class_id"]) == [WIDE, WIDE + 1]
    assert f'value="{WIDE}"' in (tmp_path / "out.qml").read_text()
    assert 'type="longlong"' in (tmp_path / "out.qml").read_text()


def test_minus_one_is_no_class_where_no_nodata_is_declared(tmp_path: Path) -> None:
    values = np.array([-1, 1, 2], np.int16)[np.minimum(sample(), 3) % 3]
    monitor = Recorder()
    run(write_raster(tmp_path / "classes.tif", values), tmp_path / "out.gpkg", monitor)
    assert set(read(tmp_path / "out.gpkg")[1]["class_id"]) == {1, 2}
    assert any("-1 counts as no class" in line for line in monitor.said)
    run(write_raster(tmp_path / "declared.tif", values, nodata=2), tmp_path / "other.gpkg")
    assert set(read(tmp_path / "other.gpkg")[1]["class_id"]) == {-1, 1}


def test_more_than_255_classes_are_counted_and_refused(tmp_path: Path) -> None:
    values = np.arange(4800, dtype=np.int32).reshape(60, 80)
    for count, message in ((256, "has 256 classes, 255 at most"), (4800, "has 4800 classes")):
        bad = write_raster(tmp_path / "many.tif", values % count * 3)
        with pytest.raises(InputError, match=rf"many\.tif: {message}"):
            run(bad, tmp_path / "out.gpkg")
    run(write_raster(tmp_path / "most.tif", values % 255 * 3), tmp_path / "out.gpkg", simplify=0.0)
    assert set(read(tmp_path / "out.gpkg")[1]["class_id"]) == set(range(0, 765, 3))


@pytest.mark.parametrize(("value", "message"), [(0.5, "holds fractions such as 0.5"), (1e30, "no class code of up to")])
def test_floats_that_are_no_codes_are_refused(tmp_path: Path, value: float, message: str) -> None:
    values = sample().astype(np.float32)
    values[12, 12] = value
    with pytest.raises(InputError, match=message):
        run(write_raster(tmp_path / "floats.tif", values), tmp_path / "out.gpkg")
