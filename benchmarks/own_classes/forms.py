"""Forms of the head of quick models, on places that may choose them: score and calibration error on other places.

    python -m benchmarks.own_classes.forms --data DATA --output FOLDER [--forms NAME …] [--polygons 5 20] [--seeds 2]

Features of the labels and of random cells of the test images are computed once and kept in FOLDER. The score is the
mIoU, or the F1 of the class where there is one; `without shares` is the default form without the shares of classes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.own_classes import drawn
from benchmarks.own_classes.sets import SETS, UNKNOWN, OwnSet, labelled_place, places_of, read
from idgbr.arrays import Array, Ints
from idgbr.engines.devices import choose_device
from idgbr.evaluation.confusion import class_f1, confusion, mean_iou
from idgbr.evaluation.metrics import CalibrationCounts
from idgbr.monitor import Monitor
from idgbr.own_labels.blocks import Folds, label_folds
from idgbr.own_labels.labels import own_labels
from idgbr.own_labels.layer import read_label_layer
from idgbr.own_labels.rasterize import Window
from idgbr.quick.features import CELL, FeatureReader
from idgbr.quick.fit import HeadForm, fit_head, head_logits, probabilities, tempered
from idgbr.quick.graph import Layout
from idgbr.quick.samples import HALO, SIDE, Samples, take_samples
from idgbr.quick.train import WindowReader, blank_card, load_backbone
from idgbr.quick.validate import calibrated, cross_validate
from idgbr.raster.reader import RasterSource

FORMS = {
    "default": HeadForm(),
    "without shares": HeadForm(),
    "32 hidden": HeadForm(hidden=32),
    "30 iterations": HeadForm(iterations=30),
    "120 iterations": HeadForm(iterations=120),
    "decays × 3": HeadForm(decays=(1.5, 4.5, 15.0, 15.0)),
    "decays × 0.3": HeadForm(decays=(0.15, 0.45, 1.5, 1.5)),
    "deep decays × 3": HeadForm(decays=(0.5, 1.5, 15.0, 15.0)),
    "deep decays × 0.3": HeadForm(decays=(0.5, 1.5, 1.5, 1.5)),
}
#: Test images of a case, images of its place, and random cells of a test image.
_TESTED, _IMAGES, _CELLS = 6, 6, 12_000


@dataclass(frozen=True)
class Case:
    """Samples of the labels of a place, and cells of other places: features (N, C) and classes (N,).

    `codes` are the numbers in the set of the classes of the samples.
    """

    samples: Samples
    folds: Folds
    layout: Layout
    features: Array
    truth: Ints
    codes: Ints

    def save(self, path: Path) -> None:
        """Write it as an .npz file."""
        s = self.samples
        np.savez(
            path, features=s.features, classes=s.classes, labels=s.labels, pixels=s.pixels, around=s.around,
            folds=self.folds.of_label, by=self.folds.by, bands=self.layout.bands, backbone=self.layout.backbone,
            tested=self.features, truth=self.truth, codes=self.codes,
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> Case:
        """Read what `save` wrote."""
        with np.load(path) as f:
            samples = Samples(f["features"], f["classes"], f["labels"], f["pixels"], f["around"])
            layout = Layout(int(f["bands"]), tuple(f["backbone"].tolist()))
            return cls(samples, Folds(f["folds"], str(f["by"])), layout, f["tested"], f["truth"], f["codes"])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--output", type=Path, required=True, help="folder of the features")
    parser.add_argument("--forms", nargs="*", default=list(FORMS), choices=list(FORMS))
    parser.add_argument("--polygons", nargs="*", type=int, default=[5, 20])
    parser.add_argument("--seeds", type=int, default=2)
    given = parser.parse_args()
    given.output.mkdir(parents=True, exist_ok=True)
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for name, own in SETS.items():
        places = places_of(given.data, own, _IMAGES, "train")
        for seed in range(given.seeds) if places else ():
            for count in given.polygons:
                path = given.output / f"{own.folder}_{seed}_{count}.npz"
                if not path.exists():
                    collect(given.data, own, places, seed, count).save(path)
                case = Case.load(path)
                for form in given.forms:
                    found.setdefault((form, name), []).append(score(case, own, form, seed))
                    sys.stderr.write(f"{form}, {name}, seed {seed}, {count} polygons: {found[form, name][-1]}\n")
    sys.stdout.write(table(found))


def collect(data: Path, own: OwnSet, places: dict[str, list[str]], seed: int, count: int) -> Case:
    """The features for `count` polygons a class of one place, and of cells of other places."""
    rng, monitor, device = np.random.default_rng([seed, count]), Monitor(), choose_device("cpu", Monitor())
    with tempfile.TemporaryDirectory(prefix="idgbr_own_") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        chosen, labelled = labelled_place(data, own, places, seed, folder)
        tested = [stem for place, stems in places.items() if place != chosen for stem in stems]
        shapes = drawn.draw({s: truth for s, (_, truth) in labelled.items()}, len(own.classes), count, rng)
        pairs = []
        for stem, polygons in shapes.items():
            layer = drawn.write(labelled[stem][0], polygons, own.classes, folder / f"{stem}_labels.gpkg")
            source = stack.enter_context(RasterSource(str(labelled[stem][0])))
            pairs.append((source, read_label_layer(str(layer), "class", monitor)))
        labels = own_labels(pairs, "background", monitor)
        network, backbone = load_backbone(device)
        card = blank_card(labels, backbone, "form")
        reader = FeatureReader(network, card, device)
        windows = WindowReader(reader, card)
        samples = take_samples(labels, windows, np.random.default_rng(seed), monitor)
        cells = []
        for number in sorted(rng.permutation(len(tested))[:_TESTED]):
            image, truth = read(data, own, tested[number], folder)
            source = stack.enter_context(RasterSource(str(image)))
            cells.append(_cells(source, truth, windows, rng))
        features, classes = (np.concatenate(parts) for parts in zip(*cells, strict=True))
        codes = np.array([own.classes.index(info.name) for info in labels.classes])
        return Case(samples, label_folds(labels), reader.layout, features, classes, codes)


def _cells(
    source: RasterSource, truth: NDArray[np.uint8], windows: WindowReader, rng: np.random.Generator
) -> tuple[Array, Ints]:
    """Features and classes of random cells of an image."""
    rows, cols = np.nonzero(truth[::CELL, ::CELL] != UNKNOWN)
    fitting = (rows < truth.shape[0] // CELL) & (cols < truth.shape[1] // CELL)
    chosen = rng.permutation(np.flatnonzero(fitting))[:_CELLS]
    rows, cols = rows[chosen], cols[chosen]
    features, classes = [], []
    for row in range(0, truth.shape[0], SIDE):
        for col in range(0, truth.shape[1], SIDE):
            inside = (rows * CELL // SIDE == row // SIDE) & (cols * CELL // SIDE == col // SIDE)
            maps, _ = windows(source, Window(row, col, SIDE, SIDE))
            features.append(maps.at(rows[inside] + (HALO - row) // CELL, cols[inside] + (HALO - col) // CELL))
            classes.append(truth[rows[inside] * CELL, cols[inside] * CELL].astype(np.int64))
    return np.concatenate(features), np.concatenate(classes)


def score(case: Case, own: OwnSet, name: str, seed: int) -> tuple[float, float]:
    """Score and calibration error on the cells of other places."""
    form, count = FORMS[name], len(case.codes)
    held = cross_validate(case.samples, case.folds, count, form, case.layout, seed, Monitor())
    plain = fit_head(case.samples, count, form, case.layout, seed)
    head, calibration = calibrated(plain, case.samples, held)
    if name == "without shares":
        head = tempered(plain, calibration.temperature)
    found = probabilities(head_logits(head, case.features))
    predicted = case.codes[found.argmax(1)]
    counts = confusion(predicted, case.truth, len(own.classes))
    error = CalibrationCounts()
    error.add(found.max(1), predicted == case.truth, np.ones(case.truth.size, bool))
    return (mean_iou(counts) if own.score is None else float(class_f1(counts)[own.score])), error.expected_error()


def table(found: dict[tuple[str, str], list[tuple[float, float]]]) -> str:
    """Markdown: mean score and calibration error of each form, by set and over sets."""
    sets = list(dict.fromkeys(name for _, name in found))
    lines = [f"| form | {' | '.join(sets)} | mean |", "|" + "---|" * (len(sets) + 2)]
    for form in dict.fromkeys(form for form, _ in found):
        means = [np.mean(found[form, name], axis=0) for name in sets]
        cells = [f"{score:.3f}, ECE {error:.3f}" for score, error in (*means, np.mean(means, axis=0))]
        lines.append(f"| {form} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
