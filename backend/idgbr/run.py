"""The table of jobs, and the function with which the worker, the command line and Python run one."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from typing import Any

from idgbr.distributed.coordinator import executor_of
from idgbr.errors import InputError
from idgbr.exported import naming_layers, staged_files
from idgbr.jobs.detect_changes import run_detect_changes
from idgbr.jobs.evaluate import run_evaluate
from idgbr.jobs.manage_models import run_add_model, run_change_model, run_export_model, run_remove_model
from idgbr.jobs.pretrain import run_pretrain
from idgbr.jobs.preview import run_preview
from idgbr.jobs.refine import run_refine
from idgbr.jobs.segment import run_segment
from idgbr.jobs.track_changes import run_track_changes
from idgbr.jobs.train import run_train
from idgbr.jobs.try_labels import run_try_labels
from idgbr.jobs.vectorize import run_vectorize
from idgbr.monitor import Monitor, listening
from idgbr.options import build_parameters
from idgbr.parameters import PARAMETERS
from idgbr.pipeline.apart import check_apart

#: The function of each job, called with its checked parameters.
JOBS: dict[str, Callable[[Any, Monitor], dict[str, Any]]] = {
    "segment": partial(run_segment, connect=executor_of),
    "refine": partial(run_refine, connect=executor_of),
    "detect-changes": partial(run_detect_changes, connect=executor_of),
    "track-changes": partial(run_track_changes, connect=executor_of),
    "vectorize": run_vectorize,
    "evaluate": run_evaluate,
    "train": run_train,
    "pretrain": run_pretrain,
    "preview": run_preview,
    "try-labels": run_try_labels,
    "add-model": run_add_model,
    "change-model": run_change_model,
    "export-model": run_export_model,
    "remove-model": run_remove_model,
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
            return JOBS[name](checked, telling)
    finally:
        # Jobs and the loaders of their models refer to each other in cycles. Without this, networks of several jobs,
        # half a gigabyte each, stay in memory until Python collects such cycles.
        gc.collect()
