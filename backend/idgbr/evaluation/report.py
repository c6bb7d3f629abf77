"""The report of an evaluation: one self-contained HTML file."""

from __future__ import annotations

import math
import os
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

import idgbr
from idgbr.classes import NODATA_CLASS
from idgbr.errors import OutputError
from idgbr.evaluation.class_matching import Legend
from idgbr.evaluation.confusion import class_f1, class_iou, class_precision, class_recall
from idgbr.evaluation.curves import Curves
from idgbr.evaluation.error_map import CONFUSED, FALSE, MISSED, WINDOW, Place, context_window, error_kinds
from idgbr.evaluation.evaluate import HISTOGRAM_PX, WFM_TILE, Evaluation, mean_by_tolerance
from idgbr.evaluation.map_pair import Comparison
from idgbr.evaluation.pictures import (
    KIND_COLORS,
    Backdrop,
    error_overlay,
    error_picture,
    faded,
    outline_path,
    png_uri,
)
from idgbr.exported import with_layer_names

#: Number of worst places in the report, and pixels around each.
PLACES, _MARGIN = 5, 24
#: Tolerance of the boundary scores of single classes, in pixels.
_CLASS_TOLERANCE_PX = 2.0
#: Most classes of a readable confusion matrix.
_MATRIX_CLASSES = 24


