"""Runs a full training: rasters on disk, split, training, measurement, and the model folder."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from idgbr.classes import ClassInfo
from idgbr.errors import InputError
from idgbr.evaluation.confusion import class_iou, mean_iou, overall_accuracy
from idgbr.models.card import CoarseCard
from idgbr.monitor import Monitor
from idgbr.raster.reader import RasterSource
from idgbr.training.architectures import build
from idgbr.training.export_segment import write_segmenter
from idgbr.training.loop import hardware, training_device
from idgbr.training.own_rasters import LabelRows, class_pixels, store, validation_blocks, without
from idgbr.training.places import Place
from idgbr.training.segment_config import SegmentConfig
from idgbr.training.segment_validation import Pictures, Validation
from idgbr.training.train_segment import SCALES, train_segmenter


class Labelled(NamedTuple):
    """A raster, and its labels by rows."""

    source: RasterSource
    rows: LabelRows


class Outcome(NamedTuple):
    """Figures of a training, and the pictures of the validation for a report (None without a validation)."""

    figures: dict[str, Any]
    pictures: Pictures | None


def run_training(
    rasters: Sequence[Labelled], card: CoarseCard, config: SegmentConfig, *, run: Path, model: Path, command: str,
    device: str, monitor: Monitor,
) -> Outcome:  # fmt: skip
    """Train in the folder `run`, or resume what is there, and write the model folder `model`.

    `card` has id, classes, bands and value scaling of the model. Raises InputError for labels that teach nothing.
    """
    began = time.monotonic()
    where = training_device(device, monitor)
    classes = card.classes
    places = [
        store(item.source, card, item.rows, run / f"raster{number}", monitor) for number, item in enumerate(rasters)
    ]
    pixels = class_pixels(places, len(classes))
    _check(pixels, classes)
    net = build(config, card.bands, len(classes))
    blocks = validation_blocks(places, len(classes), config.validation, config.seed)
    validation = Validation(places, blocks, len(classes), where) if blocks else None
    if validation is None:
        monitor.warn("The labels lie too close together to set some aside: nothing tells how good the model is.")
    training = [without(place, n, blocks, run / f"raster{n}") for n, place in enumerate(places)]
    found = train_segmenter(net, training, validation, len(classes), config, run, where, monitor)
    figures: dict[str, Any] = {"steps": found.steps, "best_step": found.best_step}
    accuracy: dict[str, Any] = {}
    pictures, temperature = None, 1.0
    if validation is not None:
        judge = Validation(places, blocks, len(classes), torch.device("cpu"))
        counts, temperature = judge.judge(found.net, monitor)
        pictures, error = judge.pictures(found.net, temperature, classes, run, monitor)
        accuracy = _accuracy(counts, classes, error)
        figures |= {"mIoU": accuracy["coarse mIoU"], "overall_accuracy": accuracy["overall accuracy"]}
    record = {
        "command": command, "architecture": config.architecture, "steps": found.steps, "best_step": found.best_step,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "hardware": hardware(where),
        "data": {place.name: "the user's own" for place in places},
        "pixels": {info.name: int(count) for info, count in zip(classes, pixels, strict=True)},
    }  # fmt: skip
    if config.prior:
        record["prior"] = Path(config.prior).name
    further: dict[str, Any] = {"training": record}
    if accuracy:
        further["calibration"] = {"temperature": round(temperature, 3), "places": "validation blocks"}
    measured = {"validation": {f"{len(blocks)} blocks": accuracy}} if accuracy else {}
    card = replace(card, gsd_range_m=gsd_range(places), accuracy=measured, further=further)
    write_segmenter(found.net, model, card, temperature, run)
    return Outcome(figures, pictures)


def gsd_range(places: Sequence[Place]) -> tuple[float, float]:
    """Ground sample distances that the model is used at: those of its crops."""
    found = [place.gsd_m for place in places]
    return round(SCALES[0] * min(found), 4), round(SCALES[1] * max(found), 4)


def _check(pixels: NDArray[np.int64], classes: Sequence[ClassInfo]) -> None:
    missing = [info.name for info, count in zip(classes, pixels, strict=True) if not count]
    if missing:
        raise InputError(
            f"{', '.join(missing[:5])}: no label lies on ground with data; draw some elsewhere, or leave the class out."
        )


def _accuracy(
    counts: NDArray[np.int64], classes: Sequence[ClassInfo], calibration_error: float
) -> dict[str, float | None]:
    """Figures for the card."""
    ious = zip(classes, class_iou(counts), strict=True)
    return {
        "coarse mIoU": _rounded(mean_iou(counts)),
        "overall accuracy": _rounded(overall_accuracy(counts)),
        "calibration error": _rounded(calibration_error),
        **{f"IoU of {info.name}": _rounded(float(iou)) for info, iou in ious},
    }


def _rounded(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None
