"""What an ONNX graph takes and gives: whether it maps an image to classes of its pixels, and how it has to be read."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from idgbr.classes import ClassInfo
from idgbr.errors import ModelError, first_line

#: More channels than this are rows of an image, not bands or classes.
_MOST_CHANNELS = 64
#: Names of a class without polygons, besides names that contain "background" or begin with "not" or "no".
_NO_CLASS = {"bg", "none", "void", "unlabeled", "unlabelled", "nodata"}

Color = tuple[int, int, int]


@dataclass(frozen=True)
class OnnxGraph:
    """Input and output of a graph: tiles of `tile` px (0: any) with `bands`, and scores of `channels` classes.

    `tile` and `margin`, by which the result is smaller on each side, are in px. `labels` says that the result has class
    numbers instead of scores; `batch` is the number of tiles in one call. `metadata` are texts in the file.
    """

    bands: int
    tile: int
    batch: int
    channels_last: bool
    channels: int | None
    margin: int
    labels: bool
    outputs: tuple[str, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)

    def reading(self, threshold: float = 0.0) -> dict[str, Any]:
        """Fields of a coarse model's card that say how to read this graph, beyond those of all models."""
        activation = "labels" if self.labels else "sigmoid" if self.channels == 1 else "auto"
        fields: dict[str, Any] = {"activation": activation}
        if self.channels_last:
            fields["channels_last"] = True
        if self.batch > 1:
            fields["batch"] = self.batch
        if threshold and not self.labels:
            fields["threshold"] = threshold
        if len(self.outputs) > 1:
            first, *others = self.outputs
            listed = ", ".join(map(repr, others))
            fields["note"] = f"has {len(self.outputs)} outputs: {first!r} is used, {listed} left out"
        return fields

    def classes(
        self, path: Path, names: Mapping[int, str], key: str, colors: Mapping[int, Color] | None = None
    ) -> tuple[ClassInfo, ...]:
        """The classes of the channels, with names and colours by number; one channel splits a class from background.

        `key` is the field of the names in the metadata of `path`. Raises ModelError if names and channels disagree.
        """
        colors = colors or {}
        if self.labels:
            if not names:
                raise ModelError(f"{path}: gives class numbers, but its metadata have no {key!r}; add them.")
            count = max(names) + 1
        else:
            channels = self.channels or len(names) or 1
            if channels == 1 and len(names) == 1:
                names = {1: next(iter(names.values()))}
                colors = {1: next(iter(colors.values()))} if colors else {}
            count = max(channels, 2)
        if names and not 0 <= min(names) <= max(names) < count <= 255:
            raise ModelError(
                f"{path}: its {key} number the classes {min(names)} to {max(names)}, but it gives {count} of them; "
                "correct its metadata."
            )
        return tuple(
            ClassInfo(
                i, names.get(i, "background" if i == 0 else f"class {i}"), colors.get(i, _color(i, count)),
                background=i == 0 and _is_background(names.get(0, "background")),
            )
            for i in range(count)
        )  # fmt: skip


def read_graph(path: Path) -> OnnxGraph:
    """Input, output and metadata of a graph. Raises ModelError if they are not an image and classes of its pixels."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    try:
        session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises many types of its own
        raise ModelError(f"{path}: not a readable ONNX model ({first_line(error)[:120]}).") from error
    metadata = session.get_modelmeta().custom_metadata_map
    model_type = metadata.get("model_type", "Segmentor").strip("\"' ")
    if model_type.lower() != "segmentor":
        raise ModelError(f"{path}: its model_type is {model_type}, only Segmentor models give a coarse segmentation.")
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
    return OnnxGraph(
        bands=bands if isinstance(bands, int) else 3, tile=tile, batch=given[0] if isinstance(given[0], int) else 1,
        channels_last=channels_last, channels=channels if isinstance(channels, int) else None, margin=margin // 2,
        labels="float" not in outputs[0].type and "double" not in outputs[0].type,
        outputs=tuple(output.name for output in outputs), metadata=metadata,
    )  # fmt: skip


def _is_few(channels: object) -> bool:
    return isinstance(channels, int) and channels <= _MOST_CHANNELS


def _is_background(name: str) -> bool:
    plain = name.strip(" _").lower()
    return "background" in plain or plain in _NO_CLASS or plain.replace("-", "_").split("_")[0] in ("not", "no", "non")


def _shown(shape: Sequence[object]) -> str:
    return f"({', '.join(str(side if side is not None else '?') for side in shape)})"


def _color(index: int, count: int) -> Color:
    red, green, blue = colorsys.hsv_to_rgb(index / count, 0.6, 0.85)
    return round(red * 255), round(green * 255), round(blue * 255)
