"""From the rows of a job's last stage to the requested rasters and layer, while the stage is still running."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from idgbr.arrays import Labels
from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.layers.lonlat import to_lonlat
from idgbr.monitor import Monitor
from idgbr.paths import LayerOutput
from idgbr.pipeline.executor import Run
from idgbr.pipeline.outputs import kept_figures, layer_path, made_path, note_figures
from idgbr.pipeline.runner import Front, run_stages, run_with_consumer
from idgbr.pipeline.stage import AnyStage
from idgbr.polygonize import ClassRows, Cores
from idgbr.raster.grid import Grid
from idgbr.raster.rows import strip_rows
from idgbr.raster.writer import NODATA_CONFIDENCE, RowWriter
from idgbr.spans import span
from idgbr.tiling.row_store import ResultRows

#: First row and classes (rows, width) of the strips of a result, from top to bottom.
Strips = Generator[tuple[int, Labels], None, None]
#: Most rows of a strip: a strip should not wait for much more than a row of tiles.
_ROWS = 256
#: Outputs of the planes besides the class, in their order.
_PLANES = ("OUTPUT_CONFIDENCE", "OUTPUT_UNCERTAINTY")


class Result:
    """Classes and further planes of a job's result, read while its last stage fills their file; a context manager.

    `pixels` counts the pixels with a class in the strips so far.
    """

    def __init__(self, stage: AnyStage, grid: Grid, front: Front, monitor: Monitor) -> None:
        self.monitor, self.pixels = monitor, 0
        self._grid, self._front = grid, front
        rows = stage.open(stage.path, stage.height)
        assert isinstance(rows, ResultRows)
        self._rows = rows

    def __enter__(self) -> Result:
        return self

    def __exit__(self, *exc: object) -> None:
        self._rows.__exit__(*exc)

    def classes(self, first: int, last: int) -> Labels:
        """Classes of rows [first, last); waits for them."""
        with span("wait for rows"):
            self._front.wait(last, self.monitor)
        return self._rows.classes(first, last)

    def plane(self, number: int, first: int, last: int) -> NDArray[np.float32]:
        """One plane, such as confidence, of rows [first, last), nan for pixels without a class; waits for them."""
        self._front.wait(last, self.monitor)
        return self._rows.plane(number, first, last)

    def rows(self) -> Iterator[tuple[int, int]]:
        """First and last row (exclusive) of the strips in which the result is read; checks for a cancel at each."""
        step = min(strip_rows(self._grid.width), _ROWS)
        for first in range(0, self._grid.height, step):
            self.monitor.check()
            yield first, min(first + step, self._grid.height)

    def strips(self) -> Strips:
        """The classes, strip by strip."""
        for first, last in self.rows():
            labels = self.classes(first, last)
            self.pixels += int(np.count_nonzero(labels != NODATA_CLASS))
            yield first, labels

    def writing_planes(self, given: Strips, rasters: Mapping[str, Path]) -> Strips:
        """Pass strips on, and write each plane that has a path."""
        for number, name in enumerate(_PLANES):
            if name in rasters:
                opened = partial(RowWriter, rasters[name], self._grid, "float32", NODATA_CONFIDENCE)
                given = writing(given, opened, partial(self._plane_at, number))
        return given

    def source(self, given: Strips, classes: Sequence[ClassInfo], cores: Cores | None = None) -> ClassRows:
        """Source of polygons: strips, one in memory at a time, available planes, and where objects meet, if known."""
        grid = self._grid
        return ClassRows(
            (labels for _, labels in given), (grid.height, grid.width), grid.transform,
            grid.crs_wkt, classes,
            *(partial(self.plane, number) for number in range(self._rows.planes)),
            cores=cores,
        )  # fmt: skip

    def _plane_at(self, number: int, first: int, labels: Labels) -> NDArray[np.float32]:
        plane = self.plane(number, first, first + len(labels))
        return np.nan_to_num(plane, copy=False, nan=NODATA_CONFIDENCE)


def writing(
    given: Strips, opened: Callable[[], RowWriter], values: Callable[[int, Labels], NDArray[np.generic]]
) -> Strips:
    """Pass strips on, and write a raster of their `values`."""
    with opened() as out:
        for first, labels in given:
            out.write(first, values(first, labels))
            yield first, labels


def make_result(
    run: Run, grid: Grid, draw: Callable[[Result, LayerOutput, Mapping[str, Path]], dict[str, Any]],
    rasters: Mapping[str, Path],
) -> dict[str, Any]:  # fmt: skip
    """Run the remaining stages and, in a second thread, `draw` the outputs from finished rows; returns their figures.

    `draw` gets the result, the path of the layer, and the paths of the requested `rasters` by output name. It starts at
    the first row each time, so its files are those of a job that was never stopped.
    """
    folder = run.folder
    if kept := kept_figures(folder, rasters):
        return kept
    to_lonlat(folder.output, grid.crs_wkt)  # refuses before the work what the writer would refuse after it
    stages = run.job.stages()
    last = stages[-1]

    def fill(front: Front) -> None:
        run_stages(run, stages, front.advance)

    def read(front: Front, monitor: Monitor) -> dict[str, Any]:
        with Result(last, grid, front, monitor) as result:
            return draw(result, layer_path(folder), {name: made_path(folder, name) for name in rasters})

    figures = run_with_consumer(fill, read, last.height, run.job.monitor)
    record = folder.journal.last(last.name) or {}
    return note_figures(folder, figures | {"changed_pixels": record["changed"]}, rasters)
