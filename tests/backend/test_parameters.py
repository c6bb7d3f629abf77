"""The parameters of all jobs: each checked, unknown ones refused, and cheap to import."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.options import build_parameters, parameters_of
from idgbr.parameters import MAX_SAMPLES, PARAMETERS, RefineParameters, SegmentParameters
from idgbr.refiner.sampler import TURNS
from idgbr.run import JOBS, run_job
from idgbr.worker import _known
from scripts import document_parameters

PATHS: dict[str, Any] = {"input": "a.tif", "output": "b.gpkg"}


def test_every_job_has_parameters_with_help() -> None:
    assert set(JOBS) == set(PARAMETERS)
    for module, function in JOBS.values():
        assert callable(getattr(import_module(f"idgbr.jobs.{module}"), function))
    for kind in PARAMETERS.values():
        assert dataclasses.is_dataclass(kind)
        for parameter in parameters_of(kind):
            assert parameter.option.help.endswith("."), parameter
            assert parameter.required or not parameter.option.problem(parameter.name, parameter.default)


def test_there_are_as_many_samples_as_ways_to_turn_a_tile() -> None:
    assert MAX_SAMPLES == TURNS


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"stepz": 3}, "segment knows no parameter 'stepz'; did you mean 'steps'?"),
        ({"minarea": 3}, "did you mean 'min_area'?"),
        ({"q": 3}, "segment knows no parameter 'q'; it knows input, output, extent"),
        ({"input": None}, "parameter 'input' is missing; give it a value."),
        ({"steps": "3"}, "parameter 'steps': expected int, got '3'."),
        ({"steps": True}, "parameter 'steps': expected int, got True."),
        ({"steps": 2.5}, "parameter 'steps': expected int, got 2.5."),
        ({"refine": 1}, "parameter 'refine': expected bool, got 1."),
        ({"model": "a\0b"}, "parameter 'model': contains a null character."),
        ({"extent": [1, 2, 3]}, "parameter 'extent': expected 4 numbers, got [1, 2, 3]."),
        ({"extent": [1, 2, 1, 3]}, "give xmin,ymin,xmax,ymax with xmin < xmax"),
        ({"extent": [0, 0, 1, float("nan")]}, "give xmin,ymin,xmax,ymax"),
        ({"steps": 101}, "steps is 101; give 1 to 100, or 0 for the model's default."),
        ({"steps": -1}, "steps is -1; give 1 to 100"),
        ({"samples": 9}, "samples is 9; give 1 to 8, or 0 for no uncertainty."),
        ({"min_area": float("inf")}, "min_area is inf; it must be 0 or more."),
        ({"simplify": -0.5}, "simplify is -0.5; it must be 0 or more."),
        ({"tile": 100}, "tile is 100; give a multiple of 32 from 64 up, or 0 for the model's own."),
        ({"on_bad_block": "skip"}, "on_bad_block is 'skip'; it is one of stop, nodata."),
        ({"refine": False, "output_uncertainty": "u.tif"}, "switch the refinement on"),
    ],
)
def test_wrong_parameters_are_told_in_one_line(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        run_job("segment", PATHS | given, Monitor())
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("job", "given", "message"),
    [
        ("refine", {"background": "maybe"}, "background is 'maybe'; give auto, yes, no."),
        ("refine", {"band_width": 97}, "band_width is 97; give 1 to 96 px, or 0 for the refiner's own."),
        ("detect-changes", {"threshold": 1}, "threshold is 1; give a probability below 1, or 0 for the model's own."),
        ("detect-changes", {"date_before": "2024-1"}, "date_before: '2024-1' is not a date; write it as 2024-05-31."),
        ("detect-changes", {"date_before": "2024-05-31", "date_after": "2024-05-31"}, "are the two rasters swapped?"),
        ("evaluate", {"outside": "x"}, "outside is 'x'; it is one of auto, background, unlabelled."),
        ("evaluate", {"pixel_size": -1}, "pixel_size is -1; give metres, or 0 to have it chosen."),
    ],
)
def test_each_job_checks_its_own(job: str, given: dict[str, Any], message: str) -> None:
    required = {parameter.name: "a.tif" for parameter in parameters_of(PARAMETERS[job]) if parameter.required}
    with pytest.raises(InputError, match=message.replace("?", "[?]")):
        build_parameters(PARAMETERS[job], required | given)


def test_none_is_the_default_and_whole_numbers_are_integers() -> None:
    built = build_parameters(SegmentParameters, PATHS | {"steps": 2.0, "min_area": None, "extent": [0, 0, 1, 1]})
    assert built == SegmentParameters("a.tif", "b.gpkg", steps=2, extent=(0.0, 0.0, 1.0, 1.0))
    assert isinstance(built.steps, int)
    assert RefineParameters("a", "b", "c", output_uncertainty="u.tif").uncertainty_samples == 1


def test_the_worker_leaves_out_what_a_newer_plugin_sends() -> None:
    monitor = Warned()
    sent = PATHS | {"staged": {"a.tif": {"layer": "Map"}}}
    assert _known("segment", sent | {"colour": "red"}, monitor) == sent
    (text,) = monitor.texts
    assert "'colour'" in text


class Warned(Monitor):
    """Keeps warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def warn(self, message: str) -> None:
        self.texts.append(message)


def test_the_page_of_parameters_is_up_to_date() -> None:
    assert document_parameters.PAGE.read_text(encoding="utf-8") == document_parameters.page(), "run make docs"


def test_parameters_import_nothing_heavy() -> None:
    code = "import sys, idgbr.parameters; print(*sorted({'numpy', 'numba', 'rasterio', 'typer'} & set(sys.modules)))"
    backend = Path(__file__).parents[2] / "backend"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=backend)
    assert done.stdout.strip() == ""
