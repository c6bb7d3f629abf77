"""Stand-ins and small rasters for tests of jobs that are stopped and run again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine

from idgbr.models.card import ModelCard
from idgbr.monitor import Monitor
from idgbr.refiner.acceptance import Margins

TRANSFORM = Affine(0.5, 0, 500000, 0, -0.5, 5000000)


class Shifting:
    """In place of the refiner: says surely that all boundaries lie three pixels further right."""

    def __init__(self, folder: Path, card: ModelCard, *arguments: object, **options: object) -> None:
        self.card, self.margins = card, Margins(0.2, 0.2)

    def on(self, factor: float) -> Shifting:
        return self

    def refine(self, image: np.ndarray, coarse: np.ndarray, row: int, col: int, monitor: Monitor) -> np.ndarray:
        monitor.check()
        return np.roll(coarse, 3, axis=2)

    def explore(
        self, image: np.ndarray, coarse: np.ndarray, row: int, col: int, monitor: Monitor
    ) -> tuple[np.ndarray, np.ndarray]:
        """Half of the samples say that boundaries stay."""
        refined = self.refine(image, coarse, row, col, monitor)
        return refined, (refined + coarse) / 2


class Listener(Monitor):
    """Keeps what it is told: messages, and progress as (stage, done)."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []
        self.steps: list[tuple[str, float]] = []

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        self.steps.append((stage, done))

    def info(self, message: str) -> None:
        self.messages.append(message)

    def warn(self, message: str) -> None:
        self.messages.append(message)

    def stages(self) -> set[str]:
        """The stages that were gone through."""
        return {stage for stage, _ in self.steps}


class Stopping(Listener):
    """Asks for a cancel once a stage is so far."""

    def __init__(self, stage: str, done: float) -> None:
        super().__init__()
        self._at = (stage, done)

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        super().progress(stage, done, total, message)
        if (stage, done) == self._at:
            self.cancel()


def write_raster(path: Path, bands: np.ndarray) -> Path:
    """Write (bands, H, W) in UTM at half a metre."""
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands), dtype=bands.dtype,
        crs="EPSG:32633", transform=TRANSFORM,
    ) as out:  # fmt: skip
        out.write(bands)
    return path


def blocks_image(seed: int = 0) -> np.ndarray:
    """Bright and dark blocks with noise, (3, 330, 260): four rows of three tiles of 160 pixels."""
    rng = np.random.default_rng(seed)
    blocks = np.kron(rng.integers(0, 2, (11, 10)), np.ones((30, 26)))
    return np.clip(60 + 130 * blocks + rng.normal(0, 12, (3, 330, 260)), 0, 255).astype(np.uint8)
