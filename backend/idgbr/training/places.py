"""Training places: labelled rasters grouped by location; folds and tests are split by place, never by tile.

Only sets with open terms (A) are named here; `splits.json` beside the data lists the training stems.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pyogrio
import rasterio
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import rasterize
from scipy.ndimage import binary_fill_holes

from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.coarse_map import read_coarse_map
from idgbr.errors import InputError
from idgbr.models.card import RefinerCard
from idgbr.monitor import Monitor
from idgbr.raster.georeferencing import grid_of
from idgbr.raster.grid import ground_sample_distance
from idgbr.raster.reader import RasterSource
from idgbr.tiling.normalize import ScaledSource
from idgbr.training.labels import BUILDING, IGNORE, NOT_BUILDING, PARTIAL, PROBABLY_NOT_BUILDING
from idgbr.training.refiner_config import OwnImage

#: Name of the data set that these places form.
OWN = "own images"

LANDCOVER = (
    ClassInfo(0, "building", (214, 73, 51)),
    ClassInfo(1, "land", (222, 200, 160)),
    ClassInfo(2, "road", (120, 120, 128)),
    ClassInfo(3, "vegetation", (92, 158, 84)),
    ClassInfo(4, "water", (66, 133, 190)),
)
BUILDINGS = (
    ClassInfo(0, "background", (235, 235, 235), background=True),
    ClassInfo(1, "building", (214, 73, 51)),
)
#: How far around a drawn roof of such a set (m) ground is surely ground.
_RIM_M = 4.0

#: Nominal ground sample distance of the Dubai tiles, whose true one is not stated (about 0.3 to 1 m).
DUBAI_GSD_M = 0.5


@dataclass
class Place:
    """One labelled raster.

    `levels` are the image at 1, 1/2, 1/4 … resolution, (H, W, bands) uint8; `labels` (H, W) uint8 hold land-cover ids,
    `NOT_BUILDING` or `IGNORE`. `fold` keeps rasters of one town together. `coarse` are out-of-fold probabilities by
    architecture and working ground sample distance, (h, w, 5) uint8, filled in by `train_coarse.out_of_fold`.
    `calibration` keeps a place out of training: models are chosen and calibrated on it. `objects` (H, W) uint16 numbers
    objects that may touch, 0 where there is none, None if they are not known one by one. Labels may be `label_error_m`
    off.
    """

    name: str
    dataset: str
    labels: NDArray[np.uint8]
    gsd_m: float
    fold: int
    levels: list[NDArray[np.uint8]]
    sharp_labels: bool = True
    coarse: dict[tuple[str, float], NDArray[np.uint8]] = field(default_factory=dict)
    calibration: bool = False
    objects: NDArray[np.uint16] | None = None
    label_error_m: float = 0.0

    @property
    def full_labels(self) -> bool:
        """Whether all five land-cover classes are labelled (else only buildings)."""
        return not bool(np.isin(self.labels, PARTIAL).any())


def pyramid(image: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """The image (H, W, bands) and its halves down to a side of 256 px or a sixteenth."""
    levels: list[NDArray[np.uint8]] = [np.ascontiguousarray(image)]
    while min(levels[-1].shape[:2]) > 256 and len(levels) < 5:
        h, w = levels[-1].shape[:2]
        half = cv2.resize(levels[-1], (w // 2, h // 2), interpolation=cv2.INTER_AREA)
        levels.append(half.reshape(h // 2, w // 2, -1).astype(np.uint8))
    return levels


def _read(path: Path) -> tuple[NDArray[np.uint8], float]:
    with rasterio.open(path) as source:
        image = np.moveaxis(source.read([1, 2, 3] if source.count >= 3 else [1]), 0, 2)
        gsd = ground_sample_distance(grid_of(source)) if source.crs else DUBAI_GSD_M
    return image.astype(np.uint8), gsd


def _binary_labels(mask: NDArray[np.uint8], image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    labels = np.where(mask > 0, BUILDING, NOT_BUILDING).astype(np.uint8)
    labels[(image == 0).all(2)] = IGNORE
    return labels


def building_place(
    folder: Path, stem: str, fold: int, *, sharp_labels: bool, label_error_m: float = 0.0, holes: bool = True
) -> Place:
    """A raster of a buildings-only set (GeoTIFF image and mask under `images/` and `masks/`).

    Without `holes` those of the mask are filled. Polygons in `vectors/` number the objects.
    """
    image, gsd = _read(folder / "images" / f"{stem}.tif")
    mask, _ = _read(folder / "masks" / f"{stem}.tif")
    roofs = mask[..., 0] > 0
    if not holes:
        roofs = binary_fill_holes(roofs)
    vectors = folder / "vectors" / f"{stem}.geojson"
    objects = _numbered(vectors, folder / "images" / f"{stem}.tif") if vectors.exists() else None
    return Place(
        stem, folder.name, _binary_labels(roofs.astype(np.uint8), image), gsd, fold, pyramid(image), sharp_labels,
        objects=objects, label_error_m=label_error_m,
    )  # fmt: skip


def _numbered(vectors: Path, image: Path) -> NDArray[np.uint16]:
    """Polygons of a WGS 84 layer on an image's grid, numbered from 1."""
    _, _, geometries, _ = pyogrio.raw.read(vectors, columns=[])
    with rasterio.open(image) as source:
        project = Transformer.from_crs("EPSG:4326", source.crs, always_xy=True).transform
        shapes = shapely.transform(shapely.from_wkb(geometries), project, interleaved=False)
        numbered = enumerate(shapes, 1)
        return np.asarray(
            rasterize(
                ((shape, number) for number, shape in numbered),
                out_shape=source.shape, transform=source.transform, dtype="uint16",
            )
        )  # fmt: skip


