"""Archives and files of several rasters or layers: the only one in them is read; of several, one has to be named."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely

from idgbr.errors import InputError
from idgbr.evaluation.inputs import is_map
from idgbr.layers.ogr import raw
from idgbr.layers.polygons import find_layer
from idgbr.layers.reader import layer_batches
from idgbr.raster.class_values import open_classes
from idgbr.raster.open_dataset import is_raster
from idgbr.raster.reader import RasterSource
from tests.backend.raster.test_reader import write

SHAPES = shapely.to_wkb(np.array([shapely.box(500000, 5399996, 500004, 5400000)]))


def add_layer(path: Path) -> None:
    driver = {".shp": "ESRI Shapefile", ".gpkg": "GPKG"}[path.suffix]
    raw.write(str(path), SHAPES, [np.array(["roof"], object)], ["kind"], geometry_type="Polygon", crs="EPSG:32633",
              driver=driver)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as it comes from a provider, with an image, a layer, and what lies beside them."""
    given = tmp_path / "given"
    given.mkdir()
    write(given / "image.tif", np.ones((3, 16, 16), np.uint8))
    write(given / "other.tif", np.ones((1, 16, 16), np.uint8))
    (given / "image.tif.ovr").write_bytes((given / "image.tif").read_bytes())
    (given / "image.tfw").write_text("0.5\n0\n0\n-0.5\n500000.25\n5399999.75\n")
    (given / "readme.txt").write_text("Flown in spring.")
    for name in ("roofs.shp", "more.shp", "roofs.gpkg"):
        add_layer(given / name)
    return given


def packed(folder: Path, ending: str, *names: str) -> str:
    """An archive of some files, in a folder within it."""
    path = folder.parent / f"packed{ending}"
    if ending == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.mkdir("data")
            for name in names:
                archive.write(folder / name, f"data/{name}")
    else:
        with tarfile.open(path, "w:gz") as tar:
            for name in names:
                tar.add(folder / name, f"./data/{name}")
    return str(path)


SHAPEFILE = ("roofs.shp", "roofs.shx", "roofs.dbf", "roofs.prj")


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_the_only_raster_in_an_archive_is_read(folder: Path, ending: str) -> None:
    path = packed(folder, ending, "image.tif", "image.tif.ovr", "image.tfw", "readme.txt")
    with RasterSource(path) as source:
        assert source.grid.width == 16
        assert source.bands == [1, 2, 3]
        source.check_unchanged()
    assert is_raster(path, "the map")


def test_of_several_rasters_in_an_archive_one_is_named(folder: Path) -> None:
    path = packed(folder, ".zip", "image.tif", "other.tif")
    refused = r"packed\.zip: holds 2 rasters; name one of /vsizip/.*image\.tif, /vsizip/.*other\.tif\."
    for opening in (RasterSource, open_classes):
        with pytest.raises(InputError, match=refused):
            opening(path)
    dataset, notes = open_classes(f"/vsizip/{path}/data/other.tif")
    dataset.close()
    assert not notes


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
@pytest.mark.parametrize("names", [(*SHAPEFILE, "readme.txt"), ("roofs.gpkg", "image.tif"), (*SHAPEFILE, "image.tif")])
def test_the_only_layer_in_an_archive_is_read(folder: Path, ending: str, names: tuple[str, ...]) -> None:
    path = packed(folder, ending, *names)
    assert not is_map(path)
    layer = find_layer(path)
    assert layer.layer == "roofs"
    batches = list(layer_batches(layer.path, layer.layer, ["kind"]))
    assert [text for batch in batches for text in batch.columns["kind"]] == ["roof"]


def test_of_several_layers_in_an_archive_one_is_named(folder: Path) -> None:
    path = packed(folder, ".zip", *SHAPEFILE, "roofs.gpkg")
    with pytest.raises(InputError, match=r"packed\.zip: holds 2 layers; name one of /vsizip/.*\.gpkg, /vsizip/.*\.shp"):
        find_layer(path)
    assert find_layer(f"/vsizip/{path}/data/roofs.gpkg").layer == "roofs"


def test_an_archive_of_neither_and_a_damaged_one_are_refused(folder: Path) -> None:
    path = packed(folder, ".zip", "readme.txt", "image.tfw")
    with pytest.raises(InputError, match=r"packed\.zip: cannot be read as a vector layer"):
        find_layer(path)
    with pytest.raises(InputError, match=r"packed\.zip: GDAL cannot open it as a raster"):
        RasterSource(path)
    with pytest.raises(InputError, match=r"packed\.zip: is neither a raster nor a vector layer"):
        is_map(path)
    Path(path).write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(InputError, match=r"packed\.zip: cannot be read as a vector layer"):
        find_layer(path)


def test_of_a_tiff_with_pages_the_first_is_read_and_the_job_says_so(folder: Path) -> None:
    path = str(folder / "image.tif")
    with rasterio.open(folder / "other.tif") as page:
        rasterio.shutil.copy(page, path, driver="GTiff", APPEND_SUBDATASET="YES")
    dataset, notes = open_classes(path)
    dataset.close()
    note = f"{path}: holds 2 rasters; the first is read, the next one is GTIFF_DIR:2:{path}."
    assert notes == [note]


def test_a_shapefile_without_its_index_names_the_missing_part(folder: Path) -> None:
    (folder / "more.shx").unlink()
    for look in (find_layer, is_map):
        with pytest.raises(InputError, match=r"more\.shp: more\.shx is missing beside it; get all parts"):
            look(str(folder / "more.shp"))


def test_a_table_without_geometries_is_refused(folder: Path) -> None:
    (folder / "list.csv").write_text("id,kind\n1,roof\n")
    with pytest.raises(InputError, match=r"list\.csv: has no geometries; choose a polygon layer"):
        find_layer(str(folder / "list.csv"))
