"""Own-class models by place: few polygons of one place, tested on others, beside random forests.

    python -m benchmarks.own_classes --data DATA --output FOLDER [--sets NAME …] [--polygons 5 20] [--seeds 3]

Each seed labels another place. Each measured cell is a row of FOLDER/cells.csv; cells that are there are not measured
again. `--split train` measures on places that may choose settings.
The table is the mean over seeds: mIoU, or F1 of the class where there is one; boundary F at 2 px.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio

from benchmarks.own_classes import drawn, forests
from benchmarks.own_classes.sets import SETS, SPLITS, UNKNOWN, Labels, OwnSet, labelled_place, places_of, read
from idgbr.evaluation.metrics import CalibrationCounts, PlaceScores, class_iou, mean_iou
from idgbr.monitor import Monitor
from idgbr.run import run_job

METHODS = ("forest, bands", "forest, texture", "quick", "quick, refined")
COLUMNS = ("set", "polygons", "seed", "method", "score", "f2", "ece", "train_s", "apply_s_per_mpx")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--output", type=Path, required=True, help="folder of the results")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--methods", nargs="*", default=list(METHODS), choices=METHODS)
    parser.add_argument("--polygons", nargs="*", type=int, default=[5, 20])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--images", type=int, default=6, help="most test images of a place")
    parser.add_argument("--split", default="test", choices=list(SPLITS), help="train: places that may choose settings")
    given = parser.parse_args()
    given.output.mkdir(parents=True, exist_ok=True)
    path = given.output / "cells.csv"
    names = [n for n in given.sets if places_of(given.data, SETS[n], 1, given.split)]
    # Sets innermost: a run that is stopped has figures of all of them.
    for seed, count, name in itertools.product(range(given.seeds), given.polygons, names):
        done = {_key(row) for row in _rows(path)}
        wanted = [m for m in given.methods if (name, count, seed, m) not in done]
        for row in measure(given.data, name, count, seed, wanted, given.images, given.split) if wanted else ():
            _add(path, row)
    sys.stdout.write(table(list(_rows(path))))


def measure(
    data: Path, name: str, count: int, seed: int, methods: list[str], most: int, split: str = "test"
) -> Iterator[dict[str, object]]:
    """Scores of the methods with `count` polygons a class of one place, on the other places."""
    own, rng = SETS[name], np.random.default_rng([seed, count])
    places = places_of(data, own, most, split)
    with tempfile.TemporaryDirectory(prefix="idgbr_own_") as temporary:
        folder = Path(temporary)
        chosen, labelled = labelled_place(data, own, places, seed, folder)
        tested = [stem for place, stems in places.items() if place != chosen for stem in stems]
        # The same images for any number of polygons.
        tested = [tested[n] for n in sorted(np.random.default_rng(seed).permutation(len(tested))[:12])]
        polygons = drawn.draw({s: truth for s, (_, truth) in labelled.items()}, len(own.classes), count, rng)
        for method in [m for m in methods if m.startswith("forest")]:
            yield _row(name, count, seed, method, *_forest(data, own, method, labelled, polygons, tested, folder, seed))
        quick = [m for m in methods if m.startswith("quick")]
        if quick:
            model, took = _trained(own, labelled, polygons, folder, seed)
            for method in quick:
                scores, pace = _segmented(data, own, model, tested, folder, refine=method.endswith("refined"))
                yield _row(name, count, seed, method, scores, took, pace)


class Scored:
    """Scores pooled over the test images, and the calibration error of what was found."""

    def __init__(self, own: OwnSet) -> None:
        self._own, self._all = own, PlaceScores(len(own.classes))
        self._calibration = CalibrationCounts()

    def add(self, found: Labels, truth: Labels, confidence: np.ndarray | None = None) -> None:
        """Add an image; `confidence` (H, W) 0…1 of the class found."""
        known = (truth != UNKNOWN) & (found != UNKNOWN)
        self._all.add(np.where(known, found, 0).astype(np.uint8), np.where(known, truth, UNKNOWN).astype(np.uint8))
        if confidence is not None:
            self._calibration.add(confidence, found == truth, known)

    @property
    def figures(self) -> tuple[float, float, float]:
        """Score (mIoU or F1), boundary F at 2 px, calibration error (NaN without confidence)."""
        number, counts = self._own.score, self._all.counts
        if number is None:
            score, classes = mean_iou(counts), None
        else:
            iou = float(class_iou(counts)[number])
            score, classes = 2 * iou / (1 + iou), [number]
        return score, self._all.boundaries[2].mean_f_score(classes), self._calibration.expected_error()


def _forest(
    data: Path, own: OwnSet, method: str, labelled: dict[str, tuple[Path, Labels]],
    polygons: dict[str, list[tuple[int, object]]], tested: list[str], folder: Path, seed: int,
) -> tuple[Scored, float, float]:  # fmt: skip
    forest = forests.Forest(forests.texture if method.endswith("texture") else forests.bands)
    began = time.monotonic()
    given = []
    for stem, shapes in polygons.items():
        image, truth = labelled[stem]
        given.append((_pixels(image), *drawn.rasterized(shapes, truth.shape)))  # type: ignore[arg-type]
    forest.fit(given, seed)
    took, scores, spent, pixels = time.monotonic() - began, Scored(own), 0.0, 0
    for stem in tested:
        image, truth = read(data, own, stem, folder)
        began = time.monotonic()
        found = forest.predict(_pixels(image))
        spent, pixels = spent + time.monotonic() - began, pixels + truth.size
        scores.add(found, truth)
    return scores, took, spent / pixels * 1e6


def _trained(
    own: OwnSet, labelled: dict[str, tuple[Path, Labels]], polygons: dict[str, list[tuple[int, object]]],
    folder: Path, seed: int,
) -> tuple[Path, float]:  # fmt: skip
    import idgbr

    images, layers = [], []
    for stem, shapes in polygons.items():
        images.append(labelled[stem][0])
        layers.append(drawn.write(images[-1], shapes, own.classes, folder / f"{stem}_labels.gpkg"))  # type: ignore[arg-type]
    began = time.monotonic()
    model = folder / "own"
    further = {"more_inputs": images[1:], "more_labels": layers[1:]} if images[1:] else {}
    idgbr.train(images[0], layers[0], model, class_field="class", seed=seed, **further)
    return model, time.monotonic() - began


def _segmented(
    data: Path, own: OwnSet, model: Path, tested: list[str], folder: Path, *, refine: bool
) -> tuple[Scored, float]:
    import json

    names = {c["id"]: c["name"] for c in json.loads((model / "model.json").read_text())["classes"]}
    codes = np.full(256, UNKNOWN, np.uint8)
    for id_, name in names.items():
        codes[id_] = own.classes.index(name)
    scores, spent, pixels = Scored(own), 0.0, 0
    for stem in tested:
        image, truth = read(data, own, stem, folder)
        began = time.monotonic()
        run_job("segment", {
            "input": str(image), "output": str(folder / "out.fgb"), "output_classes": str(folder / "classes.tif"),
            "output_confidence": str(folder / "confidence.tif"), "model": str(model), "refine": refine,
            "min_area": 0.0, "resume": False,
        }, Monitor())  # fmt: skip
        spent, pixels = spent + time.monotonic() - began, pixels + truth.size
        with rasterio.open(folder / "classes.tif") as one, rasterio.open(folder / "confidence.tif") as other:
            confidence = other.read(1).astype(np.float64)
            confidence = confidence / 255 if other.dtypes[0] == "uint8" else confidence
            scores.add(codes[one.read(1)], truth, confidence)
    return scores, spent / pixels * 1e6


def _pixels(image: Path) -> forests.Image:
    with rasterio.open(image) as source:
        return np.asarray(source.read())


def _row(name: str, count: int, seed: int, method: str, scores: Scored, took: float, pace: float) -> dict[str, object]:
    figures = [round(figure, 4) for figure in (*scores.figures, took, pace)]
    return dict(zip(COLUMNS, (name, count, seed, method, *figures), strict=True))


def _key(row: dict[str, str]) -> tuple[str, int, int, str]:
    return row["set"], int(row["polygons"]), int(row["seed"]), row["method"]


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _add(path: Path, row: dict[str, object]) -> None:
    new = not path.exists()
    with path.open("a", newline="") as file:
        out = csv.DictWriter(file, COLUMNS)
        if new:
            out.writeheader()
        out.writerow(row)
    sys.stderr.write(f"{row}\n")


def table(rows: list[dict[str, str]]) -> str:
    """Markdown: score and boundary F of each method, by set and number of polygons, and their means over sets."""
    methods = [m for m in METHODS if any(row["method"] == m for row in rows)]
    lines = [f"| set | polygons | {' | '.join(methods)} |", "|" + "---|" * (len(methods) + 2)]
    counts = sorted({int(row["polygons"]) for row in rows})
    means: dict[tuple[int, str], list[tuple[float, float, float]]] = {}
    for name in SETS:
        for count in counts:
            cells = []
            for method in methods:
                of = [row for row in rows if (row["set"], int(row["polygons"]), row["method"]) == (name, count, method)]
                if not of:
                    cells.append("–")
                    continue
                score, f2, ece = (float(np.mean([float(row[c]) for row in of])) for c in ("score", "f2", "ece"))
                spread = float(np.std([float(row["score"]) for row in of]))
                means.setdefault((count, method), []).append((score, f2, ece))
                cells.append(f"{score:.3f} ± {spread:.3f}, F {f2:.3f}")
            if set(cells) != {"–"}:
                lines.append(f"| {name} | {count} | {' | '.join(cells)} |")
    for count in counts:
        cells = []
        for method in methods:
            of_sets = means.get((count, method), [])
            score, f2, ece = np.mean(of_sets, 0) if of_sets else (np.nan,) * 3
            error = f", ECE {ece:.3f}" if np.isfinite(ece) else ""
            cells.append(f"**{score:.3f}**, F {f2:.3f}{error}")
        lines.append(f"| **mean** | {count} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
