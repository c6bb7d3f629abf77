"""Definitions of parameters that several jobs have, each once."""

from __future__ import annotations

import math
from typing import Annotated

from idgbr.options import Option

Extent = tuple[float, float, float, float]

#: Most samples of the refiner: one for each rotation and reflection of a tile.
MAX_SAMPLES = 8
#: Widest band, in px: three times the context that the network sees around a tile's core.
MAX_BAND = 96
#: Whether ground without a class takes part in a refinement.
BACKGROUND_CHOICES = ("auto", "yes", "no")
#: What to do if a block of a raster cannot be read.
ON_BAD_BLOCK = ("stop", "nodata")
TILE_REMEDY = "give a multiple of 32 from 64 up, or 0 for the model's own"
#: Regular outlines of objects: walls at right angles, also at 45° to them, circles, or what fits each object.
REGULARIZE = ("none", "right-angles", "diagonals", "circles", "auto")
#: The same, and what the card of the model recommends.
MODEL_REGULARIZE = ("model", *REGULARIZE)
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
Regularize = Annotated[
    str,
    Option("Regular outlines for objects that nearly have them; auto: the shape that fits each object.",
           choices=REGULARIZE, remedy=f"it is one of {', '.join(REGULARIZE)}"),
]  # fmt: skip
ModelRegularize = Annotated[
    str,
    Option("Regular outlines for objects that nearly have them; auto: the shape that fits each object; model: what the "
           "model's card recommends.",
           choices=MODEL_REGULARIZE, remedy=f"it is one of {', '.join(MODEL_REGULARIZE)}"),
]  # fmt: skip
Objects = Annotated[
    bool, Option("Part touching objects, such as row houses, if the model finds where they meet; one polygon each.")
]
Square = Annotated[bool, Option("Former name of `regularize` with right-angles.")]
Device = Annotated[str, Option("auto, cpu, cuda or cuda:N.")]
ClassRaster = Annotated[str | None, Option("Class raster to write (GeoTIFF).", role="output raster")]
ConfidenceRaster = Annotated[str | None, Option("Confidence raster to write (GeoTIFF).", role="output raster")]
UncertaintyRaster = Annotated[
    str | None, Option("Raster of the uncertainty of boundaries to write (GeoTIFF).", role="output raster")
]
Tile = Annotated[
    int,
    Option("Side of the tiles, without the context around them, in pixels; 0: the model's default.", low=0,
           remedy=TILE_REMEDY),
]  # fmt: skip
Radius = Annotated[
    float,
    Option("How far polygons may be off the image, in metres.", low=0.5, high=50,
           remedy="give metres, from 0.5 to 50"),
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
