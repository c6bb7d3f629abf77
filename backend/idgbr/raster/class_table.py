"""Names and colours of a raster's classes: read from GDAL's metadata, and written for other programs."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import rasterio.shutil
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader, MemoryFile

from idgbr.classes import CLASSES_TAG, ClassInfo, classes_from_json
from idgbr.errors import InputError

#: Colours of classes without a colour: neighbours in this list are easy to distinguish.
PALETTE = (
    (228, 26, 28),
    (55, 126, 184),
    (77, 175, 74),
    (152, 78, 163),
    (255, 127, 0),
    (166, 86, 40),
    (247, 129, 191),
    (153, 153, 153),
)
#: Meaning of -1 in a raster without a nodata value.
NONE = ClassInfo(-1, "none", (235, 235, 235), background=True)
NONE_NOTE = "declares no nodata value, so -1 counts as no class and gets no polygons; declare it to change that."
#: Category names are a list that starts at value 0; it is written up to this value.
MAX_CATEGORY = 4095


def read_class_table(raster: DatasetReader, path: Path, band: int = 1) -> dict[int, ClassInfo]:
    """Classes in a raster's metadata, by value: the project's own list, else names and colours of `band`.

    `band` counts from 1. Raises InputError if the list is damaged.
    """
    raster = getattr(raster, "src_dataset", raster)  # a warped view has no names of classes
    text = raster.tags().get(CLASSES_TAG)
    if text:
        try:
            return {c.id: c for c in classes_from_json(text)}
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path} carries a damaged list of classes ({CLASSES_TAG}). Write it again.") from error
    try:
        colors = raster.colormap(band)
    except ValueError:
        colors = {}
    table = {i: ClassInfo(i, f"class {i}", colors[i][:3]) for i in sorted(colors) if i != raster.nodatavals[band - 1]}
    for value, name in _category_names(raster, band).items():
        table[value] = replace(table.get(value) or unnamed_class(value), name=name)
    return table


def unnamed_class(value: int) -> ClassInfo:
    """A class with only its value."""
    return ClassInfo(value, f"class {value}", PALETTE[value % len(PALETTE)])


def class_infos(values: Iterable[int], table: Mapping[int, ClassInfo], *, declared: bool = True) -> list[ClassInfo]:
    """The classes of values; those missing in `table` get a generated name and colour.

    Unless the raster has `declared` where it has data, -1 means no class and gets no polygons.
    """
    known = table if declared else {NONE.id: NONE, **table}
    return [known.get(value) or unnamed_class(value) for value in values]


def _category_names(raster: DatasetReader, number: int) -> dict[int, str]:
    """Names of a band's values; Python's rasterio can read them from GDAL only through a virtual raster."""
    try:
        with MemoryFile(ext=".vrt") as file:
            rasterio.shutil.copy(raster, file.name, driver="VRT")
            band = ET.fromstring(file.read()).find(f"VRTRasterBand[@band='{number}']")  # noqa: S314 # nosec B314 (GDAL wrote it)
    except (RasterioError, ET.ParseError):
        return {}
    if band is None:
        return {}
    categories = enumerate(item.text or "" for item in band.iterfind("CategoryNames/Category"))
    return {value: name for value, name in categories if name} | _attribute_names(band)


def _attribute_names(band: ET.Element) -> dict[int, str]:
    """Names in a raster attribute table: the column of use "name" (2) by that of use "min-max" (5) or "min" (3)."""
    columns: dict[str, int] = {}
    for index, column in enumerate(band.iterfind("GDALRasterAttributeTable/FieldDefn")):
        columns.setdefault(column.findtext("Usage", ""), index)
    value, name = columns.get("5", columns.get("3")), columns.get("2")
    if value is None or name is None:
        return {}
    names = {}
    for row in band.iterfind("GDALRasterAttributeTable/Row"):
        cells = [cell.text or "" for cell in row.iterfind("F")]
        try:
            names[int(Decimal(cells[value]))] = cells[name]
        except (IndexError, ValueError, OverflowError, ArithmeticError):
            continue
    return names


def write_category_names(path: Path, classes: Iterable[ClassInfo]) -> None:
    """Write the names of classes beside the raster at `path`, where GDAL and QGIS expect them."""
    names = {c.id: c.name for c in classes if 0 <= c.id <= MAX_CATEGORY}
    if not names:
        return
    root = ET.Element("PAMDataset")
    categories = ET.SubElement(ET.SubElement(root, "PAMRasterBand", band="1"), "CategoryNames")
    for value in range(max(names) + 1):
        ET.SubElement(categories, "Category").text = names.get(value, "")
    path.with_name(path.name + ".aux.xml").write_text(ET.tostring(root, encoding="unicode"), encoding="utf-8")
