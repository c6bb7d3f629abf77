"""Names: what lies on the disk is opened and written under any name; all else is what GDAL means by it."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from idgbr.checkpoint.fingerprint import map_fingerprint
from idgbr.errors import InputError, OutputError
from idgbr.jobs.vectorize import run_vectorize
from idgbr.layers.ogr import pyogrio, raw
from idgbr.layers.polygons import find_layer
from idgbr.layers.reader import layer_info
from idgbr.monitor import Monitor
from idgbr.parameters import VectorizeParameters
from idgbr.paths import (
    GdalName,
    LayerOutput,
    container,
    file_output,
    gdal_name,
    input_name,
    layer_output,
    literal,
    split_layer,
)
from idgbr.raster.open_dataset import is_raster, open_named
from idgbr.raster.reader import RasterSource
from idgbr.run import run_job

#: Pieces that some library takes for more than a part of a name.
PIECES = (
    "!", ";", "?", "#", "%", "%20", "&", "=", "|", "|layername=x", "$", "@", "~", "^", ",", "+", "'", '"', "[", "]",
    "{", "}", "<", ">", "*", ":", "::", "..", " ", "  ", "\t", "\n", "é", "屋根", "🏠", "vrt:", "GPKG:", "zip",
    ".zip.d", "vsizip", "-", "file:", "http:", "s3:", "NETCDF:", ".tar", "?bands=1", ".gpkg!b", "!c.shp", "\\",
)  # fmt: skip
FORMATS = ("gpkg", "shp", "geojson")
TRANSFORM = from_origin(500000, 5600000, 0.5, 0.5)


def odd_names(count: int, seed: int = 0) -> Iterator[str]:
    """Names of files or folders, the same ones each time."""
    dice = random.Random(seed)
    for number in range(count):
        parts = [dice.choice(PIECES) for _ in range(dice.randint(1, 4))]
        parts.insert(dice.randint(0, len(parts)), f"n{number}")
        yield "".join(parts).replace("/", "")


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A class raster of 12 × 12 pixels with one square of 8 × 8."""
    path = tmp_path_factory.mktemp("classes") / "c.tif"
    values = np.zeros((1, 12, 12), np.uint8)
    values[0, 2:10, 2:10] = 1
    with rasterio.open(
        path, "w", driver="GTiff", width=12, height=12, count=1, dtype="uint8", nodata=0, crs="EPSG:25832",
        transform=TRANSFORM,
    ) as out:  # fmt: skip
        out.write(values)
    return path.read_bytes()


def write_layer(path: Path, name: str, layer: str = "houses", driver: str = "GPKG") -> None:
    box = shapely.box(500001, 5599995, 500005, 5599999)
    raw.write(
        literal(path), shapely.to_wkb(np.array([box])), [np.array([name], object)], ["name"], geometry_type="Polygon",
        crs="EPSG:25832", layer=layer, driver=driver,
    )  # fmt: skip


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_any_name_is_read_and_written_where_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, classes: bytes
) -> None:
    """Rasters in, layers out, in folders and files of hundreds of odd names; nothing appears elsewhere."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    dice = random.Random(1)
    for number, name in enumerate(odd_names(90)):
        folder = tmp_path / (name if number % 2 else f"plain{number}")
        folder.mkdir()
        stem = f"plain{number}" if number % 2 else name
        # FlatGeobuf takes a process of its own.
        source, suffix = folder / f"{stem}.tif", "fgb" if number % 20 == 0 else dice.choice(FORMATS)
        source.write_bytes(classes)
        output = folder / f"{stem}_o.{suffix}"
        result = run_vectorize(VectorizeParameters(str(source), str(output)), Monitor())
        assert result["outputs"]["OUTPUT"] == str(output), name
        assert result["summary"]["polygons"] == 1
        names = {path.name for path in folder.iterdir()}
        made = {f"{stem}_o.{end}" for end in ("shp", "shx", "dbf", "prj", "cpg", "qml")}
        others = {output.name} | ({f"{stem}_o.qml"} if suffix != "gpkg" else set())
        assert names == {source.name} | (made if suffix == "shp" else others), name
        if not (suffix in ("shp", "fgb") and "\\" in stem):  # GDAL takes what follows for the name
            assert pyogrio.read_info(gdal_name(str(output)))["features"] == 1, name
    assert files(tmp_path / "here") == set()


def test_any_name_of_a_layer_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_layer(Path("houses.fgb"), "house", driver="FlatGeobuf")
    house = Path("houses.fgb").read_bytes()
    for name in odd_names(120, seed=2):
        if "\\" in name:
            continue  # GDAL takes what follows for the name
        path = Path(f"{name}.fgb")
        path.write_bytes(house)
        for text in (str(path), f"{path}|houses", f"{path}|layername=houses"):
            layer = find_layer(text)
            assert (layer.path, layer.layer) == (str(path), "houses"), name
        assert layer_info(layer.path, layer.layer).features == 1
        assert not is_raster(str(path), "it")


def test_any_name_of_a_raster_is_read_in_every_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, classes: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in odd_names(120, seed=3):
        path = Path(f"{name}.tif")
        path.write_bytes(classes)
        with RasterSource(str(path)) as source, open_named(str(path)) as dataset:
            assert source.grid.width == dataset.width == 12
        assert is_raster(str(path), "it"), name
    truth = Path("t.tif")
    truth.write_bytes(classes)
    for name in odd_names(3, seed=3):
        found = run_job("evaluate", {"predicted": f"{name}.tif", "truth": "t.tif", "report": f"{name}.html"}, Monitor())
        assert found["summary"]["miou"] == 1.0
        assert Path(f"{name}.html").stat().st_size > 1000


def test_a_mark_in_a_name_never_leads_to_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, classes: bytes
) -> None:
    """`out/roofs!final.shp` once replaced `final.shp` of the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("out").mkdir()
    Path("c.tif").write_bytes(classes)
    for suffix, driver in (("shp", "ESRI Shapefile"), ("geojson", "GeoJSON")):
        write_layer(Path(f"final.{suffix}"), "mine", "final", driver)
        run_job("vectorize", {"input": "c.tif", "output": f"out/roofs!final.{suffix}"}, Monitor())
        assert raw.read(f"final.{suffix}")[3][0].tolist() == ["mine"]
        assert Path(f"out/roofs!final.{suffix}").exists()


