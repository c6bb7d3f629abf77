"""The command line `idgbr`. Exit status: 0 done, 1 failed (one line says why), 2 wrong arguments, 130 cancelled."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Annotated, Any, Literal, NoReturn

import typer

from idgbr import __version__, cli_jobs, cli_models
from idgbr.console import ConsoleMonitor, explain, print_json, print_result, start_logging
from idgbr.errors import JobCancelled

FAILED = 1
CANCELLED = 130

app = typer.Typer(
    name="idgbr",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(cli_jobs.app, name="jobs")
app.add_typer(cli_models.app, name="models")

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Output = Annotated[str, typer.Argument(metavar="OUTPUT", help="Polygons to write: .gpkg, .shp, .geojson or .fgb.")]
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
    Literal["stop", "nodata"], typer.Option(help="What to do at a block of IMAGE that cannot be read.")
]
ClusterAddress = Annotated[
    str | None,
    typer.Option(
        metavar="tcp://HOST:PORT", help="Dask scheduler whose workers do the work; outputs on shared storage."
    ),
]
Resume = Annotated[bool, typer.Option(help="Go on where the same job was stopped before, or start afresh in any case.")]


def _extent(text: str | None) -> tuple[float, ...] | None:
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


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"idgbr {__version__}\n")
        raise typer.Exit


@app.callback()
def _program(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Coarse segmentation, diffusion boundary refinement and vectorization of georeferenced rasters."""


def run_and_print(job: str, parameters: dict[str, Any], *, as_json: bool, tables: Sequence[str] = ()) -> None:
    """Run a job with bars and cancel, and print its result; `tables` are the lists in its summary to be shown."""
    monitor = ConsoleMonitor()
    with monitor.running():
        from idgbr.jobs import run_job

        monitor.check()
        result = run_job(job, parameters, monitor)
    print_result(result, as_json=as_json, tables=tables)


@app.command()
def segment(
    input: Annotated[str, typer.Argument(metavar="IMAGE", help="Raster to segment.")],  # noqa: A002
    output: Output,
    *,
    extent: Area = None,
    extent_crs: AreaCrs = None,
    mask: Annotated[str | None, typer.Option(help="Vector file: work inside its polygons only.")] = None,
    model: Annotated[str, typer.Option(help="Coarse model: an id, a model's folder, or an .onnx file.")] = "buildings",
    refine: Annotated[bool, typer.Option(help="Refine the boundaries by diffusion.")] = True,
    steps: Steps = 0,
    samples: Samples = 0,
    min_area: MinArea = 4.0,
    simplify: Simplify = 0.75,
    square: Square = False,
    device: Device = "auto",
    output_classes: ClassesOutput = None,
    output_confidence: ConfidenceOutput = None,
    output_uncertainty: UncertaintyOutput = None,
    tile: TileSize = 0,
    on_bad_block: OnBadBlock = "stop",
    resume: Resume = True,
    cluster: ClusterAddress = None,
    as_json: AsJson = False,
) -> None:
    """Segment an image, refine the boundaries, write polygons."""
    parameters = {
        "input": input,
        "output": output,
        "extent": _extent(extent),
        "extent_crs": extent_crs,
        "mask": mask,
        "model": model,
        "refine": refine,
        "steps": steps,
        "samples": samples,
        "min_area": min_area,
        "simplify": simplify,
        "square": square,
        "device": device,
        "output_classes": output_classes,
        "output_confidence": output_confidence,
        "output_uncertainty": output_uncertainty,
        "tile": tile,
        "on_bad_block": on_bad_block,
        "resume": resume,
        "cluster": cluster,
    }
    run_and_print("segment", parameters, as_json=as_json)


