"""The configuration of `idgbr train-refiner`: a TOML file, every field checked; without one, all defaults.

Separate from the training, so that a wrong file is reported before torch is loaded. See `docs/training.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from idgbr.errors import InputError
from idgbr.parameters import BACKGROUND_CHOICES
from idgbr.training.config_file import built, pop_tables, read_toml

#: Bands of the imagery that the bundled networks are trained on.
RGB = (1, 2, 3)
#: The network halves crops four times.
_GRAIN = 16


@dataclass(frozen=True)
class OwnImage:
    """A labelled image of the user's: a table `[[images]]` of the file.

    Attributes:
        image: Raster.
        labels: Class raster or polygon layer (path or path|layer) whose boundaries are right, on any grid.
        class_field: Field of the layer with the class.
        background: Whether ground without a polygon is a class: auto, yes, no.
        bands: Bands of this raster that stand for those of the network, from 1; empty for those of the whole file.
        calibration: Kept out of training, to calibrate the gate.
    """

    image: str
    labels: str
    class_field: str | None = None
    background: str = "auto"
    bands: tuple[int, ...] = ()
    calibration: bool = False


@dataclass(frozen=True)
class RefinerConfig:
    """What the refiner learns from, and for how long.

    Attributes:
        bundled: Whether the imagery of `--data` and procedural scenes take part.
        scenes: Procedural scenes among them.
        fold_steps: Steps of each out-of-fold network of the architecture that ships, on the bundled data.
        producer_steps: The same, of the other architectures.
        easy_steps: Steps on moved boundaries alone.
        steps: Steps on all kinds of damage.
        batch: Samples of a step.
        size: Side of a sample in px, a multiple of 16.
        learning_rate: Highest learning rate, after the warm-up.
        seed: Seed of samples and noise.
        bands: Bands of rasters that the network reads, from 1, in its order; kept in the card.
        images: Labelled images of the user's own.
    """

    bundled: bool = True
    scenes: int = 400
    fold_steps: int = 4000
    producer_steps: int = 1200
    easy_steps: int = 1666
    steps: int = 9000
    batch: int = 8
    size: int = 128
    learning_rate: float = 2e-3
    seed: int = 7
    bands: tuple[int, ...] = RGB
    images: tuple[OwnImage, ...] = ()

    @property
    def shipped(self) -> bool:
        """Whether all is at its defaults."""
        return self == RefinerConfig()


def read_config(path: Path) -> RefinerConfig:
    """Read and check a file; paths in it are relative to its folder. Raises InputError, which names the field."""
    data = read_toml(path)
    tables = pop_tables(data, "images", path)
    config: RefinerConfig = built(RefinerConfig, data, str(path))
    images = tuple(_own_image(table, f"{path}: image {n}", path.parent) for n, table in enumerate(tables, 1))
    config = RefinerConfig(**{**vars(config), "images": images})
    _check(config, path)
    return config


def _own_image(table: dict[str, Any], where: str, folder: Path) -> OwnImage:
    found: OwnImage = built(OwnImage, table, where)
    if found.background not in BACKGROUND_CHOICES:
        raise InputError(f"{where}: background is {found.background!r}; give {', '.join(BACKGROUND_CHOICES)}.")
    _check_bands(found.bands, where)
    labels, bar, layer = found.labels.partition("|")
    names = {"image": str(folder / found.image), "labels": f"{folder / labels}{bar}{layer}"}
    for name, text in names.items():
        if not Path(text.partition("|")[0]).exists():
            raise InputError(f"{where}: {name} {text} does not exist; check the path.")
    return OwnImage(**{**vars(found), **names})


def _check(config: RefinerConfig, path: Path) -> None:
    """Raise InputError for inconsistent values."""
    least = {"scenes": 0, "fold_steps": 1, "producer_steps": 1, "easy_steps": 1, "steps": 1, "batch": 1, "seed": 0}
    for name, low in least.items():
        if getattr(config, name) < low:
            raise InputError(f"{path}: {name} is {getattr(config, name)}; give {low} or more.")
    if config.size < 2 * _GRAIN or config.size % _GRAIN:
        raise InputError(f"{path}: size is {config.size}; give a multiple of {_GRAIN} from {2 * _GRAIN} up.")
    if not 0 < config.learning_rate < 1:
        raise InputError(f"{path}: learning_rate is {config.learning_rate}; give a number between 0 and 1.")
    _check_bands(config.bands, str(path))
    if not config.bands:
        raise InputError(f"{path}: bands is empty; list the bands that the network reads, from 1.")
    if config.bundled and len(config.bands) != len(RGB):
        raise InputError(f"{path}: the bundled imagery has three bands, not {len(config.bands)}; set bundled = false.")
    if not config.bundled and all(image.calibration for image in config.images):
        raise InputError(f"{path}: there is nothing to train on; list [[images]], or set bundled = true.")
    for number, image in enumerate(config.images, 1):
        if image.bands and len(image.bands) != len(config.bands):
            raise InputError(f"{path}: image {number}: bands has {len(image.bands)}, the network {len(config.bands)}.")


def _check_bands(bands: tuple[int, ...], where: str) -> None:
    if any(band < 1 for band in bands):
        raise InputError(f"{where}: bands are {list(bands)}; they are counted from 1.")
