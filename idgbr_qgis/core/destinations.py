"""Where polygons go: a file, or a layer of a GeoPackage, `file.gpkg|layername=layer`, as the backend writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsDataSourceUri

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext

_LAYER = "|layername="
_DATABASE = "ogr:"


def destination_text(value: Any) -> str:
    """The text of an output's value."""
    sink = getattr(value, "sink", None)
    return sink.staticValue() or "" if sink is not None else str(value)


def destination(text: str) -> str:
    """What the backend is told for an output of QGIS, whose *Save to GeoPackage…* gives `ogr:dbname='…' table="…"`."""
    if not text.startswith(_DATABASE):
        return text
    uri = QgsDataSourceUri(text.removeprefix(_DATABASE))
    return f"{uri.database()}{_LAYER}{uri.table()}"


def is_file(text: str) -> bool:
    """Whether an output of QGIS is a file or a layer of a GeoPackage, and no table of a database."""
    if text.startswith(_DATABASE):
        return split_destination(destination(text))[0].lower().endswith(".gpkg")
    return not text.startswith("memory:") and "://" not in text


def split_destination(text: str) -> tuple[str, str]:
    """File and layer of a destination; no layer where it is named after the file."""
    path, mark, layer = text.rpartition(_LAYER)
    return (path, layer) if mark and path.lower().endswith(".gpkg") else (text, "")


def join_destination(path: str, layer: str) -> str:
    """The destination of a layer in a file; the file alone without a layer."""
    return f"{path}{_LAYER}{layer}" if layer else path


def load_as(context: QgsProcessingContext, asked: str, written: str) -> None:
    """Have QGIS load what was written, with the name of its layer, where it meant to load what was asked for."""
    waiting = context.layersToLoadOnCompletion()
    if asked != written and asked in waiting:
        waiting[written] = waiting.pop(asked)
        context.setLayersToLoadOnCompletion(waiting)