@app.command()
def refine(
    input: Annotated[str, typer.Argument(metavar="IMAGE", help="Raster that shows where boundaries are.")],  # noqa: A002
    coarse: Annotated[
        str, typer.Argument(metavar="COARSE", help="Class raster, or polygon layer (path or path|layer).")
    ],
    output: Output,
    *,
    class_field: Annotated[
        str | None, typer.Option(help="Field of the layer with the class, text or integer; without it, one class.")
    ] = None,
    extent: Area = None,
    extent_crs: AreaCrs = None,
    background: Annotated[
        Literal["auto", "yes", "no"],
        typer.Option(help="Whether ground without a class takes part as background; auto: around objects alone."),
    ] = "auto",
    fill_gaps: Annotated[bool, typer.Option("--fill-gaps", help="Give gaps the class beside them.")] = False,
    band_width: Annotated[
        int, typer.Option(min=0, help="How far boundaries may move, in pixels; 0 is the refiner's own default.")
    ] = 0,
    steps: Steps = 0,
    samples: Samples = 0,
    min_area: MinArea = 0.0,
    simplify: Simplify = 0.75,
    square: Square = False,
    device: Device = "auto",
    output_classes: ClassesOutput = None,
    output_confidence: ConfidenceOutput = None,
    output_uncertainty: UncertaintyOutput = None,
    tile: TileSize = 0,
    on_bad_block: OnBadBlock = "stop",
    resume: Resume = True,
    as_json: AsJson = False,
) -> None:
    """Refine the boundaries of any classification, and say how far they moved."""
    parameters = {
        "input": input,
        "coarse": coarse,
        "output": output,
        "class_field": class_field,
        "extent": _extent(extent),
        "extent_crs": extent_crs,
        "background": background,
        "fill_gaps": fill_gaps,
        "band_width": band_width,
        "steps": steps,
        "samples": samples,
        "min_area": min_area,
        "simplify": simplify,
        "square": square,
        "device": device,
        "output_classes": output_classes,
        "output_confidence": output_confidence,
        "output_uncertainty": output_uncertainty,
        "tile": tile,
        "on_bad_block": on_bad_block,
        "resume": resume,
    }
    run_and_print("refine", parameters, as_json=as_json, tables=["changes"])


@app.command("detect-changes")
def detect_changes(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="Raster of the earlier date; its grid is kept.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="Raster of the later date, on any grid, in any CRS.")],
    output: Output,
    *,
    extent: Area = None,
    extent_crs: AreaCrs = None,
    model: Annotated[str, typer.Option(help="Change model: an id, or a model's folder.")] = "change",
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Probability from which on it has changed; 0 is the model's own.")
    ] = 0.0,
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
    resume: Resume = True,
    as_json: AsJson = False,
) -> None:
    """Find the buildings that appeared, disappeared or were modified between two dates."""
    parameters = {
        "before": before,
        "after": after,
        "output": output,
        "extent": _extent(extent),
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
        "resume": resume,
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
    model: Annotated[str, typer.Option(help="Change model: an id, or a model's folder.")] = "change",
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Probability from which on it has changed; 0 is the model's own.")
    ] = 0.0,
    refine: Annotated[bool, typer.Option(help="Refine the boundaries by diffusion.")] = True,
    align: Annotated[bool, typer.Option("--align", help="Move each raster back onto the one before.")] = False,
    min_area: MinArea = 10.0,
    device: Device = "auto",
    as_json: AsJson = False,
) -> None:
    """Find when buildings were first and last seen, from rasters of several dates."""
    parameters = {
        "rasters": "\n".join(rasters),
        "output": output,
        "extent": _extent(extent),
        "extent_crs": extent_crs,
        "model": model,
        "threshold": threshold,
        "refine": refine,
        "align": align,
        "min_area": min_area,
        "device": device,
    }
    run_and_print("track-changes", parameters, as_json=as_json)


