"""The main job on rasters with a known answer, through the real pipeline."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from idgbr.errors import IdgbrError, InputError, JobCancelled, OutputError
from idgbr.models.coarse import CoarseModel
from idgbr.monitor import Monitor
from idgbr.run import run_job
from tests.backend.tiny_models import bright_model

TRANSFORM = Affine(0.5, 0, 500000, 0, -0.5, 5000000)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny coarse model on the search path."""
    monkeypatch.setenv("IDGBR_MODELS", str(tmp_path / "models"))
    return bright_model(tmp_path / "models")


def write(path: Path, data: np.ndarray, **profile: object) -> str:
    """Write (bands, H, W) in UTM at half a metre."""
    profile = {"crs": "EPSG:32633", "transform": TRANSFORM} | profile
    with rasterio.open(
        path, "w", driver="GTiff", height=data.shape[1], width=data.shape[2], count=data.shape[0], dtype=data.dtype,
        **profile,
    ) as out:  # fmt: skip
        out.write(data)
    return str(path)


def square_image(size: int = 300) -> np.ndarray:
    """Dark ground with one bright rectangle: rows 100–160, columns 50–150."""
    image = np.full((3, size, size), 40, np.uint8)
    image[:, 100:160, 50:150] = 220
    return image


def run(models: Path, **parameters: object) -> dict[str, object]:
    """Run the job on the CPU without refinement unless asked otherwise."""
    return run_job("segment", {"model": "bright", "device": "cpu", "refine": False, **parameters}, Monitor())


def test_known_rectangle_lands_where_it_is(models: Path, tmp_path: Path) -> None:
    """Polygon, area, fields and rasters are exact."""
    image = write(tmp_path / "i.tif", square_image())
    result = run(
        models, input=image, output=str(tmp_path / "o.gpkg"), output_classes=str(tmp_path / "c.tif"),
        output_confidence=str(tmp_path / "p.tif"), min_area=0, simplify=0,
    )  # fmt: skip
    meta, _, wkb, columns = pyogrio.raw.read(tmp_path / "o.gpkg")
    (shape,) = shapely.from_wkb(wkb)
    fields = dict(zip(meta["fields"], columns, strict=True))
    assert shape.equals(shapely.box(500025, 4999920, 500075, 4999950))
    assert list(fields["class"]) == ["building"]
    assert fields["confidence"][0] > 0.99
    assert fields["area_m2"][0] == pytest.approx(1500, rel=2e-3)
    with rasterio.open(tmp_path / "c.tif") as classes, rasterio.open(image) as source:
        assert classes.transform == source.transform
        assert classes.crs == source.crs
        assert classes.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert classes.colormap(1)[1][:3] == (214, 73, 51)
        assert (classes.read(1) == (square_image()[0] > 128)).all()
    with rasterio.open(tmp_path / "p.tif") as confidence:
        assert confidence.nodata == -1
        assert confidence.read(1).min() > 0.99
    assert result["summary"]["polygons"] == 1
    assert not list(tmp_path.glob(".*"))


def test_extent_gives_the_same_pixels(models: Path, tmp_path: Path) -> None:
    """A part of the raster has the whole's grid and values."""
    image = write(tmp_path / "i.tif", square_image())
    run(
        models, input=image, output=str(tmp_path / "o.gpkg"), output_classes=str(tmp_path / "c.tif"),
        extent=[500020.1, 4999930, 500060, 4999960], extent_crs="EPSG:32633", min_area=0,
    )  # fmt: skip
    with rasterio.open(tmp_path / "c.tif") as classes:
        assert classes.transform.c == 500020
        assert classes.transform.f == 4999960
        assert classes.shape == (60, 80)
        assert (classes.read(1) == (square_image()[0, 80:140, 40:120] > 128)).all()


def test_nodata_stays_nodata(models: Path, tmp_path: Path) -> None:
    """Pixels without data get neither class nor polygon."""
    data = square_image().astype(np.float32)
    data[:, :, 100:] = np.nan
    image = write(tmp_path / "i.tif", data, nodata=np.nan)
    run(models, input=image, output=str(tmp_path / "o.gpkg"), output_classes=str(tmp_path / "c.tif"), min_area=0)
    with rasterio.open(tmp_path / "c.tif") as classes:
        labels = classes.read(1)
    assert (labels[:, 100:] == 255).all()
    assert (labels[:, :100] != 255).all()
    shape = shapely.from_wkb(pyogrio.raw.read(tmp_path / "o.gpkg")[2])[0]
    assert shape.bounds[2] == pytest.approx(500050)


def test_mask_polygons_limit_the_result(models: Path, tmp_path: Path) -> None:
    """Outside the mask, given in another CRS, nothing is classified."""
    image = write(tmp_path / "i.tif", square_image())
    box = shapely.box(500000, 4999935, 500150, 5000000)
    lon, lat = rasterio.warp.transform("EPSG:32633", "EPSG:4326", *zip(*box.exterior.coords, strict=True))
    wkb = shapely.to_wkb([shapely.Polygon(list(zip(lon, lat, strict=True)))])
    pyogrio.raw.write(tmp_path / "m.gpkg", wkb, [], [], geometry_type="Polygon", crs="EPSG:4326")
    run(models, input=image, output=str(tmp_path / "o.gpkg"), mask=str(tmp_path / "m.gpkg"), min_area=0)
    shape = shapely.from_wkb(pyogrio.raw.read(tmp_path / "o.gpkg")[2])[0]
    assert shape.bounds == pytest.approx((500025, 4999935, 500075, 4999950), abs=0.51)


