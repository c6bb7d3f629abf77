"""What goes and what stays beside an output that is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from idgbr.errors import OutputError
from idgbr.exchange import exchange
from idgbr.layers.qml import qml_style
from idgbr.layers.replace import put_vector
from idgbr.layers.writer import check_vector_output
from idgbr.paths import LayerOutput
from idgbr.raster.writer import put_raster
from tests.backend.layers.geopackage.test_geopackage import write


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(f"old {name}")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_side_files_of_a_raster_go_with_it(tmp_path: Path) -> None:
    fill(
        tmp_path,
        "r.tif",
        "r.tif.ovr",
        "r.tif.msk",
        "r.tif.msk.ovr",
        "r.tif.aux.xml",
        "r.tif.vat.dbf",
        "r.tfw",
        "r.qml",
        "r.shp",
        "r2.tif.ovr",
    )
    job = tmp_path / ".r.tif.idgbr"
    job.mkdir()
    fill(job, "r.tif")
    put_raster(job / "r.tif", tmp_path / "r.tif")
    assert names(tmp_path) == {"r.tif", "r.qml", "r.shp", "r2.tif.ovr", ".r.tif.idgbr"}
    assert names(job) == set()


def test_parts_of_a_shapefile_go_as_one_set(tmp_path: Path) -> None:
    output = tmp_path / "s.shp"
    fill(
        tmp_path, "s.shp", "s.dbf", "s.shx", "s.qix", "s.sbn", "s.sbx", "s.shp.xml", "s.cpg", "s.tif", "s.txt", "s2.qix"
    )
    (tmp_path / "s.qmd").write_text("<qgis>Result of idgbr: IDGBR</qgis>")
    write(output, 2)
    made = {"s.shp", "s.shx", "s.dbf", "s.prj", "s.cpg", "s.qml"}
    assert names(tmp_path) == made | {"s.tif", "s.txt", "s2.qix"}


def test_style_and_metadata_of_the_user_stay(tmp_path: Path) -> None:
    """A style may be that of a raster of the same name."""
    output = tmp_path / "s.shp"
    write(output, 2)
    (tmp_path / "s.qml").write_text("<!DOCTYPE qgis>\n<qgis styleCategories='AllStyleCategories'/>")
    (tmp_path / "s.qmd").write_text("mine")
    assert check_vector_output(output).endswith("stays as the style of s.shp.")
    write(output, 1)
    assert "AllStyleCategories" in (tmp_path / "s.qml").read_text()
    assert (tmp_path / "s.qmd").read_text() == "mine"
    (tmp_path / "s.qml").write_text(qml_style([]))
    assert check_vector_output(output) == ""


def test_files_of_something_else_are_not_replaced_by_parts(tmp_path: Path) -> None:
    fill(tmp_path, "owners.dbf")
    with pytest.raises(OutputError, match=r"would replace owners\.dbf, which is not part of a shapefile"):
        check_vector_output(tmp_path / "owners.shp")


def test_a_run_that_was_killed_between_the_parts_can_go_on(tmp_path: Path) -> None:
    """What it had moved already is the new layer's."""
    write(tmp_path / "s.shp", 1)
    job = tmp_path / ".s.shp.idgbr"
    job.mkdir()
    (tmp_path / "s.shp").rename(job / "layer.shp")
    assert check_vector_output(tmp_path / "s.shp") == ""
    put_vector(job, LayerOutput(tmp_path / "s.shp", "s"))
    assert names(tmp_path) - {".s.shp.idgbr"} == {"s.shp", "s.shx", "s.dbf", "s.prj", "s.cpg", "s.qml"}


def test_a_journal_of_a_file_that_is_gone_does_not_spoil_the_new_one(tmp_path: Path) -> None:
    fill(tmp_path, "o.gpkg-wal", "o.gpkg-journal", "o.gpkg-shm")
    write(tmp_path / "o.gpkg", 2)
    assert names(tmp_path) == {"o.gpkg"}


def test_old_files_come_back_if_new_ones_cannot_be_put_there(tmp_path: Path) -> None:
    fill(tmp_path, "a.ovr", "b")
    folder = tmp_path / "job"
    folder.mkdir()
    fill(folder, "new")
    with pytest.raises(OSError, match="b"):
        exchange([tmp_path / "a.ovr"], {folder / "new": tmp_path / "b" / "new"}, folder / "new", folder)
    assert (tmp_path / "a.ovr").read_text() == "old a.ovr"
