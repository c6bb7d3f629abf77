"""The refiner over two dates: what it is on equal dates, its samples, its training, and how pairs are measured."""

# ruff: noqa: E402 (imports come after the check that torch is installed)
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from benchmarks.change_refiner import cli
from benchmarks.change_refiner.cli import Stage, boundary_f, compared, measured, one_date_loss, trained
from benchmarks.change_refiner.network import PairRefinerNet
from benchmarks.change_refiner.pairs import SeenPair, batches, make_sample, seen
from benchmarks.change_sets import IGNORED, Pair
from idgbr.training.export import export_graph, fold_batch_norm
from idgbr.training.labels import IGNORE
from idgbr.training.networks import FirstStep, RefinerNet
from idgbr.training.train_refiner import refiner_loss
from tests.backend.change.change_models import difference_model, ground

WIDTHS = (8, 8, 12, 12)


def randomized(net: torch.nn.Module) -> None:
    """Weights and statistics as if it were trained."""
    generator = torch.Generator().manual_seed(3)
    for value in net.state_dict().values():
        if value.is_floating_point():
            value.add_((torch.rand(value.shape, generator=generator) - 0.5) * 0.4)


def single(net: PairRefinerNet) -> RefinerNet:
    """The refiner of one image with the same weights."""
    alone = RefinerNet(3, WIDTHS)
    alone.load_state_dict({k: v for k, v in net.state_dict().items() if not k.startswith("guidance.dates")})
    return alone.eval()


def condition(seed: int) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.rand(1, n, 64, 96, generator=generator) for n in (3, 12, 1))


