"""Data sets whose classes no bundled model has: one place is labelled, the others are tested."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning

Labels = NDArray[np.uint8]
#: Label of pixels that do not count.
UNKNOWN = 255


@dataclass(frozen=True)
class OwnSet:
    """How a data set is read.

    `place` gives the place of a stem. Each seed labels another place. `truth` makes class ids of a mask, `UNKNOWN`
    where it does not count. `score` is the class whose F1 counts; None: the mean IoU over classes.
    """

    folder: str
    classes: tuple[str, ...]
    truth: Callable[[Labels], Labels]
    place: Callable[[str], str]
    gsd_m: float
    score: int | None = None


def _binary(mask: Labels) -> Labels:
    return (mask > 0).astype(np.uint8)


def _dubai(mask: Labels) -> Labels:
    return np.where(mask > 4, UNKNOWN, mask).astype(np.uint8)


def _same(mask: Labels) -> Labels:
    return mask


SETS = {
    "land cover, Dubai": OwnSet(
        "landcover_dubai_hitl", ("building", "land", "road", "vegetation", "water"), _dubai, lambda s: s, 0.5
    ),
    "land cover, New Brunswick": OwnSet(
        "buildings_georef_vector_nrcan", ("ground", "vegetation", "water", "road", "building", "railway"), _same,
        lambda s: s, 0.5,
    ),
    "pools": OwnSet("pools_saopaulo_irg", ("other", "pool"), _binary, lambda s: s.split("_")[1], 0.1, score=1),
    "roofs and solar": OwnSet(
        "roofs_solar_southtyrol", ("other", "roof", "solar"), _same, lambda s: s[:6], 0.137
    ),
    "water": OwnSet("water_gaofen2", ("other", "water"), _binary, lambda s: s, 2.0, score=1),
}  # fmt: skip
#: The lists of `splits.json` for each split.
SPLITS = {"test": ("test",), "train": ("train", "pretrain")}
#: Beginning of the stems that are used, by set and split: other places lack the classes, or trained the backbone.
_ONLY = {("buildings_georef_vector_nrcan", "test"): "newbrunswick", ("landcover_dubai_hitl", "train"): "tile3"}


def places_of(data: Path, own: OwnSet, most: int, split: str = "test") -> dict[str, list[str]]:
    """Stems of a split by place, at most `most` of each, spread over the list; empty if the split has none."""
    stems = json.loads((data / "splits.json").read_text())[own.folder]
    groups: dict[str, list[str]] = {}
    for stem in sorted(stem for name in SPLITS[split] for stem in stems.get(name, [])):
        if stem.startswith(_ONLY.get((own.folder, split), "")):
            groups.setdefault(own.place(stem), []).append(stem)
    return {place: _spread(group, most) for place, group in groups.items()}


def _spread(group: Sequence[str], most: int) -> list[str]:
    chosen = np.linspace(0, len(group) - 1, min(most, len(group))).round().astype(int)
    return [group[n] for n in chosen]


def read(data: Path, own: OwnSet, stem: str, folder: Path) -> tuple[Path, Labels]:
    """The image of a stem as a georeferenced raster, in `folder` if it is not one, and its truth (H, W)."""
    root = data / own.folder
    image = next(path for path in (root / "images").glob(f"{stem}.*") if path.suffix != ".jgw")
    with rasterio.open(next((root / "masks").glob(f"{stem}.*"))) as source:
        truth = own.truth(source.read(1))
    return _georeferenced(image, folder, own.gsd_m), truth


def labelled_place(
    data: Path, own: OwnSet, places: dict[str, list[str]], seed: int, folder: Path
) -> tuple[str, dict[str, tuple[Path, Labels]]]:
    """The first place, in the order of a seed, with two classes or more, and `read` of each of its stems."""
    names = list(places)
    for number in np.random.default_rng(seed).permutation(len(names)):
        found = {stem: read(data, own, stem, folder) for stem in places[names[number]]}
        if len({value for _, truth in found.values() for value in np.unique(truth)} - {UNKNOWN}) > 1:
            return names[number], found
    raise SystemExit(f"{own.folder}: no place with two classes.")


def _georeferenced(image: Path, folder: Path, gsd_m: float) -> Path:
    path = folder / f"{image.stem}.tif"
    if path.exists():
        return path
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(image) as source:
            if source.crs is not None:
                return image
            bands = source.read()
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands), dtype=bands.dtype,
        crs="EPSG:32640", transform=rasterio.Affine(gsd_m, 0, 500000, 0, -gsd_m, 2800000),
    ) as out:  # fmt: skip
        out.write(bands)
    return path
