"""The parameters of all jobs: names, types, defaults, ranges, choices and help, each defined once.

The command line, the Python functions, the checks of `run_job`, the commands that `idgbr jobs list` prints and
`docs/parameters.md` are made from these dataclasses; a test compares the algorithms in QGIS with them. This module
imports nothing heavy, so that `idgbr --help` is quick.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from idgbr.errors import InputError
from idgbr.options import Option, Parameters

Extent = tuple[float, float, float, float]

#: Most samples of the refiner: one for each rotation and reflection of a tile.
MAX_SAMPLES = 8
#: Widest band, in px: three times the context that the network sees around a tile's core.
MAX_BAND = 96
#: Whether ground without a class takes part in a refinement.
BACKGROUND_CHOICES = ("auto", "yes", "no")
#: What to do if a block of a raster cannot be read.
ON_BAD_BLOCK = ("stop", "nodata")
_TILE_REMEDY = "give a multiple of 32 from 64 up, or 0 for the model's own"
#: How ground without a true polygon counts.
OUTSIDE = ("auto", "background", "unlabelled")


Output = Annotated[
    str,
    Option(
        "Polygons to write: .gpkg, .shp, .geojson, .fgb or .parquet. FILE.gpkg|layername=NAME names the layer of a "
        "GeoPackage.",
        metavar="OUTPUT", role="polygons",
    ),
]  # fmt: skip
Area = Annotated[
    Extent | None,
    Option("Area to process; by default the whole raster.", metavar="XMIN,YMIN,XMAX,YMAX"),
]
AreaCrs = Annotated[str | None, Option("CRS of the extent, as EPSG:n or WKT; by default the raster's.")]
Mask = Annotated[str | None, Option("Polygon layer that limits the result to its polygons.", role="mask")]
CoarseModel = Annotated[str, Option("Coarse model: an id, a model's folder, or an .onnx file.")]
ChangeModel = Annotated[str, Option("Change model: an id, or a model's folder.")]
Refine = Annotated[bool, Option("Refine the boundaries with the diffusion refiner.")]
Steps = Annotated[
    int,
    Option("Diffusion steps, 1 to 100; 0: the refiner's default.", low=0, high=100,
           remedy="give 1 to 100, or 0 for the model's default"),
]  # fmt: skip
Samples = Annotated[
    int,
    Option(
        f"Refiner samples that estimate the uncertainty of boundaries, 1 to {MAX_SAMPLES}. 0: none, or 1 if an "
        "uncertainty raster is written.",
        low=0, high=MAX_SAMPLES, remedy=f"give 1 to {MAX_SAMPLES}, or 0 for no uncertainty",
    ),
]  # fmt: skip
MinArea = Annotated[
    float,
    Option("Smaller polygons and holes are merged into their surroundings, in m².", low=0,
           remedy="it must be 0 or more"),
]  # fmt: skip
Simplify = Annotated[
    float,
    Option("How far a boundary may move to need fewer vertices, in pixels.", low=0, remedy="it must be 0 or more"),
]
Square = Annotated[bool, Option("Make nearly right angles exactly right.")]
Device = Annotated[str, Option("auto, cpu, cuda or cuda:N.")]
ClassRaster = Annotated[str | None, Option("Class raster to write (GeoTIFF).", role="output raster")]
ConfidenceRaster = Annotated[str | None, Option("Confidence raster to write (GeoTIFF).", role="output raster")]
UncertaintyRaster = Annotated[
    str | None, Option("Raster of the uncertainty of boundaries to write (GeoTIFF).", role="output raster")
]
Tile = Annotated[
    int,
    Option("Side of the tiles, without the context around them, in pixels; 0: the model's default.", low=0,
           remedy=_TILE_REMEDY),
]  # fmt: skip
OnBadBlock = Annotated[
    str,
    Option("What to do if a block of a raster cannot be read.", choices=ON_BAD_BLOCK,
           remedy=f"it is one of {', '.join(ON_BAD_BLOCK)}"),
]  # fmt: skip
Resume = Annotated[bool, Option("Resume an interrupted run of the same job, or start over.")]
Cluster = Annotated[
    str | None,
    Option("Dask scheduler whose workers do the work; outputs must be on shared storage.", metavar="tcp://HOST:PORT"),
]
Threshold = Annotated[
    float,
    Option("Lowest probability at which a pixel counts as changed; 0: the model's default.", low=0,
           high=math.nextafter(1, 0), remedy="give a probability below 1, or 0 for the model's own"),
]  # fmt: skip
Day = Annotated[str | None, Option("Date of this raster, as 2024-05-31; written to a field of all polygons.")]
ClassField = Annotated[
    str | None, Option("Field of the layer with the class (text or integer); without it, one class.")
]
EvaluatedField = Annotated[
    str | None, Option("Field of this layer with the class; by default the fields class and class_id.")
]


@dataclass(frozen=True)
class SegmentParameters(Parameters):
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
    square: Square = False
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

    @property
    def uncertainty_samples(self) -> int:
        """Number of samples that estimate the uncertainty, 0 if it is not requested."""
        return self.samples or int(bool(self.output_uncertainty))


@dataclass(frozen=True)
class RefineParameters(Parameters):
    """Refine the boundaries of any classification, and report how far they moved."""

    JOB = "refine"

    input: Annotated[str, Option("Raster that shows the boundaries.", metavar="IMAGE", role="raster")]
    coarse: Annotated[str, Option("Class raster, or polygon layer (path or path|layer).", metavar="COARSE", role="map")]
    output: Output
    class_field: ClassField = None
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
    square: Square = False
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

    @property
    def uncertainty_samples(self) -> int:
        """Number of samples that estimate the uncertainty, 0 if it is not requested."""
        return self.samples or int(bool(self.output_uncertainty))


@dataclass(frozen=True)
class DetectChangesParameters(Parameters):
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
class TrackChangesParameters(Parameters):
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
    square: Square = False
    steps: Steps = 0
    device: Device = "auto"
    on_bad_block: OnBadBlock = "stop"
    resume: Resume = True
    cluster: Cluster = None


@dataclass(frozen=True)
class VectorizeParameters(Parameters):
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
    square: Square = False


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
class PreviewParameters(Parameters):
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
    square: Square = False
    device: Device = "auto"


@dataclass(frozen=True)
class AddModelParameters(Parameters):
    """Add a model to the user's own; `id` and `gsd_m` are optional if the model states them."""

    JOB = "add-model"

    source: Annotated[str, Option("Folder of a model, a .zip, an .onnx file or a STAC item.")]
    id: Annotated[str, Option("Id to use instead of its own.")] = ""
    gsd_m: Annotated[
        float,
        Option("Pixel size in metres, if the file does not state it.", low=0, remedy="give metres, or 0 if it does"),
    ] = 0.0
    replace: Annotated[bool, Option("Replace the user's model of the same id.")] = False


