"""The whole way from a class raster to a polygon layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from idgbr.classes import ClassInfo
from idgbr.first_use import first_use_announced
from idgbr.monitor import Monitor
from idgbr.vector.arrays import Codes, Floats
from idgbr.vector.coverage import CoverageBuilder, FinishedRegions
from idgbr.vector.fit import FitOptions
from idgbr.vector.lattice import FIRST_CLASS
from idgbr.vector.measure import Ground
from idgbr.vector.sieve import Sieve
from idgbr.vector.source import ClassRaster
from idgbr.vector.writer import Attributes, LayerWriter


@dataclass(frozen=True)
class VectorOptions:
    """How polygons are made of a class raster.

    Attributes:
        min_area_m2: Regions below this many m² go to the neighbour with the longest shared border.
        simplify_px: Tolerance of the fitted lines in pixels; 0 keeps the pixel outline.
        smooth: Whether to round the fitted lines.
        square: Whether to give lone objects right angles where their outline says so.
        strip_rows: Rows read at once; None to choose by memory. The result does not depend on it.
    """

    min_area_m2: float = 0.0
    simplify_px: float = 0.75
    smooth: bool = False
    square: bool = False
    strip_rows: int | None = None


@dataclass(frozen=True)
class VectorSummary:
    """What was made."""

    polygons: int
    pixels: int
    vertices: int


def vectorize(
    classes_path: Path,
    output: Path,
    *,
    confidence_path: Path | None = None,
    classes: Sequence[ClassInfo] | None = None,
    options: VectorOptions | None = None,
    monitor: Monitor | None = None,
) -> VectorSummary:
    """Write the regions of a class raster as polygons; neighbours share their borders exactly.

    Args:
        classes_path: Class raster, read in strips.
        output: Vector file; .gpkg, .shp, .geojson or .fgb. One that exists is replaced at the end.
        confidence_path: Raster of the same grid, whose mean over each region is the field `confidence`.
        classes: Names and colours; None to read them from the raster.
        options: Minimum area, tolerance and so on.
        monitor: Told of progress; asked whether to stop.

    Raises:
        InputError: A raster cannot be used.
        OutputError: The layer cannot be written.
        JobCancelled: The monitor said so; nothing was written.
    """
    options, monitor = options or VectorOptions(), monitor or Monitor()
    raster = ClassRaster(classes_path, confidence_path, classes)
    try:
        ground = Ground(raster.transform, raster.crs_wkt)
        # The style needs the classes met, which are known when all is read: so the writer asks for them at the end.
        with (
            first_use_announced(monitor),
            LayerWriter(output, raster.crs_wkt, lambda: raster.used_classes, monitor) as writer,
        ):
            vertices = 0
            for batch in _regions(raster, ground, options, monitor):
                monitor.check()
                vertices += len(batch.polygons.vertices)
                _write(batch, raster, ground, writer)
            monitor.check()
    finally:
        raster.close()
    if writer.count == 0:
        monitor.info(f"{classes_path.name} has no regions to draw; {output.name} is an empty layer.")
    return VectorSummary(writer.count, raster.width * raster.height, vertices)


def _regions(
    raster: ClassRaster, ground: Ground, options: VectorOptions, monitor: Monitor
) -> Iterator[FinishedRegions]:
    fit = FitOptions(options.simplify_px, options.smooth, options.square)
    builder = CoverageBuilder(raster.width, fit, flip=ground.transform.determinant < 0)
    background = raster.background_codes
    row = 0
    for codes in _sieved(raster, ground, options, monitor):
        yield from builder.feed(background[codes], raster.confidence(row, codes.shape[0]))
        row += codes.shape[0]
        monitor.progress("vectorize", row, raster.height)
    yield from builder.finish()


def _sieved(raster: ClassRaster, ground: Ground, options: VectorOptions, monitor: Monitor) -> Iterator[Codes]:
    sieve = (
        Sieve(ground.row_areas(raster.width, raster.height), options.min_area_m2) if options.min_area_m2 > 0 else None
    )
    for codes in raster.strips(options.strip_rows):
        monitor.check()
        if sieve is None:
            yield codes
        else:
            yield from sieve.feed(codes)
    if sieve is not None:
        yield from sieve.finish()


def _write(batch: FinishedRegions, raster: ClassRaster, ground: Ground, writer: LayerWriter) -> None:
    polygons = batch.polygons
    ids = batch.codes.astype(np.int32) - FIRST_CLASS
    names = np.array([c.name for c in raster.classes], object)[ids]
    area, perimeter = ground.measure(polygons)
    confidence: Floats = np.round(batch.confidence, 6)
    attributes = Attributes(ids, names, confidence, area, perimeter)
    writer.write(ground.world(polygons.vertices), (polygons.ring_offsets, polygons.polygon_offsets), attributes)
