"""The command line `idgbr`. Exit status: 0 done, 1 failed (one line says why), 2 wrong arguments, 130 cancelled."""

from __future__ import annotations

import logging
import os
import sys
import threading
from importlib.util import find_spec
from typing import Annotated, Literal, NoReturn

import typer

from idgbr import __version__, cli_change, cli_jobs, cli_models
from idgbr.cli_options import (
    Area,
    AreaCrs,
    AsJson,
    ClassesOutput,
    ClusterAddress,
    ConfidenceOutput,
    Device,
    MinArea,
    OnBadBlock,
    Output,
    Resume,
    Samples,
    Simplify,
    Square,
    Steps,
    TileSize,
    UncertaintyOutput,
    read_extent,
    run_and_print,
)
from idgbr.console import explain, print_json, start_logging
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

app.add_typer(cli_change.app)
app.add_typer(cli_jobs.app, name="jobs")
app.add_typer(cli_models.app, name="models")


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
        "extent": read_extent(extent),
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
    cluster: ClusterAddress = None,
    as_json: AsJson = False,
) -> None:
    """Refine the boundaries of any classification, and say how far they moved."""
    parameters = {
        "input": input,
        "coarse": coarse,
        "output": output,
        "class_field": class_field,
        "extent": read_extent(extent),
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
        "cluster": cluster,
    }
    run_and_print("refine", parameters, as_json=as_json, tables=["changes"])


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
        "extent": read_extent(extent),
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
    _flushed()
    if status == CANCELLED and threading.active_count() > 1:
        # What a library is still at in a thread must not hold the program, nor fail as the program is taken down.
        logging.shutdown()
        os._exit(status)
    sys.exit(status)


def _fail(message: str, status: int) -> int:
    sys.stderr.write(message + "\n")
    return status


def _flushed() -> None:
    """Write out stdout while a closed pipe (`idgbr models | head`) can still be passed over in silence."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