def geneva_place(folder: Path, stem: str, fold: int) -> Place:
    """A chip of the Geneva roofs, drawn without chimneys and other things on them.

    Sheds and shaded roofs are not drawn. So ground far from drawn roofs may hold roofs: it is unknown.
    """
    place = building_place(folder, stem, fold, sharp_labels=True, holes=False)
    near = cv2.distanceTransform((place.labels != BUILDING).astype(np.uint8), cv2.DIST_L2, 5) * place.gsd_m <= _RIM_M
    place.labels[~near & (place.labels == NOT_BUILDING)] = PROBABLY_NOT_BUILDING
    return place


def landcover_place(folder: Path, stem: str, fold: int) -> Place:
    """A raster of the Dubai land-cover set (JPEG image, PNG index mask)."""
    image, _ = _read(folder / "images" / f"{stem}.jpg")
    mask, _ = _read(folder / "masks" / f"{stem}.png")
    labels = mask[..., 0].copy()
    labels[labels > len(LANDCOVER) - 1] = IGNORE
    return Place(stem, folder.name, labels, DUBAI_GSD_M, fold, pyramid(image))


#: Dubai tiles by fold; the other places' folds are given where they are loaded. One town never spans two folds.
DUBAI_FOLDS = {"tile1": 0, "tile2": 0, "tile3": 1, "tile4": 1, "tile8": 0}


def load_training_places(data: Path) -> list[Place]:
    """All places with open terms that may train shipped weights."""
    splits = json.loads((data / "splits.json").read_text())
    places: list[Place] = []
    drone = data / "buildings_oam_drone"
    for stem in splits["buildings_oam_drone"]["train"]:
        places.append(building_place(drone, stem, 0 if "banepa" in stem else 1, sharp_labels="banepa_a" not in stem))
    for stem in splits["buildings_oam_drone"]["train_noisy"]:
        places.append(building_place(drone, stem, 1, sharp_labels=False))
    for stem in splits["buildings_spacenet1_rio"]["train"]:
        places.append(building_place(data / "buildings_spacenet1_rio", stem, 0, sharp_labels=False))
    for stem in splits["landcover_dubai_hitl"]["train"]:
        places.append(landcover_place(data / "landcover_dubai_hitl", stem, DUBAI_FOLDS[stem.split("_")[0]]))
    return places


