from __future__ import annotations

import base64

import numpy as np
import pytest
from affine import Affine
from rasterio.io import MemoryFile

from idgbr.evaluation.error_map import (
    CONFUSED,
    FALSE,
    MISSED,
    RIGHT,
    UNSCORED,
    WINDOW,
    ErrorMap,
    Place,
    context_window,
    error_kinds,
)
from idgbr.evaluation.pictures import KIND_COLORS, error_overlay, error_picture, outline_path, png_uri
from idgbr.raster.grid import Grid


def grid(height: int, width: int) -> Grid:
    return Grid(Affine.identity(), None, height, width)


def test_kinds_of_errors() -> None:
    truth = np.array([[0, 0, 1, 1, 1, 1, 255]], np.uint8)
    predicted = np.array([[0, 2, 1, 0, 2, 254, 1]], np.uint8)
    kinds = error_kinds(predicted, truth, background=0)
    assert kinds.tolist() == [[RIGHT, FALSE, RIGHT, MISSED, CONFUSED, CONFUSED, UNSCORED]]
    assert error_kinds(predicted, truth, background=None).max() == CONFUSED
    assert FALSE not in error_kinds(predicted, truth, background=None)


def test_windows_are_ranked_by_wrong_pixels() -> None:
    errors = ErrorMap(grid(600, 520), background=0)
    truth, predicted = np.zeros((600, 520), np.uint8), np.zeros((600, 520), np.uint8)
    predicted[300:310, 300:320] = 1
    predicted[10, 10] = 1
    truth[520:, :] = 255
    for row in (0, 512):
        errors.add(row, 0, predicted[row : row + 512], truth[row : row + 512])
    assert errors.worst(9) == [Place(256, 256, 200, 256 * 256), Place(0, 0, 1, 256 * 256)]
    assert errors.worst(1) == errors.worst(9)[:1]
    assert errors.windows[..., 1].sum() == 520 * 520
    assert ErrorMap(grid(9, 9), None).worst(3) == []


@pytest.mark.parametrize("side", [700, 2600])
def test_the_reduced_map_counts_every_pixel(side: int) -> None:
    errors = ErrorMap(grid(side, side - 100), background=0)
    random = np.random.default_rng(4)
    predicted, truth = (random.integers(0, 2, (side, side - 100), dtype=np.uint8) for _ in range(2))
    for row in range(0, side, 1024):
        for col in range(0, side - 100, 1024):
            errors.add(
                row, col, predicted[row : row + 1024, col : col + 1024], truth[row : row + 1024, col : col + 1024]
            )
    assert max(errors.pixels.shape[:2]) <= 1000
    kinds = error_kinds(predicted, truth, 0)
    assert errors.pixels.sum(axis=(0, 1)).tolist() == np.bincount(kinds.ravel(), minlength=5).tolist()
    step = errors.factor
    assert errors.pixels[3, 5].sum() == step * step
    assert (
        errors.truth[:-1, :-1]
        == truth[step // 2 :: step, step // 2 :: step][: errors.truth.shape[0] - 1, : errors.truth.shape[1] - 1]
    ).all()
    picture = error_picture(errors, np.full((*errors.truth.shape, 3), 90, np.uint8))
    assert picture.shape == (*errors.truth.shape, 3)


def test_errors_are_seen_in_their_colours() -> None:
    errors = ErrorMap(grid(256, 256), background=0)
    truth, predicted = np.zeros((256, 256), np.uint8), np.zeros((256, 256), np.uint8)
    truth[:50], predicted[200:] = 1, 1
    truth[100:110] = 255
    errors.add(0, 0, predicted, truth)
    picture = error_picture(errors, np.full((256, 256, 3), 60, np.uint8))
    assert tuple(picture[10, 10]) == KIND_COLORS[MISSED]
    assert tuple(picture[250, 10]) == KIND_COLORS[FALSE]
    assert len({tuple(picture[row, 10]) for row in (10, 250, 105, 150)}) == 4
    overlay = error_overlay(error_kinds(predicted, truth, 0))
    assert tuple(overlay[10, 10, :3]) == KIND_COLORS[MISSED]
    assert overlay[150, 10, 3] == 0


def test_outlines_run_along_pixel_edges() -> None:
    labels = np.zeros((4, 5), np.uint8)
    labels[1:3, 2:4] = 1
    path = outline_path(labels)
    assert sorted("M" + part for part in path.split("M")[1:]) == ["M2 1H4", "M2 1V3", "M2 3H4", "M4 1V3"]
    assert outline_path(np.ones((3, 3), np.uint8)) == ""


def test_pictures_are_png() -> None:
    picture = np.random.default_rng(2).integers(0, 255, (7, 9, 3), dtype=np.uint8)
    uri = png_uri(picture)
    assert uri.startswith("data:image/png;base64,")
    with MemoryFile(base64.b64decode(uri.split(",")[1])) as file, file.open() as raster:
        assert (np.moveaxis(raster.read(), 0, 2) == picture).all()


@pytest.mark.parametrize(("place", "expected"), [((256, 256), (236, 236, 296, 296)), ((0, 512), (0, 304, 296, 296))])
def test_surroundings_of_a_place_stay_on_the_grid(place: tuple[int, int], expected: tuple[int, ...]) -> None:
    window = context_window(Place(*place, 1, 1), grid(900, 600), 20)
    assert (window.row_off, window.col_off, window.height, window.width) == expected
    small = context_window(Place(*place, 1, 1), grid(500, 200), 20)
    assert (small.width, small.height) == (200, 296)
    assert WINDOW == 256
