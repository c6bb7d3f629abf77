"""Exports a model for other tools: a folder or zip with its card, a STAC item and the metadata of Deepness."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from idgbr.errors import ModelError, ModelExistsError
from idgbr.models.card import CoarseCard, ModelCard, Scaling, sha256_of, write_card
from idgbr.models.manage import TEXTS
from idgbr.models.mlm_writer import ITEM_NAME, mlm_item
from idgbr.models.onnx_graph import OnnxGraph, read_graph
from idgbr.models.registry import known_model, read_entry
from idgbr.monitor import Monitor

#: Scaling of values from 0 to 255 to 0…1, which is that of Deepness.
_BYTES = (0.0, 255.0)


def export_model(model_id: str, target: Path, *, replace_zip: bool = False, monitor: Monitor | None = None) -> Path:
    """Write a model to a new folder, or to a .zip; returns its path. `replace_zip` allows an existing .zip.

    Both hold card and files. A coarse model that reads an image also gets a STAC item with the Machine Learning Model
    extension and, in its ONNX file, the metadata of Deepness. Raises ModelError.
    """
    monitor = monitor or Monitor()
    entry = read_entry(known_model(model_id).folder)
    if entry.problem or entry.card is None:
        raise ModelError(entry.problem or f"{entry.folder}: unreadable model.")
    if target.exists() and not (replace_zip and target.is_file()):
        raise ModelExistsError(f"{target}: exists already; give another name.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".exporting-", dir=target.parent) as work:
            made = Path(work, "model")
            _write(entry.folder, entry.card, made, monitor)
            if target.suffix.lower() == ".zip":
                made = _zipped(made, Path(work, "model.zip"), monitor)
            made.replace(target)
    except OSError as error:
        raise ModelError(f"{target}: cannot be written ({error.strerror or error}).") from error
    return target


def _write(source: Path, card: ModelCard, target: Path, monitor: Monitor) -> None:
    for name in [*card.files, *(text for text in TEXTS if (source / text).is_file())]:
        monitor.check()
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
    graph, why = _image_graph(target, card)
    if graph is None or not isinstance(card, CoarseCard):
        monitor.info(f"{card.id}: {why}, so it is exported for IDGBR only, without a STAC item.")
        write_card(target, card)
        return
    (name,) = (name for name in card.files if name.endswith(".onnx"))
    if problem := _no_deepness(card):
        monitor.info(f"{card.id}: its {problem} cannot be given in the metadata of Deepness, which are left out.")
    else:
        _append_metadata(target / name, {k: v for k, v in _deepness(card).items() if k not in graph.metadata})
        card = replace(card, files={**card.files, name: sha256_of(target / name)})
    item, notes = mlm_item(target, card, graph)
    (target / ITEM_NAME).write_text(json.dumps(item, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_card(target, card)
    for note in notes:
        monitor.info(f"{card.id}: in the STAC item, {note}.")


def _image_graph(folder: Path, card: ModelCard) -> tuple[OnnxGraph | None, str]:
    """The only graph of a model, if other tools can run it on an image; else why not."""
    if not isinstance(card, CoarseCard):
        return None, f"is of kind {card.kind}"
    if card.backbone:
        return None, "reads the features of a backbone"
    try:
        (graph,) = (read_graph(folder / name) for name in card.files if name.endswith(".onnx"))
    except (ModelError, ValueError):
        return None, "is not one network that reads an image"
    return graph, ""


def _no_deepness(card: CoarseCard) -> str:
    """The field that the metadata of Deepness cannot express; empty if there is none."""
    low, high = card.scaling.low, card.scaling.high
    if low and set(zip(low, high, strict=True)) != {_BYTES}:
        return "value range"
    return "band map" if card.band_map else ""


def _deepness(card: CoarseCard) -> Mapping[str, str]:
    scaling: Scaling = card.scaling
    values: dict[str, object] = {
        "model_type": "Segmentor",
        "class_names": {str(c.id): c.name for c in card.classes},
        "resolution": round(card.gsd_range_m[0] * 100, 6),
        "tiles_size": card.tile,
        "tiles_overlap": round(200 * card.halo / card.tile, 4),
        **({"seg_thresh": card.threshold} if card.threshold else {}),
        **({"standardization_mean": scaling.mean, "standardization_std": scaling.std} if scaling.mean else {}),
    }
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def _append_metadata(path: Path, items: Mapping[str, str]) -> None:
    """Add texts to an ONNX file: fields of a protobuf message may be appended to its bytes."""
    with path.open("ab") as file:
        for key, value in items.items():
            pair = _field(1, key.encode()) + _field(2, value.encode())
            file.write(_field(14, pair))  # metadata_props of a model


def _field(number: int, data: bytes) -> bytes:
    """A protobuf field with bytes."""
    return bytes([number << 3 | 2]) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def _zipped(folder: Path, path: Path, monitor: Monitor) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            monitor.check()
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
    return path
