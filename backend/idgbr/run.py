"""The table of jobs, and the function with which the worker, the command line and Python run one."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from typing import Any

from idgbr.errors import InputError
from idgbr.exported import naming_layers, staged_files
from idgbr.monitor import Monitor, listening
from idgbr.options import build_parameters
from idgbr.parameters import PARAMETERS
from idgbr.pipeline.apart import check_apart
from idgbr.process import release_memory, without

#: Module and function of each job. A job is imported when it runs, because each needs libraries that others do not.
JOBS = {
    "segment": ("segment", "run_segment"),
    "refine": ("refine", "run_refine"),
    "detect-changes": ("detect_changes", "run_detect_changes"),
    "track-changes": ("track_changes", "run_track_changes"),
    "vectorize": ("vectorize", "run_vectorize"),
    "regularize": ("regularize", "run_regularize"),
    "align": ("align", "run_align"),
    "evaluate": ("evaluate", "run_evaluate"),
    "train": ("train", "run_train"),
    "pretrain": ("pretrain", "run_pretrain"),
    "preview": ("preview", "run_preview"),
    "try-labels": ("try_labels", "run_try_labels"),
    "add-model": ("manage_models", "run_add_model"),
    "change-model": ("manage_models", "run_change_model"),
    "export-model": ("manage_models", "run_export_model"),
    "remove-model": ("manage_models", "run_remove_model"),
}


def run_job(name: str, parameters: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
    """Run the job `name`; returns {"outputs": {NAME: path}, "summary": {...}}.

    `staged` among the parameters lists the files exported from layers, see `idgbr.exported`. Raises InputError for
    unknown, missing or wrong parameters, and any IdgbrError that the job raises.
    """
    if name not in JOBS:
        raise InputError(f"unknown job {name!r}; this backend knows {', '.join(JOBS)}. Update the backend.")
    try:
        given = dict(parameters)
        staged = staged_files(given.pop("staged", None) or {})
        with naming_layers(staged, monitor) as telling, listening(telling):
            checked = build_parameters(PARAMETERS[name], given)
            check_apart(vars(checked), staged)
            job = _function(name, getattr(checked, "cluster", None))
            _settle()
            return job(checked, telling)
    finally:
        # Jobs and the loaders of their models refer to each other in cycles. Without this, networks of several jobs,
        # half a gigabyte each, stay in memory until Python collects such cycles.
        gc.collect()
        release_memory()


@cache
def _settle() -> None:
    """Before the first job, tell the garbage collector that the modules stay: to look through them takes 0.1 s."""
    gc.freeze()


def _function(name: str, cluster: str | None) -> Callable[[Any, Monitor], dict[str, Any]]:
    """The function of a job, called with its checked parameters."""
    module, function = JOBS[name]
    with without("scipy.linalg"):  # numba imports it with the first kernel, for covariances that none computes: 0.2 s
        import numba.np.arraymath  # noqa: F401
    found: Callable[..., dict[str, Any]] = getattr(import_module(f"idgbr.jobs.{module}"), function)
    if not cluster:
        return found
    from idgbr.distributed.coordinator import executor_of

    return partial(found, connect=executor_of)
