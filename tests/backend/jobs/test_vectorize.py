"""The job `vectorize`: layers, fields and styles; masks and confidence; errors and cancelling."""

from __future__ import annotations

import json
import sqlite3
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from pyogrio import raw
from pyproj import CRS, Transformer
from rasterio.enums import ColorInterp

from idgbr.errors import InputError, JobCancelled, OutputError
from idgbr.jobs.vectorize import run_vectorize
from idgbr.monitor import Monitor
from idgbr.parameters import VectorizeParameters
from idgbr.polygonize import VectorOptions, vectorize
from tests.backend.jobs.vectorize_files import CLASSES, UTM, Recorder, read, run, sample, write_raster
from tests.backend.raster.flaky_server import serving


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_shapes_fields_crs_and_style(tmp_path: Path, suffix: str) -> None:
    source = write_raster(tmp_path / "classes.tif", sample(), classes=CLASSES)
    confidence = np.where(sample() == 1, 0.75, 0.5).astype(np.float32)
    certain = write_raster(tmp_path / "confidence.tif", confidence, nodata=-1)
    output, monitor = tmp_path / f"Größe 1{suffix}", Recorder()
    result = run(source, output, monitor, confidence=str(certain), simplify=0.0)
    assert result["outputs"] == {"OUTPUT": str(output)}
    assert result["summary"]["polygons"] == 2  # type: ignore[index]
    shapes, data, meta = read(output)
    assert list(data) == ["class_id", "class", "confidence", "area_m2", "perim_m"]
    by_id = {int(i): k for k, i in enumerate(data["class_id"])}
    assert data["class"][by_id[2]] == "Grünfläche & Wald"
    assert data["confidence"].astype(float)[by_id[1]] == pytest.approx(0.75, abs=1e-4)
    if suffix == ".geojson":
        assert CRS(meta["crs"]).equals(CRS("EPSG:4326"))
        assert any("WGS 84" in line for line in monitor.said)
        to_utm = Transformer.from_crs("EPSG:4326", "EPSG:32632", always_xy=True)
        shapes = shapely.transform(shapes, lambda p: np.stack(to_utm.transform(p[:, 0], p[:, 1]), axis=1))
    else:
        assert CRS(meta["crs"]).to_epsg() == 32632
    want = shapely.box(500_005, 5_399_985, 500_020, 5_399_995).difference(
        shapely.box(500_007.5, 5_399_990, 500_010, 5_399_992.5)
    )
    assert shapes[by_id[1]].symmetric_difference(want).area < 1e-3
    assert data["area_m2"][by_id[1]] == pytest.approx(want.area, rel=2e-3)  # UTM's scale is 0.9996.
    if suffix == ".gpkg":
        with sqlite3.connect(output) as connection:
            name, qml, default = connection.execute(
                "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles"
            ).fetchone()
        assert name == output.stem
        assert default == 1
    else:
        qml = output.with_suffix(".qml").read_text(encoding="utf-8")
    categories = ET.fromstring(qml[qml.index("<qgis") :]).findall(".//category")
    assert [(c.get("value"), c.get("label")) for c in categories] == [("1", "building"), ("2", "Grünfläche & Wald")]
    left = {p.name for p in tmp_path.iterdir() if p.name.startswith(".")}
    assert not left


def test_nothing_to_draw_makes_an_empty_layer_and_says_so(tmp_path: Path) -> None:
    source = write_raster(tmp_path / "classes.tif", np.zeros((9, 9), np.uint8), classes=CLASSES)
    monitor = Recorder()
    assert run(source, tmp_path / "out.gpkg", monitor)["summary"]["polygons"] == 0  # type: ignore[index]
    assert pyogrio.read_info(tmp_path / "out.gpkg", layer="out", force_feature_count=True)["features"] == 0
    assert any("empty" in line for line in monitor.said)


def test_minimum_area_is_in_square_metres(tmp_path: Path) -> None:
    values = sample()
    values[40, 70] = 1
    source = write_raster(tmp_path / "classes.tif", values, classes=CLASSES)
    run(source, tmp_path / "out.gpkg", simplify=0.0, min_area=7.0)
    shapes, _, _ = read(tmp_path / "out.gpkg")
    assert sorted(shapely.area(shapes)) == pytest.approx([150.0, 200.0])  # The hole of 6.25 m² and the speck are gone.


