"""A discriminative boundary-patch refiner, after BPR (Tang et al., "Look Closer to Segment Better", CVPR 2021).

Small patches centred along the coarse boundary of a class are cut out of image and coarse map, a network says which of
their pixels are of that class, and what overlapping patches say is averaged. Classes are refined one against the rest.
It learns from the same samples as the refiner, by the same weights of pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (the name every torch user knows)
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from benchmarks.refiner.classical import normalized
from benchmarks.refiner.dense_net import DenseNet
from idgbr.refiner.acceptance import best_class, boundaries
from idgbr.training.labels import IGNORE
from idgbr.training.loop import train
from idgbr.training.places import Place
from idgbr.training.train_refiner import Batch, batches

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
NAME = "boundary patch"
PATCH_PX = 64
#: Every boundary pixel lies within so many px (chessboard) of the centre of a patch.
REACH_PX = 12
#: Patches of a sample: together they have about as many pixels as it has.
_OF_A_SAMPLE = 4
#: Patches that go through the network at once.
_AT_ONCE = 32


def corners(edge: Mask) -> list[tuple[int, int]]:
    """Upper left corners (row, col) of patches that cover the boundary pixels `edge` (H, W), each at least `PATCH_PX`.

    Centres are taken in reading order where no patch is centred near yet; patches stay inside the tile.
    """
    height, width = edge.shape
    left = edge.copy()
    found = []
    for row, col in np.argwhere(edge):
        if left[row, col]:
            left[max(row - REACH_PX, 0) : row + REACH_PX + 1, max(col - REACH_PX, 0) : col + REACH_PX + 1] = False
            half = PATCH_PX // 2
            found.append(
                (int(np.clip(row - half, 0, height - PATCH_PX)), int(np.clip(col - half, 0, width - PATCH_PX)))
            )
    return found


def network_input(image: Tensor, share: Tensor) -> Tensor:
    """What the network reads, (N, 4, S, S), of images (N, 3, S, S) in 0…1 and shares of the class (N, 1, S, S)."""
    return torch.cat([(image - 0.45) * 4.0, 2.0 * share - 1.0], 1)


class BoundaryPatch:
    """The trained refiner (see `methods.Method`)."""

    def __init__(self, net: DenseNet) -> None:
        self._net = net.eval()

    @torch.inference_mode()
    def refine(self, image: Array, coarse: Array) -> Array:
        """See `Method.refine`."""
        pad = [(0, max(PATCH_PX - side, 0)) for side in image.shape[1:]]
        wide_image, wide = (np.pad(a, [(0, 0), *pad], mode="symmetric") for a in (image, coarse))
        labels = best_class(np.ascontiguousarray(wide))[0]
        # Of two classes one is enough: the other is the rest.
        present = [1] if len(coarse) == 2 else list(np.unique(labels))
        out = wide.copy()
        for k in present:
            out[k] = self._share(wide_image, wide[k], boundaries((labels == k).astype(np.uint8)))
        if len(coarse) == 2:
            out[0] = 1 - out[1]
        height, width = image.shape[1:]
        return normalized(out[:, :height, :width])

    def _share(self, image: Array, share: Array, edge: Mask) -> Array:
        """The refined share (H, W) of one class: the mean over patches, the coarse one where there is none."""
        total, count = np.zeros_like(share), np.zeros_like(share)
        places = corners(edge)
        for first in range(0, len(places), _AT_ONCE):
            windows = [(slice(r, r + PATCH_PX), slice(c, c + PATCH_PX)) for r, c in places[first : first + _AT_ONCE]]
            images = torch.from_numpy(np.stack([image[:, rows, cols] for rows, cols in windows]))
            shares = torch.from_numpy(np.stack([share[None, rows, cols] for rows, cols in windows]))
            found = self._net(network_input(images, shares)).softmax(1)[:, 1].numpy()
            for (rows, cols), values in zip(windows, found, strict=True):
                total[rows, cols] += values
                count[rows, cols] += 1
        return np.where(count > 0, total / np.maximum(count, 1), share).astype(np.float32)


def load(path: Path) -> BoundaryPatch:
    """The method that a file of weights (safetensors) holds."""
    net = DenseNet(4, 2)
    net.load_state_dict(load_file(path))
    return BoundaryPatch(net)


def patches_of(batch: Batch, rng: np.random.Generator) -> Batch:
    """Patches along the coarse boundary of a class drawn for each sample: labels are 0, 1, `IGNORE`; one source."""
    cut: list[list[Tensor]] = [[], [], [], []]
    for n in range(len(batch.image)):
        labels = batch.source[n].argmax(0).numpy().astype(np.uint8)
        k = int(rng.choice(np.unique(labels)))
        places = np.argwhere(boundaries((labels == k).astype(np.uint8)))
        side = labels.shape[0]
        for _ in range(_OF_A_SAMPLE):
            # A coarse map without that boundary teaches, too, that nothing has to change.
            row, col = places[rng.integers(len(places))] if len(places) else rng.integers(side, size=2)
            top, left = (int(np.clip(x - PATCH_PX // 2, 0, side - PATCH_PX)) for x in (row, col))
            window = (slice(top, top + PATCH_PX), slice(left, left + PATCH_PX))
            truth = batch.labels[n][window]
            cut[0].append(batch.image[n][:, window[0], window[1]])
            cut[1].append(torch.where(truth == IGNORE, IGNORE, (truth == k).to(truth.dtype)))
            cut[2].append(batch.source[n, k][window][None])
            cut[3].append(batch.weight[n][window])
    image, labels_, source, weight = (torch.stack(parts) for parts in cut)
    return Batch(image, labels_, source, batch.table, weight)


def patch_loss(net: nn.Module, batch: Batch) -> Tensor:
    """Weighted cross-entropy of a batch of patches."""
    logits = net(network_input(batch.image, batch.source)).float()
    cost = F.cross_entropy(logits, batch.labels.long(), ignore_index=IGNORE, reduction="none")
    return (cost * batch.weight).sum() / (batch.weight.sum() + 1.0)


def train_boundary_patch(
    places: Sequence[Place], *, steps: int, easy_steps: int, folder: Path, batch: int = 8, size: int = 128
) -> Path:
    """Train on the places with the refiner's samples, easy ones first; resumes. Returns the file of weights."""
    path = folder / f"{NAME}.safetensors"
    if path.exists():
        return path
    torch.manual_seed(7)
    net: nn.Module = DenseNet(4, 2)
    for name, count, easy in ((f"{NAME} start", easy_steps, True), (NAME, steps, False)):
        make = _patch_batches(batches(places, batch, size, easy=easy))
        net = train(net, make, patch_loss, steps=count, folder=folder, name=name, learning_rate=2e-3, seed=7)
    save_file({key: value.contiguous() for key, value in net.state_dict().items()}, path)
    return path


def _patch_batches(make: Callable[[np.random.Generator], Batch]) -> Callable[[np.random.Generator], Batch]:
    def make_patches(rng: np.random.Generator) -> Batch:
        return patches_of(make(rng), rng)

    return make_patches
