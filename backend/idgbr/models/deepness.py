"""Reads ONNX files that carry the metadata keys of the Deepness model zoo as coarse models, as they are."""

from __future__ import annotations

import colorsys
import json
from pathlib import Path

import onnxruntime as ort

from idgbr.classes import ClassInfo
from idgbr.errors import ModelError, PixelSizeError
from idgbr.models.card import ModelCard, Scaling, sha256_of


def deepness_card(path: Path, gsd_m: float = 0.0) -> ModelCard:
    """Card of a Deepness segmentation model; `gsd_m` stands for a resolution that its metadata leave out.

    Raises ModelError if the file is not one.
    """
    try:
        session = ort.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises many types of its own
        raise ModelError(f"{path}: not a readable ONNX model ({str(error).splitlines()[0][:120]}).") from error
    metadata = session.get_modelmeta().custom_metadata_map

    def item(key: str, default: object) -> object:
        return json.loads(metadata[key]) if key in metadata else default

    model_type = str(metadata.get("model_type", '"Segmentor"')).strip('"')
    if model_type.lower() != "segmentor":
        raise ModelError(f"{path}: its model_type is {model_type}, only Segmentor models give a coarse segmentation.")
    if "resolution" not in metadata and gsd_m <= 0:
        raise PixelSizeError(
            f"{path}: the ONNX metadata has no 'resolution' (cm per pixel); give a folder with a model.json, or add "
            "the file to your models and say its pixel size (idgbr models add --gsd METRES)."
        )
    shape = session.get_inputs()[0].shape
    bands = shape[1] if isinstance(shape[1], int) else 3
    tile = int(shape[2]) if isinstance(shape[2], int) else int(str(item("tiles_size", 512)))
    outputs = session.get_outputs()[0].shape[1]
    outputs = outputs if isinstance(outputs, int) else 1
    names = item("class_names", {})
    names = {int(k): str(v) for k, v in names.items()} if isinstance(names, dict) else {}
    count = max(outputs, 2)
    classes = tuple(
        ClassInfo(i, names.get(i, "background" if i == 0 else f"class {i}"), _color(i, count), background=i == 0)
        for i in range(count)
    )
    overlap = float(str(item("tiles_overlap", 15)))
    gsd = gsd_m or float(str(item("resolution", 0))) / 100.0
    mean, std = item("standardization_mean", []), item("standardization_std", [])
    scaling = Scaling("standardize", tuple(mean), tuple(std)) if mean and std else Scaling()  # type: ignore[arg-type]
    card = ModelCard(
        id=path.stem, kind="coarse", version="1", title=path.stem, classes=classes, bands=bands,
        gsd_range_m=(gsd, gsd), tile=tile, halo=max(8, int(tile * overlap / 200)), files={path.name: sha256_of(path)},
        scaling=scaling, extra={"activation": "sigmoid" if outputs == 1 else "auto"},
    )  # fmt: skip
    if problem := card.problem():
        raise ModelError(f"{path}: {problem}; correct its metadata.")
    return card


def _color(index: int, count: int) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(index / count, 0.6, 0.85)
    return round(red * 255), round(green * 255), round(blue * 255)
