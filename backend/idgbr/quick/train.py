"""Makes a quick model: features of the labels, a head fitted to them, and its folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from idgbr.arrays import Mask
from idgbr.engines.devices import Device
from idgbr.models.backbone import Backbone
from idgbr.models.card import BackboneCard, BackboneReference, CoarseCard, sha256_of, write_card
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.own_labels.blocks import label_folds
from idgbr.own_labels.labels import OwnLabels
from idgbr.own_labels.rasterize import Window
from idgbr.quick.bands import network_bands, value_scaling
from idgbr.quick.features import FeatureMaps, FeatureReader
from idgbr.quick.fit import HeadForm, fit_head
from idgbr.quick.graph import BACKBONE_OUTPUTS, Head, Layout, save_head
from idgbr.quick.objects import ObjectFinder
from idgbr.quick.samples import HALO, SIDE, Samples, take_samples
from idgbr.quick.validate import Calibration, calibrated, cross_validate
from idgbr.raster.grid import ground_sample_distance
from idgbr.raster.reader import RasterSource
from idgbr.tiling.normalize import ScaledSource

BACKBONE = "backbone"
HEAD = "head.onnx"
#: How much the ground sample distance of an image may differ from those of the training without a resampling.
GSD_TOLERANCE = 1.25


@dataclass(frozen=True)
class Trained:
    """A fitted head, its card without files, its channels, and what it was fitted to.

    The model takes over the output `contact` of the head file `contact`; None if its card parts no objects.
    """

    card: CoarseCard
    head: Head
    layout: Layout
    samples: Samples
    contact: Path | None = None

    def save(self, folder: Path) -> CoarseCard:
        """Write the model to an existing folder."""
        save_head(folder / HEAD, self.layout, self.head, self.contact)
        card = replace(self.card, files={HEAD: sha256_of(folder / HEAD)})
        write_card(folder, card)
        return card


def load_backbone(device: Device) -> tuple[Backbone, BackboneCard]:
    """The backbone with all its features, and its card. Raises ModelError."""
    folder, card = find_model(BACKBONE, "backbone")
    (name,) = card.files
    return Backbone(folder / name, device, BACKBONE_OUTPUTS), card


def blank_card(labels: OwnLabels, backbone: BackboneCard, model_id: str) -> CoarseCard:
    """The card of a model that is not fitted yet: bands, scaling, pixel sizes. Raises InputError."""
    sources = [raster.source for raster in labels.rasters]
    bands = network_bands(sources)
    gsds = [ground_sample_distance(source.grid) for source in sources]
    (file,) = backbone.files.values()
    card = CoarseCard(
        id=model_id, version="1", title=model_id, classes=tuple(labels.classes), bands=bands.count,
        gsd_range_m=(round(min(gsds) / GSD_TOLERANCE, 4), round(max(gsds) * GSD_TOLERANCE, 4)), tile=backbone.tile,
        halo=backbone.halo, files={}, license=f"that of its labels, and of its backbone: {backbone.license}",
        band_map=bands.band_map, backbone=BackboneReference(backbone.id, file), backbone_bands=bands.backbone,
    )  # fmt: skip
    return replace(card, scaling=value_scaling(sources, card))


class WindowReader:
    """Reads the features of windows of rasters for a card, and what `finder` finds there; see `ReadMaps`."""

    def __init__(self, reader: FeatureReader, card: CoarseCard, finder: ObjectFinder | None = None) -> None:
        self._reader, self._card, self._finder = reader, card, finder
        self._scaled: dict[int, ScaledSource] = {}

    def __call__(self, source: RasterSource, window: Window) -> tuple[FeatureMaps, Mask]:
        """Features of a window with its context, and where it has data."""
        if id(source) not in self._scaled:
            self._scaled[id(source)] = ScaledSource(source, source.grid, self._card, 1.0)
        side = SIDE + 2 * HALO
        image, valid = self._scaled[id(source)].read(window.row - HALO, window.col - HALO, side, side)
        maps = self._reader.maps(image)
        if self._finder is not None:
            maps = replace(maps, objects=self._finder.probabilities(maps.inputs))
        return maps, valid[HALO:-HALO, HALO:-HALO]


def train(
    labels: OwnLabels, model_id: str, device: Device, monitor: Monitor, *, seed: int = 0, form: HeadForm | None = None
) -> Trained:
    """Fit and validate a head on the labels. Raises InputError or ModelError."""
    form = form or HeadForm()
    network, backbone = load_backbone(device)
    card = blank_card(labels, backbone, model_id)
    reader = FeatureReader(network, card, device)
    rng = np.random.default_rng(seed)
    finder = ObjectFinder.beside(card, device)
    samples = take_samples(labels, WindowReader(reader, card, finder), rng, monitor)
    folds = label_folds(labels)
    layout = reader.layout
    held = cross_validate(samples, folds, len(labels.classes), form, layout, seed, monitor)
    if held is None:
        monitor.warn("No class has two labels or more, so the accuracy of the model cannot be measured.")
    head, calibration = calibrated(fit_head(samples, len(labels.classes), form, layout, seed), samples, held)
    accuracy = {f"cross-validation by {folds.by}": {"all": held.figures(calibration, labels.classes)}} if held else {}
    card = replace(card, accuracy=accuracy, further=_for_people(labels, samples, calibration, seed))
    if finder is None or samples.objects is None:
        return Trained(card, head, layout, samples)
    parted = finder.table(card, samples.classes, samples.objects)
    return Trained(replace(card, objects=parted), head, layout, samples, finder.path if parted else None)


def _for_people(labels: OwnLabels, samples: Samples, calibration: Calibration, seed: int) -> dict[str, Any]:
    """What the card says of the training."""
    used = np.bincount(samples.classes, minlength=len(labels.classes))
    counts = {
        info.name: {"labels": int(count), "samples": int(number), "share": round(float(share), 4)}
        for info, count, number, share in zip(labels.classes, labels.counts, used, calibration.shares, strict=True)
    }
    places = [{"raster": Path(raster.source.path).name, "labels": Path(raster.name).name} for raster in labels.rasters]
    return {
        "training": {"task": "quick", "places": places, "classes": counts, "seed": seed},
        "calibration": {"temperature": round(calibration.temperature, 3)},
    }
