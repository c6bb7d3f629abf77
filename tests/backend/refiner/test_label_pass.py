"""The pass over hard class maps, with a refiner whose answer is known: it shifts the map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasterio.transform import Affine

from idgbr.distributed.blocks import shared_rows
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.raster.rows import RowReader
from idgbr.raster.writer import RowWriter
from idgbr.refiner.acceptance import Margins, boundaries, dilate
from idgbr.refiner.label_pass import LabelPass, code_slots
from idgbr.tiling.tiles import Span, Tiling

NONE = 255
BAND = 5


class Shifting:
    """Says surely that all boundaries lie `shift` px further right; counts what it is asked."""

    margins = Margins(0.2, 0.2)

    def __init__(self, shift: int = 3) -> None:
        self.shift = shift
        self.calls = 0
        self.most = 0

    def refine(self, image: np.ndarray, coarse: np.ndarray, row: int, col: int, monitor: Monitor) -> np.ndarray:
        np.testing.assert_allclose(coarse.sum(0), 1, rtol=1e-5)
        self.calls += 1
        self.most = max(self.most, len(coarse))
        return np.roll(coarse, self.shift, axis=2)


class Blank:
    """An image without content."""

    def read(self, row: int, col: int, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros((3, height, width), np.float32), np.ones((height, width), bool)


def written(labels: np.ndarray, folder: Path) -> Path:
    """The labels as a raster."""
    path = folder / "labels.tif"
    with RowWriter(path, Grid(Affine.identity(), None, *labels.shape), "uint8", NONE) as out:
        out.write(0, labels)
    return path


def refined(
    labels: np.ndarray, folder: Path, refiner: Shifting, *, core: int = 96, valid: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, LabelPass]:
    """Labels and confidence after the pass, and the pass."""
    height, width = labels.shape
    path = written(labels, folder)
    seen = np.ones(labels.shape, bool) if valid is None else valid
    classes = len(np.unique(labels[labels != NONE]))
    with RowReader(path) as coarse:
        work = LabelPass(
            Blank(), lambda first, last: seen[first:last], lambda: refiner, Tiling(height, width, core, 32), coarse,
            classes, BAND, (0, 0), Monitor(), margin=0.2,
        )  # type: ignore[arg-type] # fmt: skip
        rows = list(work.rows())
    assert [r.first for r in rows] == list(np.cumsum([0, *(len(r.labels) for r in rows)])[:-1])
    after = np.concatenate([r.labels for r in rows])
    assert sum(r.changed for r in rows) == np.count_nonzero(after != labels)
    return after, np.concatenate([r.confidence for r in rows]) / 255, work


def blocks(height: int, width: int, side: int, classes: int) -> np.ndarray:
    """Squares of `side` px whose classes follow each other."""
    rows, cols = np.mgrid[:height, :width] // side
    return ((rows * 7 + cols * 5) % classes).astype(np.uint8)


def test_boundaries_move_as_the_refiner_says(tmp_path: Path) -> None:
    labels = np.zeros((200, 300), np.uint8)
    labels[:, 150:] = 1
    after, confidence, _ = refined(labels, tmp_path, Shifting())
    assert (after == (np.arange(300) >= 153)).all()
    assert confidence.min() > 0.99


def test_outside_the_band_nothing_changes(tmp_path: Path) -> None:
    """Even a refiner that turns everything round changes the band alone, and there to what is near only."""
    labels = blocks(220, 260, 60, 9)
    after, _, _ = refined(labels, tmp_path, Shifting(60))
    band = dilate(boundaries(labels), BAND)
    assert (after == labels)[~band].all()
    assert (after != labels).any()
    for value in np.unique(after):
        assert dilate(labels == value, BAND)[after == value].all()


@pytest.mark.parametrize("classes", [3, 40, 255])
def test_result_does_not_depend_on_tiles(tmp_path: Path, classes: int) -> None:
    """The same labels from tiles of any size, however many classes the map has; ragged edges included."""
    labels = blocks(310, 333, 40, classes)
    labels[100:120, 90:200] = NONE
    results = [refined(labels, tmp_path, Shifting(), core=core)[0] for core in (64, 96, 100, 512)]
    assert (results[0] != labels).sum() > 500
    for result in results[1:3]:
        np.testing.assert_array_equal(result, results[0])
    if classes <= 16:  # the one large tile has more classes than can take part otherwise
        np.testing.assert_array_equal(results[3], results[0])


def test_255_classes_need_no_255_channels(tmp_path: Path) -> None:
    refiner = Shifting()
    labels = np.repeat(np.arange(255, dtype=np.uint8), 20)[None].repeat(80, 0)
    after, _, work = refined(labels, tmp_path, refiner, core=64)
    assert refiner.most == 16
    assert work.crowded == 0
    np.testing.assert_array_equal(after[:, 3:-3], np.roll(labels, 3, axis=1)[:, 3:-3])


def test_of_more_than_16_classes_in_a_tile_the_commonest_take_part(tmp_path: Path) -> None:
    labels = np.zeros((192, 192), np.uint8)
    for k in range(1, 20):  # columns of 6 px, class k in 4 · k rows of them
        labels[40 : 40 + 4 * k, 32 + 6 * k : 38 + 6 * k] = k
    after, _, work = refined(labels, tmp_path, Shifting(), core=192)
    assert work.crowded == 1
    rare = np.isin(labels, [1, 2, 3, 4])
    assert (after == labels)[rare].all()
    assert not np.isin(after[~rare], [1, 2, 3, 4]).any()
    assert (after != labels).any()


def test_what_has_no_class_stays_so_and_gives_nothing(tmp_path: Path) -> None:
    labels = np.zeros((150, 200), np.uint8)
    labels[:, 60:63] = NONE
    labels[:, 63:120] = 1
    after, confidence, _ = refined(labels, tmp_path, Shifting())
    assert ((after == NONE) == (labels == NONE)).all()
    assert (after[:, :60] == 0).all(), "a boundary with no class is none"
    assert (after[:, 120:123] == 1).all()
    assert (confidence[:, :60] == 1).all()


def test_tiles_without_boundaries_are_left_out(tmp_path: Path) -> None:
    refiner = Shifting()
    labels = np.zeros((200, 700), np.uint8)
    labels[:, :20] = 1
    refined(labels, tmp_path, refiner, core=96)
    assert refiner.calls == 3


def test_where_the_image_has_no_data_the_map_stays(tmp_path: Path) -> None:
    labels = np.zeros((150, 200), np.uint8)
    labels[:, 100:] = 1
    valid = np.ones(labels.shape, bool)
    valid[50:90] = False
    after, _, _ = refined(labels, tmp_path, Shifting(), valid=valid)
    assert (after[50:90] == labels[50:90]).all()
    assert (after[:50, 100:103] == 0).all()


def test_a_doubtful_change_is_refused(tmp_path: Path) -> None:
    """Below the margin the class stays, with the confidence that the refiner has in it."""

    class Undecided(Shifting):
        def refine(self, image: np.ndarray, coarse: np.ndarray, row: int, col: int, monitor: Monitor) -> np.ndarray:
            return 0.45 * coarse + 0.55 * np.roll(coarse, self.shift, axis=2)

    labels = np.zeros((150, 200), np.uint8)
    labels[:, 100:] = 1
    after, confidence, _ = refined(labels, tmp_path, Undecided())
    np.testing.assert_array_equal(after, labels)
    assert confidence[75, 101] == pytest.approx(0.45, abs=1 / 255)  # kept in a byte
    assert confidence[75, 106] == 1


def test_codes_of_classes_are_their_own_where_they_can_be() -> None:
    np.testing.assert_array_equal(code_slots(np.array([0, 5, 15])), [0, 5, 15])
    np.testing.assert_array_equal(code_slots(np.array([5, 21, 37, 40])), [5, 0, 1, 8])
    assert sorted(code_slots(np.arange(100, 132, 2))) == list(range(16))


class Wavering(Shifting):
    """Is half sure of each boundary, more or less so by where a tile lies, as a network is."""

    def refine(self, image: np.ndarray, coarse: np.ndarray, row: int, col: int, monitor: Monitor) -> np.ndarray:
        share = np.float32(0.3 + 0.37 * abs(np.sin(row + 3.0 * col)))
        return share * coarse + (1 - share) * np.roll(coarse, self.shift, axis=2)

    def explore(
        self, image: np.ndarray, coarse: np.ndarray, row: int, col: int, monitor: Monitor
    ) -> tuple[np.ndarray, np.ndarray]:
        refined = self.refine(image, coarse, row, col, monitor)
        return refined, (refined + np.roll(coarse, 1, axis=1)) / 2


@pytest.mark.parametrize("explore", [False, True])
@pytest.mark.parametrize("height", [310, 266])  # the last row of tiles is 54 px high, or 10, less than a ramp
def test_spans_worked_on_apart_and_joined_give_the_same_bytes(tmp_path: Path, height: int, explore: bool) -> None:
    labels = blocks(height, 170, 23, 6)
    labels[100:120, 30:90] = NONE
    path = written(labels, tmp_path)
    tiling = Tiling(height, 170, 64, 32)
    with RowReader(path) as coarse:
        work = LabelPass(
            Blank(), lambda first, last: np.ones((last - first, 170), bool), Wavering, tiling, coarse, 6,
            BAND, (0, 0), Monitor(), margin=0.05, explore=explore,
        )  # type: ignore[arg-type, return-value] # fmt: skip
        whole = list(work.rows())
        spans = [Span(128, 256), Span(256, height), Span(0, 128)]
        apart = {span.start: list(work.rows(span=span)) for span in spans}
        edges = {span.start: span.edges for span in spans}
        for upper, lower in ((0, 128), (128, 256)):
            sums = shared_rows(edges[upper], edges[lower])
            assert len(sums) == 1 + explore
            apart[lower].insert(0, work.seam(lower - tiling.ramp, sums))
    parts = [rows for start in sorted(apart) for rows in apart[start]]
    assert [rows.first for rows in parts] == list(np.cumsum([0, *(len(rows.labels) for rows in parts)])[:-1])
    for field in ("labels", "confidence", "uncertainty"):
        one, other = (np.concatenate([getattr(rows, field) for rows in some]) for some in (whole, parts))
        np.testing.assert_array_equal(one, other)
    assert sum(rows.changed for rows in parts) == sum(rows.changed for rows in whole) > 500
