"""The job `regularize` on layers of users: attributes, order, formats, heights, parts; and the name `square`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from shapely import affinity

import idgbr
from idgbr.cli import main
from idgbr.errors import InputError, OutputError
from idgbr.monitor import Monitor
from idgbr.parameters import PARAMETERS, SegmentParameters, VectorizeParameters
from idgbr.pipeline.outputs import outline_identity
from idgbr.run import run_job

EAST, NORTH = 500_000.0, 5_400_000.0


class Told(Monitor):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def info(self, message: str) -> None:
        self.lines.append(message)

    def warn(self, message: str) -> None:
        self.lines.append(message)


def house(x: float, y: float, turn: float, rng: np.random.Generator) -> shapely.Polygon:
    """A rough rectangle."""
    points = shapely.get_coordinates(shapely.segmentize(shapely.box(0, 0, 18, 12), 2.0))[:-1]
    shape = shapely.Polygon(points + rng.normal(0, 0.1, points.shape))
    return affinity.translate(affinity.rotate(shape, turn, origin=(0, 0)), EAST + x, NORTH + y)


@pytest.fixture
def footprints() -> geopandas.GeoDataFrame:
    """Footprints with fields of several types."""
    rng = np.random.default_rng(3)
    shapes = [house(50 * (k % 4), 50 * (k // 4), 10 + 3 * k, rng) for k in range(11)]
    fields = {
        "name": ["Straße", None, *(f"house {k}" for k in range(9))],
        "storeys": np.arange(11),
        "height": np.linspace(3, 12, 11),
        "class": "own",
    }
    return geopandas.GeoDataFrame(fields, geometry=shapes, crs="EPSG:32632")


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "fgb"])
def test_features_keep_their_order_and_attributes(
    footprints: geopandas.GeoDataFrame, tmp_path: Path, suffix: str
) -> None:
    source, out = tmp_path / "footprints.gpkg", tmp_path / f"regular.{suffix}"
    footprints.to_file(source)
    result = run_job("regularize", {"input": str(source), "output": str(out)}, Monitor())
    assert result["outputs"] == {"OUTPUT": str(out)}
    assert result["summary"] == {"polygons": 11, "regularized": 11}
    found = geopandas.read_file(out)
    if suffix == "fgb":  # its index sorts features
        found = found.sort_values("storeys", ignore_index=True)
    assert list(found.columns) == list(footprints.columns)
    for name in ("name", "storeys", "height", "class"):
        assert found[name].where(found[name].notna(), None).tolist() == footprints[name].tolist()
    made = found.to_crs("EPSG:32632").geometry
    assert (made.count_coordinates() == 5).all()
    assert (made.intersection(footprints.geometry).area / footprints.area > 0.95).all()


def test_heights_and_parts_and_missing_shapes(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    high = shapely.force_3d(house(0, 0, 20, rng), 7.0)
    parts = shapely.MultiPolygon([house(60, 0, 20, rng), house(90, 0, 20, rng)])
    frame = geopandas.GeoDataFrame({"n": [1, 2, 3]}, geometry=[high, parts, None], crs="EPSG:32632")
    source, out, told = tmp_path / "in.gpkg", tmp_path / "out.gpkg", Told()
    frame.to_file(source)
    result = run_job("regularize", {"input": str(source), "output": str(out), "method": "right-angles"}, told)
    assert result["summary"] == {"polygons": 2, "regularized": 2}
    found = geopandas.read_file(out)
    assert found["n"].tolist() == [1, 2]
    assert (found.geom_type == "MultiPolygon").all()
    assert not found.has_z.any()
    assert found.count_coordinates().tolist() == [5, 10]
    assert f"{source}: 1 polygons have heights (Z), which are left out." in told.lines
    assert f"{source}: 1 of 3 features have no area and are left out." in told.lines


def test_python_and_the_command_line_run_it(
    footprints: geopandas.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = idgbr.regularize(footprints, method="right-angles", tolerance=0.8).outputs["polygons"]
    assert made["storeys"].tolist() == footprints["storeys"].tolist()
    source, out = tmp_path / "f.gpkg", tmp_path / "o.gpkg"
    footprints.to_file(source)
    words = ["idgbr", "regularize", str(source), str(out), "--method", "right-angles", "--tolerance", "0.8"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert not ended.value.code
    assert geopandas.read_file(out).geometry.equals(made.geometry)


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "fgb"])
def test_any_names_of_fields_are_kept_or_told(tmp_path: Path, suffix: str) -> None:
    """Names of the key and the geometry of a GeoPackage, of SQLite's row numbers, and none at all."""
    rng = np.random.default_rng(5)
    names = ["fid", "rowid", "oid", "geom", "", "long_wordings"]
    shapes = [shapely.geometry.mapping(house(50 * k, 0, 0, rng)) for k in range(2)]
    features = [
        {"type": "Feature", "properties": {name: f"{name}{k}" for name in names}, "geometry": shape}
        for k, shape in enumerate(shapes)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32632"}}
    source, out, told = tmp_path / "in.geojson", tmp_path / f"out.{suffix}", Told()
    source.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    run_job("regularize", {"input": str(source), "output": str(out)}, told)
    found = geopandas.read_file(out).sort_values("rowid")
    last = "long_wordi" if suffix == "shp" else "long_wordings"
    written = ["fid_1", "rowid", "oid", "geom_1", "field", last]
    assert list(found.columns)[:-1] == written
    for name, new in zip(names, written, strict=True):
        assert found[new].tolist() == [f"{name}0", f"{name}1"]
    start = f"out.{suffix}: some names of fields are taken by the result or reserved, so fields are renamed:"
    assert f"{start} fid as fid_1, geom as geom_1, (empty) as field." in told.lines
    assert any(line.endswith("10 bytes: long_wordings as long_wordi.") for line in told.lines) == (suffix == "shp")


def test_any_columns_of_a_frame_are_read(footprints: geopandas.GeoDataFrame) -> None:
    columns = {"name": "fid", "storeys": "geom", "height": 7, "class": ("a", "b")}
    frame = footprints.rename(columns=columns).rename_geometry("class")
    made = idgbr.regularize(frame).outputs["polygons"]
    assert list(made.columns) == ["fid_1", "geom_1", "7", "('a', 'b')", "geometry"]
    assert made["fid_1"].isna().tolist() == footprints["name"].isna().tolist()
    assert made["geom_1"].tolist() == footprints["storeys"].tolist()
    with pytest.raises(
        InputError, match=r"input \(GeoDataFrame\): the columns 'Name' and 'name' differ at most in case"
    ):
        idgbr.regularize(footprints.rename(columns={"class": "Name"})[["Name", "name", "geometry"]])


@pytest.mark.parametrize("job", ["regularize", "align", "refine"])
def test_fields_that_differ_only_in_case_are_refused(
    footprints: geopandas.GeoDataFrame, tmp_path: Path, job: str
) -> None:
    source, image = tmp_path / "in.geojson", tmp_path / "image.tif"
    footprints[["name", "geometry"]].assign(Name=1).to_file(source)
    west, south, east, north = map(float, footprints.total_bounds)
    transform = rasterio.transform.from_origin(west, north, 1, 1)
    size: dict[str, object] = {"width": int(east - west), "height": int(north - south)}
    with rasterio.open(
        image, "w", "GTiff", count=3, dtype="uint8", crs="EPSG:32632", transform=transform, **size
    ) as raster:
        raster.write(np.random.default_rng(0).integers(1, 255, (3, *raster.shape), np.uint8))
    inputs = {
        "regularize": {"input": str(source)},
        "align": {"input": str(image), "layer": str(source)},
        "refine": {"input": str(image), "coarse": str(source)},
    }
    with pytest.raises(InputError, match="the fields 'name' and 'Name' differ only in case; rename one"):
        run_job(job, {**inputs[job], "output": str(tmp_path / "out.gpkg")}, Monitor())


def test_a_layer_can_be_written_beside_its_source(footprints: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    source = tmp_path / "town.gpkg"
    footprints.to_file(source, layer="footprints")
    out = f"{source}|layername=regular"
    run_job("regularize", {"input": f"{source}|footprints", "output": out}, Monitor())
    assert geopandas.read_file(source, layer="footprints").geometry.equals(footprints.geometry)
    assert len(geopandas.read_file(source, layer="regular")) == 11
    with pytest.raises(OutputError, match="is what the job reads"):
        run_job("regularize", {"input": f"{source}|footprints", "output": f"{source}|layername=footprints"}, Monitor())


def test_units_of_a_layer_without_crs_are_metres(footprints: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    source, told = tmp_path / "plain.gpkg", Told()
    footprints.set_crs(None, allow_override=True).to_file(source)
    run_job("regularize", {"input": str(source), "output": str(tmp_path / "o.gpkg")}, told)
    assert f"{source}: has no CRS; its units are taken for metres." in told.lines
    assert (geopandas.read_file(tmp_path / "o.gpkg").count_coordinates() == 5).all()


def test_layers_without_polygons_are_refused(tmp_path: Path) -> None:
    lines = geopandas.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 1)])], crs="EPSG:32632")
    lines.to_file(tmp_path / "lines.gpkg")
    with pytest.raises(InputError, match="holds no polygons"):
        run_job("regularize", {"input": str(tmp_path / "lines.gpkg"), "output": str(tmp_path / "o.gpkg")}, Monitor())
    assert not (tmp_path / "o.gpkg").exists()
    assert list(tmp_path.iterdir()) == [tmp_path / "lines.gpkg"]


def test_square_is_another_name_of_right_angles() -> None:
    assert VectorizeParameters("c.tif", "o.gpkg", square=True).outlines == "right-angles"
    assert VectorizeParameters("c.tif", "o.gpkg", square=True, regularize="auto").outlines == "auto"
    assert VectorizeParameters("c.tif", "o.gpkg").outlines == "none"
    drawing = [kind for job, kind in PARAMETERS.items() if hasattr(kind, "outlines")]
    assert len(drawing) == 6


def test_jobs_of_former_versions_can_be_resumed() -> None:
    """Their folders note `square`; what they noted is what the same parameters note today."""
    today = SegmentParameters("i.tif", "o.gpkg", regularize="none")
    former = {name: value for name, value in vars(today).items() if name != "regularize"}
    for square, now in (
        (False, today),
        (True, replace(today, square=True)),
        (True, replace(today, regularize="right-angles")),
    ):
        assert outline_identity(vars(now)) == former | {"square": square}
    assert outline_identity(vars(replace(today, regularize="auto"))) == former | {"regularize": "auto"}
