"""The run of the jobs with stages, a layer and rasters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from idgbr.checkpoint.job_folder import JobFolder
from idgbr.engines.devices import Device
from idgbr.monitor import Monitor
from idgbr.pipeline.executor import Connect, Run
from idgbr.pipeline.outputs import address, check_source, publish, requested_rasters, vector_output
from idgbr.pipeline.stage import StagedJob

Job = TypeVar("Job", bound=StagedJob)
#: The paths of rasters, by output name.
Rasters = Mapping[str, Path]


@dataclass(frozen=True)
class Done(Generic[Job]):
    """A finished job: its figures, the device of the models, the paths of its outputs, and its time."""

    job: Job
    figures: dict[str, Any]
    device: Device
    outputs: dict[str, str]
    seconds: float

    def result(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """The result of a job: the outputs, and the `summary` with device and time."""
        return {"outputs": self.outputs, "summary": {**summary, "device": self.device.id, "seconds": self.seconds}}


def run_staged(
    parameters: Any, rasters: Mapping[str, str | None], opened: Callable[[Path, ExitStack], Job],
    make: Callable[[Run, Job, Rasters], dict[str, Any]], monitor: Monitor, connect: Connect, *,
    published: Callable[[Job, Rasters], None] | None = None,
) -> Done[Job]:  # fmt: skip
    """Run a job, or the remaining part of an earlier run. Outputs get their names only when all is done.

    Args:
        parameters: Its checked parameters.
        rasters: Paths of the rasters, by output name; None for those that are not requested.
        opened: Opens the job in its folder; its inputs are closed with the stack.
        make: Makes the layer and the rasters in the job's folder, see `make_result`; returns figures.
        monitor: Gets the progress; is asked whether to stop.
        connect: Gives the executor.
        published: Called when the outputs are in place.
    """
    output = vector_output(parameters.output, monitor)
    paths = requested_rasters(rasters)
    with ExitStack() as stack:
        folder = stack.enter_context(JobFolder(output, paths.values(), monitor))
        job = opened(folder.path, stack)
        executor = stack.enter_context(connect(parameters.cluster, monitor))
        device = executor.device(parameters.device, job.grid.pixels)
        identity = job.identity(device)
        folder.begin(job.name, asdict(parameters), identity, resume=parameters.resume)
        job.use(device)
        figures = make(Run(job, folder, identity, executor), job, paths)
        for source in job.sources:
            check_source(source, monitor)
        publish(paths, folder, monitor)
        if published:
            published(job, paths)
    outputs = {"OUTPUT": address(output)} | {name: str(path) for name, path in paths.items()}
    return Done(job, figures, device, outputs, round(folder.journal.elapsed_s, 2))
