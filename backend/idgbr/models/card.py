"""The model card `model.json`: what a model is, the raster it needs, and its measured accuracy."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, asdict, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from idgbr.classes import ClassInfo, classes_from_json
from idgbr.errors import ModelError
from idgbr.models.external_data import data_files, is_inside
from idgbr.models.object_table import ObjectTable, object_table
from idgbr.parameters.shared import REGULARIZE

#: Widest half of a ramp, in px; the halo beyond it is context. Results of tiles differ more, the nearer a pixel is to
#: the tile's edge, so a halo is better used for context than for ramps.
RAMP = 16
#: Widest margin around the contact of objects, in px.
MAX_MARGIN = 16

CARD_NAME = "model.json"
SCALING_KINDS = ("unit", "standardize")
#: Calibrated rows of numbers, by the number of diffusion steps.
Tables = Mapping[str, Sequence[Sequence[float]]]


@dataclass(frozen=True)
class Scaling:
    """How pixel values become the network's input.

    `kind` is "unit" (8-bit values over 255, other types by robust percentiles of the area to 0…1) or "standardize"
    (the same, then minus `mean`, over `std`, one number a band). `low` and `high`, one number a band, are the values
    that become 0 and 1 instead.
    """

    kind: str = "unit"
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()

    def problem(self, bands: int) -> str | None:
        """What is wrong with it for a network with that many bands; None if nothing is."""
        if self.kind not in SCALING_KINDS:
            return f"the scaling {self.kind!r} is not known; it is one of {', '.join(SCALING_KINDS)}"
        for name in ("mean", "std", "low", "high"):
            values = getattr(self, name)
            if values and len(values) != bands:
                return f"{name} has {len(values)} numbers, the network {bands} bands; give one number a band"
            if not all(math.isfinite(value) for value in values):
                return f"{name} has a value that is not finite"
        if bool(self.mean) != bool(self.std) or (self.kind == "standardize") != bool(self.mean):
            return "mean and std must be given together, and only for the scaling standardize"
        if bool(self.low) != bool(self.high) or any(a >= b for a, b in zip(self.low, self.high, strict=True)):
            return "low and high must be given together, with low below high"
        if any(value <= 0 for value in self.std):
            return "each std must be above 0"
        return None


@dataclass(frozen=True)
class BackboneReference:
    """The backbone that a model was trained on: its id, and the sha256 of its network."""

    id: str
    sha256: str


@dataclass(frozen=True)
class AcceptanceTable:
    """Calibration of a refiner that decides itself which changes to accept, see `idgbr.refiner.learned_acceptance`.

    `reliability` are rows of its diagram: mean probability, share that is right, share of the changes.
    """

    temperature: float = 1.0
    thresholds: Tables = field(default_factory=dict)
    reliability: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True)
class ModelCard:
    """The fields that the cards of all kinds of models share; each kind is a class of its own."""

    kind: ClassVar[str]

    id: str
    version: str
    title: str
    classes: tuple[ClassInfo, ...]
    bands: int
    gsd_range_m: tuple[float, float]
    tile: int
    halo: int
    files: Mapping[str, str]  # name → sha256
    license: str = ""
    scaling: Scaling = field(default_factory=Scaling)
    #: Data band of a raster, counted from 1, for each band of the network; empty: the first ones.
    band_map: tuple[int, ...] = ()
    #: Whether the network takes tiles of one size only; None: as the other fields suggest.
    fixed_tile: bool | None = None
    #: The backbone whose features a head reads; None for a model that reads the image itself.
    backbone: BackboneReference | None = None
    #: Measured figures by data set and place.
    accuracy: Mapping[str, Any] = field(default_factory=dict)
    #: Fields for people, as they are in the file.
    further: Mapping[str, Any] = field(default_factory=dict)

    @property
    def one_tile_size(self) -> bool:
        """Whether the network takes tiles of one size only."""
        return bool(self.fixed_tile)

    def problem(self) -> str | None:
        """What is wrong with its scaling and bands; None if nothing is."""
        if self.band_map and (len(self.band_map) != self.bands or min(self.band_map) < 1):
            return f"the band map must name {self.bands} bands of a raster, from 1 on"
        return self.scaling.problem(self.bands)

    def summary(self) -> dict[str, Any]:
        """The part of the card for lists in clients."""
        return {
            "id": self.id,
            "kind": self.kind,
            "version": self.version,
            "title": self.title,
            "classes": [
                {"id": c.id, "name": c.name, "color": list(c.color), "background": c.background} for c in self.classes
            ],
            "bands": self.bands,
            "gsd_range_m": list(self.gsd_range_m),
            "license": self.license,
            "scaling": {name: value for name, value in asdict(self.scaling).items() if value},
            "band_map": list(self.band_map),
            "accuracy": self.accuracy,
        }

    def as_dict(self) -> dict[str, Any]:
        """The content of model.json, as `read_card` reads it; fields with their default are left out."""
        shown = self.summary()
        del shown["accuracy"]  # it is among the rest
        given = asdict(self)
        if given.get("objects") and not given["objects"]["classes"]:
            del given["objects"]["classes"]
        rest = {
            item.name: given[item.name]
            for item in fields(self)
            if item.name not in shown and item.name != "further" and given[item.name] != _default(item)
        }
        return {name: value for name, value in (shown | rest | dict(self.further)).items() if value != []}


@dataclass(frozen=True)
class CoarseCard(ModelCard):
    """The card of a coarse model.

    `activation` ("none", "softmax", …, see `idgbr.models.probabilities`) turns the output into probabilities; models of
    the Deepness format name one, and take tiles of one size unless `fixed_tile` says otherwise. A class needs a
    probability of `threshold`. `channels_last` and `batch` are the layout of the input. `note` is shown to the user.
    `backbone_bands` are the bands of the network, from 1 on, that its backbone sees; empty: all of them. A network with
    `noise_channels` reads noise beside the image, which depends on absolute positions (`idgbr.noise`). A model with
    `objects` has a second output, `contact`: the probability that two neighbouring objects meet at a pixel.
    `outlines` is the method for regular outlines that suits its classes.
    """

    kind = "coarse"
    activation: str | None = None
    threshold: float = 0.0
    channels_last: bool = False
    batch: int = 1
    note: str = ""
    backbone_bands: tuple[int, ...] = ()
    noise_channels: int = 0
    objects: ObjectTable | None = None
    outlines: str = "none"

    @property
    def one_tile_size(self) -> bool:
        """Whether the network takes tiles of one size only."""
        return self.activation is not None if self.fixed_tile is None else self.fixed_tile

    def problem(self) -> str | None:
        """What is wrong with its scaling and bands; None if nothing is."""
        if self.backbone_bands and not 1 <= min(self.backbone_bands) <= max(self.backbone_bands) <= self.bands:
            return f"the bands of the backbone must be from 1 to {self.bands}"
        if self.objects and not (0 < self.objects.threshold < 1 and 0 <= self.objects.margin <= MAX_MARGIN):
            return f"objects needs a threshold between 0 and 1 and a margin from 0 to {MAX_MARGIN} px"
        if self.outlines not in REGULARIZE:
            return f"the outlines {self.outlines!r} are not known; they are one of {', '.join(REGULARIZE)}"
        return super().problem()


@dataclass(frozen=True)
class RefinerCard(ModelCard):
    """The card of a refiner.

    `steps` is its default number of diffusion steps, `margins` the acceptance margins by number of steps (see
    `idgbr.refiner.acceptance.margins_at`), `band_width` the distance (px) from coarse boundaries within which pixels
    may change. With `acceptance` the network decides which changes to accept.
    """

    kind = "refiner"
    steps: int = 1
    margins: Tables = field(default_factory=dict)
    band_width: int = 8
    acceptance: AcceptanceTable | None = None


@dataclass(frozen=True)
class ChangeCard(ModelCard):
    """The card of a change model.

    `threshold` is the probability of change from which on a pixel has changed, `fusion` how it is combined with the
    objects of both images, which the model `direction_model` finds (empty: none). `date_statistics` is the mean and
    std of each band of both images, which are measured without it.
    """

    kind = "change"
    threshold: float | None = None
    fusion: str = ""
    direction_model: str = "buildings"
    date_statistics: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BackboneCard(ModelCard):
    """The card of a backbone, an encoder whose features other models read."""

    kind = "backbone"


@dataclass(frozen=True)
class PriorCard(ModelCard):
    """The card of a diffusion prior for the training of a Diff-HRNet; the other fields are its network's size."""

    kind = "prior"
    unshuffle: int = 4
    widths: tuple[int, ...] = ()
    blocks: int = 1


