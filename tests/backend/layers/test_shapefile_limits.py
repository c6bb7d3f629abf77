"""What a shapefile cuts is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyogrio import raw
from pyproj import CRS

from idgbr.classes import ClassInfo
from idgbr.layers.polygons import LayerReference
from idgbr.layers.writer import Attributes, LayerWriter
from idgbr.monitor import Monitor

pytestmark = pytest.mark.usefixtures("copies_here")

SQUARE = shapely.box(500000, 5000000, 500001, 5000001)


class Lines(Monitor):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def warn(self, message: str) -> None:
        self.lines.append(message)


def write(path: Path, name: str, carried: LayerReference | None = None) -> list[str]:
    """Write one polygon of the class `name`; what was told."""
    monitor = Lines()
    crs = CRS.from_epsg(25832).to_wkt()
    with LayerWriter(path, crs, lambda: [ClassInfo(1, name, (1, 2, 3))], monitor, carried=carried) as writer:
        one = np.ones(1)
        _, vertices, offsets = shapely.to_ragged_array(np.array([SQUARE]))
        origin = np.ones(1, np.int64) if carried else None
        writer.write(
            vertices, offsets, Attributes(np.ones(1, int), np.array([name], object), one, one, one, origin=origin)
        )
    return monitor.lines


@pytest.fixture
def plots(tmp_path: Path) -> LayerReference:
    """A layer with long names of fields and a long text."""
    columns = {"residential_area": "x", "residential_areas": "y", "owner": "ß" * 128, "nr": "7"}
    raw.write(
        tmp_path / "plots.gpkg", shapely.to_wkb(np.array([SQUARE])),
        [np.array([value], object) for value in columns.values()], list(columns), geometry_type="Polygon",
        crs="EPSG:25832",
    )  # fmt: skip
    return LayerReference(str(tmp_path / "plots.gpkg"), "plots")


def test_cut_names_and_texts_are_told(tmp_path: Path, plots: LayerReference) -> None:
    names, texts = write(tmp_path / "out.shp", "roof", plots)
    assert names == (
        "out.shp: a shapefile allows field names of at most 10 bytes: residential_area as residentia, "
        "residential_areas as resident_1."
    )
    assert texts == (
        "out.shp: a shapefile cuts texts to 254 bytes, longer ones in owner; choose another format to keep them."
    )
    meta, _, _, values = raw.read(tmp_path / "out.shp", read_geometry=False)
    written = {name: column[0] for name, column in zip(meta["fields"], values, strict=True)}
    assert (written["residentia"], written["resident_1"], written["nr"]) == ("x", "y", "7")
    assert written["owner"] == "ß" * 127


def test_a_long_name_of_a_class_is_told(tmp_path: Path) -> None:
    (line,) = write(tmp_path / "out.shp", "x" * 255)
    assert line.startswith("out.shp: a shapefile cuts texts to 254 bytes, longer ones in class;")
    assert write(tmp_path / "fits.shp", "x" * 254) == []


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".geojson"])
def test_other_formats_cut_nothing(tmp_path: Path, plots: LayerReference, suffix: str) -> None:
    assert write(tmp_path / f"out{suffix}", "x" * 300, plots) == []
    meta, _, _, values = raw.read(tmp_path / f"out{suffix}", read_geometry=False)
    written = {name: column[0] for name, column in zip(meta["fields"], values, strict=True)}
    assert (written["residential_areas"], written["owner"]) == ("y", "ß" * 128)
