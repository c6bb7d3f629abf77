"""GeoParquet out and in: what geopandas reads back, and what comes of its files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyogrio import raw
from pyproj import CRS
from rasterio.transform import Affine

from idgbr.classes import ClassInfo
from idgbr.errors import InputError, OutputError
from idgbr.layers import geoparquet
from idgbr.layers.polygons import LayerReference, find_layer, read_polygons
from idgbr.layers.reader import layer_batches, layer_info, layer_names
from idgbr.layers.writer import Attributes, LayerWriter, check_vector_output
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid

pytestmark = pytest.mark.usefixtures("copies_here")

WKT = CRS.from_epsg(25832).to_wkt()
GRID = Grid(Affine(1, 0, 500000, 0, -1, 5000100), None, 100, 100)


@pytest.fixture
def parquet() -> Any:
    """pyarrow's module, without which there is no GeoParquet."""
    return pytest.importorskip("pyarrow.parquet", reason="needs pyarrow, the extra parquet")


@pytest.fixture
def geopandas(parquet: Any) -> Any:
    """The reader that others use."""
    return pytest.importorskip("geopandas", reason="needs geopandas, to read back what was written")


def boxes(count: int) -> np.ndarray:
    x = 500000 + np.arange(count) % 100.0
    y = 5000000 + np.arange(count) // 100.0
    return shapely.box(x, y, x + 1, y + 1)


def write(path: Path, shapes: np.ndarray, crs: str | None = WKT, **options: Any) -> None:
    classes = [ClassInfo(1, "Dach", (1, 2, 3)), ClassInfo(2, "Straße", (4, 5, 6))]
    with LayerWriter(path, crs, lambda: classes, Monitor(), **options) as writer:
        for first in range(0, len(shapes), 7):
            part = shapes[first : first + 7]
            _, vertices, offsets = shapely.to_ragged_array(part)
            numbers = np.arange(first, first + len(part))
            ids = numbers % 2 + 1
            names = np.array(["Dach", "Straße"], object)[ids - 1]
            areas = shapely.area(part)
            confidence = np.where(numbers % 5 == 0, np.nan, 0.5)
            origin = numbers + 1 if options.get("carried") else None
            writer.write(vertices, offsets, Attributes(ids, names, confidence, areas, 4 * areas, origin=origin))


def test_geopandas_reads_back_what_was_written(tmp_path: Path, geopandas: Any) -> None:
    path, shapes = tmp_path / "roofs.parquet", boxes(250)
    write(path, shapes)
    frame = geopandas.read_parquet(path)
    assert list(frame.columns[:5]) == ["class_id", "class", "confidence", "area_m2", "perim_m"]
    assert frame.crs == CRS.from_epsg(25832)
    assert shapely.equals(frame.geometry.to_numpy(), shapes).all()
    assert frame["class"].tolist()[:3] == ["Dach", "Straße", "Dach"]
    assert frame["confidence"].isna().tolist() == [i % 5 == 0 for i in range(250)]
    assert (tmp_path / "roofs.qml").exists()
    near = geopandas.read_parquet(path, bbox=(500010.2, 5000001.2, 500010.8, 5000001.8))
    assert shapely.equals(near.geometry.to_numpy(), shapes[110:111]).all()