def guided(net: RefinerNet, *inputs: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        found: torch.Tensor = net.denoiser(inputs[1], torch.ones(1), *net.guidance(*inputs))
        return found


def test_equal_dates_give_the_refiner_of_one_image_whatever_the_weights() -> None:
    net = PairRefinerNet(3, WIDTHS).eval()
    randomized(net)
    image, *coarse = condition(1)
    other = condition(2)[0]
    expected = guided(single(net), image, *coarse)
    torch.testing.assert_close(guided(net, torch.cat([image, image], 1), *coarse), expected, rtol=0, atol=1e-5)
    assert (guided(net, torch.cat([image, other], 1), *coarse) - expected).abs().max() > 1e-2


def test_untrained_it_is_the_refiner_of_the_visible_date() -> None:
    torch.manual_seed(1)
    alone = RefinerNet(3, WIDTHS)
    net = PairRefinerNet(3, WIDTHS)
    net.load_refiner(alone.state_dict())
    image, *coarse = condition(1)
    both = torch.cat([image, condition(2)[0]], 1)
    expected = guided(alone.eval(), image, *coarse)
    torch.testing.assert_close(guided(net.eval(), both, *coarse), expected, rtol=0, atol=1e-5)


def test_weights_of_another_network_are_refused() -> None:
    weights = RefinerNet(3, WIDTHS).state_dict()
    del weights["denoiser.head.bias"]
    with pytest.raises(ValueError, match=r"not the weights of a refiner of this size: denoiser\.head\.bias"):
        PairRefinerNet(3, WIDTHS).load_refiner(weights)


def pair(seed: int, size: int = 96) -> SeenPair:
    """A bright roof in the visible date on ground that is alike; drawn 2 px off."""
    truth = np.zeros((size, size), np.uint8)
    row, col = np.random.default_rng(seed).integers(20, 40, 2)
    truth[row : row + 30, col : col + 24] = 1
    other = ground(size, size, seed)
    visible = np.where(truth == 1, np.uint8(220), other).astype(np.uint8)
    decided = np.zeros((4, size, size), np.uint8)
    drawn = np.roll(truth, 2, 0)
    decided[0], decided[1] = 230 - 200 * drawn, 25 + 200 * drawn
    truth[:2] = IGNORED
    return SeenPair(f"p{seed}", visible, other, decided, truth)


def test_samples_keep_dates_maps_and_labels_together() -> None:
    samples = 0
    for seed in range(40):
        sample = make_sample(pair(seed), 64, np.random.default_rng(seed))
        if sample is None:
            continue
        samples += 1
        image, labels, source, table, weight = sample
        assert image.shape == (64, 64, 6)
        roof = labels == 1
        dates = image[..., :3].mean(2), image[..., 3:].mean(2)
        visible, other = dates if dates[0][roof].mean() > dates[1][roof].mean() else dates[::-1]
        assert visible[roof].min() > 200 > other[roof].max()
        np.testing.assert_array_equal(visible[labels == 0], other[labels == 0])
        np.testing.assert_allclose(source.sum(0), 1, atol=1e-5)
        assert not source[2:].any()
        assert len(np.unique(table[:2], axis=0)) == 2
        assert not weight[labels == IGNORE].any()
    assert samples > 20


def test_nothing_to_learn_is_no_sample() -> None:
    blank = pair(1)
    empty = SeenPair("empty", blank.visible, blank.other, blank.decided * np.uint8(0), blank.truth * np.uint8(0))
    assert all(make_sample(empty, 64, np.random.default_rng(n)) is None for n in range(8))


def test_the_fusions_learn_first_and_what_is_done_is_kept(tmp_path: Path) -> None:
    make_batch = batches([pair(1), pair(2)], 2, 32)
    torch.manual_seed(1)
    net = PairRefinerNet(3, WIDTHS)
    before = {name: value.clone() for name, value in net.named_parameters()}
    stages = [Stage("start", 2, 0.02, True), Stage("whole", 2, 0.005, False)]
    first = trained(net, refiner_loss, make_batch, stages[:1], tmp_path)
    moved = {name for name, value in first.named_parameters() if not torch.equal(value, before[name])}
    assert "guidance.dates.0.gamma" in moved
    assert all(name.startswith("guidance.dates.") for name in moved)
    whole = trained(first, refiner_loss, make_batch, stages, tmp_path)
    assert not torch.equal(whole.denoiser.head.weight, before["denoiser.head.weight"])
    image, *coarse = condition(1)
    assert isinstance(whole, PairRefinerNet)
    twice = guided(whole, torch.cat([image, image], 1), *coarse)
    torch.testing.assert_close(twice, guided(single(whole), image, *coarse), rtol=0, atol=1e-4)
    again = trained(PairRefinerNet(3, WIDTHS), refiner_loss, make_batch, stages, tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(again.state_dict().values(), whole.state_dict().values(), strict=True))
    trained(RefinerNet(3, WIDTHS), one_date_loss, make_batch, [Stage("one", 1, 0.005, False)], tmp_path)


def test_pairs_are_measured_as_they_are_drawn() -> None:
    known = pair(1)
    found = measured(known, None, 0.0, 2, 8)
    pixels, narrow = found[:4], found[8]
    truth = known.truth == 1
    assert pixels[0] == (truth & (known.decided[1] > 127)).sum()
    assert pixels[1] == pixels[2] == 2 * 24, "two rows too low"
    assert boundary_f(found) == 1, "within 3 px"
    assert narrow == 0
    torch.manual_seed(1)
    nets = {"not refined": None, cli.SHIPPED: RefinerNet(3).eval(), cli.BOTH_DATES: PairRefinerNet(3).eval()}
    table, worth = compared("made", [known], nets)
    assert table.count("\n") == 4 + len(nets)
    shipped = next(line for line in table.splitlines() if cli.SHIPPED in line)
    assert shipped.endswith("| +0.00 (+0.00 to +0.00) | +0.00 (+0.00 to +0.00) |")
    assert not worth


def test_pairs_are_seen_as_the_job_sees_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_MODELS", str(difference_model(tmp_path / "models")))
    before = ground(160, 160, 4)
    after = before.copy()
    before[:, 20:52, 20:52] = 235  # gone
    after[:, 96:130, 90:130] = 235  # new
    truth = (before != after).any(0).astype(np.uint8)
    (found,) = seen([Pair("a pair", before, after, truth)], tmp_path / "cache", "change", "cpu")
    assert found.visible[:, 24:48, 24:48].min() == 235
    assert found.visible[:, 100:126, 94:126].min() == 235
    assert found.other.max() < 235
    changed = found.decided[1:].sum(0) > 127
    assert (changed == (truth == 1)).mean() > 0.97
    (kept,) = seen([Pair("a pair", before, after, truth)], tmp_path / "cache", "none", "cpu")
    np.testing.assert_array_equal(kept.decided, found.decided)


def test_it_runs_in_an_engine_as_the_refiner_does(tmp_path: Path) -> None:
    """Both dates are one image of six bands to what runs the network."""
    net = PairRefinerNet(3, WIDTHS).eval()
    randomized(net)
    image, *coarse = condition(1)
    both = torch.cat([image, condition(2)[0]], 1)
    inputs = {"image": both, "related": coarse[0], "certainty": coarse[1]}
    worst = export_graph(
        FirstStep(fold_batch_norm(net)), tmp_path / "first.onnx", inputs, ["weights"], dict.fromkeys(inputs, 1)
    )
    assert worst < 0.01
