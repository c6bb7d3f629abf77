"""Replaces an older layer by a finished one, with all side files as one set.

The user's own files beside an output, such as a style made in QGIS, stay.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from idgbr.exchange import exchange
from idgbr.layers.geopackage.transaction import SIDE_ENDS, find_replaced, is_geopackage, put_layer
from idgbr.layers.qml import is_own_style
from idgbr.paths import LayerOutput

#: Name, without suffix, of a layer's files in their temporary folder: safe for all libraries.
MADE = "layer"
#: Parts of a shapefile, and files that GDAL and other programs have beside one.
SHAPEFILE_PARTS = (".shx", ".dbf", ".prj", ".cpg")
SHAPEFILE_EXTRAS = (".qix", ".sbn", ".sbx", ".shp.xml", ".idm", ".ind", ".ain", ".aih", ".fbn", ".fbx", ".ixs", ".mxs")
#: Mark of the metadata that the plugin writes beside a shapefile.
_OWN_METADATA = b"IDGBR"


def put_vector(folder: Path, output: LayerOutput, check: Callable[[], None] = lambda: None) -> None:
    """Move the layer made in `folder`, under the name `MADE`, to its place; the main file comes last.

    A GeoPackage with other content gets it in one transaction; other files are replaced as a whole. Raises OSError or
    OutputError, and what `check` raises; the output is unchanged then.
    """
    path = output.path
    made = folder / f"{MADE}{path.suffix}"
    if path.suffix.lower() == ".gpkg":
        beside = [path.with_name(path.name + end) for end in SIDE_ENDS]
        if is_geopackage(path):
            if any(side.exists() for side in beside) or not find_replaced(path, output.layer).alone:
                put_layer(made, path, output.layer, check)
                made.unlink()
                return
        else:  # of a file that is gone: SQLite would take it for that of the new one
            for side in beside:
                side.unlink(missing_ok=True)
    new = {
        part: path.with_name(path.stem + part.name.removeprefix(MADE)) for part in folder.iterdir() if part.is_file()
    }
    for part, place in list(new.items()):
        if place.suffix == ".qml" and place.exists() and not is_own_style(place):
            part.unlink()
            del new[part]
    exchange(_old_parts(path, new), new, made, folder)


def kept_style(output: LayerOutput) -> Path | None:
    """The user's own style beside a layer, which stays; None if there is none."""
    style = output.path.with_suffix(".qml")
    own = output.path.suffix.lower() == ".gpkg" or not style.exists() or is_own_style(style)
    return None if own else style


def _old_parts(path: Path, new: dict[Path, Path]) -> list[Path]:
    """Files beside `path` that belong to the replaced layer."""
    if path.suffix != ".shp":
        return []
    old = [path.with_suffix(end) for end in SHAPEFILE_EXTRAS]
    # A run that was killed here has already moved some parts: these are new.
    if path.with_suffix(".dbf") in new.values():
        old += [path.with_suffix(end) for end in SHAPEFILE_PARTS]
        metadata = path.with_suffix(".qmd")
        if metadata.exists() and _OWN_METADATA in metadata.read_bytes():
            old.append(metadata)
    return old
