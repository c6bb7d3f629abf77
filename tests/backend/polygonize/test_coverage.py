from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy import ndimage

from idgbr.polygonize.arcs.fit import FitOptions
from idgbr.polygonize.coverage import CoverageBuilder
from tests.backend.polygonize.coverages import assert_valid_coverage, coverage, noise

OPTIONS = [
    {"simplify": 0.0},
    {"simplify": 0.3},
    {"simplify": 0.75},
    {"simplify": 2.0},
    {"simplify": 6.0},
    {"simplify": 0.75, "smooth": True},
    {"simplify": 0.0, "smooth": True},
    {"simplify": 0.75, "regularize": "right-angles"},
    {"simplify": 1.5, "regularize": "right-angles", "smooth": True},
]


def label_count(codes: np.ndarray) -> int:
    return sum(ndimage.label(codes == c)[1] for c in np.unique(codes) if c >= 2)


def test_exact_outline_has_the_pixels_area() -> None:
    codes = noise(60, 70, 4, seed=1)
    shapes, got = coverage(codes, simplify=0.0)
    assert len(shapes) == label_count(codes)
    for code in (2, 3, 4):
        assert shapely.area(shapes[got == code]).sum() == (codes == code).sum()
    for shape, code in zip(shapes, got, strict=True):
        x, y = np.array(shape.representative_point().coords[0]).astype(int)
        assert codes[y, x] == code


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize(("grain", "classes"), [(1, 2), (1, 5), (6, 3)])
def test_coverage_stays_valid(options: dict[str, float | str], grain: int, classes: int) -> None:
    full = noise(90, 80, classes, seed=grain, grain=grain) + np.uint16(1)  # No void: the whole raster is filled.
    shapes, _ = coverage(full, **options)
    assert_valid_coverage(shapes, full.size)
    assert len(shapes) == label_count(full)
    with_void = full - np.uint16(1)
    shapes, _ = coverage(with_void, **options)
    assert_valid_coverage(shapes)
    assert len(shapes) == label_count(with_void)


@pytest.mark.parametrize("options", [OPTIONS[2], OPTIONS[3], OPTIONS[8]], ids=str)
def test_strip_height_leaves_no_trace(options: dict[str, float | str]) -> None:
    codes = noise(260, 90, 4, seed=3, grain=5)
    whole, whole_codes = coverage(codes, **options)
    for strip in (1, 7, 64, 200):
        shapes, got = coverage(codes, strip, **options)
        assert (got == whole_codes).all()
        assert shapely.equals_identical(shapes, whole).all()


def test_saddle_corners_part_regions_but_not_rings() -> None:
    # Two squares that touch at a corner are two polygons; a ring that touches itself has a hole, not a crossing.
    codes = np.ones((5, 5), np.uint16)
    codes[1, 1] = codes[2, 2] = 2
    shapes, _ = coverage(codes, simplify=0.0)
    assert len(shapes) == 2
    loop = np.array([[2, 2, 2], [2, 1, 2], [2, 2, 1]], np.uint16)
    for strip in (1, 2, 3):
        shapes, _ = coverage(loop, strip, simplify=0.0)
        assert len(shapes) == 1
        assert shapes[0].is_valid
        assert len(shapes[0].interiors) == 1
        assert shapes[0].area == 7


@pytest.mark.parametrize("strip", [1, 3, 100])
def test_holes_in_holes(strip: int) -> None:
    codes = np.ones((21, 21), np.uint16)
    for k, code in enumerate((2, 3, 2, 1, 2)):
        codes[2 * k : 21 - 2 * k, 2 * k : 21 - 2 * k] = code
    shapes, got = coverage(codes, strip, simplify=0.0)
    assert_valid_coverage(shapes)
    assert sorted(zip(shapely.area(shapes), got, strict=True)) == [(25.0, 2), (88.0, 2), (120.0, 3), (152.0, 2)]
    assert sorted(shapely.get_num_interior_rings(shapes)) == [0, 1, 1, 1]


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 2)])
def test_thin_rasters(shape: tuple[int, int]) -> None:
    codes = noise(*shape, 3, seed=5) + np.uint16(1)
    shapes, _ = coverage(codes, 3, simplify=0.75)
    assert_valid_coverage(shapes, codes.size)


def test_single_pixels_survive_simplification() -> None:
    codes = np.ones((30, 30), np.uint16)
    codes[3::6, 3::6] = 2
    shapes, _ = coverage(codes, simplify=3.0)
    assert len(shapes) == 25
    assert shapely.area(shapes).min() >= 0.8


def test_confidence_is_the_mean_of_known_pixels() -> None:
    codes = np.array([[2, 2, 3], [2, 2, 3]], np.uint16)
    confidence = np.array([[0.5, 0.7, np.nan], [0.9, np.nan, np.nan]])
    builder = CoverageBuilder(3, FitOptions(), flip=False, values=1)
    batches = [*builder.feed(codes, [confidence]), *builder.finish()]
    got = {int(c): float(v) for b in batches for c, v in zip(b.codes, b.means[:, 0], strict=True)}
    assert got[2] == pytest.approx(0.7, abs=1e-4)
    assert np.isnan(got[3])


def test_memory_is_bounded_by_what_is_open() -> None:
    builder = CoverageBuilder(64, FitOptions(), flip=False)
    block = np.ones((8, 64), np.uint16)
    block[2:6, 2::8] = 2
    for _ in range(200):
        list(builder.feed(block))
    assert builder._table.pixels.size < 20
    assert builder._arcs.vertices.shape[0] + builder._pieces.steps.size < 500
    assert builder._rows.shape[0] < 16
