"""The complete path from a class raster to a polygon layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import rasterio

from idgbr.arrays import AnyArray, Codes, Floats, Ints
from idgbr.classes import ClassInfo
from idgbr.layers.attributes import MOVED_FIELD, OBJECT_FIELD, UNCERTAIN_FIELD
from idgbr.layers.writer import Attributes, LayerWriter, storable_ids
from idgbr.monitor import Monitor
from idgbr.paths import LayerOutput
from idgbr.polygonize.arcs.fit import FitOptions
from idgbr.polygonize.areas import measure
from idgbr.polygonize.assemble import PolygonBatch
from idgbr.polygonize.class_source import ClassRaster, ClassSource
from idgbr.polygonize.coverage import CoverageBuilder, FinishedRegions
from idgbr.polygonize.cracks import FIRST_CLASS, OUTSIDE, VOID
from idgbr.polygonize.displacement import MovedSummary, outline
from idgbr.polygonize.lineage import Descent, Lineage
from idgbr.polygonize.objects.parts import FIRST_OBJECT, ObjectParts
from idgbr.polygonize.reshaped import MapPlace, Reshape, WorldPolygons, reshaped
from idgbr.polygonize.sieve import Sieve
from idgbr.raster.ground import Ground
from idgbr.raster.pixel_areas import PixelAreas
from idgbr.raster.validity import tell_missing

_INT32 = np.iinfo(np.int32)


@dataclass(frozen=True)
class VectorOptions:
    """How polygons are made from a class raster.

    Attributes:
        min_area_m2: Regions below this many m² are merged into the neighbour with the longest shared border.
        simplify_px: Tolerance of the fitted lines in pixels; 0 keeps the pixel outline.
        smooth: Whether to round the fitted lines.
        regularize: Regular shapes for outlines that suggest them: none, right-angles, diagonals, circles or auto. For
            exact class rasters: outlines move by up to two pixels.
        reshape: Gives the finished polygons other outlines instead.
        strip_rows: Rows read at a time; None to choose by memory. The result does not depend on it.
    """

    min_area_m2: float = 0.0
    simplify_px: float = 0.75
    smooth: bool = False
    regularize: str = "none"
    reshape: Reshape | None = None
    strip_rows: int | None = None


@dataclass(frozen=True)
class VectorSummary:
    """Figures of the layer; `moved` has the displacement of boundaries, if a lineage was given."""

    polygons: int
    pixels: int
    vertices: int
    moved: MovedSummary | None = None


def vectorize(
    classes_path: Path | str,
    output: Path | LayerOutput,
    *,
    confidence_path: Path | str | None = None,
    classes: Sequence[ClassInfo] | None = None,
    options: VectorOptions | None = None,
    monitor: Monitor | None = None,
    work: Path | None = None,
) -> VectorSummary:
    """Write the regions of a class raster as polygons; see `draw_layer`.

    Args:
        classes_path: Class raster, a file or an address, read in strips.
        output: Vector file (.gpkg, .shp, .geojson or .fgb) or layer of a GeoPackage. An existing one is replaced at the
            end; other content of a GeoPackage stays.
        confidence_path: Raster on the same grid; its mean over each region is the field `confidence`.
        classes: Names and colours; None to read them from the raster.
        options: Minimum area, tolerance and so on.
        monitor: Gets the progress; is asked whether to stop.
        work: Folder on the output's disk for temporary files; None to make one beside the output.

    Raises:
        InputError: A raster cannot be used.
        OutputError: The layer cannot be written.
        JobCancelled: The monitor requested it; nothing was written.
    """
    raster = ClassRaster(classes_path, confidence_path, classes)
    with closing(raster), rasterio.Env(GDAL_CACHEMAX=raster.cache_bytes):
        monitor = monitor or Monitor()
        if classes is None:
            raster.tell(monitor)
        summary = draw_layer(raster, output, ids=raster.ids, options=options, monitor=monitor, work=work)
        pixels = raster.width * raster.height
        tell_missing(classes_path, raster.missing, pixels, raster.reason, "it gets no polygons", monitor, "class")
        return summary


def draw_layer(
    source: ClassSource,
    output: Path | LayerOutput,
    *,
    ids: Sequence[int] | None = None,
    lineage: Lineage | None = None,
    options: VectorOptions | None = None,
    constants: Mapping[str, str] | None = None,
    monitor: Monitor | None = None,
    work: Path | None = None,
) -> VectorSummary:
    """Write the regions of a source of classes as polygons; neighbours share their borders exactly.

    The field `confidence` is the mean confidence over each region. The field `uncertain` is the mean uncertainty along
    the boundary of each region, around each pixel beside one of another class. If the source tells where touching
    objects meet, each object is a polygon of its own, and the field `object_id` numbers them.

    Args:
        source: Classes, read once from top to bottom.
        output: Vector file, as for `vectorize`, like the other arguments that are not listed here.
        ids: Class id to write for each pixel value from 0 on; None for the pixel values themselves.
        lineage: The map before a refinement: adds the field `moved_m` and keeps attributes.
        options: Minimum area, tolerance and so on.
        constants: Further text fields, by name, with the same value in all polygons.
        monitor: Gets the progress; is asked whether to stop.
        work: Folder on the output's disk for temporary files.

    Raises:
        InputError: The source cannot be read.
        OutputError: The layer cannot be written.
        JobCancelled: The monitor requested it; nothing was written.
    """
    options, monitor = options or VectorOptions(), monitor or Monitor()
    with ExitStack() as stack:
        ground = Ground(source.transform, source.crs_wkt)
        descent = Descent(lineage, ground, source.width, source.height) if lineage else None
        if descent:
            stack.enter_context(closing(descent))
        numbers = np.arange(256) if ids is None else storable_ids(ids, output, monitor)
        # The style needs the classes that occur, which are known only after reading: so the writer asks for them at the
        # end.
        style = lambda: [replace(c, id=int(numbers[c.id])) for c in source.used_classes]  # noqa: E731
        carried = lineage.layer if lineage else None
        parts = stack.enter_context(_object_parts(source, ground, options, output, work))
        extra = [MOVED_FIELD] * bool(descent) + [UNCERTAIN_FIELD] * source.has_uncertainty
        extra += [OBJECT_FIELD] * bool(parts)
        with LayerWriter(
            output,
            source.crs_wkt,
            style,
            monitor,
            wide_ids=bool(numbers.size and (numbers.max() > _INT32.max or numbers.min() < _INT32.min)),
            extra=extra,
            constants=constants,
            carried=carried,
            work=work,
        ) as writer:
            vertices = 0
            drawn: Iterable[tuple[WorldPolygons, Attributes]] = (
                (_world(batch.polygons, ground), _attributes(batch, source, numbers, ground, descent, parts, extra))
                for batch in _regions(source, ground, descent, parts, options, monitor)
            )
            if options.reshape:
                drawn = reshaped(drawn, options.reshape, ground, MapPlace.of(source, ground), monitor, work)
            for shapes, attributes in drawn:
                monitor.check()
                vertices += len(shapes.vertices)
                writer.write(*shapes, attributes)
            monitor.check()
    return VectorSummary(writer.count, source.width * source.height, vertices, descent.moved if descent else None)


def _world(polygons: PolygonBatch, ground: Ground) -> WorldPolygons:
    return WorldPolygons(ground.world(polygons.vertices), (polygons.ring_offsets, polygons.polygon_offsets))


@contextmanager
def _object_parts(
    source: ClassSource, ground: Ground, options: VectorOptions, output: Path | LayerOutput, work: Path | None
) -> Iterator[ObjectParts | None]:
    """What parts touching objects, with its temporary file; None if the source does not tell where they meet."""
    if source.cores is None:
        yield None
        return
    beside = output.path if isinstance(output, LayerOutput) else output
    with TemporaryDirectory(prefix=f".{beside.stem}.", suffix=".part", dir=work or beside.parent) as folder:
        parted = source.background_codes != VOID
        parted[:FIRST_CLASS] = False
        areas = partial(PixelAreas, ground, source.width, source.height)
        yield ObjectParts(Path(folder), source.width, source.cores, parted, areas, options.min_area_m2)


def _regions(
    source: ClassSource, ground: Ground, descent: Descent | None, parts: ObjectParts | None, options: VectorOptions,
    monitor: Monitor,
) -> Iterator[FinishedRegions]:  # fmt: skip
    fit = FitOptions(
        options.simplify_px, options.smooth, options.regularize, ground.scale, _gsd_m(source, ground)
    )  # fmt: skip
    flip = ground.transform.determinant < 0
    builder = CoverageBuilder(source.width, fit, flip, values=_value_count(source, descent))
    background = source.background_codes
    row = 0
    rows = source.height * (1 + (parts is not None))
    strips: Iterator[AnyArray] = _sieved(source, ground, options, monitor)
    if parts:
        strips = parts.parted(strips, lambda read: monitor.progress("vectorize", read, rows))
    for codes in _with_neighbours(strips, source.width):
        count = codes.shape[0] - 2
        values: list[AnyArray] = []
        confidence = source.confidence(row, count)
        if confidence is not None:
            values.append(np.minimum(confidence, 1.0))
        if descent:
            values.append(descent.displaced(row, codes))
        uncertainty = source.uncertainty(row, count)
        if uncertainty is not None:
            values.append(np.where(outline(codes), uncertainty, np.nan))
        inner = codes[1:-1]
        shown = np.where(inner < FIRST_OBJECT, background[np.minimum(inner, FIRST_OBJECT - 1)], inner)
        yield from builder.feed(shown, values, descent.objects(row, count) if descent else None)
        row += count
        monitor.progress("vectorize", rows - source.height + row, rows)
    yield from builder.finish()


def _gsd_m(source: ClassSource, ground: Ground) -> float:
    """Side of the raster's middle pixel in metres."""
    shape = ground.scale(np.array([[source.width / 2, source.height / 2]]))[0]
    return float(np.sqrt(abs(np.linalg.det(shape))))


