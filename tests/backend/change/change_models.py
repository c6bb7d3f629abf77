"""A change model whose right answer is known, and pairs of rasters to try it on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import rasterio
from onnx import TensorProto, helper, numpy_helper
from rasterio.transform import Affine
from scipy.ndimage import gaussian_filter

from idgbr.models.card import sha256_of
from tests.backend.tiny_models import bright_model

TRANSFORM = Affine(0.5, 0, 500000, 0, -0.5, 5000000)


def difference_model(root: Path) -> Path:
    """Models `change`, sure where the dates differ by more than one deviation, and `bright`; returns `root`."""
    folder = root / "change"
    folder.mkdir(parents=True)
    nodes = [
        helper.make_node("Sub", ["before", "after"], ["difference"]),
        helper.make_node("Abs", ["difference"], ["distance"]),
        helper.make_node("ReduceMean", ["distance", "bands"], ["mean"], keepdims=1),
        helper.make_node("Sub", ["mean", "one"], ["over"]),
        helper.make_node("Mul", ["over", "slope"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["change"]),
    ]
    dates = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 3, "h", "w"]) for n in ("before", "after")]
    out = [helper.make_tensor_value_info("change", TensorProto.FLOAT, [1, 1, "h", "w"])]
    constants = {"bands": np.array([1]), "one": np.float32(1), "slope": np.float32(8)}
    values = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "difference", dates, out, values)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9),
        str(folder / "model.onnx"),
    )
    card = {
        "id": "change", "kind": "change", "version": "1", "title": "Different is changed", "bands": 3,
        "gsd_range_m": [0.1, 2.0], "tile": 192, "halo": 32, "direction_model": "bright", "threshold": 0.5,
        "files": {"model.onnx": sha256_of(folder / "model.onnx")},
    }  # fmt: skip
    (folder / "model.json").write_text(json.dumps(card))
    return bright_model(root)


def set_card(folder: Path, **fields: object) -> None:
    """Give the card of a model other fields."""
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def ground(height: int, width: int, seed: int = 1) -> np.ndarray:
    """A dark textured image, (3, H, W) uint8."""
    noise = gaussian_filter(np.random.default_rng(seed).standard_normal((height, width)), 1.5)
    level = 70 + 14 * noise / noise.std()
    return np.repeat(np.clip(level, 20, 120)[None], 3, 0).astype(np.uint8)


def write(
    path: Path, image: np.ndarray, transform: Affine = TRANSFORM, crs: str | None = "EPSG:32633",
    nodata: float | None = None,
) -> Path:  # fmt: skip
    """A GeoTIFF of an image (bands, H, W)."""
    bands, height, width = image.shape
    with rasterio.open(
        path, "w", driver="GTiff", height=height, width=width, count=bands, dtype=image.dtype, crs=crs,
        transform=transform, nodata=nodata,
    ) as raster:  # fmt: skip
        raster.write(image)
    return path
