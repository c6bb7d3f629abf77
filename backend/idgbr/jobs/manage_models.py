"""Jobs that export models, and add, change and remove the user's own, for the dialog in QGIS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from idgbr.models.card import Scaling
from idgbr.models.export import export_model
from idgbr.models.manage import add_model, change_model, remove_model
from idgbr.models.number_lists import band_numbers, numbers
from idgbr.monitor import Monitor
from idgbr.parameters import (
    AddModelParameters,
    ChangeModelParameters,
    ExportModelParameters,
    RemoveModelParameters,
)


def run_add_model(parameters: AddModelParameters, monitor: Monitor) -> dict[str, Any]:
    """Add a model; the summary is that of the model."""
    p = parameters
    entry = add_model(Path(p.source), model_id=p.id, gsd_m=p.gsd_m, replace_own=p.replace, monitor=monitor)
    return {"outputs": {}, "summary": entry.summary()}


def run_change_model(parameters: ChangeModelParameters, monitor: Monitor) -> dict[str, Any]:  # noqa: ARG001
    """Change value scaling and bands in a model's card; the summary is that of the model."""
    p = parameters
    scaling = Scaling(p.scaling, *(numbers(name, getattr(p, name)) for name in ("mean", "std", "low", "high")))
    entry = change_model(p.id, scaling=scaling, band_map=band_numbers(p.bands))
    return {"outputs": {}, "summary": entry.summary()}


def run_export_model(parameters: ExportModelParameters, monitor: Monitor) -> dict[str, Any]:
    """Export a model; the summary is its id and the path."""
    p = parameters
    path = export_model(p.id, Path(p.output), replace_zip=p.replace, monitor=monitor)
    return {"outputs": {}, "summary": {"id": p.id, "written": str(path)}}


def run_remove_model(parameters: RemoveModelParameters, monitor: Monitor) -> dict[str, Any]:  # noqa: ARG001
    """Remove a model."""
    return {"outputs": {}, "summary": {"removed": str(remove_model(parameters.id))}}
