"""Refinement of maps that the user brings, through the real pipeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from idgbr.classes import CLASSES_TAG
from idgbr.errors import IdgbrError, InputError, JobCancelled, OutputError
from idgbr.monitor import Monitor
from idgbr.pipeline.map_values import value_type
from idgbr.raster.class_table import read_class_table, write_category_names
from idgbr.refiner.acceptance import boundaries, dilate
from idgbr.run import run_job
from idgbr.scenes import write_scene
from tests.backend.conftest import SceneFiles
from tests.backend.jobs.stand_ins import TRANSFORM, Shifting

BAND = 8


class Listener(Monitor):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.infos: list[str] = []
        self.warnings: list[str] = []

    def info(self, message: str) -> None:
        self.infos.append(message)

    def warn(self, message: str) -> None:
        self.warnings.append(message)


@pytest.fixture
def shifting(monkeypatch: pytest.MonkeyPatch) -> None:
    """All boundaries move by three pixels: 1.5 m. Once, as no coarser grid comes before, though the map is doubted."""
    monkeypatch.setattr("idgbr.jobs.refine.Refiner", Shifting)
    monkeypatch.setattr("idgbr.pipeline.label_map.VERY_ROUGH", np.inf)


def write(path: Path, data: np.ndarray, colors: dict[int, Any] | None = None, **profile: object) -> str:
    """Write (bands, H, W) or (H, W) in UTM at half a metre."""
    bands = data if data.ndim == 3 else data[None]
    profile = {"crs": "EPSG:32633", "transform": TRANSFORM} | profile
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands), dtype=bands.dtype,
        **profile,
    ) as out:  # fmt: skip
        out.write(bands)
        if colors:
            out.write_colormap(1, colors)
    return str(path)


@pytest.fixture
def image(tmp_path: Path) -> str:
    """A grey image of 200 × 240 pixels."""
    return write(tmp_path / "image.tif", np.full((3, 200, 240), 90, np.uint8))


def box(row0: float, row1: float, col0: float, col1: float) -> shapely.Polygon:
    """A rectangle by its rows and columns on the image."""
    return shapely.box(500000 + col0 / 2, 5000000 - row1 / 2, 500000 + col1 / 2, 5000000 - row0 / 2)


def write_layer(path: Path, shapes: list[shapely.Geometry], **fields: np.ndarray) -> str:
    pyogrio.raw.write(
        path, shapely.to_wkb(shapes), list(fields.values()), list(fields), geometry_type="Polygon", crs="EPSG:32633"
    )
    return str(path)


def run(monitor: Monitor | None = None, **parameters: object) -> dict[str, Any]:
    """Run the job on the CPU; returns its summary."""
    return run_job("refine", {"device": "cpu", **parameters}, monitor or Monitor())["summary"]


def features(path: Path) -> list[dict[str, Any]]:
    """Features of the layer by field, geometry under "shape"."""
    meta, _, wkb, columns = pyogrio.raw.read(path, layer=path.stem)
    rows = zip(shapely.from_wkb(wkb), *columns, strict=True)
    return [dict(zip(["shape", *meta["fields"]], row, strict=True)) for row in rows]


def read(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        return raster.read(1)


@pytest.mark.usefixtures("shifting")
def test_class_raster_keeps_values_colours_names_and_grid(image: str, tmp_path: Path) -> None:
    values = np.full((200, 240), 300, np.uint16)
    values[50:150, 60:160] = 4000
    values[:20] = 7  # nodata
    colors = {300: (1, 2, 3, 255), 4000: (40, 50, 60, 255), 9: (7, 7, 7, 255)}
    coarse = write(tmp_path / "coarse.tif", values, colors, nodata=7)
    with rasterio.open(coarse) as raster:
        names = read_class_table(raster, Path(coarse))
    write_category_names(Path(coarse), [])
    (tmp_path / "coarse.tif.aux.xml").write_text(
        '<PAMDataset><PAMRasterBand band="1"><CategoryNames>'
        + "".join(f"<Category>{'meadow' if i == 300 else ''}</Category>" for i in range(301))
        + "</CategoryNames></PAMRasterBand></PAMDataset>"
    )
    assert names[300].name == "class 300"
    output, classes = tmp_path / "out.gpkg", tmp_path / "classes.tif"
    summary = run(input=image, coarse=coarse, output=str(output), output_classes=str(classes), band_width=BAND)
    with rasterio.open(classes) as raster:
        found = raster.read(1)
        assert raster.dtypes[0] == "uint16"
        assert raster.nodata == 7
        assert raster.transform == TRANSFORM
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        table = raster.colormap(1)
        assert [table[i][:3] for i in (300, 4000, 9)] == [(1, 2, 3), (40, 50, 60), (7, 7, 7)]
        assert json.loads(raster.tags()[CLASSES_TAG])[0]["name"] == "meadow"
        assert read_class_table(raster, classes)[300].name == "meadow"
    expected = values.copy()
    expected[50:150, 60:163] = 300
    expected[50:150, 63:163] = 4000
    np.testing.assert_array_equal(found, expected)
    rows = features(output)
    assert sorted((r["class_id"], r["class"]) for r in rows) == [(300, "meadow"), (4000, "class 4000")]
    assert list(rows[0])[1:] == ["class_id", "class", "confidence", "area_m2", "perim_m", "moved_m"]
    assert summary["changed_pixels"] == 600
    assert [(c["from_id"], c["to_id"], c["pixels"]) for c in summary["changes"]] == [
        (300, 4000, 300), (4000, 300, 300),
    ]  # fmt: skip
    assert summary["unclassified_pixels"] == 20 * 240


@pytest.mark.usefixtures("shifting")
@pytest.mark.parametrize(
    ("codes", "dtype"),
    [((112, 311), "uint16"), ((-5, 311), "int16"), ((2**53 + 1, 2**53 + 2), "int64"), ((1, 2**64 - 2), "uint64")],
)
def test_wide_codes_come_back_in_the_raster_and_the_layer(
    image: str, tmp_path: Path, codes: tuple[int, int], dtype: str
) -> None:
    values = np.full((200, 240), codes[0], dtype)
    values[:, 120:] = np.array(codes[1], dtype)
    coarse = write(tmp_path / "coarse.tif", values)
    out, classes = tmp_path / "out.gpkg", tmp_path / "classes.tif"
    listener = Listener()
    run_job("refine", {"input": image, "coarse": coarse, "output": str(out), "output_classes": str(classes)}, listener)
    with rasterio.open(classes) as raster:
        found = raster.read(1)
        assert raster.dtypes[0] == dtype
        assert not np.isin(raster.nodata, codes)
    moved = np.full((200, 240), codes[0], dtype)
    moved[:, 123:] = np.array(codes[1], dtype)
    np.testing.assert_array_equal(found, moved)
    meta, _, _, columns = pyogrio.raw.read(out, layer="out")
    data = dict(zip(meta["fields"], columns, strict=True))
    assert sorted(data["class"]) == sorted(f"class {code}" for code in codes)
    fits = codes[1] < 2**63
    assert sorted(data["class_id"].tolist()) == (sorted(codes) if fits else [1, 2])
    assert any("do not fit the field class_id" in line for line in listener.warnings) != fits


@pytest.mark.usefixtures("shifting")
def test_displacement_is_reported_for_each_polygon_and_in_all(image: str, tmp_path: Path) -> None:
    values = np.zeros((200, 240), np.uint8)
    values[50:150, 60:160] = 1
    coarse = write(tmp_path / "coarse.tif", values)
    summary = run(input=image, coarse=coarse, output=str(tmp_path / "out.gpkg"), simplify=0, band_width=BAND)
    # Two sides of four move by 1.5 m; near the corners the other sides are nearer.
    square = next(r for r in features(tmp_path / "out.gpkg") if r["class_id"] == 1)
    assert square["moved_m"] == pytest.approx(0.75, abs=0.05)
    assert summary["moved_share"] == pytest.approx(0.5, abs=0.02)
    assert summary["moved_mean_m"] == pytest.approx(0.75, abs=0.05)
    assert summary["moved_p95_m"] == pytest.approx(1.5, abs=0.02)


@pytest.mark.usefixtures("shifting")
def test_attributes_are_carried_where_one_object_is_one_polygon(image: str, tmp_path: Path) -> None:
    """Two houses far apart keep theirs; two of one class that touch become one polygon, which is neither."""
    shapes = [box(20, 60, 20, 60), box(100, 140, 30, 90), box(20, 60, 150, 190), box(20, 60, 190, 210)]
    coarse = write_layer(
        tmp_path / "houses.shp", shapes,
        owner=np.array(["Ä", "B", "C", "D"], object), floors=np.array([1, 2, 3, 4], np.int32),
        moved_m=np.array([0.5, 1.5, 2.5, 3.5]), built=np.array(["2001-02-03"] * 4, "datetime64[D]"),
    )  # fmt: skip
    for suffix in (".gpkg", ".shp"):
        output = tmp_path / f"out{suffix}"
        summary = run(input=image, coarse=coarse, output=str(output), band_width=BAND)
        rows = features(output)
        assert summary["polygons"] == len(rows) == 3
        assert list(rows[0])[6:] == ["moved_m", "owner", "floors", "moved_m_1", "built"]
        found = {r["owner"]: r for r in rows}
        assert set(found) == {"Ä", "B", None}
        assert found["Ä"]["floors"] == 1
        assert found["B"]["moved_m_1"] == 1.5
        assert str(found["B"]["built"])[:10] == "2001-02-03"
        assert found["B"]["moved_m"] > 0
        assert np.isnan(found[None]["floors"])


@pytest.mark.usefixtures("shifting")
def test_pieces_of_one_feature_keep_its_attributes(image: str, tmp_path: Path) -> None:
    """Halves of a bow-tie, islands of a multipolygon: one origin each, though none holds most of the feature."""
    x, y = 500000.0, 5000000.0
    tie = shapely.Polygon([(x + 10, y - 10), (x + 40, y - 40), (x + 40, y - 10), (x + 10, y - 40)])
    islands = shapely.MultiPolygon([box(120, 140, left, left + 20) for left in (20, 60, 100, 140)])
    coarse = write_layer(tmp_path / "plots.gpkg", [tie, islands], owner=np.array(["tie", "isles"], object))
    output = tmp_path / "out.gpkg"
    run(input=image, coarse=coarse, output=str(output), band_width=BAND)
    assert sorted(row["owner"] for row in features(output)) == ["isles"] * 4 + ["tie"] * 2


@pytest.mark.usefixtures("shifting")
def test_objects_move_against_the_background_which_gets_no_polygon(image: str, tmp_path: Path) -> None:
    coarse = write_layer(tmp_path / "houses.gpkg", [box(20, 60, 20, 60), box(100, 140, 30, 90)])
    output, classes = tmp_path / "out.gpkg", tmp_path / "classes.tif"
    run(input=image, coarse=coarse, output=str(output), output_classes=str(classes), simplify=0, band_width=BAND)
    rows = features(output)
    assert {r["class"] for r in rows} == {"object"}
    assert rows[0]["shape"].equals(box(20, 60, 23, 63))
    assert (read(classes)[20:60, 23:63] == 1).all()
    assert (read(classes) == 0).sum() == 200 * 240 - 1600 - 2400


@pytest.mark.usefixtures("shifting")
def test_class_field_and_extent_and_another_crs(image: str, tmp_path: Path) -> None:
    coarse = write_layer(
        tmp_path / "cover.gpkg", [box(0, 200, 0, 120), box(0, 200, 120, 240)], kind=np.array(["wood", "field"], object)
    )
    moved = tmp_path / "degrees.gpkg"
    _, _, wkb, columns = pyogrio.raw.read(coarse)
    shapes = shapely.transform(
        shapely.segmentize(shapely.from_wkb(wkb), 2),
        lambda p: np.column_stack(rasterio.warp.transform("EPSG:32633", "EPSG:4326", p[:, 0], p[:, 1])),
    )
    pyogrio.raw.write(moved, shapely.to_wkb(shapes), columns, ["kind"], geometry_type="Polygon", crs="EPSG:4326")
    output, classes = tmp_path / "out.gpkg", tmp_path / "classes.tif"
    summary = run(
        input=image, coarse=str(moved), class_field="kind", output=str(output), output_classes=str(classes),
        extent=[500040, 4999940, 500090, 4999990],
    )  # fmt: skip
    assert {r["class"] for r in features(output)} == {"wood", "field"}
    assert read(classes).shape == (100, 100)
    with rasterio.open(classes) as raster:
        assert raster.transform.c == 500040
    assert (read(classes)[:, 43:] == 1).all()
    assert (read(classes)[:, :43] == 2).all()
    assert {c["to"] for c in summary["changes"]} == {"wood"}


@pytest.mark.usefixtures("shifting")
def test_minimum_area_leaves_the_class_raster_alone(image: str, tmp_path: Path) -> None:
    values = np.zeros((200, 240), np.uint8)
    values[50:150, 60:160] = 1
    values[100:102, 200:202] = 1
    coarse = write(tmp_path / "coarse.tif", values)
    classes = tmp_path / "classes.tif"
    run(
        input=image, coarse=coarse, output=str(tmp_path / "out.gpkg"), output_classes=str(classes), min_area=10,
        band_width=BAND,
    )  # fmt: skip
    assert len(features(tmp_path / "out.gpkg")) == 2
    assert (read(classes)[100:102, 203:205] == 1).all()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A procedural scene with its truth, shifted by two pixels."""
    folder = tmp_path_factory.mktemp("scene")
    files = {name: folder / f"{name}.tif" for name in ("image", "truth", "coarse")}
    write_scene(files["image"], 400, 420, gsd_m=0.3, seed=2, truth_raster=files["truth"])
    with rasterio.open(files["truth"]) as truth, rasterio.open(files["coarse"], "w", **truth.profile) as coarse:
        coarse.write(np.roll(truth.read(1), 2, axis=1), 1)
        coarse.update_tags(**truth.tags())
    return files


