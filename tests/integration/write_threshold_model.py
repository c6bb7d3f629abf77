"""Writes an ONNX model that calls bright pixels bright; run by the backend's Python, which has onnx."""

from __future__ import annotations

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TILE = 128


def threshold_model() -> onnx.ModelProto:
    """Scores of "background" and "bright": a 1 × 1 convolution that holds the mean of three bands against a half."""
    slope = 20.0
    weight = np.stack([np.full((3, 1, 1), -slope / 3), np.full((3, 1, 1), slope / 3)]).astype(np.float32)
    bias = np.array([slope / 2, -slope / 2], np.float32)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["image", "weight", "bias"], ["scores"])],
        "threshold",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, TILE, TILE])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 2, TILE, TILE])],
        [numpy_helper.from_array(weight, "weight"), numpy_helper.from_array(bias, "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    helper.set_model_props(
        model,
        {
            "model_type": '"Segmentor"',
            "class_names": '{"0": "background", "1": "bright"}',
            "resolution": "50",
            "tiles_size": str(TILE),
            "tiles_overlap": "15",
        },
    )
    return model


if __name__ == "__main__":
    onnx.save(threshold_model(), sys.argv[1])
