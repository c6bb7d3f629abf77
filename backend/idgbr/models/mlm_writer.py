"""Writes a coarse model as a STAC item with the Machine Learning Model extension (MLM).

Version 1.4 of the extension is the newest that pystac 1.15 and stac-model 0.7 both know; items of it are also valid in
form for later versions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from idgbr.classes import ClassInfo
from idgbr.models.card import CARD_NAME, CoarseCard, Scaling, sha256_of
from idgbr.models.mlm_reader import COLOURS, SHA256, machine_name
from idgbr.models.onnx_graph import OnnxGraph

ITEM_NAME = "item.json"
_EXTENSIONS = [
    "https://stac-extensions.github.io/mlm/v1.4.0/schema.json",
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
    "https://stac-extensions.github.io/version/v1.2.0/schema.json",
]
#: Names that the extension allows for a model.
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_.\-\s]+[a-zA-Z0-9]")
#: Beginnings of licence names that are SPDX identifiers once their spaces are dashes.
_SPDX = re.compile(r"(CC0?|MIT|Apache|BSD|A?L?GPL|MPL|EUPL|ODbL|ODC|PDDL|OGL|ISC)\b[\w.+-]*")


def mlm_item(folder: Path, card: CoarseCard, graph: OnnxGraph) -> tuple[dict[str, Any], list[str]]:
    """The STAC item of a model whose files are in a folder, and what it cannot express, a line each."""
    scaling, notes = _value_scaling(card.scaling, card.bands)
    wanted, there = _bands(card)
    license_id, license_note = _license(card.license)
    about = [str(card.further.get("about", "")), license_note, *(f"{note[0].upper()}{note[1:]}." for note in notes)]
    side = card.tile if graph.tile else -1
    inner = card.tile - 2 * graph.margin if graph.tile else -1
    tasks = ["semantic-segmentation"]
    properties: dict[str, Any] = {
        "datetime": datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "title": card.title,
        "description": " ".join(filter(None, about)) or card.title,
        "version": card.version,
        "license": license_id,
        "gsd": card.gsd_range_m[0],
        "mlm:name": card.id if _NAME.fullmatch(card.id) else f"model-{card.id}-1",
        "mlm:architecture": str(card.further.get("architecture", "neural network")),
        "mlm:tasks": tasks,
        "mlm:framework": "ONNX",
        "mlm:input": [
            {
                "name": "image",
                "bands": wanted,
                "input": _structure(graph, card.bands, side, "bands", "float32"),
                "value_scaling": scaling,
                "resize_type": None,
                "pre_processing_function": None,
            }
        ],
        "mlm:output": [
            {
                "name": graph.outputs[0],
                "tasks": tasks,
                "result": _structure(graph, graph.channels or len(card.classes), inner, "class", "float32"),
                "classification:classes": [_class(each) for each in card.classes],
                "post_processing_function": None,
            }
        ],
    }  # fmt: skip
    if card.threshold:
        properties["mlm:hyperparameters"] = {"inference.confidence_threshold": card.threshold}
    item = {
        "type": "Feature", "stac_version": "1.1.0", "stac_extensions": _EXTENSIONS, "id": card.id,
        "geometry": {"type": "Polygon", "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]},
        "bbox": [-180, -90, 180, 90], "properties": properties, "assets": _assets(folder, card, there), "links": [],
    }  # fmt: skip
    return item, notes


def _class(info: ClassInfo) -> dict[str, Any]:
    """A class object; the name for people is its description, as stac-model refuses a title."""
    color = "".join(f"{part:02X}" for part in info.color)
    return {
        "value": info.id, "name": machine_name(info.name, info.id), "description": info.name, "color_hint": color,
    }  # fmt: skip


def _structure(graph: OnnxGraph, channels: int, side: int, channel: str, kind: str) -> dict[str, Any]:
    """Shape and order of dimensions of an input or output; -1 for any size."""
    sizes = {"batch": graph.batch, channel: channels, "height": side, "width": side}
    order = ["batch", "height", "width", channel] if graph.channels_last else list(sizes)
    return {"shape": [sizes[name] for name in order], "dim_order": order, "data_type": kind}


def _value_scaling(scaling: Scaling, bands: int) -> tuple[list[dict[str, Any]], list[str]]:
    """One object a band on the values as they are, and what it cannot express."""
    notes = []
    if not scaling.low:
        notes.append("value_scaling is that of 8-bit values; other types are scaled by percentiles of the area")
    low, high = scaling.low or (0.0,) * bands, scaling.high or (255.0,) * bands
    if scaling.kind == "unit":
        return [{"type": "min-max", "minimum": a, "maximum": b} for a, b in zip(low, high, strict=True)], notes
    rows = zip(low, high, scaling.mean, scaling.std, strict=True)
    return [{"type": "z-score", "mean": a + m * (b - a), "stddev": s * (b - a)} for a, b, m, s in rows], notes


def _bands(card: CoarseCard) -> tuple[Sequence[str], Sequence[str]]:
    """Names of the bands of the network, and of those of a raster that it reads, in order."""
    if not card.band_map and card.bands == len(COLOURS):
        return list(COLOURS), list(COLOURS)
    there = [f"band {band}" for band in range(1, max(card.band_map or (card.bands,)) + 1)]
    return [there[band - 1] for band in card.band_map] or there, there


def _license(text: str) -> tuple[str, str]:
    """An SPDX identifier, or "other" with the text."""
    short = text.split("(", maxsplit=1)[0].strip().replace(" ", "-")
    if _SPDX.fullmatch(short):
        return short, f"Licence: {text}." if "(" in text else ""
    return "other", f"Licence: {text}." if text else ""


def _assets(folder: Path, card: CoarseCard, bands: Sequence[str]) -> Mapping[str, Any]:
    # The extension also takes `bands` of the item itself, but STAC 1.1 allows them in assets only.
    described = [{"name": name, "spatial_resolution": card.gsd_range_m[0]} for name in bands]
    assets: dict[str, Any] = {}
    for name in card.files:
        path = folder / name
        model = name.endswith(".onnx")
        assets["model" if model else name] = {
            "href": f"./{name}",
            "title": "ONNX graph" if model else "Data of the ONNX graph",
            "type": "application/octet-stream; framework=onnx" if model else "application/octet-stream",
            "roles": ["mlm:model", "mlm:compiled"] if model else ["mlm:weights"],
            **({"mlm:artifact_type": "onnx", "raster:bands": described} if model else {}),
            "file:size": path.stat().st_size,
            "file:checksum": SHA256 + sha256_of(path),
        }
    assets["card"] = {
        "href": f"./{CARD_NAME}", "title": "Model card of IDGBR", "type": "application/json", "roles": ["metadata"],
    }  # fmt: skip
    return assets
