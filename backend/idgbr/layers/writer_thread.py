"""Writes a layer in a writer thread, from batches, while the next ones are computed."""

from __future__ import annotations

import queue
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from idgbr.arrays import AnyArray
from idgbr.layers.arrow import BINARY, ColumnStream
from idgbr.layers.copy_process import GDAL_OPTIONS
from idgbr.layers.geoparquet import DRIVER, write_parquet
from idgbr.layers.ogr import pyogrio, raw
from idgbr.monitor import Monitor
from idgbr.paths import literal
from idgbr.spans import span

# A raster without a CRS makes a layer without one.
warnings.filterwarnings("ignore", "'crs' was not provided", module=r"idgbr\.layers")

pyogrio.set_gdal_config_options(GDAL_OPTIONS)

#: Column of the polygons.
GEOMETRY = "geom"
#: Batches that may wait: if the disk is slower, the producer stops.
WAITING = 1
#: Seconds after which a waiting side checks that the other one is alive.
_PATIENCE = 0.1
#: Seconds to wait for an abandoned layer: GDAL always writes the end of a file.
_FAREWELL = 0.5


class _Abandoned(Exception):
    """The layer is abandoned."""


class LayerFeed:
    """A layer being written. Call `close` to complete it, or `abandon`."""

    def __init__(self, path: Path, formats: Mapping[str, bytes], crs_wkt: str | None, **options: Any) -> None:
        """Start to write.

        Args:
            path: File to make.
            formats: Columns by name with their Arrow formats, as for `ColumnStream`; polygons come after them.
            crs_wkt: CRS of the polygons, None if unknown.
            options: For `pyogrio.raw.write_arrow`.
        """
        formats = {**formats, GEOMETRY: BINARY}
        options = {"geometry_type": "Polygon"} | options | {"crs": crs_wkt, "geometry_name": GEOMETRY}
        self._waiting: queue.Queue[Sequence[AnyArray] | None] = queue.Queue(WAITING)
        self._abandoned = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._write, args=(path, formats, options), name="layer", daemon=True)
        self._thread.start()

    def put(self, batch: Sequence[AnyArray] | None) -> None:
        """Hand over the values of all columns and the polygons as WKB; raises errors of earlier batches."""
        while self._error is None:
            try:
                self._waiting.put(batch, timeout=_PATIENCE)
            except queue.Full:
                continue
            return
        raise self._error

    def close(self, monitor: Monitor) -> None:
        """Complete the layer; raises errors, or JobCancelled at once."""
        self.put(None)
        while self._thread.is_alive():
            monitor.check()
            self._thread.join(_PATIENCE)
        if self._error:
            raise self._error

    def abandon(self) -> None:
        """Stop, and leave the file as it is. If GDAL takes longer, it ends in the background."""
        self._abandoned.set()
        self._thread.join(_FAREWELL)

    def _batches(self) -> Iterator[Sequence[AnyArray]]:
        while True:
            if self._abandoned.is_set():
                raise _Abandoned
            try:
                batch = self._waiting.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            if batch is None:
                return
            yield batch

    def _write(self, path: Path, formats: Mapping[str, bytes], options: dict[str, Any]) -> None:
        stream = ColumnStream(formats, self._batches())
        try:
            if options.get("driver") == DRIVER:
                write_parquet(stream, path, options["crs"], GEOMETRY)
            else:
                with span("write layer"):
                    raw.write_arrow(stream, literal(path), **options)
        except BaseException as error:  # noqa: BLE001 (raised where the batches come from)
            self._error = stream.error or error