def test_strip_height_gives_equal_layers(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 3, (300, 120), dtype=np.uint8).repeat(2, axis=0).repeat(2, axis=1)
    values[rng.random(values.shape) < 0.02] = 255
    source = write_raster(tmp_path / "classes.tif", values, classes=CLASSES)
    certain = write_raster(tmp_path / "confidence.tif", rng.random(values.shape, np.float32), nodata=-1)
    layers = []
    for rows in (64, 200, None):
        output = tmp_path / f"out{rows}.gpkg"
        options = VectorOptions(min_area_m2=1.5, strip_rows=rows)
        vectorize(source, output, confidence_path=certain, options=options)
        _, _, geometry, data = raw.read(output, layer=output.stem)
        layers.append((list(geometry), [list(d) for d in data]))
    assert layers[0] == layers[1] == layers[2]
    assert len(layers[0][0]) > 100


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32"])
@pytest.mark.parametrize("how", ["mask", "alpha", "nodata"])
def test_masked_ground_gets_no_polygons_and_counts_in_no_mean(tmp_path: Path, how: str, dtype: str) -> None:
    """A mask, an alpha band or a nodata value, of the classes and of the confidence, are all the same."""
    values = np.ones((60, 80), dtype)
    values[:, 40:] = 2
    known = np.full((60, 80), 255, np.uint8)
    known[45:] = 0
    share = np.full((60, 80), 0.8, np.float32)
    sure = known.copy()
    sure[:, 60:] = 0
    source = write_known(tmp_path / "classes.tif", values, known, how)
    certain = write_known(tmp_path / "confidence.tif", share, sure, how)
    monitor = Recorder()
    run(source, tmp_path / "out.gpkg", monitor, simplify=0.0, confidence=str(certain))
    shapes, data, _ = read(tmp_path / "out.gpkg")
    assert shapely.area(shapes).sum() == 45 * 80 * 0.25
    assert data["class_id"].tolist() == [1, 2]
    assert data["confidence"] == pytest.approx([0.8, 0.8])
    reason = {"mask": "mask band", "alpha": "alpha band", "nodata": "nodata 0"}[how]
    assert [line.rpartition("/")[2] for line in monitor.said] == [
        f"classes.tif: 25 % of the area has no class ({reason}); it gets no polygons."
    ]


def write_known(path: Path, values: np.ndarray, known: np.ndarray, how: str) -> Path:
    """Write a raster that has data where `known` is not 0, and 0 elsewhere."""
    data = [np.where(known > 0, values, 0).astype(values.dtype)]
    if how == "alpha":
        data.append(known.astype(values.dtype))
    form = {"driver": "GTiff", "count": len(data), "height": 60, "width": 80, "dtype": values.dtype}
    more = {"nodata": 0} if how == "nodata" else {}
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(
        path, "w", crs="EPSG:32632", transform=UTM, photometric="MINISBLACK", **form, **more
    ) as raster:  # fmt: skip
        if how == "alpha":
            raster.colorinterp = [ColorInterp.gray, ColorInterp.alpha]
        raster.write(np.stack(data))
        if how == "mask":
            raster.write_mask(known)
    return path


def test_inputs_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    good = write_raster(tmp_path / "classes.tif", sample())
    floats = write_raster(tmp_path / "floats.tif", sample().astype(np.float32) / 2)
    small = write_raster(tmp_path / "small.tif", sample()[:9].astype(np.float32))
    (tmp_path / "text.tif").write_text("no raster")
    for source, message in (
        ("missing.tif", "no such file"),
        ("text.tif", "cannot open it as a raster"),
        (floats.name, "fractions"),
    ):
        with pytest.raises(InputError, match=message) as error:
            run(tmp_path / source, tmp_path / "out.gpkg")
        assert source in str(error.value)
        assert "\n" not in str(error.value)
    with pytest.raises(InputError, match="same size"):
        run(good, tmp_path / "out.gpkg", confidence=str(small))
    with pytest.raises(InputError, match="min_area"):
        run(good, tmp_path / "out.gpkg", min_area=-1.0)
    assert not (tmp_path / "out.gpkg").exists()


def test_outputs_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    source = write_raster(tmp_path / "classes.tif", sample())
    (tmp_path / "open.gpkg").touch()
    (tmp_path / "open.gpkg-wal").touch()
    (tmp_path / "folder.gpkg").mkdir()
    cases = {
        "out.xyz": "unknown format",
        "none/out.gpkg": "does not exist",
        "open.gpkg": "another program has just begun to write it",
        "folder.gpkg": "folder",
    }
    for name, message in cases.items():
        with pytest.raises(OutputError, match=message) as error:
            run(source, tmp_path / name)
        assert "\n" not in str(error.value)


