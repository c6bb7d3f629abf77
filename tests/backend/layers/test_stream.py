"""What holds for any raster in strips of any height: exact areas, no region lost, a valid coverage, one result."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy import ndimage

from idgbr.polygonize.arcs.fit import FitOptions
from idgbr.polygonize.coverage import CoverageBuilder, FinishedRegions
from tests.backend.polygonize.coverages import assert_valid_coverage, coverage, crack_middles, noise

FITS = [
    {"simplify": 0.75},
    {"simplify": 0.75, "smooth": True},
    {"simplify": 0.75, "regularize": "right-angles"},
    {"simplify": 2.0, "smooth": True, "regularize": "right-angles"},
]
STRIPS = (1, 2, 5, 16)


def rings(size: int) -> np.ndarray:
    """Rings in rings up to the rim: each spans the raster, and is open over all its rows but a few."""
    y, x = np.mgrid[:size, :size]
    return (2 + np.minimum.reduce([x, y, size - 1 - x, size - 1 - y]) % 3).astype(np.uint16)


def checkerboard(size: int) -> np.ndarray:
    """Junctions of four at every corner."""
    y, x = np.mgrid[:size, :size]
    return (2 + (x + y) % 2).astype(np.uint16)


def diagonals(size: int) -> np.ndarray:
    """Stripes of a pixel that meet at corners alone, across two other classes."""
    y, x = np.mgrid[:size, :size]
    codes = (2 + (x > size // 2)).astype(np.uint16)
    codes[(x + y) % 6 == 0] = 4
    codes[(x - y) % 7 == 0] = 5
    return codes


def comb(size: int) -> np.ndarray:
    """Teeth that join in the last row, with holes that open and close between them."""
    codes = np.full((size, size), 2, np.uint16)
    codes[:, ::4] = 3
    codes[-1] = 3
    codes[1::5, 2::8] = 4
    return codes


def spiral(size: int) -> np.ndarray:
    """One region wound up in another, each bordering on itself."""
    codes = np.full((size, size), 2, np.uint16)
    y = x = 0
    dy, dx = 0, 1
    codes[0, 0] = 3
    for length in [size - 1, *(n for k in range(size - 1, 1, -2) for n in (k, k))]:
        for _ in range(length):
            y, x = y + dy, x + dx
            codes[y, x] = 3
        dy, dx = dx, -dy
    return codes


def smooth_classes(size: int, seed: int) -> np.ndarray:
    """Large regions with curved boundaries, holes, and some pixels of nodata."""
    rng = np.random.default_rng(seed)
    fields = [ndimage.gaussian_filter(rng.normal(size=(size, size)), 4.0) for _ in range(4)]
    codes = (2 + np.argmax(fields, axis=0)).astype(np.uint16)
    codes[rng.random((size, size)) < 0.01] = 1
    return codes


SHAPES = {
    "rings": rings(31),
    "checkerboard": checkerboard(24),
    "diagonals": diagonals(40),
    "comb": comb(33),
    "spiral": spiral(29),
    "smooth": smooth_classes(70, 1),
    "noise": noise(40, 50, 4, seed=11),
    "blocks": noise(60, 50, 3, seed=12, grain=4),
}


def regions(codes: np.ndarray) -> list[tuple[int, int]]:
    """Code and pixels of all regions, sorted."""
    found = []
    for code in np.unique(codes[codes >= 2]):
        labels, _ = ndimage.label(codes == code)
        found += [(int(code), int(n)) for n in np.bincount(labels.ravel())[1:]]
    return sorted(found)


def batches(codes: np.ndarray, strip: int, **options: float | str) -> list[FinishedRegions]:
    builder = CoverageBuilder(codes.shape[1], FitOptions(**options), flip=False)
    made = [b for row in range(0, len(codes), strip) for b in builder.feed(codes[row : row + strip])]
    return made + list(builder.finish())


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("strip", [*STRIPS, 1000])
def test_areas_are_the_pixels_exactly(name: str, strip: int) -> None:
    codes = SHAPES[name]
    shapes, got = coverage(codes, strip, simplify=0.0)
    areas = shapely.area(shapes)
    assert sorted(zip(got.tolist(), areas.tolist(), strict=True)) == regions(codes)
    made = batches(codes, strip, simplify=0.0)
    assert np.concatenate([b.pixels for b in made]).tolist() == areas.tolist()
    assert np.concatenate([b.polygons.area for b in made]).tolist() == areas.tolist()


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("options", FITS, ids=str)
def test_fitted_shapes_are_a_valid_coverage_in_strips_of_any_height(name: str, options: dict[str, float | str]) -> None:
    codes = SHAPES[name]
    whole, whole_codes = coverage(codes, **options)
    assert_valid_coverage(whole, float(codes.size) if (codes >= 2).all() else None)
    assert sorted(whole_codes.tolist()) == [code for code, _ in regions(codes)]
    for strip in STRIPS:
        shapes, got = coverage(codes, strip, **options)
        assert (got == whole_codes).all()
        assert shapely.equals_identical(shapes, whole).all()


@pytest.mark.parametrize("seed", range(12))
def test_random_rasters_in_random_strips(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, cols = rng.integers(1, 60, 2)
    codes = noise(rows, cols, int(rng.integers(1, 7)), seed=seed, grain=int(rng.integers(1, 7)))
    options = {
        "simplify": float(rng.choice([0.3, 0.75, 1.5, 5.0])),
        "smooth": bool(seed & 1),
        "regularize": ("none", "auto")[seed >> 1 & 1],
    }
    strip = int(rng.integers(1, rows + 1))
    shapes, got = coverage(codes, strip, **options)
    if len(shapes):
        assert_valid_coverage(shapes)
    assert sorted(got.tolist()) == [code for code, _ in regions(codes)]
    whole, _ = coverage(codes, **options)
    assert shapely.equals_identical(shapes, whole).all()
    exact, exact_codes = coverage(codes, strip, simplify=0.0)
    assert sorted(zip(exact_codes.tolist(), shapely.area(exact).tolist(), strict=True)) == regions(codes)


@pytest.mark.parametrize("name", SHAPES)
def test_junctions_stay_where_classes_meet(name: str) -> None:
    codes = SHAPES[name]
    fitted = {tuple(p) for p in shapely.get_coordinates(coverage(codes, simplify=2.0)[0])}
    around = np.pad(codes, 1)
    for y in range(codes.shape[0] + 1):
        for x in range(codes.shape[1] + 1):
            nw, ne, sw, se = around[y : y + 2, x : x + 2].ravel()
            cracks = (nw != ne) + (ne != se) + (se != sw) + (sw != nw)
            visible = max(nw, ne, sw, se) >= 2
            if cracks > 2 and visible and min(nw, ne, sw, se) != 1:  # Void has no polygon, and its borders may vanish.
                assert (x, y) in fitted


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("tolerance", [0.2, 0.5, 0.75, 1.0, 2.0, 6.0])
@pytest.mark.parametrize("name", ["smooth", "noise", "blocks", "diagonals", "rings"])
def test_boundaries_move_by_the_tolerance_at_most(name: str, tolerance: float, smooth: bool) -> None:
    codes = np.maximum(SHAPES[name], 2)
    lines = shapely.union_all(shapely.boundary(coverage(codes, simplify=tolerance, smooth=smooth)[0]))
    assert shapely.distance(crack_middles(codes), lines).max() <= tolerance
