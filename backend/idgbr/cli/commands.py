"""The commands that run jobs, made from the parameters of each job; runs a job and prints its result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from inspect import Parameter as Argument
from inspect import Signature
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from idgbr.console import ConsoleMonitor, print_result, table_text
from idgbr.errors import InputError, JobCancelled, one_line
from idgbr.options import Parameter, Parameters, build_parameters, parameters_of, positional
from idgbr.parameters import PARAMETERS
from idgbr.spans import recording, write_trace

WRONG_ARGUMENTS = 2
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Profile = Annotated[
    Optional[Path],  # noqa: UP045 (typer reads it on Python 3.10)
    typer.Option(
        "--profile",
        metavar="FILE",
        help="Write where the time goes, as a trace for https://ui.perfetto.dev, and print a table of it.",
    ),
]
#: The jobs that are commands, each with the lists in its summary that are printed as tables.
COMMANDS: dict[str, tuple[str, ...]] = {
    "segment": (),
    "refine": ("changes",),
    "vectorize": (),
    "regularize": (),
    "align": (),
    "evaluate": ("classes",),
    "train": ("accuracy",),
    "pretrain": (),
    "detect-changes": (),
    "track-changes": (),
}


def add_job_commands(app: typer.Typer) -> None:
    """Add a command for each job for users."""
    for job, tables in COMMANDS.items():
        app.command(job, help=PARAMETERS[job].__doc__)(_command(PARAMETERS[job], tables))


def _command(kind: type[Parameters], tables: Sequence[str]) -> Callable[..., None]:
    """The function of a command; typer reads its options from the signature."""

    def command(*, as_json: bool, profile: Path | None, **values: Any) -> None:
        for parameter in parameters:
            if parameter.kind is tuple:
                values[parameter.name] = read_extent(values[parameter.name])
            elif parameter.option.role == "rasters":
                values[parameter.name] = "\n".join(values[parameter.name] or ()) or None
        try:
            build_parameters(kind, values)
        except InputError as error:
            sys.stderr.write(one_line(error) + "\n")
            raise typer.Exit(WRONG_ARGUMENTS) from None
        with profiled(profile):
            run_and_print(kind.JOB, values, as_json=as_json, tables=tables)

    parameters = parameters_of(kind)
    first = positional(kind)
    ordered = [*first, *(parameter for parameter in parameters if parameter not in first)]
    arguments = [_argument(parameter) for parameter in ordered]
    arguments.append(Argument("as_json", Argument.KEYWORD_ONLY, default=False, annotation=AsJson))
    arguments.append(Argument("profile", Argument.KEYWORD_ONLY, default=None, annotation=Profile))
    command.__signature__ = Signature(arguments)  # type: ignore[attr-defined]
    command.__annotations__ = {argument.name: argument.annotation for argument in arguments}
    return command


@contextmanager
def profiled(path: Path | None) -> Iterator[None]:
    """With a path, record where the time goes: the trace is written there, a table to stderr, also after a failure."""
    if path is None:
        yield
        return
    with recording() as recorder:
        try:
            yield
        finally:
            sys.stderr.write("\n" + table_text(recorder.table()))
            try:
                write_trace(recorder, path)
            except OSError as error:
                sys.stderr.write(f"{path}: cannot be written ({error.strerror}); choose another file.\n")


def _argument(parameter: Parameter) -> Argument:
    """A parameter for typer: an argument without a default, else an option."""
    option, declared = parameter.option, parameter.kind
    kind: Any = str if declared is tuple else declared
    if parameter.required:
        argument = typer.Argument(metavar=option.metavar, help=option.help)
        annotation = list[str] if option.role == "rasters" else kind
        return Argument(parameter.name, Argument.KEYWORD_ONLY, default=argument, annotation=annotation)
    names = [f"--{parameter.name.replace('_', '-')}"] if parameter.default is False else []  # not --no-… too
    metavar = option.metavar or "|".join(option.choices) or None
    default = typer.Option(parameter.default, *names, metavar=metavar, help=option.help)
    if option.role == "rasters":
        kind = list[str]
    annotation = kind | None if parameter.default is None else kind
    return Argument(parameter.name, Argument.KEYWORD_ONLY, default=default, annotation=annotation)


def read_extent(text: str | None) -> tuple[float, ...] | None:
    """Read "xmin,ymin,xmax,ymax"."""
    if text is None:
        return None
    try:
        xmin, ymin, xmax, ymax = (float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not xmin,ymin,xmax,ymax (four numbers with commas between).") from None
    return xmin, ymin, xmax, ymax


def run_and_print(job: str, parameters: dict[str, Any], *, as_json: bool, tables: Sequence[str] = ()) -> None:
    """Run a job with progress bars and cancel, and print its result; `tables` are the printed lists of its summary."""
    monitor = ConsoleMonitor()
    try:
        from idgbr.run import run_job
    except KeyboardInterrupt:
        raise JobCancelled from None
    with monitor.running():
        result = run_job(job, parameters, monitor)
    print_result(result, as_json=as_json, tables=tables)
