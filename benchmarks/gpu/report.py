"""What the check found: tables, checks and what was not measured, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME = "cuda_check"
#: Column that holds the outcome of a check: True, or False, which fails the whole command.
PASSED = "passed"


class UnavailableError(Exception):
    """Something that a part needs is missing; its message is the reason why the part was not measured."""


@dataclass
class Report:
    """Rows by table, in the order in which they are added; `problems` are errors that nobody expected."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    missing: list[dict[str, str]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, table: str, **figures: object) -> None:
        """Add a row; the names of the figures are the columns."""
        self.tables.setdefault(table, []).append(figures)

    def skip(self, what: str, reason: str) -> None:
        """Note what was not measured, and why."""
        entry = {"what": what, "reason": reason}
        if entry not in self.missing:
            self.missing.append(entry)

    def problem(self, part: str, error: BaseException) -> None:
        """Note an error that ended a part."""
        said = str(error).strip().splitlines() or [""]
        self.problems.append({"part": part, "error": f"{type(error).__name__}: {said[0]}"[:300]})

    def failed(self) -> list[str]:
        """One line for each check that failed, and for each error."""
        rows = [
            f"{table}: {', '.join(_text(v) for k, v in row.items() if k != PASSED)}"
            for table, row in self._rows()
            if row.get(PASSED) is False
        ]
        return [*rows, *(f"{entry['part']}: {entry['error']}" for entry in self.problems)]

    def checks(self) -> int:
        """How many checks were made."""
        return sum(row.get(PASSED) is not None for _, row in self._rows())

    def _rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for table, rows in self.tables.items():
            for row in rows:
                yield table, row

    def markdown(self) -> str:
        """The report as a page."""
        failed = self.failed()
        state = f"{len(failed)} FAILED" if failed else "none failed"
        parts = ["# GPU check", f"{self.checks()} checks, {state}."]
        parts += [_listed("Failed", failed)] if failed else []
        parts += [f"## {title}\n\n{_table(rows)}" for title, rows in self.tables.items()]
        parts += (
            [_listed("Not measured", [f"{m['what']}: {m['reason']}" for m in self.missing])] if self.missing else []
        )
        return "\n\n".join(parts) + "\n"

    def write(self, folder: Path) -> None:
        """Write the page and the figures into `folder`."""
        found = {
            "failed": self.failed(),
            "checks": self.checks(),
            "tables": self.tables,
            "not measured": self.missing,
            "seconds": self.seconds,
        }
        (folder / f"{NAME}.md").write_text(self.markdown(), encoding="utf-8")
        (folder / f"{NAME}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")


def _table(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, ["---"] * len(columns), *([_text(row.get(name)) for name in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _listed(title: str, lines: list[str]) -> str:
    return f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines)


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:.4g}" if isinstance(value, float) else str(value).replace("|", "\\|")
