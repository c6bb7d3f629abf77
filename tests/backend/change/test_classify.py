"""What happened, from the probabilities of change and of objects in both dates; and which date shows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from idgbr.change.classify import (
    APPEARED,
    DISAPPEARED,
    FUSIONS,
    MODIFIED,
    UNCHANGED,
    Evidence,
    OpenEvidence,
    thresholded,
)
from idgbr.tiling.score_store import ScoreStore, StoredScores

SIZE = (40, 120)
#: Columns where something appeared, disappeared, and changed with an object in both dates.
CAME, WENT, STAYED = np.s_[10:30], np.s_[50:70], np.s_[90:110]


def stored(path: Path, scores: np.ndarray) -> StoredScores:
    with ScoreStore(path, len(scores), SIZE, SIZE) as store:
        store.write(0, 0, scores.astype(np.float32))
    return StoredScores(path, len(scores), SIZE)


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    change, was, now = (np.zeros(SIZE) for _ in range(3))
    for where in (CAME, WENT, STAYED):
        change[10:30, where] = 0.6
    now[10:30, CAME] = was[10:30, WENT] = 0.9
    was[10:30, STAYED] = now[10:30, STAYED] = 0.8
    dates = [stored(tmp_path / f"{n}.bin", np.stack([1 - p, p])) for n, p in (("was", was), ("now", now))]
    return Evidence(stored(tmp_path / "change.bin", change[None]), (dates[0], dates[1]), (0,), "none")


def all_classes(opened: OpenEvidence, threshold: float = 0.5) -> np.ndarray:
    return opened.classes(0, SIZE[0], 0, SIZE[1], threshold=threshold, narrowest=3)


def test_what_appeared_disappeared_and_was_modified(evidence: Evidence) -> None:
    with evidence.on(SIZE, 4) as opened:
        classes = all_classes(opened).argmax(0)
        assert (classes[10:30, CAME] == APPEARED).all()
        assert (classes[10:30, WENT] == DISAPPEARED).all()
        assert (classes[10:30, STAYED] == MODIFIED).all()
        assert (classes[:10] == UNCHANGED).all()
        assert (all_classes(opened, 0.7).argmax(0) == UNCHANGED).all()
        gone = opened.gone(0, *SIZE[:1], 0, SIZE[1])
        assert gone[10:30, WENT].all()
        assert not gone[:, CAME].any()
        parts = [
            [opened.classes(row, row + 8, col, col + 10, threshold=0.5, narrowest=3) for col in range(0, SIZE[1], 10)]
            for row in range(0, SIZE[0], 8)
        ]
        np.testing.assert_array_equal(np.block(parts), all_classes(opened), err_msg="parts differ from the whole")


def test_without_objects_all_is_modified(evidence: Evidence) -> None:
    with evidence._replace(dates=None).on(SIZE, 4) as opened:
        classes = all_classes(opened).argmax(0)
        assert set(np.unique(classes)) == {UNCHANGED, MODIFIED}


def test_fusions_agree_where_both_are_sure_and_lie_between() -> None:
    change, was, now = (
        np.array(v, np.float32) for v in ([0.0, 1.0, 0.5, 0.9], [0.0, 0.0, 0.5, 0.9], [0.0, 1.0, 0.5, 0.9])
    )
    one_of = was * (1 - now) + now * (1 - was)
    for name, fused in ((name, fusion(change, was, now)) for name, fusion in FUSIONS.items()):
        assert np.isfinite(fused).all()
        np.testing.assert_allclose(fused[:3], [0, 1, 0.5], atol=0.01)
        assert name == "none" or one_of[3] < fused[3] < change[3]


def test_a_threshold_becomes_one_half() -> None:
    bent = thresholded(np.array([0, 0.2, 0.4, 0.7, 1], np.float32), 0.4)
    np.testing.assert_allclose(bent, [0, 0.25, 0.5, 0.75, 1], atol=1e-6)
