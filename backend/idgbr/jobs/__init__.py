"""The jobs that the worker and the command line run: a frozen dataclass of parameters and a run function each."""

from __future__ import annotations

import gc
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any

from idgbr.errors import InputError
from idgbr.jobs.apart import check_apart
from idgbr.jobs.detect_changes import DetectChangesParameters, run_detect_changes
from idgbr.jobs.evaluate import EvaluateParameters, run_evaluate
from idgbr.jobs.models import (
    AddModelParameters,
    ChangeModelParameters,
    RemoveModelParameters,
    run_add_model,
    run_change_model,
    run_remove_model,
)
from idgbr.jobs.preview import PreviewParameters, run_preview
from idgbr.jobs.refine import RefineParameters, run_refine
from idgbr.jobs.segment import SegmentParameters, run_segment
from idgbr.jobs.track_changes import TrackChangesParameters, run_track_changes
from idgbr.jobs.vectorize import VectorizeParameters, run_vectorize
from idgbr.monitor import Monitor, listening
from idgbr.staged import calling, staged_files


@dataclass(frozen=True)
class Job:
    """A kind of job: the type of its parameters and what runs it."""

    parameters: type
    run: Callable[[Any, Monitor], dict[str, Any]]


JOBS = {
    "segment": Job(SegmentParameters, run_segment),
    "refine": Job(RefineParameters, run_refine),
    "detect-changes": Job(DetectChangesParameters, run_detect_changes),
    "track-changes": Job(TrackChangesParameters, run_track_changes),
    "vectorize": Job(VectorizeParameters, run_vectorize),
    "evaluate": Job(EvaluateParameters, run_evaluate),
    "preview": Job(PreviewParameters, run_preview),
    "add-model": Job(AddModelParameters, run_add_model),
    "change-model": Job(ChangeModelParameters, run_change_model),
    "remove-model": Job(RemoveModelParameters, run_remove_model),
}


def run_job(name: str, parameters: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
    """Run the job `name`; returns {"outputs": {NAME: path}, "summary": {...}}.

    `staged` among the parameters tells which files were made of which layers, see `idgbr.staged`. Unknown parameters
    are ignored, so that an older backend serves a newer plugin. Raises InputError for missing or mistyped ones and any
    IdgbrError the job raises.
    """
    if name not in JOBS:
        raise InputError(f"unknown job {name!r}; this backend knows {', '.join(JOBS)}. Update the backend.")
    job = JOBS[name]
    try:
        staged = staged_files(parameters.get("staged") or {})
        with calling(staged, monitor) as telling, listening(telling):
            checked = build_parameters(job.parameters, parameters)
            check_apart(asdict(checked), staged)
            return job.run(checked, telling)
    finally:
        # A job and what it loads its models with refer to each other: without this, the networks of several jobs, half
        # a gigabyte each, lie in the memory of a worker until Python happens to look for such rings.
        gc.collect()


def build_parameters(kind: type, given: dict[str, Any]) -> Any:
    """An instance of the dataclass `kind` from untrusted values. Raises InputError naming the parameter."""
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    for item in fields(kind):
        if given.get(item.name) is None:
            if item.default is MISSING:
                raise InputError(f"parameter {item.name!r} is missing; give it a value.")
            continue
        values[item.name] = _convert(item.name, given[item.name], hints[item.name])
    return kind(**values)


def _convert(name: str, value: Any, hint: Any) -> Any:
    """`value` as the type of `hint` (str, bool, int, float, tuple of floats, or one of these | None)."""
    if isinstance(hint, types.UnionType):
        hint = next(a for a in typing.get_args(hint) if a is not type(None))
    if typing.get_origin(hint) is tuple:
        length = len(typing.get_args(hint))
        if isinstance(value, list | tuple) and len(value) == length:
            return tuple(_convert(name, v, float) for v in value)
        raise InputError(f"parameter {name!r}: expected {length} numbers, got {value!r}.")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if hint is float and number:
        return float(value)
    if hint is int and number and float(value).is_integer():
        return int(value)
    if hint in (str, bool) and isinstance(value, hint):
        if hint is str and "\0" in value:
            raise InputError(f"parameter {name!r}: contains a null character.")
        return value
    raise InputError(f"parameter {name!r}: expected {getattr(hint, '__name__', hint)}, got {value!r}.")
