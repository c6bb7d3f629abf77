"""Training parts: samples are aligned, damage is seeded, a short run learns and resumes, exports agree with torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from idgbr.engines.devices import list_devices  # noqa: E402
from idgbr.models.registry import find_model  # noqa: E402
from idgbr.monitor import Monitor  # noqa: E402
from idgbr.refiner.bridge import expected_codes  # noqa: E402
from idgbr.refiner.codes import code_table  # noqa: E402
from idgbr.refiner.neighbours import OFFSETS  # noqa: E402
from idgbr.refiner.refiner import Refiner  # noqa: E402
from idgbr.refiner.transport import relations, transport  # noqa: E402
from idgbr.training import damage  # noqa: E402
from idgbr.training.backbone_loss import coarse_loss  # noqa: E402
from idgbr.training.calibrate import refine_with_torch  # noqa: E402
from idgbr.training.export import export_refiner  # noqa: E402
from idgbr.training.label_states import codes_of, relations_of  # noqa: E402
from idgbr.training.labels import IGNORE, NOT_BUILDING  # noqa: E402
from idgbr.training.places import Place, procedural_places  # noqa: E402
from idgbr.training.producers import ARCHITECTURES  # noqa: E402
from idgbr.training.sampling import degrade, sample_crop  # noqa: E402
from idgbr.training.train_coarse import predict_place, train_coarse  # noqa: E402
from idgbr.training.train_refiner import (  # noqa: E402
    Batch,
    colour_regions,
    deal_codes,
    make_sample,
    train_refiner,
    transport_loss,
    transported,
)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Place]:
    """Two small procedural scenes."""
    return procedural_places(tmp_path_factory.mktemp("scenes"), 2, size=192)


def test_crops_keep_image_and_labels_together() -> None:
    """An image painted from its labels still matches them after scaling, turning and flipping."""
    rng = np.random.default_rng(0)
    labels = np.zeros((400, 300), np.uint8)
    labels[100:220, 60:200] = 1
    image = np.repeat((labels * 200)[..., None], 3, 2)
    place = Place("p", "d", labels, 0.3, 0, [image, image[::2, ::2]])
    for _ in range(20):
        crop = sample_crop(place, 128, rng, gsd_range=(0.1, 1.0))
        known = crop.labels != IGNORE
        wrong = (crop.image[..., 0] > 100) != (crop.labels == 1)
        assert (wrong & known).mean() < 0.02


def test_degradation_keeps_type_and_shape_and_is_seeded() -> None:
    """The same seed gives the same picture."""
    image = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    first, second = (degrade(image, np.random.default_rng(5)) for _ in range(2))
    assert first.dtype == np.uint8
    assert first.shape == image.shape
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("family", [*damage.FAMILIES, damage.identity])
def test_damage_gives_seeded_probabilities(family: object) -> None:
    """Probabilities sum to one, are the same for the same seed, and resemble the truth."""
    labels = np.zeros((96, 96), np.uint8)
    labels[20:70, 30:80] = 2
    labels[:15] = 1
    first, second = (family(labels, 3, np.random.default_rng(3)) for _ in range(2))  # type: ignore[operator]
    np.testing.assert_allclose(first.sum(2), 1, atol=1e-4)
    np.testing.assert_array_equal(first, second)
    assert (first.argmax(2) == labels).mean() > 0.8


def test_pixel_classifier_errs_where_colours_mislead() -> None:
    """It finds classes by colour, in each pixel for itself, and gives probabilities."""
    rng = np.random.default_rng(0)
    labels = np.zeros((64, 64), np.uint8)
    labels[:, 32:] = 3
    image = rng.normal(100 + 6 * labels[..., None], 40, (64, 64, 3)).clip(0, 255).astype(np.uint8)
    found = damage.pixel_classifier(image, labels, 5, np.random.default_rng(1))
    np.testing.assert_allclose(found.sum(2), 1, atol=1e-4)
    assert 0.7 < (found.argmax(2) == labels).mean() < 1.0
    assert (found[..., [1, 2, 4]] == 0).all()


def test_colour_regions_follow_the_image() -> None:
    """Two fields of different colour become two classes that meet where the colours do."""
    image = np.full((96, 96, 3), 60, np.uint8)
    image[:, 48:] = (200, 180, 90)
    labels = colour_regions(image, np.random.default_rng(2))
    assert len(np.unique(labels[:, :44])) == len(np.unique(labels[:, 52:])) == 1
    assert labels[0, 0] != labels[0, -1]


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_architectures_keep_their_stride(architecture: str) -> None:
    """Logits lie on the grid that the architecture's stride says."""
    net = ARCHITECTURES[architecture](3, 5).eval()
    assert net(torch.zeros(1, 3, 64, 96)).shape == (1, 5, 64 // net.stride, 96 // net.stride)


def test_dealt_codes_are_distinct() -> None:
    """Every deal gives each class a code of its own, as ±1 bits."""
    for seed in range(50):
        codes = deal_codes(5, np.random.default_rng(seed))
        assert len({tuple(c) for c in codes}) == 5
        assert set(np.unique(codes)) == {-1.0, 1.0}


def test_partial_labels_teach_only_what_they_know() -> None:
    """A pixel known not to be a building pushes the building's score down and favours no other class."""
    logits = torch.zeros(1, 5, 4, 4, requires_grad=True)
    coarse_loss(logits, torch.full((1, 4, 4), NOT_BUILDING, dtype=torch.uint8)).backward()
    gradient = logits.grad[0, :, 0, 0]
    assert gradient[0] > 0
    np.testing.assert_allclose(gradient[1:], gradient[1].expand(4), rtol=1e-5)


def test_refiner_samples_are_consistent(places: list[Place]) -> None:
    """Expected codes are mixtures of dealt codes; ignored pixels weigh nothing."""
    rng = np.random.default_rng(0)
    sample = None
    while sample is None:
        sample = make_sample(places[0], 96, rng)
    image, labels, source, table, weight = sample
    assert image.shape == (96, 96, 3)
    np.testing.assert_allclose(source.sum(0), 1, atol=1e-4)
    assert table.shape == (5, 4)
    assert (source[(table == 0).all(1)] == 0).all()
    assert (weight[labels == IGNORE] == 0).all()


def test_torch_transports_and_relates_as_numba_does() -> None:
    """Training and running agree on relations and on how classes move."""
    rng = np.random.default_rng(0)
    source = np.ascontiguousarray(rng.dirichlet(np.ones(5), (32, 32)).transpose(2, 0, 1).astype(np.float32))
    table = code_table(5)
    codes = codes_of(torch.from_numpy(source)[None], torch.from_numpy(table)[None])
    np.testing.assert_allclose(relations_of(codes)[0], relations(expected_codes(source, table)), atol=1e-5)
    weights = rng.normal(0, 2, (16, 16, 132)).astype(np.float32)
    ours = transport(weights, source, np.ones((32, 32), bool))
    np.testing.assert_allclose(
        transported(torch.from_numpy(weights)[None], torch.from_numpy(source)[None])[0], ours, atol=1e-5
    )


def test_loss_wants_the_truth_from_where_it_is() -> None:
    """Weight on a place that holds the true class costs less than weight on one that does not."""
    labels = torch.zeros(1, 16, 16, dtype=torch.uint8)
    source = torch.zeros(1, 5, 16, 16)
    source[:, 0, :, :8], source[:, 1, :, 8:] = 1, 1  # the true class 0 lies to the left
    batch = Batch(torch.zeros(1, 3, 16, 16), labels, source, torch.zeros(1, 5, 4), torch.zeros(1, 16, 16))
    batch.weight[:, :, 9] = 1
    costs = []
    for place in (0, 11):  # itself, and two px to the left
        weights = torch.full((1, 8, 8, 4, 33), -20.0)
        weights[..., place] = 20
        costs.append(float(transport_loss(weights.flatten(3), source, batch)))
    assert tuple(OFFSETS[11]) == (0, -2)
    assert costs[1] < 0.01
    assert costs[0] > 1


def test_coarse_training_is_not_repeated_once_done(places: list[Place], tmp_path: Path) -> None:
    """A second call gives the weights of the first, and predictions lie on the place's grid."""
    full = [p for p in places if p.full_labels]
    net = train_coarse(
        full, task="landcover", classes=5, steps=6, folder=tmp_path, name="landcover", batch=2, size=64
    )  # fmt: skip
    again = train_coarse(full, task="landcover", classes=5, steps=6, folder=tmp_path, name="landcover")
    for a, b in zip(net.state_dict().values(), again.state_dict().values(), strict=True):
        assert torch.equal(a, b)
    assert predict_place(again, places[0], places[0].gsd_m).shape == (192, 192, 5)


@pytest.fixture(scope="module")
def trained(places: list[Place], tmp_path_factory: pytest.TempPathFactory) -> tuple[torch.nn.Module, Path]:
    """A refiner after two steps, and the folder of its export."""
    folder = tmp_path_factory.mktemp("refiner")
    for place in places:
        place.coarse["unet4", place.gsd_m] = np.full((192, 192, 5), 51, np.uint8)
    net = train_refiner(places, easy_steps=1, steps=2, folder=folder, batch=2, size=64)
    export_refiner(folder, folder / "models", {"1": [(0.1, 0.2, 0.5), (1.0, 0.0, 0.4)]})
    return net, folder / "models" / "refiner"


@pytest.mark.parametrize("steps", [1, 3])
def test_engine_refines_as_torch_does(trained: tuple[torch.nn.Module, Path], steps: int) -> None:
    """The exported refiner gives torch's probabilities, noise and all."""
    net, exported = trained
    folder, card = find_model(str(exported), "refiner")
    rng = np.random.default_rng(0)
    image = rng.random((3, 64, 96), dtype=np.float32)
    coarse = rng.dirichlet(np.ones(5), (64, 96)).transpose(2, 0, 1).astype(np.float32)
    refined = Refiner(folder, card, list_devices()[-1], gsd_m=0.3, steps=steps).refine(image, coarse, 0, 0, Monitor())
    expected = refine_with_torch(net, image, coarse, steps)
    assert np.abs(refined - expected).max() < 0.03
    np.testing.assert_allclose(refined.sum(0), 1, rtol=1e-4)