#: The classes of cards, by kind.
KINDS: dict[str, type[ModelCard]] = {
    kind.kind: kind for kind in (CoarseCard, RefinerCard, ChangeCard, BackboneCard, PriorCard)
}
#: Fields for people that the tool writes itself.
_FOR_PEOPLE = (
    "about", "calibration", "channels", "export_difference", "failures", "process", "strides", "task",
    "trained_gsd_range_m", "training",
)  # fmt: skip
#: How similar an unknown field must be to a known one to count as its misspelling, 0 to 1.
_MISSPELT = 0.8


def _default(item: Field[Any]) -> Any:
    return item.default_factory() if item.default_factory is not MISSING else item.default


def _numbers(values: Any) -> tuple[float, ...]:
    return tuple(map(float, values))


def _pair(values: Any) -> tuple[float, float]:
    low, high = _numbers(values)
    return low, high


def _acceptance(value: Any) -> AcceptanceTable | None:
    if not value:
        return None
    table = AcceptanceTable(**value)
    return replace(table, reliability=tuple(map(_numbers, table.reliability)))


#: How the fields of a card are read.
_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("id", "version", "title", "license", "activation", "note", "outlines"), str),
    **dict.fromkeys(("fusion", "direction_model"), str),
    **dict.fromkeys(("bands", "tile", "halo", "batch", "steps", "band_width", "noise_channels", "blocks"), int),
    "unshuffle": int,
    **dict.fromkeys(("fixed_tile", "channels_last"), bool),
    **dict.fromkeys(("accuracy", "margins", "date_statistics"), dict),
    "threshold": float,
    "classes": lambda value: tuple(classes_from_json(value)),
    "gsd_range_m": _pair,
    "files": lambda value: {str(name): str(digest) for name, digest in value.items()},
    "scaling": lambda value: Scaling(
        str(value.get("kind", "unit")), *(_numbers(value.get(name, ())) for name in ("mean", "std", "low", "high"))
    ),
    **dict.fromkeys(("band_map", "backbone_bands", "widths"), lambda value: tuple(map(int, value))),
    "backbone": lambda value: BackboneReference(str(value["id"]), str(value["sha256"])) if value else None,
    "acceptance": _acceptance,
    "objects": object_table,
}


