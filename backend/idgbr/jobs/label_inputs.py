"""The rasters and labels that a training is given."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from idgbr.classes import ClassInfo
from idgbr.coarse_map.from_raster import raw_map_of_raster
from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.own_labels.labels import OwnLabels, own_labels, raster_labels
from idgbr.own_labels.layer import LabelLayer, read_label_layer
from idgbr.parameters import TrainParameters
from idgbr.raster.open_dataset import is_raster
from idgbr.raster.reader import RasterSource
from idgbr.raster.rows import RowReader


def read_labels(
    parameters: TrainParameters, sources: Sequence[RasterSource], work: Path, stack: ExitStack, monitor: Monitor, *,
    least: int = 2,
) -> OwnLabels:  # fmt: skip
    """The labels of all rasters, of `least` classes or more: of layers, or of class rasters.

    Class rasters may have any grid and CRS; `work` is a folder for their codes, which are open until `stack` closes.
    Raises InputError.
    """
    texts = [text for _, text in parameters.pairs]
    kinds = {is_raster(text, "the labels") for text in texts}
    if len(kinds) > 1:
        raise InputError("the labels are layers and rasters; give one kind for all.")
    for source in sources:
        source.tell_place(monitor)
    types = sorted({str(source.dtype) for source in sources})
    if len(types) > 1:
        monitor.warn(f"the rasters have values of differing types ({', '.join(types)}), which are scaled alike.")
    if kinds == {True}:
        maps = [
            (source, text, *_codes(source, text, work / f"labels{number}", stack, monitor))
            for number, (source, text) in enumerate(zip(sources, texts, strict=True))
        ]
        return raster_labels(maps, parameters.background, monitor, ignore=parameters.ignore, least=least)
    layers: dict[str, LabelLayer] = {}
    for text in texts:
        if text not in layers:
            layers[text] = read_label_layer(text, parameters.class_field, monitor)
    pairs = [(source, layers[text]) for source, text in zip(sources, texts, strict=True)]
    return own_labels(pairs, parameters.background, monitor, ignore=parameters.ignore, least=least)


def _codes(
    source: RasterSource, text: str, work: Path, stack: ExitStack, monitor: Monitor
) -> tuple[RowReader, list[ClassInfo]]:
    """The codes of a class raster on the grid of an image, and the class of each code from 1 on."""
    work.mkdir(exist_ok=True)
    raw = raw_map_of_raster(text, source.grid, work, monitor)
    if not raw.pixels.any():
        raise InputError(f"{text}: has no class on {source.path}; check its nodata and the CRS of both.")
    return stack.enter_context(RowReader(raw.path)), [raw.classes[place] for place in raw.class_of]
