"""The result of a job in Python: one line of text, or in a notebook a table with a small picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from idgbr.errors import IdgbrError

#: Layers with more polygons get no picture, because it would take too long.
_MAX_DRAWN = 20_000
#: Figures in the short form, if the job has them.
_HEADLINES = ("polygons", "changed_pixels", "miou")


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """Outputs and figures of a job.

    Attributes:
        job: Name of the job.
        outputs: By name ("polygons", "classes", "confidence", "uncertainty", "probability", "shifts", "report"): a
            path, or the requested object in memory, a GeoDataFrame or DataArray.
        summary: Figures, and lists of classes or changes, by name.
        messages: Messages of the job, including warnings.
    """

    job: str
    outputs: Mapping[str, Any]
    summary: Mapping[str, Any]
    messages: tuple[str, ...] = ()

    @property
    def figures(self) -> dict[str, float]:
        """The numbers of the summary."""
        return {name: value for name, value in self.summary.items() if isinstance(value, int | float)}

    @staticmethod
    def name_of(output: str) -> str:
        """The name of an output, for e.g. OUTPUT_CLASSES of a job."""
        return "polygons" if output == "OUTPUT" else output.removeprefix("OUTPUT_").lower()

    def __repr__(self) -> str:
        figures = [f"{self.summary[name]} {name}" for name in _HEADLINES if name in self.summary]
        outputs = [f"{name}: {_short(value)}" for name, value in self.outputs.items()]
        return f"<idgbr {self.job}: {', '.join(figures)}{' → ' if outputs else ''}{', '.join(outputs)}>"

    def _repr_html_(self) -> str:
        rows = [(name, _short(value)) for name, value in self.outputs.items()]
        rows += [
            (name, f"{value:g}" if isinstance(value, float) else str(value)) for name, value in self.figures.items()
        ]
        cells = "".join(f"<tr><th style='text-align:left'>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in rows)
        told = "".join(f"<div>{escape(message)}</div>" for message in self.messages)
        uri = self._picture()
        picture = f"<img src='{uri}' alt='polygons' style='border:1px solid #ccc'>" if uri else ""
        return (
            f"<div><b>idgbr {escape(self.job)}</b><div style='display:flex;gap:1em;align-items:flex-start'>"
            f"<table>{cells}</table>{picture}</div>{told}</div>"
        )

    def _picture(self) -> str | None:
        """The polygons in the colours of their classes, as a data URI; None if there are none, or too many."""
        polygons = self.outputs.get("polygons")
        if polygons is None or not 0 < self.summary.get("polygons", 0) <= _MAX_DRAWN:
            return None
        from idgbr.drawing import polygons_uri

        try:
            return polygons_uri(polygons, self.summary.get("classes", ()))
        except (OSError, ValueError, RuntimeError, IdgbrError):
            return None  # the file is gone, or another now


def _short(value: Any) -> str:
    """A short text for an output."""
    if isinstance(value, str):
        return value
    size = "×".join(map(str, value.shape)) if type(value).__name__ == "DataArray" else f"{len(value)} rows"
    return f"{type(value).__name__} ({size})"
