"""The alternatives to the refiner: they train on its samples, resume, and answer as methods of the benchmark."""

# ruff: noqa: E402 (imports come after the checks that the extras are installed)
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the benchmark needs the train extra (make setup-train)")
for package in ("sklearn", "skimage", "transformers"):
    pytest.importorskip(package, reason="the benchmark needs the benchmark extra (pip install 'backend[benchmark]')")

from benchmarks.refiner import boundary_patch, full_resolution
from benchmarks.refiner.boundary_patch import PATCH_PX, REACH_PX, corners, patches_of
from benchmarks.refiner.dense_net import DenseNet
from benchmarks.refiner.methods import Choice, built
from idgbr.refiner.acceptance import boundaries
from idgbr.training.labels import IGNORE
from idgbr.training.networks import RefinerNet
from idgbr.training.places import Place, procedural_places
from idgbr.training.train_refiner import batches


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Place]:
    return procedural_places(tmp_path_factory.mktemp("scenes"), 2, size=192)


@pytest.fixture(scope="module")
def folder(places: list[Place], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both alternatives after a step or two."""
    run = tmp_path_factory.mktemp("run")
    boundary_patch.train_boundary_patch(places, steps=1, easy_steps=1, folder=run, batch=1, size=64)
    full_resolution.train_full_resolution(places, steps=1, folder=run, batch=1, size=64)
    return run


def test_they_cost_what_the_refiner_does() -> None:
    def count(net: torch.nn.Module) -> int:
        return sum(p.numel() for p in net.parameters())

    refiner = count(RefinerNet())
    assert count(DenseNet(4, 2)) == pytest.approx(refiner, rel=0.1)
    assert count(DenseNet(3, 5)) == pytest.approx(refiner, rel=0.1)
    assert DenseNet(4, 2).eval()(torch.zeros(1, 4, 32, 48)).shape == (1, 2, 32, 48)


def test_patches_cover_the_boundary_and_stay_inside() -> None:
    labels = np.zeros((150, 200), np.uint8)
    labels[20:130, 3:90] = 1
    edge = boundaries(labels)
    covered = np.zeros(edge.shape, bool)
    for row, col in corners(edge):
        assert 0 <= row <= 150 - PATCH_PX
        assert 0 <= col <= 200 - PATCH_PX
        covered[row : row + PATCH_PX, col : col + PATCH_PX] = True
    assert covered[edge].all()
    assert len(corners(edge)) < edge.sum() / REACH_PX


def test_training_patches_show_one_class_against_the_rest(places: list[Place]) -> None:
    rng = np.random.default_rng(0)
    batch = batches(places, 2, 96, easy=True)(rng)
    patches = patches_of(batch, rng)
    assert patches.image.shape[1:] == (3, PATCH_PX, PATCH_PX)
    assert patches.source.shape == (len(patches.image), 1, PATCH_PX, PATCH_PX)
    assert set(np.unique(patches.labels)) <= {0, 1, IGNORE}
    agree = (patches.source[:, 0] > 0.5) == (patches.labels == 1)
    assert float(agree.float().mean()) > 0.7, "easy maps are about right"


def test_what_is_trained_takes_part_and_is_not_trained_again(folder: Path, places: list[Place]) -> None:
    choice = Choice(names=(boundary_patch.NAME, full_resolution.NAME), alternatives=folder)
    entries = {entry.name: entry.method for entry in built(choice)[1:]}
    assert list(entries) == [boundary_patch.NAME, full_resolution.NAME]
    assert not built(Choice(names=("full",), alternatives=folder / "none"))[1:]
    rng = np.random.default_rng(0)
    image = rng.random((3, 90, 70), dtype=np.float32)
    for classes in (2, 5):
        coarse = np.zeros((classes, 90, 70), np.float32)
        coarse[0], coarse[1, 20:60, 10:50] = 1, 1
        coarse[0] -= coarse[1]
        for name, method in entries.items():
            refined = method.refine(image, coarse)
            assert refined.shape == coarse.shape, name
            assert refined.sum(0) == pytest.approx(1.0, abs=1e-3)
    made = {path: path.stat().st_mtime_ns for path in folder.glob("*.safetensors")}
    boundary_patch.train_boundary_patch(places, steps=1, easy_steps=1, folder=folder)
    full_resolution.train_full_resolution(places, steps=1, folder=folder)
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.safetensors")} == made


def test_far_from_boundaries_the_coarse_map_stays() -> None:
    coarse = np.zeros((2, 200, 200), np.float32)
    coarse[1, :20], coarse[0, 20:] = 1, 1
    refined = boundary_patch.BoundaryPatch(DenseNet(4, 2)).refine(np.zeros((3, 200, 200), np.float32), coarse)
    np.testing.assert_array_equal(refined[:, 100:], coarse[:, 100:])
    assert np.abs(refined[:, :40] - coarse[:, :40]).max() > 0.1


def test_of_two_classes_the_one_that_agrees_best_is_meant() -> None:
    class Told(DenseNet):
        """Says that the left half is vegetation and the right half water."""

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            logits = torch.zeros(1, 5, *x.shape[2:])
            logits[:, 3, :, :32], logits[:, 4, :, 32:] = 20, 20
            return logits

    coarse = np.zeros((2, 64, 64), np.float32)
    coarse[1, :, 36:], coarse[0, :, :36] = 1, 1
    refined = full_resolution.FullResolution(Told(3, 5)).refine(np.zeros((3, 64, 64), np.float32), coarse)
    np.testing.assert_array_equal(refined[1] > 0.5, np.arange(64)[None].repeat(64, 0) >= 32)
