"""Codes: distinct, far apart where it matters, decoded to what was encoded."""

from __future__ import annotations

import numpy as np
import pytest

from idgbr.refine.codes import CODE_ORDER, code_table, decode, expected_codes


def test_codes_are_distinct_and_the_first_two_complementary() -> None:
    """All sixteen codes are dealt once; a binary task gets the largest distance."""
    assert sorted(CODE_ORDER) == list(range(16))
    table = code_table(2)
    assert (table[0] == -table[1]).all()


@pytest.mark.parametrize("classes", [1, 2, 5, 16])
def test_sure_codes_decode_to_their_class(classes: int) -> None:
    """Saturated logits of a class give it all the probability."""
    table = code_table(classes)
    labels = np.arange(classes).repeat(3).reshape(classes, 3)
    hot = np.eye(classes, dtype=np.float32)[labels].transpose(2, 0, 1)
    probabilities = decode(30 * expected_codes(hot, table), table)
    np.testing.assert_array_equal(probabilities.argmax(0), labels)
    np.testing.assert_allclose(probabilities.sum(0), 1, rtol=1e-5)


def test_decode_is_the_product_of_bits() -> None:
    """`decode` equals the softmax of summed log-sigmoids, the definition."""
    rng = np.random.default_rng(0)
    logits, table = rng.normal(0, 2, (4, 5, 6)).astype(np.float32), code_table(5)
    signed = table[:, :, None, None] * logits[None]
    scores = -np.log1p(np.exp(-signed)).sum(1)
    expected = np.exp(scores) / np.exp(scores).sum(0)
    np.testing.assert_allclose(decode(logits, table), expected, rtol=1e-4)


def test_too_many_classes() -> None:
    """Seventeen classes do not fit four bits."""
    with pytest.raises(ValueError, match="17 classes"):
        code_table(17)
