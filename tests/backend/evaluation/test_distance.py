from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from idgbr.evaluation.boundary import distances_within


@pytest.mark.parametrize("sampling", [(1.0, 1.0), (0.3, 0.2), (0.2, 0.5)])
@pytest.mark.parametrize("reach", [1.0, 3.0, 7.3])
def test_distances_are_those_of_the_full_transform(sampling: tuple[float, float], reach: float) -> None:
    edge = np.random.default_rng(5).random((90, 70)) < 0.01
    full = distance_transform_edt(~edge, sampling=sampling)
    found = distances_within(edge, reach, sampling)
    assert found[full <= reach] == pytest.approx(full[full <= reach], abs=1e-5)
    assert np.isinf(found[full > reach * 1.0001]).all()


def test_no_edge_is_infinitely_far() -> None:
    assert np.isinf(distances_within(np.zeros((5, 9), bool), 4)).all()
