"""The result as JSON and as Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.refiner.run import Row, columns
from benchmarks.refiner.scores import MEASURES
from benchmarks.refiner.summary import Cell, Change, cells, changes

TARGETS = {
    "change of 1 − F2, average": "≤ −25 %",
    "change of 1 − F2, worst set": "≤ −10 %",
    "WFm": "≥ +5 points",
    "mIoU, worst set and producer": "≥ −0.2 points",
    "tiles harmed": "≤ 3 %",
    "F1 on truth": "≥ 0.97",
}
NOTES = """\
- F1, F2, F3: boundary F-score at 1, 2, 3 px; BIoU: Boundary IoU at 2 px; WFm: weighted F-measure of the boundary band.
  Full labels, no ring ignored; means over tiles. Harmed: share of tiles whose mIoU falls by more than half a point.
- All methods may change the same pixels only: the band around coarse boundaries, and doubtful pixels. "Gated" accepts a
  change by the margin of the refiner's card, "ungated" and the classical methods any.
- "Best possible" is the truth in that band, the coarse map elsewhere: what is wrong farther away no refinement reaches.
- No raster of these places trained or calibrated the refiner. The networks and the forest learned each set's imagery in
  two folds by place and never saw the tile; it is they that learned there, never the refiner.
- Segformer, random forest, and these polygons and shifts are never used in training the refiner. Segformer and random
  forest are the unseen producers; outlines simplified or shifted, and other networks like "deeplab" and "u-net", the
  refiner met in training and calibration, on other places.
- Human ceiling: of 26 roofs, each drawn by five people, IoU is 0.949, F2 0.79 and the F-score at 4 px 0.93.
- Angle: mean angle of the outlines, simplified to 1 px, to straight sides of true roofs; segments: how many of them lie
  along 100 px of such sides. Coarse → refined.
- A shift of 2 px along an axis is within the tolerance of F2: look at F1 for that producer.
- The interval is the 95 % one of a bootstrap over tiles. Averages of 1 − F2 give each set the same weight. Seconds a
  megapixel are medians, the refiner's padding included, on the processor that ran this."""


def as_json(rows: Sequence[Row], settings: dict[str, Any]) -> str:
    """Everything: settings, summary, means (those of sub-sets too) and the single tiles."""
    return json.dumps(
        {
            "settings": settings,
            "targets": TARGETS,
            "summary": [asdict(change) for change in changes(rows)],
            "means": [asdict(cell) for cell in cells(rows)],
            "means by place": [asdict(cell) for cell in cells(_by_place(rows))],
            "tiles": list(rows),
        },
        indent=1,
        ensure_ascii=False,
    )


def _by_place(rows: Sequence[Row]) -> list[Row]:
    """The same rows, each place of a set, or each sub-set of a mix, as if it were a set."""
    found = []
    for row in rows:
        part = row["tile"].partition("_")[0] if row["set"].endswith("_mix") else row["place"]
        found.append(Row(**{**row, "set": f"{row['set']}/{part}"}))
    return sorted(found, key=lambda row: row["set"])


def as_markdown(rows: Sequence[Row]) -> str:
    """The table, then the summary with targets and notes."""
    return (
        "\n\n".join(
            [
                "# Boundary refinement, measured",
                means_table(cells(rows)),
                "## Summary",
                summary_table(changes(rows)),
                "Change of 1 − F2 by set, in %:",
                sets_table(changes(rows), columns(rows, "set")),
                NOTES,
            ]
        )
        + "\n"
    )


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *lines))


def means_table(found: Sequence[Cell]) -> str:
    """One line per set, producer and method."""
    head = ["set", "tiles", "producer", "method", *MEASURES, "harmed", "s/Mpx"]
    lines = []
    for cell in found:
        measures = [f"{cell.means[m]:.3f}" for m in MEASURES]
        rest = [f"{cell.harmed:.0%}", f"{cell.seconds_per_mpx:.2f}"]
        lines.append([cell.set, str(cell.tiles), cell.producer, cell.method, *measures, *rest])
    return _table(head, lines)


def summary_table(found: Sequence[Change]) -> str:
    """One line per method, and the targets above them."""
    head = [
        "method", "1 − F2, average", "95 % interval", "worst set", "unseen producers", "WFm", "mIoU", "mIoU, worst",
        "harmed", "F1 on truth", "harmed, truth", "angle", "segments", "s/Mpx",
    ]  # fmt: skip
    lines = [["target", "≤ −25 %", "", "≤ −10 %", "", "≥ +5", "", "≥ −0.2", "≤ 3 %", "≥ 0.97", "", "", "", ""]]
    for change in found:
        worst = max(change.by_set, key=lambda name: change.by_set[name])
        lines.append(
            [
                change.method,
                f"{change.error:+.1f} %",
                f"{change.interval[0]:+.1f} … {change.interval[1]:+.1f}",
                f"{change.by_set[worst]:+.1f} % {worst}",
                _or_dash(change.unseen, "{:+.1f} %"),
                f"{change.wfm:+.1f}",
                f"{change.miou:+.2f}",
                f"{change.lowest_miou:+.2f}",
                f"{change.harmed:.1%}",
                _or_dash(change.truth_f1, "{:.3f}"),
                _or_dash(change.truth_harmed, "{:.1%}"),
                _from_to(change.coarse_angle, change.angle, "°"),
                _from_to(change.coarse_segments, change.segments, ""),
                f"{change.seconds_per_mpx:.2f}",
            ]
        )
    return _table(head, lines)


def sets_table(found: Sequence[Change], sets: Sequence[str]) -> str:
    """Change of 1 − F2 of each method in each set."""
    return _table(["method", *sets], [[c.method, *(f"{c.by_set[s]:+.1f}" for s in sets)] for c in found])


def _from_to(before: float | None, after: float | None, unit: str) -> str:
    return "–" if before is None or after is None else f"{before:.1f} → {after:.1f}{unit}"


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)
