"""Change models: an ONNX graph that gives the probability of change from two standardized dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from idgbr.arrays import Array
from idgbr.engines.devices import Device
from idgbr.engines.session import open_session
from idgbr.models.card import ChangeCard


class ChangeModel:
    """`coarse_pair(before, after) → P(change)`."""

    def __init__(self, folder: Path, card: ChangeCard, device: Device, *, both_orders: bool = False) -> None:
        self.card = card
        self._both_orders = both_orders
        (name,) = (n for n in card.files if n.endswith(".onnx"))
        self._session = open_session(folder / name, device)

    def predict(self, before: Array, after: Array) -> Array:
        """P(change) (S, S) of two standardized dates (bands, S, S).

        The network combines the dates asymmetrically. With `both_orders`, the result is the mean of both orders.
        """
        found = self._run(before, after)
        return (found + self._run(after, before)) * np.float32(0.5) if self._both_orders else found

    def _run(self, before: Array, after: Array) -> Array:
        first, second = self._session.input_names
        found: Array = self._session.run({first: before[None], second: after[None]})[0][0, 0]
        return found.copy() if self._both_orders else found  # the next run may overwrite it
