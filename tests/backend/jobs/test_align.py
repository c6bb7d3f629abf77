"""The job `align`: misplaced layers on a small town, through the real pipeline with a tiny model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

import idgbr
from idgbr.cli import main
from idgbr.errors import InputError, JobCancelled, OutputError
from idgbr.monitor import Monitor
from idgbr.parameters import AlignParameters
from idgbr.run import run_job
from tests.backend.alignment.towns import CRS, EAST, NORTH, field_at, footprints, shifted, write_town
from tests.backend.jobs.stand_ins import Listener, Shifting, Stopping
from tests.backend.tiny_models import bright_model


class Told(Monitor):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.stages: list[str] = []

    def info(self, message: str) -> None:
        self.lines.append(message)

    def warn(self, message: str) -> None:
        self.lines.append(message)

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        del message
        assert 0 <= done <= total
        if stage not in self.stages:
            self.stages.append(stage)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(bright_model(tmp_path_factory.mktemp("models")) / "bright")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, np.ndarray]:
    """An image, and the true footprints on it."""
    shapes = footprints()
    return write_town(tmp_path_factory.mktemp("town") / "town.tif", shapes), shapes


def save(path: Path, shapes: np.ndarray, crs: str = CRS, **fields: Any) -> str:
    geopandas.GeoDataFrame(fields, geometry=list(shapes), crs=CRS).to_crs(crs).to_file(path)
    return str(path)


def aligned(image: str, layer: str, out: Path, model: str, told: Monitor | None = None, **more: Any) -> dict[str, Any]:
    """Run the job on the CPU; returns its summary."""
    given = {"input": image, "layer": layer, "output": str(out), "model": model, "device": "cpu", **more}
    done = run_job("align", given, told or Monitor())
    assert done["outputs"]["OUTPUT"] == str(out)
    return dict(done["summary"])


def errors(shapes: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Distances of centres, m."""
    return np.asarray(shapely.distance(shapely.centroid(shapes), shapely.centroid(truth)))


