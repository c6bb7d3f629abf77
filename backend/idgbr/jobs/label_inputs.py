"""The rasters and labels that a training is given."""

from __future__ import annotations

from contextlib import ExitStack

from idgbr.monitor import Monitor
from idgbr.own_labels.labels import OwnLabels, own_labels
from idgbr.own_labels.layer import LabelLayer, read_label_layer
from idgbr.parameters import TrainParameters
from idgbr.raster.reader import RasterSource


def opened_labels(parameters: TrainParameters, stack: ExitStack, monitor: Monitor, *, least: int = 2) -> OwnLabels:
    """The labels of all pairs, of `least` classes or more; rasters are open until `stack` closes. Raises InputError."""
    layers: dict[str, LabelLayer] = {}
    pairs = []
    for raster, text in parameters.pairs:
        source = stack.enter_context(RasterSource(raster, monitor=monitor))
        source.tell_place(monitor)
        if text not in layers:
            layers[text] = read_label_layer(text, parameters.class_field, monitor)
        pairs.append((source, layers[text]))
    return own_labels(pairs, parameters.background, monitor, ignore=parameters.ignore, least=least)
