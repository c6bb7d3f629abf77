"""Texts of shapefiles whose tables do not say how they are encoded, or say it wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyogrio import raw

from idgbr.layers.attributes import carried_query
from idgbr.layers.polygons import LayerReference
from idgbr.layers.reader import layer_batches, layer_info
from idgbr.monitor import Monitor

pytestmark = pytest.mark.usefixtures("copies_here")

ISO = "the encoding of its texts is not declared; they are read as ISO-8859-1."


def write(path: Path, texts: list[str], encoding: str, page: str | None, number: int = 0, field: str = "kind") -> Path:
    """A shapefile whose table holds texts in an encoding, with a code page file, or none, and a number of one."""
    shapes = shapely.to_wkb(np.array([shapely.box(i, 0, i + 1, 1) for i in range(len(texts))]))
    raw.write(path, shapes, [np.array(texts, object)], [field], geometry_type="Polygon", crs="EPSG:32633",
              encoding=encoding)  # fmt: skip
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[29] = number
    table.write_bytes(content)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if page is not None:
        path.with_suffix(".cpg").write_text(page)
    return path


@pytest.mark.parametrize(
    ("encoding", "page", "number", "word"),
    [
        ("ISO-8859-1", None, 0, ISO),
        ("UTF-8", None, 0, "the encoding of its texts is not declared; they are read as UTF-8."),
        ("ISO-8859-1", "nonsense", 0, ISO),
        ("ISO-8859-1", "UTF-8", 0, "plots.cpg declares UTF-8, but its texts are not; they are read as ISO-8859-1."),
        ("ISO-8859-1", "ISO-8859-1", 0, ""),
        ("ISO-8859-1", None, 87, ""),
        ("UTF-8", "UTF-8", 0, ""),
    ],
)
def test_texts_are_read_and_carried_right(
    tmp_path: Path, encoding: str, page: str | None, number: int, word: str
) -> None:
    texts = ["Straße", "Fluß", "Wald"]
    path = write(tmp_path / "plots.shp", texts, encoding, page, number)
    info = layer_info(str(path), "plots")
    assert info.word.startswith(word)
    assert bool(info.word) is bool(word)
    (batch,) = layer_batches(str(path), "plots", ["kind"], info)
    assert batch.columns["kind"].tolist() == texts
    spool = tmp_path / "spool.gpkg"
    carried_query(LayerReference(str(path), "plots"), spool, "GPKG", [], Monitor().check, print)
    assert raw.read(spool, layer="carried", read_geometry=False)[3][0].tolist() == texts


def test_plain_texts_need_no_word(tmp_path: Path) -> None:
    assert layer_info(str(write(tmp_path / "plots.shp", ["Wald", ""], "ISO-8859-1", None)), "plots").word == ""


def test_a_shapefile_without_a_table_needs_no_word(tmp_path: Path) -> None:
    path = write(tmp_path / "plots.shp", ["Wald"], "ISO-8859-1", None)
    path.with_suffix(".dbf").unlink()
    info = layer_info(str(path), "plots")
    assert (info.fields, info.features, info.word) == ([], 1, "")


def test_names_of_fields_count_too(tmp_path: Path) -> None:
    path = write(tmp_path / "plots.shp", ["Wald"], "ISO-8859-1", "UTF-8", field="Größe")
    info = layer_info(str(path), "plots")
    assert info.fields == ["Größe"]
    (batch,) = layer_batches(str(path), "plots", None, info)
    assert batch.columns["Größe"].tolist() == ["Wald"]


def test_a_text_cut_in_a_letter_does_not_turn_the_table(tmp_path: Path) -> None:
    path = write(tmp_path / "plots.shp", ["ä" * 40, "Straße", "Höhe"], "UTF-8", None)
    table = path.with_suffix(".dbf")
    content = table.read_bytes()
    table.write_bytes(content.replace("ää ".encode(), b"\xc3\xa4\xc3  "))
    info = layer_info(str(path), "plots")
    assert info.encoding == "UTF-8"
    (batch,) = layer_batches(str(path), "plots", None, info)
    assert batch.columns["kind"].tolist()[1:] == ["Straße", "Höhe"]


def test_a_folder_of_shapefiles_is_looked_into(tmp_path: Path) -> None:
    write(tmp_path / "plots.shp", ["Straße"], "ISO-8859-1", None)
    write(tmp_path / "other.shp", ["Wald"], "UTF-8", "UTF-8")
    info = layer_info(str(tmp_path), "plots")
    (batch,) = layer_batches(str(tmp_path), "plots", None, info)
    assert batch.columns["kind"].tolist() == ["Straße"]
