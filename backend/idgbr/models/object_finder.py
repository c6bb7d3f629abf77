"""The bundled model that finds where touching objects meet, also for maps and models that do not say."""

from __future__ import annotations

FINDER = "buildings"
#: Least mean probability of its objects on the pixels of a class whose regions are parted.
LEAST_MEAN = 0.4
