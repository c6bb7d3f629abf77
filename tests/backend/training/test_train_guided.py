"""The refiner that reads the backbone: damage, samples, losses, training, calibration and export."""

# ruff: noqa: E402 (imports come after the check that torch is installed)
from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from safetensors.torch import save_file

from idgbr.engines.devices import list_devices
from idgbr.errors import InputError, ModelError
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.refiner.flow import flow
from idgbr.refiner.learned_acceptance import Acceptance, decided
from idgbr.refiner.probability_pass import refined_rows
from idgbr.refiner.refiner import Refiner
from idgbr.tiling.tiles import Tiling, mirrored_window
from idgbr.training.backbone import MultiTaskNet
from idgbr.training.calibrate import Patch
from idgbr.training.calibrate_guided import Refined, best_threshold, calibrate_guided, fit_temperature, reliability
from idgbr.training.damage import one_hot
from idgbr.training.export_backbone import export_backbone
from idgbr.training.export_guided import export_guided
from idgbr.training.guided_loss import (
    GuidedBatch,
    commonest,
    guided_loss,
    known_labels,
    likelihood_of,
    roughness,
    transported,
)
from idgbr.training.guided_networks import GuidedRefiner, scale_of
from idgbr.training.guided_places import (
    KEPT_BACKBONE,
    fold_of,
    frozen_backbone,
    of_land_cover,
    predict_by_heads,
    with_plain_labels,
)
from idgbr.training.guided_samples import batches, collated, make_sample
from idgbr.training.label_states import by_pixel
from idgbr.training.labels import BUILDING, IGNORE, NOT_BUILDING, PROBABLY_NOT_BUILDING
from idgbr.training.places import Place, pyramid
from idgbr.training.repairs import by_object, holes, wings
from idgbr.training.train_guided import PlacedPatch, TorchGuided, balanced, judge, patches_of, train_guided


def place(name: str = "town", dataset: str = "buildings_oam_drone", *, calibration: bool = False) -> Place:
    """Bright roofs on dark ground."""
    labels = np.full((160, 192), NOT_BUILDING, np.uint8)
    for row, col in ((20, 20), (20, 90), (90, 60), (100, 130)):
        labels[row : row + 40, col : col + 44] = BUILDING
    image = np.where(labels[..., None] == BUILDING, 200, 50).astype(np.uint8).repeat(3, 2)
    noise = np.random.default_rng(5).integers(-8, 8, image.shape)
    return Place(name, dataset, labels, 0.3, 0, pyramid((image + noise).astype(np.uint8)), calibration=calibration)


