"""Reads ONNX files with the metadata keys of the Deepness model zoo as coarse models, without conversion."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from idgbr.errors import ModelError, PixelSizeError
from idgbr.models.card import CoarseCard, Scaling, sha256_of
from idgbr.models.external_data import data_files
from idgbr.models.onnx_graph import read_graph


def deepness_card(path: Path, gsd_m: float = 0.0) -> CoarseCard:
    """Card of a Deepness segmentation model; `gsd_m` replaces a missing resolution in its metadata.

    Its files are the graph and its data files. Raises ModelError if the file is not such a model.
    """
    names = [path.name, *data_files(path)]
    graph = read_graph(path)
    metadata = _Metadata(path, graph.metadata)
    gsd = gsd_m or metadata.number("resolution", 0.0) / 100.0
    if gsd <= 0:
        raise PixelSizeError(
            f"{path}: the ONNX metadata has no 'resolution' (cm per pixel); give a folder with a model.json, or add "
            "the file to your models and give its pixel size (idgbr models add --gsd METRES)."
        )
    tile = graph.tile or round(metadata.number("tile_size", metadata.number("tiles_size", 512)))
    overlap = metadata.number("tiles_overlap", 15)
    threshold = metadata.number("seg_thresh", 0.0)
    if tile < 1 or not 0 <= overlap < 100 or not 0 <= threshold < 1:
        raise ModelError(
            f"{path}: its metadata give tiles of {tile} px, an overlap of {overlap:g} % and a threshold of "
            f"{threshold:g}, which make no sense; correct them."
        )
    mean, std = metadata.numbers("standardization_mean"), metadata.numbers("standardization_std")
    classes = graph.classes(path, metadata.class_names(), "class_names")
    card = CoarseCard(
        id=path.stem, version="1", title=path.stem, classes=classes,
        bands=graph.bands, gsd_range_m=(gsd, gsd), tile=tile,
        halo=max(min(8, tile // 4), int(tile * overlap / 200), 2 * graph.margin),
        files={name: sha256_of(path.parent / name) for name in names},
        scaling=Scaling("standardize", mean, std) if mean and std else Scaling(), **graph.reading(threshold),
    )  # fmt: skip
    if problem := card.problem():
        raise ModelError(f"{path}: {problem}; correct its metadata.")
    return card


class _Metadata:
    """The metadata of an ONNX file; values are JSON, or Python literals from some exporters."""

    def __init__(self, path: Path, items: Mapping[str, str]) -> None:
        self._path, self._items = path, items

    def number(self, key: str, default: float) -> float:
        """A number."""
        return self._float(key, self._value(key, default))

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of numbers; empty for none."""
        value = self._value(key, [])
        return tuple(self._float(key, item) for item in (value if isinstance(value, list | tuple) else [value]))

    def class_names(self) -> dict[int, str]:
        """Class names by number; of a model with several outputs, those of the first."""
        key = "class_names" if "class_names" in self._items else "names"
        value = self._value(key, {})
        if isinstance(value, list | tuple) and value and all(isinstance(item, dict) for item in value):
            value = value[0]
        if isinstance(value, list | tuple):
            value = dict(enumerate(value))
        try:
            return {int(number): str(name) for number, name in value.items()}
        except (AttributeError, TypeError, ValueError):
            raise self._wrong(key, "which does not name classes by their numbers") from None

    def _value(self, key: str, default: Any) -> Any:
        text = self._items.get(key)
        if text is None:
            return default
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            pass
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text

    def _float(self, key: str, value: Any) -> float:
        try:
            return float(value)
        except (TypeError, ValueError):
            raise self._wrong(key, "which is no number") from None

    def _wrong(self, key: str, why: str) -> ModelError:
        return ModelError(f"{self._path}: its metadata {key!r} is {self._items[key][:80]!r}, {why}; correct it.")
