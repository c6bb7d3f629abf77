"""The methods that are compared, behind one interface.

Whatever a method answers, only the band around coarse boundaries and doubtful pixels may change, and a change counts
where its probability beats that of the coarse class by a margin: the product's own band and gate, for all alike.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from benchmarks.refiner import product
from benchmarks.refiner.classical import CLASSICAL
from idgbr.engines.devices import choose_device
from idgbr.models.card import RefinerCard, Tables, sha256_of
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.refiner.acceptance import Margins, best_class, gate, margins_at, refinable
from idgbr.refiner.refiner import Refiner

Array = NDArray[np.float32]
Labels = NDArray[np.uint8]

COARSE, BEST = "coarse", "best possible"
STEPS = (1, 2, 4, 8)
#: Sides of what the refining networks read are multiples of this.
_GRAIN = 32


@runtime_checkable
class Method(Protocol):
    """Anything that turns a coarse map into a better one."""

    def refine(self, image: Array, coarse: Array) -> Array:
        """Probabilities (K, H, W) from an image (3, H, W) in 0…1 and coarse probabilities (K, H, W)."""
        ...


class Whole(Protocol):
    """What decides for itself where pixels may change and which changes count: no band and gate are laid upon it."""

    def labels(self, image: Array, coarse: Array, gsd_m: float) -> Labels:
        """Classes (H, W) from an image (3, H, W) in 0…1 of a ground sample distance and coarse probabilities."""
        ...


class Unchanged:
    """The coarse map as it is; of soft producers that is the plain argmax of bilinear probabilities."""

    def refine(self, image: Array, coarse: Array) -> Array:  # noqa: ARG002 (the interface's)
        """`coarse` itself."""
        return coarse


@dataclass(frozen=True)
class Told:
    """What no method can beat: it is told the true probabilities (K, H, W), and only the band binds it."""

    truth: Array

    def refine(self, image: Array, coarse: Array) -> Array:  # noqa: ARG002 (the interface's)
        """The truth."""
        return self.truth


@dataclass(frozen=True)
class Entry:
    """A method with a name, the gate's margins by what each adds to the name, and what results depend on besides.

    Without margins every change counts.
    """

    name: str
    method: Method | Whole
    margins: dict[str, Tables] = field(default_factory=lambda: {"": {}})
    fingerprint: str = ""
    steps: int = 1

    def labels(self, image: Array, coarse: Array, band: int, gsd_m: float) -> dict[str, Labels]:
        """Classes (H, W) by name in the table."""
        if not isinstance(self.method, Method):
            return {self.name: self.method.labels(image, coarse, gsd_m)}
        method = self.method.at(gsd_m) if isinstance(self.method, ShippedRefiner) else self.method
        refined = method.refine(image, coarse)
        return {name: gated_labels(coarse, refined, band, margin) for name, margin in self.rows(gsd_m).items()}

    def rows(self, gsd_m: float) -> dict[str, Margins]:
        """Names in the table and the gate's margins of each, at the ground sample distance of a tile."""
        found = {f"{self.name}{suffix}": tables for suffix, tables in self.margins.items()}
        return {name: margins_at(tables, gsd_m, self.steps) for name, tables in found.items()}


def padded(image: Array, coarse: Array, halo: int) -> tuple[Array, Array, tuple[slice, ...]]:
    """Both mirrored by `halo` and to multiples of 32, and the window (of any channels) that cuts the tile out again."""
    height, width = image.shape[1:]
    pad = ((0, 0), (halo, halo + -(height + 2 * halo) % _GRAIN), (halo, halo + -(width + 2 * halo) % _GRAIN))
    window = (slice(None), slice(halo, halo + height), slice(halo, halo + width))
    return np.pad(image, pad, mode="symmetric"), np.pad(coarse, pad, mode="symmetric"), window


