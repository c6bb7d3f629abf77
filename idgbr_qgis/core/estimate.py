"""What a job will take: pixels, ground, time and memory, from what earlier jobs took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsGeometry,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
)

from idgbr_qgis.core.area import Area
from idgbr_qgis.core.errors import LayerError
from idgbr_qgis.core.extents import check_overlap, ground_area, metres_per_unit
from idgbr_qgis.core.layer_sources import gdal_source
from idgbr_qgis.core.layers import MAX_EXPORT_PIXELS, export_pixel
from idgbr_qgis.core.settings import GROUP
from idgbr_qgis.core.translation import tr

#: Pixels a second before anything was measured here: two CPU cores, as the benchmark of the whole job has it.
DEFAULT_SPEED = {"segment": 1.1e6, "segment refined": 0.44e6, "refine": 0.44e6, "detect-changes": 0.2e6}
#: Start of the worker and loading of models, in seconds.
START_S = 6.0
#: A job below this size says more of the start than of the speed.
LEAST_PIXELS = 400_000
#: Memory of the worker in MB: what every job takes, what each million pixels add, and where the bound lies.
MEMORY_MB, MEMORY_MB_PER_MPX, MOST_MEMORY_MB = 550.0, 12.0, 1300.0
#: Polygons beyond this number are not measured one by one; their bounding box stands for them.
MOST_MEASURED_POLYGONS = 500


@dataclass(frozen=True)
class Estimate:
    """Size of a job and what it takes; `km2` is None where the image has no coordinate system."""

    columns: int
    rows: int
    km2: float | None
    gsd_m: float | None
    seconds: float
    memory_mb: float
    measured: bool = False

    @property
    def pixels(self) -> int:
        """Number of pixels."""
        return self.columns * self.rows


def estimate(
    layer: QgsRasterLayer, area: Area | None, kind: str, device: str, context: QgsCoordinateTransformContext
) -> Estimate:
    """Estimate a job on a layer, all of it without an area; raises `LayerError` where it cannot be done."""
    bounds = layer.extent()
    if area is not None:
        check_overlap(area.extent, layer, context)
        bounds = bounds.intersect(area.extent.to(layer.crs(), context))
    try:
        return _estimate(layer, bounds, area, _speed(kind, device), context)
    except QgsCsException as error:
        text = tr("The location of {layer} on the ground is unknown; check its coordinate system.")
        raise LayerError(text.format(layer=layer.name()), str(error)) from error


def _estimate(
    layer: QgsRasterLayer,
    bounds: QgsRectangle,
    area: Area | None,
    speed: tuple[float, bool],
    context: QgsCoordinateTransformContext,
) -> Estimate:
    exported = gdal_source(layer) is None
    width, height = (
        export_pixel(layer, bounds, context)
        if exported
        else (layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY())
    )
    columns, rows = (
        max(1, round(size / pixel)) for size, pixel in ((bounds.width(), width), (bounds.height(), height))
    )
    pixels = columns * rows
    if exported and pixels > MAX_EXPORT_PIXELS:
        text = tr("{layer} would need a download of {n} million pixels, which is too much; choose a smaller area.")
        raise LayerError(text.format(layer=layer.name(), n=round(pixels / 1e6)))
    km2 = gsd = None
    if layer.crs().isValid():
        km2 = _square_km(layer, bounds, area, context)
        gsd = height * metres_per_unit(bounds.center(), layer.crs(), context)
    memory = min(MEMORY_MB + MEMORY_MB_PER_MPX * pixels / 1e6, MOST_MEMORY_MB)
    return Estimate(columns, rows, km2, gsd, START_S + pixels / speed[0], memory, measured=speed[1])


def job_kind(job: str, *, refined: bool = True) -> str:
    """Name under which the speed of jobs of one kind is kept."""
    return f"{job} refined" if job == "segment" and refined else job


def remember_speed(job: str, parameters: dict[str, Any], summary: dict[str, Any]) -> None:
    """Keep what a job took, as its summary has it; half of the figure is the latest job."""
    kind = job_kind(job, refined=bool(parameters.get("refine", True)))
    pixels, seconds = summary.get("pixels"), summary.get("seconds")
    if kind not in DEFAULT_SPEED or not isinstance(pixels, int) or not isinstance(seconds, int | float):
        return
    if pixels < LEAST_PIXELS or seconds <= 0:
        return
    device = str(parameters.get("device", ""))
    before, measured = _speed(kind, device)
    speed = pixels / seconds
    QgsSettings().setValue(_key(kind, device), (before + speed) / 2 if measured else speed)


def _speed(kind: str, device: str) -> tuple[float, bool]:
    """Pixels a second, and whether that was measured here."""
    value = QgsSettings().value(_key(kind, device), 0.0)
    try:
        speed = float(value)
    except (TypeError, ValueError):
        speed = 0.0
    return (speed, True) if speed > 0 else (DEFAULT_SPEED[kind], False)


def _key(kind: str, device: str) -> str:
    return f"{GROUP}/speed/{kind}/{device}"


def _square_km(
    layer: QgsRasterLayer, bounds: QgsRectangle, area: Area | None, context: QgsCoordinateTransformContext
) -> float:
    frame = QgsGeometry.fromRect(bounds)
    mask = area.mask if area is not None else None
    if mask is None or mask.featureCount() > MOST_MEASURED_POLYGONS:
        return ground_area(frame, layer.crs(), context) / 1e6
    transform = QgsCoordinateTransform(mask.crs(), layer.crs(), context)
    total = 0.0
    for feature in mask.getFeatures():
        geometry = feature.geometry()
        try:
            geometry.transform(transform)
        except QgsCsException:
            continue  # the job itself says what is wrong with it
        total += ground_area(geometry.intersection(frame), layer.crs(), context)
    return total / 1e6
