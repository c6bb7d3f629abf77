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
from pyproj import CRS, Geod, Transformer
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp

from idgbr.classes import CLASSES_TAG, ClassInfo, classes_to_json
from idgbr.errors import InputError, JobCancelled, OutputError
from idgbr.jobs.vectorize import run_vectorize
from idgbr.monitor import Monitor
from idgbr.parameters import VectorizeParameters
from idgbr.polygonize import VectorOptions, vectorize
from tests.backend.raster.flaky_server import serving

UTM = Affine(0.5, 0, 500_000, 0, -0.5, 5_400_000)
CLASSES = [
    ClassInfo(0, "background", (0, 0, 0), background=True),
    ClassInfo(1, "building", (200, 30, 30)),
    ClassInfo(2, "Grünfläche & Wald", (30, 160, 60)),
]


class Recorder(Monitor):
    """Keeps what it is told, and cancels when progress comes by."""

    def __init__(self, *, cancel: bool = False) -> None:
        super().__init__()
        self.said: list[str] = []
        self.done: list[float] = []
        self._cancel_at_progress = cancel

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        assert stage == "vectorize"
        assert 0 <= done <= total
        self.done.append(done)
        if self._cancel_at_progress:
            self.cancel()

    def info(self, message: str) -> None:
        self.said.append(message)

    warn = info


def write_raster(
    path: Path,
    values: np.ndarray,
    *,
    transform: Affine = UTM,
    crs: str | None = "EPSG:32632",
    nodata: float | None = None,
    classes: list[ClassInfo] | None = None,
) -> Path:
    profile = {"driver": "GTiff", "count": 1, "height": values.shape[0], "width": values.shape[1], "nodata": nodata}
    with rasterio.open(path, "w", dtype=values.dtype, crs=crs, transform=transform, **profile) as raster:
        raster.write(values, 1)
        if classes:
            raster.update_tags(**{CLASSES_TAG: classes_to_json(classes)})
    return path


def sample() -> np.ndarray:
    values = np.zeros((60, 80), np.uint8)
    values[10:30, 10:40] = 1
    values[30:50, 20:60] = 2
    values[15:20, 15:20] = 0
    values[0:5, 60:80] = 255
    return values


def read(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, object]]:
    meta, _, geometry, data = raw.read(path, layer=path.stem if path.suffix == ".gpkg" else None)
    return shapely.from_wkb(geometry), dict(zip(meta["fields"], data, strict=True)), meta


def run(source: Path, output: Path, monitor: Monitor | None = None, **options: object) -> dict[str, object]:
    return run_vectorize(VectorizeParameters(str(source), str(output), **options), monitor or Monitor())  # type: ignore[arg-type]


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


def test_rotated_raster_lands_on_the_right_place(tmp_path: Path) -> None:
    transform = Affine.translation(500_000, 5_400_000) @ Affine.rotation(30) @ Affine.scale(0.5, -0.5)
    source = write_raster(tmp_path / "classes.tif", sample(), transform=transform, classes=CLASSES)
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    shapes, data, _ = read(tmp_path / "out.gpkg")
    corners = [transform @ p for p in ((20, 30), (60, 30), (60, 50), (20, 50))]
    assert shapes[list(data["class_id"]).index(2)].symmetric_difference(shapely.Polygon(corners)).area < 1e-6
    assert all(s.exterior.is_ccw for s in shapes)


def test_geographic_raster_is_measured_on_the_ellipsoid(tmp_path: Path) -> None:
    transform = Affine(1e-5, 0, 11.0, 0, -1e-5, 48.0)
    source = write_raster(tmp_path / "classes.tif", sample(), transform=transform, crs="EPSG:4326", classes=CLASSES)
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    shapes, data, _ = read(tmp_path / "out.gpkg")
    for shape, area, perimeter in zip(shapes, data["area_m2"], data["perim_m"], strict=True):
        geod = Geod(ellps="WGS84")
        want_area = geod.geometry_area_perimeter(shape)[0]
        want_perimeter = sum(geod.geometry_length(ring) for ring in (shape.exterior, *shape.interiors))
        assert area == pytest.approx(abs(want_area), rel=1e-5)
        assert perimeter == pytest.approx(want_perimeter, rel=1e-5)


def test_large_polygons_are_measured_along_geodesics(tmp_path: Path) -> None:
    values = np.ones((40, 60), np.uint8)
    transform = Affine(0.25, 0, 0.0, 0, -0.25, 60.0)
    source = write_raster(tmp_path / "classes.tif", values, transform=transform, crs="EPSG:4326")
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    shapes, data, _ = read(tmp_path / "out.gpkg")
    assert data["area_m2"][0] == pytest.approx(abs(Geod(ellps="WGS84").geometry_area_perimeter(shapes[0])[0]), rel=1e-9)


def test_raster_without_crs_is_measured_in_its_plane(tmp_path: Path) -> None:
    source = write_raster(tmp_path / "classes.tif", sample(), crs=None, classes=CLASSES)
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    _, data, _ = read(tmp_path / "out.gpkg")
    assert sorted(zip(data["area_m2"], data["perim_m"], strict=True)) == [(143.75, 60.0), (200.0, 60.0)]
    assert np.isnan(data["confidence"].astype(float)).all()


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


