#!/usr/bin/env python3
"""Carries trainings from one machine to another: checkpoints in half precision, without the optimizers.

`scripts/training_state.py save RUN [NAME …]` keeps the checkpoints of a run folder in training_state/, those of
`backbone` and `refiner` if they are there. `scripts/training_state.py restore RUN [NAME …]` makes checkpoints again;
then this goes on with them, to N steps in all:

idgbr train-bundled --data DATA --run RUN --stage backbone --backbone-steps N
idgbr train-bundled --data DATA --run RUN --stage refiner --refiner-steps N
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

STATE = Path(__file__).resolve().parents[1] / "training_state"
NAMES = ("backbone", "refiner")
PARTS = ("net", "ema")


def _packed(value: torch.Tensor) -> torch.Tensor:
    """In half precision where that holds the values: variances of the pyramid's coarse levels are larger."""
    fits = value.is_floating_point() and float(value.abs().max()) < torch.finfo(torch.float16).max
    return (value.half() if fits else value).contiguous()


def _unpacked(value: torch.Tensor) -> torch.Tensor:
    return value.float() if value.is_floating_point() else value


def _read_along(run: Path, name: str) -> Path:
    """Weights that a training reads and leaves as they are: the backbone of the refiner."""
    return run / f"{name}.backbone.safetensors"


def _files(run: Path, name: str) -> dict[str, Path]:
    """Weights beside the checkpoint, by the part of the kept file that holds them: the best ones, those read along."""
    return {"best": run / f"{name}.best.safetensors", "read": _read_along(run, name)}


def save(run: Path, name: str, folder: Path = STATE) -> None:
    """Keep the weights, their average, the best ones, how far the run is, and the weights that it reads."""
    state = torch.load(run / f"{name}.checkpoint.pt", map_location="cpu", weights_only=True)
    folder.mkdir(exist_ok=True)
    weights = {f"{part}.{key}": _packed(value) for part in PARTS for key, value in state[part].items()}
    for part, path in _files(run, name).items():
        if path.exists():
            weights |= {f"{part}.{key}": _packed(value) for key, value in load_file(path).items()}
    save_file(weights, folder / f"{name}.safetensors")
    judged = []
    if (run / f"{name}.judged.csv").exists():
        with (run / f"{name}.judged.csv").open() as rows:
            judged = [row for row in csv.reader(rows) if int(row[0]) <= state["step"]]
    about = {"step": state["step"], "spent_s": round(state["spent_s"]), "judged": judged}
    (folder / f"{name}.json").write_text(json.dumps(about, indent=1) + "\n")


def restore(run: Path, name: str, folder: Path = STATE) -> None:
    """Make a checkpoint that a run continues from; the optimizer and the choice of the best weights start over.

    The best weights of before are there until the run is judged again.
    """
    weights, about = load_file(folder / f"{name}.safetensors"), json.loads((folder / f"{name}.json").read_text())
    parts: dict[str, dict[str, torch.Tensor]] = {part: {} for part in (*PARTS, *_files(run, name))}
    for key, value in weights.items():
        part, _, rest = key.partition(".")
        parts[part][rest] = _unpacked(value)
    run.mkdir(parents=True, exist_ok=True)
    for part, path in _files(run, name).items():
        if found := parts.pop(part):
            save_file(found, path)
    torch.save({**parts, "step": about["step"], "spent_s": about["spent_s"]}, run / f"{name}.checkpoint.pt")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("action", choices=("save", "restore"))
    parser.add_argument("run", type=Path, help="run folder")
    parser.add_argument("names", nargs="*", metavar="NAME", help="trainings; those that are there, if none is named")
    options = parser.parse_args()
    for name in options.names or NAMES:
        given = options.run / f"{name}.checkpoint.pt" if options.action == "save" else STATE / f"{name}.safetensors"
        if given.exists():
            {"save": save, "restore": restore}[options.action](options.run, name)
        elif options.names:
            parser.error(f"{given}: missing; name a training that was begun.")


if __name__ == "__main__":
    main()
