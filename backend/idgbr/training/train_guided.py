"""Training of the refiner that reads the backbone, evaluated on held-out places."""

from __future__ import annotations

import csv
import itertools
import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.arrays import Array
from idgbr.evaluation.metrics import PlaceScores, mean_iou
from idgbr.refiner.acceptance import best_class, gate, refinable
from idgbr.refiner.flow import flow
from idgbr.refiner.learned_acceptance import Acceptance, decided
from idgbr.training.backbone import Backbone
from idgbr.training.calibrate import BAND_WIDTH, DRAWN, STEPS, Patch, by_resolution, calibration_patches
from idgbr.training.guided_loss import GuidedBatch, guided_loss
from idgbr.training.guided_networks import GuidedRefiner, scale_of
from idgbr.training.guided_samples import batches
from idgbr.training.labels import IGNORE
from idgbr.training.loop import CPU, console, train
from idgbr.training.places import Place
from idgbr.training.train_backbone import schedule

#: Acceptance threshold before calibration: changes that are more likely right than wrong.
PLAIN = Acceptance(1.0, 0.5, 0.5)
#: Sides of patches are multiples of this, the deepest stride of the backbone.
GRAIN = 32
#: Most patches of an evaluation.
_JUDGED = 72
#: Largest fall of a patch's mean IoU that does not count as harm.
_HARM = 0.005
#: Smaller errors cannot be compared in per cent.
_LEAST_ERROR = 0.05


class TorchGuided:
    """The network in torch (see `idgbr.refiner.flow.AcceptingNetwork`), the reference for all engines."""

    def __init__(self, net: GuidedRefiner, backbone: Backbone, gsd_m: float) -> None:
        self._net, self._backbone = net.eval(), backbone
        self._scale = scale_of(torch.tensor([gsd_m]))

    @torch.inference_mode()
    def first(self, image: Array, related: Array, certainty: Array) -> tuple[Array, tuple[Tensor, ...]]:
        """First step, and guidance for further ones."""
        given = [torch.from_numpy(np.ascontiguousarray(array))[None] for array in (image, related, certainty)]
        guidance = self._net.guidance(*given, self._scale, *self._backbone(given[0]))
        return self._step(given[1], 1.0, guidance), guidance

    @torch.inference_mode()
    def later(self, state: Array, time: float, guidance: tuple[Tensor, ...]) -> Array:
        """One step on given guidance."""
        return self._step(torch.from_numpy(np.ascontiguousarray(state))[None], time, guidance)

    def _step(self, state: Tensor, time: float, guidance: tuple[Tensor, ...]) -> Array:
        output: Array = self._net.denoiser(state, torch.tensor([time]), *guidance)[0].numpy()
        return np.ascontiguousarray(output)


class PlacedPatch(NamedTuple):
    """A patch, and the ground sample distance (m) of its image."""

    patch: Patch
    gsd_m: float


class Judged(NamedTuple):
    """Changes of a network to held-out patches.

    `error` and `ungated` are changes of 1 − F at 2 px in per cent, with the accepted and with all changes: means over
    all kinds of map but the truth. `exact` is F at 1 px of a true map after refinement. `harmed` is the share of
    patches whose mean IoU falls by more than half a point.
    """

    error: float
    ungated: float
    exact: float
    harmed: float


def patches_of(places: Sequence[Place], per_place: int = 1) -> list[PlacedPatch]:
    """Patches of the held-out places, at each resolution."""
    groups = by_resolution([place for place in places if place.sharp_labels])
    return [
        PlacedPatch(patch, gsd)
        for gsd, group in groups.items()
        for patch in calibration_patches(group, per_place, GRAIN)
    ]


def balanced(patches: Sequence[PlacedPatch], most: int = _JUDGED) -> list[PlacedPatch]:
    """At most `most` patches, equally many of each data set: drawn maps first, then all kinds in turn."""
    seen: dict[tuple[str, float], int] = {}
    sets: dict[str, list[tuple[int, bool, int, int]]] = {}
    for index, (patch, gsd) in enumerate(patches):
        number = seen[patch.kind, gsd] = seen.get((patch.kind, gsd), -1) + 1
        key = (number, not patch.kind.endswith(DRAWN), zlib.crc32(f"{patch.kind} {gsd}".encode()), index)
        sets.setdefault(patch.kind.partition(" ")[0], []).append(key)
    turns = itertools.zip_longest(*(sorted(keys) for keys in sets.values()))
    return [patches[key[-1]] for turn in turns for key in turn if key is not None][:most]


