from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from idgbr import console
from idgbr.cli import commands, main
from idgbr.errors import InputError, JobCancelled
from idgbr.monitor import Monitor
from idgbr.options import Parameter, command_line, parameters_of
from idgbr.parameters import PARAMETERS
from idgbr.spans import span

RESULT = {"outputs": {"OUTPUT": "out.gpkg"}, "summary": {"polygons": 3, "classes": [{"id": 1}]}}


class FakeJobs(types.ModuleType):
    """Stands in for `idgbr.run`: keeps what it was called with, and fails if told to."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__("idgbr.run")
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._error = error

    def run_job(self, name: str, parameters: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
        self.calls.append((name, parameters))
        monitor.progress("segment", 1, 2)
        if self._error:
            raise self._error
        return RESULT


@pytest.fixture
def log_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "idgbr.log"
    monkeypatch.setattr(main, "start_logging", lambda: path)
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["idgbr", *arguments])
    monkeypatch.setattr(os, "_exit", sys.exit)  # which a cancelled job ends with, if threads are left
    with pytest.raises(SystemExit) as end:
        main.main()
    assert isinstance(end.value.code, int)
    return end.value.code


def with_jobs(monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> FakeJobs:
    jobs = FakeJobs(error)
    monkeypatch.setitem(sys.modules, "idgbr.run", jobs)
    return jobs


@pytest.mark.usefixtures("log_path")
def test_segment_passes_its_options_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    jobs = with_jobs(monkeypatch)
    options = ["--extent", "-10,5,20.5,30", "--extent-crs", "EPSG:32633", "--no-refine", "--steps", "2"]
    status = run(monkeypatch, "segment", "in.tif", "out.gpkg", *options, "--output-classes", "c.tif")
    assert status == 0
    name, parameters = jobs.calls[0]
    assert name == "segment"
    assert parameters["input"] == "in.tif"
    assert parameters["output"] == "out.gpkg"
    assert parameters["extent"] == (-10, 5, 20.5, 30)
    assert parameters["extent_crs"] == "EPSG:32633"
    assert parameters["refine"] is False
    assert parameters["steps"] == 2
    assert parameters["output_classes"] == "c.tif"
    captured = capsys.readouterr()
    assert captured.out == "OUTPUT: out.gpkg\npolygons: 3\n"
    assert captured.err == "", "no progress bar where stderr is no terminal"


@pytest.mark.usefixtures("log_path")
def test_json_prints_the_result_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with_jobs(monkeypatch)
    assert run(monkeypatch, "vectorize", "classes.tif", "out.shp", "--json") == 0
    assert json.loads(capsys.readouterr().out) == RESULT


@pytest.mark.parametrize(
    "arguments",
    [
        ["segment", "in.tif", "out.gpkg", "--steps", "101"],
        ["segment", "in.tif", "out.gpkg", "--extent", "4,0,1,1"],
        ["segment", "in.tif", "out.gpkg", "--samples", "2", "--no-refine"],
        ["detect-changes", "a.tif", "b.tif", "out.gpkg", "--date-after", "May"],
        ["vectorize", "c.tif", "out.gpkg", "--min-area", "nan"],
        ["evaluate", "c.tif", "t.tif", "--outside", "here"],
    ],
)
@pytest.mark.usefixtures("log_path")
def test_a_wrong_value_is_one_line_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    jobs = with_jobs(monkeypatch)
    assert run(monkeypatch, *arguments) == 2
    errors = capsys.readouterr().err
    assert arguments[-2].strip("-").replace("-", "_") in errors or "samples" in errors
    assert errors.count("\n") == 1
    assert jobs.calls == []


@pytest.mark.usefixtures("log_path")
@pytest.mark.parametrize("job", sorted(commands.COMMANDS))
def test_the_printed_command_line_gives_the_same_parameters(monkeypatch: pytest.MonkeyPatch, job: str) -> None:
    """Every parameter, away from its default, survives the way through the shell."""
    kind = PARAMETERS[job]
    values = {parameter.name: other_value(parameter) for parameter in parameters_of(kind)}
    if job == "segment":
        values["refine"] = True  # which samples need
    words = shlex.split(command_line(kind, values))
    jobs = with_jobs(monkeypatch)
    assert words[0] == "idgbr"
    assert run(monkeypatch, *words[1:]) == 0
    assert jobs.calls == [(job, values)]


def other_value(parameter: Parameter) -> object:
    """A value that is allowed and not the default."""
    if parameter.kind is bool:
        return not parameter.default
    if parameter.kind is tuple:
        return (-1.5, 2.0, 3.0, 4.0)
    if parameter.kind in (int, float):
        return parameter.kind(64) if parameter.option.high > 64 else {int: 4, float: 0.5}[parameter.kind]
    if parameter.option.role == "rasters":
        return "a 1.tif\nb.tif"
    if parameter.option.choices:
        return parameter.option.choices[-1]
    return {"date_before": "2024-05-30", "date_after": "2024-05-31"}.get(parameter.name, f"a {parameter.name}")


@pytest.mark.usefixtures("log_path")
def test_refine_prints_what_changed_as_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs = with_jobs(monkeypatch)
    changes = [
        {"from": "roof", "to": "road", "from_id": 1, "to_id": 12, "pixels": 1204, "area_m2": 108.36},
        {"from": "others", "to": "others", "from_id": None, "to_id": None, "pixels": 7, "area_m2": 0.63},
    ]
    monkeypatch.setitem(RESULT["summary"], "changes", changes)  # type: ignore[arg-type]
    arguments = ["refine", "in.tif", "map.gpkg|roofs", "out.gpkg", "--class-field", "kind", "--fill-gaps"]
    assert run(monkeypatch, *arguments, "--band-width", "5", "--background", "no") == 0
    name, parameters = jobs.calls[0]
    assert name == "refine"
    assert parameters["coarse"] == "map.gpkg|roofs"
    assert (parameters["class_field"], parameters["fill_gaps"], parameters["background"]) == ("kind", True, "no")
    assert parameters["band_width"] == 5
    assert capsys.readouterr().out.splitlines()[2:] == [
        "",
        "changes:",
        "  from    to      from_id  to_id  pixels  area_m2",
        "  roof    road          1     12    1204   108.36",
        "  others  others                       7     0.63",
    ]


@pytest.mark.usefixtures("log_path")
@pytest.mark.parametrize(
    "arguments",
    [
        ["segment", "in.tif"],
        ["segment", "in.tif", "out.gpkg", "--extent", "1,2,3"],
        ["segment", "in.tif", "out.gpkg", "--extent", "4,0,1,1"],
        ["segment", "in.tif", "out.gpkg", "--steps", "many"],
        ["segment", "in.tif", "out.gpkg", "--no-such-option"],
        ["refine", "in.tif", "out.gpkg"],
        ["refine", "in.tif", "map.tif", "out.gpkg", "--background", "maybe"],
        ["no-such-command"],
    ],
)
def test_wrong_arguments_exit_with_2(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    jobs = with_jobs(monkeypatch)
    assert run(monkeypatch, *arguments) == 2
    assert jobs.calls == []


@pytest.mark.usefixtures("log_path")
def test_an_expected_error_is_one_line_and_exit_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_jobs(monkeypatch, InputError("in.tif: no such file;\n check the path."))
    assert run(monkeypatch, "segment", "in.tif", "out.gpkg") == 1
    captured = capsys.readouterr()
    assert captured.err == "in.tif: no such file; check the path.\n"
    assert captured.out == ""


@pytest.mark.usefixtures("log_path")
def test_a_cancelled_job_exits_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with_jobs(monkeypatch, JobCancelled())
    assert run(monkeypatch, "segment", "in.tif", "out.gpkg") == 130
    assert "Cancelled" in capsys.readouterr().err


def test_an_unexpected_error_goes_to_the_log(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    log_path: Path,
) -> None:
    with_jobs(monkeypatch, ZeroDivisionError("by zero"))
    assert run(monkeypatch, "segment", "in.tif", "out.gpkg") == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    assert str(log_path) in captured.err
    assert caplog.records[-1].exc_info


def test_a_full_disk_is_explained() -> None:
    message = console.explain(OSError(28, "No space left on device", "/data/out.gpkg"), None)
    assert message.startswith("/data/out.gpkg: No space left on device")
    assert "\n" not in message


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, idgbr.cli.main; print(*sorted({'numpy', 'rasterio', 'onnxruntime', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_worker_logs_to_stderr_and_leaves_stdout_to_the_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDGBR_LOG_DIR", str(tmp_path))
    command = [sys.executable, "-m", "idgbr", "worker"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=True)
    assert "Worker" in done.stderr
    assert done.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["worker.log"]


ENDLESS_JOB = """
import sys, time, types

