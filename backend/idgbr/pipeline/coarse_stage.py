"""The coarse model on the tiles of its working grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from idgbr.arrays import Array
from idgbr.models.coarse import CoarseModel
from idgbr.monitor import Monitor
from idgbr.pipeline.stage import ScoredStage, Step
from idgbr.tiling.inference import progress_of, tile_pass
from idgbr.tiling.normalize import ScaledSource
from idgbr.tiling.score_store import ScoreStore, StoredScores
from idgbr.tiling.tiles import Box, Span, Tile, Tiling


class CoarseStage(ScoredStage):
    """The coarse model on its working grid; loaded when it is first needed. `part` numbers the image among several.

    The model gives `classes` channels and, with `contact`, one more for the contact of objects.
    """

    def __init__(
        self, path: Path, source: ScaledSource, model: Callable[[], CoarseModel], tiling: Tiling, classes: int,
        part: tuple[int, int] = (0, 1), *, contact: bool = False,
    ) -> None:  # fmt: skip
        name = "segment" if part[1] == 1 else f"segment {part[0] + 1} of {part[1]}"
        super().__init__(name, path, classes + contact, tiling)
        self._source, self._model, self._part, self._classes = source, model, part, classes

    @property
    def scores(self) -> StoredScores:
        """The filled scores of the classes."""
        return super().scores.part(0, self._classes)

    @property
    def contact(self) -> StoredScores | None:
        """The filled contact of objects, if the model gives it."""
        return super().scores.part(self._classes, self.channels) if self.channels > self._classes else None

    def run(self, into: ScoreStore, monitor: Monitor, done: int = 0, span: Span | None = None) -> Iterator[Step]:
        """See `TiledStage`."""
        return map(Step, coarse_pass(
            self._source, self._model(), self.tiling, into, monitor, done, span, part=self._part,
        ))  # fmt: skip

    def progress(self, monitor: Monitor, tiles: int) -> None:
        """See `TiledStage`."""
        monitor.progress("segment", *progress_of(tiles, self.tiling, self._part))


def coarse_pass(
    source: ScaledSource, model: CoarseModel, tiling: Tiling, store: ScoreStore, monitor: Monitor, done: int = 0,
    span: Span | None = None, *, part: tuple[int, int] = (0, 1),
) -> Iterator[int]:  # fmt: skip
    """Fill `store` with blended probabilities after its first `done` rows; yields how many rows it has.

    With a `span`, only its own rows are filled; the sums of shared rows stay in its edges. The model sees the part of a
    tile that has valid pixels, with its halo; other scores are 0. `part` is the number of this image and of all images,
    for the progress.
    """

    def load(tile: Tile) -> tuple[Box, Array] | None:
        window = tiling.window(tile)
        image, valid = source.read(*window)
        seen = tiling.active_part(tile, valid, window.row, window.col)
        if seen is None:
            return None
        box = tiling.window(tile, seen)
        return box, box.cut(image, window.row, window.col)

    def scores_of(tile: Tile, read: tuple[Box, Array] | None) -> Array | None:
        if read is None:
            return None
        (box, image), (row, col) = read, source.origin
        scores = model.predict(image, (row + box.row, col + box.col))
        window = tiling.window(tile)
        return scores if box == window else window.filled(scores, box.row, box.col)

    def progress(tiles: int) -> None:
        monitor.progress("segment", *progress_of(tiles, tiling, part))

    return tile_pass(tiling, load, scores_of, store, monitor, progress, done, span)