class ShippedRefiner:
    """A refiner's model folder, run as `idgbr.refiner.probability_pass` runs it, a whole tile at once."""

    def __init__(self, folder: Path, card: RefinerCard, device: str, steps: int) -> None:
        # Margins are not asked of it: the gate is the benchmark's, the same for every method.
        self._refiner = Refiner(folder, card, choose_device(device, Monitor()), gsd_m=1.0, steps=steps)
        self._halo = card.halo

    def at(self, gsd_m: float) -> ShippedRefiner:
        """The same refiner for images of a ground sample distance (m), on which it may depend."""
        found = copy.copy(self)
        found._refiner = self._refiner.on(1 / gsd_m)
        return found

    def refine(self, image: Array, coarse: Array) -> Array:
        """See `Method.refine`."""
        wide_image, wide_coarse, window = padded(image, coarse, self._halo)
        return self._refiner.refine(wide_image, wide_coarse, -self._halo, -self._halo, Monitor())[window]


@dataclass(frozen=True)
class Choice:
    """What is to be compared: can be sent to another process, which builds the methods from it.

    `names` restricts methods to those that begin with one of them (the coarse map always takes part, for all else is
    held against it); `checkpoints` are networks in training by name; `alternatives` is the folder of those of
    `train_alternatives.py`, which take part if they are there.
    """

    refiner: str = "refiner"
    device: str = "cpu"
    names: tuple[str, ...] = ()
    checkpoints: tuple[tuple[str, Path], ...] = ()
    alternatives: Path | None = None

    def wants(self, name: str) -> bool:
        """Whether the method `name` takes part."""
        return not self.names or name.startswith(self.names)

    def card(self) -> tuple[Path, RefinerCard]:
        """Folder and card of the refiner, whose band and margin hold for every method."""
        return find_model(self.refiner, "refiner")


def built(choice: Choice) -> list[Entry]:
    """The methods of a choice, ready to run, in the order of the table."""
    folder, card = choice.card()
    gated: dict[str, Tables] = {" ungated": {}, " gated": card.margins}
    band = f"band {card.band_width}"
    weights = f"{' '.join(sorted(card.files.values()))} {card.acceptance or ''}".strip()
    entries = [Entry(COARSE, Unchanged(), fingerprint=band)]
    for steps in STEPS:
        name = with_steps("refiner", steps)
        if choice.wants(name):
            refiner = ShippedRefiner(folder, card, choice.device, steps)
            entries.append(Entry(name, refiner, gated, f"{band} margins {card.margins} {weights}", steps))
        if choice.wants(name := with_steps(product.NAME, steps)):
            shipped = product.Product(folder, card, choice.device, steps)
            mark = f"{band} margins {card.margins} {weights} {product.FINGERPRINT}"
            entries.append(Entry(name, shipped, fingerprint=mark, steps=steps))
    entries += [Entry(n, m, fingerprint=f"{band} {m!r}") for n, m in CLASSICAL.items() if choice.wants(n)]
    for name, path in choice.checkpoints:
        from benchmarks.refiner.checkpoints import load

        mark = f"{band} margins {card.margins} {sha256_of(path)}"
        entries += [Entry(with_steps(name, n), m, gated, mark, n) for n, m in load(path, card.halo).items()]
    return entries + _alternatives(choice, band)


def _alternatives(choice: Choice, band: str) -> list[Entry]:
    """The trained alternatives, ungated: the gate's margins are calibrated for the refiner."""
    if choice.alternatives is None or not choice.alternatives.is_dir():
        return []
    from benchmarks.refiner import boundary_patch, full_resolution

    entries = []
    for module in (boundary_patch, full_resolution):
        path = choice.alternatives / f"{module.NAME}.safetensors"
        if path.exists() and choice.wants(module.NAME):
            entries.append(Entry(module.NAME, module.load(path), fingerprint=f"{band} {sha256_of(path)}"))
    return entries


def with_steps(name: str, steps: int) -> str:
    """Name of a method that is run in `steps` steps."""
    return f"{name} {steps} step{'s' * (steps > 1)}"


def gated_labels(coarse: Array, refined: Array, width: int, margins: Margins) -> Labels:
    """Classes (H, W) after band and gate, from coarse and refined probabilities (K, H, W)."""
    labels, certainty = best_class(coarse)
    margin = margins[int(bool((certainty == 1).all()))]
    return gate(labels, certainty, np.ascontiguousarray(refined), refinable(labels, certainty, width), margin)[0]