def judge(net: GuidedRefiner, backbone: Backbone, patches: Sequence[PlacedPatch], steps: int = STEPS) -> Judged:
    """Measure a network on patches."""
    errors: dict[str, list[list[float]]] = {}
    exact, harmed = [], []
    for patch, gsd in patches:
        coarse = np.ascontiguousarray(patch.coarse)
        refined, logits = flow(TorchGuided(net, backbone, gsd), patch.image, coarse, steps)
        labels, certainty = best_class(coarse)
        band = refinable(labels, certainty, BAND_WIDTH)
        maps = [labels]
        for scores in (decided(coarse, refined, logits, PLAIN), refined):
            maps.append(gate(labels, certainty, scores, band, 0.0)[0])
        scored = [PlaceScores(len(coarse), (1, 2)) for _ in maps]
        for scores_of, found in zip(scored, maps, strict=True):
            scores_of.add(found, patch.truth, IGNORE)
        if patch.kind.endswith(DRAWN[-1]):
            exact.append(scored[1].boundaries[1].mean_f_score())
        else:
            errors.setdefault(patch.kind, []).append([1 - s.boundaries[2].mean_f_score() for s in scored])
            harmed.append(float(mean_iou(scored[0].counts) - mean_iou(scored[1].counts) > _HARM))
    sums = [np.mean(rows, 0) for rows in errors.values()]
    changes = 100 * np.mean([(s[1:] - s[0]) / max(s[0], _LEAST_ERROR) for s in sums], 0)
    return Judged(float(changes[0]), float(changes[1]), float(np.mean(exact)), float(np.mean(harmed)))


def train_guided(
    places: Sequence[Place], backbone: Backbone, *, easy_steps: int, steps: int, folder: Path, name: str = "refiner",
    seed: int = 7, batch: int = 6, size: int = 192, learning_rate: float = 2e-3, judge_every: int = 1000,
    device: torch.device = CPU, workers: int = 1,
) -> GuidedRefiner:  # fmt: skip
    """Train the refiner on the training places; returns the weights that are best on the held-out ones.

    `easy_steps` with only moved boundaries come before `steps` with all kinds of damage. Each evaluation is a row of
    `NAME.judged.csv`. An interrupted run resumes from its last checkpoint.
    """
    best_path, log = folder / f"{name}.best.safetensors", folder / f"{name}.judged.csv"
    folder.mkdir(parents=True, exist_ok=True)
    patches = balanced(patches_of(places))
    teacher = backbone.to(device)

    def watch(net: nn.Module, done: int) -> None:
        if done % judge_every and done != steps:
            return
        assert isinstance(net, GuidedRefiner)
        net.eval().to(CPU)
        found = judge(net, backbone.to(CPU), patches)
        rows = list(csv.reader(log.read_text().splitlines())) if log.exists() else []
        best = min((float(row[1]) for row in rows if int(row[0]) < done), default=np.inf)
        with log.open("a", newline="") as out:
            csv.writer(out).writerow([done, *(round(figure, 4) for figure in found)])
        console.print(f"{name} {done}: {found}", highlight=False)
        if found.error <= best or not best_path.exists():
            save_file({k: v.contiguous() for k, v in net.state_dict().items()}, best_path)
        net.to(device)
        backbone.to(device)

    def loss_of(net: nn.Module, drawn: GuidedBatch) -> Tensor:
        assert isinstance(net, GuidedRefiner)
        with torch.no_grad():
            features = teacher(drawn.image)
        return guided_loss(net, drawn, features)

    torch.manual_seed(seed)  # of the weights to begin with
    net = GuidedRefiner()
    started = folder / f"{name}_start.safetensors"
    fit = partial(
        train, loss_of=loss_of, folder=folder, learning_rate=learning_rate, seed=seed, device=device, workers=workers
    )
    if not (folder / f"{name}.checkpoint.pt").exists() and easy_steps:
        if not started.exists():
            easy = batches(places, batch, size, easy=True)
            first = fit(net, easy, steps=easy_steps, name=f"{name}_start")
            save_file({k: v.contiguous() for k, v in first.state_dict().items()}, started)
        net.load_state_dict(load_file(started))
    fit(
        net, batches(places, batch, size, easy=False), steps=steps, name=name, ema_decay=0.999, schedule=schedule,
        watch=watch,
    )  # fmt: skip
    found = GuidedRefiner()
    found.load_state_dict(load_file(best_path))
    return found.eval()
