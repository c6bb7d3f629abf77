"""Reads ONNX files with the metadata keys of the Deepness model zoo as coarse models, without conversion."""

from __future__ import annotations

import ast
import colorsys
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnxruntime as ort

from idgbr.classes import ClassInfo
from idgbr.errors import ModelError, PixelSizeError, first_line
from idgbr.models.card import CoarseCard, Scaling, sha256_of
from idgbr.models.external_data import data_files

#: More channels than this are rows of an image, not bands or classes.
_MOST_CHANNELS = 64
#: Names of a class without polygons, besides names that contain "background" or begin with "not" or "no".
_NO_CLASS = {"bg", "none", "void", "unlabeled", "unlabelled", "nodata"}


@dataclass(frozen=True)
class _Graph:
    """Input and output of a graph: tiles of `tile` px (0: any) with `bands`, and scores of `channels` classes.

    `tile` and `margin`, by which the result is smaller on each side, are in px. `labels` says that the result has class
    numbers instead of scores; `batch` is the number of tiles in one call.
    """

    bands: int
    tile: int
    batch: int
    channels_last: bool
    channels: int | None
    margin: int
    labels: bool
    outputs: tuple[str, ...]


def deepness_card(path: Path, gsd_m: float = 0.0) -> CoarseCard:
    """Card of a Deepness segmentation model; `gsd_m` replaces a missing resolution in its metadata.

    Its files are the graph and its data files. Raises ModelError if the file is not such a model.
    """
    names = [path.name, *data_files(path)]
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    try:
        session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises many types of its own
        raise ModelError(f"{path}: not a readable ONNX model ({first_line(error)[:120]}).") from error
    metadata = _Metadata(path, session.get_modelmeta().custom_metadata_map)
    if (model_type := metadata.text("model_type", "Segmentor")).lower() != "segmentor":
        raise ModelError(f"{path}: its model_type is {model_type}, only Segmentor models give a coarse segmentation.")
    graph = _graph(path, session)
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
    classes = _classes(path, graph, metadata.class_names())
    card = CoarseCard(
        id=path.stem, version="1", title=path.stem, classes=classes,
        bands=graph.bands, gsd_range_m=(gsd, gsd), tile=tile,
        halo=max(min(8, tile // 4), int(tile * overlap / 200), 2 * graph.margin),
        files={name: sha256_of(path.parent / name) for name in names},
        scaling=Scaling("standardize", mean, std) if mean and std else Scaling(), **_reading(graph, threshold),
    )  # fmt: skip
    if problem := card.problem():
        raise ModelError(f"{path}: {problem}; correct its metadata.")
    return card


class _Metadata:
    """The metadata of an ONNX file; values are JSON, or Python literals from some exporters."""

    def __init__(self, path: Path, items: Mapping[str, str]) -> None:
        self._path, self._items = path, items

    def text(self, key: str, default: str) -> str:
        """A text, with or without quotes."""
        return self._items.get(key, default).strip("\"' ")

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


def _graph(path: Path, session: ort.InferenceSession) -> _Graph:
    """Input and output of a graph. Raises ModelError if they are not an image and classes of its pixels."""
    inputs, outputs = session.get_inputs(), session.get_outputs()
    given, made = inputs[0].shape, outputs[0].shape
    if len(inputs) != 1 or len(given) != 4 or inputs[0].type != "tensor(float)":
        shapes = ", ".join(f"{item.type} {_shown(item.shape)}" for item in inputs)
        raise ModelError(
            f"{path}: takes {shapes}; only models that take one image, tensor(float) (1, bands, height, width), can be "
            "used."
        )
    channels_last = _is_few(given[3]) and (not _is_few(given[1]) or given[1] == given[2] > given[3])
    bands, *sides = [given[3], *given[1:3]] if channels_last else given[1:]
    height, width = (side if isinstance(side, int) else 0 for side in sides)
    if height and width and height != width:
        raise ModelError(
            f"{path}: takes tiles of {height} × {width} px; only models that take square tiles can be used."
        )
    tile = height or width
    if len(made) not in (3, 4):
        raise ModelError(
            f"{path}: gives values of shape {_shown(made)}, no classes of pixels (1, classes, height, width)."
        )
    channels, *sides = [1, *made[1:]] if len(made) == 3 else [made[3], *made[1:3]] if channels_last else made[1:]
    margin = 0
    for side in sides:
        if tile and isinstance(side, int):
            margin = tile - side
            if margin < 0 or margin % 2 or margin >= tile // 2:
                raise ModelError(
                    f"{path}: gives {side} px for a tile of {tile} px; only models whose result has the pixels of the "
                    "image can be used."
                )
    return _Graph(
        bands=bands if isinstance(bands, int) else 3, tile=tile, batch=given[0] if isinstance(given[0], int) else 1,
        channels_last=channels_last, channels=channels if isinstance(channels, int) else None, margin=margin // 2,
        labels="float" not in outputs[0].type and "double" not in outputs[0].type,
        outputs=tuple(output.name for output in outputs),
    )  # fmt: skip


def _classes(path: Path, graph: _Graph, names: Mapping[int, str]) -> tuple[ClassInfo, ...]:
    """The classes of a graph's channels; a single channel separates one class from the background."""
    if graph.labels:
        if not names:
            raise ModelError(f"{path}: gives class numbers, but its metadata have no 'class_names'; add them.")
        count = max(names) + 1
    else:
        channels = graph.channels or len(names) or 1
        if channels == 1 and len(names) == 1:
            names = {1: next(iter(names.values()))}
        count = max(channels, 2)
    if names and not 0 <= min(names) <= max(names) < count <= 255:
        raise ModelError(
            f"{path}: its class_names number the classes {min(names)} to {max(names)}, but it gives {count} of them; "
            "correct its metadata."
        )
    return tuple(
        ClassInfo(
            i, names.get(i, "background" if i == 0 else f"class {i}"), _color(i, count),
            background=i == 0 and _is_background(names.get(0, "background")),
        )
        for i in range(count)
    )  # fmt: skip


def _reading(graph: _Graph, threshold: float) -> dict[str, Any]:
    """Settings of the coarse model for the graph, beyond those of all models."""
    activation = "labels" if graph.labels else "sigmoid" if graph.channels == 1 else "auto"
    fields: dict[str, Any] = {"activation": activation}
    if graph.channels_last:
        fields["channels_last"] = True
    if graph.batch > 1:
        fields["batch"] = graph.batch
    if threshold and not graph.labels:
        fields["threshold"] = threshold
    if len(graph.outputs) > 1:
        first, *others = graph.outputs
        fields["note"] = f"has {len(graph.outputs)} outputs: {first!r} is used, {', '.join(map(repr, others))} left out"
    return fields


def _is_few(channels: object) -> bool:
    return isinstance(channels, int) and channels <= _MOST_CHANNELS


def _is_background(name: str) -> bool:
    plain = name.strip(" _").lower()
    return "background" in plain or plain in _NO_CLASS or plain.replace("-", "_").split("_")[0] in ("not", "no", "non")


def _shown(shape: Sequence[object]) -> str:
    return f"({', '.join(str(side if side is not None else '?') for side in shape)})"


def _color(index: int, count: int) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(index / count, 0.6, 0.85)
    return round(red * 255), round(green * 255), round(blue * 255)
