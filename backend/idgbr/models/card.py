"""The model card `model.json`: what a model is, the raster it needs, and its measured accuracy."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from idgbr.classes import ClassInfo, classes_from_json
from idgbr.errors import InputError, ModelError
from idgbr.models.external_data import data_files, is_inside

#: Widest half of a ramp, in px; the halo beyond it is context. Results of tiles differ more, the nearer a pixel is to
#: the tile's edge, so a halo is better used for context than for ramps.
RAMP = 16

CARD_NAME = "model.json"
SCALING_KINDS = ("unit", "standardize")


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
class ModelCard:
    """A model's card; `extra` has fields of one kind of model (such as the refiner's margins) or for people."""

    id: str
    kind: str  # "coarse", "refiner", "change" or "backbone"
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
    extra: Mapping[str, Any] = field(default_factory=dict)
    #: Data band of a raster, counted from 1, for each band of the network; empty: the first ones.
    band_map: tuple[int, ...] = ()

    @property
    def band_width(self) -> int:
        """Of a refiner: distance (px) from coarse boundaries within which pixels may change."""
        return int(self.extra.get("band_width", 8))

    @property
    def backbone(self) -> tuple[str, str] | None:
        """Id and sha256 of the backbone whose features a head reads; None for a model that reads the image itself."""
        wanted = self.extra.get("backbone")
        return (str(wanted["id"]), str(wanted["sha256"])) if wanted else None

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
            "accuracy": self.extra.get("accuracy", {}),
        }

    def as_dict(self) -> dict[str, Any]:
        """The content of model.json, as `read_card` reads it."""
        shown = self.summary()
        del shown["accuracy"]  # it is among the rest
        fields = {"tile": self.tile, "halo": self.halo, "files": dict(self.files)}
        return {name: value for name, value in (shown | fields | dict(self.extra)).items() if value != []}


def read_card(folder: Path) -> ModelCard:
    """Read `folder`/model.json. Raises ModelError, which names the file and the wrong field."""
    path = folder / CARD_NAME
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        scaling = data.pop("scaling", {})
        card = ModelCard(
            id=str(data.pop("id")),
            kind=str(data.pop("kind")),
            version=str(data.pop("version")),
            title=str(data.pop("title")),
            classes=tuple(classes_from_json(data.pop("classes", []))),
            bands=int(data.pop("bands")),
            gsd_range_m=(float(data["gsd_range_m"][0]), float(data.pop("gsd_range_m")[1])),
            tile=int(data.pop("tile")),
            halo=int(data.pop("halo")),
            files={str(k): str(v) for k, v in data.pop("files").items()},
            license=str(data.pop("license", "")),
            scaling=Scaling(
                str(scaling.get("kind", "unit")),
                *(tuple(map(float, scaling.get(name, ()))) for name in ("mean", "std", "low", "high")),
            ),
            band_map=tuple(map(int, data.pop("band_map", ()))),
            extra=data,
        )
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); name a folder that holds a model.json."
        ) from error
    except json.JSONDecodeError as error:
        raise ModelError(f"{path}: not valid JSON (line {error.lineno}); install the model again.") from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise ModelError(f"{path}: the card's field {error} is missing or wrong; install the model again.") from error
    if problem := card.problem():
        raise ModelError(f"{path}: {problem}; correct the card with `idgbr models set`.")
    return card


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


def numbers(name: str, text: str) -> tuple[float, ...]:
    """Read "0.4, 0.4, 0.4"; empty for none. Raises InputError, which names the list."""
    try:
        return tuple(float(part) for part in text.replace(",", " ").split())
    except ValueError:
        raise InputError(f"{name}: {text!r} is not a list of numbers, such as 0.4, 0.4, 0.4.") from None


def band_numbers(text: str) -> tuple[int, ...]:
    """Read "4, 2, 1"; empty for the first bands. Raises InputError."""
    found = numbers("bands", text)
    if any(not number.is_integer() for number in found):
        raise InputError(f"bands: {text!r} is not a list of band numbers, such as 4, 2, 1.")
    return tuple(map(int, found))