def test_classes_of_a_foreign_raster(tmp_path: Path) -> None:
    # A mask of 0 and 255 with nodata 0 has one class, 255; a colour table gives colours.
    values = np.where(sample() == 1, 255, 0).astype(np.uint8)
    source = write_raster(tmp_path / "mask.tif", values, nodata=0)
    run(source, tmp_path / "out.gpkg")
    _, data, _ = read(tmp_path / "out.gpkg")
    assert [*data["class"]] == ["class 255"]
    with rasterio.open(source, "r+") as raster:
        raster.write_colormap(1, {0: (0, 0, 0), 255: (1, 2, 3)})
    run(source, tmp_path / "out.shp")
    assert "1,2,3,90" in (tmp_path / "out.qml").read_text()


WIDE = 410_370_000_000_012_345


@pytest.mark.parametrize(
    ("dtype", "codes", "nodata"),
    [
        ("int8", (-128, -5, 7), -128),
        ("int16", (-1, 1, 311), -1),
        ("uint16", (999, 112, 65535), 999),
        ("int32", (-(2**31), 2**31 - 1, 5), -(2**31)),
        ("uint32", (0, 2**32 - 1, 2**31 + 1), 0),
        ("int64", (0, WIDE, WIDE + 1), 0),
        ("int64", (5, 1 - 10**17, 10**18 - 1), 5),
        ("uint64", (0, 2**53 + 1, 10**18 - 1), 0),
        ("float32", (np.nan, 1, 311), None),
        ("float64", (-9999, 2.0**53, -3), -9999),
    ],
)
def test_codes_of_any_type_are_the_ids_of_their_classes(
    tmp_path: Path, dtype: str, codes: tuple[float, ...], nodata: float | None
) -> None:
    """The first code stands for no data."""
    values = np.array(codes, dtype)[np.minimum(sample(), 3) % 3]
    source = write_raster(tmp_path / "classes.tif", values, nodata=nodata)
    run(source, tmp_path / "out.gpkg", simplify=0.0)
    _, data, _ = read(tmp_path / "out.gpkg")
    assert sorted(map(int, data["class_id"])) == sorted(map(int, codes[1:]))
    assert sorted(data["class"]) == sorted(f"class {int(code)}" for code in codes[1:])
    areas = dict(zip(map(int, data["class_id"]), data["area_m2"], strict=True))
    for code in codes[1:]:
        assert areas[int(code)] == pytest.approx(0.25 * np.count_nonzero(values == np.array(code, dtype)), rel=0.01)


@pytest.mark.parametrize(("suffix", "high"), [(".gpkg", 2**63 + 5), (".shp", 10**18), (".geojson", 2**63 - 1)])
def test_codes_that_the_format_cannot_hold_are_counted_and_named(tmp_path: Path, suffix: str, high: int) -> None:
    values = np.array([0, 2, high], np.uint64)[np.minimum(sample(), 3) % 3]
    monitor = Recorder()
    run(write_raster(tmp_path / "classes.tif", values, nodata=0), tmp_path / f"out{suffix}", monitor)
    _, data, _ = read(tmp_path / f"out{suffix}")
    assert sorted(zip(data["class_id"], data["class"], strict=True)) == [(1, "class 2"), (2, f"class {high}")]
    assert any("classes are numbered from 1" in line for line in monitor.said)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_geopackages_hold_all_codes_of_64_bits(tmp_path: Path, suffix: str) -> None:
    values = np.array([0, -(2**63), 2**63 - 1])[np.minimum(sample(), 3) % 3]
    run(write_raster(tmp_path / "classes.tif", values, nodata=0), tmp_path / f"out{suffix}")
    assert sorted(read(tmp_path / f"out{suffix}")[1]["class_id"]) == [-(2**63), 2**63 - 1]


def test_shapefiles_hold_codes_of_18_digits(tmp_path: Path) -> None:
    values = np.array([0, WIDE, WIDE + 1])[np.minimum(sample(), 3) % 3]
    run(write_raster(tmp_path / "classes.tif", values, nodata=0), tmp_path / "out.shp")
    assert sorted(read(tmp_path / "out.shp")[1]["class_id"]) == [WIDE, WIDE + 1]
    assert f'value="{WIDE}"' in (tmp_path / "out.qml").read_text()
    assert 'type="longlong"' in (tmp_path / "out.qml").read_text()


def test_minus_one_is_no_class_where_no_nodata_is_declared(tmp_path: Path) -> None:
    values = np.array([-1, 1, 2], np.int16)[np.minimum(sample(), 3) % 3]
    monitor = Recorder()
    run(write_raster(tmp_path / "classes.tif", values), tmp_path / "out.gpkg", monitor)
    assert set(read(tmp_path / "out.gpkg")[1]["class_id"]) == {1, 2}
    assert any("-1 counts as no class" in line for line in monitor.said)
    run(write_raster(tmp_path / "declared.tif", values, nodata=2), tmp_path / "other.gpkg")
    assert set(read(tmp_path / "other.gpkg")[1]["class_id"]) == {-1, 1}


