"""Sets of pairs that the change benchmark measures on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import rasterio
from numpy.typing import NDArray

#: Value of `Pair.truth` where nobody knows.
IGNORED = 255
DESTROYED, MAJOR = 4, 3
#: Made pairs that thresholds are chosen on, and their side, px.
MADE, MADE_PX = 48, 384
#: Share of the buildings that are taken out of pairs of xBD.
LOST_SHARE = 0.3
Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Pair:
    """Two dates (3, H, W) uint8 and what changed: 1, 0, or `IGNORED` (H, W)."""

    name: str
    before: Image
    after: Image
    truth: NDArray[np.uint8]


def read(path: Path) -> Image:
    """Bands of an image."""
    with rasterio.open(path) as source:
        bands: Image = source.read()
    return bands


def levir_pairs(data: Path) -> Iterator[Pair]:
    """LEVIR-CD chips: buildings that appeared or disappeared."""
    folder = data / "change_levir_dsifn_samples"
    for stem in json.loads((data / "splits.json").read_text())[folder.name]["test"]:
        if stem.startswith("levir"):
            before, after, label = (read(folder / part / f"{stem}.png") for part in ("A", "B", "label"))
            yield Pair(stem, before[:3], after[:3], (label[0] > 0).astype(np.uint8))


def dsifn_pairs(data: Path) -> Iterator[Pair]:
    """DSIFN chips: changes of any kind of ground, most of them by building."""
    folder = data / "change_levir_dsifn_samples"
    for stem in json.loads((data / "splits.json").read_text())[folder.name]["test"]:
        if stem.startswith("dsifn"):
            before, after, label = (read(folder / part / f"{stem}.png") for part in ("A", "B", "label"))
            yield Pair(stem, before[:3], after[:3], (label[0] > 0).astype(np.uint8))


def xbd_pairs(data: Path) -> Iterator[Pair]:
    """Pairs of xBD: buildings that a disaster destroyed, of which those at hand have none."""
    folder = data / "change_xbd_idabd_disaster"
    for stem in json.loads((data / "splits.json").read_text())[folder.name]["test"]:
        damage = read(folder / "masks_damage_post" / f"{stem}.png")[0]
        truth = np.where(damage == MAJOR, IGNORED, damage == DESTROYED).astype(np.uint8)
        before, after = (read(folder / part / f"{stem}.jpg") for part in ("pre", "post"))
        yield Pair(stem, before, after, truth)


def lost_pairs(data: Path) -> Iterator[Pair]:
    """The pairs of xBD with some buildings taken out of the later date, since none of theirs was destroyed.

    Ground from elsewhere in the image is cloned over them with gradients kept (Pérez et al.), which is not how training
    pairs are made. What the label calls damaged is left out.
    """
    for pair in xbd_pairs(data):
        rng = np.random.default_rng(int(pair.before.sum()) % 1000)
        standing = read(data / "change_xbd_idabd_disaster" / "masks_building_pre" / f"{pair.name}.png")[0] > 0
        after: Image = np.ascontiguousarray(np.moveaxis(pair.after, 0, 2))
        truth = pair.truth.copy()
        # Labels are some pixels off the later image.
        blocked = cv2.dilate(standing.astype(np.uint8), np.ones((13, 13), np.uint8)) > 0
        _, parts, boxes, _ = cv2.connectedComponentsWithStats(standing.astype(np.uint8), connectivity=8)
        for number in np.flatnonzero(rng.random(len(boxes)) < LOST_SHARE):
            if number and (cloned := _over(after, parts == number, blocked, boxes[number], rng)) is not None:
                after = cloned
                truth[(parts == number) & (truth != IGNORED)] = 1
        yield Pair(pair.name, pair.before, np.moveaxis(after, 2, 0), truth)


def _over(
    image: Image,
    building: NDArray[np.bool_],
    blocked: NDArray[np.bool_],
    box: NDArray[np.int32],
    rng: np.random.Generator,
) -> Image | None:
    """The image (H, W, 3) with free ground cloned over a building; None if none was found, or it lies at the edge."""
    left, top, width, height = (int(v) for v in box[:4])
    margin, size = 8, len(image)
    top, left, height, width = top - margin, left - margin, height + 2 * margin, width + 2 * margin
    if min(top, left) < 1 or max(top + height, left + width) >= size - 1:
        return None
    for _ in range(60):
        row, col = rng.integers(1, size - height), rng.integers(1, size - width)
        if not blocked[row : row + height, col : col + width].any():
            inside = building[top : top + height, left : left + width].astype(np.uint8) * 255
            mask = np.asarray(cv2.dilate(inside, np.ones((9, 9), np.uint8)))
            rows, cols = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
            ground = image[row : row + height, col : col + width]
            # It is placed by the middle of the mask's box.
            middle = (left + int(cols[0] + cols[-1] + 1) // 2, top + int(rows[0] + rows[-1] + 1) // 2)
            return np.asarray(cv2.seamlessClone(ground, image, mask, middle, cv2.NORMAL_CLONE), np.uint8)
    return None


def dated_pairs(data: Path) -> Iterator[Pair]:
    """Pairs of two real dates of a city that no model was trained on; hardly any building changed between them."""
    from idgbr.training.dated_places import HELD_OUT, pairs_of

    for paths in pairs_of(data):
        if paths[0].name.startswith(HELD_OUT):
            before, after = (read(path)[:3] for path in paths)
            yield Pair(paths[0].stem, before, after, np.zeros(before.shape[1:], np.uint8))


def unchanged_pairs(data: Path) -> Iterator[Pair]:
    """Real images beside themselves in another season and sun, 2 px off."""
    from idgbr.training.change_pairs import relit
    from idgbr.training.sampling import degrade

    for pair in (*levir_pairs(data), *list(xbd_pairs(data))[:3]):
        rng = np.random.default_rng(len(pair.name) + int(pair.before.sum()) % 1000)
        image = np.moveaxis(pair.before, 0, 2)
        angle = rng.uniform(0, 2 * np.pi)
        down, right = np.rint(2 * np.array([np.sin(angle), np.cos(angle)])).astype(int)
        other = degrade(relit(np.roll(image, (down, right), (0, 1)), rng), rng)
        truth = np.zeros(image.shape[:2], np.uint8)
        truth[:3] = truth[-3:] = truth[:, :3] = truth[:, -3:] = IGNORED  # where the shift wraps around
        yield Pair(pair.name, pair.before, np.moveaxis(other, 2, 0), truth)


def made_pairs(data: Path) -> Iterator[Pair]:
    """Pairs made of the training places, as in training: the only ones that anything is chosen on."""
    from idgbr.training.change_pairs import CropSource
    from idgbr.training.places import load_training_places

    source = CropSource(load_training_places(data), MADE_PX)
    for number in range(MADE):
        made = source.pair(np.random.default_rng([77, number]))
        truth = np.where(made.known, made.changed, IGNORED).astype(np.uint8)
        yield Pair(f"made {number}", np.moveaxis(made.before, 2, 0), np.moveaxis(made.after, 2, 0), truth)