def test_resampled_model_returns_to_the_image_grid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model trained at 1 m runs on a 0.5 m image at half resolution; the result lies on the image's grid."""
    monkeypatch.setenv("IDGBR_MODELS", str(tmp_path / "models"))
    bright_model(tmp_path / "models", gsd_range_m=(1.0, 2.0))
    told: list[str] = []
    monitor = Monitor()
    monitor.info = told.append  # type: ignore[method-assign]
    image = write(tmp_path / "i.tif", square_image())
    run_job(
        "segment",
        {
            "input": image,
            "output": str(tmp_path / "o.gpkg"),
            "model": "bright",
            "refine": False,
            "device": "cpu",
            "output_classes": str(tmp_path / "c.tif"),
        },
        monitor,
    )
    assert any("resampled to 1 m" in line for line in told)
    with rasterio.open(tmp_path / "c.tif") as classes:
        wrong = classes.read(1) != (square_image()[0] > 128)
    assert wrong.sum() <= 4 * 160


def test_models_are_let_go_with_the_job(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker runs many jobs: those that are done keep no network in memory."""
    loaded: list[weakref.ref[CoarseModel]] = []

    class Watched(CoarseModel):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            loaded.append(weakref.ref(self))

    monkeypatch.setattr("idgbr.jobs.segment.CoarseModel", Watched)
    run(models, input=write(tmp_path / "i.tif", square_image()), output=str(tmp_path / "o.gpkg"))
    assert len(loaded) == 1
    assert loaded[0]() is None


def test_empty_result_is_a_valid_layer(models: Path, tmp_path: Path) -> None:
    """Nothing found: an empty layer with its fields, and a message."""
    image = write(tmp_path / "i.tif", np.full((3, 64, 64), 10, np.uint8))
    result = run(models, input=image, output=str(tmp_path / "o.shp"))
    assert pyogrio.read_info(tmp_path / "o.shp")["features"] == 0
    assert result["summary"]["polygons"] == 0


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"input": "/nowhere/x.tif"}, InputError, "x.tif: no such file"),
        ({"extent": [0, 0, 1, 1]}, InputError, "does not overlap"),
        ({"output": "/nowhere/o.gpkg"}, OutputError, "/nowhere"),
        ({"output": "o.xyz"}, OutputError, "o.xyz"),
        ({"output_classes": "c.png"}, OutputError, "c.png"),
        ({"model": "unknown"}, IdgbrError, "unknown"),
        ({"device": "cuda:9"}, IdgbrError, "cuda:9"),
        ({"steps": -1}, InputError, "steps"),
        ({"steps": "four"}, InputError, "steps"),
        ({"mask": "/nowhere/m.gpkg"}, InputError, "m.gpkg"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], kind: type, message: str
) -> None:
    """Each mistake names what is wrong; no output, no leftover."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    image = write(tmp_path / "i.tif", square_image(64))
    with pytest.raises(kind, match=message) as raised:
        run(models, **({"input": image, "output": "o.gpkg"} | change))
    assert "\n" not in str(raised.value)
    assert not list(work.iterdir())


def test_failure_keeps_the_earlier_output(models: Path, tmp_path: Path) -> None:
    """An existing result survives a job that fails."""
    image = write(tmp_path / "i.tif", square_image(64))
    run(models, input=image, output=str(tmp_path / "o.gpkg"))
    before = (tmp_path / "o.gpkg").read_bytes()
    Path(image).write_bytes(Path(image).read_bytes()[:2000])
    with pytest.raises(IdgbrError):
        run(models, input=image, output=str(tmp_path / "o.gpkg"))
    assert (tmp_path / "o.gpkg").read_bytes() == before


@pytest.mark.parametrize("stage", ["segment", "refine", "vectorize"])
def test_cancel_in_each_stage_leaves_at_most_the_job_folder(models: Path, tmp_path: Path, stage: str) -> None:
    """A cancel during any stage ends the job without output; what is finished stays for the next run."""

    class Canceller(Monitor):
        def progress(self, now: str, done: float, total: float, message: str = "") -> None:
            if now == stage:
                self.cancel()

    data = np.concatenate([square_image(300)] * 2, 1)
    image = write(tmp_path / "i.tif", data)
    parameters = {"input": image, "output": str(tmp_path / "o.gpkg"), "model": "bright", "device": "cpu", "tile": 96}
    with pytest.raises(JobCancelled):
        run_job("segment", parameters, Canceller())
    left = {p.name for p in tmp_path.iterdir()} - {"i.tif", "models"}
    assert left == (set() if stage == "segment" else {".o.gpkg.idgbr"})


def test_refinement_keeps_what_is_sure_and_does_not_depend_on_tiles(models: Path, tmp_path: Path) -> None:
    """The bundled refiner on a sharp image: interiors untouched; tile sizes agree on nearly every pixel."""
    rng = np.random.default_rng(0)
    data = np.clip(square_image(400) + rng.normal(0, 4, (3, 400, 400)), 0, 255).astype(np.uint8)
    image = write(tmp_path / "i.tif", data)
    labels = []
    for tile in (192, 256, 480):
        path = tmp_path / f"c{tile}.tif"
        run(models, input=image, output=str(tmp_path / "o.gpkg"), refine=True, tile=tile, output_classes=str(path))
        with rasterio.open(path) as classes:
            labels.append(classes.read(1))
    truth = square_image(400)[0] > 128
    for found in labels:
        assert (found == truth)[115:145, 65:135].all()
        assert (found != labels[0]).mean() < 1e-3
    assert (labels[0] != truth).mean() < 5e-3
