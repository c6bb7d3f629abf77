"""Sets of pairs of the change benchmark: what was taken out, and what stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.change_sets import IGNORED, lost_pairs, xbd_pairs


def test_buildings_are_taken_out_of_the_later_date_alone(shared_data: Path) -> None:
    plain, lost = next(xbd_pairs(shared_data)), next(lost_pairs(shared_data))
    np.testing.assert_array_equal(plain.before, lost.before)
    out = lost.truth == 1
    assert 0.001 < out.mean() < 0.2
    assert (lost.after != plain.after).any(0)[out].mean() > 0.95
    far = np.ones(out.shape, bool)
    rows, cols = np.nonzero(out)
    for row, col in zip(rows[::7], cols[::7], strict=True):
        far[max(row - 24, 0) : row + 24, max(col - 24, 0) : col + 24] = False
    np.testing.assert_array_equal(lost.after[:, far], plain.after[:, far])
    np.testing.assert_array_equal(lost.truth == IGNORED, plain.truth == IGNORED)