def test_connection_strings_mean_what_gdal_means(tmp_path: Path, classes: bytes) -> None:
    plain = tmp_path / "c.tif"
    plain.write_bytes(classes)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(plain, "inner.tif")
    for text in (
        f"vrt://{plain}?bands=1", f"/vsizip/{tmp_path}/a.zip/inner.tif", f"zip://{tmp_path}/a.zip!inner.tif",
        str(tmp_path / "a.zip"), f"file://{plain}", f"GTIFF_DIR:1:{plain}", f"/vsisubfile/0,{plain}",
    ):  # fmt: skip
        with RasterSource(text) as source:
            assert (source.grid.width, source.bands) == (12, [1]), text
        result = run_job("vectorize", {"input": text, "output": str(tmp_path / "o.geojson")}, Monitor())
        assert result["summary"]["polygons"] == 1, text
        assert map_fingerprint(text)
    with pytest.raises(InputError, match=r"missing\.tif: no such file; check the path of the class raster"):
        run_job("vectorize", {"input": str(tmp_path / "missing.tif"), "output": str(tmp_path / "o.geojson")}, Monitor())


def test_what_an_archive_holds_counts_for_going_on(tmp_path: Path, classes: bytes) -> None:
    """Else a job would go on with what it had made of other content."""
    prints = []
    for extra in (b"", b"0"):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("inner.tif", classes + extra)
        prints.append(map_fingerprint(str(tmp_path / "a.zip")))
    assert prints[0] != prints[1]
    assert container(f"/vsizip/{tmp_path}/a.zip/inner.tif") == str(tmp_path / "a.zip")
    assert container(f"/vsizip/{{{tmp_path}/a.zip}}/inner.tif") == str(tmp_path / "a.zip")
    assert container(f"/vsicached?chunk_size=1MB&file={tmp_path}/a.zip") == str(tmp_path / "a.zip")


def test_a_container_of_rasters_names_them(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    for number, table in enumerate(("one", "two")):
        options = {"APPEND_SUBDATASET": "YES"} if number else {}
        with rasterio.open(
            path, "w", driver="GPKG", width=12, height=12, count=1, dtype="uint8", crs="EPSG:25832", RASTER_TABLE=table,
            transform=TRANSFORM, **options,
        ) as out:  # fmt: skip
            out.write(np.ones((1, 12, 12), np.uint8))
    with pytest.raises(InputError, match=r"two\.gpkg: holds 2 rasters; name one of GPKG:.*two\.gpkg:one, GPKG:"):
        RasterSource(str(path))
    with RasterSource(f"GPKG:{path}:two") as source:
        assert source.grid.width == 12


def test_addresses_become_names_of_virtual_file_systems() -> None:
    assert gdal_name("ftp://host/a.tif") == "/vsicurl/ftp://host/a.tif"
    assert gdal_name("zip+https://host/a.zip!b.tif") == "/vsizip/vsicurl/https://host/a.zip/b.tif"
    assert gdal_name("WMS:https://host/x") == "WMS:https://host/x"
    assert gdal_name("<VRTDataset/>") == "<VRTDataset/>"
    assert isinstance(gdal_name("a.tif"), GdalName)
    assert gdal_name("a.tif") == str(Path("a.tif").absolute())


def test_the_longest_name_on_the_disk_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a|b.gpkg").touch()
    assert split_layer("a|b.gpkg") == ("a|b.gpkg", "")
    assert split_layer("a|b.gpkg|layername=c|d") == ("a|b.gpkg", "layername=c|d")
    assert split_layer("none.gpkg|layername=c") == ("none.gpkg", "layername=c")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("a\0b.gpkg", "null character"),
        ("a\udcff.gpkg", "not in UTF-8"),
        (f"{'n' * 240}.gpkg", "too long"),
        ("s3://bucket/a.gpkg", "files of this computer"),
        ("/vsizip/a.zip/a.gpkg", "files of this computer"),
        ("""ogr:dbname='/x/a.gpkg' table="b" (geom)""", "layername=LAYER"),
        ("a.gpkg|layername=", "is not a valid layer name"),
    ],
)
def test_what_cannot_be_written_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(OutputError, match=message):
        layer_output(text)


def test_a_layer_of_a_geopackage_is_an_output(tmp_path: Path) -> None:
    assert layer_output("a.gpkg|layername=roofs") == LayerOutput(Path("a.gpkg"), "roofs", named=True)
    assert layer_output("a.GPKG") == LayerOutput(Path("a.GPKG"), "a")
    odd = tmp_path / "b.gpkg|layername=c"
    odd.mkdir()
    assert layer_output(odd / "d.fgb").path == odd / "d.fgb"
    assert file_output(f"file://{tmp_path}/a%20b.tif") == tmp_path / "a b.tif"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\\udcff.tif: the name is not in UTF-8"):
        input_name(str(tmp_path / "\udcff.tif"), "the image")
