"""What identifies the inputs of a job that is resumed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from idgbr.checkpoint.fingerprint import raster_fingerprint
from idgbr.layers.ogr import raw
from idgbr.raster.reader import RasterSource
from tests.backend.raster.test_reader import write


def fingerprint(name: str) -> list[str]:
    with RasterSource(name) as source:
        return raster_fingerprint(source)


def test_a_changed_tile_of_an_index_is_another_image(tmp_path: Path) -> None:
    tile, index = tmp_path / "tile.tif", tmp_path / "tiles.gti.gpkg"
    write(tile, np.ones((1, 8, 8), np.uint8))
    with RasterSource(str(tile)) as source:
        area = source.grid.transform @ (0, 8), source.grid.transform @ (8, 0)
    outline = shapely.to_wkb(np.array([shapely.box(*area[0], *area[1])]))
    names = [np.array([str(tile)], object)]
    raw.write(str(index), outline, names, ["location"], geometry_type="Polygon", crs="EPSG:32633", driver="GPKG")
    before = fingerprint(str(index)), fingerprint(f"GTI:{index}")
    assert before == (fingerprint(str(index)), fingerprint(f"GTI:{index}"))
    write(tile, np.full((1, 8, 8), 2, np.uint8))
    assert before[0] != fingerprint(str(index))
    assert before[1] != fingerprint(f"GTI:{index}")
