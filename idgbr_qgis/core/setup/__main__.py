"""The set-up from a command line: `python path/to/idgbr_qgis/core/setup --help`, or `-m idgbr_qgis.core.setup`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

if not __package__:
    # Started by its folder, which alone is on the path then.
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from idgbr_qgis.core.setup.diagnostics import report as diagnostics
from idgbr_qgis.core.setup.failures import Kind, SetupError
from idgbr_qgis.core.setup.find_python import find_pythons, probe
from idgbr_qgis.core.setup.install import Progress, download_wheels, read_log, set_up
from idgbr_qgis.core.setup.plan import BUILDS, Plan, make_plan


def main(arguments: list[str] | None = None) -> int:
    """Plan, set up or download; 0 done, 1 failed, 2 wrong arguments, 130 cancelled."""
    options = _parser().parse_args(arguments)
    plan: Plan | None = None
    try:
        plan = _plan(options)
        _say_plan(plan)
        if options.action == "plan":
            plan.check()
        elif options.action == "download":
            download_wheels(plan, options.wheels_folder, _Bar(), lambda: False)
            _say(f"Downloaded. Copy {options.wheels_folder} and set up there with --wheels.")
        else:
            outcome = set_up(plan, _Bar(), lambda: False)
            for warning in outcome.warnings:
                _say(f"Warning: {warning}")
            _say("The backend is set up; QGIS finds it by itself. Its Python:")
            sys.stdout.write(f"{outcome.python}\n")
    except KeyboardInterrupt:
        _say("\nCancelled. What was downloaded is kept.")
        return 130
    except SetupError as error:
        _say(f"\n{error.advice.what} {error.advice.remedy}")
        if error.details:
            _say(error.details)
        if options.diagnostics:
            options.diagnostics.write_text(diagnostics(plan, error, read_log(plan.folder) if plan else ""), "utf-8")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python idgbr_qgis/core/setup",
        description="Sets up the backend of IDGBR in an environment of its own. Nothing is installed into any Python "
        "that is there. pip's own configuration (index, certificates, proxy) counts.",
    )
    actions = parser.add_subparsers(dest="action", required=True)
    for name, text in (
        ("plan", "show what would be done, where and how large it is"),
        ("install", "set up the backend; again after a cut to go on"),
        ("download", "fill a folder of wheels for a computer without a network"),
    ):
        action = actions.add_parser(name, help=text, description=text)
        if name == "download":
            action.add_argument("wheels_folder", type=Path, metavar="FOLDER")
        if name == "install":
            action.add_argument("--wheels", type=Path, metavar="FOLDER", help="work offline, from a folder of wheels")
        action.add_argument("--build", choices=("auto", *BUILDS), default="auto", help="auto: by the NVIDIA driver")
        action.add_argument("--python", metavar="PROGRAM", help="interpreter to base it on (3.10 or newer)")
        action.add_argument("--folder", type=Path, help="where to keep it (default: the user's data folder)")
        action.add_argument("--diagnostics", type=Path, metavar="FILE", help="write a report here if it fails")
    return parser


def _plan(options: argparse.Namespace) -> Plan:
    if options.python:
        python = probe(options.python)
        if python is None:
            raise SetupError(Kind.NO_PYTHON, f"{options.python} is no Python 3.10 or newer with 64 bits")
        pythons = [python]
    else:
        pythons = find_pythons()
    return make_plan(pythons, options.folder, options.build, getattr(options, "wheels", None))


def _say_plan(plan: Plan) -> None:
    for name, value in plan.facts().items():
        _say(f"{name + ':':<22} {value}")
    _say(f"{'Download:':<22} about {plan.download_mb:.0f} MB, {plan.installed_mb:.0f} MB when installed")


class _Bar:
    """Progress on one line of a terminal; a line for each stage elsewhere."""

    def __init__(self) -> None:
        self._stage: object = None
        self._terminal = sys.stderr.isatty()

    def __call__(self, progress: Progress) -> None:
        text = f"{progress.stage.value}…"
        if progress.total_mb and self._terminal:
            text += f" {progress.done_mb:.0f} of {progress.total_mb:.0f} MB {progress.package}"
            sys.stderr.write(f"\r{text:<79}")
        elif progress.stage is not self._stage:
            _say(f"\r{text:<79}" if self._terminal else text)
        self._stage = progress.stage


def _say(text: str) -> None:
    """Print for people; stdout is for the result."""
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
