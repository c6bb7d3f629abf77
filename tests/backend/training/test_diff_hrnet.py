"""Our reading of Diff-HRNet: sizes, the start as plain HRNet, noise by position, no tiles in the result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from idgbr.classes import ClassInfo  # noqa: E402
from idgbr.engines.devices import choose_device  # noqa: E402
from idgbr.models.card import CoarseCard  # noqa: E402
from idgbr.models.coarse import CoarseModel  # noqa: E402
from idgbr.models.registry import read_entry  # noqa: E402
from idgbr.monitor import Monitor  # noqa: E402
from idgbr.noise import position_noise  # noqa: E402
from idgbr.training.architectures import Probabilities  # noqa: E402
from idgbr.training.diff_hrnet import DiffHRNet, ImageNetTap  # noqa: E402
from idgbr.training.diff_prior import (  # noqa: E402
    DiffPrior,
    PriorSize,
    PriorTap,
    noise_std,
    noised,
    without_untrained_taps,
)
from idgbr.training.export_segment import write_segmenter  # noqa: E402
from idgbr.training.hrnet import HRNet  # noqa: E402
from idgbr.training.lite0 import EfficientNetLite0  # noqa: E402

TINY = PriorSize(4, (8, 8, 12, 12), 1)


def tiny(bands: int = 3, classes: int = 2) -> DiffHRNet:
    """A small network whose fusion counts, in evaluation mode."""
    torch.manual_seed(0)
    prior = DiffPrior(bands, TINY)
    for value in prior.parameters():
        torch.nn.init.normal_(value, std=0.2)
    net = DiffHRNet(HRNet(bands, classes, 4, (1, 1, 1), 1), PriorTap(prior))
    for name, value in net.fusion.named_parameters():
        if name.endswith("gamma"):
            torch.nn.init.constant_(value, 0.5)
    return net.eval()


def noise_at(row: int, col: int, side: int, channels: int) -> torch.Tensor:
    return torch.from_numpy(position_noise(row, col, side, side, channels, 0))[None]


def test_hrnet_has_the_published_sizes() -> None:
    """Parameters of W18 and W32 with five classes, counted from the published network."""
    with torch.device("meta"):
        millions = [sum(p.numel() for p in HRNet(3, 5, width).parameters()) / 1e6 for width in (18, 32)]
    assert millions == pytest.approx([9.64, 29.54], abs=0.005)


def test_zero_gamma_is_plain_hrnet_bit_for_bit() -> None:
    """At the start the prior changes nothing, neither the result nor the gradients of HRNet."""
    torch.manual_seed(1)
    net = DiffHRNet(HRNet(3, 2, 4, (1, 1, 1), 1), PriorTap(DiffPrior(3, TINY)))
    image, noise = torch.rand(2, 3, 64, 64), torch.randn(2, net.noise_channels, 64, 64)
    for mode in (True, False):
        net.train(mode)
        assert torch.equal(net(image, noise), net.net(image))
    assert not any(p.requires_grad for p in net.tap.parameters())


def test_fusion_learns_from_zero() -> None:
    """The gradient of γ is not zero where γ is, so that the prior can come in; the tap stays frozen."""
    net = tiny().train()
    for name, value in net.fusion.named_parameters():
        if name.endswith("gamma"):
            torch.nn.init.zeros_(value)
    net(torch.rand(1, 3, 64, 64), torch.randn(1, 6, 64, 64)).square().mean().backward()
    gammas = [p for name, p in net.fusion.named_parameters() if name.endswith("gamma")]
    assert len(gammas) == 2 + 3 + 4
    assert all(float(p.grad.abs().sum()) > 0 for p in gammas)
    assert all(p.grad is None for p in net.tap.parameters())


def test_tiles_do_not_show() -> None:
    """Two overlapping tilings agree beyond the halo of 128 px; noise does exactly, as it depends on positions only."""
    net, side, shift = tiny(), 448, 64
    image = torch.rand(1, 3, side + shift, side + shift)
    noise = noise_at(-32, 64, side + shift, net.noise_channels)
    tiles = []
    with torch.inference_mode():
        for at in (0, shift):
            part = np.s_[..., at : at + side, at : at + side]
            assert torch.equal(noise[part], noise_at(at - 32, at + 64, side, net.noise_channels))
            tiles.append(net(image[part], noise[part]))
    halo, moved = 128 // net.stride, shift // net.stride
    first = tiles[0][..., halo + moved : -halo, halo + moved : -halo]
    second = tiles[1][..., halo : -halo - moved, halo : -halo - moved]
    # The large kernels of the coarsest level reach farther than the halo, but hardly count there.
    assert float((first - second).abs().max()) < 0.01 * float(first.std())


def test_features_have_the_strides_of_hrnet() -> None:
    """Strides 4 to 32 from either size of blocks at the input; one set for each level of noise."""
    for size in (TINY, PriorSize(2, (8, 8, 8, 12, 12), 1)):
        tap = PriorTap(DiffPrior(4, size), (0.1, 0.4))
        with torch.inference_mode():
            levels = tap(torch.rand(1, 4, 64, 96), torch.randn(1, 8, 64, 96))
        assert len(levels) == 2
        assert [tuple(f.shape) for f in levels[0]] == [
            (1, c, 64 // s, 96 // s) for c, s in zip(tap.channels, (4, 8, 16, 32), strict=True)
        ]


def test_imagenet_features_fit_the_same_fusion() -> None:
    """The control reads no noise."""
    net = DiffHRNet(HRNet(3, 2, 4, (1, 1, 1), 1), ImageNetTap(EfficientNetLite0())).eval()
    assert net(torch.rand(1, 3, 64, 64), torch.empty(1, 0, 64, 64)).shape == (1, 2, 16, 16)


def test_noise_keeps_the_variance_and_follows_the_cosine() -> None:
    """σ rises from near 0 to near 1; a noised image of variance 1 keeps it."""
    std = noise_std(torch.linspace(0, 1, 11))
    assert float(std[0]) < 0.02
    assert float(std[-1]) > 0.99
    assert bool((std.diff() > 0).all())
    x = noised(torch.randn(1, 1, 256, 256), torch.randn(1, 1, 256, 256), torch.tensor([0.6]))
    assert float(x.var()) == pytest.approx(1, abs=0.03)


def test_taps_that_training_never_reached_are_cleared() -> None:
    """At a stride of 16 a crop of 128 px is 8 px wide: taps 9 px off only met the padding."""
    prior = without_untrained_taps(DiffPrior(3, TINY), 128)
    dilated = prior.down[2].attention[0].attend[1].weight.detach()
    assert float(dilated[..., 0, :].abs().max()) == float(dilated[..., -1].abs().max()) == 0
    assert float(dilated[..., 1:-1, 1:-1].abs().min()) > 0


def test_a_written_model_runs_with_noise_by_position(tmp_path: Path) -> None:
    """The graph agrees with torch at other sizes than the traced one; where a tile lies decides its noise."""
    net = tiny(bands=4, classes=3)
    classes = tuple(ClassInfo(n, f"class {n}", (n, n, n)) for n in range(3))
    blank = CoarseCard("mine", "1", "mine", classes, 4, (0.1, 1.0), 0, 0, {})
    card = write_segmenter(net, tmp_path, blank, 1.3, tmp_path)
    assert (read_entry(tmp_path).problem, card.noise_channels) == (None, 8)
    model = CoarseModel(tmp_path, card, choose_device("cpu", Monitor()))
    image = torch.rand(4, 96, 96)
    with torch.inference_mode():
        expected = Probabilities(net, 4.0, 1.3)(image[None], noise_at(-32, 64, 96, 8))[0]
    found = model.predict(image.numpy(), (-32, 64)).copy()  # the next run overwrites it
    np.testing.assert_allclose(found, expected.numpy(), atol=0.02)
    assert np.abs(found - model.predict(image.numpy(), (0, 0))).max() > 1e-4
