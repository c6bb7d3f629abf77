"""Reads the locked requirements: which packages a Python needs, their hashes, and about how large they are."""

from __future__ import annotations

import hashlib
import json
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from idgbr_qgis.core.setup.find_python import Python

#: Megabytes of each package's wheel, as measured by scripts/wheel_sizes.py when the lock files were made.
SIZES = "sizes.json"
_DEFAULT_MB = 0.2

_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_CLAUSE = re.compile(r"(\w+)\s*(<=|>=|==|!=|<|>)\s*'([^']*)'$")


@dataclass(frozen=True)
class Requirement:
    """One package of a lock file; `text` is its entry as it stands there, hashes included."""

    name: str
    version: str
    marker: str
    hashes: frozenset[str]
    text: str
    size_mb: float

    def wanted_for(self, python: Python) -> bool:
        """Whether the marker holds for a Python."""
        return not self.marker or _holds(self.marker, python)


def read_requirements(path: Path) -> list[Requirement]:
    """All entries of a lock file."""
    sizes = json.loads((path.parent / SIZES).read_text(encoding="utf-8")) if (path.parent / SIZES).exists() else {}
    text = re.sub(r"^\s*#.*\n?", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = (entry.strip() for entry in text.replace("\\\n", " ").splitlines())
    return [_parse(entry, sizes) for entry in entries if entry]


def fingerprint(path: Path) -> str:
    """What tells two lock files apart: a hash of their entries, whatever their comments and line ends."""
    entries = sorted(requirement.text for requirement in read_requirements(path))
    return hashlib.sha256("\n".join(entries).encode()).hexdigest()


def _parse(entry: str, sizes: dict[str, float]) -> Requirement:
    head, *hashes = entry.split("--hash=sha256:")
    requirement, _, marker = head.partition(";")
    name, _, version = requirement.strip().partition("==")
    if not version or not hashes:
        raise ValueError(f"not locked by version and hash: {head.strip()}")
    known = frozenset(text.strip() for text in hashes)
    return Requirement(name, version, marker.strip(), known, " ".join(entry.split()), sizes.get(name, _DEFAULT_MB))


def _holds(marker: str, python: Python) -> bool:
    """Evaluate a marker as the lock files have them: clauses joined by `and` and `or`, without parentheses."""
    return any(all(_clause(clause.strip(), python) for clause in part.split(" and ")) for part in marker.split(" or "))


def _clause(clause: str, python: Python) -> bool:
    match = _CLAUSE.match(clause)
    if match is None:
        raise ValueError(f"marker not understood: {clause}")
    variable, sign, value = match.groups()
    if variable in ("python_version", "python_full_version"):
        digits = value.removesuffix(".*").split(".")
        have = python.version[: len(digits)] if variable == "python_version" or "*" in value else python.version
        return _COMPARE[sign](have, tuple(int(digit) for digit in digits))
    known = {"sys_platform": python.system, "platform_machine": python.machine, "os_name": python.os_name}
    return _COMPARE[sign](known[variable], value)
