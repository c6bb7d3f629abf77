"""The task `segment` of the job `train`: a network trained in full on rasters with labels."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.errors import InputError
from idgbr.evaluation.curves import Curves
from idgbr.evaluation.report import check_report_output
from idgbr.exported import Staged, naming_layers
from idgbr.jobs.evaluate import run_evaluate
from idgbr.jobs.label_inputs import read_labels
from idgbr.jobs.model_folder import checked_folder, put_folder, title_of
from idgbr.jobs.training_folder import label_fingerprint, require_torch, training_folder
from idgbr.models.card import CoarseCard
from idgbr.models.manage import add_model, tidy_id
from idgbr.models.number_lists import band_numbers
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor, Relay
from idgbr.options import command_line
from idgbr.own_labels.labels import GREY, LabelledRaster
from idgbr.own_labels.rasterize import NONE, Window
from idgbr.parameters import EvaluateParameters, TrainParameters
from idgbr.paths import file_output
from idgbr.pipeline.outputs import check_source
from idgbr.quick.bands import network_bands, value_scaling
from idgbr.raster.reader import RasterSource
from idgbr.training.curve_page import CurvePage, FollowedByPage

if TYPE_CHECKING:
    from idgbr.training.segment_validation import Pictures

#: What the page of curves says at the end if no report takes its place.
_NOT_VALIDATED = "No labels were set aside, so nothing tells how good the model is."
Rows = Callable[[int, int], NDArray[np.uint8]]


class Labels(NamedTuple):
    """The rasters, the index of the class of each pixel by rows (`NODATA_CLASS` for none), and the classes."""

    sources: Sequence[RasterSource]
    rows: Sequence[Rows]
    classes: Sequence[ClassInfo]


def run_train_segment(parameters: TrainParameters, monitor: Monitor) -> dict[str, Any]:
    """Train a network, or resume it, and write its folder in one step; the summary has its accuracy."""
    require_torch("full training")
    from idgbr.training.segment_config import SegmentConfig
    from idgbr.training.segment_run import Labelled, run_training
    from idgbr.training.train_segment import curve_reader

    begun, output = time.monotonic(), checked_folder(parameters.output)
    report = file_output(parameters.report) if parameters.report else None
    if report is not None:
        check_report_output(report)
    config = SegmentConfig(
        architecture=parameters.architecture, prior=parameters.prior, width=parameters.width, steps=parameters.steps,
        minutes=parameters.minutes, batch=parameters.batch, size=parameters.crop,
        class_weights=parameters.class_weights, seed=parameters.seed,
    )  # fmt: skip
    with ExitStack() as stack:
        texts = dict.fromkeys(text for _, text in parameters.pairs)
        prints = [part for text in texts for part in label_fingerprint(text)]
        sources = [stack.enter_context(RasterSource(path, monitor=monitor)) for path, _ in parameters.pairs]
        run, telling = stack.enter_context(
            training_folder(parameters, output, sources, prints, monitor, resume=parameters.resume)
        )
        labels = _read(parameters, sources, run, stack, telling)
        card = blank_card(parameters, labels, tidy_id(output.name))
        page = None
        if report is not None:
            page = CurvePage(report, card.title, curve_reader(run), _NOT_VALIDATED)
            telling = FollowedByPage(telling, page)
        rasters = [Labelled(source, rows) for source, rows in zip(labels.sources, labels.rows, strict=True)]
        outcome = run_training(
            rasters, card, config, run=run, model=run / "model",
            command=command_line(TrainParameters, vars(parameters)), device=parameters.device, monitor=telling,
        )  # fmt: skip
        for source in labels.sources:
            check_source(source, monitor)
        if page is not None and outcome.pictures is not None:
            _write_report(outcome.pictures, page.path, card.title, page.curves, monitor)
        elif page is not None:
            page.end()
        put_folder(run / "model", output, run / "former")
    if parameters.add_as:
        add_model(output, model_id=parameters.add_as, replace_own=True, monitor=monitor)
    outputs = {"OUTPUT_MODEL": str(output)} | ({"REPORT": str(report)} if report else {})
    summary = {
        "model": parameters.add_as or card.id, "classes": card.summary()["classes"], **outcome.figures,
        "seconds": round(time.monotonic() - begun, 2),
    }  # fmt: skip
    return {"outputs": outputs, "summary": summary}


def _write_report(pictures: Pictures, report: Path, title: str, curves: Curves, monitor: Monitor) -> None:
    """Write the report on the validation blocks, side by side."""
    names = {
        str(pictures.predicted): Staged(f"{title} on validation blocks"), str(pictures.truth): Staged("their labels"),
        str(pictures.confidence): Staged("their confidence"), str(pictures.image): Staged("their images"),
    }  # fmt: skip

    class Quiet(Relay):
        """Without messages about the gaps between the blocks."""

        def info(self, message: str) -> None:
            """See `Monitor`."""

        def warn(self, message: str) -> None:
            """See `Monitor`."""

    with naming_layers(names, Quiet(monitor)) as telling:
        run_evaluate(
            EvaluateParameters(
                str(pictures.predicted), str(pictures.truth), report=str(report), image=str(pictures.image),
                confidence=str(pictures.confidence),
            ),
            telling,
            curves,
        )  # fmt: skip


def blank_card(parameters: TrainParameters, labels: Labels, model_id: str) -> CoarseCard:
    """The card before the training: classes, bands, value scaling. Raises InputError for bands that do not fit."""
    bands, chosen = network_bands(labels.sources), band_numbers(parameters.bands)
    count, band_map = len(chosen) or bands.count, chosen or bands.band_map
    if not chosen and parameters.architecture.startswith("backbone") and bands.backbone:
        count, band_map = len(bands.backbone), bands.backbone
    if not chosen and parameters.prior and parameters.architecture == "diff-hrnet":
        prior = find_model(parameters.prior, "prior")[1]
        count, band_map = prior.bands, prior.band_map
    title = title_of(parameters)
    card = CoarseCard(model_id, "1", title, tuple(labels.classes), count, (0.0, 0.0), 0, 0, {}, band_map=band_map)
    return replace(card, scaling=value_scaling(labels.sources, card))


def _read(
    parameters: TrainParameters, sources: Sequence[RasterSource], run: Path, stack: ExitStack, monitor: Monitor
) -> Labels:
    """Labels by rows. Raises InputError if they name fewer than two classes."""
    found = read_labels(parameters, sources, run, stack, monitor, least=1)
    classes, bare = found.classes, NODATA_CLASS
    if parameters.outside == "background":
        name = parameters.background
        if not any(info.name.casefold() == name.casefold() for info in classes):
            free = next(value for value in range(NODATA_CLASS) if value not in {info.id for info in classes})
            classes = [*classes, ClassInfo(free, name, GREY, background=True)]
        bare = next(n for n, info in enumerate(classes) if info.name.casefold() == name.casefold())
    if len(classes) < 2:
        raise InputError(
            f"{found.rasters[0].name}: has one class only ({classes[0].name}); label other ground, too, or count "
            "ground without a label as background."
        )
    return Labels(sources, [_rows_of(raster, bare) for raster in found.rasters], classes)


def _rows_of(raster: LabelledRaster, bare: int) -> Rows:
    """Labels of a raster; `bare` is for ground without one. Ground with labels of several classes has none."""

    def rows(first: int, last: int) -> NDArray[np.uint8]:
        window = Window(first, 0, last - first, raster.source.grid.width)
        numbers = raster.grid.labels(window)
        out = np.full(numbers.shape, NODATA_CLASS, np.uint8)
        out[numbers == NONE] = bare
        there = numbers >= 0
        out[there] = raster.class_of[numbers[there]]
        if raster.ignored is not None:
            out[raster.ignored(window)] = NODATA_CLASS
        return out

    return rows
