"""The preview: what the jobs would give, of the middle of what is looked at, from models that stay loaded."""

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

from idgbr.engines.devices import Device
from idgbr.engines.network_cache import NetworkCache
from idgbr.errors import InputError, JobCancelled, OutputError
from idgbr.jobs import preview
from idgbr.models.card import ModelCard
from idgbr.models.coarse import CoarseModel
from idgbr.monitor import Monitor
from idgbr.raster.grid import Grid
from idgbr.run import run_job
from tests.backend.tiny_models import bright_model

LEFT, TOP, PIXEL = 500000.0, 5000000.0, 0.5


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny coarse model on the search path, and nothing loaded."""
    monkeypatch.setenv("IDGBR_MODELS", str(tmp_path / "models"))
    bright_model(tmp_path / "models")
    monkeypatch.setattr(preview, "_networks", NetworkCache(each_kind=True))


def write(path: Path, data: np.ndarray, **profile: Any) -> str:
    """Write (bands, H, W) in UTM at half a metre."""
    profile = {"crs": "EPSG:32633", "transform": Affine(PIXEL, 0, LEFT, 0, -PIXEL, TOP)} | profile
    form = {"driver": "GTiff", "height": data.shape[1], "width": data.shape[2], "count": data.shape[0]}
    with rasterio.open(path, "w", dtype=data.dtype, **form, **profile) as out:
        out.write(data)
    return str(path)


def scene(size: int = 300) -> np.ndarray:
    """Noisy dark ground with a bright rectangle: rows 100–160, columns 50–150."""
    image = np.random.default_rng(3).integers(20, 60, (3, size, size)).astype(np.uint8)
    image[:, 100:160, 50:150] += 160
    return image


def look(image: str, folder: Path, **parameters: Any) -> dict[str, Any]:
    """Preview on the CPU."""
    folder.mkdir(exist_ok=True)
    wanted = {"input": image, "output": str(folder), "model": "bright", "device": "cpu"}
    return run_job("preview", wanted | parameters, Monitor())


def test_models_stay_loaded_until_others_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []

    class Counted(CoarseModel):
        def __init__(self, folder: Path, card: ModelCard, device: Device, *, contact: bool = False) -> None:
            loaded.append(card.id)
            super().__init__(folder, card, device, contact=contact)

    monkeypatch.setattr("idgbr.jobs.segment.CoarseModel", Counted)
    bright_model(tmp_path / "models", name="other")
    image = write(tmp_path / "i.tif", scene(128))
    for folder, model in (("a", "bright"), ("b", "bright"), ("c", "other"), ("d", "bright")):
        look(image, tmp_path / folder, model=model)
    assert loaded == ["bright", "other", "bright"]


def test_outlines_are_those_of_the_job(tmp_path: Path) -> None:
    """As the card recommends, also of the coarse map; a map that is refined has no model."""
    bright_model(tmp_path / "models", name="regular")
    card = tmp_path / "models" / "regular" / "model.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"outlines": "right-angles"}))
    pixels = np.full((3, 128, 128), 40, np.uint8)
    for col in range(24, 104):
        pixels[:, 40 + round(1.4 * np.sin(col * 0.3)) : 90, col] = 220
    image = write(tmp_path / "i.tif", pixels)
    corners = {}
    for model, method in (("regular", "model"), ("regular", "none"), ("bright", "model"), ("bright", "right-angles")):
        made = look(image, tmp_path / f"{model} {method}", model=model, regularize=method)["outputs"]
        wkb = pyogrio.raw.read(made["COARSE"])[2]
        corners[model, method] = int(shapely.get_num_coordinates(shapely.from_wkb(wkb)).sum()) - 1
    assert corners["regular", "model"] == corners["bright", "right-angles"] == 4
    assert corners["regular", "none"] == corners["bright", "model"] > 15
    labels = write(tmp_path / "map.tif", (pixels[:1] > 100).astype(np.uint8))
    made = look(image, tmp_path / "refined", coarse=labels, regularize="model")["outputs"]
    wkb = pyogrio.raw.read(made["COARSE"])[2]
    assert shapely.get_num_coordinates(shapely.from_wkb(wkb)).max() > 15


def test_a_large_part_is_cut_to_its_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = preview.middle(Grid(Affine(PIXEL, 0, LEFT, 0, -PIXEL, TOP), None, 3001, 500, 7, 9))
    assert (grid.height, grid.width, grid.row0, grid.col0) == (1024, 500, 7 + 988, 9)
    assert grid.transform * (0, 0) == (LEFT, TOP - 988 * PIXEL)
    monkeypatch.setattr(preview, "MAX_SIDE", 128)
    image = write(tmp_path / "i.tif", scene())
    summary = look(image, tmp_path / "shown")["summary"]
    assert summary["pixels"] == 128 * 128
    assert summary["corners"][0] == (LEFT + 86 * PIXEL, TOP - 86 * PIXEL)
    assert summary["corners"][2] == (LEFT + 214 * PIXEL, TOP - 214 * PIXEL)


def test_what_cannot_be_shown_is_said(tmp_path: Path) -> None:
    image = write(tmp_path / "i.tif", np.zeros((3, 64, 64), np.uint8), nodata=0)
    with pytest.raises(InputError, match="only nodata here"):
        look(image, tmp_path / "shown")
    with pytest.raises(OutputError, match="no such folder"):
        run_job("preview", {"input": image, "output": str(tmp_path / "none"), "model": "bright"}, Monitor())
    with pytest.raises(InputError, match="does not overlap"):
        look(image, tmp_path / "shown", extent=[0, 0, 1, 1])


def test_it_can_be_cancelled(tmp_path: Path) -> None:
    monitor = Monitor()
    monitor.cancel()
    image = write(tmp_path / "i.tif", scene(64))
    with pytest.raises(JobCancelled):
        run_job("preview", {"input": image, "output": str(tmp_path), "model": "bright", "device": "cpu"}, monitor)


def test_a_single_band_is_shown_without_refinement(tmp_path: Path) -> None:
    bright_model(tmp_path / "models", name="grey", bands=1)
    image = write(tmp_path / "i.tif", scene(200)[:1])
    summary = look(image, tmp_path / "shown", model="grey")["summary"]
    assert summary["changed_pixels"] == 0
