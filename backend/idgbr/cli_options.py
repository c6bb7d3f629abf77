"""What the commands of the command line share: their options, and how a job is run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import typer

from idgbr.console import ConsoleMonitor, print_result
from idgbr.errors import JobCancelled

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Output = Annotated[
    str,
    typer.Argument(
        metavar="OUTPUT",
        help="Polygons to write: .gpkg, .shp, .geojson, .fgb or .parquet; FILE.gpkg|layername=NAME names the layer "
        "of a GeoPackage.",
    ),
]
MinArea = Annotated[float, typer.Option(min=0, help="Merge smaller polygons into what surrounds them, in m².")]
Simplify = Annotated[float, typer.Option(min=0, help="How far a boundary may move to have fewer vertices, in pixels.")]
Square = Annotated[bool, typer.Option("--square", help="Give right-angled objects right angles.")]
Area = Annotated[
    str | None, typer.Option(metavar="XMIN,YMIN,XMAX,YMAX", help="Area to work on; by default all of the raster.")
]
AreaCrs = Annotated[str | None, typer.Option(help="CRS of the extent, as EPSG:n or WKT; by default the raster's.")]
Steps = Annotated[int, typer.Option(min=0, help="Diffusion steps; 0 is the refiner's own default.")]
Samples = Annotated[
    int,
    typer.Option(
        min=0, help="Samples that tell how uncertain boundaries are, up to 8; 0: none, or one for its raster."
    ),
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")]
ClassesOutput = Annotated[str | None, typer.Option(help="Class raster to write (GeoTIFF).")]
ConfidenceOutput = Annotated[str | None, typer.Option(help="Confidence raster to write (GeoTIFF).")]
UncertaintyOutput = Annotated[
    str | None, typer.Option(help="Raster of the boundaries' uncertainty to write (GeoTIFF).")
]
TileSize = Annotated[
    int, typer.Option(min=0, help="Side of the tiles, without the context around them, in pixels; 0: the model's own.")
]
OnBadBlock = Annotated[
    Literal["stop", "nodata"], typer.Option(help="What to do at a block of a raster that cannot be read.")
]
ClusterAddress = Annotated[
    str | None,
    typer.Option(
        metavar="tcp://HOST:PORT", help="Dask scheduler whose workers do the work; outputs on shared storage."
    ),
]
Resume = Annotated[bool, typer.Option(help="Go on where the same job was stopped before, or start afresh in any case.")]


def read_extent(text: str | None) -> tuple[float, ...] | None:
    """Read "xmin,ymin,xmax,ymax"."""
    if text is None:
        return None
    try:
        xmin, ymin, xmax, ymax = (float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not xmin,ymin,xmax,ymax (four numbers with commas between).") from None
    if not (xmin < xmax and ymin < ymax):
        raise typer.BadParameter(f"{text!r} is empty: the order is xmin,ymin,xmax,ymax.")
    return xmin, ymin, xmax, ymax


def run_and_print(job: str, parameters: dict[str, Any], *, as_json: bool, tables: Sequence[str] = ()) -> None:
    """Run a job with bars and cancel, and print its result; `tables` are the lists in its summary to be shown."""
    monitor = ConsoleMonitor()
    try:
        from idgbr.jobs import run_job
    except KeyboardInterrupt:
        raise JobCancelled from None
    with monitor.running():
        result = run_job(job, parameters, monitor)
    print_result(result, as_json=as_json, tables=tables)
