"""The parameters of the jobs that make, change, compare and evaluate maps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from idgbr.errors import InputError
from idgbr.options import Option, Parameters
from idgbr.parameters.shared import (
    BACKGROUND_CHOICES,
    MAX_BAND,
    OUTSIDE,
    REGULARIZE,
    TILE_REMEDY,
    Area,
    AreaCrs,
    ChangeModel,
    ClassField,
    ClassRaster,
    Cluster,
    CoarseModel,
    ConfidenceRaster,
    Day,
    Device,
    EvaluatedField,
    Mask,
    MinArea,
    ModelRegularize,
    Objects,
    OnBadBlock,
    Output,
    Radius,
    Refine,
    Regularize,
    Resume,
    Samples,
    Simplify,
    Square,
    Steps,
    Threshold,
    Tile,
    UncertaintyRaster,
)


class OutlineParameters(Parameters):
    """Base of the parameters of jobs that draw polygons."""

    regularize: Regularize | ModelRegularize
    square: Square

    @property
    def outlines(self) -> str:
        """Method for regular outlines: `regularize`, or what its former name says."""
        return "right-angles" if self.square and self.regularize in ("none", "model") else self.regularize


class UncertaintyParameters(Parameters):
    """Base of the parameters of jobs that can estimate how uncertain boundaries are."""

    samples: Samples
    output_uncertainty: UncertaintyRaster

    @property
    def uncertainty_samples(self) -> int:
        """Number of samples that estimate the uncertainty, 0 if it is not requested."""
        return self.samples or int(bool(self.output_uncertainty))


@dataclass(frozen=True)
class SegmentParameters(OutlineParameters, UncertaintyParameters):
    """Segment an image, refine the boundaries, write polygons."""

    JOB = "segment"

    input: Annotated[str, Option("Raster to segment.", metavar="IMAGE", role="raster")]
    output: Output
    extent: Area = None
    extent_crs: AreaCrs = None
    mask: Mask = None
    model: CoarseModel = "buildings"
    refine: Refine = True
    steps: Steps = 0
    samples: Samples = 0
    min_area: MinArea = 4.0
    simplify: Simplify = 0.75
    regularize: ModelRegularize = "model"
    square: Square = False
    objects: Objects = True
    device: Device = "auto"
    output_classes: ClassRaster = None
    output_confidence: ConfidenceRaster = None
    output_uncertainty: UncertaintyRaster = None
    tile: Tile = 0
    on_bad_block: OnBadBlock = "stop"
    resume: Resume = True
    cluster: Cluster = None

    def check(self) -> None:
        """Raise InputError for inconsistent values."""
        _check_tile(self.tile)
        if self.uncertainty_samples and not self.refine:
            raise InputError(
                "samples estimate the uncertainty of refined boundaries; switch the refinement on for them."
            )


@dataclass(frozen=True)
class RefineParameters(OutlineParameters, UncertaintyParameters):
    """Refine the boundaries of any classification, and report how far they moved."""

    JOB = "refine"

    input: Annotated[str, Option("Raster that shows the boundaries.", metavar="IMAGE", role="raster")]
    coarse: Annotated[str, Option("Class raster, or polygon layer (path or path|layer).", metavar="COARSE", role="map")]
    output: Output
    class_field: ClassField = None
    align: Annotated[
        bool, Option("First move the polygons of the layer to where the image shows them, by up to 8 m; see align.")
    ] = False
    extent: Area = None
    extent_crs: AreaCrs = None
    background: Annotated[
        str,
        Option("Whether ground without a class takes part as background; auto: only around single objects.",
               choices=BACKGROUND_CHOICES, remedy=f"give {', '.join(BACKGROUND_CHOICES)}"),
    ] = "auto"  # fmt: skip
    fill_gaps: Annotated[bool, Option("Give narrow gaps the class beside them.")] = False
    band_width: Annotated[
        int,
        Option(f"How far boundaries may move, 1 to {MAX_BAND} pixels; 0: the refiner's default.",
               low=0, high=MAX_BAND, remedy=f"give 1 to {MAX_BAND} px, or 0 for the refiner's own"),
    ] = 0  # fmt: skip
    steps: Steps = 0
    samples: Samples = 0
    min_area: MinArea = 0.0
    simplify: Simplify = 0.75
    regularize: Regularize = "none"
    square: Square = False
    objects: Annotated[
        bool, Option("Keep touching polygons of the layer apart, or part touching buildings of a class raster.")
    ] = False
    device: Device = "auto"
    output_classes: ClassRaster = None
    output_confidence: ConfidenceRaster = None
    output_uncertainty: UncertaintyRaster = None
    tile: Tile = 0
    on_bad_block: OnBadBlock = "stop"
    resume: Resume = True
    cluster: Cluster = None

    def check(self) -> None:
        """Raise InputError for inconsistent values."""
        _check_tile(self.tile)


@dataclass(frozen=True)
class DetectChangesParameters(OutlineParameters):
    """Find the buildings that appeared, disappeared or were modified between two dates."""

    JOB = "detect-changes"

    before: Annotated[
        str, Option("Raster of the earlier date; results are on its grid.", metavar="BEFORE", role="raster")
    ]
    after: Annotated[str, Option("Raster of the later date, on any grid, in any CRS.", metavar="AFTER", role="raster")]
    output: Output
    extent: Area = None
    extent_crs: AreaCrs = None
    model: ChangeModel = "change"
    threshold: Threshold = 0.0
    refine: Refine = True
    steps: Steps = 0
    both_orders: Annotated[
        bool, Option("Compare the dates in both orders and average the results; takes twice the time.")
    ] = False
    align: Annotated[bool, Option("Correct the shift of the later raster, if it is reliable.")] = False
    min_area: MinArea = 10.0
    simplify: Simplify = 0.75
    regularize: Regularize = "none"
    square: Square = False
    date_before: Day = None
    date_after: Day = None
    device: Device = "auto"
    output_probability: Annotated[
        str | None, Option("Raster of the probability of change to write (GeoTIFF).", role="output raster")
    ] = None
    tile: Tile = 0
    on_bad_block: OnBadBlock = "stop"
    resume: Resume = True
    cluster: Cluster = None

    def check(self) -> None:
        """Raise InputError for inconsistent values."""
        _check_tile(self.tile)
        first, last = self.days
        if first and last and first >= last:
            raise InputError(f"date_before {first} is not before date_after {last}; are the two rasters swapped?")

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Both dates, None if not given. Raises InputError."""
        return _day("date_before", self.date_before), _day("date_after", self.date_after)


