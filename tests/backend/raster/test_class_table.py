"""Names and colours that class rasters bring along."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from affine import Affine

from idgbr.classes import ClassInfo
from idgbr.polygonize.class_source import ClassRaster
from idgbr.raster.class_table import class_infos, read_class_table, write_category_names

TABLE = """<PAMDataset><PAMRasterBand band="1"><GDALRasterAttributeTable tableType="thematic">
<FieldDefn index="0"><Name>Value</Name><Type>0</Type><Usage>5</Usage></FieldDefn>
<FieldDefn index="1"><Name>Label</Name><Type>2</Type><Usage>2</Usage></FieldDefn>
<Row index="0"><F>7</F><F>orchard</F></Row><Row index="1"><F>1200</F><F>quarry</F></Row>
</GDALRasterAttributeTable></PAMRasterBand></PAMDataset>"""

COLORS = "<ColorTable>" + '<Entry c1="10" c2="20" c3="30" c4="255"/>' * 8 + "</ColorTable>"
UTM = Affine(1, 0, 500_000, 0, -1, 5_400_000)


def names(last: str) -> str:
    """Category names of a VRT band, of which only that of value 7 is not empty."""
    return f"<CategoryNames>{'<Category/>' * 7}<Category>{last}</Category></CategoryNames>"


def write(path: Path, colors: dict[int, tuple[int, int, int, int]] | None = None) -> Path:
    with rasterio.open(path, "w", driver="GTiff", height=4, width=4, count=1, dtype="uint16") as out:
        out.write(np.ones((4, 4), np.uint16), 1)
        if colors:
            out.write_colormap(1, colors)
    return path


def test_category_names_go_out_and_come_back(tmp_path: Path) -> None:
    path = write(tmp_path / "c.tif", {2: (10, 20, 30, 255)})
    write_category_names(path, [ClassInfo(2, "Gärten & Höfe", (1, 1, 1)), ClassInfo(-3, "x", (1, 1, 1))])
    with rasterio.open(path) as raster:
        table = read_class_table(raster, path)
    assert table[2] == ClassInfo(2, "Gärten & Höfe", (10, 20, 30))
    assert class_infos([9], table)[0].name == "class 9"


def test_names_of_an_attribute_table_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "c.tif")
    (tmp_path / "c.tif.aux.xml").write_text(TABLE)
    with rasterio.open(path) as raster:
        table = read_class_table(raster, path)
    assert {value: info.name for value, info in table.items()} == {7: "orchard", 1200: "quarry"}


def test_names_and_colours_are_those_of_the_data_band_behind_an_alpha_band(tmp_path: Path) -> None:
    path = tmp_path / "c.vrt"
    with rasterio.open(
        tmp_path / "c.tif", "w", driver="GTiff", height=4, width=4, count=2, dtype="uint16", transform=UTM
    ) as out:
        out.write(np.full((4, 4), 255, np.uint16), 1)
        out.write(np.full((4, 4), 7, np.uint16), 2)
    bands = "".join(
        f'<VRTRasterBand dataType="UInt16" band="{band}"><ColorInterp>{meaning}</ColorInterp>{table}<SimpleSource>'
        f'<SourceFilename relativeToVRT="1">c.tif</SourceFilename><SourceBand>{band}</SourceBand></SimpleSource>'
        "</VRTRasterBand>"
        for band, meaning, table in ((1, "Alpha", names("transparent")), (2, "Palette", names("orchard") + COLORS))
    )
    place = "<GeoTransform>500000, 1, 0, 5400000, 0, -1</GeoTransform>"
    path.write_text(f'<VRTDataset rasterXSize="4" rasterYSize="4">{place}{bands}</VRTDataset>')
    classes = ClassRaster(path, None, None).classes
    assert classes[0] == ClassInfo(0, "orchard", (10, 20, 30))
