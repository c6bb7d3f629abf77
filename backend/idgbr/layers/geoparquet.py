"""GeoParquet 1.1 (https://geoparquet.org/releases/v1.1.0/) with pyarrow; pyogrio's GDAL has no driver for it.

Layers are written and read by row groups, so memory does not grow with them. It imports little, because each copy of a
layer starts a new process.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from idgbr.errors import InputError, OutputError

#: GDAL's name of the format, and its suffixes.
DRIVER = "Parquet"
SUFFIXES = (".parquet", ".geoparquet")
#: Least rows of a row group, except the last: some megabytes of polygons.
ROWS = 50_000
GEOMETRY, COVERING = "geometry", "bbox"
_SIDES = ("xmin", "ymin", "xmax", "ymax")
#: CRS of a column without a CRS, according to the specification.
_DEFAULT_CRS = "OGC:CRS84"


def is_parquet(path: Path | str) -> bool:
    """Whether a file name has a suffix of the format."""
    return str(path).lower().endswith(SUFFIXES)


def check_parquet_output(path: Path) -> None:
    """Raise OutputError if pyarrow is missing."""
    if problem := _missing():
        raise OutputError(f"{path}: {problem}")


def _missing() -> str:
    try:
        importlib.import_module("pyarrow.parquet")
    except ImportError:
        return "GeoParquet needs the package pyarrow. Install the extra idgbr[parquet], or use another format."
    return ""


def write_parquet(stream: object, path: Path | str, crs_wkt: str | None, geometry: str | None) -> None:
    """Write an Arrow stream with polygons as WKB in the column `geometry` as one layer.

    Raises OSError or RuntimeError if it cannot be written.
    """
    import pyarrow as pa
    from pyarrow import parquet

    reader = pa.RecordBatchReader.from_stream(stream)
    names = [name for name in reader.schema.names if name != geometry]
    covering = next(name for name in _numbered(COVERING) if name not in names)
    schema = pa.schema(
        [pa.field(name, _plain(pa, reader.schema.field(name).type)) for name in names]
        + [
            pa.field(next(name for name in _numbered(GEOMETRY) if name not in names), pa.binary()),
            pa.field(covering, pa.struct([(side, pa.float64()) for side in _SIDES])),
        ]
    )
    total = np.array([np.inf, np.inf, -np.inf, -np.inf])
    kinds: set[str] = set()

    def full(batch: Any) -> Any:
        shapes = shapely.from_wkb(batch.column(geometry).to_numpy(zero_copy_only=False))
        bounds = shapely.bounds(shapes).reshape(-1, 4)
        np.fmin(total[:2], np.fmin.reduce(bounds[:, :2], axis=0, initial=np.inf), out=total[:2])
        np.fmax(total[2:], np.fmax.reduce(bounds[:, 2:], axis=0, initial=-np.inf), out=total[2:])
        kinds.update(shape.geom_type for shape in shapes if shape is not None)
        boxes = pa.StructArray.from_arrays([pa.array(bounds[:, i]) for i in range(4)], _SIDES)
        columns = [batch.column(name).cast(schema.field(name).type) for name in names]
        whole = pa.record_batch([*columns, batch.column(geometry).cast(pa.binary()), boxes], schema=schema)
        # A copy, because a batch of the stream is only valid until the next one.
        return pa.ipc.read_record_batch(whole.serialize(), schema)

    with parquet.ParquetWriter(path, schema, compression="zstd", write_page_index=True) as writer:
        held: list[Any] = []
        rows = 0
        for batch in reader:
            held.append(full(batch))
            rows += batch.num_rows
            if rows >= ROWS:
                writer.write_table(pa.Table.from_batches(held, schema), rows)
                held, rows = [], 0
        if rows:
            writer.write_table(pa.Table.from_batches(held, schema), rows)
        column = {
            "encoding": "WKB",
            "geometry_types": sorted(kinds),
            "crs": CRS.from_user_input(crs_wkt).to_json_dict() if crs_wkt else None,
            "covering": {"bbox": {side: [covering, side] for side in _SIDES}},
        }
        if np.isfinite(total).all():
            column["bbox"] = total.tolist()
        main = schema.names[-2]
        geo = {"version": "1.1.0", "primary_column": main, "columns": {main: column}}
        writer.add_key_value_metadata({"geo": json.dumps(geo)})


def _numbered(name: str) -> Iterator[str]:
    """A name, and its replacements if it is taken."""
    yield name
    yield from (f"{name}_{number}" for number in count(1))


def _plain(pa: Any, kind: Any) -> Any:
    """The most general type for the values of a type."""
    for large, small in ((pa.large_string(), pa.string()), (pa.large_binary(), pa.binary())):
        if kind == large:
            return small
    return kind


def rows_of(path: Path | str) -> int:
    """Rows of a complete file. Raises OSError if it is not complete."""
    from pyarrow import ArrowInvalid, parquet

    try:
        return int(parquet.ParquetFile(path).metadata.num_rows)
    except ArrowInvalid as error:
        raise OSError(str(error)) from error


@dataclass(frozen=True)
class ParquetLayer:
    """Content of a file: `geometry` is its column of WKB, `crs` is WKT, None if unknown."""

    path: str
    fields: list[str]
    features: int
    crs: str | None
    geometry: str

    def stream(self, columns: Sequence[str], rows: int, *, geometry: bool) -> Any:
        """The fields `columns`, and the geometries on request, as a stream of Arrow batches with a number of rows."""
        import pyarrow as pa
        from pyarrow import parquet

        file = parquet.ParquetFile(self.path)
        names = [*columns, *([self.geometry] if geometry else [])]
        schema = pa.schema([pa.field(name, _readable(pa, file.schema_arrow.field(name).type)) for name in names])

        def batches() -> Iterator[Any]:
            for batch in file.iter_batches(rows, columns=names):
                yield pa.record_batch([batch.column(f.name).cast(f.type) for f in schema], schema=schema)

        return pa.RecordBatchReader.from_batches(schema, batches())


def _readable(pa: Any, kind: Any) -> Any:
    """The type for reading a column: categories by their values, decimals and short floats as floats."""
    if pa.types.is_dictionary(kind):
        return _readable(pa, kind.value_type)
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return pa.float64()
    if pa.types.is_string_view(kind):
        return pa.string()
    return pa.binary() if pa.types.is_binary_view(kind) else kind


def parquet_layer(path: str) -> ParquetLayer:
    """Inspect a file. Raises InputError for anything but GeoParquet with WKB geometries, and without pyarrow."""
    if problem := _missing():
        raise InputError(f"{path}: {problem}")
    from pyarrow import ArrowException, parquet

    try:
        file = parquet.ParquetFile(path)
        metadata = file.metadata.metadata or {}
        geo = json.loads(metadata.get(b"geo", b"{}"))
        columns, main = geo.get("columns", {}), geo.get("primary_column", "")
    except (ArrowException, OSError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: cannot be read as GeoParquet; get a complete copy of it.") from error
    if main not in columns:
        raise InputError(f"{path}: is Parquet without a declared geometry column; save it as GeoParquet.")
    if columns[main].get("encoding") != "WKB":
        raise InputError(
            f"{path}: holds geometries as {columns[main].get('encoding')}; save it with geometries as WKB."
        )
    crs = columns[main].get("crs", _DEFAULT_CRS)
    boxes = {side[0] for column in columns.values() for side in column.get("covering", {}).get("bbox", {}).values()}
    fields = [name for name in file.schema_arrow.names if name not in columns and name not in boxes]
    return ParquetLayer(path, fields, file.metadata.num_rows, CRS.from_user_input(crs).to_wkt() if crs else None, main)