@app.command()
def vectorize(
    input: Annotated[str, typer.Argument(metavar="CLASSES", help="Class raster.")],  # noqa: A002
    output: Output,
    *,
    confidence: Annotated[
        str | None, typer.Option(help="Confidence raster of the same grid, for the field `confidence`.")
    ] = None,
    min_area: MinArea = 0.0,
    simplify: Simplify = 0.75,
    smooth: Annotated[bool, typer.Option("--smooth", help="Round the boundaries.")] = False,
    square: Square = False,
    as_json: AsJson = False,
) -> None:
    """Turn a class raster into polygons without gaps or overlaps."""
    parameters = {
        "input": input,
        "output": output,
        "confidence": confidence,
        "min_area": min_area,
        "simplify": simplify,
        "smooth": smooth,
        "square": square,
    }
    run_and_print("vectorize", parameters, as_json=as_json)


@app.command()
def evaluate(
    predicted: Annotated[
        str, typer.Argument(metavar="PREDICTED", help="Class raster or polygon layer (path or path|layer) to judge.")
    ],
    truth: Annotated[str, typer.Argument(metavar="TRUTH", help="Class raster or polygon layer that is right.")],
    *,
    predicted_class_field: Annotated[
        str | None, typer.Option(help="Field of the predicted layer with the class; by default class and class_id.")
    ] = None,
    truth_class_field: Annotated[
        str | None, typer.Option(help="Field of the true layer with the class; by default class and class_id.")
    ] = None,
    report: Annotated[str | None, typer.Option(help="Report to write (.html).")] = None,
    image: Annotated[str | None, typer.Option(help="Raster shown beneath the errors in the report.")] = None,
    confidence: Annotated[
        str | None, typer.Option(help="Confidence raster of the prediction, for the calibration error.")
    ] = None,
    extent: Area = None,
    extent_crs: AreaCrs = None,
    pixel_size: Annotated[
        float, typer.Option(min=0, help="Pixel size for two layers without an image, in metres; 0: by their extent.")
    ] = 0.0,
    outside: Annotated[
        str,
        typer.Option(
            metavar="auto|background|unlabelled",
            help="What the truth is where a true layer has no polygon; auto: background if there is one.",
        ),
    ] = "auto",
    as_json: AsJson = False,
) -> None:
    """Measure how well a classification agrees with the truth: figures, and a report with pictures."""
    parameters = {
        "predicted": predicted,
        "truth": truth,
        "predicted_class_field": predicted_class_field,
        "truth_class_field": truth_class_field,
        "report": report,
        "image": image,
        "confidence": confidence,
        "extent": _extent(extent),
        "extent_crs": extent_crs,
        "pixel_size": pixel_size,
        "outside": outside,
    }
    run_and_print("evaluate", parameters, as_json=as_json, tables=["classes"])


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check this installation: versions, devices, models; says what is wrong and what to do."""
    from idgbr.doctor import examine, show_report

    report = examine()
    if as_json:
        print_json(report.as_dict())
    else:
        show_report(report)
    if not report.healthy:
        raise typer.Exit(FAILED)


@app.command()
def worker() -> None:
    """Serve the QGIS plugin over stdin and stdout."""
    from idgbr.worker import main as serve

    serve()


def _add_training_commands(arguments: list[str]) -> None:
    """Join the training commands to the others where torch is installed, unless the command is known without them."""
    own = {command.callback.__name__ for command in app.registered_commands if command.callback}
    if own.isdisjoint(arguments[:1]) and find_spec("torch") and find_spec("idgbr.training.cli"):
        from idgbr.training.cli import app as training

        app.add_typer(training)


def main() -> NoReturn:
    """Run the command line on this program's arguments."""
    log_path = None if sys.argv[1:2] == ["worker"] else start_logging()  # the worker has a log of its own
    try:
        _add_training_commands(sys.argv[1:])
        app(prog_name="idgbr")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    except JobCancelled as error:
        status = _fail(str(error), CANCELLED)
    except Exception as error:  # noqa: BLE001 (nobody wants to read a traceback; it goes to the log)
        status = _fail(explain(error, log_path), FAILED)
    sys.exit(_flushed(status))


def _fail(message: str, status: int) -> int:
    sys.stderr.write(message + "\n")
    return status


def _flushed(status: int) -> int:
    """Write out stdout while a closed pipe (`idgbr models | head`) can still be passed over in silence."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status
