"""Measures a network on validation blocks: confusion, calibration, and pictures for the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import rasterio
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from rasterio.transform import from_origin
from torch import Tensor, nn

from idgbr.classes import CLASSES_TAG, NODATA_CLASS, ClassInfo, classes_to_json
from idgbr.evaluation.confusion import confusion
from idgbr.evaluation.metrics import CalibrationCounts
from idgbr.models.coarse import NOISE_KEY
from idgbr.monitor import Monitor
from idgbr.noise import position_noise
from idgbr.training.architectures import noise_channels
from idgbr.training.labels import IGNORE
from idgbr.training.own_rasters import Block
from idgbr.training.places import Place
from idgbr.training.train_coarse import to_tensor

#: Context around a block, in px.
HALO = 64
#: Most pixels of a look; the last measurement takes all.
_LOOK_PX = 4 << 20
#: Temperatures that are tried for the calibration.
_TEMPERATURES = np.geomspace(0.5, 4.0, 19)
#: Pixels between two blocks of the pictures, and their columns.
_GUTTER, _COLUMNS = 16, 4
#: Coordinate system of the pictures: nowhere on the Earth, in metres.
_SIDE_BY_SIDE = 'LOCAL_CS["validation blocks side by side",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'


class Judged(NamedTuple):
    """Confusion matrix (K, K + 1), and the temperature of the best likelihood."""

    counts: NDArray[np.int64]
    temperature: float


class Pictures(NamedTuple):
    """Rasters of all validation blocks side by side, for the report: truth, prediction, confidence, image."""

    truth: Path
    predicted: Path
    confidence: Path
    image: Path


class Validation:
    """The validation blocks of `places`, whose labels (all of them) are the truth."""

    def __init__(
        self, places: Sequence[Place], blocks: Sequence[Block], classes: int, device: torch.device, seed: int = 0
    ) -> None:
        self._places, self._classes, self._device = places, classes, device
        self.blocks = [b for b in blocks if (places[b.raster].labels[b.window] != IGNORE).any()]
        order = np.random.default_rng(seed).permutation(len(self.blocks))
        sizes = np.cumsum([self.blocks[n].height * self.blocks[n].width for n in order])
        self._few = [self.blocks[n] for n in order[: max(1, int((sizes <= _LOOK_PX).sum()))]]

    def counts(self, net: nn.Module, monitor: Monitor) -> NDArray[np.int64]:
        """Confusion matrix (K, K + 1) of some blocks, always the same ones."""
        total = np.zeros((self._classes, self._classes + 1), np.int64)
        for block, logits in self._logits(net, self._few, monitor):
            truth = self._places[block.raster].labels[block.window]
            total += confusion(logits.argmax(0).numpy(), truth, self._classes, IGNORE)
        return total

    def judge(self, net: nn.Module, monitor: Monitor) -> Judged:
        """Confusion matrix and temperature, from all blocks."""
        total = np.zeros((self._classes, self._classes + 1), np.int64)
        losses = np.zeros(len(_TEMPERATURES))
        for block, logits in self._logits(net, self.blocks, monitor):
            truth = self._places[block.raster].labels[block.window]
            total += confusion(logits.argmax(0).numpy(), truth, self._classes, IGNORE)
            known = truth != IGNORE
            picked = logits[:, torch.from_numpy(known)].T[:: max(1, int(known.sum()) // 20_000)]
            labels = torch.from_numpy(truth[known].astype(np.int64))[:: max(1, int(known.sum()) // 20_000)]
            losses += [float(F.cross_entropy(picked / t, labels, reduction="sum")) for t in _TEMPERATURES]
        return Judged(total, float(_TEMPERATURES[int(losses.argmin())]))

    def pictures(
        self, net: nn.Module, temperature: float, classes: Sequence[ClassInfo], folder: Path, monitor: Monitor
    ) -> tuple[Pictures, float]:
        """Write the blocks side by side; also returns the calibration error of the probabilities."""
        height = max(b.height for b in self.blocks) + _GUTTER
        width = max(b.width for b in self.blocks) + _GUTTER
        columns = min(_COLUMNS, len(self.blocks))
        shape = (-(-len(self.blocks) // columns) * height, columns * width)
        truth, predicted = (np.full(shape, NODATA_CLASS, np.uint8) for _ in range(2))
        confidence = np.zeros(shape, np.float32)
        bands = self._places[0].levels[0].shape[2]
        shown = list(range(min(bands, 3)))
        image = np.zeros((*shape, len(shown)), np.uint8)
        calibration = CalibrationCounts()
        ids = np.full(NODATA_CLASS + 1, NODATA_CLASS, np.uint8)
        ids[: len(classes)] = [info.id for info in classes]
        for number, (block, logits) in enumerate(self._logits(net, self.blocks, monitor)):
            row, col = number // columns * height, number % columns * width
            at = np.s_[row : row + block.height, col : col + block.width]
            place = self._places[block.raster]
            p = (logits / temperature).softmax(0)
            truth[at] = ids[place.labels[block.window]]
            predicted[at] = ids[p.argmax(0).numpy()]
            confidence[at] = p.amax(0).numpy()
            labels = place.labels[block.window]
            calibration.add(confidence[at], p.argmax(0).numpy() == labels, labels != IGNORE)
            image[at] = place.levels[0][block.window][..., shown]
        paths = Pictures(*(folder / f"validation_{name}.tif" for name in Pictures._fields))
        gsd = self._places[self.blocks[0].raster].gsd_m
        _write(paths.truth, truth, gsd, classes)
        _write(paths.predicted, predicted, gsd, classes)
        _write(paths.confidence, confidence, gsd)
        _write(paths.image, image, gsd)
        return paths, calibration.expected_error()

    @torch.inference_mode()
    def _logits(self, net: nn.Module, blocks: Sequence[Block], monitor: Monitor) -> Iterator[tuple[Block, Tensor]]:
        """Each block, and its logits (K, height, width)."""
        for block in blocks:
            monitor.check()
            yield block, self._block_logits(net, block)

    def _block_logits(self, net: nn.Module, block: Block) -> Tensor:
        place = self._places[block.raster]
        corner = (block.row - HALO, block.col - HALO)
        height, width = (-(-side // 32) * 32 + 2 * HALO for side in (block.height, block.width))
        image = _window(place.levels[0], *corner, height, width)
        inputs = [to_tensor(image[None]).to(self._device)]
        if channels := noise_channels(net):
            noise = position_noise(*corner, height, width, channels, NOISE_KEY)
            inputs.append(torch.from_numpy(noise[None]).to(self._device))
        scale = float(net.stride)  # type: ignore[arg-type]
        logits = F.interpolate(net(*inputs).float(), scale_factor=scale, mode="bilinear", align_corners=False)
        return logits[0, :, HALO : HALO + block.height, HALO : HALO + block.width].cpu()


def _window(image: NDArray[np.uint8], row: int, col: int, height: int, width: int) -> NDArray[np.uint8]:
    """A window of an image (H, W, bands), which is mirrored beyond its edges."""
    top, left = max(row, 0), max(col, 0)
    bottom, right = min(row + height, image.shape[0]), min(col + width, image.shape[1])
    pad = ((top - row, row + height - bottom), (left - col, col + width - right), (0, 0))
    return np.pad(image[top:bottom, left:right], pad, mode="symmetric")


def _write(path: Path, array: NDArray[Any], gsd_m: float, classes: Sequence[ClassInfo] = ()) -> None:
    """Write an array on a grid of its own, whose pixels have the size of the rasters'."""
    bands = array.shape[2] if array.ndim == 3 else 1
    with rasterio.open(
        path, "w", driver="GTiff", height=array.shape[0], width=array.shape[1], count=bands, dtype=array.dtype,
        crs=_SIDE_BY_SIDE, transform=from_origin(0, 0, gsd_m, gsd_m), compress="deflate",
        nodata=NODATA_CLASS if classes else None,
    ) as out:  # fmt: skip
        out.write(np.moveaxis(array.reshape(*array.shape[:2], bands), 2, 0))
        if classes:
            out.update_tags(**{CLASSES_TAG: classes_to_json(classes)})
