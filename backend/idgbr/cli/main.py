"""The command line `idgbr`. Exit status: 0 done, 1 failed (one line says why), 2 wrong arguments, 130 cancelled."""

from __future__ import annotations

import logging
import os
import sys
import threading
from importlib.util import find_spec
from typing import Annotated, NoReturn

import typer

from idgbr import __version__, process
from idgbr.cli import jobs, models
from idgbr.cli.commands import AsJson, add_job_commands
from idgbr.console import explain, print_json, start_logging
from idgbr.errors import InputError, JobCancelled

FAILED = 1
CANCELLED = 130
#: Tasks of `idgbr train` that read a TOML file, and the command of each; they need the extra `train`.
_FROM_FILES = {"change": "train-change", "refiner": "train-refiner"}

app = typer.Typer(
    name="idgbr",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(jobs.app, name="jobs")
app.add_typer(models.app, name="models")


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


add_job_commands(app)


@app.command()
def doctor(
    trial: Annotated[
        bool, typer.Option("--run", help="Also run a small job, which compiles what later jobs use: a minute at first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check this installation: versions, devices, models; reports faults and their remedies."""
    from idgbr.cli.doctor import examine, show_report

    report = examine(trial=trial)
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


def _by_task(arguments: list[str]) -> list[str]:
    """Arguments with the command of its own for a task of `idgbr train` that reads a file. Raises InputError."""
    if arguments[:1] != ["train"]:
        return arguments
    for place, word in enumerate(arguments):
        name, _, joined = word.partition("=")
        task = joined or (arguments[place + 1 : place + 2] or [""])[0]
        if name == "--task" and task in _FROM_FILES:
            if not find_spec("torch"):
                raise InputError(f"the task {task} needs torch; install it with: pip install 'idgbr[train]'.")
            return [_FROM_FILES[task], *arguments[1:place], *arguments[place + (1 if joined else 2) :]]
    return arguments


def _add_training_commands(arguments: list[str]) -> None:
    """Add the training commands if torch is installed, unless the command is known without them."""
    own = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    if own.isdisjoint(arguments[:1]) and find_spec("torch") and find_spec("idgbr.training.cli"):
        from idgbr.training.cli import app as training

        app.add_typer(training)


def main() -> NoReturn:
    """Run the command line on this program's arguments."""
    process.own_process()
    log_path = None if sys.argv[1:2] == ["worker"] else start_logging()  # the worker has a log of its own
    try:
        arguments = _by_task(sys.argv[1:])
        _add_training_commands(arguments)
        app(arguments, prog_name="idgbr")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    except JobCancelled as error:
        status = _fail(str(error), CANCELLED)
    except Exception as error:  # noqa: BLE001 (nobody wants to read a traceback; it goes to the log)
        status = _fail(explain(error, log_path), FAILED)
    _flushed()
    if status == CANCELLED and threading.active_count() > 1:
        # Library threads that are still working must not delay the exit, nor fail during it.
        logging.shutdown()
        os._exit(status)
    sys.exit(status)


def _fail(message: str, status: int) -> int:
    sys.stderr.write(message + "\n")
    return status


def _flushed() -> None:
    """Flush stdout while a closed pipe (`idgbr models | head`) can still be ignored."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
