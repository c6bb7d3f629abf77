"""ONNX nodes that OpenVINO (2026.4) reads without an error, but computes otherwise than the standard says."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onnx import FunctionProto, GraphProto, NodeProto

#: Attributes that lead to the gaps. A file without their names needs no closer look.
_TELLING = (b"antialias", b"exclude_outside", b"keep_aspect_ratio_policy", b"ceil_mode")


def openvino_gap(path: Path) -> str | None:
    """The first node of an ONNX file that OpenVINO computes wrongly, as "Resize with antialias"; None if there is none.

    A file that cannot be read has none: the engine says what is wrong with it.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if all(content.find(name) < 0 for name in _TELLING):
                return None
    except (OSError, ValueError):  # an empty file cannot be mapped
        return None
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    try:
        model = onnx.load(str(path), load_external_data=False)
    except (OSError, DecodeError):
        return None
    for part in (model.graph, *model.functions):
        for node in _nodes(part):
            if gap := _gap(node):
                return gap
    return None


def _nodes(part: GraphProto | FunctionProto) -> Iterator[NodeProto]:
    """The nodes of a graph or function, and those in the branches of its conditions and loops."""
    for node in part.node:
        yield node
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                yield from _nodes(inner)


def _gap(node: NodeProto) -> str | None:
    from onnx.helper import get_attribute_value

    given: dict[str, Any] = {attribute.name: get_attribute_value(attribute) for attribute in node.attribute}
    name = node.op_type
    if name == "Resize":  # these attributes are dropped
        for switch in ("antialias", "exclude_outside"):
            if given.get(switch, 0):
                return f"{name} with {switch}"
        if given.get("keep_aspect_ratio_policy", b"stretch") != b"stretch":
            return f"{name} with keep_aspect_ratio_policy"
    if given.get("ceil_mode", 0) and "kernel_shape" in given:
        kernel = given["kernel_shape"]
        after = given.get("pads", [0] * (2 * len(kernel)))[len(kernel) :]
        strides, dilations = given.get("strides", [1] * len(kernel)), given.get("dilations", [1] * len(kernel))
        # Windows that begin behind the padded image are kept, and are -3.4e38.
        behind = any(
            step + pad > gap * (size - 1) + 1
            for size, pad, step, gap in zip(kernel, after, strides, dilations, strict=True)
        )
        if name == "MaxPool" and behind:
            return f"{name} with ceil_mode"
        # The divisor of windows that reach beyond the padding is another one.
        if name == "AveragePool" and given.get("count_include_pad", 0) and any(given.get("pads", ())):
            return f"{name} with ceil_mode and count_include_pad"
    return None