def run_job(name, parameters, monitor):
    print("running", file=sys.stderr, flush=True)
    for _ in range(600):
        monitor.check()
        time.sleep(0.05)

jobs = types.ModuleType("idgbr.run")
jobs.run_job = run_job
sys.modules["idgbr.run"] = jobs
sys.argv = ["idgbr", "segment", "in.tif", "out.gpkg"]
from idgbr.cli.main import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole consoles only")
def test_ctrl_c_cancels_politely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_LOG_DIR", str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", ENDLESS_JOB], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stderr.readline() == "running\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "Cancelled; no output was written."
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (
            ["train", "a.toml", "own", "--task", "change", "--device", "cpu"],
            ["train-change", "a.toml", "own", "--device", "cpu"],
        ),
        (["train", "--task=refiner", "a.toml"], ["train-refiner", "a.toml"]),
        (
            ["train", "i.tif", "l.gpkg", "own", "--task", "quick"],
            ["train", "i.tif", "l.gpkg", "own", "--task", "quick"],
        ),
        (["segment", "--task", "change"], ["segment", "--task", "change"]),
    ],
)
def test_tasks_that_read_a_file_have_commands_of_their_own(
    given: list[str], meant: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "find_spec", lambda _: object())
    assert main._by_task(given) == meant
    monkeypatch.setattr(main, "find_spec", lambda _: None)
    if given != meant:
        with pytest.raises(InputError, match="needs torch; install it with"):
            main._by_task(given)