def write_backbone(folder: Path) -> Path:
    """A run folder with the backbone, as the stage `backbone` leaves it; random weights."""
    torch.manual_seed(1)
    save_file({k: v.contiguous() for k, v in MultiTaskNet().state_dict().items()}, folder / "backbone.best.safetensors")
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """See `write_backbone`."""
    return write_backbone(tmp_path)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models: a refiner of random weights whose denoiser changes much, and its backbone."""
    run = write_backbone(tmp_path_factory.mktemp("run"))
    torch.manual_seed(2)
    net = GuidedRefiner()
    torch.nn.init.normal_(net.denoiser.head.weight, std=0.3)
    save_file({k: v.contiguous() for k, v in net.state_dict().items()}, run / "refiner.best.safetensors")
    for name in ("refiner", "backbone"):
        (run / f"{name}.csv").write_text("2,1.0,60.0\n")
    models = run / "models"
    frozen_backbone(run)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IDGBR_MODELS", str(models))
        export_backbone(run, models, {})
        export_guided(run, models, {"margins": {"1": [(0.3, 0.0, 0.0, 0.0)]}, "acceptance": {"temperature": 1.0}})
    return models


def squares() -> np.ndarray:
    labels = np.zeros((96, 96), np.uint8)
    labels[10:40, 10:40] = labels[10:40, 55:85] = labels[55:85, 30:70] = 1
    return labels


def test_wings_and_holes_change_objects_and_leave_most_alone() -> None:
    labels = squares()
    for family in (wings, holes):
        changed = [(family(labels, 2, np.random.default_rng(n)).argmax(2) != labels).sum() for n in range(12)]
        assert max(changed) > 40, family.__name__
        assert max(changed) < labels.size / 4
        found = family(labels, 2, np.random.default_rng(0))
        np.testing.assert_allclose(found.sum(2), 1)


def test_exact_and_rough_outlines_lie_in_one_tile() -> None:
    """Each object is wholly of one map or of the other."""
    labels = squares()
    rough = np.roll(labels, 3, 1)
    seen = set()
    for seed in range(8):
        rng = np.random.default_rng(seed)
        found = by_object(labels, one_hot(labels, 2), one_hot(rough, 2), rng).argmax(2)
        objects = []
        for window in ((slice(5, 45), slice(5, 46)), (slice(5, 45), slice(51, 91)), (slice(52, 90), slice(24, 76))):
            exact, moved = ((found[window] == other[window]).all() for other in (labels, rough))
            assert exact or moved
            objects.append(bool(exact))
        seen.add(tuple(objects))
    assert len(seen) > 3


def test_samples_keep_what_the_network_needs() -> None:
    rng = np.random.default_rng(0)
    sample = None
    while sample is None:
        sample = make_sample(place(), 96, rng)
    batch = collated([sample])
    assert batch.image.shape == (1, 3, 96, 96)
    assert batch.source.shape == (1, 5, 96, 96)
    np.testing.assert_allclose(batch.source.sum(1).numpy(), 1, rtol=1e-4)
    # 0.24 to 0.7 m, told within half of that, or not told.
    assert -1.2 < float(batch.scale[0]) < 2
    assert float(scale_of(torch.tensor(0.6))) == pytest.approx(1)
    assert not batch.weight[batch.labels == IGNORE].any()


def test_places_set_aside_teach_nothing() -> None:
    draw = batches([place(), place("aside", "elsewhere", calibration=True)], 2, 64, easy=True)
    assert draw(np.random.default_rng(0)).image.mean() > 0
    with pytest.raises((ValueError, IndexError)):
        batches([place(calibration=True)], 1, 64, easy=True)(np.random.default_rng(0))


def test_unsure_ground_is_ignored_and_neighbours_share_a_fold() -> None:
    unsure = place("ge_497500p0_1", "roofs_geneva_pv")
    unsure.labels[:5] = PROBABLY_NOT_BUILDING
    plain = with_plain_labels(unsure)
    assert (plain.labels[:5] == IGNORE).all()
    assert (unsure.labels[:5] == PROBABLY_NOT_BUILDING).all()
    folds = {fold_of(place(f"ge_{east}", "roofs_geneva_pv")) for east in ("497500p0_118000", "497500p0_118062")}
    assert len(folds) == 1
    assert fold_of(place("nepal_banepa_c")) != fold_of(place("kenya_nairobi"))
    two = np.full((4, 4, 2), [55, 200], np.uint8)
    assert of_land_cover(two)[0, 0].tolist() == [200, 55, 0, 0, 0]


def batch_of(source: np.ndarray, labels: np.ndarray) -> GuidedBatch:
    coded = np.zeros((5, *labels.shape), np.float32)
    coded[: source.shape[2]] = np.moveaxis(source, 2, 0)
    table = np.zeros((5, 4), np.float32)
    table[:2] = [[1, 1, 1, 1], [-1, -1, -1, -1]]
    image = np.repeat(labels[..., None] * np.uint8(150) + np.uint8(40), 3, 2)
    return collated([(image, labels, coded, table, np.ones(labels.shape, np.float32), np.zeros((), np.float32))])


def test_transport_and_likelihood_agree() -> None:
    """The likelihood is the transported probability of the true class."""
    labels = squares()
    batch = batch_of(one_hot(np.roll(labels, 2, 1), 2), labels)
    shares = by_pixel(torch.randn(1, 48, 48, 132)).softmax(1)
    estimate = transported(shares, batch.source)
    expected = estimate.gather(1, known_labels(batch)[:, None])[:, 0]
    assert torch.allclose(likelihood_of(shares, batch.source, known_labels(batch)), expected, atol=1e-5)
    assert torch.equal(commonest(estimate), estimate.argmax(1))


def test_roughness_tells_a_moved_outline_from_an_exact_one() -> None:
    labels = squares()
    labels[50:] = 0
    coarse = labels.copy()
    coarse[:, 48:] = np.roll(labels, 3, 1)[:, 48:]
    exact = batch_of(one_hot(labels, 2), labels)
    assert float(roughness(commonest(exact.source), exact)[0].max()) == 0
    mixed = batch_of(one_hot(coarse, 2), labels)
    share, weight = roughness(commonest(mixed.source), mixed)
    assert 0.2 < float(share[weight > 0].max()) <= 1
    assert float(share[weight > 0].min()) < 0.1


def test_training_lowers_the_loss() -> None:
    """On one sample, in a few steps, through all steps of the flow and what to accept."""
    torch.manual_seed(0)
    labels = np.ascontiguousarray(squares()[:64, :64])
    batch = batch_of(one_hot(np.roll(labels, 3, 1), 2), labels)
    net = GuidedRefiner((16, 16, 16, 16), (4, 4, 4, 4))
    features = [torch.rand(1, 4, 64 // s, 64 // s) for s in (2, 4, 8, 16)]
    optimizer = torch.optim.AdamW(net.parameters(), 3e-3)
    losses = []
    for _ in range(40):
        loss = guided_loss(net, batch, features)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])


def test_training_goes_on_and_its_export_agrees_with_torch(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run continues, from a checkpoint alone, too; what the engine accepts is what torch accepts."""
    town, aside = place(), place("aside", "roofs_geneva_pv", calibration=True)
    for one in (town, aside):
        one.coarse["lite0", 0.3] = np.full((160, 192, 5), 51, np.uint8)
    backbone = frozen_backbone(run)
    fit = partial(train_guided, [town, aside], backbone, easy_steps=1, folder=run, batch=1, size=64)
    fit(steps=1)
    (run / "refiner_start.safetensors").unlink()
    net = fit(steps=2)
    assert not (run / "refiner_start.safetensors").exists()
    rows = (run / "refiner.judged.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["1", "2"]
    patches = balanced(patches_of([town, aside]), 6)
    kinds = {f"roofs_geneva_pv {kind}" for kind in ("lite0 0.3 m", "simplified", "truth")}
    assert {placed.patch.kind for placed in patches} == kinds
    assert judge(net, backbone, patches).exact <= 1

    (run / "refiner.csv").write_text("2,1.0,60.0\n")
    (run / "backbone.csv").write_text("2,1.0,60.0\n")
    calibration = calibrate_guided(net, backbone, patches)
    assert set(calibration["margins"]) == {"1", "2", "4"}
    assert all(row[1:3] == (0.0, 0.0) for row in calibration["margins"]["2"])
    calibration["acceptance"] |= {"temperature": 1.5, "thresholds": {"2": [[0.3, 0.3, 0.4]]}}
    models = run / "models"
    monkeypatch.setenv("IDGBR_MODELS", str(models))
    export_backbone(run, models, {})
    export_guided(run, models, calibration)
    folder, card = find_model(str(models / "refiner"), "refiner")
    assert card.backbone is not None
    rng = np.random.default_rng(0)
    image = rng.random((3, 64, 96), dtype=np.float32)
    coarse = np.ascontiguousarray(np.moveaxis(one_hot(rng.integers(0, 2, (64, 96)).astype(np.uint8), 3), 2, 0))
    for steps in (1, 2):
        refiner = Refiner(folder, card, list_devices()[-1], gsd_m=0.6, steps=steps)
        refined = refiner.refine(image, coarse, 0, 0, Monitor())
        scores, logits = flow(TorchGuided(net, backbone, 0.6), image, coarse, steps)
        expected = decided(coarse, scores, logits, Acceptance(1.5, 0.3, 0.4))
        assert (np.abs(refined - expected) < 0.05).mean() > 0.99
        np.testing.assert_allclose(refined.sum(0), 1, rtol=1e-3)
    # Another backbone is refused.
    torch.manual_seed(9)
    other = {k: v.contiguous() for k, v in MultiTaskNet().backbone.state_dict().items()}
    save_file(other, run / KEPT_BACKBONE)
    with pytest.raises(ModelError, match="not the backbone that the refiner"):
        export_guided(run, models, calibration)


@pytest.mark.parametrize("steps", [1, 2])
def test_tiles_do_not_show(exported: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Refined with features of the backbone, a map is the same however it is cut into tiles."""
    monkeypatch.setenv("IDGBR_MODELS", str(exported))
    folder, card = find_model(str(exported / "refiner"), "refiner")
    refiner = Refiner(folder, card, list_devices()[-1], gsd_m=0.3, steps=steps)
    rng = np.random.default_rng(0)
    image = np.kron(rng.random((3, 12, 16)), np.ones((16, 16))).astype(np.float32)
    truth = (image[0] > 0.5).astype(np.uint8)
    scores = np.ascontiguousarray(np.moveaxis(one_hot(np.roll(truth, 3, 1), 2), 2, 0))

    def rows(core: int) -> np.ndarray:
        tiling = Tiling(192, 256, core, 128)
        made = refined_rows(Whole(image), refiner, tiling, Kept(scores), 8, (0, 0), Monitor())
        return np.concatenate([part.labels for part in made])

    one, other = rows(64), rows(128)
    changed = one != scores.argmax(0)
    assert changed.mean() > 0.005, "something must change"
    assert (one != other).sum() < 0.02 * changed.sum()


class Whole:
    """An image in memory (see `idgbr.refiner.probability_pass.Image`)."""

    def __init__(self, image: np.ndarray) -> None:
        self._image = image
        self.height, self.width = image.shape[1:]

    def read(self, row: int, col: int, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        return mirrored_window(self._image, row, col, (height, width)), np.ones((height, width), bool)


class Kept:
    """Scores in memory (see `idgbr.refiner.probability_pass.Scores`)."""

    def __init__(self, scores: np.ndarray) -> None:
        self._scores, self.channels = scores, len(scores)

    def read(self, first: int, last: int, left: int = 0, right: int | None = None) -> np.ndarray:
        return np.ascontiguousarray(self._scores[:, first:last, left:right])


def test_every_set_is_judged_by_as_many_patches() -> None:
    """A set with many kinds of map does not crowd the others out, and exact maps are always there."""
    labels = squares()
    source = np.ascontiguousarray(np.moveaxis(one_hot(labels, 2), 2, 0))
    kinds = [*(f"drone net{n} 0.3 m" for n in range(20)), "drone truth", "geneva net0 0.3 m", "geneva truth"]
    blank = np.zeros((3, *labels.shape), np.float32)
    found = balanced([PlacedPatch(Patch(kind, blank, labels, source), 0.3) for kind in kinds], 6)
    chosen = [placed.patch.kind for placed in found]
    assert {"drone truth", "geneva truth", "geneva net0 0.3 m"} < set(chosen)
    assert len(chosen) == 6


def test_a_refiner_without_backbone_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--stage backbone"):
        frozen_backbone(tmp_path)


def test_the_kept_backbone_stays_whatever_becomes_of_the_run(run: Path) -> None:
    first = frozen_backbone(run)
    save_file({k: v.contiguous() for k, v in MultiTaskNet().state_dict().items()}, run / "backbone.best.safetensors")
    again = frozen_backbone(run)
    image = torch.rand(1, 3, 64, 64)
    for one, other in zip(first(image), again(image), strict=True):
        assert torch.equal(one, other)


def test_heads_by_fold_predict_what_they_never_saw(tmp_path: Path) -> None:
    """Each place's coarse map is that of the network of the other fold; made once."""
    one, two = place("nepal_banepa_c"), replace(place("kenya_nairobi"), fold=1)
    predict_by_heads([one, two], steps=1, folder=tmp_path)
    assert one.coarse["lite0", 0.3].shape == (160, 192, 5)
    assert set(two.coarse) == {("lite0", 0.3), ("lite0", 0.5)}
    assert {p.name for p in tmp_path.glob("*.safetensors")} == {"lite0_fold0.safetensors", "lite0_fold1.safetensors"}


def refined_patch(kind: str, truth: np.ndarray, coarse: np.ndarray, answer: np.ndarray, logit: float) -> Refined:
    def maps(labels: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(np.moveaxis(one_hot(labels, 2), 2, 0))

    patch = Patch(kind, np.zeros((3, *truth.shape), np.float32), truth, maps(coarse))
    return Refined(patch, maps(answer), np.where(answer != coarse, logit, -5).astype(np.float32))


def test_the_threshold_lets_sure_gains_in_and_keeps_doubtful_harm_out() -> None:
    """A network that mends a shift surely, and spoils a perfect map with little conviction."""
    truth = squares()
    moved = np.roll(truth, 4, 1)
    refined = [
        refined_patch("simplified", truth, moved, truth, 2.0), refined_patch("truth", truth, truth, moved, 0.5),
    ]  # fmt: skip
    temperature = fit_temperature(refined)
    assert 0.2 <= 1 / (1 + np.exp(-0.5 / temperature)) <= best_threshold(refined, temperature)
    assert best_threshold(refined, temperature) < 1 / (1 + np.exp(-2.0 / temperature))
    rows = reliability(refined, 1.0)
    assert sum(row[2] for row in rows) == pytest.approx(1, abs=1e-3)
    assert rows[-1][1] == 1
    assert rows[0][1] == 0
