"""SPN and SCN: published sizes, what the SCN takes over, and what its output rests on."""

from __future__ import annotations

import pytest
import torch

from idgbr.training.scn import BASE, SCN, SMALL, SPN, SqueezeExcite, Widths, deep_loss

TINY = Widths(4, 8, 8, 8, 8, 8)


def parameters(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize(
    ("widths", "prior", "change", "fusions"),
    [(SMALL, 580_849, 607_305, 26_456), (BASE, 2_265_163, 2_369_995, 104_832)],
    ids=["small", "base"],
)
@pytest.mark.parametrize("tileable", [False, True])
def test_sizes_are_the_published_ones(widths: Widths, prior: int, change: int, fusions: int, tileable: bool) -> None:
    assert parameters(SPN(widths, tileable=tileable)) == prior
    network = SCN(widths, tileable=tileable)
    assert parameters(network) == change
    assert len(list(network.fusions())) == 10
    assert sum(parameters(fusion) for fusion in network.fusions()) == fusions


def test_only_the_fusions_are_new_beside_a_prior() -> None:
    torch.manual_seed(1)
    prior, change = SPN(TINY, tileable=True), SCN(TINY, tileable=True)
    new = change.load_prior(prior.state_dict())
    fusions = [name for name, module in change.named_modules() if module in list(change.fusions())]
    assert len(fusions) == 10
    assert {name.rsplit(".", 2)[0] for name in new} == set(fusions)
    for name, value in prior.state_dict().items():
        assert torch.equal(change.state_dict()[name], value)


def test_a_prior_of_other_names_is_refused() -> None:
    with pytest.raises(ValueError, match="not the weights of an SPN"):
        SCN(TINY).load_prior({"other.weight": torch.zeros(1)})


@pytest.mark.parametrize("tileable", [False, True])
def test_six_maps_of_the_input_size(tileable: bool) -> None:
    image = torch.randn(2, 3, 48, 80)
    for maps in (SPN(TINY, tileable=tileable)(image), SCN(TINY, tileable=tileable)(image, image.flip(3))):
        assert [tuple(m.shape) for m in maps] == [(2, 1, 48, 80)] * 6


def test_every_weight_learns() -> None:
    torch.manual_seed(2)
    network = SCN(TINY, tileable=True).train()
    image = torch.randn(2, 3, 32, 32)
    labels = torch.zeros(2, 32, 32)
    labels[:, 8:20, 8:20] = 1
    # Stochastic depth leaves out whole samples: several passes reach every branch.
    for _ in range(4):
        deep_loss(network(image, image.flip(0)), labels, torch.ones_like(labels)).backward()
    without = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    # Biases before a normalization have no say.
    assert all(name.endswith(("bias", "fuse.norm.weight")) for name in without), without


def test_a_sample_does_not_depend_on_its_neighbours_in_the_batch() -> None:
    torch.manual_seed(3)
    network = SCN(TINY, tileable=True).eval()
    before, after = torch.randn(2, 3, 32, 32), torch.randn(2, 3, 32, 32)
    with torch.inference_mode():
        both = network(before, after)[0]
        alone = network(before[:1], after[:1])[0]
    assert torch.allclose(both[:1], alone, atol=1e-5)


def test_a_tileable_network_sees_no_farther_than_its_reach() -> None:
    """The published squeeze over the whole image and aligned corners would let every pixel depend on all others."""
    torch.manual_seed(4)
    network = SCN(TINY, tileable=True).eval()
    before, after = torch.randn(1, 3, 32, 1024), torch.randn(1, 3, 32, 1024)
    changed = after.clone()
    changed[..., -16:] += 3
    with torch.inference_mode():
        first, second = network(before, after)[0], network(before, changed)[0]
        same = torch.equal(first[..., :16], second[..., :16])
        plain = SCN(TINY).eval()
        depends = not torch.equal(plain(before, after)[0][..., :16], plain(before, changed)[0][..., :16])
    assert same
    assert depends


def test_the_population_mean_is_learned_and_then_stands() -> None:
    module = SqueezeExcite(8, 2, tileable=True).train()
    for _ in range(100):
        module(torch.full((2, 8, 4, 4), 3.0))
    assert torch.allclose(module.population, torch.full((1, 8, 1, 1), 3.0), atol=1e-3)
    kept = module.population.clone()
    module.eval()(torch.zeros(2, 8, 4, 4))
    assert torch.equal(module.population, kept)


def test_loss_is_near_zero_for_the_truth_and_ignores_what_is_unknown() -> None:
    labels = torch.zeros(1, 16, 16)
    labels[:, 4:9, 4:9] = 1
    known = torch.ones_like(labels)
    known[:, :, 12:] = 0
    right = [(labels * 40 - 20)[:, None]] * 6
    wrong_where_unknown = [torch.where(known[:, None] > 0, m, -m) for m in right]
    assert float(deep_loss(right, labels, known)) < 1e-3
    assert float(deep_loss(wrong_where_unknown, labels, known)) < 1e-3
    assert float(deep_loss([-m for m in right], labels, known)) > 100
