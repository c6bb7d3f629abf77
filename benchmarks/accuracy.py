"""Accuracy by place: each test raster through the real pipeline, coarse and refined, against its labels.

    python benchmarks/accuracy.py --data DATA [--update-cards] [--output TABLE.md]

Reports mean IoU and boundary F-score (2 px, full labels, no ring ignored) per data set and place. Only places that no
shipped weights were trained or calibrated on are read. `--update-cards` writes the figures into resources/models.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from idgbr.evaluation.metrics import PlaceScores, mean_iou
from idgbr.jobs import run_job
from idgbr.models.card import CARD_NAME
from idgbr.models.registry import BUNDLED
from idgbr.monitor import Monitor

#: A nominal geotransform for images that come without one: half a metre a pixel.
NOMINAL_GSD_M = 0.5
#: Five people drawing the same roofs agree only so far: boundary F-score at 2 px of one against another.
HUMAN_BOUNDARY_F = 0.79


@dataclass(frozen=True)
class TestRaster:
    """One labelled raster: truth holds the model's class ids, 255 where unlabelled."""

    place: str
    image: Path
    truth: NDArray[np.uint8]


def building_rasters(folder: Path, stems: list[str]) -> Iterator[TestRaster]:
    """Images with a binary mask beside them, in whichever formats."""
    for stem in stems:
        image = next((folder / "images").glob(f"{stem}.*"))
        mask = next((folder / "masks").glob(f"{stem}.*"))
        with rasterio.open(mask) as source:
            truth = (source.read(1) > 0).astype(np.uint8)
        yield TestRaster("_".join(stem.split("_")[:2]), image, truth)


def landcover_rasters(folder: Path, stems: list[str]) -> Iterator[TestRaster]:
    """The Dubai tiles."""
    for stem in stems:
        with rasterio.open(folder / "masks" / f"{stem}.png") as source:
            truth = source.read(1)
        truth = np.where(truth > 4, 255, truth).astype(np.uint8)
        yield TestRaster(stem.split("_")[0], folder / "images" / f"{stem}.jpg", truth)


#: Test sets by data set: the model and how its rasters are read.
SETS = {
    "buildings_oam_drone": ("buildings", building_rasters),
    "landcover_dubai_hitl": ("landcover", landcover_rasters),
    "buildings_benchmark_mix": ("buildings", building_rasters),
    "buildings_yangon_drone": ("buildings", building_rasters),
}
#: Nominal ground sample distance of sets whose files do not say.
GSD_M = {"buildings_benchmark_mix": 0.3, "buildings_yangon_drone": 0.1}


def georeferenced(raster: TestRaster, folder: Path, gsd_m: float) -> Path:
    """The image itself if it is georeferenced, else a GeoTIFF copy at a nominal ground sample distance."""
    with rasterio.open(raster.image) as source:
        if source.crs is not None:
            return raster.image
        bands = source.read([1, 2, 3] if source.count >= 3 else [1, 1, 1])
    path = folder / "image.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=3, dtype=bands.dtype,
        crs="EPSG:32640", transform=rasterio.Affine(gsd_m, 0, 500000, 0, -gsd_m, 2800000),
    ) as out:  # fmt: skip
        out.write(bands)
    return path


def predict(image: Path, model: str, folder: Path, *, refine: bool, steps: int, device: str) -> NDArray[np.uint8]:
    """Class raster of the pipeline."""
    classes = folder / "classes.tif"
    run_job(
        "segment",
        {
            "input": str(image), "output": str(folder / "out.fgb"), "output_classes": str(classes), "model": model,
            "refine": refine, "steps": steps, "device": device, "min_area": 0.0,
        },
        Monitor(),
    )  # fmt: skip
    with rasterio.open(classes) as source:
        labels: NDArray[np.uint8] = source.read(1)
    return labels


def evaluate_set(data: Path, name: str, stems: list[str], steps: int, device: str) -> dict[str, dict[str, float]]:
    """Scores before and after refinement for each place of a set, and over all of it."""
    model, reader = SETS[name]
    count = 2 if model == "buildings" else 5
    scored: dict[str, tuple[PlaceScores, PlaceScores]] = {}
    for raster in reader(data / name, stems):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            image = georeferenced(raster, folder, GSD_M.get(name, NOMINAL_GSD_M))
            place = scored.setdefault(raster.place, (PlaceScores(count), PlaceScores(count)))
            for position, refine in enumerate((False, True)):
                labels = predict(image, model, folder, refine=refine, steps=steps, device=device)
                place[position].add(labels, raster.truth)
        sys.stderr.write(f"{name} {raster.image.stem} done\n")
    total = (PlaceScores(count), PlaceScores(count))
    for before, after in scored.values():
        total = (total[0] + before, total[1] + after)
    return {place: _row(*scores, model) for place, scores in (scored | {"all": total}).items()}


def _row(before: PlaceScores, after: PlaceScores, model: str) -> dict[str, float]:
    classes = [1] if model == "buildings" else None
    row = {}
    for key, scores in (("coarse", before), ("refined", after)):
        row[f"{key} mIoU"] = round(mean_iou(scores.counts), 4)
        for tolerance in scores.tolerances_px:
            row[f"{key} boundary F {tolerance} px"] = round(scores.boundaries[tolerance].mean_f_score(classes), 4)
    return row


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """Markdown table of the results."""
    lines = ["| data set | place | mIoU coarse | mIoU refined | boundary F 2 px coarse | boundary F 2 px refined |"]
    lines.append("|---|---|---|---|---|---|")
    for name, places in results.items():
        for place, row in places.items():
            cells = [
                row[k] for k in ("coarse mIoU", "refined mIoU", "coarse boundary F 2 px", "refined boundary F 2 px")
            ]
            lines.append(f"| {name} | {place} | " + " | ".join(f"{c:.3f}" for c in cells) + " |")
    return "\n".join(lines)


def update_cards(results: dict[str, dict[str, dict[str, float]]]) -> None:
    """Write the figures into the cards of the bundled models."""
    for name, places in results.items():
        for model in (SETS[name][0], "refiner"):
            path = BUNDLED / model / CARD_NAME
            card = json.loads(path.read_text(encoding="utf-8"))
            card.setdefault("accuracy", {})[name] = places
            path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument(
        "--sets", nargs="*", default=["buildings_oam_drone", "landcover_dubai_hitl"], choices=list(SETS)
    )
    parser.add_argument("--steps", type=int, default=0, help="refinement steps (0: the refiner's default)")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--only", nargs="*", help="only rasters whose stem holds one of these words")
    parser.add_argument("--update-cards", action="store_true")
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    arguments = parser.parse_args()
    splits = json.loads((arguments.data / "splits.json").read_text())
    results = {}
    for name in arguments.sets:
        stems = [s for s in splits[name]["test"] if not arguments.only or any(word in s for word in arguments.only)]
        results[name] = evaluate_set(arguments.data, name, stems, arguments.steps, arguments.device)
    text = table(results) + f"\n\nOne person against another on drone roofs: boundary F (2 px) {HUMAN_BOUNDARY_F}.\n"
    sys.stdout.write(text)
    if arguments.output:
        arguments.output.write_text(text)
    if arguments.update_cards:
        update_cards(results)


if __name__ == "__main__":
    main()
