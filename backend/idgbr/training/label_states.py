"""Codes of a label map and what the refiner's networks read and write of them, as `idgbr.refiner`, in torch."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from idgbr.refiner.neighbours import OFFSETS, RELATED


def codes_of(probabilities: Tensor, table: Tensor) -> Tensor:
    """Expected codes (N, 4, S, S) of class probabilities (N, 5, S, S)."""
    with torch.autocast(probabilities.device.type, enabled=False):
        return torch.einsum("nkb,nkhw->nbhw", table, probabilities)


def shifted(x: Tensor, row: int, col: int) -> Tensor:
    """`x` (N, C, S, S) at the places (`row`, `col`) px away; the edge is repeated outside."""
    height, width = x.shape[2:]
    padded = F.pad(x, (max(-col, 0), max(col, 0), max(-row, 0), max(row, 0)), mode="replicate")
    top, left = max(row, 0), max(col, 0)
    return padded[:, :, top : top + height, left : left + width]


def relations_of(codes: Tensor) -> Tensor:
    """`idgbr.refiner.transport.relations` of a batch, (N, 12, S, S)."""
    related = [(codes * shifted(codes, int(row), int(col))).mean(1) for row, col in RELATED]
    return torch.stack(related, 1).contiguous(memory_format=torch.channels_last)


def by_pixel(weights: Tensor) -> Tensor:
    """Logits (N, 33, S, S) from the denoiser's (N, S/2, S/2, 132)."""
    n, height, width, _ = weights.shape
    squares = weights.reshape(n, height, width, 2, 2, len(OFFSETS))
    return squares.permute(0, 5, 1, 3, 2, 4).reshape(n, len(OFFSETS), 2 * height, 2 * width)
