"""What a job hands back in Python, shown as one line, or in a notebook as a table with a small picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

#: Layers of more polygons get no picture, as it would take too long.
_MAX_DRAWN = 20_000
#: Longest side of the picture, px.
_SIDE = 256
#: Figures that the short form shows, if the job has them.
_HEADLINES = ("polygons", "changed_pixels", "miou")


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """Outputs and figures of a job.

    Attributes:
        job: Name of the job.
        outputs: By name ("polygons", "classes", "confidence", "uncertainty", "probability", "report"): a path, or what
            was asked for in memory, a GeoDataFrame or DataArray.
        summary: Figures, and lists of classes or changes, by name.
        messages: What the job told on its way, warnings included.
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
        """The name of an output that jobs call e.g. OUTPUT_CLASSES."""
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
        from idgbr.errors import IdgbrError

        try:
            return _drawn(polygons, self.summary.get("classes", ()))
        except (OSError, ValueError, RuntimeError, IdgbrError):
            return None  # the file is gone, or another now


def _short(value: Any) -> str:
    """An output in few words."""
    if isinstance(value, str):
        return value
    size = "×".join(map(str, value.shape)) if type(value).__name__ == "DataArray" else f"{len(value)} rows"
    return f"{type(value).__name__} ({size})"


def _drawn(polygons: Any, classes: Any) -> str:
    """Polygons, a path or a GeoDataFrame, as the data URI of a PNG."""
    import numpy as np
    import shapely
    from rasterio.features import rasterize
    from rasterio.transform import from_bounds

    from idgbr.evaluation.pictures import png_uri

    geometries, ids = _geometries(polygons)
    xmin, ymin, xmax, ymax = map(float, shapely.total_bounds(geometries))
    scale = _SIDE / max(xmax - xmin, ymax - ymin)
    height, width = (max(int(length * scale), 1) for length in (ymax - ymin, xmax - xmin))
    colors = {item["id"]: item["color"] for item in classes}
    order = {code: number for number, code in enumerate(dict.fromkeys(ids), 1)}
    table = np.full((len(order) + 1, 3), 255, np.uint8)
    for code, number in order.items():
        table[number] = colors.get(code, (70, 110, 160))
    shapes = [(geometry, order[code]) for geometry, code in zip(geometries, ids, strict=True)]
    transform = from_bounds(xmin, ymin, xmax, ymax, width, height)
    drawn = rasterize(shapes, (height, width), transform=transform, dtype="uint16")
    return png_uri(table[drawn])


def _geometries(polygons: Any) -> tuple[Any, list[int]]:
    """Geometries of a layer, and the class of each; 0 where it has none."""
    import shapely

    if isinstance(polygons, str):
        from idgbr.ogr import raw
        from idgbr.paths import layer_output

        layer = layer_output(polygons)
        meta, _, geometries, values = raw.read(layer.path, layer=layer.layer if layer.named else None)
        fields = dict(zip(meta["fields"], values, strict=True))
        geometries = shapely.from_wkb(geometries)
    else:
        geometries, fields = polygons.geometry.values, polygons
    return geometries, [int(code) for code in fields["class_id"]] if "class_id" in fields else [0] * len(geometries)