def test_metadata_are_those_of_version_1_1(tmp_path: Path, parquet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geoparquet, "ROWS", 100)
    path = tmp_path / "roofs.geoparquet"
    write(path, boxes(250))
    file = parquet.ParquetFile(path)
    geo = json.loads(file.metadata.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Polygon"])
    assert column["bbox"] == [500000, 5000000, 500100, 5000003]
    assert CRS.from_json_dict(column["crs"]) == CRS.from_epsg(25832)
    assert column["covering"]["bbox"]["ymax"] == ["bbox", "ymax"]
    groups = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
    assert sum(groups) == 250
    assert len(groups) == 3
    assert file.read_row_group(0, ["bbox"])["bbox"][1].as_py() == {
        "xmin": 500001, "ymin": 5000000, "xmax": 500002, "ymax": 5000001,
    }  # fmt: skip


def test_unknown_coordinate_system_is_null_and_a_layer_may_be_empty(tmp_path: Path, parquet: Any) -> None:
    path = tmp_path / "none.parquet"
    write(path, boxes(0), None)
    geo = json.loads(parquet.ParquetFile(path).metadata.metadata[b"geo"])
    assert geo["columns"]["geometry"] == {
        "encoding": "WKB", "geometry_types": [], "crs": None,
        "covering": {"bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}},
    }  # fmt: skip
    assert layer_info(str(path), "none").crs is None


def test_attributes_are_carried_from_and_to_it(tmp_path: Path, geopandas: Any) -> None:
    shapes = boxes(5)
    kept = {"owner": ["a", "b", None, "d", "ä"], "bbox": [1, 2, 3, 4, 5]}
    geopandas.GeoDataFrame(kept, geometry=shapes, crs="EPSG:25832").to_parquet(tmp_path / "plots.parquet")
    carried = LayerReference(str(tmp_path / "plots.parquet"), "plots")
    write(tmp_path / "out.parquet", shapes, carried=carried)
    frame = geopandas.read_parquet(tmp_path / "out.parquet")
    assert frame["owner"].fillna("").tolist() == ["a", "b", "", "d", "ä"]
    assert frame["bbox"].tolist() == kept["bbox"]
    write(tmp_path / "out.gpkg", shapes, carried=carried)
    assert raw.read(tmp_path / "out.gpkg", columns=["owner"])[3][0].tolist() == kept["owner"]


@pytest.mark.parametrize("covering", [True, False])
def test_files_of_geopandas_are_read(tmp_path: Path, geopandas: Any, covering: bool) -> None:
    shapes = boxes(30)
    shapes[3] = None
    kinds = np.array(["wood", "water"], object)[np.arange(30) % 2]
    frame = geopandas.GeoDataFrame({"kind": kinds, "nr": np.arange(30)}, geometry=shapes, crs="EPSG:25832")
    frame["kind"] = frame["kind"].astype("category")
    path = tmp_path / "plots.parquet"
    frame.to_parquet(path, write_covering_bbox=covering, row_group_size=10)
    assert layer_names(str(path)) == ["plots"]
    info = layer_info(str(path), "plots")
    assert (info.fields, info.features) == (["kind", "nr"], 30)
    store, columns = read_polygons(find_layer(str(path)), GRID, Monitor(), ["kind", "nr"])
    assert store.there.sum() == 29
    assert columns["kind"].values.tolist() == ["water", "wood"]
    assert columns["nr"].values[columns["nr"].places].tolist() == list(range(30))
    (batch,) = layer_batches(str(path), "plots", ["nr"])
    assert list(batch.columns) == ["nr"]


def test_a_column_without_coordinate_system_is_in_degrees(tmp_path: Path, geopandas: Any, parquet: Any) -> None:
    path = tmp_path / "plots.parquet"
    geopandas.GeoDataFrame({"nr": [1]}, geometry=[shapely.box(9, 45, 10, 46)]).to_parquet(path)
    table = parquet.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    del geo["columns"]["geometry"]["crs"]
    parquet.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    assert CRS.from_user_input(layer_info(str(path), "plots").crs) == CRS.from_user_input("OGC:CRS84")


def test_what_is_no_geoparquet_is_named(tmp_path: Path, parquet: Any) -> None:
    import pyarrow as pa

    path = tmp_path / "table.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match=r"table\.parquet: cannot be read as GeoParquet; get a complete copy"):
        find_layer(str(path))
    parquet.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(InputError, match=r"table\.parquet: is Parquet without a declared geometry column"):
        find_layer(str(path))
    geo = {"primary_column": "a", "columns": {"a": {"encoding": "polygon"}}}
    parquet.write_table(pa.table({"a": [1]}).replace_schema_metadata({"geo": json.dumps(geo)}), path)
    with pytest.raises(InputError, match="holds geometries as polygon; save it with geometries as WKB"):
        find_layer(str(path))


def test_a_failed_writing_leaves_the_file_that_was_there(tmp_path: Path, parquet: Any) -> None:
    path = tmp_path / "roofs.parquet"
    write(path, boxes(9))
    before = path.read_bytes()

    def fail() -> list[ClassInfo]:
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError), LayerWriter(path, WKT, fail, Monitor()):
        pass
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["roofs.parquet", "roofs.qml"]


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported: Callable[..., Any] = geoparquet.importlib.import_module

    def missing(name: str) -> Any:
        if name.startswith("pyarrow"):
            raise ModuleNotFoundError(name)
        return imported(name)

    monkeypatch.setattr(geoparquet.importlib, "import_module", missing)
    with pytest.raises(OutputError, match=r"GeoParquet needs the package pyarrow. Install the extra idgbr\[parquet\]"):
        check_vector_output(tmp_path / "roofs.parquet")
    (tmp_path / "plots.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"plots\.parquet: GeoParquet needs the package pyarrow"):
        find_layer(str(tmp_path / "plots.parquet"))