def test_the_bundled_refiner_on_a_scene(scene: dict[str, Path], tmp_path: Path) -> None:
    """Outside the band all is as it was, tile sizes agree, no harm is done, and the polygons are a coverage."""
    results = []
    for tile in (192, 320, 480):
        classes, confidence = tmp_path / f"c{tile}.tif", tmp_path / f"p{tile}.tif"
        summary = run(
            input=str(scene["image"]), coarse=str(scene["coarse"]), output=str(tmp_path / "out.gpkg"), tile=tile,
            output_classes=str(classes), output_confidence=str(confidence),
        )  # fmt: skip
        results.append(read(classes))
    coarse, truth = read(scene["coarse"]), read(scene["truth"])
    band = dilate(boundaries(coarse), summary["band_width"])
    for found in results:
        np.testing.assert_array_equal(found[~band], coarse[~band])
        assert (found != results[0]).mean() < 2e-3
    assert (results[0] != truth).sum() < 1.02 * (coarse != truth).sum()
    surest = read(confidence)
    assert (surest[~band] == 1).all()
    assert 0 <= surest.min() < surest.max() <= 1
    shapes = np.array([r["shape"] for r in features(tmp_path / "out.gpkg")])
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(400 * 420 * 0.09, rel=1e-9)


@pytest.mark.usefixtures("shifting")
def test_crowded_tiles_and_odd_pixel_sizes_are_told_of(tmp_path: Path) -> None:
    values = np.arange(200 * 240).reshape(200, 240) // 200 % 40
    wide = TRANSFORM * Affine.scale(8)
    image = write(tmp_path / "image.tif", np.full((3, 200, 240), 90, np.uint8), transform=wide)
    coarse = write(tmp_path / "coarse.tif", values.astype(np.uint8), transform=wide)
    listener = Listener()
    run(listener, input=image, coarse=coarse, output=str(tmp_path / "out.gpkg"))
    assert any("1 of 1 tiles have more than 16 classes" in line for line in listener.warnings)
    assert any("ground sample distance is 4" in line for line in listener.warnings)