@pytest.mark.usefixtures("log_path")
@pytest.mark.parametrize("error", [None, InputError("in.tif: is no raster; choose another.")])
def test_a_profile_is_written_also_for_a_job_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception | None
) -> None:
    """The trace goes to the file, the table to stderr, the result alone to stdout."""

    class Jobs(FakeJobs):
        def run_job(self, name: str, parameters: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
            with span("read image", 2_000_000):
                return super().run_job(name, parameters, monitor)

    jobs = Jobs(error)
    monkeypatch.setitem(sys.modules, "idgbr.run", jobs)
    status = run(monkeypatch, "segment", "in.tif", "out.gpkg", "--json", "--profile", str(tmp_path / "profile.json"))
    assert status == (1 if error else 0)
    assert "profile" not in jobs.calls[0][1]
    events = json.loads((tmp_path / "profile.json").read_text(encoding="utf-8"))["traceEvents"]
    assert [event["args"]["bytes"] for event in events if event["name"] == "read image"] == [2_000_000]
    out, err = capsys.readouterr()
    assert "read image" in err
    assert out == "" if error else json.loads(out) == RESULT


@pytest.mark.usefixtures("log_path")
def test_a_profile_that_cannot_be_written_does_not_fail_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_jobs(monkeypatch)
    assert run(monkeypatch, "segment", "in.tif", "out.gpkg", "--profile", str(tmp_path / "no" / "profile.json")) == 0
    assert "profile.json: cannot be written" in capsys.readouterr().err
