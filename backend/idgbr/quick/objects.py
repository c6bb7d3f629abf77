"""Own classes whose touching objects a bundled model can part, because both read the same backbone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from idgbr.arrays import Array, Ints
from idgbr.engines.devices import Device
from idgbr.engines.session import open_session
from idgbr.errors import ModelError
from idgbr.models.card import CoarseCard
from idgbr.models.object_table import FINDER, LEAST_MEAN, ObjectTable
from idgbr.models.registry import find_model
from idgbr.quick.graph import BACKBONE_OUTPUTS, SCORES


class ObjectFinder:
    """The head at `path` of the bundled model, whose card says how its objects are parted."""

    def __init__(self, path: Path, card: CoarseCard, device: Device) -> None:
        self.path, self._card = path, card
        self._session = open_session(path, device, [SCORES])
        self._reads = [name for name in BACKBONE_OUTPUTS if name in self._session.input_names]

    @staticmethod
    def beside(card: CoarseCard, device: Device) -> ObjectFinder | None:
        """The head of the bundled model, if it reads the same features as a model with this card."""
        try:
            folder, found = find_model(FINDER, "coarse")
        except ModelError:  # it reads another backbone than the one that is installed
            return None
        if found.backbone != card.backbone or found.objects is None:
            return None
        (name,) = found.files
        return ObjectFinder(folder / name, found, device)

    def probabilities(self, features: Mapping[str, Array]) -> Array:
        """Probabilities of an object (H/2, W/2) for the features of an image (H, W)."""
        (scores,) = self._session.run({name: features[name] for name in self._reads})
        wanted = [number for number, info in enumerate(self._card.classes) if not info.background]
        p = scores[0, wanted].sum(0)
        height, width = (side // 2 for side in p.shape)
        return np.ascontiguousarray(p.reshape(height, 2, width, 2).mean((1, 3)))

    def table(self, card: CoarseCard, classes: Ints, p: Array) -> ObjectTable | None:
        """How objects of a model's classes are parted; None if the bundled model finds none of them.

        `p` (N,) are its probabilities at labelled cells, `classes` (N,) index the classes there.
        """
        assert self._card.objects is not None
        count = len(card.classes)
        means = np.bincount(classes, p, count) / np.maximum(np.bincount(classes, minlength=count), 1)
        ids = tuple(
            info.id
            for info, mean in zip(card.classes, means, strict=True)
            if mean >= LEAST_MEAN and not info.background
        )
        return replace(self._card.objects, classes=ids) if ids else None
