"""The commands that compare rasters of several dates."""

from __future__ import annotations

from typing import Annotated

import typer

from idgbr.cli_options import (
    Area,
    AreaCrs,
    AsJson,
    ClusterAddress,
    Device,
    MinArea,
    OnBadBlock,
    Output,
    Resume,
    Simplify,
    Square,
    Steps,
    TileSize,
    read_extent,
    run_and_print,
)

app = typer.Typer()

ChangeModel = Annotated[str, typer.Option(help="Change model: an id, or a model's folder.")]
Threshold = Annotated[
    float, typer.Option(min=0, max=1, help="Probability from which on it has changed; 0 is the model's own.")
]


@app.command("detect-changes")
def detect_changes(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="Raster of the earlier date; its grid is kept.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="Raster of the later date, on any grid, in any CRS.")],
    output: Output,
    *,
    extent: Area = None,
    extent_crs: AreaCrs = None,
    model: ChangeModel = "change",
    threshold: Threshold = 0.0,
    refine: Annotated[bool, typer.Option(help="Refine the boundaries by diffusion.")] = True,
    steps: Steps = 0,
    both_orders: Annotated[
        bool, typer.Option("--both-orders", help="Compare the dates in both orders and average; twice the time.")
    ] = False,
    align: Annotated[bool, typer.Option("--align", help="Move AFTER back by the shift that is found.")] = False,
    min_area: MinArea = 10.0,
    simplify: Simplify = 0.75,
    square: Square = False,
    date_before: Annotated[str | None, typer.Option(help="Date of BEFORE, as 2024-05-31: a field of all polygons.")] = (
        None
    ),
    date_after: Annotated[str | None, typer.Option(help="Date of AFTER.")] = None,
    device: Device = "auto",
    output_probability: Annotated[str | None, typer.Option(help="Raster of P(change) to write (GeoTIFF).")] = None,
    tile: TileSize = 0,
    on_bad_block: OnBadBlock = "stop",
    resume: Resume = True,
    cluster: ClusterAddress = None,
    as_json: AsJson = False,
) -> None:
    """Find the buildings that appeared, disappeared or were modified between two dates."""
    parameters = {
        "before": before,
        "after": after,
        "output": output,
        "extent": read_extent(extent),
        "extent_crs": extent_crs,
        "model": model,
        "threshold": threshold,
        "refine": refine,
        "steps": steps,
        "both_orders": both_orders,
        "align": align,
        "min_area": min_area,
        "simplify": simplify,
        "square": square,
        "date_before": date_before,
        "date_after": date_after,
        "device": device,
        "output_probability": output_probability,
        "tile": tile,
        "on_bad_block": on_bad_block,
        "resume": resume,
        "cluster": cluster,
    }
    run_and_print("detect-changes", parameters, as_json=as_json)


@app.command("track-changes")
def track_changes(
    output: Output,
    rasters: Annotated[
        list[str], typer.Argument(metavar="RASTERS...", help="Rasters with their dates in their names, or a folder.")
    ],
    *,
    extent: Area = None,
    extent_crs: AreaCrs = None,
    model: ChangeModel = "change",
    threshold: Threshold = 0.0,
    refine: Annotated[bool, typer.Option(help="Refine the boundaries by diffusion.")] = True,
    align: Annotated[bool, typer.Option("--align", help="Move each raster back onto the one before.")] = False,
    min_area: MinArea = 10.0,
    simplify: Simplify = 0.75,
    square: Square = False,
    steps: Steps = 0,
    device: Device = "auto",
    on_bad_block: OnBadBlock = "stop",
    resume: Resume = True,
    cluster: ClusterAddress = None,
    as_json: AsJson = False,
) -> None:
    """Find when buildings were first and last seen, from rasters of several dates."""
    parameters = {
        "rasters": "\n".join(rasters),
        "output": output,
        "extent": read_extent(extent),
        "extent_crs": extent_crs,
        "model": model,
        "threshold": threshold,
        "refine": refine,
        "align": align,
        "min_area": min_area,
        "simplify": simplify,
        "square": square,
        "steps": steps,
        "device": device,
        "on_bad_block": on_bad_block,
        "resume": resume,
        "cluster": cluster,
    }
    run_and_print("track-changes", parameters, as_json=as_json)
