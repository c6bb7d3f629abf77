"""Types of the functions of `import idgbr`. Written by `scripts/document_api.py`; do not edit."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from geopandas import GeoDataFrame
from rasterio.io import DatasetReader
from xarray import DataArray

from idgbr import errors as errors
from idgbr.errors import IdgbrError as IdgbrError
from idgbr.result import Result as Result

__version__: str
__all__: list[str]

_Path: TypeAlias = str | os.PathLike[str]
_Raster: TypeAlias = _Path | DatasetReader | DataArray
_Layer: TypeAlias = _Path | GeoDataFrame
_Map: TypeAlias = _Raster | GeoDataFrame
_Progress: TypeAlias = bool | Callable[[str, float], object]

def list_models() -> list[dict[str, Any]]: ...
def list_devices() -> list[dict[str, Any]]: ...
def segment(
    input: _Raster,
    output: _Path | None = None,
    *,
    extent: Sequence[float] | None = None,
    extent_crs: str | Any | None = None,
    mask: _Layer | None = None,
    model: str = "buildings",
    refine: bool = True,
    steps: int = 0,
    samples: int = 0,
    min_area: float = 4.0,
    simplify: float = 0.75,
    regularize: Literal["model", "none", "right-angles", "diagonals", "circles", "auto"] = "model",
    square: bool = False,
    objects: bool = True,
    device: str = "auto",
    output_classes: _Path | bool | None = None,
    output_confidence: _Path | bool | None = None,
    output_uncertainty: _Path | bool | None = None,
    tile: int = 0,
    on_bad_block: Literal["stop", "nodata"] = "stop",
    resume: bool = True,
    cluster: str | None = None,
    progress: _Progress = False,
) -> Result:
    """Segment an image, refine the boundaries, write polygons."""

def refine(
    input: _Raster,
    coarse: _Map,
    output: _Path | None = None,
    *,
    class_field: str | None = None,
    align: bool = False,
    extent: Sequence[float] | None = None,
    extent_crs: str | Any | None = None,
    background: Literal["auto", "yes", "no"] = "auto",
    fill_gaps: bool = False,
    band_width: int = 0,
    steps: int = 0,
    samples: int = 0,
    min_area: float = 0.0,
    simplify: float = 0.75,
    regularize: Literal["none", "right-angles", "diagonals", "circles", "auto"] = "none",
    square: bool = False,
    objects: bool = False,
    device: str = "auto",
    output_classes: _Path | bool | None = None,
    output_confidence: _Path | bool | None = None,
    output_uncertainty: _Path | bool | None = None,
    tile: int = 0,
    on_bad_block: Literal["stop", "nodata"] = "stop",
    resume: bool = True,
    cluster: str | None = None,
    progress: _Progress = False,
) -> Result:
    """Refine the boundaries of any classification, and report how far they moved."""

def vectorize(
    input: _Raster,
    output: _Path | None = None,
    *,
    confidence: _Raster | None = None,
    min_area: float = 0.0,
    simplify: float = 0.75,
    smooth: bool = False,
    regularize: Literal["none", "right-angles", "diagonals", "circles", "auto"] = "none",
    square: bool = False,
    progress: _Progress = False,
) -> Result:
    """Turn a class raster into polygons without gaps or overlaps."""

def regularize(
    input: _Layer,
    output: _Path | None = None,
    *,
    method: Literal["right-angles", "diagonals", "circles", "auto"] = "auto",
    tolerance: float = 1.0,
    progress: _Progress = False,
) -> Result:
    """Give the polygons of a layer regular outlines; neighbours keep their shared walls."""

def align(
    input: _Raster,
    layer: _Layer,
    output: _Path | None = None,
    *,
    radius: float = 8.0,
    model: str = "buildings",
    device: str = "auto",
    output_shifts: _Path | bool | None = None,
    on_bad_block: Literal["stop", "nodata"] = "stop",
    progress: _Progress = False,
) -> Result:
    """Move the polygons of a misplaced layer to where an image shows them; their outlines stay as they are."""

def evaluate(
    predicted: _Map,
    truth: _Map,
    *,
    predicted_class_field: str | None = None,
    truth_class_field: str | None = None,
    report: _Path | None = None,
    image: _Raster | None = None,
    confidence: _Raster | None = None,
    extent: Sequence[float] | None = None,
    extent_crs: str | Any | None = None,
    pixel_size: float = 0.0,
    outside: Literal["auto", "background", "unlabelled"] = "auto",
    progress: _Progress = False,
) -> Result:
    """Measure how well a classification agrees with the truth: figures, and a report with pictures."""

def train(
    input: _Raster,
    labels: _Layer,
    output: _Path,
    *,
    task: Literal["quick", "segment"] = "quick",
    class_field: str | None = None,
    background: str = "background",
    more_inputs: _Path | Sequence[_Path | DatasetReader] | None = None,
    more_labels: _Path | Sequence[_Path | DatasetReader] | None = None,
    ignore: _Layer | None = None,
    title: str = "",
    add_as: str = "",
    seed: int = 0,
    architecture: Literal["backbone", "backbone-frozen", "unet", "hrnet", "diff-hrnet"] = "backbone",
    prior: str | None = None,
    width: int = 18,
    bands: str = "",
    outside: Literal["unlabelled", "background"] = "unlabelled",
    class_weights: bool = True,
    steps: int = 4000,
    minutes: float = 60.0,
    batch: int = 8,
    crop: int = 256,
    report: _Path | None = None,
    resume: bool = True,
    device: str = "auto",
    progress: _Progress = False,
) -> Result:
    """Train a model for your own classes from labels drawn on images."""

def pretrain(
    inputs: _Path | Sequence[_Path | DatasetReader],
    output: _Path,
    *,
    start_from: str | None = None,
    size: Literal["cpu", "gpu"] = "cpu",
    title: str = "",
    bands: str = "",
    steps: int = 20000,
    minutes: float = 0.0,
    batch: int = 8,
    crop: int = 256,
    seed: int = 0,
    report: _Path | None = None,
    resume: bool = True,
    device: str = "auto",
    progress: _Progress = False,
) -> Result:
    """Train a diffusion prior for diff-hrnet on rasters without labels."""

def detect_changes(
    before: _Raster,
    after: _Raster,
    output: _Path | None = None,
    *,
    extent: Sequence[float] | None = None,
    extent_crs: str | Any | None = None,
    model: str = "change",
    threshold: float = 0.0,
    refine: bool = True,
    steps: int = 0,
    both_orders: bool = False,
    align: bool = False,
    min_area: float = 10.0,
    simplify: float = 0.75,
    regularize: Literal["none", "right-angles", "diagonals", "circles", "auto"] = "none",
    square: bool = False,
    date_before: str | date | None = None,
    date_after: str | date | None = None,
    device: str = "auto",
    output_probability: _Path | bool | None = None,
    tile: int = 0,
    on_bad_block: Literal["stop", "nodata"] = "stop",
    resume: bool = True,
    cluster: str | None = None,
    progress: _Progress = False,
) -> Result:
    """Find the buildings that appeared, disappeared or were modified between two dates."""

def track_changes(
    rasters: _Path | Sequence[_Path | DatasetReader],
    output: _Path | None = None,
    *,
    extent: Sequence[float] | None = None,
    extent_crs: str | Any | None = None,
    model: str = "change",
    threshold: float = 0.0,
    refine: bool = True,
    align: bool = False,
    min_area: float = 10.0,
    simplify: float = 0.75,
    regularize: Literal["none", "right-angles", "diagonals", "circles", "auto"] = "none",
    square: bool = False,
    steps: int = 0,
    device: str = "auto",
    on_bad_block: Literal["stop", "nodata"] = "stop",
    resume: bool = True,
    cluster: str | None = None,
    progress: _Progress = False,
) -> Result:
    """Find when buildings were first and last seen, from rasters of several dates."""
