"""The job `evaluate`: compares a class map with the truth; gives figures and an HTML report."""

from __future__ import annotations

import math
from contextlib import ExitStack
from typing import Any

import rasterio

from idgbr.evaluation.confusion import class_f1, class_iou
from idgbr.evaluation.curves import Curves
from idgbr.evaluation.evaluate import Evaluation, evaluate
from idgbr.evaluation.inputs import AlignedRaster
from idgbr.evaluation.map_pair import Area, Comparison, Source
from idgbr.evaluation.report import check_report_output, write_report
from idgbr.monitor import Monitor
from idgbr.parameters import EvaluateParameters
from idgbr.paths import file_output

#: Size of GDAL's block cache, in MiB; its own limit is a fraction of all memory, and no block is needed twice soon.
_CACHE_MB = 128


class _Notes(Monitor):
    """Passes everything on, and collects messages for the report."""

    def __init__(self, monitor: Monitor) -> None:
        super().__init__()
        self._monitor = monitor
        self.texts: list[str] = []

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        self._monitor.progress(stage, done, total, message)

    def info(self, message: str) -> None:
        self.texts.append(message)
        self._monitor.info(message)

    def warn(self, message: str) -> None:
        self.texts.append(message)
        self._monitor.warn(message)

    def check(self) -> None:
        self._monitor.check()


def run_evaluate(parameters: EvaluateParameters, monitor: Monitor, curves: Curves | None = None) -> dict[str, Any]:
    """Run the job: figures in the summary, NaN if there is nothing to measure, and the report's path.

    The report of a training has its `curves`, too.
    """
    report = file_output(parameters.report) if parameters.report else None
    if report is not None:
        check_report_output(report)
    notes = _Notes(monitor)
    with ExitStack() as stack:
        stack.enter_context(rasterio.Env(GDAL_CACHEMAX=_CACHE_MB))
        comparison = Comparison(
            Source(parameters.predicted, parameters.predicted_class_field),
            Source(parameters.truth, parameters.truth_class_field),
            Area(parameters.extent, parameters.extent_crs, parameters.image, parameters.pixel_size),
            parameters.outside,
            notes,
            stack,
        )
        confidence = None
        if parameters.confidence:
            confidence = AlignedRaster(parameters.confidence, comparison.grid, notes, stack)
        evaluation = evaluate(comparison, confidence, notes)
        _doubts(comparison, evaluation, notes)
        if report is not None:
            monitor.check()
            monitor.progress("write", 0, 1)
            write_report(report, comparison, evaluation, notes.texts, parameters.image, curves)
            monitor.progress("write", 1, 1)
    legend = comparison.legend
    figures = evaluation.figures(legend.foreground)
    counts = evaluation.scores.counts
    rows = zip(legend.classes, class_iou(counts), class_f1(counts), strict=True)
    summary: dict[str, Any] = {name: _figure(value) for name, value in figures.items()}
    summary["classes"] = [
        {"id": info.id, "name": info.name, "iou": _figure(float(iou)), "f1": _figure(float(f1))}
        for info, iou, f1 in rows
    ]
    return {"outputs": {"REPORT": str(report)} if report is not None else {}, "summary": summary}


def _figure(value: float) -> float | None:
    """A figure for people and programs; None if there is none."""
    return round(value, 6) if math.isfinite(value) else None


def _doubts(comparison: Comparison, evaluation: Evaluation, monitor: Monitor) -> None:
    """Report what readers of the figures should know."""
    predicted, truth = comparison.names
    share = evaluation.scored / (comparison.grid.height * comparison.grid.width)
    if share < 0.995:
        monitor.info(f"{share:.1%} of the area is scored; the rest has no data in {truth}, or is outside a raster.")
    if evaluation.unpredicted:
        part = evaluation.unpredicted / evaluation.scored
        monitor.warn(
            f"{predicted} names no class of the truth on {part:.1%} of the scored area, which counts as wrong."
        )
    if len(comparison.legend.classes) == 1:
        monitor.warn(
            f"{truth} has only the class {comparison.legend.classes[0].name!r}, without a background: recall is "
            "measured, but false predictions are not."
        )
