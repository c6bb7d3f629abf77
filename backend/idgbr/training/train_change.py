"""Training of the change model: SPN on single dates, then SCN on pairs made of them (SChanger, arXiv 2503.20734).

The order is the published one. The schedule is a hundredth as long, and the changes are synthetic: see
`idgbr.training.change_pairs`. In the last stage, part of the pairs show two real dates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.training.backbone import TaskNet
from idgbr.training.budget import Budget
from idgbr.training.change_pairs import CropSource
from idgbr.training.dated_places import DatedPlace, dated_places
from idgbr.training.export_change import CHANGE, DATED, PRIOR, export_change
from idgbr.training.labels import BUILDING, IGNORE
from idgbr.training.loop import console, train
from idgbr.training.places import Place, load_training_places, procedural_places
from idgbr.training.sampling import degrade
from idgbr.training.scn import SCN, SMALL, SPN, Widths, deep_loss
from idgbr.training.train_backbone import best_backbone
from idgbr.training.train_coarse import place_probabilities

#: Images or one date of them, labels, and where these count.
PriorBatch = tuple[Tensor, Tensor, Tensor]
PairBatch = tuple[Tensor, Tensor, Tensor, Tensor]


def standardized(image: NDArray[np.uint8], rng: np.random.Generator | None = None) -> NDArray[np.float32]:
    """One date (S, S, 3) by its own mean and deviation, band by band.

    With `rng` both are a little off, as those of a whole raster are for a part of it.
    """
    x = image.astype(np.float32) / np.float32(255)
    mean, std = x.mean((0, 1)), x.std((0, 1)) + 0.02
    if rng is not None:
        mean = mean + std * rng.normal(0, 0.25, 3)
        std = std * np.exp(rng.normal(0, 0.2, 3))
    return np.asarray((x - mean) / std, np.float32)


def make_change_model(data: Path, run: Path, models: Path, budget: Budget) -> None:
    """Train and export the bundled change model. The run folder has the backbone, which finds buildings in both dates.

    Raises InputError if it is missing.
    """
    finder = TaskNet(best_backbone(run), "buildings")
    places = load_training_places(data) + procedural_places(run / "scenes", budget.scenes)
    train_prior(places, steps=budget.change_prior_steps, folder=run)
    train_change(places, run / f"{PRIOR}.safetensors", steps=budget.change_steps, folder=run)
    dated = dated_places(data, lambda place: place_probabilities(finder, place, place.gsd_m)[..., 1])
    train_on_dates(places, dated, run / f"{CHANGE}.safetensors", steps=budget.change_dated_steps, folder=run)
    export_change(run, models)


def train_prior(
    places: Sequence[Place], *, steps: int, folder: Path, widths: Widths = SMALL, batch: int = 6, size: int = 128,
    learning_rate: float = 2e-3,
) -> SPN:  # fmt: skip
    """Train the SPN to find buildings."""
    source = CropSource(places, size)

    def make_batch(rng: np.random.Generator) -> PriorBatch:
        crops = [source.crop(rng) for _ in range(batch)]
        images = to_tensor([standardized(degrade(c.image, rng), rng) for c in crops])
        labels = np.stack([c.labels for c in crops])
        return images, torch.from_numpy(labels == BUILDING), torch.from_numpy(labels != IGNORE)

    def loss_of(net: nn.Module, data: PriorBatch) -> Tensor:
        return deep_loss(net(data[0]), data[1], data[2])

    net = SPN(widths, tileable=True)
    return cast(SPN, _trained(net, make_batch, loss_of, steps, folder, PRIOR, learning_rate, seed=36))


def train_change(
    places: Sequence[Place], prior: Path, *, steps: int, folder: Path, widths: Widths = SMALL, batch: int = 4,
    size: int = 128, learning_rate: float = 1.5e-3,
) -> SCN:  # fmt: skip
    """Train the SCN, started from the weights of an SPN, on pairs made of the places."""
    net = SCN(widths, tileable=True)
    new = net.load_prior(load_file(prior))
    console.print(f"{CHANGE}: {len(new)} new tensors beside those of {prior.name}", highlight=False)
    draw = pairs_from(CropSource(places, size), batch)
    return cast(SCN, _trained(net, draw, pair_loss, steps, folder, CHANGE, learning_rate, seed=37))


def train_on_dates(
    places: Sequence[Place], dated: Sequence[DatedPlace], weights: Path, *, steps: int, folder: Path,
    widths: Widths = SMALL, batch: int = 4, size: int = 128, learning_rate: float = 5e-4,
) -> SCN:  # fmt: skip
    """Train an SCN further, from the file `weights`, on pairs made of the places and on those of two real dates."""
    net = SCN(widths, tileable=True)
    net.load_state_dict({k: v.to(net.state_dict()[k].dtype) for k, v in load_file(weights).items()})
    draw = pairs_from(CropSource(places, size, dated), batch)
    return cast(SCN, _trained(net, draw, pair_loss, steps, folder, DATED, learning_rate, seed=38))


def pairs_from(source: CropSource, batch: int) -> Callable[[np.random.Generator], PairBatch]:
    """A function that draws a batch of pairs with a random generator."""

    def make_batch(rng: np.random.Generator) -> PairBatch:
        pairs = [source.pair(rng) for _ in range(batch)]
        return (
            to_tensor([standardized(p.before, rng) for p in pairs]),
            to_tensor([standardized(p.after, rng) for p in pairs]),
            torch.from_numpy(np.stack([p.changed for p in pairs])),
            torch.from_numpy(np.stack([p.known for p in pairs])),
        )

    return make_batch


def pair_loss(net: nn.Module, data: PairBatch) -> Tensor:
    """Loss of an SCN on a batch of pairs."""
    before, after, changed, known = data
    return deep_loss(net(before, after), changed, known)


def to_tensor(images: Sequence[NDArray[np.float32]]) -> Tensor:
    """(S, S, 3) each → (N, 3, S, S), channels last in memory."""
    return torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


def _trained(
    net: nn.Module, make_batch: Callable[[np.random.Generator], tuple[Tensor, ...]],
    loss_of: Callable[..., Tensor], steps: int, folder: Path, name: str, learning_rate: float, *, seed: int,
) -> nn.Module:  # fmt: skip
    """The trained network; finished weights are read from the run folder."""
    weights = folder / f"{name}.safetensors"
    if weights.exists():
        net.load_state_dict(load_file(weights))
        return net.eval()
    trained = train(
        net, make_batch, loss_of, steps=steps, folder=folder, name=name, learning_rate=learning_rate, seed=seed,
        log_every=50,
    )  # fmt: skip
    save_file({k: v.contiguous() for k, v in trained.state_dict().items()}, weights)
    return trained
