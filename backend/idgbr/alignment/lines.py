"""Writes a layer of lines with number fields."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import shapely
from pyproj import CRS

from idgbr.arrays import Floats
from idgbr.errors import OutputError
from idgbr.layers.arrow import number_format
from idgbr.layers.lonlat import to_lonlat
from idgbr.layers.replace import MADE
from idgbr.layers.verify import is_complete
from idgbr.layers.writer import FORMATS, check_vector_output, move_layer, output_errors
from idgbr.layers.writer_thread import LayerFeed
from idgbr.monitor import Monitor
from idgbr.paths import LayerOutput


class LineLayer:
    """Context manager that takes batches of lines; it replaces an existing output only on success."""

    def __init__(
        self, output: LayerOutput, crs: str | None, fields: Sequence[str], monitor: Monitor, work: Path
    ) -> None:
        """Check that the output can be written.

        Args:
            output: File to write, or a layer of a GeoPackage; the suffix determines the format.
            crs: CRS of the lines in any form that PROJ knows, None if unknown.
            fields: Names of number fields.
            monitor: Gets messages for the user.
            work: Folder for temporary files, on the disk of the output.
        """
        check_vector_output(output)
        self._target, self._fields, self._monitor, self._work = output, tuple(fields), monitor, work
        self._driver, self._options = FORMATS[output.path.suffix.lower()]
        self._crs = CRS.from_user_input(crs).to_wkt() if crs else None
        self._to_lonlat = to_lonlat(output.path, self._crs)
        if self._to_lonlat is not None:
            self._crs = CRS.from_epsg(4326).to_wkt()
        self.count = 0

    def __enter__(self) -> LineLayer:
        """Make the temporary folder, and start to write."""
        path = self._target.path
        with output_errors(path):
            self._folder = Path(tempfile.mkdtemp(suffix=".part", dir=self._work))
        self._made = self._folder / f"{MADE}{path.suffix}"
        self._layer = MADE if path.suffix == ".shp" else self._target.layer
        self._feed = LayerFeed(
            self._made, dict.fromkeys(self._fields, number_format("float64")), self._crs,
            layer=self._layer, driver=self._driver, geometry_type="LineString", **self._options,
        )  # fmt: skip
        return self

    def write(self, starts: Floats, ends: Floats, *values: Floats) -> None:
        """Add lines between points (n, 2), and the values (n,) of their fields."""
        points = np.stack((starts, ends), axis=1)
        if self._to_lonlat is not None:
            flat = points.reshape(-1, 2)
            points = np.stack(self._to_lonlat.transform(flat[:, 0], flat[:, 1]), axis=1).reshape(points.shape)
        with output_errors(self._target.path):
            self._feed.put([*values, shapely.to_wkb(shapely.linestrings(points))])
        self.count += len(points)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Move the layer into place, or leave nothing behind."""
        try:
            if kind is None:
                with output_errors(self._target.path):
                    self._feed.close(self._monitor)
                if not is_complete(self._made, self._layer, self.count):
                    raise OutputError(f"{self._target.path}: its end is missing; check the free disk space.")
                move_layer(self._folder, self._target, self._monitor.check)
        finally:
            self._feed.abandon()
            shutil.rmtree(self._folder, ignore_errors=True)