def check_report_output(path: Path) -> None:
    """Raise OutputError unless a report can be written at `path`, before any work."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"{path}: reports are written as HTML; end the name in .html.")
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent}: no such folder; create it or choose another.")
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; choose a file name.")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OutputError(f"{path}: is read-only; choose another name.")


def write_report(
    path: Path, comparison: Comparison, evaluation: Evaluation, notes: list[str], image: str | None,
    curves: Curves | None = None,
) -> None:  # fmt: skip
    """Write the report, with the curves of a training if it is about one. Raises OutputError if that is impossible."""
    with ExitStack() as stack:
        factor = evaluation.errors.factor
        backdrop = Backdrop(image, comparison.grid, comparison.legend.classes, factor, stack)
        html = render(comparison, evaluation, notes, backdrop, curves)
    _write(path, html)


def write_training_page(path: Path, title: str, curves: Curves, lead: str, *, running: bool) -> None:
    """Write a page with the curves of a training, for browsers to load again while it is `running`.

    `lead` is its first line. Raises OutputError if it cannot be written.
    """
    page = _environment().get_template("training.html")
    _write(path, page.render(title=title, curves=curves, lead=lead, running=running, version=idgbr.__version__))


def _write(path: Path, html: str) -> None:
    """Write a page under a temporary name first. Raises OutputError."""
    part = path.with_name(f".{path.name}.part{os.getpid()}")
    try:
        part.write_text(html, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror}); free disk space or choose another."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("idgbr.evaluation", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"score": _score, "count": _count, "area": _area, "percent": _percent}
    return environment


def render(
    comparison: Comparison, evaluation: Evaluation, notes: list[str], backdrop: Backdrop, curves: Curves | None
) -> str:
    """The report as text."""
    legend = comparison.legend
    errors = evaluation.errors
    map_picture = error_picture(errors, backdrop.overview(errors.truth))
    return _environment().get_template("report.html").render(
        predicted=with_layer_names(comparison.names[0]),
        truth=with_layer_names(comparison.names[1]),
        version=idgbr.__version__,
        date=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        facts=_facts(comparison, evaluation),
        notes=[with_layer_names(note) for note in notes],
        figures=evaluation.figures(legend.foreground),
        classes=_class_rows(comparison, evaluation),
        class_tolerance=f"{_CLASS_TOLERANCE_PX:g} px",
        boundaries=_boundary_rows(evaluation, legend, _side(comparison)),
        confusion=_confusion_rows(evaluation, legend),
        histogram=_histogram(evaluation),
        error_map={
            "uri": png_uri(map_picture), "width": map_picture.shape[1], "height": map_picture.shape[0],
            "factor": errors.factor,
        },
        kinds=[(name, _rgb(KIND_COLORS[kind])) for kind, name in _kind_names(legend)],
        places=[_place(place, comparison, backdrop) for place in _distinct(errors.worst(2 * PLACES), comparison)],
        window=WINDOW,
        polygons=evaluation.polygons,
        calibration=_calibration(evaluation),
        wfm_tile=WFM_TILE,
        curves=curves,
    )  # fmt: skip


def _side(comparison: Comparison) -> float:
    return math.sqrt(comparison.pixel_m[0] * comparison.pixel_m[1])


def _facts(comparison: Comparison, evaluation: Evaluation) -> list[tuple[str, str]]:
    grid = comparison.grid
    height, width = comparison.pixel_m
    square = abs(height - width) < 0.005 * height
    size = f"{width:.3g} m" if square else f"{width:.3g} × {height:.3g} m"
    total = grid.height * grid.width
    grid_of = Path(with_layer_names(comparison.grid_of)).name
    return [
        ("Grid", f"that of {grid_of}, {grid.width} × {grid.height} pixels of {size}"),
        ("Coordinate system", _crs_name(comparison)),
        ("Scored", f"{_area(evaluation.scored * height * width)}, {_percent(evaluation.scored / total)} of the grid"),
        ("Classes matched by", comparison.legend.by),
    ]


def _crs_name(comparison: Comparison) -> str:
    crs = comparison.grid.crs
    if crs is None:
        return "none; pixels are taken to be in metres"
    name = crs.to_wkt().split('"')[1]
    code = crs.to_epsg()
    return f"{name} (EPSG:{code})" if code else name


def _class_rows(comparison: Comparison, evaluation: Evaluation) -> list[dict[str, Any]]:
    counts = evaluation.scores.counts
    pixel = comparison.pixel_m[0] * comparison.pixel_m[1]
    boundary = evaluation.scores.boundaries[_CLASS_TOLERANCE_PX]
    columns = [class_iou(counts), class_f1(counts), class_precision(counts), class_recall(counts)]
    columns += [boundary.f_scores(), boundary.ious()]
    in_truth, in_prediction = counts.sum(1) * pixel, counts[:, :-1].sum(0) * pixel
    return [
        {
            "name": info.name,
            "color": _rgb(info.color),
            "true": float(in_truth[i]),
            "predicted": float(in_prediction[i]),
            "scores": [float(column[i]) for column in columns],
        }
        for i, info in enumerate(comparison.legend.classes)
    ]


def _boundary_rows(evaluation: Evaluation, legend: Legend, side: float) -> dict[str, Any]:
    """Rows of the table of tolerances, and points of its chart: tolerance in pixels, F and Boundary IoU."""
    pixels = mean_by_tolerance(evaluation.scores.boundaries, legend.foreground)
    metres = mean_by_tolerance(evaluation.scores.boundaries_m, legend.foreground)
    rows = [(f"{t:g} px", f"{t * side:.3g} m", f, iou) for t, f, iou in pixels]
    rows += [(f"{t:g} m", f"{t / side:.3g} px", f, iou) for t, f, iou in metres]
    points = sorted([(t, f, iou) for t, f, iou in pixels] + [(t / side, f, iou) for t, f, iou in metres])
    return {"rows": rows, "points": points, "longest": max(5.0, *(p[0] for p in points))}


def _confusion_rows(evaluation: Evaluation, legend: Legend) -> dict[str, Any] | None:
    """Counts and fractions of the truth by predicted class; the column without a class only if it is needed."""
    counts = evaluation.scores.counts
    if len(legend.classes) > _MATRIX_CLASSES:
        return None
    names = [info.name for info in legend.classes]
    columns = [*names, "no class"] if counts[:, -1].any() else names
    counts = counts[:, : len(columns)]
    totals = counts.sum(1)
    rows = [
        {
            "name": name,
            "total": int(totals[i]),
            "cells": [
                {"count": int(n), "share": float(n / max(totals[i], 1)), "right": i == j}
                for j, n in enumerate(counts[i])
            ],
        }
        for i, name in enumerate(names)
    ]
    return {"columns": columns, "rows": rows}


def _histogram(evaluation: Evaluation) -> dict[str, Any]:
    """Fractions of boundary pixels by distance: bins with (label, predicted, true), and the highest fraction."""
    totals = np.maximum(evaluation.scores.histogram.sum(axis=1, keepdims=True), 1)
    shares = evaluation.scores.histogram / totals
    labels = [str(i) for i in range(HISTOGRAM_PX + 1)] + [f"> {HISTOGRAM_PX}"]
    bins = [(label, float(a), float(b)) for label, a, b in zip(labels, *shares, strict=True)]
    return {"bins": bins, "top": max(float(shares.max()), 0.05), "any": bool(evaluation.scores.histogram.any())}


def _kind_names(legend: Legend) -> list[tuple[int, str]]:
    if legend.background is None:
        return [(CONFUSED, "another class")]
    names = [(MISSED, "missed: background was predicted"), (FALSE, "false: the truth is background")]
    return [*names, (CONFUSED, "another class")] if len(legend.classes) > 2 else names


def _distinct(places: list[Place], comparison: Comparison) -> list[Place]:
    """The worst places without repetitions, which small grids would have."""
    pictures: dict[tuple[float, float], Place] = {}
    for place in places:
        window = context_window(place, comparison.grid, _MARGIN)
        pictures.setdefault((window.row_off, window.col_off), place)
    return list(pictures.values())[:PLACES]


def _place(place: Place, comparison: Comparison, backdrop: Backdrop) -> dict[str, Any]:
    """Content of a place in the report."""
    window = context_window(place, comparison.grid, _MARGIN)
    predicted, truth = comparison.read(window)
    kinds = error_kinds(predicted, truth, comparison.legend.background)
    x, y = comparison.grid.transform * (place.col + WINDOW / 2, place.row + WINDOW / 2)
    digits = 6 if comparison.grid.crs is not None and comparison.grid.crs.is_geographic else 1
    picture = backdrop.crop(window, truth)
    return {
        "share": place.wrong / max(place.scored, 1),
        "wrong": place.wrong,
        "where": f"{x:.{digits}f}, {y:.{digits}f}",
        "pixel": (place.col, place.row),
        "mistake": _commonest(predicted, truth, comparison.legend),
        "width": picture.shape[1],
        "height": picture.shape[0],
        "uri": png_uri(picture),
        "grey": png_uri(faded(picture)),
        "errors": png_uri(error_overlay(kinds)),
        "true_path": outline_path(truth),
        "predicted_path": outline_path(predicted),
    }


def _commonest(predicted: Any, truth: Any, legend: Legend) -> str:
    """The most frequent error of a window, as text."""
    wrong = (predicted != truth) & (truth != NODATA_CLASS)
    if not wrong.any():
        return ""
    pairs = truth[wrong].astype(np.int64) * 256 + predicted[wrong]
    pair = int(np.bincount(pairs).argmax())
    names = [legend.classes[i].name if i < len(legend.classes) else "no class" for i in divmod(pair, 256)]
    return f"{names[0]} taken for {names[1]}"


def _calibration(evaluation: Evaluation) -> dict[str, Any] | None:
    """Bars of the reliability diagram: confidence, accuracy, fraction of pixels."""
    counts = evaluation.calibration
    if counts is None or not counts.pixels.sum():
        return None
    total = counts.pixels.sum()
    bins = [
        ((i + 0.5) / counts.bins, float(accuracy), float(counts.pixels[i] / total))
        for i, accuracy in enumerate(counts.accuracies())
        if counts.pixels[i]
    ]
    return {"error": counts.expected_error(), "bins": bins, "width": 1 / counts.bins}


def _rgb(color: tuple[int, int, int]) -> str:
    return f"rgb({color[0]}, {color[1]}, {color[2]})"


def _score(value: float) -> str:
    """A score with three digits; a dash for a missing one."""
    return "–" if value != value else f"{value:.3f}"  # noqa: PLR0124 (nan is not itself)


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _count(number: int) -> str:
    """A number with thin spaces between thousands."""
    return f"{number:,}".replace(",", "\u202f")


def _area(square_metres: float) -> str:
    """An area in a suitable unit."""
    for limit, unit, name in ((1e6, 1e6, "km²"), (1e4, 1e4, "ha"), (0.0, 1.0, "m²")):
        if square_metres >= limit:
            return (
                f"{square_metres / unit:.3g} {name}"
                if square_metres < 1000 * unit
                else f"{square_metres / unit:.0f} {name}"
            )
    return "–"