@dataclass(frozen=True)
class ChangeModelParameters(Parameters):
    """Set value scaling and bands of a model; lists of numbers are text, such as "0.4, 0.4, 0.4"."""

    JOB = "change-model"

    id: Annotated[str, Option("Id of the model.")]
    scaling: Annotated[str, Option("Kind of value scaling: unit or standardize.")] = "unit"
    mean: Annotated[str, Option("Mean of each band, for standardize.")] = ""
    std: Annotated[str, Option("Standard deviation of each band, for standardize.")] = ""
    low: Annotated[str, Option("Value of each band that becomes 0.")] = ""
    high: Annotated[str, Option("Value of each band that becomes 1.")] = ""
    bands: Annotated[str, Option("Raster band for each band of the network.")] = ""


@dataclass(frozen=True)
class ExportModelParameters(Parameters):
    """Export a model to a new folder or a zip."""

    JOB = "export-model"

    id: Annotated[str, Option("Id of the model.")]
    output: Annotated[str, Option("New folder, or .zip, to write.")]
    replace: Annotated[bool, Option("Replace an existing .zip.")] = False


@dataclass(frozen=True)
class RemoveModelParameters(Parameters):
    """Remove one of the user's models."""

    JOB = "remove-model"

    id: Annotated[str, Option("Id of the model.")]


#: The parameters of each job, by its name in the protocol and on the command line.
PARAMETERS: dict[str, type[Parameters]] = {
    kind.JOB: kind
    for kind in (
        SegmentParameters, RefineParameters, DetectChangesParameters, TrackChangesParameters, VectorizeParameters,
        EvaluateParameters, PreviewParameters, AddModelParameters, ChangeModelParameters, ExportModelParameters,
        RemoveModelParameters,
    )
}  # fmt: skip


def _check_tile(tile: int) -> None:
    if tile and (tile < 64 or tile % 32):
        raise InputError(f"tile is {tile}; {_TILE_REMEDY}.")


def _day(name: str, text: str | None) -> date | None:
    """An ISO date. Raises InputError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{name}: {text!r} is not a date; write it as 2024-05-31.") from None
