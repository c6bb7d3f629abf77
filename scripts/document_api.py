#!/usr/bin/env python3
"""Writes docs/api.md, and the types of the functions for editors, backend/idgbr/__init__.pyi: make docs."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idgbr.options import Parameter, Parameters

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "api.md"
STUB = ROOT / "backend" / "idgbr" / "__init__.pyi"
INTRODUCTION = """\
# Python

Written by `scripts/document_api.py`; do not edit.

```python
import idgbr

result = idgbr.segment("ortho.tif", model="buildings", min_area=10, progress=True)
result.outputs["polygons"]  # a GeoDataFrame, because no output is given
result.summary["polygons"]  # 412, their number

result = idgbr.segment("ortho.tif", "roofs.gpkg", model="buildings", min_area=10, progress=True)
result.outputs["polygons"]  # "roofs.gpkg"
```

A function runs one job in your process and returns when it is done. Names, defaults and checks of its
[parameters](parameters.md) are those of the command line. Two notebooks show the way:
[first polygons](notebooks/first-polygons.ipynb) and [refine a map that you have](notebooks/refine-your-map.ipynb).

## Inputs and outputs

| You give | Where |
|---|---|
| a path, as text or `Path`, or an address | everywhere |
| an open `rasterio` dataset, also in memory, or a `WarpedVRT` | where a raster is meant |
| an `xarray.DataArray` (y, x) or (band, y, x) with a CRS; needs `rioxarray` | where a raster is meant |
| a `geopandas.GeoDataFrame` with a CRS, without its index | where a layer is meant: `mask`, `coarse`, `labels`, … |

Without `output`, the polygons are returned as a `GeoDataFrame` (needs `geopandas`). An output raster is a path, or
`True` to get a `DataArray` (needs `rioxarray`). None of these packages is needed for paths. To install them, and to
register the environment of the backend as a kernel of Jupyter:

```sh
env/bin/pip install geopandas rioxarray ipykernel
env/bin/python -m ipykernel install --user --name idgbr
```

`env` is the folder of the environment, `.venv` after `make demo`. In JupyterLab, choose the kernel *idgbr*.

`extent` also takes an array such as `GeoDataFrame.total_bounds`, `extent_crs` a CRS of `pyproj` or `rasterio`, a date a
`datetime.date`.

A job with paths can be interrupted and resumes when it is called again. Objects in memory go through a temporary
folder, so such a job starts over. Ctrl-C, or *Interrupt* in a notebook, cancels a job within a second.

`progress=True` shows bars and messages. A callable is called with the name of a stage and its share that is done, 0
to 1; it may be called from another thread.

## Functions
"""
ENDING = """\
## Errors

Each error is an `idgbr.IdgbrError`; its text is one line that says what happened, to which file, and what to do. The
classes are in `idgbr.errors`.

| Error | Meaning |
|---|---|
"""
STUB_HEAD = '''\
"""Types of the functions of `import idgbr`. Written by `scripts/document_api.py`; do not edit."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from geopandas import GeoDataFrame
from rasterio.io import DatasetReader
from xarray import DataArray

from idgbr import errors as errors
from idgbr.errors import IdgbrError as IdgbrError
from idgbr.result import Result as Result

__version__: str
__all__: list[str]

_Path: TypeAlias = str | os.PathLike[str]
_Raster: TypeAlias = _Path | DatasetReader | DataArray
_Layer: TypeAlias = _Path | GeoDataFrame
_Map: TypeAlias = _Raster | GeoDataFrame
_Progress: TypeAlias = bool | Callable[[str, float], object]