@pytest.mark.parametrize("stage", ["read", "refine", "vectorize"])
@pytest.mark.usefixtures("shifting")
def test_cancel_in_each_stage_leaves_at_most_the_job_folder(image: str, tmp_path: Path, stage: str) -> None:
    class Canceller(Monitor):
        def progress(self, now: str, done: float, total: float, message: str = "") -> None:
            if now == stage:
                self.cancel()

    coarse = write_layer(tmp_path / "houses.gpkg", [box(20, 60, 20, 60)])
    with pytest.raises(JobCancelled):
        run(Canceller(), input=image, coarse=coarse, output=str(tmp_path / "out.gpkg"), tile=96)
    left = {p.name for p in tmp_path.iterdir()} - {"houses.gpkg", "image.tif"}
    assert left == ({".out.gpkg.idgbr"} if stage == "vectorize" else set())


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"input": "/nowhere/x.tif"}, InputError, "x.tif: no such file"),
        ({"coarse": "/nowhere/c.tif"}, InputError, "c.tif: no such file"),
        ({"class_field": "sort"}, InputError, "no field 'sort'"),
        ({"extent": [0, 0, 1, 1]}, InputError, "does not overlap"),
        ({"output": "/nowhere/o.gpkg"}, OutputError, "/nowhere"),
        ({"output_classes": "c.png"}, OutputError, "c.png"),
        ({"band_width": 200}, InputError, "band_width is 200"),
        ({"background": "maybe"}, InputError, "auto, yes, no"),
        ({"steps": -1}, InputError, "steps"),
        ({"device": "cuda:9"}, IdgbrError, "cuda:9"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], kind: type, message: str
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    coarse = write_layer(tmp_path / "houses.gpkg", [box(20, 60, 20, 60)])
    with pytest.raises(kind, match=message) as raised:
        run(**({"input": image, "coarse": coarse, "output": "o.gpkg"} | change))
    assert "\n" not in str(raised.value)
    assert not list(work.iterdir())


