"""The backbone: an encoder whose features several models read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from idgbr.errors import ModelError
from idgbr.models.card import ModelCard
from idgbr.models.devices import Device
from idgbr.models.engine import open_session
from idgbr.models.registry import find_model


def backbone_of(card: ModelCard) -> tuple[str, str] | None:
    """Id and sha256 of the backbone that a model reads features of, None if it reads the image itself."""
    wanted: Any = card.extra.get("backbone")
    return (str(wanted["id"]), str(wanted["sha256"])) if wanted else None


class Backbone:
    """Features of an image, computed once for all that read them."""

    def __init__(self, path: Path, device: Device, outputs: Sequence[str]) -> None:
        self._session = open_session(path, device, outputs)
        self.outputs = tuple(outputs)

    def features(self, image: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Those of the `outputs`, (1, channels, S/stride, S/stride), of a scaled image (3, S, S)."""
        found = self._session.run({self._session.input_names[0]: image[None]})
        return dict(zip(self.outputs, found, strict=True))


def open_backbone(card: ModelCard, device: Device, outputs: Sequence[str]) -> Backbone | None:
    """The backbone that a model reads, giving `outputs`; None if the model reads the image itself.

    Raises ModelError if it is not installed, or is not the one that the model was trained on.
    """
    wanted = backbone_of(card)
    if wanted is None:
        return None
    name, digest = wanted
    folder, found = find_model(name, "backbone")
    (file,) = found.files
    if found.files[file] != digest:
        raise ModelError(
            f"{folder}: not the backbone that model {card.id!r} was trained on; install the versions of both that "
            "belong together."
        )
    return Backbone(folder / file, device, outputs)
