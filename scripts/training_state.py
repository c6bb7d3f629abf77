#!/usr/bin/env python3
"""Carries the backbone's training from one machine to another: a checkpoint in half precision, without the optimizer.

`scripts/training_state.py save RUN` keeps RUN/backbone.checkpoint.pt in training_state/. `scripts/training_state.py
restore RUN` makes the checkpoint again; then this goes on with it, to N steps in all:

idgbr train-bundled --data DATA --run RUN --stage backbone --backbone-steps N
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from idgbr.training.backbone import pretrained
from idgbr.training.train_backbone import optimizer_of

STATE = Path(__file__).resolve().parents[1] / "training_state"


def _packed(value: torch.Tensor) -> torch.Tensor:
    """In half precision where that holds the values: variances of the pyramid's coarse levels are larger."""
    fits = value.is_floating_point() and float(value.abs().max()) < torch.finfo(torch.float16).max
    return value.half() if fits else value


def save(run: Path) -> None:
    """Keep the weights, their average, and how far the run is."""
    state = torch.load(run / "backbone.checkpoint.pt", map_location="cpu", weights_only=True)
    STATE.mkdir(exist_ok=True)
    weights = {
        f"{part}.{name}": _packed(value)
        for part in ("net", "ema") for name, value in state[part].items()
    }  # fmt: skip
    save_file({name: value.contiguous() for name, value in weights.items()}, STATE / "backbone.safetensors")
    with (run / "backbone.judged.csv").open() as rows:
        judged = [row for row in csv.reader(rows) if int(row[0]) <= state["step"]]
    about = {"step": state["step"], "spent_s": round(state["spent_s"]), "judged": judged}
    (STATE / "backbone.json").write_text(json.dumps(about, indent=1) + "\n")


def restore(run: Path) -> None:
    """Make a checkpoint that a run continues from; the optimizer and the choice of the best weights start over."""
    weights, about = load_file(STATE / "backbone.safetensors"), json.loads((STATE / "backbone.json").read_text())
    parts = {
        part: {
            name.partition(".")[2]: value.float() if value.is_floating_point() else value
            for name, value in weights.items() if name.startswith(f"{part}.")
        }
        for part in ("net", "ema")
    }  # fmt: skip
    optimizer = optimizer_of(pretrained(), 1e-3).state_dict()
    run.mkdir(parents=True, exist_ok=True)
    torch.save(
        {**parts, "optimizer": optimizer, "step": about["step"], "spent_s": about["spent_s"]},
        run / "backbone.checkpoint.pt",
    )


if __name__ == "__main__":
    {"save": save, "restore": restore}[sys.argv[1]](Path(sys.argv[2]))
