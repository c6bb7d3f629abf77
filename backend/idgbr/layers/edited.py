"""Writes a layer again with other geometries: its features keep their order and their attributes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from idgbr.arrays import Floats
from idgbr.errors import OutputError
from idgbr.layers.arrow import number_format
from idgbr.layers.attributes import ORIGIN_FIELD, SPOOLED, carried_query
from idgbr.layers.copy_process import copy_layer
from idgbr.layers.lonlat import to_lonlat
from idgbr.layers.polygons import LayerReference
from idgbr.layers.replace import MADE
from idgbr.layers.verify import is_complete
from idgbr.layers.writer import FORMATS, check_vector_output, move_layer, output_errors
from idgbr.layers.writer_thread import LayerFeed
from idgbr.monitor import Monitor
from idgbr.paths import LayerOutput


class EditedLayer:
    """Context manager that takes geometries by feature; it replaces an existing output only on success."""

    def __init__(
        self, output: LayerOutput, source: LayerReference, crs: str | None, monitor: Monitor, work: Path, *,
        multi: bool, extra: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Check that the output can be written.

        Args:
            output: File to write, or a layer of a GeoPackage; the suffix determines the format.
            source: The layer whose features are written again.
            crs: CRS of the geometries in any form that PROJ knows, None if unknown.
            monitor: Gets messages for the user.
            work: Folder on the output's disk for temporary files.
            multi: Whether there are multipolygons; then all geometries are written as such.
            extra: Names of further number fields, before those of the source.
        """
        check_vector_output(output)
        self._target, self._source, self._monitor, self._multi = output, source, monitor, multi
        self._extra = tuple(extra)
        self._driver, self._options = FORMATS[output.path.suffix.lower()]
        self._crs, self._work = CRS.from_user_input(crs).to_wkt() if crs else None, work
        self._to_lonlat = to_lonlat(output.path, self._crs)
        if self._to_lonlat is not None:
            self._crs = CRS.from_epsg(4326).to_wkt()
            monitor.info(f"{output.path.name} is written in WGS 84, as GeoJSON requires.")
        self.count = 0

    def __enter__(self) -> EditedLayer:
        """Make the temporary folder and the spool of geometries."""
        with output_errors(self._target.path):
            self._folder = Path(tempfile.mkdtemp(suffix=".part", dir=self._work))
        self._spool = self._folder / "spool.gpkg"
        formats = {ORIGIN_FIELD: number_format("int64")} | dict.fromkeys(self._extra, number_format("float64"))
        self._feed = LayerFeed(
            self._spool, formats, self._crs,
            layer=SPOOLED, driver="GPKG", SPATIAL_INDEX="NO", geometry_type=self._geometry_type,
        )  # fmt: skip
        return self

    @property
    def _geometry_type(self) -> str:
        return "MultiPolygon" if self._multi else "Polygon"

    def write(self, numbers: NDArray[np.int64], shapes: NDArray[np.object_], *values: Floats) -> None:
        """Add the geometries of the features with these numbers, from 0 on, in any order, and their extra values."""
        if self._multi:
            single = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON)
            shapes = shapes.copy()
            shapes[single] = shapely.multipolygons(shapes[single, None]) if single.size else shapes[single]
        if self._to_lonlat is not None:
            transformer = self._to_lonlat
            shapes = shapely.transform(
                shapes, lambda points: np.stack(transformer.transform(points[:, 0], points[:, 1]), axis=1)
            )
        with output_errors(self._target.path):
            self._feed.put([numbers + 1, *values, shapely.to_wkb(shapes)])
        self.count += len(numbers)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Join the attributes and move the layer into place, or leave nothing behind."""
        try:
            if kind is None:
                with output_errors(self._target.path):
                    self._finish()
        finally:
            self._feed.abandon()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _finish(self) -> None:
        self._feed.close(self._monitor)
        name, check = self._target.path.name, self._monitor.check
        query = carried_query(
            self._source, self._spool, self._driver, self._extra, check,
            lambda line: self._monitor.warn(f"{name}: {line}"), edited=True,
        )  # fmt: skip
        made = self._folder / f"{MADE}{self._target.path.suffix}"
        layer = MADE if self._target.path.suffix == ".shp" else self._target.layer
        writing = {"layer": layer, "driver": self._driver, "geometry_type": self._geometry_type, **self._options}
        copy_layer(self._spool, made, check, reading={"sql": query}, writing=writing)
        self._spool.unlink()
        if not is_complete(made, layer, self.count):
            raise OutputError(f"{self._target.path}: its end is missing; check the free disk space.")
        move_layer(self._folder, self._target, check)