def list_models() -> list[dict[str, Any]]: ...
def list_devices() -> list[dict[str, Any]]: ...
'''
#: Types by role of a parameter, and of parameters that take more than text.
ROLES = {
    "raster": "_Raster", "map": "_Map", "mask": "_Layer", "labels": "_Layer", "model folder": "_Path",
    "rasters": "_Path | Sequence[_Path | DatasetReader]",
    "polygons": "_Path | None", "output raster": "_Path | bool", "lines": "_Path | bool",
    "report": "_Path",
}  # fmt: skip
NAMES = {"extent_crs": "str | Any", "date_before": "str | date", "date_after": "str | date"}


def page() -> str:
    """The documentation of the functions."""
    from idgbr import api, errors
    from idgbr.cli.commands import COMMANDS
    from idgbr.parameters import PARAMETERS
    from idgbr.result import Result

    parts = [INTRODUCTION]
    for job in COMMANDS:
        parts.append(_function(PARAMETERS[job]))
    for function in (api.list_models, api.list_devices):
        parts.append(f"### idgbr.{function.__name__}()\n\n{inspect.getdoc(function)}\n")
    attributes = (inspect.getdoc(Result) or "").partition("Attributes:\n")[2]
    rows = [line.strip() for line in attributes.splitlines() if line.strip()]
    parts.append("## Result\n\n" + _attributes(rows))
    kinds = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, errors.IdgbrError)]
    table = [f"| `{kind.__name__}` | {' '.join((kind.__doc__ or '').split())} |" for kind in kinds]
    return "\n".join([*parts, ENDING + "\n".join(table), ""])


def _attributes(lines: list[str]) -> str:
    """The attributes of a docstring as a table; a line that begins with a name begins a row."""
    rows: list[list[str]] = []
    for line in lines:
        name, colon, text = line.partition(": ")
        if colon and name.isidentifier():
            rows.append([name, text])
        else:
            rows[-1][1] += " " + line
    rows.append(["figures", "The numbers of the summary, by name."])
    return "\n".join(
        ["| Attribute | Meaning |", "|---|---|", *(f"| `{name}` | {text} |" for name, text in rows), "",
         "In a notebook a result is shown as a table with a small picture of the polygons.", ""]
    )  # fmt: skip


def _function(kind: type[Parameters]) -> str:
    """The section of a function: its call, one argument a line where there are many, and what it does."""
    from idgbr import api

    name = kind.JOB.replace("-", "_")
    arguments = str(api.signature(kind)).strip("()").split(", ")
    call = f"idgbr.{name}(\n    " + ",\n    ".join(_filled(arguments)) + ",\n)"
    link = f"[Parameters](parameters.md#{kind.JOB})"
    return f"### idgbr.{name}\n\n```text\n{call}\n```\n\n{kind.__doc__} {link}\n"


def _filled(arguments: list[str]) -> list[str]:
    """Arguments joined to lines of up to 100 characters."""
    lines = [arguments[0]]
    for argument in arguments[1:]:
        if len(lines[-1]) + len(argument) < 100:
            lines[-1] += f", {argument}"
        else:
            lines.append(argument)
    return lines


def stub() -> str:
    """The types of the functions."""
    from idgbr.cli.commands import COMMANDS
    from idgbr.parameters import PARAMETERS

    return STUB_HEAD + "\n".join(_typed(PARAMETERS[job]) for job in COMMANDS)


def _typed(kind: type[Parameters]) -> str:
    from idgbr.options import parameters_of

    first = [p for p in parameters_of(kind) if p.required]
    others = [p for p in parameters_of(kind) if not p.required]
    lines = [*map(_argument, first), "*", *map(_argument, others), "progress: _Progress = False"]
    body = "".join(f"    {line},\n" for line in lines)
    return f'def {kind.JOB.replace("-", "_")}(\n{body}) -> Result:\n    """{kind.__doc__}"""\n'


def _argument(parameter: Parameter) -> str:
    """An argument with its type and default."""
    option = parameter.option
    known = ROLES.get(option.role) or NAMES.get(parameter.name)
    if option.choices:
        known = f"Literal[{', '.join(map(repr, option.choices))}]".replace("'", '"')
    known = known or ("Sequence[float]" if parameter.kind is tuple else parameter.kind.__name__)
    if option.role == "polygons":
        return f"{parameter.name}: {known} = None"
    if parameter.required:
        return f"{parameter.name}: {known}"
    if parameter.default is None:
        return f"{parameter.name}: {known} | None = None"
    default = f'"{parameter.default}"' if parameter.kind is str else repr(parameter.default)
    return f"{parameter.name}: {known} = {default}"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "backend"))
    PAGE.write_text(page(), encoding="utf-8")
    STUB.write_text(stub(), encoding="utf-8")
