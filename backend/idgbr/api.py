"""The functions of `import idgbr`, one for each job, made from `idgbr.parameters`; a call runs the job in this process.

Their arguments have the names, defaults and checks of the command line. `idgbr.in_memory` turns objects such as
`xarray.DataArray` into files for the job, and files into objects.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from inspect import Parameter as Argument
from inspect import Signature
from typing import Any

from idgbr.errors import IdgbrError, JobCancelled
from idgbr.monitor import Monitor, Relay
from idgbr.options import Parameter, Parameters, build_parameters, parameters_of
from idgbr.parameters import (
    AlignParameters,
    DetectChangesParameters,
    EvaluateParameters,
    PretrainParameters,
    RefineParameters,
    RegularizeParameters,
    SegmentParameters,
    TrackChangesParameters,
    TrainParameters,
    VectorizeParameters,
)
from idgbr.result import Result

__all__ = [
    "IdgbrError",
    "Result",
    "align",
    "detect_changes",
    "evaluate",
    "list_devices",
    "list_models",
    "pretrain",
    "refine",
    "regularize",
    "segment",
    "track_changes",
    "train",
    "vectorize",
]

#: Values of `progress`: whether to show bars and messages, or a function of a stage and its finished fraction, 0 to 1.
Progress = bool | Callable[[str, float], object]


#: End of the docstring of each function.
_COMMON = """\
    progress: True shows bars and messages; a callable gets a stage and its share that is done, 0 to 1.

A raster is a path, an open rasterio dataset, or a DataArray with a CRS. A layer is a path or a GeoDataFrame. Without
`output`, polygons are returned as a GeoDataFrame. An output raster that is True is returned as a DataArray, lines as a
GeoDataFrame.

Returns a Result with named outputs and figures. Raises IdgbrError, with one line that says what to do.
"""


class _Reporting(Relay):
    """Collects the messages of a job for its result, and reports its progress to a callable."""

    def __init__(self, outer: Monitor, tell: Callable[[str, float], object] | None) -> None:
        super().__init__(outer)
        self._tell = tell
        self.messages: list[str] = []

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        super().progress(stage, done, total, message)
        if self._tell:
            self._tell(stage, done / total if total else 1.0)

    def info(self, message: str) -> None:
        self.messages.append(message)
        super().info(message)

    def warn(self, message: str) -> None:
        self.messages.append(message)
        super().warn(message)


def list_models() -> list[dict[str, Any]]:
    """All models, one dict each: id, kind, title, classes, pixel sizes, folder, problem.

    `problem` says what is wrong with a model in one line; it is None for an intact one.
    """
    from idgbr.models.registry import list_models as entries

    return [entry.summary() for entry in entries()]


def list_devices() -> list[dict[str, Any]]:
    """All devices for networks: id, name, engine, free memory in MB, and the problem of an unusable one."""
    from idgbr.engines.devices import list_devices as devices

    keys = ("id", "name", "engine", "free_memory_mb", "problem")
    return [{key: getattr(device, key) for key in keys} for device in devices()]


def positional(kind: type[Parameters]) -> list[Parameter]:
    """Parameters that may be given without their names: inputs, then the output of polygons."""
    return [parameter for parameter in parameters_of(kind) if parameter.required]


def _function(kind: type[Parameters]) -> Callable[..., Result]:
    """The function that runs a job."""
    name = kind.JOB.replace("-", "_")
    first = positional(kind)

    def function(*arguments: Any, progress: Progress = False, **options: Any) -> Result:
        if len(arguments) > len(first):
            raise TypeError(f"{name}() takes {len(first)} arguments without a name; give the others by name.")
        given = dict(zip((parameter.name for parameter in first), arguments, strict=False))
        if twice := given.keys() & options.keys():
            raise TypeError(f"{name}() got {', '.join(twice)} twice.")
        return _run(kind, given | options, progress)

    function.__name__ = function.__qualname__ = name
    function.__module__ = "idgbr"
    function.__doc__ = _docstring(kind)
    function.__signature__ = signature(kind)  # type: ignore[attr-defined]
    return function


def signature(kind: type[Parameters]) -> Signature:
    """The signature of a job's function: inputs and the output of polygons first, the others by name."""
    arguments = []
    for parameter in parameters_of(kind):
        form = Argument.POSITIONAL_OR_KEYWORD if parameter.required else Argument.KEYWORD_ONLY
        default = Argument.empty if parameter.required else parameter.default
        if parameter.option.role == "polygons":
            default = None
        arguments.append(Argument(parameter.name, form, default=default))
    return Signature([*arguments, Argument("progress", Argument.KEYWORD_ONLY, default=False)])


def _docstring(kind: type[Parameters]) -> str:
    """The text of `help` for the function."""
    args = [f"    {parameter.name}: {parameter.option.help}" for parameter in parameters_of(kind)]
    return "\n".join([str(kind.__doc__), "", "Args:", *args, _COMMON])


def _run(kind: type[Parameters], values: dict[str, Any], progress: Progress) -> Result:
    """Run a job on values of any form; see `_function`."""
    from idgbr.in_memory import Exchange

    with ExitStack() as stack:
        exchange = Exchange(kind, stack)
        given = exchange.plain(values)
        build_parameters(kind, given)  # before anything is written
        exchange.write_inputs()
        from idgbr.console import ConsoleMonitor, cancelling
        from idgbr.run import run_job

        shown = ConsoleMonitor() if progress is True else None
        monitor = _Reporting(shown or Monitor(), progress if callable(progress) else None)
        try:
            with shown.running() if shown else cancelling(monitor):
                done = run_job(kind.JOB, given | exchange.staged(), monitor)
        except JobCancelled:
            if monitor.cancelled:
                raise KeyboardInterrupt from None
            raise
        outputs = {Result.name_of(name): path for name, path in done["outputs"].items()}
        return Result(kind.JOB, exchange.read_outputs(outputs), done["summary"], tuple(monitor.messages))


segment = _function(SegmentParameters)
refine = _function(RefineParameters)
detect_changes = _function(DetectChangesParameters)
track_changes = _function(TrackChangesParameters)
vectorize = _function(VectorizeParameters)
regularize = _function(RegularizeParameters)
align = _function(AlignParameters)
evaluate = _function(EvaluateParameters)
train = _function(TrainParameters)
pretrain = _function(PretrainParameters)
