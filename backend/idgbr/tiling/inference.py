"""Inference: a network on all tiles of a grid, which are read ahead; scores are blended into a store."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from idgbr.monitor import Monitor
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Blender, Span, Tile, Tiling

Item = TypeVar("Item")
Loaded = TypeVar("Loaded")

Read = TypeVar("Read")


def tile_pass(
    tiling: Tiling, load: Callable[[Tile], Read], scores_of: Callable[[Tile, Read], NDArray[np.float32] | None],
    store: ScoreStore, monitor: Monitor, progress: Callable[[int], None], done: int = 0, span: Span | None = None,
) -> Iterator[int]:  # fmt: skip
    """Fill `store` with blended scores after its first `done` rows; yields how many rows it has.

    With a `span`, only its own rows are filled; the sums of shared rows stay in its edges. `load` reads the input of a
    tile ahead of time. `scores_of` gives its scores (channels, size, size), or None for zeros. `progress` gets the
    number of finished tiles.
    """
    start, stop = (span.start, span.stop) if span else (tiling.start_after(done), None)
    blender = Blender(tiling, store.channels, span.start if span else None)
    tiles = chain.from_iterable(tiling.rows(start, stop))
    first_tile = tiling.count - tiling.count_from(start) + 1
    for count, (tile, read) in enumerate(prefetched(tiles, load), start=first_tile):
        monitor.check()
        part = blender.add(tile, scores_of(tile, read))
        if part.row >= done:
            store.write(*part)
            if tile.col + tile.width == tiling.width:
                yield blender.final_row(tile)
        progress(count)
    if span:
        span.edges.append(blender.edges)


def progress_of(tiles: int, tiling: Tiling, part: tuple[int, int]) -> tuple[float, int]:
    """Done and total of a pass after a number of tiles, if it is number `part[0]` of `part[1]` such passes."""
    number, count = part
    return (tiles, tiling.count) if count == 1 else (number + tiles / tiling.count, count)


def prefetched(
    items: Iterable[Item], load: Callable[[Item], Loaded], depth: int = 2, threads: int = 1
) -> Iterator[tuple[Item, Loaded]]:
    """Yield (item, load(item)) in order, reading at most `depth` items ahead; errors of `load` come at their item."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[tuple[Item, Future[Loaded]]] = deque()
        try:
            for item in items:
                waiting.append((item, pool.submit(load, item)))
                if len(waiting) > depth:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()
