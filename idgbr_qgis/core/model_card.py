"""A model's card in a few lines for people."""

from __future__ import annotations

import html
from statistics import fmean
from typing import Any

from idgbr_qgis.core.styles import parse_classes
from idgbr_qgis.core.translation import tr

#: Figures of accuracy that are shown, by their names in cards.
SHOWN_FIGURES = ("mIoU", "boundary F 2 px")
#: Most data sets whose figures are shown one by one.
MOST_SETS = 2


def card_html(card: dict[str, Any], gsd_m: float | None, each_set: bool = False) -> str:
    """Classes with colours, pixel size against that of the image, accuracy and licence; what is missing is left out.

    The accuracy is that on each data set, or its mean over many of them unless `each_set` is given.
    """
    lines = [_classes(card), _pixel_size(card, gsd_m), _accuracy(card, each_set), _licence(card)]
    return "<br>".join(line for line in lines if line)


def full_card_html(card: dict[str, Any]) -> str:
    """All of a model for the models dialog: its card, bands and values, where it lies, and what is wrong with it."""
    title = f"<h3>{html.escape(str(card.get('title') or card.get('id')))}</h3>"
    problem = card.get("problem")
    sound = tr("All files are intact.")
    state = f'<span style="color:#c0392b">{html.escape(str(problem))}</span>' if problem else sound
    lines = [
        card_html(card, None, each_set=True),
        _bands(card),
        _values(card),
        html.escape(str(card.get("folder", ""))),
        state,
    ]
    return title + "<br><br>".join(line for line in lines if line)


def _bands(card: dict[str, Any]) -> str:
    if not isinstance(card.get("bands"), int):
        return ""
    chosen = card.get("band_map")
    if chosen:
        return tr("Uses the bands {bands} of the image").format(bands=", ".join(map(str, chosen)))
    return tr("Uses the first {n} bands of the image").format(n=card["bands"])


def _values(card: dict[str, Any]) -> str:
    scaling = card.get("scaling") if isinstance(card.get("scaling"), dict) else {}
    names = ("low", "high", "mean", "std")
    numbers = {name: ", ".join(f"{value:g}" for value in scaling.get(name, ())) for name in names}
    if numbers["low"]:
        text = tr("Values from {low} to {high}").format(**numbers)
    else:
        text = tr("8-bit values unchanged; other types scaled by the value range of the area")
    if numbers["mean"]:
        text += tr("; standardized with mean {mean} and standard deviation {std}").format(**numbers)
    return html.escape(text)


def _classes(card: dict[str, Any]) -> str:
    shown = [item for item in parse_classes(card.get("classes")) if not item.background]
    mark = '<span style="color:{color}">■</span>&nbsp;{name}'
    return "&ensp; ".join(mark.format(color=item.color.name(), name=html.escape(item.name)) for item in shown)


def _pixel_size(card: dict[str, Any], gsd_m: float | None) -> str:
    limits = card.get("gsd_range_m")
    if not isinstance(limits, list) or len(limits) != 2:
        return ""
    low, high = limits
    text = tr("For pixel sizes of {low}–{high}\u00a0m").format(low=low, high=high)
    if gsd_m is None:
        return text
    size = f"{gsd_m:.2g}"
    if gsd_m < low * 0.99:
        return text + tr("; this image has {size}\u00a0m and is resampled to larger pixels").format(size=size)
    if gsd_m > high * 1.01:
        warning = tr("this image has {size}\u00a0m, too coarse for details").format(size=size)
        return f'{text}; <span style="color:#c0392b">{warning}</span>'
    return text + tr("; this image has {size}\u00a0m").format(size=size)


def _accuracy(card: dict[str, Any], each_set: bool) -> str:
    """Figures over all places of each data set that the card names, or their means if there are many."""
    accuracy = card.get("accuracy")
    sets: dict[str, dict[str, float]] = {}
    for data, places in accuracy.items() if isinstance(accuracy, dict) else ():
        known = places if isinstance(places, dict) else {}
        figures = known.get("all", next(iter(known.values()), None))
        if not isinstance(figures, dict):
            continue
        values = {name: figures.get(f"refined {name}", figures.get(f"coarse {name}")) for name in SHOWN_FIGURES}
        if numbers := {name: value for name, value in values.items() if isinstance(value, int | float)}:
            sets[str(data)] = numbers
    if len(sets) > MOST_SETS and not each_set:
        means = {
            name: fmean(found) for name in SHOWN_FIGURES if (found := [f[name] for f in sets.values() if name in f])
        }
        return tr("Accuracy, mean of {n} test sets: {figures}").format(n=len(sets), figures=_figures(means))
    parts = [f"{html.escape(data.replace('_', ' '))}: {_figures(numbers)}" for data, numbers in sets.items()]
    return tr("Accuracy on {data}").format(data="; ".join(parts)) if parts else ""


def _figures(numbers: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in numbers.items())


def _licence(card: dict[str, Any]) -> str:
    if not card.get("license"):
        return ""
    text = tr("Version {version}, licence {licence}")
    return html.escape(text.format(version=card.get("version", "?"), licence=card["license"]))
