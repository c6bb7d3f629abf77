"""The refiner on tiles: samples, many classes, positions. Uses the bundled model."""

from __future__ import annotations

import numpy as np
import pytest

from idgbr.engines.devices import choose_device
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.refiner.refiner import Refiner


def refiner(steps: int, samples: int = 1) -> Refiner:
    folder, card = find_model("refiner", "refiner")
    return Refiner(folder, card, choose_device("cpu", Monitor()), gsd_m=0.3, steps=steps, samples=samples)


@pytest.fixture(scope="module")
def tile() -> tuple[np.ndarray, np.ndarray]:
    """A bright square on dark ground and a coarse map that is 4 px off, (3, 96, 96) and (2, 96, 96)."""
    image = np.full((3, 96, 96), 0.25, np.float32)
    image[:, 24:72, 24:72] = 0.8
    coarse = np.zeros((2, 96, 96), np.float32)
    coarse[1, 28:76, 28:76] = 1
    coarse[0] = 1 - coarse[1]
    return image, coarse


def test_first_sample_is_the_refinement(tile: tuple[np.ndarray, np.ndarray]) -> None:
    """`refine` is the first of the samples; more of them differ where the boundary is in doubt, and only there."""
    net = refiner(steps=2)
    samples = net.sample(*tile, 0, 0, 3, Monitor())
    np.testing.assert_array_equal(net.refine(*tile, 0, 0, Monitor()), samples[0])
    spread = np.abs(samples[1][1] - samples[2][1])
    assert spread.max() > 1e-3
    assert spread[:, :8].mean() < spread[:, 16:80].mean()
    for sample in samples:
        np.testing.assert_allclose(sample.sum(0), 1, rtol=1e-4)


@pytest.mark.parametrize("steps", [1, 2])
def test_exploring_gives_the_refinement_and_the_mean_of_the_samples(
    tile: tuple[np.ndarray, np.ndarray], steps: int
) -> None:
    """One step knows no noise, yet samples differ by how the tile lies."""
    net = refiner(steps, samples=4)
    samples = net.sample(*tile, 0, 0, 4, Monitor())
    assert np.abs(samples[1] - samples[3]).max() > 1e-3
    refined, mean = net.explore(*tile, 0, 0, Monitor())
    np.testing.assert_array_equal(refined, samples[0])
    np.testing.assert_allclose(mean, np.mean(samples, 0), atol=1e-6)


def test_more_classes_than_codes(tile: tuple[np.ndarray, np.ndarray]) -> None:
    """Of twenty classes the sixteen commonest take part; the others keep their probability."""
    image, _ = tile
    coarse = np.random.default_rng(0).dirichlet(np.linspace(0.2, 3, 20), (96, 96)).astype(np.float32)
    coarse = np.ascontiguousarray(coarse.transpose(2, 0, 1))
    refined = refiner(steps=1).refine(image, coarse, 0, 0, Monitor())
    np.testing.assert_array_equal(refined[:4], coarse[:4])
    np.testing.assert_allclose(refined.sum(0), 1, rtol=1e-3)