def test_a_misplaced_layer_lies_on_the_roofs(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    """A tenth of the footprints is gone from the image, and another tenth is new: neither harms the others."""
    image, truth = town
    steps = field_at(truth)
    invented = shifted(truth[::9], np.tile([12.0, 12.0], (len(truth[::9]), 1)))
    layer = np.concatenate((shifted(np.delete(truth, np.s_[4::10]), np.delete(steps, np.s_[4::10], 0)), invented))
    known = len(layer) - len(invented)
    told, out, arrows = Told(), tmp_path / "out.gpkg", tmp_path / "shifts.gpkg"
    source = save(tmp_path / "in.gpkg", layer, name=[f"ü{n}" for n in range(len(layer))], n=np.arange(len(layer)))
    summary = aligned(image, source, out, model, told, output_shifts=str(arrows))
    found = geopandas.read_file(out)
    off = errors(found.geometry.to_numpy()[:known], np.delete(truth, np.s_[4::10]))
    assert np.median(off) < 0.15
    assert np.percentile(off, 95) < 0.5
    assert found["n"].tolist() == list(range(len(layer)))
    assert found["name"][3] == "ü3"
    assert found["shift_conf"][:known].median() > 0.8
    assert found["shift_conf"][known:].median() < 0.3
    assert (found["shift_conf"] >= 0).all()
    assert (found["shift_conf"] <= 1).all()
    assert (found.count_coordinates().to_numpy() == shapely.get_num_coordinates(layer)).all()
    moved = shapely.get_coordinates(found.geometry.to_numpy()) - shapely.get_coordinates(layer)
    counts = shapely.get_num_coordinates(layer)
    steps = found[["shift_x", "shift_y"]].to_numpy()
    np.testing.assert_allclose(moved, np.repeat(steps, counts, axis=0), rtol=2e-3, atol=1e-3)  # UTM's scale
    lines = geopandas.read_file(arrows)
    assert (lines.geom_type == "LineString").all()
    ends = shapely.get_coordinates(lines.geometry.to_numpy()).reshape(-1, 2, 2)
    np.testing.assert_allclose(ends[:, 0], shapely.get_coordinates(shapely.centroid(layer)), atol=1e-6)
    np.testing.assert_allclose(ends[:, 1], shapely.get_coordinates(found.geometry.centroid.to_numpy()), atol=1e-6)
    assert summary["polygons"] == len(layer)
    assert summary["still"] == summary["beyond"] == 0
    assert 3 < summary["shift_median_m"] < summary["shift_max_m"] < 6
    assert told.stages == ["segment", "match", "align", "write"]
    assert any(line.startswith(f"{source}: {summary['followed']} of {len(layer)} polygons") for line in told.lines)


def test_a_layer_that_lies_right_hardly_moves(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    image, truth = town
    summary = aligned(image, save(tmp_path / "in.gpkg", truth), tmp_path / "out.gpkg", model)
    assert summary["shift_median_m"] < 0.1
    assert summary["shift_max_m"] < 0.5


@pytest.mark.parametrize(("crs", "suffix"), [("EPSG:4326", "geojson"), ("EPSG:3857", "shp"), ("EPSG:31468", "fgb")])
def test_layers_keep_their_crs(town: tuple[str, np.ndarray], model: str, tmp_path: Path, crs: str, suffix: str) -> None:
    image, truth = town
    steps = field_at(truth)
    source = save(tmp_path / "in.gpkg", shifted(truth, steps), crs, n=np.arange(len(truth)))
    out = tmp_path / f"out.{suffix}"
    aligned(image, source, out, model, output_shifts=str(tmp_path / f"arrows.{suffix}"))
    found = geopandas.read_file(out).sort_values("n")
    assert found.crs.equals(crs) or suffix == "fgb"
    off = errors(found.to_crs(CRS).geometry.to_numpy(), truth)
    assert np.median(off) < 0.15
    # North of this CRS is not that of the image, but lengths agree.
    length = np.hypot(found["shift_x"], found["shift_y"])
    np.testing.assert_allclose(length, np.hypot(*steps.T), atol=0.6)
    assert len(geopandas.read_file(tmp_path / f"arrows.{suffix}")) == len(truth)


def test_what_the_image_does_not_show_stays(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    """A layer that is 30 m off, on ground without roofs for the half of it, fits nothing; nothing is guessed."""
    image, truth = town
    bare = write_town(tmp_path / "bare.tif", truth[:1])
    told, out = Told(), tmp_path / "out.gpkg"
    source = save(tmp_path / "in.gpkg", shifted(truth, np.tile([3.0, 0.0], (len(truth), 1))))
    summary = aligned(bare, source, out, model, told)
    assert summary["still"] > 0.9 * len(truth)
    found = geopandas.read_file(out)
    still = found["shift_conf"] == 0
    assert (found[still][["shift_x", "shift_y"]].to_numpy() == 0).all()
    assert any("stay where they are, because the image shows nothing" in line for line in told.lines)
    assert any("most polygons fit nothing in the image within 8 m" in line for line in told.lines)
    del image


def test_polygons_beside_the_image_stay(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    image, truth = town
    layer = shifted(truth, np.where(np.arange(len(truth))[:, None] < 2, [400.0, 0.0], [2.0, 1.0]))
    told, out, source = Told(), tmp_path / "out.gpkg", save(tmp_path / "in.gpkg", layer)
    summary = aligned(image, source, out, model, told)
    assert (summary["outside"], summary["still"], summary["beyond"]) == (2, 0, 0)
    found = geopandas.read_file(out)
    assert (found[["shift_x", "shift_y", "shift_conf"]].to_numpy()[:2] == 0).all()
    assert (found["shift_x"][2:] < -1.5).all()
    line = f"{source}: 2 of {len(truth)} polygons are more than 8 m outside the image or extent, and stay."
    assert line in told.lines


def test_shifts_beyond_the_radius_are_said(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    image, truth = town
    steps = np.tile([4.0, 2.0], (len(truth), 1))
    told, out, source = Told(), tmp_path / "out.gpkg", save(tmp_path / "in.gpkg", shifted(truth, steps))
    summary = aligned(image, source, out, model, told, radius=3.5)
    assert summary["beyond"] > 0.9 * len(truth)
    assert summary["moved"] < 0.1 * len(truth)
    assert any("displaced by more than 3.5 m and stay where they are; give a larger radius" in s for s in told.lines)
    assert aligned(image, source, out, model, radius=6)["beyond"] == 0


@pytest.mark.parametrize(("pixel", "turn"), [(0.2, 0.0), (0.5, 30.0), (2.0, 0.0)])
def test_images_may_be_finer_coarser_or_turned(model: str, tmp_path: Path, pixel: float, turn: float) -> None:
    truth = footprints(3, 30.0)
    image = write_town(tmp_path / "image.tif", truth, pixel, turn=turn)
    inside = shapely.contains(image_area(image), truth)
    source = save(tmp_path / "in.gpkg", shifted(truth, field_at(truth)))
    aligned(image, source, tmp_path / "out.gpkg", model)
    off = errors(geopandas.read_file(tmp_path / "out.gpkg").geometry.to_numpy(), truth)[inside]
    assert np.median(off) < max(0.15, 0.2 * pixel)


def image_area(path: str) -> shapely.Geometry:
    import rasterio

    with rasterio.open(path) as image:
        corners = [
            image.transform * p for p in ((0, 0), (image.width, 0), (image.width, image.height), (0, image.height))
        ]
    return shapely.Polygon(corners).buffer(-12)


def test_parts_holes_heights_arcs_and_invalid_shapes(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    image, truth = town
    layer = shifted(truth, np.tile([2.0, 1.0], (len(truth), 1)))
    outer = shapely.box(*layer[0].bounds)
    holed = shapely.Polygon(outer.exterior, [outer.buffer(-2).exterior.coords])
    x, y = outer.bounds[:2]
    bow_tie = shapely.Polygon([(x, y), (x + 6, y + 6), (x + 6, y), (x, y + 7), (x, y)])
    odd = [holed, shapely.force_3d(layer[1], 9.0), shapely.MultiPolygon(list(layer[2:4])), bow_tie, None]
    told, out = Told(), tmp_path / "out.gpkg"
    source = save(tmp_path / "in.gpkg", np.array([*odd, *layer[4:]], object), n=np.arange(len(odd) + len(layer) - 4))
    summary = aligned(image, source, out, model, told)
    found = geopandas.read_file(out)
    assert (found.geom_type == "MultiPolygon").all()
    assert not found.has_z.any()
    assert found["n"].tolist() == [n for n in range(len(odd) + len(layer) - 4) if n != 4]
    given = [shapely.force_2d(shape) for shape in (*odd[:4], *layer[4:])]
    assert found.count_coordinates().tolist() == shapely.get_num_coordinates(given).tolist()
    assert summary["polygons"] == len(given)
    assert shapely.get_num_interior_rings(shapely.get_geometry(found.geometry.to_numpy()[0], 0)) == 1
    assert f"{source}: 1 polygons have heights (Z), which are left out." in told.lines
    assert f"{source}: 1 of {len(given) + 1} features have no area and are left out." in told.lines


def test_arcs_become_straight_lines(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    image, truth = town
    x, y = shapely.get_coordinates(shapely.centroid(truth[0]))[0]
    circle = f"CURVEPOLYGON (CIRCULARSTRING ({x - 5} {y}, {x} {y + 5}, {x + 5} {y}, {x} {y - 5}, {x - 5} {y}))"
    table = tmp_path / "in.csv"
    table.write_text(f'WKT,n\n"{circle}",1\n')
    told = Told()
    aligned(image, f"{table}", tmp_path / "out.gpkg", model, told)
    assert f"{table}: 1 polygons have arcs, which become straight lines." in told.lines
    assert geopandas.read_file(tmp_path / "out.gpkg").count_coordinates()[0] > 20


def test_bad_input_is_named(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    image, truth = town
    away = save(tmp_path / "away.gpkg", shifted(truth, np.tile([5e4, 0.0], (len(truth), 1))))
    with pytest.raises(InputError, match=r"away\.gpkg: does not overlap the image; check its CRS"):
        aligned(image, away, tmp_path / "out.gpkg", model)
    pyogrio.write_dataframe(geopandas.GeoDataFrame({"n": []}, geometry=[], crs=CRS), tmp_path / "empty.gpkg",
                            geometry_type="Polygon")  # fmt: skip
    with pytest.raises(InputError, match=r"empty\.gpkg: is empty; choose a layer with polygons"):
        aligned(image, str(tmp_path / "empty.gpkg"), tmp_path / "out.gpkg", model)
    fine = save(tmp_path / "fine.gpkg", truth)
    with pytest.raises(InputError, match=r"radius is 90; give metres, from 0\.5 to 50"):
        aligned(image, fine, tmp_path / "out.gpkg", model, radius=90)
    with pytest.raises(OutputError, match="is what the job reads"):
        aligned(image, fine, tmp_path / "out.gpkg", model, output_shifts=fine)
    with pytest.raises(InputError, match="for the polygons and for their shifts"):
        aligned(image, fine, tmp_path / "out.gpkg", model, output_shifts=str(tmp_path / "out.gpkg"))
    assert not (tmp_path / "out.gpkg").exists()
    coarse = write_town(tmp_path / "coarse.tif", truth, 20.0)
    narrow = str(bright_model(tmp_path / "m", name="narrow", gsd_range_m=(0.1, 1.0)) / "narrow")
    with pytest.raises(InputError, match="its ground sample distance is 20 m, but model 'narrow' was trained on"):
        aligned(coarse, fine, tmp_path / "out.gpkg", narrow)


def test_a_cancel_leaves_nothing(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    class Cancelling(Monitor):
        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
            del done, total, message
            if stage == "match":
                self.cancel()

    image, truth = town
    source = save(tmp_path / "in.gpkg", truth)
    with pytest.raises(JobCancelled):
        aligned(image, source, tmp_path / "out.gpkg", model, Cancelling())
    assert [path.name for path in tmp_path.iterdir()] == ["in.gpkg"]


def test_both_layers_can_be_in_one_file(town: tuple[str, np.ndarray], model: str, tmp_path: Path) -> None:
    image, truth = town
    source, out = save(tmp_path / "town.gpkg", truth), tmp_path / "town.gpkg"
    places = {"output": f"{out}|layername=aligned", "output_shifts": f"{out}|layername=shifts"}
    given = {"input": image, "layer": f"{source}|town", "model": model, "device": "cpu", **places}
    done = run_job("align", given, Monitor())
    assert done["outputs"] == {"OUTPUT": places["output"], "OUTPUT_SHIFTS": places["output_shifts"]}
    assert [len(geopandas.read_file(out, layer=name)) for name in ("town", "aligned", "shifts")] == [len(truth)] * 3


def test_python_and_the_command_line_run_it(
    town: tuple[str, np.ndarray], model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, truth = town
    frame = geopandas.GeoDataFrame({"n": range(len(truth))}, geometry=shifted(truth, field_at(truth)), crs=CRS)
    made = idgbr.align(image, frame, model=model, device="cpu", output_shifts=True).outputs
    assert len(made["shifts"]) == len(made["polygons"]) == len(truth)
    source, out = tmp_path / "f.gpkg", tmp_path / "o.gpkg"
    frame.to_file(source)
    words = ["idgbr", "align", image, str(source), str(out), "--model", model, "--device", "cpu", "--radius", "8"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert not ended.value.code
    assert geopandas.read_file(out).geometry.equals(made["polygons"].geometry)


def test_refine_can_align_first(
    town: tuple[str, np.ndarray], model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages name the layer, a resumed run does not align again, and features carry their shift."""
    monkeypatch.setattr("idgbr.jobs.refine.Refiner", Shifting)
    monkeypatch.setattr("idgbr.pipeline.label_map.VERY_ROUGH", np.inf)
    monkeypatch.setattr(AlignParameters, "model", model)
    image, truth = town
    source = save(tmp_path / "in.gpkg", shifted(truth, field_at(truth)), n=np.arange(len(truth)))
    given = {"input": image, "coarse": source, "output": str(tmp_path / "out.gpkg"), "device": "cpu", "align": True}
    stopping = Stopping("refine", 1)
    with pytest.raises(JobCancelled):
        run_job("refine", given, stopping)
    assert "match" in stopping.stages()
    listener = Listener()
    run_job("refine", given, listener)
    assert "match" not in listener.stages()
    assert not any("aligned.gpkg" in line for line in (*stopping.messages, *listener.messages))
    found = geopandas.read_file(tmp_path / "out.gpkg").sort_values("n")
    assert found["n"].tolist() == list(range(len(truth)))
    off = shapely.get_coordinates(found.geometry.centroid.to_numpy()) - shapely.get_coordinates(shapely.centroid(truth))
    # The stand-in moves boundaries to the right by three pixels.
    np.testing.assert_allclose(np.median(off, axis=0), [1.5, 0.0], atol=0.2)
    assert found["shift_conf"].median() > 0.8
    with pytest.raises(InputError, match="is a raster, and align moves polygons"):
        run_job("refine", given | {"coarse": image}, Monitor())


def test_the_place_of_the_town() -> None:
    """What the other tests rely on."""
    bounds = shapely.total_bounds(footprints())
    assert (bounds[:2] > (EAST, NORTH - 240)).all()
    assert (bounds[2:] < (EAST + 240, NORTH)).all()
