"""Writes the polygon layer in batches, under a temporary name, and moves it into place when it is complete."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import numpy as np
import shapely
from pyproj import CRS

from idgbr.arrays import AnyArray, Floats, Ints
from idgbr.classes import ClassInfo
from idgbr.errors import OutputError
from idgbr.layers import geoparquet
from idgbr.layers.arrow import TEXT, number_format
from idgbr.layers.attributes import FIELDS, OBJECT_FIELD, ORIGIN_FIELD, SPOOLED, carried_query
from idgbr.layers.copy_process import copy_layer
from idgbr.layers.geopackage.rtree import SpatialIndex, has_rtree
from idgbr.layers.geopackage.transaction import effect_text, find_replaced, is_geopackage
from idgbr.layers.lonlat import SUFFIXES as GEOJSON
from idgbr.layers.lonlat import to_lonlat
from idgbr.layers.polygons import LayerReference
from idgbr.layers.qml import add_style, qml_style
from idgbr.layers.replace import MADE, SHAPEFILE_PARTS, kept_style, put_vector
from idgbr.layers.shapefile_limits import cut_texts, is_long
from idgbr.layers.verify import is_complete
from idgbr.layers.writer_thread import GEOMETRY, LayerFeed
from idgbr.monitor import Monitor
from idgbr.paths import LayerOutput, layer_output

#: Formats by suffix: GDAL driver and its layer options.
FORMATS: dict[str, tuple[str, dict[str, str]]] = {
    # GeoPackage 1.4, the default of newer GDAL, causes a warning in the GDAL of QGIS LTR on Debian at every opening.
    ".gpkg": ("GPKG", {"VERSION": "1.3"}),
    ".shp": ("ESRI Shapefile", {"ENCODING": "UTF-8"}),
    **dict.fromkeys(GEOJSON, ("GeoJSON", {"RFC7946": "YES", "COORDINATE_PRECISION": "9"})),
    ".fgb": ("FlatGeobuf", {}),
    **dict.fromkeys(geoparquet.SUFFIXES, (geoparquet.DRIVER, {})),
}
#: Format that ends, for millions of polygons, with seconds in which GDAL cannot be stopped.
INDEXED_AT_END = "FlatGeobuf"

#: Digits, with the sign, up to which GDAL reads numbers in shapefiles and GeoJSON as integers.
TEXT_DIGITS = 18


@dataclass(frozen=True)
class Attributes:
    """The fields of a batch of polygons; confidence is nan where unknown, `extra` are further ones by name.

    `origin` is the number + 1 of the feature whose attributes a polygon gets, 0 for none.
    """

    class_id: AnyArray
    name: AnyArray
    confidence: Floats
    area_m2: Floats
    perim_m: Floats
    extra: Mapping[str, AnyArray] = field(default_factory=dict)
    origin: Ints | None = None


def check_vector_output(output: Path | LayerOutput) -> str:
    """Raise `OutputError` if a layer cannot be written there, before any work.

    Returns one line on its effect on existing content; empty if it only replaces its own previous version.
    """
    target = output if isinstance(output, LayerOutput) else layer_output(output)
    output = target.path
    if output.suffix.lower() not in FORMATS:
        known = ", ".join(FORMATS)
        raise OutputError(f"{output}: unknown format {output.suffix or '(none)'}; use one of {known}.")
    if output.suffix != ".shp" and output.suffix.lower() == ".shp":
        # GDAL would write .shp, which is another file.
        raise OutputError(f"{output}: the parts of a shapefile end in lower case; end the name in .shp.")
    if geoparquet.is_parquet(output):
        geoparquet.check_parquet_output(output)
    if not output.parent.is_dir():
        raise OutputError(f"{output}: the folder {output.parent} does not exist; create it first.")
    if output.is_dir():
        raise OutputError(f"{output}: is a folder; choose a file name.")
    if output.exists() and not os.access(output, os.W_OK):
        raise OutputError(f"{output}: is read-only; choose another name.")
    if not os.access(output.parent, os.W_OK):
        raise OutputError(f"{output}: the folder {output.parent} is read-only; choose another.")
    if output.suffix.lower() != ".gpkg":
        if target.named:
            raise OutputError(f"{target}: files of this format hold one layer; leave its name out.")
        _check_parts(output)
        style = kept_style(target)
        return f"{style}: was not written by this tool, and stays as the style of {output.name}." if style else ""
    if not is_geopackage(output):
        if output.exists() and output.with_name(output.name + "-wal").exists():
            raise OutputError(f"{output}: another program has just begun to write it; wait for its end.")
        return ""
    return effect_text(output, target.layer, find_replaced(output, target.layer))


def _check_parts(output: Path) -> None:
    """Raise OutputError if parts of a shapefile would overwrite files that belong to something else."""
    left_by_run = output.with_name(f".{output.name}.idgbr").exists()  # one that was stopped while it moved them
    if output.suffix != ".shp" or output.exists() or left_by_run:
        return
    for part in map(output.with_suffix, SHAPEFILE_PARTS):
        if part.exists():
            raise OutputError(
                f"{output}: would replace {part.name}, which is not part of a shapefile; choose another name."
            )


def storable_ids(ids: Sequence[int], output: Path | LayerOutput, monitor: Monitor) -> Ints:
    """Ids that a layer at `output` can store exactly: unchanged, or counted from 1 on with a message."""
    path = output.path if isinstance(output, LayerOutput) else output
    limited = FORMATS[path.suffix.lower()][0] in ("ESRI Shapefile", "GeoJSON")
    digits = max((len(str(i)) for i in ids), default=0)
    if (limited and digits > TEXT_DIGITS) or any(not -(2**63) <= i < 2**63 for i in ids):
        most = f"more than {TEXT_DIGITS} digits" if limited else "more than 63 bits"
        monitor.warn(
            f"{path.name}: class codes of {most} do not fit the field class_id, so classes are numbered from 1; "
            "the field class has the codes."
        )
        return np.arange(1, len(ids) + 1, dtype=np.int64)
    return np.array(ids, np.int64)


@contextmanager
def output_errors(output: Path) -> Iterator[None]:
    """Turn errors of GDAL, SQLite and the file system into an OutputError with one line."""
    try:
        yield
    except (OSError, sqlite3.Error, RuntimeError, ValueError) as error:
        # pyogrio raises RuntimeErrors, pyarrow ValueErrors.
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise OutputError(
            f"{output}: cannot be written ({reason}); check the free disk space, and that no other program has the "
            "file open."
        ) from error


class LayerWriter:
    """Context manager that takes batches of polygons; it replaces an existing output only on success."""

    def __init__(
        self,
        output: Path | LayerOutput,
        crs_wkt: str | None,
        classes: Callable[[], Sequence[ClassInfo]],
        monitor: Monitor,
        *,
        wide_ids: bool = False,
        extra: Sequence[str] = (),
        constants: Mapping[str, str] | None = None,
        carried: LayerReference | None = None,
        work: Path | None = None,
    ) -> None:
        """Check that the output can be written.

        Args:
            output: File to write, or a layer of a GeoPackage; the suffix determines the format.
            crs_wkt: CRS of the polygons, None if unknown.
            classes: Called at the end for the classes of the style.
            monitor: Gets messages for the user.
            wide_ids: Whether class ids need 64 bits.
            extra: Names of further number fields of the polygons.
            constants: Text fields with the same value in all polygons, by name; not together with `carried`.
            carried: Layer whose attributes polygons get, by their `origin`.
            work: Folder on the output's disk for temporary files; None to make one.
        """
        check_vector_output(output)
        self._target = output if isinstance(output, LayerOutput) else layer_output(output)
        self._output = output = self._target.path
        self._driver, self._options = FORMATS[output.suffix.lower()]
        self._classes, self._extra, self._carried = classes, tuple(extra), carried
        self._constants = dict(constants or {})
        self._id_type = "int64" if wide_ids else "int32"
        self._crs, self._work, self._monitor = crs_wkt, work, monitor
        self.count = 0
        self._to_lonlat = to_lonlat(output, crs_wkt)
        if self._to_lonlat is not None:
            self._crs = CRS.from_epsg(4326).to_wkt()
            monitor.info(f"{output.name} is written in WGS 84, as GeoJSON requires.")

    def __enter__(self) -> LayerWriter:
        """Make the temporary folder, beside the output, so that the last step is a rename."""
        prefix = f".{self._output.stem}."
        with output_errors(self._output):
            self._folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=".part", dir=self._work or self._output.parent))
        self._made = self._folder / f"{MADE}{self._output.suffix}"
        # A shapefile names its layer after itself.
        self._layer = MADE if self._output.suffix == ".shp" else self._target.layer
        self._spool = self._folder / f"spool{'.gpkg' if self._carried else self._output.suffix}"
        self._index = SpatialIndex(self._folder) if self._indexes() else None
        self._feed = self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Complete the layer and move it into place, or leave nothing behind."""
        try:
            if kind is None:
                with output_errors(self._output):
                    self._finish()
        finally:
            self._feed.abandon()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _indexes(self) -> bool:
        """Whether the spatial index is made here; the process that joins attributes makes its own."""
        return self._driver == "GPKG" and not self._carried and has_rtree()

    def _start(self) -> LayerFeed:
        formats = {"class_id": number_format(self._id_type), "class": TEXT}
        formats |= dict.fromkeys((*FIELDS[2:], *self._extra), number_format("float64"))
        if OBJECT_FIELD in self._extra:
            formats[OBJECT_FIELD] = number_format("int32")
        formats |= dict.fromkeys(self._constants, TEXT)
        if self._carried:
            formats |= {ORIGIN_FIELD: number_format("int64")}
            return LayerFeed(self._spool, formats, self._crs, layer=SPOOLED, driver="GPKG", SPATIAL_INDEX="NO")
        options = {"layer": self._layer, "driver": self._driver, **self._options}
        if self._driver == INDEXED_AT_END:
            return LayerFeed(self._spool, formats, self._crs, **options, SPATIAL_INDEX="NO")
        if self._index:
            options["SPATIAL_INDEX"] = "NO"
        return LayerFeed(self._made, formats, self._crs, **options)

    def write(self, vertices: Floats, offsets: tuple[AnyArray, AnyArray], attributes: Attributes) -> None:
        """Add polygons, given by their vertices in the layer's CRS and the offsets of rings and polygons."""
        if self._to_lonlat is not None:
            vertices = np.stack(self._to_lonlat.transform(vertices[:, 0], vertices[:, 1]), axis=1)
        shapes = shapely.from_ragged_array(shapely.GeometryType.POLYGON, vertices, offsets)
        geometry = shapely.to_wkb(shapes)
        a = attributes
        columns = [a.class_id.astype(self._id_type), a.name, a.confidence, a.area_m2, a.perim_m]
        columns += [a.extra[name] for name in self._extra]
        columns += [np.full(len(geometry), value, object) for value in self._constants.values()]
        if self._carried:
            columns.append(np.zeros(len(geometry), np.int64) if a.origin is None else a.origin)
        with output_errors(self._output):
            self._feed.put([*columns, geometry])
            if self._index:
                self._index.add(shapely.bounds(shapes))
        self.count += len(geometry)

    def _finish(self) -> None:
        self._feed.close(self._monitor)
        texts = [("class", c.name) for c in self._classes()] + list(self._constants.items())
        long = {field for field, text in texts if is_long(text)}
        if self._driver == "ESRI Shapefile" and long:
            self._tell(cut_texts(sorted(long)))
        if self._carried:
            self._join(self._carried)
        elif self._driver == INDEXED_AT_END:
            self._copy()
        elif self._index:
            self._index.write(self._made, self._layer, GEOMETRY, self._monitor.check)
        finish_layer(self._made, self._layer, self.count, qml_style(self._classes()))
        move_layer(self._folder, self._target, self._monitor.check)

    def _join(self, carried: LayerReference) -> None:
        """Write the layer from the polygons and attributes in the spool."""
        check = self._monitor.check
        query = carried_query(carried, self._spool, self._driver, [*FIELDS, *self._extra], check, self._tell)
        self._copy(sql=query)

    def _tell(self, line: str) -> None:
        self._monitor.warn(f"{self._output.name}: {line}")

    def _copy(self, **reading: str) -> None:
        """Write the layer from the spool."""
        writing = {"layer": self._layer, "driver": self._driver, **self._options}
        copy_layer(self._spool, self._made, self._monitor.check, reading=reading, writing=writing)
        self._spool.unlink()


def finish_layer(path: Path, layer: str, count: int, qml: str) -> None:
    """Add the style to a layer of `count` polygons that GDAL has written.

    Raises OSError or sqlite3.Error if the style, or the end of the layer itself, could not be written.
    """
    if not is_complete(path, layer, count):
        raise OSError("its end is missing")
    add_style(path, layer, qml)


def move_layer(folder: Path, output: LayerOutput, check: Callable[[], None] = lambda: None) -> None:
    """Move a layer made in `folder` into place, see `put_vector`. Raises OutputError."""
    with output_errors(output.path):
        put_vector(folder, output, check)
