"""The commands `idgbr jobs …`: stopped jobs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="List, resume or remove stopped jobs.")

Places = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PLACE]...", help="Outputs, or folders of outputs; by default all of your recent jobs."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command("list")
def list_jobs(places: Places = None, as_json: AsJson = False) -> None:
    """List stopped and running jobs with progress, age and size."""
    from idgbr.checkpoint.stopped import stopped_jobs
    from idgbr.console import print_json, table_text

    jobs = stopped_jobs(places or [])
    if as_json:
        print_json([vars(job) for job in jobs])
    elif jobs:
        sys.stdout.write(table_text([job.row() for job in jobs]))
    else:
        sys.stderr.write("There are no stopped jobs.\n")


@app.command()
def resume(
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="Output of the job, as `idgbr jobs list` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Resume a stopped job."""
    from idgbr.checkpoint.stopped import arguments_of, stopped_job
    from idgbr.cli.commands import run_and_print

    run_and_print(*arguments_of(stopped_job(output)), as_json=as_json, tables=["changes"])


@app.command()
def clean(
    places: Places = None,
    older_than: Annotated[
        float, typer.Option(min=0, metavar="DAYS", help="Only jobs stopped at least this long ago.")
    ] = 0.0,
) -> None:
    """Remove the folders of stopped jobs. Existing outputs stay, and running jobs are not touched."""
    from idgbr.checkpoint.stopped import remove, stopped_jobs

    for job in stopped_jobs(places or []):
        if job.running is None and job.age_s >= older_than * 86400:
            remove(job)
            sys.stdout.write(f"removed {job.folder}\n")