def test_the_smallest_type_that_holds_the_values_is_chosen() -> None:
    assert value_type([0, 255], None) == (np.dtype("uint8"), 254)
    assert value_type([0, 9], 255) == (np.dtype("uint8"), 255)
    assert value_type([1, 2], 0) == (np.dtype("uint8"), 0)
    assert value_type([1, 2], -9999) == (np.dtype("uint8"), 255)
    assert value_type([-1, 300], -9999) == (np.dtype("int16"), -9999)
    assert value_type([70000], None)[0] == np.dtype("uint32")
    assert value_type([-70000], None)[0] == np.dtype("int32")
    assert value_type([2**40], None)[0] == np.dtype("int64")
    assert value_type([0, 2**64 - 1], None) == (np.dtype("uint64"), 1)


@pytest.mark.usefixtures("shifting")
def test_rotated_and_geographic_grids_give_the_same(scene_files: SceneFiles, tmp_path: Path) -> None:
    """Polygons land on the pixels of the class raster, and displacements are in metres on every grid."""
    from_raster, from_polygons = tmp_path / "r.tif", tmp_path / "p.tif"
    common = {"input": str(scene_files.image), "output": str(tmp_path / "out.gpkg"), "background": "no"}
    summary = run(coarse=str(scene_files.classes), output_classes=str(from_raster), **common)
    assert summary["moved_mean_m"] == pytest.approx(0.448, abs=0.002)
    run(coarse=str(scene_files.polygons), class_field="class_id", output_classes=str(from_polygons), **common)
    # The raster was drawn with slivers and edges of its own, so few pixels differ.
    assert (read(from_raster) == read(from_polygons)).mean() > 0.97
