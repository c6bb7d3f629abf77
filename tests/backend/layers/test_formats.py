"""One contract for all formats of layers: what is written arrives, what is read is what others wrote."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from pyogrio import raw
from pyproj import CRS, Transformer
from rasterio.transform import Affine

from idgbr.classes import ClassInfo
from idgbr.coarse_map import read_coarse_map
from idgbr.errors import JobCancelled, OutputError
from idgbr.layers import copy_process, reader
from idgbr.layers.polygons import LayerReference
from idgbr.layers.reader import layer_batches, layer_info
from idgbr.layers.writer import Attributes, LayerWriter
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid

pytestmark = pytest.mark.usefixtures("copies_here")

UTM = CRS.from_epsg(32633)
FIELDS = ["class_id", "class", "confidence", "area_m2", "perim_m"]
CLASSES = [ClassInfo(1, "Dach & Wand", (200, 30, 30)), ClassInfo(2, "水", (30, 160, 60))]
Limit = Callable[[int], AbstractContextManager[None]]
Columns = dict[str, NDArray[Any]]


def boxes(count: int) -> NDArray[np.object_]:
    """Squares of a metre in a row, three metres apart."""
    x = 500000 + 3.0 * np.arange(count)
    return np.asarray(shapely.box(x, 5000000, x + 1, 5000001))


def write(path: Path, shapes: NDArray[np.object_], monitor: Monitor | None = None, **options: Any) -> None:
    """Write polygons of two classes in turn, in three batches; the confidence of each fifth is not known."""
    with LayerWriter(path, UTM.to_wkt(), lambda: CLASSES, monitor or Monitor(), **options) as layer:
        for part in np.array_split(np.arange(len(shapes)), 3):
            _, vertices, offsets = shapely.to_ragged_array(shapes[part]) if len(part) else (None, None, None)
            if vertices is None:
                continue
            ids, area = part % 2 + 1, shapely.area(shapes[part])
            names = np.array([c.name for c in CLASSES], object)[ids - 1]
            confidence = np.where(part % 5 == 4, np.nan, 0.5)
            extra = dict.fromkeys(options.get("extra", ()), part / 8)
            wide = ids + (1 << 54) if options.get("wide_ids") else ids
            origin = part + 1 if options.get("carried") else None
            layer.write(vertices, offsets, Attributes(wide, names, confidence, area, 4 * area, extra, origin=origin))


def read(path: Path) -> tuple[NDArray[np.object_], Columns, CRS]:
    """Polygons in UTM, fields and CRS of a layer; by pyogrio itself, but of GeoParquet, which its GDAL cannot read."""
    if path.suffix == ".parquet":
        info, batches = layer_info(str(path), path.stem), list(layer_batches(str(path), path.stem))
        wkb = np.concatenate([batch.wkb for batch in batches] or [np.array([], object)])
        parts = {name: [batch.columns[name] for batch in batches] for name in info.fields}
        columns = {name: np.ma.concatenate(values) if values else np.array([]) for name, values in parts.items()}
        crs = CRS(info.crs)
    else:
        meta, _, wkb, values = raw.read(path, layer=path.stem)
        crs, columns = CRS(meta["crs"]), dict(zip(meta["fields"], values, strict=True))
    shapes = shapely.from_wkb(wkb)
    if crs.is_geographic:
        to_utm = Transformer.from_crs(crs, UTM, always_xy=True)
        shapes = shapely.transform(shapes, lambda p: np.stack(to_utm.transform(p[:, 0], p[:, 1]), axis=1))
    return shapes, columns, crs


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_shapes_values_crs_and_style_arrive(tmp_path: Path, vector_format: str) -> None:
    path, given = tmp_path / f"Größe 1{vector_format}", boxes(11)
    write(path, given, extra=["moved_m"], constants={"date_before": "2024-05-01"})
    shapes, columns, crs = read(path)
    assert crs.equals(CRS("EPSG:4326" if vector_format == ".geojson" else UTM), ignore_axis_order=True)
    order = np.argsort(shapely.bounds(shapes)[:, 0])
    assert shapely.area(shapely.symmetric_difference(shapes[order], given)).max() < 1e-3  # seven digits of a degree
    date = "date_befor" if vector_format == ".shp" else "date_before"
    assert list(columns) == [*FIELDS, "moved_m", date]
    found = {name: np.ma.getdata(values)[order] for name, values in columns.items()}
    assert found["class_id"].tolist() == [1, 2] * 5 + [1]
    assert found["class"].tolist() == ["Dach & Wand", "水"] * 5 + ["Dach & Wand"]
    confidence = np.ma.filled(np.ma.asarray(columns["confidence"], float), np.nan)[order]
    assert np.array_equal(np.isnan(confidence), np.arange(11) % 5 == 4)
    assert found["moved_m"].tolist() == (np.arange(11) / 8).tolist()
    assert {str(day) for day in found[date]} == {"2024-05-01"}
    qml = _style(path)
    categories = ET.fromstring(qml[qml.index("<qgis") :]).findall(".//category")
    assert [(c.get("value"), c.get("label")) for c in categories] == [("1", "Dach & Wand"), ("2", "水")]
    if vector_format == ".shp":
        assert path.with_suffix(".cpg").read_text().strip() == "UTF-8"
        assert path.with_suffix(".prj").exists()


def _style(path: Path) -> str:
    if path.suffix == ".gpkg":
        return str(raw.read(path, sql="SELECT styleQML FROM layer_styles", read_geometry=False)[3][0][0])
    return path.with_suffix(".qml").read_text(encoding="utf-8")


def test_a_layer_without_polygons_has_its_fields(tmp_path: Path, vector_format: str) -> None:
    path = tmp_path / f"o{vector_format}"
    write(path, boxes(0), extra=["moved_m"])
    shapes, columns, _ = read(path)
    assert len(shapes) == 0
    if vector_format != ".geojson":  # it keeps no fields without features
        assert list(columns) == [*FIELDS, "moved_m"]


def test_ids_beyond_53_bits_arrive(tmp_path: Path, vector_format: str) -> None:
    path = tmp_path / f"o{vector_format}"
    write(path, boxes(2), wide_ids=True)
    assert sorted(map(int, read(path)[1]["class_id"])) == [(1 << 54) + 1, (1 << 54) + 2]


def test_attributes_are_carried_from_and_to_it(tmp_path: Path, vector_format: str) -> None:
    """Those of each polygon of the source, into a layer of the same format."""
    path = tmp_path / f"plots{vector_format}"
    _write_input(path, boxes(4), {"owner": np.array(["Ä", "B", None, "水"], object), "floors": np.arange(4) + 1})
    write(tmp_path / f"out{vector_format}", boxes(4), carried=LayerReference(str(path), "plots"))
    shapes, columns, _ = read(tmp_path / f"out{vector_format}")
    order = np.argsort(shapely.bounds(shapes)[:, 0])
    assert list(columns) == [*FIELDS, "owner", "floors"]
    assert [columns["owner"][place] or None for place in order] == ["Ä", "B", None, "水"]
    assert [int(columns["floors"][place]) for place in order] == [1, 2, 3, 4]


@pytest.mark.parametrize("count", [1, 2, 16, 17])
def test_layers_of_any_size_are_whole(tmp_path: Path, vector_format: str, count: int) -> None:
    write(tmp_path / f"o{vector_format}", boxes(count))
    assert len(read(tmp_path / f"o{vector_format}")[0]) == count


def test_a_layer_that_does_not_fit_leaves_the_one_that_was_there(
    tmp_path: Path, vector_format: str, largest_file: Limit
) -> None:
    path = tmp_path / f"o{vector_format}"
    write(path, boxes(900))
    size = max(part.stat().st_size for part in tmp_path.iterdir())
    left, before = names(tmp_path), path.read_bytes()
    for limit in (size - 60, size // 2, 0):
        with largest_file(limit), pytest.raises(OutputError, match="disk") as raised:
            write(path, boxes(900))
        assert "\n" not in str(raised.value)
        assert names(tmp_path) == left
        assert path.read_bytes() == before


def test_a_cancelled_layer_leaves_nothing(tmp_path: Path, vector_format: str) -> None:
    class Cancelling(Monitor):
        def check(self) -> None:
            self.cancel()
            super().check()

    with pytest.raises(JobCancelled):
        write(tmp_path / f"o{vector_format}", boxes(50), Cancelling())
    assert not names(tmp_path)


def _write_input(path: Path, shapes: NDArray[np.object_], columns: Columns, masks: Columns | None = None) -> None:
    """A layer as others write it, with NULL where a mask says so."""
    source = path if path.suffix != ".parquet" else path.with_name("source.gpkg")
    crs = UTM.to_wkt()
    if path.suffix == ".geojson":
        to_degrees = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
        shapes = shapely.transform(shapes, lambda p: np.stack(to_degrees.transform(p[:, 0], p[:, 1]), axis=1))
        crs = "EPSG:4326"
    options = {".fgb": {"SPATIAL_INDEX": "NO"}, ".shp": {"ENCODING": "UTF-8"}}.get(path.suffix, {})
    masked = [(masks or {}).get(name) for name in columns]
    raw.write(
        source, shapely.to_wkb(shapes), list(columns.values()), list(columns), field_mask=masked,
        geometry_type="Polygon", crs=crs, layer=path.stem if source.suffix == ".gpkg" else None,
        **options,
    )  # fmt: skip
    if source != path:
        how = {"reading": {"layer": path.stem}, "writing": {"driver": "Parquet"}}
        copy_process._copy(str(source), str(path), json.dumps(how))
        source.unlink()


@pytest.mark.parametrize("size", [7, 1000])
def test_batches_hold_what_was_written(
    tmp_path: Path, vector_format: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fields of many types, some of them NULL here and there, and two features without a geometry."""
    monkeypatch.setattr(reader, "BATCH", size)
    rng, count = np.random.default_rng(0), 30
    days = np.array(["2024-02-29", "1969-12-31"], "M8[D]")
    null = np.arange(count) % 7 == 0
    columns = {
        "small": rng.integers(-9, 9, count).astype(np.int16),
        "whole": rng.integers(-(2**40), 2**40, count),
        "gaps": rng.integers(0, 9, count).astype(np.int32),
        "single": rng.normal(size=count).astype(np.float32),
        "real": np.where(null, np.nan, rng.normal(size=count)),
        "yes": rng.integers(0, 2, count).astype(bool),
        "text": np.array([None if n else f"Straße {i}" for i, n in enumerate(null)], object),
        "day": days[rng.integers(0, 2, count)],
    }
    shapes = boxes(count)
    shapes[[3, 20]] = None
    path = tmp_path / f"layer{vector_format}"
    _write_input(path, shapes, columns, {"gaps": null})
    batches = list(layer_batches(str(path), "layer"))
    if vector_format != ".parquet":  # whose groups of rows are batches
        assert max(len(batch.wkb) for batch in batches) == min(size, count)
    assert list(batches[0].columns) == layer_info(str(path), "layer").fields == list(columns)
    found = shapely.from_wkb(np.concatenate([batch.wkb for batch in batches]))
    np.testing.assert_array_equal(shapely.is_missing(found), shapely.is_missing(shapes))
    for name, expected in columns.items():
        values = np.ma.concatenate([batch.columns[name] for batch in batches])
        if name == "gaps":
            assert values.dtype.kind == "i"
            np.testing.assert_array_equal(np.ma.getmaskarray(values), null)
            np.testing.assert_array_equal(values.compressed(), expected[~null])
        elif name == "text":
            assert [value or None for value in values] == expected.tolist()
        elif expected.dtype.kind == "f":
            np.testing.assert_allclose(np.ma.filled(values.astype(float), np.nan), expected, rtol=1e-6)
        else:
            np.testing.assert_array_equal(np.ma.getdata(values).astype(expected.dtype), expected, err_msg=name)


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (np.array([1 << 54, (1 << 54) + 1, -1, 0]), [(-1, "class -1"), (1 << 54, None), ((1 << 54) + 1, None)]),
        (np.array([True, False, True, False]), [(0, "false"), (1, "true")]),
        (np.array(["Dach", "Wald, licht", "東", ""], object), [(1, "Dach"), (2, "Wald, licht"), (3, "東")]),
    ],
    ids=["wide", "boolean", "text"],
)
def test_values_of_its_fields_are_classes(
    tmp_path: Path, vector_format: str, values: NDArray[Any], classes: list[tuple[int, str | None]]
) -> None:
    """The last feature has no class: its field is NULL."""
    path = tmp_path / f"layer{vector_format}"
    _write_input(path, boxes(4), {"kind": values}, {"kind": np.arange(4) == 3})
    grid = Grid(Affine(0.5, 0, 500000, 0, -0.5, 5000002), UTM, 8, 24)
    coarse = read_coarse_map(str(path), "kind", "no", False, grid, tmp_path, Monitor())
    found = [(c.id, c.name) for c in coarse.classes]
    assert [ident for ident, _ in found] == [ident for ident, _ in classes]
    assert all(name == wanted for (_, name), (_, wanted) in zip(found, classes, strict=True) if wanted)
