"""Steps of each stage of `idgbr train-bundled`, without torch: the command line reads them for its help."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Steps of each stage and the number of procedural scenes; the defaults are the budget of the shipped weights."""

    scenes: int = 400
    backbone_steps: int = 10_000
    landcover_steps: int = 4600
    head_fold_steps: int = 800
    producer_steps: int = 600
    refiner_easy_steps: int = 800
    refiner_steps: int = 20000
    change_prior_steps: int = 2000
    change_steps: int = 9000
    change_dated_steps: int = 800