@dataclass(frozen=True)
class TrackChangesParameters(OutlineParameters):
    """Find when buildings were first and last seen, from rasters of several dates."""

    JOB = "track-changes"

    rasters: Annotated[
        str, Option("Rasters with dates in their names, or a folder of them.", metavar="RASTERS", role="rasters")
    ]
    output: Output
    extent: Area = None
    extent_crs: AreaCrs = None
    model: ChangeModel = "change"
    threshold: Threshold = 0.0
    refine: Refine = True
    align: Annotated[bool, Option("Correct the shift of each raster against the previous one.")] = False
    min_area: MinArea = 10.0
    simplify: Simplify = 0.75
    regularize: Regularize = "none"
    square: Square = False
    steps: Steps = 0
    device: Device = "auto"
    on_bad_block: OnBadBlock = "stop"
    resume: Resume = True
    cluster: Cluster = None


@dataclass(frozen=True)
class VectorizeParameters(OutlineParameters):
    """Turn a class raster into polygons without gaps or overlaps."""

    JOB = "vectorize"

    input: Annotated[str, Option("Class raster.", metavar="CLASSES", role="raster")]
    output: Output
    confidence: Annotated[
        str | None, Option("Confidence raster on the same grid, for the field `confidence`.", role="raster")
    ] = None
    min_area: MinArea = 0.0
    simplify: Simplify = 0.75
    smooth: Annotated[bool, Option("Round the boundaries.")] = False
    regularize: Regularize = "none"
    square: Square = False


