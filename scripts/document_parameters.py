#!/usr/bin/env python3
"""Writes docs/parameters.md from the parameters of the jobs, backend/idgbr/parameters: make docs."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idgbr.options import Parameter, Parameters

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "parameters.md"
INTRODUCTION = """\
# Parameters

Written by `scripts/document_parameters.py`; do not edit.

Each parameter has the same name on the command line, in Python and in QGIS: `min_area` is `--min-area`,
`idgbr.segment(..., min_area=...)` and `MIN_AREA` (only `rasters` is `INPUTS` in QGIS). On the command line, parameters
without a default come first, without their names. A wrong value or an unknown name is an error before any work.
"""


def page() -> str:
    """The documentation of the parameters of all commands that run jobs."""
    from idgbr.cli.commands import COMMANDS
    from idgbr.parameters import PARAMETERS

    return "\n".join([INTRODUCTION, *(_section(PARAMETERS[job]) for job in COMMANDS)])


def _section(kind: type[Parameters]) -> str:
    from idgbr.options import parameters_of, positional

    usage = " ".join(p.option.metavar + ("..." if p.option.role == "rasters" else "") for p in positional(kind))
    rows = [_row(parameter) for parameter in parameters_of(kind)]
    head = [f"## {kind.JOB}", "", str(kind.__doc__), "", "```sh", f"idgbr {kind.JOB} {usage} [OPTIONS]", "```", ""]
    return "\n".join([*head, "| Parameter | Meaning | Values | Default |", "|---|---|---|---|", *rows, ""])


def _row(parameter: Parameter) -> str:
    default = "" if parameter.required or parameter.default is None else f"`{parameter.default!s}`"
    if parameter.kind is bool:
        default = default.lower()
    meaning = parameter.option.help.replace("|", "\\|")
    return f"| `{parameter.name}` | {meaning} | {_values(parameter)} | {default} |"


def _values(parameter: Parameter) -> str:
    """What values a parameter takes."""
    option = parameter.option
    if option.choices:
        return ", ".join(f"`{choice}`" for choice in option.choices)
    if parameter.kind is tuple:
        return "four numbers"
    name = {str: "text", bool: "yes or no", int: "integer", float: "number"}[parameter.kind]
    if parameter.kind in (int, float) and math.isfinite(option.low):
        return (
            f"{name}, {option.low:g} to {option.high:g}" if math.isfinite(option.high) else f"{name}, {option.low:g} up"
        )
    return "path" if option.role else name


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "backend"))
    PAGE.write_text(page(), encoding="utf-8")
