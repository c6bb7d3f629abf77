"""The model card `model.json`: what a model is, what it needs of a raster, and how good it was measured to be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from idgbr.classes import ClassInfo, classes_from_json
from idgbr.errors import ModelError

CARD_NAME = "model.json"


@dataclass(frozen=True)
class Scaling:
    """How pixel values become the network's input.

    `kind` is "unit" (8-bit values over 255, other types by robust percentiles of the area to 0…1) or "standardize"
    (the same, then minus `mean`, over `std`, one number a band).
    """

    kind: str = "unit"
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()


@dataclass(frozen=True)
class ModelCard:
    """A model's card; `extra` holds what only one kind of model needs (the refiner's gate) or what people read."""

    id: str
    kind: str  # "coarse" or "refiner"
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

    def summary(self) -> dict[str, Any]:
        """The part of the card that clients show in lists."""
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
        }


def read_card(folder: Path) -> ModelCard:
    """Read `folder`/model.json. Raises ModelError naming the file and the field that is wrong."""
    path = folder / CARD_NAME
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        scaling = data.pop("scaling", {})
        return ModelCard(
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
                str(scaling.get("kind", "unit")), tuple(scaling.get("mean", ())), tuple(scaling.get("std", ()))
            ),
            extra=data,
        )
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); name a folder that holds a model.json."
        ) from error
    except json.JSONDecodeError as error:
        raise ModelError(f"{path}: not valid JSON (line {error.lineno}); install the model again.") from error
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ModelError(f"{path}: the card's field {error} is missing or wrong; install the model again.") from error


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
    """What is wrong with the model's files (missing, other sha256), in one line; None if all are as the card says."""
    for name, expected in card.files.items():
        path = folder / name
        if Path(name).name != name:
            return f"{folder / CARD_NAME}: file name {name!r} leaves the model's folder; install the model again."
        if not path.is_file():
            return f"{path}: missing; install the model again."
        if sha256_of(path) != expected:
            return f"{path}: its sha256 is not that of its card: damaged or replaced; install the model again."
    return None
