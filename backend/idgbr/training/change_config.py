"""The configuration of `idgbr train --task change`: a TOML file, every field checked. See `docs/training.md`.

Separate from the training, so that a wrong file is reported before torch is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from idgbr.errors import InputError
from idgbr.training.config_file import built, pop_tables, read_toml

#: The network halves crops four times.
_GRAIN = 16
WIDTHS = ("small", "base")
#: What the presets say in place of the defaults. "published": as SChanger was fine-tuned (on LEVIR-CD). "short": for
#: one GPU and an hour or two.
PRESETS: dict[str, dict[str, Any]] = {
    "published": {},
    "short": {"steps": 40_000, "batch": 32, "learning_rate": 1e-3, "ema_decay": 0.999, "ema_every": 1, "shift": 2.0},
}


@dataclass(frozen=True)
class OwnPair:
    """Labelled pairs of the user: a table `[[pairs]]` of the file.

    Attributes:
        before: Raster of the earlier date, or a folder of them.
        after: Raster of the later date, on any grid, or a folder of files with the same names.
        labels: Raster that is not 0 where something changed, or polygons of changes (path or path|layer), or a folder.
        place: Pairs of one place are never split into training and validation; without a name, pairs that overlap or
            touch are of one place.
        validation: The pair chooses weights and does not train. If no pair is marked, places are drawn at random.
    """

    before: str
    after: str
    labels: str
    place: str = ""
    validation: bool = False


@dataclass(frozen=True)
class ChangeConfig:
    """What a change model learns from, and how; the defaults are the published recipe.

    Attributes:
        preset: Name in `PRESETS` of the defaults of the other fields.
        widths: Size of the network: small or base.
        start_from: Weights to begin with: a change model (id or folder) or a .safetensors file of an SPN or SCN; empty:
            none.
        steps: Steps of the optimizer.
        batch: Crops of a step.
        size: Side of a crop in px, a multiple of 16.
        learning_rate: Highest learning rate.
        warm_up: Share of the steps in which the learning rate rises.
        weight_decay: Of weights; biases and normalizations have none.
        ema_decay: Decay of the averaged weights (EMA), every `ema_every` steps.
        ema_every: See `ema_decay`.
        shift: Largest random shift of the second date in training, px, for robustness to misregistration.
        validate_every: Steps between two validations; 0: a hundredth of all steps.
        validation: Share of the places that is kept for validation, if none is named.
        seed: Seed of crops and split.
        bands: Bands of the rasters that the network reads, from 1, three of them.
        gsd_m: Pixel size of rasters without a CRS, m; 0: they all have one.
        direction_model: Coarse model that says in which date an object stands; empty: changes are only "modified".
        pairs: Labelled pairs.
    """

    preset: str = "published"
    widths: str = "small"
    start_from: str = ""
    steps: int = 660_000
    batch: int = 8
    size: int = 256
    learning_rate: float = 5e-4
    warm_up: float = 0.05
    weight_decay: float = 2e-4
    ema_decay: float = 0.9998
    ema_every: int = 8
    shift: float = 0.0
    validate_every: int = 0
    validation: float = 0.2
    seed: int = 36
    bands: tuple[int, ...] = (1, 2, 3)
    gsd_m: float = 0.0
    direction_model: str = "buildings"
    pairs: tuple[OwnPair, ...] = ()


def read_change_config(path: Path) -> ChangeConfig:
    """Read and check a file; paths in it are relative to its folder. Raises InputError, which names the field."""
    data = read_toml(path)
    tables = pop_tables(data, "pairs", path)
    preset = data.get("preset", ChangeConfig.preset)
    if preset not in PRESETS:
        raise InputError(f"{path}: preset is {preset!r}; it is one of {', '.join(PRESETS)}.")
    config: ChangeConfig = built(ChangeConfig, PRESETS[preset] | data, str(path))
    pairs = tuple(_own_pair(table, f"{path}: pair {n}", path.parent) for n, table in enumerate(tables, 1))
    start = config.start_from
    if start.endswith(".safetensors"):
        start = str(path.parent / start)
    config = ChangeConfig(**{**vars(config), "pairs": pairs, "start_from": start})
    _check(config, path)
    return config


def _own_pair(table: dict[str, Any], where: str, folder: Path) -> OwnPair:
    found: OwnPair = built(OwnPair, table, where)
    labels, bar, layer = found.labels.partition("|")
    names = {
        "before": str(folder / found.before),
        "after": str(folder / found.after),
        "labels": f"{folder / labels}{bar}{layer}",
    }
    for name, text in names.items():
        if not Path(text.partition("|")[0]).exists():
            raise InputError(f"{where}: {name} {text} does not exist; check the path.")
    folders = [Path(text).is_dir() for text in names.values()]
    if any(folders) and not all(folders):
        raise InputError(f"{where}: before, after and labels must be three files, or three folders.")
    return OwnPair(**{**vars(found), **names})


def _check(config: ChangeConfig, path: Path) -> None:
    """Raise InputError for inconsistent values."""
    least = {"steps": 1, "batch": 1, "ema_every": 1, "validate_every": 0, "seed": 0, "shift": 0.0, "gsd_m": 0.0}
    for name, low in least.items():
        if getattr(config, name) < low:
            raise InputError(f"{path}: {name} is {getattr(config, name)}; give {low} or more.")
    for name in ("learning_rate", "ema_decay", "warm_up", "validation"):
        if not 0 <= getattr(config, name) < 1 or (name == "learning_rate" and not config.learning_rate):
            raise InputError(f"{path}: {name} is {getattr(config, name)}; give a number between 0 and 1.")
    if config.weight_decay < 0:
        raise InputError(f"{path}: weight_decay is {config.weight_decay}; give 0 or more.")
    if config.size < 4 * _GRAIN or config.size % _GRAIN:
        raise InputError(f"{path}: size is {config.size}; give a multiple of {_GRAIN} from {4 * _GRAIN} up.")
    if config.widths not in WIDTHS:
        raise InputError(f"{path}: widths is {config.widths!r}; it is one of {', '.join(WIDTHS)}.")
    if len(config.bands) != 3 or min(config.bands) < 1:
        raise InputError(f"{path}: bands are {list(config.bands)}; name the three that the network reads, from 1.")
    if all(pair.validation for pair in config.pairs):
        raise InputError(f"{path}: there is nothing to train on; list [[pairs]] that are not for validation.")
