"""What is accepted of a refined map: the network's own word, calibrated, in the scores that the gate reads."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from idgbr.engines.devices import choose_device
from idgbr.models.card import AcceptanceTable
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.refiner.acceptance import Margins, gate, margins_at
from idgbr.refiner.learned_acceptance import Acceptance, acceptance_at, decided, is_drawn
from idgbr.refiner.refiner import Refiner


def one_hot(labels: np.ndarray, classes: int) -> NDArray[np.float32]:
    return np.ascontiguousarray(np.moveaxis(np.eye(classes, dtype=np.float32)[labels], 2, 0))


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
def test_a_change_is_accepted_where_it_is_likelier_than_the_threshold(threshold: float) -> None:
    """Of any number of classes; scores stay probabilities, and the gate needs no margin."""
    rng = np.random.default_rng(4)
    coarse = one_hot(rng.integers(0, 4, (24, 32)), 4)
    refined = rng.dirichlet(np.ones(4), (24, 32)).astype(np.float32).transpose(2, 0, 1).copy()
    logits = rng.normal(0, 2, (24, 32)).astype(np.float32)
    scores = decided(coarse, refined, logits, Acceptance(1.6, threshold, threshold))
    np.testing.assert_allclose(scores.sum(0), 1, rtol=1e-5)
    before, after = coarse.argmax(0), refined.argmax(0)
    accepted = 1 / (1 + np.exp(-logits / 1.6)) > threshold
    expected = np.where(accepted, after, before)
    np.testing.assert_array_equal(scores.argmax(0), expected)
    labels, _ = gate(before.astype(np.uint8), coarse.max(0), scores, np.ones((24, 32), bool), 0.0)
    np.testing.assert_array_equal(labels, expected)
    same = before == after
    np.testing.assert_array_equal(scores[:, same], refined[:, same])


def test_extreme_thresholds_accept_all_or_nothing() -> None:
    coarse, refined = one_hot(np.zeros((4, 4), int), 2), one_hot(np.ones((4, 4), int), 2)
    logits = np.linspace(-9, 9, 16, dtype=np.float32).reshape(4, 4)
    assert (decided(coarse, refined, logits, Acceptance(1, 1.0, 1.0)).argmax(0) == 0).all()
    assert (decided(coarse, refined, logits, Acceptance(1, 0.0, 0.0)).argmax(0) == 1).all()


def test_drawn_maps_have_a_threshold_of_their_own() -> None:
    labels = np.zeros((16, 16), int)
    labels[:, 8:] = 1
    drawn = one_hot(labels, 2)
    soft = drawn * np.float32(0.8) + np.float32(0.1)
    assert is_drawn(drawn)
    assert not is_drawn(soft)
    assert not is_drawn(one_hot(np.zeros((8, 8), int), 2))
    found = acceptance_at(AcceptanceTable(2, {"2": [[0.1, 0.4, 0.6], [0.4, 0.6, 0.8]]}), 0.2, 2)
    assert found == pytest.approx((2.0, 0.5, 0.7))
    assert found is not None
    assert (found.of(soft), found.of(drawn)) == pytest.approx((0.5, 0.7))
    assert acceptance_at(None, 0.2, 2) is None
    assert acceptance_at(AcceptanceTable(1.2), 0.2, 2) == Acceptance(1.2, 0.5, 0.5)


def test_a_card_without_acceptance_keeps_its_margins() -> None:
    """The margins of the whole map decide, as before, and on each grid the same refiner works."""
    folder, card = find_model("refiner", "refiner")
    if card.acceptance:
        pytest.skip("the bundled refiner says itself what to accept")
    refiner = Refiner(folder, card, choose_device("cpu", Monitor()), gsd_m=0.2, steps=2)
    assert refiner.margins == margins_at(card.margins, 0.2, 2)
    assert refiner.margins != Margins(0.0, 0.0)
    assert refiner.on(0.5) is refiner
