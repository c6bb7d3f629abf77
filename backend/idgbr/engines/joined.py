"""A backbone and a head that reads it as one ONNX graph, so that the features between them stay in the engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from idgbr.engines.compiled_networks import Compiled, key_of, load, store
from idgbr.errors import ModelError, first_line

if TYPE_CHECKING:
    from onnx import ModelProto

#: Stands before all names of the backbone in a joined graph, as in the input `backbone/image`.
PREFIX = "backbone/"
#: Number of the way in which graphs are joined; raise it when that way changes.
_FORM = 1


def joined(backbone: Path, head: Path, outputs: Sequence[str] = ()) -> bytes:
    """An ONNX file of both graphs, as far as they give the named outputs of the head, or all if no names are given.

    Its inputs are those of the backbone with `PREFIX`, and those of the head that the backbone does not give.

    Raises ModelError (file) if one cannot be read, or if they do not fit.
    """
    import onnx
    from onnx import compose

    try:
        first = compose.add_prefix(onnx.load(str(backbone)), PREFIX)
        second = onnx.load(str(head))
        _align(first, second)
        given = {output.name for output in first.graph.output}
        read = [(PREFIX + entry.name, entry.name) for entry in second.graph.input if PREFIX + entry.name in given]
        wanted = list(outputs) or [output.name for output in second.graph.output]
        network: bytes = compose.merge_models(first, second, read, outputs=wanted).SerializeToString()
    except Exception as error:  # onnx raises many types of its own
        raise ModelError(
            f"{head}: the model cannot be joined with its backbone {backbone} ({first_line(error)}); install it again."
        ) from error
    return network


def cached(backbone: Path, head: Path, outputs: Sequence[str]) -> bytes:
    """As `joined`, from the cache of compiled networks if possible."""
    key = key_of((backbone, head), {"joined": _FORM, "outputs": outputs})
    if key and (known := load(key)):
        return known.network
    network = joined(backbone, head, outputs)
    if key:
        store(key, Compiled({}, network))
    return network


def _align(*models: ModelProto) -> None:
    """Give models the same versions of the format and of the operators, the newest that one of them has."""
    from onnx import version_converter

    newest = max(_operators(model) for model in models)
    for model in models:
        if _operators(model) < newest:
            model.CopyFrom(version_converter.convert_version(model, newest))
    for model in models:
        model.ir_version = max(other.ir_version for other in models)


def _operators(model: ModelProto) -> int:
    """The version of a model's standard operators."""
    return max((used.version for used in model.opset_import if used.domain in ("", "ai.onnx")), default=0)
