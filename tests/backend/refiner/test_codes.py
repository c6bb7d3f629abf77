"""Codes: distinct, far apart where it matters, uncertain where the map is."""

from __future__ import annotations

import numpy as np
import pytest

from idgbr.refiner.bridge import expected_codes
from idgbr.refiner.codes import CODE_ORDER, code_table


def test_codes_are_distinct_and_the_first_two_complementary() -> None:
    """All sixteen codes are dealt once; a binary task gets the largest distance."""
    assert sorted(CODE_ORDER) == list(range(16))
    table = code_table(2)
    assert (table[0] == -table[1]).all()


def test_expected_codes_keep_uncertainty() -> None:
    """A sure pixel has its class's code, an even mixture of two complementary ones none."""
    table = code_table(2)
    probabilities = np.array([[[1.0, 0.5]], [[0.0, 0.5]]], np.float32)
    codes = expected_codes(probabilities, table)
    np.testing.assert_array_equal(codes[:, 0, 0], table[0])
    np.testing.assert_array_equal(codes[:, 0, 1], 0)


def test_too_many_classes() -> None:
    """Seventeen classes do not fit four bits."""
    with pytest.raises(ValueError, match="17 classes"):
        code_table(17)


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (70, 130)])
def test_expected_codes_are_the_mean_of_the_codes(size: tuple[int, int]) -> None:
    """Also of maps larger than the parts in which they are computed."""
    table = code_table(7)
    probabilities = np.moveaxis(np.random.default_rng(0).dirichlet(np.ones(7), size), 2, 0).astype(np.float32)
    np.testing.assert_allclose(
        expected_codes(probabilities, table), np.einsum("khw,kb->bhw", probabilities, table), atol=1e-6
    )