def test_more_than_255_classes_are_counted_and_refused(tmp_path: Path) -> None:
    values = np.arange(4800, dtype=np.int32).reshape(60, 80)
    for count, message in ((256, "has 256 classes, 255 at most"), (4800, "has 4800 classes")):
        bad = write_raster(tmp_path / "many.tif", values % count * 3)
        with pytest.raises(InputError, match=rf"many\.tif: {message}"):
            run(bad, tmp_path / "out.gpkg")
    run(write_raster(tmp_path / "most.tif", values % 255 * 3), tmp_path / "out.gpkg", simplify=0.0)
    assert set(read(tmp_path / "out.gpkg")[1]["class_id"]) == set(range(0, 765, 3))


@pytest.mark.parametrize(("value", "message"), [(0.5, "holds fractions such as 0.5"), (1e30, "no class code of up to")])
def test_floats_that_are_no_codes_are_refused(tmp_path: Path, value: float, message: str) -> None:
    values = sample().astype(np.float32)
    values[12, 12] = value
    with pytest.raises(InputError, match=message):
        run(write_raster(tmp_path / "floats.tif", values), tmp_path / "out.gpkg")


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


def vectorized(path: Path, **options: object) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, object], list[str]]:
    """Polygons, fields, what the layer says of itself, and what the user was told."""
    told = Recorder()
    layer = path.with_suffix(".gpkg")
    run_vectorize(VectorizeParameters(str(path), str(layer), simplify=0, **options), told)
    return *read(layer), told.said


def test_classes_placed_by_control_points(tmp_path: Path) -> None:
    corners = [
        GroundControlPoint(row=r, col=c, x=412000 + 0.5 * c, y=5330000 - 0.5 * r) for r in (0, 60) for c in (0, 80)
    ]
    values = np.ones((60, 80), np.uint8)
    values[10:30, 10:40] = 2
    profile = {"driver": "GTiff", "count": 1, "height": 60, "width": 80, "dtype": "uint8"}
    with rasterio.open(tmp_path / "c.tif", "w", gcps=corners, crs="EPSG:32632", **profile) as raster:
        raster.write(values, 1)
    shapes, fields, meta, said = vectorized(tmp_path / "c.tif")
    assert meta["crs"] == "EPSG:32632"
    assert shapely.total_bounds(shapes) == pytest.approx([412000, 5329970, 412040, 5330000])
    assert fields["area_m2"][fields["class_id"] == 2] == pytest.approx([150], rel=0.005)
    assert said == [f"{tmp_path / 'c.tif'}: its 4 ground control points locate it, as in QGIS."]


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_picture_is_drawn_where_qgis_shows_it(tmp_path: Path) -> None:
    values = np.zeros((60, 80), np.uint8)
    values[10:30, 10:40] = 2
    with rasterio.open(tmp_path / "c.png", "w", driver="PNG", count=1, height=60, width=80, dtype="uint8") as raster:
        raster.write(values, 1)
    shapes, fields, _, said = vectorized(tmp_path / "c.png")
    two = fields["class_id"] == 2
    assert shapely.bounds(shapes[two]).tolist() == [[10, -30, 40, -10]]
    assert fields["area_m2"][two].tolist() == [600]
    assert len(said) == 1
    assert "has no georeference; its rows go down from y = 0" in said[0]
    assert "a pixel counts as 1 m" in said[0]


@pytest.mark.parametrize(
    ("crs", "size", "pixel_m2"),
    [
        ('LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["foot",0.3048]]', 2.0, (2 * 0.3048) ** 2),
        ("EPSG:4807", 4e-6, 0.4**2 * np.cos(np.radians(45.9))),  # grads: 0.4 m of latitude, 51 grads north
        ("IAU_2015:30100", 1e-5, 0.30323**2 * np.cos(np.radians(51))),  # the Moon
    ],
    ids=["local", "grads", "Moon"],
)
def test_areas_and_minimum_area_in_other_systems(tmp_path: Path, crs: str, size: float, pixel_m2: float) -> None:
    values = np.full((60, 80), 1, np.uint8)
    values[10:30, 10:40] = 2
    values[40:44, 50:54] = 3
    raster = write_raster(tmp_path / "c.tif", values, crs=crs, transform=Affine(size, 0, 2, 0, -size, 51))
    _, fields, _, _ = vectorized(raster, min_area=16 * pixel_m2 * 0.99)
    assert fields["area_m2"][fields["class_id"] == 2] == pytest.approx([600 * pixel_m2], rel=0.005)
    assert fields["perim_m"][fields["class_id"] == 2][0] > 0
    assert set(fields["class_id"]) == {1, 2, 3}
    raster.with_suffix(".gpkg").unlink()
    _, fields, _, _ = vectorized(raster, min_area=16 * pixel_m2 * 1.01)
    assert set(fields["class_id"]) == {1, 2}


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
