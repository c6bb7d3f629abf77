"""The ground sample distances that `buildings` works at: IoU and boundary F on places set aside, by working resolution.

    python benchmarks/gsd_range.py --data DATA [--gsd 0.1 0.15 0.2 0.3 0.5 0.7 1 1.5]

Images finer than a resolution are resampled to it, and the model runs there, whatever range its card says. The places
are those that chose and calibrated the model (`idgbr.training.backbone_data`), so figures compare resolutions only.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import cv2
import numpy as np
import rasterio

from idgbr.evaluation.metrics import PlaceScores, class_iou
from idgbr.models.card import CARD_NAME
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.run import run_job
from idgbr.training.backbone_data import load_places
from idgbr.training.places import Place
from idgbr.training.train_backbone import truth_of


def without_range(folder: Path) -> Path:
    """A copy of the model `buildings` that takes images of any ground sample distance as they are."""
    source, _ = find_model("buildings", "coarse")
    copy = folder / "buildings"
    shutil.copytree(source, copy)
    card = json.loads((copy / CARD_NAME).read_text())
    card["gsd_range_m"] = [0.01, 10.0]
    (copy / CARD_NAME).write_text(json.dumps(card))
    return copy


def scores_at(place: Place, gsd_m: float, model: Path, folder: Path) -> PlaceScores:
    """Scores of a place at a working resolution."""
    factor = place.gsd_m / gsd_m
    size = (round(place.labels.shape[1] * factor), round(place.labels.shape[0] * factor))
    image = np.moveaxis(cv2.resize(place.levels[0], size, interpolation=cv2.INTER_AREA), 2, 0)
    with rasterio.open(
        folder / "image.tif", "w", driver="GTiff", height=size[1], width=size[0], count=3, dtype="uint8",
        crs="EPSG:32636", transform=rasterio.Affine(gsd_m, 0, 500000, 0, -gsd_m, 100000),
    ) as out:  # fmt: skip
        out.write(image)
    found = folder / "classes.tif"
    run_job(
        "segment",
        {
            "input": str(folder / "image.tif"), "output": str(folder / "out.fgb"), "output_classes": str(found),
            "model": str(model), "refine": False, "min_area": 0.0, "resume": False,
        },
        Monitor(),
    )  # fmt: skip
    with rasterio.open(found) as source:
        labels = source.read(1)
    scores = PlaceScores(2)
    scores.add(labels, truth_of(place, labels.shape))
    return scores


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--gsd", type=float, nargs="*", default=[0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5])
    arguments = parser.parse_args()
    places = [p for p in load_places(arguments.data) if p.calibration and not p.full_labels]
    datasets = list(dict.fromkeys(p.dataset for p in places))
    print(f"| m | {' | '.join(f'{name}: IoU, F 2 px' for name in datasets)} |")
    print("|---|" + "---|" * len(datasets))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        model = without_range(folder)
        for gsd in arguments.gsd:
            cells = []
            for name in datasets:
                total = PlaceScores(2)
                for place in places:
                    # Enlarged images hold no more than they did.
                    if place.dataset == name and place.gsd_m <= 1.05 * gsd:
                        total = total + scores_at(place, gsd, model, folder)
                iou = float(class_iou(total.counts)[1])
                f2 = total.boundaries[2].mean_f_score([1])
                cells.append(f"{iou:.3f}, {f2:.3f}" if np.isfinite(iou) else "")
            print(f"| {gsd:g} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