def _value_count(source: ClassSource, descent: Descent | None) -> int:
    """Number of known values per pixel: confidence, displacement, uncertainty."""
    return source.has_confidence + (descent is not None) + source.has_uncertainty


def _sieved(source: ClassSource, ground: Ground, options: VectorOptions, monitor: Monitor) -> Iterator[Codes]:
    sieve = None
    if options.min_area_m2 > 0:
        areas = PixelAreas(ground, source.width, source.height)
        background = source.background_codes == VOID
        background[VOID] = False
        sieve = Sieve(areas.rows, options.min_area_m2, areas.cell, background)
    for codes in source.strips(options.strip_rows):
        monitor.check()
        if sieve is None:
            yield codes
        else:
            yield from sieve.feed(codes)
    if sieve is not None:
        yield from sieve.finish()


def _with_neighbours(strips: Iterable[Codes], width: int) -> Iterator[Codes]:
    """Each strip with one row above and one below; `OUTSIDE` beyond the raster."""
    outside = np.full((1, width), OUTSIDE, np.uint16)
    held = outside
    for strip in strips:
        if not len(strip):
            continue
        held = np.concatenate((held, strip))
        if len(held) > 2:
            yield held
            held = held[-2:]
    if len(held) > 1:
        yield np.concatenate((held, outside))


def _attributes(
    batch: FinishedRegions, source: ClassSource, numbers: Ints, ground: Ground, descent: Descent | None,
    parts: ObjectParts | None, extra: Sequence[str],
) -> Attributes:  # fmt: skip
    codes = parts.classes[batch.codes] if parts else batch.codes
    values = codes.astype(np.int32) - FIRST_CLASS
    names = np.array([c.name for c in source.classes], object)[values]
    area, perimeter = measure(ground, batch.polygons)
    means: Floats = np.round(batch.means, 6)
    confidence = means[:, 0] if source.has_confidence else np.full(values.size, np.nan)
    further: dict[str, AnyArray] = dict(zip(extra, means[:, int(source.has_confidence) :].T, strict=False))
    if parts:
        further[OBJECT_FIELD] = batch.codes - np.int32(FIRST_OBJECT - 1)
    origin = descent.origins(batch.shares, batch.pixels, values) if descent else None
    return Attributes(numbers[values], names, confidence, area, perimeter, further, origin)
