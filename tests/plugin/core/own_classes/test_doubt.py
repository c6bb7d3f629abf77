"""Where labels would help: a handful of places, the worst first, apart from each other."""

from __future__ import annotations

import numpy as np

from idgbr_qgis.core.own_classes.doubt import MOST_PLACES, SIDE, doubtful_places


def raster(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    return np.full((rows, columns), 255, np.uint8), np.ones((rows, columns), bool)


def test_the_worst_places_come_first() -> None:
    agreement, valid = raster(320, 480)
    agreement[64:96, 64:96] = 100
    agreement[224:256, 384:416] = 20
    assert doubtful_places(agreement, valid) == [(240, 400), (80, 80)]


def test_places_are_few_and_apart() -> None:
    agreement, valid = raster(640, 640)
    agreement[:] = np.random.default_rng(1).integers(0, 200, agreement.shape)
    places = np.array(doubtful_places(agreement, valid))
    assert len(places) == MOST_PLACES
    distances = np.abs(places[:, None] - places).max(axis=2)[~np.eye(len(places), dtype=bool)]
    assert distances.min() > 2 * SIDE


def test_sure_places_and_nodata_are_not_marked() -> None:
    agreement, valid = raster(200, 100)
    assert doubtful_places(agreement, valid) == []
    agreement[:64] = 0
    valid[:64] = False
    assert doubtful_places(agreement, valid) == []


def test_small_rasters_have_a_place_in_them() -> None:
    agreement, valid = raster(8, 10)
    agreement[:] = 10
    assert doubtful_places(agreement, valid) == [(4, 5)]
