"""`idgbr train --task change`: trains, validates and exports a change model from the user's labelled pairs."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.console import ConsoleMonitor
from idgbr.errors import InputError
from idgbr.evaluation.curves import Measure
from idgbr.models.registry import find_model
from idgbr.training.change_config import ChangeConfig
from idgbr.training.config_file import claim
from idgbr.training.curve_page import CURVES, CurveFile, CurvePage, CurveReader
from idgbr.training.export_change import WEIGHTS, write_change_model
from idgbr.training.loop import console, train, training_device
from idgbr.training.own_pairs import UNKNOWN, KeptPair, Statistics, cores, crop_pair, read_pairs, statistics
from idgbr.training.scn import BASE, SCN, SMALL, deep_loss
from idgbr.training.train_change import to_tensor

#: Files in a run folder: the configuration at its start, the best weights and their accuracy.
_BEGUN, _BEST, _SCORES = "change_config.txt", "best.safetensors", "validation.csv"
#: Name of the files of the loop.
_NAME = "scn"
#: Thresholds that validation tries.
_THRESHOLDS = np.arange(0.05, 1.0, 0.05)
#: Learning rate at the beginning of the warm-up and at the end, as shares of the highest.
_FIRST_RATE, _LAST_RATE = 1e-3, 1e-6


class PairBatch(NamedTuple):
    """Tensors of one step: dates (N, 3, S, S), whether they changed, and where that is known, (N, S, S) bool."""

    before: Tensor
    after: Tensor
    changed: Tensor
    known: Tensor


def run(config: ChangeConfig, folder: Path, output: Path, device: str) -> None:
    """Train what `config` describes in the run `folder`, or resume it, and write the model folder `output`.

    Raises InputError if the run folder has another configuration, or pairs cannot be used.
    """
    monitor = ConsoleMonitor()
    claim(folder, _BEGUN, config)
    where = training_device(device, monitor)
    pairs = read_pairs(config, folder / "pairs", monitor)
    training = [pair for pair in pairs if not pair.validation]
    kept = [pair for pair in pairs if pair.validation]
    places = [len({pair.place for pair in some}) for some in (training, kept)]
    monitor.info(f"{len(training)} pairs of {places[0]} places train, {len(kept)} of {places[1]} validate.")
    if not kept:
        monitor.warn(
            "All pairs lie at one place: nothing tells how good the model is. Mark pairs with validation = true."
        )
    dates = statistics(training)
    net = SCN(SMALL if config.widths == "small" else BASE, tileable=True)
    torch.manual_seed(config.seed)
    if config.start_from:
        console.print(begin_with(net, config.start_from), highlight=False)
    last = train_scn(net, training, kept, dates, config, folder, where)
    best = Validation(kept, dates, folder, where).best(last)
    write_change_model(
        best.net, output, config.size, id=output.name, title=f"Change, own training ({output.name})",
        license="as that of the training data", gsd_range_m=gsd_range(pairs), threshold=best.threshold,
        direction_model=config.direction_model, fusion="none",
        date_statistics={
            name: {"mean": mean.round(5).tolist(), "std": std.round(5).tolist()}
            for name, (mean, std) in zip(("before", "after"), dates, strict=True)
        },
        **({"band_map": config.bands} if config.bands != (1, 2, 3) else {}),
        training={
            "command": "idgbr train CONFIG OUTPUT --task change", "preset": config.preset, "steps": config.steps,
            "best_step": best.step, "widths": config.widths, "start_from": config.start_from or "random weights",
            "hardware": str(where), "pairs": len(training), "validation_pairs": len(kept),
            "validation_f1": round(best.f1, 4) if kept else None,
        },
    )  # fmt: skip
    monitor.info(f"{output}: written; `idgbr detect-changes BEFORE AFTER OUT --model {output}` takes it.")


def begin_with(net: SCN, source: str) -> str:
    """Load weights of a change model, or of an SPN or SCN file; reports them. Raises InputError."""
    path = Path(source) if source.endswith(".safetensors") else find_model(source, "change")[0] / WEIGHTS
    try:
        weights = {
            name: value.float() if value.is_floating_point() else value for name, value in load_file(path).items()
        }
        new = net.load_prior(weights)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror or error}); name other weights to start from."
        ) from error
    except (RuntimeError, ValueError) as error:
        raise InputError(f"{path}: these are not the weights of such a network; check widths.") from error
    return f"weights of {path}, {len(new)} tensors new"


def gsd_range(pairs: Sequence[KeptPair]) -> tuple[float, float]:
    """Ground sample distances that the model is used at."""
    found = [pair.gsd_m for pair in pairs]
    return round(0.8 * min(found), 4), round(1.25 * max(found), 4)


def train_scn(
    net: SCN, training: Sequence[KeptPair], kept: Sequence[KeptPair], dates: tuple[Statistics, Statistics],
    config: ChangeConfig, folder: Path, device: torch.device,
) -> SCN:  # fmt: skip
    """Train as configured; returns the EMA weights after the last step. The best ones are kept by `Validation`."""
    validation = Validation(kept, dates, folder, device)
    every = config.validate_every or max(1, config.steps // 100)

    def make_batch(rng: np.random.Generator) -> PairBatch:
        crops = [crop_pair(training, config.size, rng, config.shift) for _ in range(config.batch)]
        both = [[standardized(crop[date], dates[date]) for crop in crops] for date in (0, 1)]
        # Either date may come first, after each was standardized by its own statistics (SChanger).
        swapped = rng.random(config.batch) < 0.5
        first, second = ([both[int(s) ^ date][n] for n, s in enumerate(swapped)] for date in (0, 1))
        labels = torch.from_numpy(np.stack([crop[2] for crop in crops]))
        return PairBatch(to_tensor(first), to_tensor(second), labels == 1, labels != UNKNOWN)

    def loss_of(network: nn.Module, batch: PairBatch) -> Tensor:
        return deep_loss(network(batch.before, batch.after), batch.changed, batch.known)

    def schedule(step: int, steps: int) -> float:
        rising = max(1, round(config.warm_up * steps))
        if step < rising:
            return _FIRST_RATE + (1 - _FIRST_RATE) * step / rising
        gone = (step - rising) / max(1, steps - rising)
        return _LAST_RATE + (1 - _LAST_RATE) * 0.5 * (1 + math.cos(math.pi * gone))

    def optimizer_of(network: nn.Module, rate: float) -> torch.optim.Optimizer:
        flat = [p for p in network.parameters() if p.dim() <= 1]
        weights = [p for p in network.parameters() if p.dim() > 1]
        groups = [{"params": weights, "weight_decay": config.weight_decay}, {"params": flat, "weight_decay": 0.0}]
        return torch.optim.AdamW(groups, lr=rate)

    page = curve_page(folder, config.steps, validated=bool(kept))

    def watch(averaged: nn.Module, step: int) -> None:
        if kept and (step % every == 0 or step == config.steps):
            assert isinstance(averaged, SCN)
            validation.look(averaged, step)
        page.update()

    trained = train(
        net, make_batch, loss_of, steps=config.steps, folder=folder, name=_NAME, learning_rate=config.learning_rate,
        seed=config.seed, ema_decay=config.ema_decay, ema_every=config.ema_every, log_every=min(100, every),
        schedule=schedule, optimizer_of=optimizer_of, device=device, workers=cores(), watch=watch,
    )  # fmt: skip
    page.end()
    assert isinstance(trained, SCN)
    return trained.cpu()


def curve_page(folder: Path, steps: int, *, validated: bool) -> CurvePage:
    """The page with the curves of the training in a run folder, said on the console."""
    reader = CurveReader(
        lambda: steps, [CurveFile(folder / f"{_NAME}.csv")], CurveFile(folder / _SCORES) if validated else None,
        Measure("F1 of changed pixels on the validation pairs"),
    )  # fmt: skip
    page = CurvePage(folder / CURVES, "a change model", reader)
    console.print(f"{page.path} shows the curves of the training; open it in a browser", highlight=False)
    return page


def standardized(image: NDArray[np.uint8], statistics: Statistics) -> NDArray[np.float32]:
    """A date (…, 3) by the statistics of that date."""
    mean, std = statistics
    return np.asarray((image.astype(np.float32) / np.float32(255) - mean) / std, np.float32)


class Best(NamedTuple):
    """The weights chosen, their step and F1 on the validation pairs, and the threshold of best F1."""

    net: SCN
    step: int
    f1: float
    threshold: float


class Validation:
    """F1 of changed pixels over all validation pairs; keeps the best weights and a table in the run folder."""

    def __init__(
        self, pairs: Sequence[KeptPair], dates: tuple[Statistics, Statistics], folder: Path, device: torch.device
    ) -> None:
        self._pairs, self._dates, self._folder, self._device = pairs, dates, folder, device

    def look(self, net: SCN, step: int) -> None:
        """Measure weights, and keep them if none were better."""
        scores = self.f1(net.eval())
        f1, at_half = float(scores.max()), float(scores[len(_THRESHOLDS) // 2])
        best = self._read()
        console.print(f"validation after {step} steps: F1 {at_half:.4f} (at 0.5)", highlight=False)
        if best is None or at_half > best["f1"]:
            part = self._folder / f"{_BEST}.part"
            save_file({k: v.cpu().contiguous() for k, v in net.state_dict().items()}, part)
            part.replace(self._folder / _BEST)
            threshold = round(float(_THRESHOLDS[int(scores.argmax())]), 2)
            found = {"step": step, "f1": at_half, "best_f1": f1, "threshold": threshold}
            (self._folder / f"{_BEST}.json").write_text(json.dumps(found), encoding="utf-8")
        with (self._folder / _SCORES).open("a", newline="") as log:
            csv.writer(log).writerow([step, round(at_half, 5)])

    def best(self, last: SCN) -> Best:
        """The best weights; those after the last step where nothing was validated."""
        found = self._read()
        if found is None:
            return Best(last, -1, 0.0, 0.5)
        last.load_state_dict(load_file(self._folder / _BEST))
        return Best(last, int(found["step"]), found["best_f1"], found["threshold"])

    def f1(self, net: SCN) -> NDArray[np.float64]:
        """F1 at each of the thresholds, from one confusion matrix over all pairs, in windows of 256 px as published."""
        counts = np.zeros((3, len(_THRESHOLDS)))
        for pair in self._pairs:
            for row in range(0, pair.pixels.shape[0], 256):
                for col in range(0, pair.pixels.shape[1], 256):
                    counts += self._window(net, pair.pixels[row : row + 256, col : col + 256])
        both, found, true = counts
        return np.asarray(2 * both / np.maximum(found + true, 1))

    @torch.inference_mode()
    def _window(self, net: SCN, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        height, width = pixels.shape[:2]
        pad = ((0, -height % 16), (0, -width % 16), (0, 0))
        dates = []
        for number, first in enumerate((0, 3)):
            image = np.pad(pixels[..., first : first + 3], pad, mode="edge")
            dates.append(to_tensor([standardized(image, self._dates[number])]).to(self._device))
        change = torch.sigmoid(net(*dates)[0])[0, 0, :height, :width].float().cpu().numpy()
        label = pixels[..., 6]
        known, true = label != UNKNOWN, label == 1
        over = [(change >= t) & known for t in _THRESHOLDS]
        return np.array([[(o & true).sum() for o in over], [o.sum() for o in over], [true.sum()] * len(over)], float)

    def _read(self) -> dict[str, float] | None:
        path = self._folder / f"{_BEST}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
