"""How touching objects are parted, and the bundled model that finds where they meet, also for maps that do not say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FINDER = "buildings"
#: Least mean probability of its objects on the pixels of a class whose regions are parted.
LEAST_MEAN = 0.4


@dataclass(frozen=True)
class ObjectTable:
    """How touching objects are parted, see `idgbr.polygonize.objects.cores.Contact`; `margin` is in px of the network.

    `classes` are the ids of the classes whose objects are parted. If there are none, objects of all classes but the
    background are parted.
    """

    threshold: float
    margin: float = 0.0
    core_m2: float = 0.0
    region_m2: float = 0.0
    classes: tuple[int, ...] = ()


def object_table(value: Any) -> ObjectTable | None:
    """The table that a card's field gives."""
    if not value:
        return None
    numbers = {name: float(number) for name, number in value.items() if name != "classes"}
    return ObjectTable(**numbers, classes=tuple(map(int, value.get("classes", ()))))
