"""ONNX graphs of quick models: the features of an image at several strides, and the head that reads them.

A head is a network on the features of each pixel. Its first layer is linear, so it is applied at the stride of each
feature and the results are enlarged and added; the result is that of a layer on all features at stride 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, compose, helper, numpy_helper
from onnx.utils import Extractor

from idgbr.arrays import Array, Mask
from idgbr.models.coarse import IMAGE, OBJECT_OUTPUTS

SCORES, CONTACT = OBJECT_OUTPUTS
#: Strides of the features, and the names of the backbone's outputs there.
STRIDES = (2, 4, 8, 16)
BACKBONE_OUTPUTS = tuple(f"features{stride}" for stride in STRIDES)
#: Up to this number of bands, the ratios of all pairs are features; beyond, those of neighbours.
_ALL_PAIRS = 6
#: Keeps ratios of dark bands finite and calm; bands are scaled to 0…1.
_DARK = 0.05
_OPSET, _IR = 18, 9


@dataclass(frozen=True)
class Layout:
    """The channels of a head's features: bands of the image, and channels of the backbone at each stride."""

    bands: int
    backbone: tuple[int, ...]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The bands whose ratios are features."""
        pairs = list(combinations(range(self.bands), 2))
        return pairs if self.bands <= _ALL_PAIRS else [(a, b) for a, b in pairs if b - a == 1]

    @property
    def channels(self) -> list[int]:
        """Number of features at each stride: those of the backbone, mean and deviation of each band, ratios at 2."""
        own = [2 * self.bands + count for count in self.backbone]
        return [own[0] + len(self.pairs), *own[1:]]

    @property
    def groups(self) -> tuple[Mask, ...]:
        """The features, finest stride first, that are read together, (C,) each.

        They are colour (means of bands and ratios at stride 2), colour and texture, and those of the backbone at
        strides 2 and 4, and at 8 and 16.
        """
        parts = [np.arange(whole) >= deep for whole, deep in zip(self.channels, self.backbone, strict=True)]
        own = np.concatenate(parts)
        fine = np.arange(own.size) < sum(self.channels[:2])
        colour = own & (np.arange(own.size) < self.channels[0])
        spread = self.backbone[0] + self.bands
        colour[spread : spread + self.bands] = False
        return colour, own, ~own & fine, ~own & ~fine


@dataclass(frozen=True)
class Head:
    """A network with one hidden layer on standardized features.

    `mean` and `deviation` of each feature (C,), finest stride first, weights (C, hidden) and (hidden, K), biases.
    """

    mean: Array
    deviation: Array
    first: Array
    first_bias: Array
    second: Array
    second_bias: Array


def save_features(path: Path, layout: Layout) -> None:
    """Write the graph that gives `near`, the features at stride 2, and `far`, the others at stride 4, enlarged."""
    graph = _Graph()
    own = graph.features(layout)
    far = own[-1]
    for number in (-2, -3):
        far = graph.node("Concat", [own[number], graph.twice(far)], axis=1)
    graph.node("Identity", [own[0]], "near")
    graph.node("Identity", [far], "far")
    channels = layout.channels
    graph.save(path, layout, {"near": (channels[0], 2), "far": (sum(channels[1:]), 4)})


def save_head(path: Path, layout: Layout, head: Head, contact: Path | None = None) -> None:
    """Write the graph of a head; its output `scores` are probabilities (1, K, H, W).

    `contact` is the head of another model on the same backbone, whose output of that name it gets.
    """
    graph = _Graph()
    ends = np.cumsum(layout.channels)[:-1]
    means, deviations, weights = (np.split(part, ends) for part in (head.mean, head.deviation, head.first))
    hidden = ""
    for number, features in reversed(list(enumerate(graph.features(layout)))):
        # Standardized before the layer, because some processors multiply with three digits only.
        inputs = graph.standardized(features, means[number], deviations[number])
        near = graph.layer(inputs, weights[number], None if number else head.first_bias)
        hidden = graph.node("Add", [near, graph.twice(hidden)]) if hidden else near
    logits = graph.layer(graph.node("Tanh", [hidden]), head.second, head.second_bias)
    graph.node("Identity", [graph.twice(graph.node("Softmax", [logits], axis=1))], SCORES)
    outputs = {SCORES: (head.second.shape[1], 1)}
    if contact is not None:
        graph.add(contact, CONTACT)
        outputs[CONTACT] = (1, 1)
    graph.save(path, layout, outputs)


class _Graph:
    """A graph under construction; each method adds nodes and returns the name of their result."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def node(self, kind: str, inputs: Sequence[str], name: str = "", **attributes: Any) -> str:
        """Add a node."""
        name = name or f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, values: np.ndarray) -> str:
        """Add an array."""
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(values, name))
        return name

    def add(self, path: Path, output: str) -> None:
        """Add the part of another graph that gives `output` from the same inputs."""
        whole = onnx.load(str(path))
        shared = [entry.name for entry in whole.graph.input]
        part = Extractor(whole).extract_model(shared, [output])
        # All names within it, because they must differ from those of this graph.
        part = compose.add_prefix_graph(
            part.graph, f"{output}/", rename_inputs=False, rename_outputs=False, rename_value_infos=False
        )
        self.nodes.extend(part.node)
        self._constants.extend(part.initializer)

    def layer(self, inputs: str, weights: Array, bias: Array | None = None) -> str:
        """A linear layer on the channels of each pixel."""
        kernel = np.ascontiguousarray(weights.T, np.float32)[:, :, None, None]
        given = [inputs, self.constant(kernel)]
        if bias is not None:
            given.append(self.constant(bias.astype(np.float32)))
        return self.node("Conv", given, kernel_shape=[1, 1])

    def standardized(self, inputs: str, mean: Array, deviation: Array) -> str:
        """Each channel minus its mean, over its deviation."""
        centred = self.node("Sub", [inputs, self.constant(mean.astype(np.float32)[:, None, None])])
        return self.node("Mul", [centred, self.constant((1 / deviation).astype(np.float32)[:, None, None])])

    def twice(self, inputs: str) -> str:
        """Enlarge to twice the size."""
        scales = self.constant(np.array([1, 1, 2, 2], np.float32))
        return self.node(
            "Resize", [inputs, "", scales], mode="linear", coordinate_transformation_mode="half_pixel"
        )  # fmt: skip

    def halved(self, inputs: str) -> str:
        """Average 2 × 2 pixels."""
        return self.node("AveragePool", [inputs], kernel_shape=[2, 2], strides=[2, 2])

    def smoothed(self, inputs: str) -> str:
        """Average 3 × 3 pixels around each."""
        return self.node("AveragePool", [inputs], kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1])

    def features(self, layout: Layout) -> list[str]:
        """All features at each stride: of the backbone, means and deviations of the bands, at stride 2 ratios."""
        mean, square = IMAGE, self.node("Mul", [IMAGE, IMAGE])
        floor = self.constant(np.array(1e-6, np.float32))
        found = []
        for number, backbone in enumerate(BACKBONE_OUTPUTS):
            mean, square = self.halved(mean), self.halved(square)
            around = self.smoothed(mean)
            variance = self.node("Sub", [self.smoothed(square), self.node("Mul", [around, around])])
            spread = self.node("Sqrt", [self.node("Max", [variance, floor])])
            parts = [backbone, mean if number == 0 else around, spread]
            if number == 0 and layout.pairs:
                parts.append(self._ratios(mean, layout))
            found.append(self.node("Concat", parts, axis=1))
        return found

    def _ratios(self, bands: str, layout: Layout) -> str:
        """Difference over sum of pairs of bands, as in vegetation indices."""
        one, other = (
            self.node("Gather", [bands, self.constant(np.array(chosen, np.int64))], axis=1)
            for chosen in zip(*layout.pairs, strict=True)
        )
        total = self.node("Add", [self.node("Add", [one, other]), self.constant(np.array(_DARK, np.float32))])
        return self.node("Div", [self.node("Sub", [one, other]), total])

    def save(self, path: Path, layout: Layout, outputs: dict[str, tuple[int, int]]) -> None:
        """Write the graph with its inputs, the image and the backbone's features; `outputs` give channels, stride."""

        def info(name: str, channels: int, stride: int) -> onnx.ValueInfoProto:
            return helper.make_tensor_value_info(
                name, TensorProto.FLOAT, [1, channels, f"height{stride}", f"width{stride}"]
            )

        inputs = [info(IMAGE, layout.bands, 1)]
        inputs += map(info, BACKBONE_OUTPUTS, layout.backbone, STRIDES)
        graph = helper.make_graph(
            self.nodes, "quick", inputs, [info(name, *shape) for name, shape in outputs.items()], self._constants
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
        onnx.checker.check_model(model)
        onnx.save(model, str(path))
