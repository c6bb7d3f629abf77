"""A quick model of a small view, fitted in a second: features stay in memory between calls."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from idgbr.arrays import Array, Mask
from idgbr.engines.devices import Device
from idgbr.engines.session import open_session
from idgbr.models.card import CoarseCard
from idgbr.monitor import Monitor
from idgbr.own_labels.labels import OwnLabels
from idgbr.own_labels.rasterize import Window
from idgbr.quick.features import FeatureMaps, FeatureReader
from idgbr.quick.fit import HeadForm, fit_head
from idgbr.quick.samples import HALO, SIDE, Plan, take_samples
from idgbr.quick.train import HEAD, Trained, blank_card, load_backbone
from idgbr.quick.validate import calibrated
from idgbr.raster.reader import RasterSource
from idgbr.tiling.normalize import ScaledSource
from idgbr.tiling.tiles import STRIDE

#: Bytes of features in memory at most, besides those of the view.
_MOST_BYTES = 512 << 20
#: A head that is fitted in a fraction of a second, from few windows besides the view.
_FORM = HeadForm(iterations=25)
_SAMPLES, _WINDOWS = 1500, 16
_SEED = 0


class _Kept(NamedTuple):
    """Features of a window with its context, and where the window has data."""

    maps: FeatureMaps
    valid: Mask


class FeatureMemory:
    """Features of windows of rasters, those used last, within bounds."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._reader: tuple[Hashable, FeatureReader] | None = None

    def reader(self, key: Hashable, labels: OwnLabels, device: Device) -> tuple[FeatureReader, CoarseCard]:
        """The reader of features and its card. A new reader drops the features that an earlier one has read."""
        if self._reader and self._reader[0] == key:
            reader = self._reader[1]
            return reader, replace(reader.card, classes=tuple(labels.classes))
        network, backbone = load_backbone(device)
        card = blank_card(labels, backbone, "trial")
        self._kept.clear()
        self._reader = key, FeatureReader(network, card, device)
        return self._reader[1], card

    def get(self, source: ScaledSource, key: Hashable, window: Window, reader: FeatureReader) -> _Kept:
        """Features of a window, from memory or from the raster called `key`."""
        place = (key, window)
        if place not in self._kept:
            height, width = (-(-side // STRIDE) * STRIDE + 2 * HALO for side in window[2:])
            image, valid = source.read(window.row - HALO, window.col - HALO, height, width)
            inner = np.s_[HALO : height - HALO, HALO : width - HALO]
            self._kept[place] = _Kept(reader.maps(image), valid[inner])
        self._kept.move_to_end(place)
        sizes = [kept.maps.size for kept in self._kept.values()]
        while len(self._kept) > 2 and sum(sizes) > _MOST_BYTES:
            self._kept.popitem(last=False)
            sizes.pop(0)
        return self._kept[place]


class Trial(NamedTuple):
    """A fitted head, and the probabilities (K, H, W) of the view with `HALO` px around it, in multiples of 32."""

    trained: Trained
    scores: Array


def try_labels(
    labels: OwnLabels, view: Window, memory: FeatureMemory, key: Hashable, device: Device, work: Path, monitor: Monitor
) -> Trial:
    """Fit a head to the labels of one raster, called `key`, and apply it to a view.

    Raises InputError if the labels cannot be used.
    """
    source = labels.rasters[0].source
    reader, card = memory.reader((key, device), labels, device)
    scaled = ScaledSource(source, source.grid, card, 1.0)

    def read(_: RasterSource, window: Window) -> tuple[FeatureMaps, Mask]:
        whole = window if window == view else window._replace(height=SIDE, width=SIDE)
        return memory.get(scaled, key, whole, reader)

    shown = read(source, view)[0]
    plan = Plan(_SAMPLES, _WINDOWS, view)
    samples = take_samples(labels, read, np.random.default_rng(_SEED), monitor, plan)
    head, _ = calibrated(fit_head(samples, len(labels.classes), _FORM, reader.layout, _SEED), samples)
    trained = Trained(card, head, reader.layout, samples)
    trained = replace(trained, card=trained.save(work))
    (scores,) = open_session(work / HEAD, device).run(shown.inputs)
    return Trial(trained, scores[0].copy())
