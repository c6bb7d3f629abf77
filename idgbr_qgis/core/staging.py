"""The layers of a job on their way to the worker, and what the job is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingFeedback

from idgbr_qgis.core.layers import LayerStaging, MaskStaging, RasterStaging

#: A layer on its way to the worker, or several.
Staging = RasterStaging | LayerStaging | MaskStaging | Sequence[RasterStaging | LayerStaging]


def origin_of(layer: Staging) -> str:
    """Where a layer comes from, or several, one a line."""
    return "\n".join(part.origin for part in layer) if isinstance(layer, Sequence) else layer.origin


def write_staged(layers: dict[str, Staging], folder: Path, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    """What the job is told of layers, by its parameters: paths, of several one a line.

    `staged` tells it which files in the folder were made of which layers.
    """
    job: dict[str, Any] = {}
    staged: dict[str, Any] = {}
    for name, layer in layers.items():
        paths = []
        for number, part in enumerate(layer if isinstance(layer, Sequence) else [layer]):
            stem = folder / name
            if isinstance(layer, Sequence):
                # Each in a folder of its own, so that a file that is written bears the layer's name, which may hold a
                # date.
                stem = stem / str(number) / part.file_stem
                stem.parent.mkdir(parents=True)
            path = part.write(stem, feedback)
            if stem.parent in Path(path).parents:
                staged[path] = part.record
            paths.append(path)
        job[name] = "\n".join(paths)
    return job | {"staged": staged} if staged else job