def test_cancel_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    source = write_raster(tmp_path / "classes.tif", sample())
    output = tmp_path / "out.shp"
    run(source, output)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(JobCancelled):
        run(source, output, Recorder(cancel=True))
    with pytest.raises(JobCancelled):
        run(source, tmp_path / "new.gpkg", Recorder(cancel=True))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_full_disk_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_raster(tmp_path / "classes.tif", sample())
    output = tmp_path / "out.gpkg"
    run(source, output)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("idgbr.layers.writer_thread.raw.write_arrow", full)
    with pytest.raises(OutputError, match=r"out\.gpkg: .*No space left on device"):
        run(source, output)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_geojson_is_what_the_standard_says(tmp_path: Path) -> None:
    source = write_raster(tmp_path / "classes.tif", sample(), classes=CLASSES)
    run(source, tmp_path / "out.geojson")
    collection = json.loads((tmp_path / "out.geojson").read_text())
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    x, y = collection["features"][0]["geometry"]["coordinates"][0][0]
    assert 8 < x < 10
    assert 48 < y < 49


def test_a_class_raster_on_a_web_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given by its address, or by GDAL's name for that."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    path = write_raster(tmp_path / "classes.tif", sample(), classes=CLASSES)
    run_vectorize(VectorizeParameters(str(path), str(tmp_path / "local.gpkg")), Monitor())
    with serving(tmp_path) as server:
        address = f"{server.address}/classes.tif"
        for name, given in (("address", address), ("vsi", f"/vsicurl/{address}")):
            run_vectorize(VectorizeParameters(given, str(tmp_path / f"{name}.gpkg")), Monitor())
        with pytest.raises(InputError, match=r"nothing\.tif: GDAL cannot open it as a raster .*; check the address"):
            run_vectorize(VectorizeParameters(f"{server.address}/nothing.tif", str(tmp_path / "none.gpkg")), Monitor())
    expected = read(tmp_path / "local.gpkg")
    for name in ("address", "vsi"):
        shapes, fields, _ = read(tmp_path / f"{name}.gpkg")
        assert shapely.equals_exact(shapes, expected[0]).all()
        assert list(fields["class"]) == list(expected[1]["class"])


@pytest.mark.parametrize(
    ("value", "place", "crs", "message"),
    [
        (0.8, UTM, "EPSG:32633", None),
        (0.8, UTM * Affine.translation(0.4, -0.4), "EPSG:32633", None),
        (0.8, UTM, None, None),
        (0.8, Affine.identity(), None, None),
        (0.8, UTM * Affine.translation(0, 1), "EPSG:32633", "does not cover the same ground"),
        (0.8, UTM, "EPSG:32632", "does not cover the same ground"),
        (80, UTM, "EPSG:32633", "holds 80, a confidence raster holds 0 to 1"),
        (-9999, UTM, "EPSG:32633", "holds -9999, a confidence raster holds 0 to 1"),
    ],
)
def test_a_confidence_raster_is_that_of_the_classes(
    tmp_path: Path, value: float, place: Affine, crs: str | None, message: str | None
) -> None:
    def make(name: str, values: np.ndarray, transform: Affine, crs: str | None) -> str:
        profile = {"driver": "GTiff", "count": 1, "height": 8, "width": 8, "dtype": values.dtype}
        with rasterio.open(tmp_path / name, "w", crs=crs, transform=transform, **profile) as out:
            out.write(values, 1)
        return str(tmp_path / name)

    classes = make("classes.tif", np.ones((8, 8), np.uint8), UTM, "EPSG:32633")
    confidence = make("c.tif", np.full((8, 8), value, np.float32), place, crs)
    job = VectorizeParameters(classes, str(tmp_path / "o.gpkg"), confidence=confidence)
    if message:
        with pytest.raises(InputError, match=rf"c\.tif:? {message}"):
            run_vectorize(job, Monitor())
        return
    run_vectorize(job, Monitor())
    meta, _, _, columns = raw.read(tmp_path / "o.gpkg", layer="o")
    assert columns[list(meta["fields"]).index("confidence")].tolist() == [pytest.approx(0.8)]
