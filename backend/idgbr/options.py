"""What defines a parameter of a job, besides its value; the parameters themselves are in `idgbr.parameters`.

Values are converted here, not by msgspec. For a dataclass, msgspec accepts unknown names and null characters. For an
integer, it either rejects 2.0 or accepts any text. It would also be one more package for `idgbr --help` to load.
"""

from __future__ import annotations

import difflib
import math
import shlex
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Literal, TypeVar

from idgbr.errors import InputError

#: Kind of file that a parameter names: input (a map is a class raster or a polygon layer), or output.
Role = Literal[
    "", "raster", "rasters", "map", "mask", "labels", "polygons", "lines", "output raster", "report", "model folder"
]
Kind = TypeVar("Kind", bound="Parameters")


@dataclass(frozen=True)
class Option:
    """Definition of a parameter besides name, type and default.

    `low` and `high` are the smallest and the largest value. `remedy` tells what to give instead of a value outside this
    range, or not among `choices`. `metavar` is the placeholder on the command line.
    """

    help: str
    metavar: str = ""
    role: Role = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    remedy: str = ""

    def problem(self, name: str, value: Any) -> str:
        """What is wrong with a value of the right type, in one line; empty if nothing is."""
        if isinstance(value, str):
            return f"{name} is {value!r}; {self.remedy}." if self.choices and value not in self.choices else ""
        if isinstance(value, tuple):
            xmin, ymin, xmax, ymax = value
            if all(map(math.isfinite, value)) and xmin < xmax and ymin < ymax:
                return ""
            return f"{name} {value}: give xmin,ymin,xmax,ymax with xmin < xmax and ymin < ymax."
        if isinstance(value, bool | None) or (self.low <= value <= self.high and math.isfinite(value)):
            return ""
        return f"{name} is {value:g}; {self.remedy}."


@dataclass(frozen=True)
class Parameter:
    """A parameter of a job: `kind` is str, bool, int, float or tuple; `default` is MISSING if it is required."""

    name: str
    kind: type
    default: Any
    option: Option

    @property
    def required(self) -> bool:
        """Whether it has no default."""
        return self.default is MISSING

    def convert(self, value: Any) -> Any:
        """An untrusted value as the parameter's type. Raises InputError."""
        if self.kind is tuple:
            if isinstance(value, list | tuple) and len(value) == 4 and all(map(_is_number, value)):
                return tuple(map(float, value))
            raise InputError(f"parameter {self.name!r}: expected 4 numbers, got {value!r}.")
        if self.kind is float and _is_number(value):
            return float(value)
        if self.kind is int and _is_number(value) and float(value).is_integer():
            return int(value)
        if self.kind in (str, bool) and isinstance(value, self.kind):
            if isinstance(value, str) and "\0" in value:
                raise InputError(f"parameter {self.name!r}: contains a null character.")
            return value
        raise InputError(f"parameter {self.name!r}: expected {self.kind.__name__}, got {value!r}.")


class Parameters:
    """Base of the parameters of a job: checks each value on creation, then all of them together."""

    #: Name of the job in the protocol and on the command line.
    JOB: ClassVar[str]

    def __post_init__(self) -> None:
        for parameter in parameters_of(type(self)):
            if problem := parameter.option.problem(parameter.name, getattr(self, parameter.name)):
                raise InputError(problem)
        self.check()

    def check(self) -> None:
        """Raise InputError for inconsistent values."""


#: Cache of `parameters_of`.
_resolved: dict[type[Parameters], tuple[Parameter, ...]] = {}


def parameters_of(kind: type[Parameters]) -> tuple[Parameter, ...]:
    """The parameters of a job in their order."""
    if kind not in _resolved:
        hints = typing.get_type_hints(kind, include_extras=True)
        _resolved[kind] = tuple(_parameter(f.name, f.default, hints[f.name]) for f in fields(kind))  # type: ignore[arg-type]
    return _resolved[kind]


def positional(kind: type[Parameters]) -> list[Parameter]:
    """Parameters without a name on the command line, in their order there; a list comes last."""
    return sorted((p for p in parameters_of(kind) if p.required), key=lambda p: p.option.role == "rasters")


def build_parameters(kind: type[Kind], given: Mapping[str, Any]) -> Kind:
    """The parameters of a job from untrusted values; None selects the default.

    Raises InputError for unknown names, and for missing or wrong values.
    """
    known = {parameter.name: parameter for parameter in parameters_of(kind)}
    for name in given:
        if name not in known:
            raise InputError(unknown_parameter(kind, name))
    values = {name: known[name].convert(value) for name, value in given.items() if value is not None}
    for parameter in known.values():
        if parameter.required and parameter.name not in values:
            raise InputError(f"parameter {parameter.name!r} is missing; give it a value.")
    return kind(**values)


def unknown_parameter(kind: type[Parameters], name: str) -> str:
    """Message about an unknown name: suggests the nearest one, else lists all."""
    names = [parameter.name for parameter in parameters_of(kind)]
    near = difflib.get_close_matches(name, names, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"it knows {', '.join(names)}."
    return f"{kind.JOB} knows no parameter {name!r}; {remedy}"


def command_line(kind: type[Parameters], values: Mapping[str, Any]) -> str:
    """The command line that runs the job with `values`, as text for a shell, without defaults."""
    ordered = positional(kind)
    words = ["idgbr", kind.JOB]
    for parameter in ordered:
        text = str(values.get(parameter.name) or "")
        words += text.splitlines() if parameter.option.role == "rasters" else [text][: bool(text)]
    for parameter in parameters_of(kind):
        value = values.get(parameter.name)
        if parameter in ordered or value is None or value == parameter.default:
            continue
        option = parameter.name.replace("_", "-")
        if parameter.option.role == "rasters":
            words += [word for line in str(value).splitlines() for word in (f"--{option}", line)]
        elif isinstance(value, bool):
            words.append(f"--{option}" if value else f"--no-{option}")
        else:
            words += [f"--{option}", ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)]
    return shlex.join(words)


def _parameter(name: str, default: Any, hint: Any) -> Parameter:
    """The parameter of a field of a dataclass, from its `Annotated` type."""
    kind, option = typing.get_args(hint)[:2]
    if isinstance(kind, types.UnionType):
        kind = next(part for part in typing.get_args(kind) if part is not types.NoneType)
    return Parameter(name, typing.get_origin(kind) or kind, default, option)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
