"""Refiner networks in training as methods: `--checkpoint NAME=PATH`, safetensors of a `RefinerNet`.

How one is run, and with how many steps, its process says (`processes.PROCESSES`), which the file's metadata key
`process` names, or else the file's own name, as `train_processes.py` gives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import load_file

from benchmarks.refiner.methods import Array, Method, padded
from benchmarks.refiner.processes import PROCESSES, Process
from idgbr.training.networks import RefinerNet


@dataclass(frozen=True)
class Checkpoint:
    """A network run by its process in `steps` steps, on tiles mirrored by `halo` px."""

    net: RefinerNet
    process: Process
    steps: int
    halo: int

    def refine(self, image: Array, coarse: Array) -> Array:
        """See `Method.refine`."""
        wide_image, wide_coarse, window = padded(image, coarse, self.halo)
        return self.process.refine(self.net, wide_image, wide_coarse, self.steps)[window]


def load(path: Path, halo: int) -> dict[int, Method]:
    """The methods that a checkpoint holds, by number of steps. Raises ValueError if its process is not known."""
    with safe_open(path, "pt") as opened:
        name = (opened.metadata() or {}).get("process", path.stem)
    if name not in PROCESSES:
        raise ValueError(f"{path}: process {name!r} is not known; there are {', '.join(PROCESSES)}")
    net = RefinerNet()
    net.load_state_dict(load_file(path))
    process = PROCESSES[name]
    return {steps: Checkpoint(net.eval(), process, steps, halo) for steps in process.steps}
