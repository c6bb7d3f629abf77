"""Accuracy by set and place: each test raster through the real pipeline, coarse and refined, against its labels.

    python benchmarks/accuracy.py --data DATA [--before MODELS] [--sheet SHEET.png] [--update-cards] [--output TABLE.md]

Only `test` places of `splits.json` are read: no shipped weights were trained, chosen or calibrated on them. IoU (of
buildings; of land cover the mean over its classes) and boundary F-score (2 px, full labels, no ring ignored) are means
over the images, as is the interval (95 %, images of a place drawn together). `--before` names a folder of other models,
or a commit that holds them, and shows their figures beside. `--sheet` shows the images where the refined IoU is lowest.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from idgbr.evaluation.metrics import PlaceScores, class_iou, mean_iou
from idgbr.models.card import CARD_NAME
from idgbr.models.registry import BUNDLED
from idgbr.monitor import Monitor
from idgbr.run import run_job

#: Five people drawing the same roofs agree only so far: boundary F-score at 2 px of one against another.
HUMAN_BOUNDARY_F = 0.79
Labels = NDArray[np.uint8]
STAGES = ("coarse", "refined")


@dataclass(frozen=True)
class TestSet:
    """How the rasters of a data set are read.

    `truth` makes class ids of the model (255: unlabelled) of a mask and its stem, or None where the raster does not
    count. `gsd_m` is the nominal ground sample distance of files that are not georeferenced. `place` names the place
    of a stem.
    """

    folder: str
    model: str
    truth: Callable[[Labels, str], Labels | None]
    gsd_m: float
    place: Callable[[str], str]


def _building(mask: Labels, stem: str) -> Labels:
    # The multi-class masks of New Brunswick number buildings 4.
    return ((mask == 4) if stem.startswith("newbrunswick") else (mask > 0)).astype(np.uint8)


def _filled(mask: Labels, stem: str) -> Labels:
    """Whole roofs: what stands on them is cut out of the masks."""
    from scipy.ndimage import binary_fill_holes

    return np.asarray(binary_fill_holes(_building(mask, stem)), np.uint8)


def _dubai(mask: Labels, _: str) -> Labels:
    return np.where(mask > 4, 255, mask).astype(np.uint8)


def _new_brunswick(mask: Labels, stem: str) -> Labels | None:
    if not stem.startswith("newbrunswick"):
        return None
    # Other ground, vegetation, water, road, building, railway → land-cover ids.
    return np.array([1, 3, 4, 2, 0, 255], np.uint8)[np.minimum(mask, 5)]


def _first(parts: int) -> Callable[[str], str]:
    return lambda stem: "_".join(stem.split("_")[:parts])


SETS = {
    "drone": TestSet("buildings_oam_drone", "buildings", _building, 0.07, _first(2)),
    "benchmark mix": TestSet("buildings_benchmark_mix", "buildings", _building, 0.3, lambda s: s.rstrip("_0123456789")),
    "ramp": TestSet("buildings_ramp_hot_chips", "buildings", _building, 0.3, lambda s: s[:4]),
    "yangon": TestSet("buildings_yangon_drone", "buildings", _building, 0.1, _first(1)),
    "nrcan": TestSet("buildings_georef_vector_nrcan", "buildings", _building, 0.5, _first(1)),
    "geneva": TestSet("roofs_geneva_pv", "buildings", _filled, 0.25, lambda s: s[:11]),
    "south tyrol": TestSet("roofs_solar_southtyrol", "buildings", _building, 0.137, lambda s: s[:8]),
    "dubai": TestSet("landcover_dubai_hitl", "landcover", _dubai, 0.5, _first(1)),
    "new brunswick": TestSet("buildings_georef_vector_nrcan", "landcover", _new_brunswick, 0.5, _first(2)),
}


@dataclass
class Scores:
    """Scores of the images of a set, by image and pooled by place."""

    classes: int
    places: list[str] = field(default_factory=list)
    iou: list[float] = field(default_factory=list)
    f2: list[float] = field(default_factory=list)
    pooled: dict[str, PlaceScores] = field(default_factory=dict)

    def add(self, place: str, predicted: Labels, truth: Labels) -> float:
        """Add an image; returns its IoU."""
        scores = PlaceScores(self.classes)
        scores.add(predicted, truth)
        binary = self.classes == 2
        iou = float(class_iou(scores.counts)[1]) if binary else mean_iou(scores.counts)
        self.places.append(place)
        # An image without buildings in which none is found says nothing of an IoU.
        self.iou.append(iou)
        self.f2.append(scores.boundaries[2].mean_f_score([1] if binary else None) if np.isfinite(iou) else np.nan)
        self.pooled[place] = self.pooled[place] + scores if place in self.pooled else scores
        return iou


def test_rasters(data: Path, test: TestSet, stems: Sequence[str], folder: Path) -> Iterator[tuple[str, Path, Labels]]:
    """Stem, georeferenced image and truth of each raster that counts."""
    root = data / test.folder
    for stem in stems:
        image = next(path for path in (root / "images").glob(f"{stem}.*") if path.suffix != ".jgw")
        with rasterio.open(next((root / "masks").glob(f"{stem}.*"))) as source:
            truth = test.truth(source.read(1), stem)
        if truth is not None:
            yield stem, georeferenced(image, folder, test.gsd_m), truth


def georeferenced(image: Path, folder: Path, gsd_m: float) -> Path:
    """The image itself if it is georeferenced, else a GeoTIFF copy at a nominal ground sample distance."""
    with rasterio.open(image) as source:
        if source.crs is not None:
            return image
        bands = source.read([1, 2, 3] if source.count >= 3 else [1, 1, 1])
    path = folder / "image.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=3, dtype=bands.dtype,
        crs="EPSG:32640", transform=rasterio.Affine(gsd_m, 0, 500000, 0, -gsd_m, 2800000),
    ) as out:  # fmt: skip
        out.write(bands)
    return path


def predict(image: Path, model: str, folder: Path, *, refine: bool, steps: int, device: str) -> Labels:
    """Class raster of the pipeline."""
    classes = folder / "classes.tif"
    run_job(
        "segment",
        {
            "input": str(image), "output": str(folder / "out.fgb"), "output_classes": str(classes), "model": model,
            "refine": refine, "steps": steps, "device": device, "min_area": 0.0, "resume": False,
        },
        Monitor(),
    )  # fmt: skip
    with rasterio.open(classes) as source:
        labels: Labels = source.read(1)
    return labels


@dataclass(frozen=True)
class Shown:
    """An image for the contact sheet: what it is, its IoU, image (3, H, W), truth and result (H, W)."""

    name: str
    iou: float
    image: Labels
    truth: Labels
    found: Labels


def evaluate_set(
    data: Path, name: str, stems: Sequence[str], steps: int, device: str, shown: list[Shown] | None = None
) -> dict[str, Scores]:
    """Scores of a set before and after refinement; images go to `shown` with their result."""
    test = SETS[name]
    found = {stage: Scores(2 if test.model == "buildings" else 5) for stage in STAGES}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for stem, image, truth in test_rasters(data, test, stems, folder):
            for stage in STAGES:
                labels = predict(image, test.model, folder, refine=stage == "refined", steps=steps, device=device)
                iou = found[stage].add(test.place(stem), labels, truth)
            if shown is not None and np.isfinite(iou):
                with rasterio.open(image) as source:
                    shown.append(Shown(f"{name} {stem}", iou, source.read([1, 2, 3]), truth, labels))
            sys.stderr.write(f"{name} {stem}: {iou:.3f}\n")
    return found


def interval(scores: Scores, values: Sequence[float], draws: int = 1000) -> tuple[float, float]:
    """95 % interval of the mean over images, places drawn with repetition."""
    by_place = defaultdict(list)
    for place, value in zip(scores.places, values, strict=True):
        by_place[place].append(value)
    groups = [np.array(group) for group in by_place.values()]
    # Of one place, its images are drawn.
    groups = [np.array([value]) for value in groups[0]] if len(groups) == 1 else groups
    rng = np.random.default_rng(0)
    means = [
        np.nanmean(np.concatenate([groups[n] for n in rng.integers(len(groups), size=len(groups))]))
        for _ in range(draws)
    ]
    low, high = np.nanpercentile(means, [2.5, 97.5])
    return float(low), float(high)


def table(results: dict[str, dict[str, Scores]], before: dict[str, dict[str, Scores]] | None) -> str:
    """Markdown table of the results, those of other models in front of them where there are any."""
    runs = {"before": before, "now": results} if before else {"": results}
    heads = [f"{what} {stage} {run}".strip() for what in ("IoU", "F 2 px") for stage in STAGES for run in runs]
    lines = [f"| set | images | {' | '.join(heads)} |", "|" + "---|" * (len(heads) + 2)]
    for name, stages in results.items():
        cells = []
        for what in ("iou", "f2"):
            for stage in STAGES:
                for run in runs.values():
                    scores = run[name][stage] if run else stages[stage]
                    low, high = interval(scores, getattr(scores, what))
                    cells.append(f"{np.nanmean(getattr(scores, what)):.3f} ({low:.2f}–{high:.2f})")
        lines.append(f"| {name} | {np.isfinite(stages['refined'].iou).sum()} | {' | '.join(cells)} |")
    for model in ("buildings", "landcover"):
        names = [name for name in results if SETS[name].model == model]
        if len(names) > 1:
            cells = [
                f"**{np.mean([np.nanmean(getattr(run[name][stage], what)) for name in names]):.3f}**"
                for what in ("iou", "f2") for stage in STAGES for run in runs.values() if run
            ]  # fmt: skip
            lines.append(f"| **{model}, mean of {len(names)} sets** | | {' | '.join(cells)} |")
    return "\n".join(lines)


def sheet(shown: Sequence[Shown], path: Path, count: int = 24, side: int = 256) -> None:
    """Picture of the images with the lowest IoU: image with true (red) and found (green) outlines."""
    import cv2

    tiles = []
    for one in sorted(shown, key=lambda one: one.iou)[:count]:
        picture = np.ascontiguousarray(np.moveaxis(one.image, 0, 2)[..., ::-1]).astype(np.uint8)
        scale = side / max(picture.shape[:2])
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        for labels, colour in ((one.truth, (0, 0, 255)), (one.found, (0, 255, 0))):
            small = cv2.resize(
                np.where(labels == 255, 0, labels).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST
            )
            picture[cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)) > 0] = colour
        tile = np.zeros((side + 16, side, 3), np.uint8)
        tile[16 : 16 + size[1], : size[0]] = picture
        cv2.putText(tile, f"{one.iou:.2f} {one.name}"[:42], (2, 11), cv2.FONT_HERSHEY_PLAIN, 0.75, (255, 255, 255))
        tiles.append(tile)
    while len(tiles) % 6:
        tiles.append(np.zeros_like(tiles[0]))
    rows = [np.concatenate(tiles[n : n + 6], 1) for n in range(0, len(tiles), 6)]
    cv2.imwrite(str(path), np.concatenate(rows, 0))


def card_rows(stages: dict[str, Scores]) -> dict[str, dict[str, float]]:
    """What a card says of a set: pooled scores of each place, and of all of them."""
    rows = {}
    places = list(dict.fromkeys(stages["refined"].places))
    for place in [*places, "all"]:
        row = {}
        for stage, scores in stages.items():
            parts = list(scores.pooled.values()) if place == "all" else [scores.pooled[place]]
            total = parts[0]
            for part in parts[1:]:
                total = total + part
            classes = [1] if total.classes == 2 else None
            row[f"{stage} mIoU"] = round(mean_iou(total.counts), 4)
            if total.classes == 2:
                row[f"{stage} IoU"] = round(float(class_iou(total.counts)[1]), 4)
            for tolerance in total.tolerances_px:
                row[f"{stage} boundary F {tolerance:g} px"] = round(
                    total.boundaries[tolerance].mean_f_score(classes), 4
                )
        rows[place] = row
    return rows


def update_cards(results: dict[str, dict[str, Scores]]) -> None:
    """Write the figures into the cards of the bundled models that were measured; those of other sets stay."""
    for model in ("buildings", "landcover", "refiner"):
        path = BUNDLED / model / CARD_NAME
        card = json.loads(path.read_text(encoding="utf-8"))
        chosen = {name: card_rows(stages) for name, stages in results.items() if model in ("refiner", SETS[name].model)}
        if chosen:
            card["accuracy"] = {**card.get("accuracy", {}), **chosen}
            path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@contextmanager
def models_of(where: str) -> Iterator[None]:
    """Run with the models of a folder, or with those that a commit holds."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(where)
        if not folder.is_dir():
            archive = subprocess.run(
                ["git", "archive", where, "resources/models"], cwd=BUNDLED.parents[1], capture_output=True, check=True
            ).stdout
            subprocess.run(["tar", "--extract", "--directory", temporary], input=archive, check=True)
            folder = Path(temporary) / "resources" / "models"
        os.environ["IDGBR_MODELS"] = str(folder)
        yield
        del os.environ["IDGBR_MODELS"]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--steps", type=int, default=0, help="refinement steps (0: the refiner's default)")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--only", nargs="*", help="only rasters whose stem holds one of these words")
    parser.add_argument("--before", help="folder of other models, or a commit that holds them, to compare with")
    parser.add_argument("--sheet", type=Path, help="picture of the images with the lowest IoU")
    parser.add_argument("--update-cards", action="store_true")
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    arguments = parser.parse_args()
    splits = json.loads((arguments.data / "splits.json").read_text())
    shown: list[Shown] | None = [] if arguments.sheet else None

    def run(shown: list[Shown] | None) -> dict[str, dict[str, Scores]]:
        results = {}
        for name in arguments.sets:
            stems = splits[SETS[name].folder]["test"]
            stems = [s for s in stems if not arguments.only or any(word in s for word in arguments.only)]
            results[name] = evaluate_set(arguments.data, name, stems, arguments.steps, arguments.device, shown)
        return results

    before = None
    if arguments.before:
        with models_of(arguments.before):
            before = run(None)
    results = run(shown)
    text = table(results, before)
    text += f"\n\nOne person against another on drone roofs: boundary F (2 px) {HUMAN_BOUNDARY_F}.\n"
    sys.stdout.write(text)
    if arguments.output:
        arguments.output.write_text(text)
    if shown:
        sheet(shown, arguments.sheet)
    if arguments.update_cards:
        update_cards(results)


if __name__ == "__main__":
    main()