def read_card(folder: Path) -> ModelCard:
    """Read `folder`/model.json as the card of its kind. Raises ModelError, which names the file and the wrong field."""
    path = folder / CARD_NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); name a folder that holds a model.json."
        ) from error
    except json.JSONDecodeError as error:
        raise ModelError(f"{path}: not valid JSON (line {error.lineno}); install the model again.") from error
    card = _card(path, data if isinstance(data, dict) else {})
    if problem := card.problem():
        raise ModelError(f"{path}: {problem}; correct the card with `idgbr models set`.")
    return card


def _card(path: Path, data: dict[str, Any]) -> ModelCard:
    kind = KINDS.get(data.pop("kind", ""))
    if kind is None:
        raise ModelError(f"{path}: the card's field 'kind' is missing or none of {', '.join(KINDS)}; correct it.")
    known = {item.name: item for item in fields(kind) if item.name != "further"}
    given: dict[str, Any] = {"classes": ()}
    further: dict[str, Any] = {}
    for name, value in data.items():
        if name in known:
            try:
                given[name] = _READERS[name](value)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise ModelError(f"{path}: the card's field {name!r} is wrong; install the model again.") from error
        elif name not in _FOR_PEOPLE and (near := get_close_matches(name, [*known, *_FOR_PEOPLE], 1, _MISSPELT)):
            raise ModelError(f"{path}: the card's field {name!r} is not known; did you mean {near[0]!r}?")
        else:
            further[name] = value
    for name, item in known.items():
        if name not in given and _default(item) is MISSING:
            raise ModelError(f"{path}: the card's field {name!r} is missing; install the model again.")
    return kind(**given, further=further)


def write_card(folder: Path, card: ModelCard) -> None:
    """Write `folder`/model.json in one step."""
    path = folder / CARD_NAME
    part = path.with_suffix(".part")
    try:
        part.write_text(json.dumps(card.as_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise ModelError(f"{path}: cannot be written ({error.strerror}); check the folder's rights.") from error


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else _digest(path)


def _digest(path: Path) -> str:
    """`hashlib.file_digest` for Python 3.10."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def verify_files(folder: Path, card: ModelCard) -> str | None:
    """What is wrong with the model's files (missing, other sha256), in one line; None if all match the card.

    The card must also name the data files of its graphs.
    """
    for name, expected in card.files.items():
        path = folder / name
        if not is_inside(name):
            return f"{folder / CARD_NAME}: file name {name!r} leaves the model's folder; install the model again."
        if not path.is_file():
            return f"{path}: missing; install the model again."
        if sha256_of(path) != expected:
            return f"{path}: its sha256 is not that of its card: damaged or replaced; install the model again."
    try:
        for name in graph_data(folder, card):
            if name not in card.files:
                return (
                    f"{folder / name}: a data file that the card does not name; add the model again, which does that."
                )
    except ModelError as error:
        return str(error)
    return None


def graph_data(folder: Path, card: ModelCard) -> list[str]:
    """Existing data files of the card's graphs, relative to its folder. Raises ModelError."""
    places = []
    for name in card.files:
        if name.endswith(".onnx") and is_inside(name) and (folder / name).is_file():
            above = PurePosixPath(name).parent
            places += [(above / place).as_posix() for place in data_files(folder / name)]
    return places