@dataclass(frozen=True)
class RegularizeParameters(Parameters):
    """Give the polygons of a layer regular outlines; neighbours keep their shared walls."""

    JOB = "regularize"

    input: Annotated[str, Option("Polygon layer (path or path|layer).", metavar="POLYGONS", role="mask")]
    output: Output
    method: Annotated[
        str,
        Option("Walls at right angles, also at 45° to them (diagonals), circles, or the shape that fits each object.",
               choices=REGULARIZE[1:], remedy=f"it is one of {', '.join(REGULARIZE[1:])}"),
    ] = "auto"  # fmt: skip
    tolerance: Annotated[
        float,
        Option("How far an outline may move, in metres; walls below three quarters of it disappear.", low=0.01,
               high=100, remedy="give metres, from 0.01 to 100"),
    ] = 1.0  # fmt: skip


@dataclass(frozen=True)
class AlignParameters(Parameters):
    """Move the polygons of a misplaced layer to where an image shows them; their outlines stay as they are."""

    JOB = "align"

    input: Annotated[str, Option("Raster that shows the objects.", metavar="IMAGE", role="raster")]
    layer: Annotated[str, Option("Polygon layer to move (path or path|layer).", metavar="LAYER", role="mask")]
    output: Output
    radius: Radius = 8.0
    model: CoarseModel = "buildings"
    device: Device = "auto"
    output_shifts: Annotated[
        str | None, Option("Lines from the old to the new centroids to write, in the same formats.", role="lines")
    ] = None
    on_bad_block: OnBadBlock = "stop"


@dataclass(frozen=True)
class EvaluateParameters(Parameters):
    """Measure how well a classification agrees with the truth: figures, and a report with pictures."""

    JOB = "evaluate"

    predicted: Annotated[
        str,
        Option("Class raster or polygon layer (path or path|layer) to evaluate.", metavar="PREDICTED", role="map"),
    ]
    truth: Annotated[str, Option("Class raster or polygon layer with the true classes.", metavar="TRUTH", role="map")]
    predicted_class_field: EvaluatedField = None
    truth_class_field: EvaluatedField = None
    report: Annotated[str | None, Option("Report to write (.html).", role="report")] = None
    image: Annotated[str | None, Option("Raster shown below the errors in the report.", role="raster")] = None
    confidence: Annotated[
        str | None, Option("Confidence raster of the prediction, for the calibration error.", role="raster")
    ] = None
    extent: Area = None
    extent_crs: AreaCrs = None
    pixel_size: Annotated[
        float,
        Option("Pixel size for two layers without an image, in metres; 0: from their extent.", low=0,
               remedy="give metres, or 0 to have it chosen"),
    ] = 0.0  # fmt: skip
    outside: Annotated[
        str,
        Option("How ground without a true polygon counts; auto: as background, if there is one.",
               choices=OUTSIDE, remedy=f"it is one of {', '.join(OUTSIDE)}"),
    ] = "auto"  # fmt: skip


@dataclass(frozen=True)
class PreviewParameters(OutlineParameters):
    """Preview a small part of the image: like `segment`, or with `coarse` like `refine`."""

    JOB = "preview"

    input: Annotated[str, Option("Raster to preview.", role="raster")]
    output: Annotated[str, Option("Folder for the layers.")]
    extent: Area = None
    extent_crs: AreaCrs = None
    model: CoarseModel = "buildings"
    coarse: Annotated[str | None, Option("Class raster or polygon layer to refine.", role="map")] = None
    class_field: ClassField = None
    steps: Steps = 0
    min_area: MinArea = 0.0
    simplify: Simplify = 0.75
    regularize: ModelRegularize = "model"
    square: Square = False
    device: Device = "auto"


def _check_tile(tile: int) -> None:
    if tile and (tile < 64 or tile % 32):
        raise InputError(f"tile is {tile}; {TILE_REMEDY}.")


def _day(name: str, text: str | None) -> date | None:
    """An ISO date. Raises InputError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{name}: {text!r} is not a date; write it as 2024-05-31.") from None
