"""The job `train`: a model for the user's own classes, from rasters with layers of labels."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from idgbr.engines.devices import Device, choose_device
from idgbr.jobs.label_inputs import read_labels
from idgbr.jobs.model_folder import checked_folder, put_folder, title_of
from idgbr.jobs.train_segment import run_train_segment
from idgbr.models.card import CoarseCard
from idgbr.models.manage import add_model, tidy_id
from idgbr.monitor import Monitor
from idgbr.own_labels.labels import OwnLabels
from idgbr.parameters import TrainParameters
from idgbr.pipeline.outputs import check_source
from idgbr.quick.train import train
from idgbr.raster.reader import RasterSource

#: Makes a model in a folder: parameters, labels, id, device, an existing empty folder, monitor; returns its card.
Trainer = Callable[[TrainParameters, OwnLabels, str, Device, Path, Monitor], CoarseCard]


def _quick(
    parameters: TrainParameters, labels: OwnLabels, model_id: str, device: Device, folder: Path, monitor: Monitor
) -> CoarseCard:
    found = train(labels, model_id, device, monitor, seed=parameters.seed)
    return replace(found, card=replace(found.card, title=title_of(parameters))).save(folder)


#: Figures of the summary, and their names in cards.
FIGURES = {"miou": "coarse mIoU", "mean_f1": "coarse mean F1", "calibration_error": "calibration error"}
#: The tasks of this job.
TRAINERS: dict[str, Trainer] = {"quick": _quick}


def run_train(parameters: TrainParameters, monitor: Monitor) -> dict[str, Any]:
    """Train a model and write its folder in one step; the summary has its classes and its accuracy."""
    if parameters.task == "segment":
        return run_train_segment(parameters, monitor)
    begun = time.monotonic()
    output = checked_folder(parameters.output)
    with ExitStack() as stack:
        sources = [stack.enter_context(RasterSource(path, monitor=monitor)) for path, _ in parameters.pairs]
        work = Path(stack.enter_context(TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent)))
        labels = read_labels(parameters, sources, work, stack, monitor)
        device = choose_device(parameters.device, monitor)
        made = work / "model"
        made.mkdir()
        card = TRAINERS[parameters.task](parameters, labels, tidy_id(output.name), device, made, monitor)
        for source in sources:
            check_source(source, monitor)
        monitor.check()
        put_folder(made, output, work / "former")
    if parameters.add_as:
        entry = add_model(output, model_id=parameters.add_as, replace_own=True, monitor=monitor)
        monitor.info(f"The model is among your models as {entry.id!r}.")
    figures: dict[str, Any] = next(iter(next(iter(card.accuracy.values()), {}).values()), {})
    summary = {
        "model": parameters.add_as or card.id,
        "classes": card.summary()["classes"],
        "labels": int(labels.counts.sum()),
        "gsd_range_m": list(card.gsd_range_m),
        **{name: figures[given] for name, given in FIGURES.items() if given in figures},
        "accuracy": [
            {"class": info.name, "labels": int(count), "iou": figures.get(f"IoU {info.name}"),
             "f1": figures.get(f"F1 {info.name}")}
            for info, count in zip(labels.classes, labels.counts, strict=True)
        ],
        "device": device.id,
        "seconds": round(time.monotonic() - begun, 2),
    }  # fmt: skip
    return {"outputs": {"OUTPUT_MODEL": str(output)}, "summary": summary}
