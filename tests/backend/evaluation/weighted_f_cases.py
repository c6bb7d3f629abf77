"""Masks that the weighted F-measure is tried on, and what py_sod_metrics says about them.

py_sod_metrics wants other versions of its requirements than the project, so its answers are kept in
`weighted_f_cases.json`; in an environment with pysodmetrics 1.6.2 this file, run as a program, writes them again.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ANSWERS = Path(__file__).with_suffix(".json")
Mask = NDArray[np.bool_]


def cases() -> dict[str, tuple[Mask, Mask]]:
    """Predicted and true mask by name."""
    rows, columns = np.mgrid[:96, :128]
    disk = np.hypot(rows - 45, columns - 60) < 30
    ring = disk & (np.hypot(rows - 45, columns - 60) > 26)
    noise = np.random.default_rng(11).random(disk.shape)
    return {
        "same": (disk, disk),
        "shifted": (np.roll(disk, 3, 1), disk),
        "grown": (np.hypot(rows - 45, columns - 60) < 33, disk),
        "ring shifted by 1": (np.roll(ring, 1, 0), ring),
        "ring shifted by 5": (np.roll(ring, 5, 1), ring),
        "speckled": (disk ^ (noise < 0.05), disk),
        "noise": (noise < 0.3, ring),
        "half": (disk & (columns < 60), disk),
        "inverse": (~disk, disk),
    }


def main() -> None:
    """Write the answers of py_sod_metrics."""
    from py_sod_metrics import WeightedFmeasure

    answers = {}
    for name, (predicted, truth) in cases().items():
        measure = WeightedFmeasure(beta=1)
        measure.step(predicted.astype(np.uint8) * 255, truth.astype(np.uint8) * 255)
        answers[name] = round(float(measure.get_results()["wfm"]), 9)
    ANSWERS.write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