def unlabelled_place(image: Path, gsd_m: float) -> Place:
    """An image (RGB) without labels, of the data set that its folder is in."""
    pixels = np.asarray(cv2.imread(str(image), cv2.IMREAD_COLOR_RGB), np.uint8)
    labels = np.full(pixels.shape[:2], IGNORE, np.uint8)
    return Place(image.stem, image.parents[1].name, labels, gsd_m, -1, pyramid(pixels), sharp_labels=False)


def unlabelled_places(data: Path) -> list[Place]:
    """Orthophotos for training without labels, except those too coarse for all models."""
    folder = data / "ortho_unlabelled"
    places = []
    for stem in json.loads((data / "splits.json").read_text())[folder.name]["unlabelled"]:
        image, gsd = _read(next(folder.glob(f"**/{stem}.*")))
        if gsd < 1.0:
            labels = np.full(image.shape[:2], IGNORE, np.uint8)
            places.append(Place(stem, folder.name, labels, gsd, -1, pyramid(image), sharp_labels=False))
    return places


def load_test_places(data: Path) -> list[Place]:
    """The test places of the two sets that the accuracy table reports. Never used in training or calibration."""
    splits = json.loads((data / "splits.json").read_text())
    drone, dubai = data / "buildings_oam_drone", data / "landcover_dubai_hitl"
    return [building_place(drone, s, -1, sharp_labels=True) for s in splits[drone.name]["test"]] + [
        landcover_place(dubai, s, -1) for s in splits[dubai.name]["test"]
    ]


def procedural_places(cache: Path, count: int, *, size: int = 448, first_seed: int = 1000) -> list[Place]:
    """Scenes of the project's generator at ground sample distances from 0.07 to 1 m, made once into `cache`."""
    from idgbr.scenes import make_scene

    cache.mkdir(parents=True, exist_ok=True)
    places = []
    for index in range(count):
        seed = first_seed + index
        gsd = float(np.exp(np.random.default_rng(seed).uniform(np.log(0.07), np.log(1.0))))
        path = cache / f"scene_{seed}_{size}.npz"
        if not path.exists():
            scene = make_scene(size, size, gsd_m=gsd, seed=seed)
            np.savez_compressed(path, image=np.moveaxis(scene.image, 0, 2), classes=scene.classes)
        with np.load(path) as stored:
            image, labels = stored["image"], stored["classes"]
        places.append(Place(f"scene_{seed}", "procedural", labels, gsd, index % 2, pyramid(image)))
    return places


def own_place(own: OwnImage, bands: Sequence[int], monitor: Monitor) -> Place:
    """Read an image (bands, from 1) and its labels. Raises InputError if they cannot be used.

    Values are scaled as at run time. A sample has room for five classes, so the rarer classes become one; the refiner
    does not know classes by name.
    """
    with RasterSource(own.image) as source, tempfile.TemporaryDirectory(prefix="idgbr_") as folder:
        grid = source.grid
        card = RefinerCard("own", "", "", (), len(bands), (0.0, np.inf), 512, 0, {}, band_map=tuple(bands))
        pixels, valid = ScaledSource(source, grid, card, 1.0).read(0, 0, grid.height, grid.width)
        found = read_coarse_map(own.labels, own.class_field, own.background, False, grid, Path(folder), monitor)
        with rasterio.open(found.path) as raster:
            labels = commonest(raster.read(1), len(LANDCOVER))
    labels[~valid] = IGNORE
    known = np.unique(labels[labels != IGNORE])
    if len(known) < 2:
        raise InputError(f"{own.labels}: has fewer than two classes on {own.image}: no boundary to learn from.")
    image = np.ascontiguousarray(np.moveaxis((pixels * 255 + 0.5).astype(np.uint8), 0, 2))
    return Place(Path(own.image).stem, OWN, labels, source.gsd_m, -1, pyramid(image), calibration=own.calibration)


def commonest(labels: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Labels numbered by how common they are, those from `count` − 1 on as one; `IGNORE` stays."""
    pixels = np.bincount(labels.ravel(), minlength=NODATA_CLASS + 1)[:NODATA_CLASS]
    table = np.full(NODATA_CLASS + 1, IGNORE, np.uint8)
    table[np.argsort(-pixels, kind="stable")] = np.minimum(np.arange(NODATA_CLASS), count - 1)
    return table[labels]
