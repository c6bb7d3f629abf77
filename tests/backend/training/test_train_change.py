"""`idgbr train --task change`: its configuration, the split by place, crops, and a model from one's own pairs."""

# ruff: noqa: E402 (imports come after the check that torch is installed)
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

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from typer.testing import CliRunner

from idgbr.errors import DeviceError, InputError
from idgbr.monitor import Monitor
from idgbr.run import run_job
from idgbr.training import change_run
from idgbr.training.change_config import PRESETS, ChangeConfig, OwnPair, read_change_config
from idgbr.training.change_run import begin_with, run
from idgbr.training.cli import app
from idgbr.training.export_change import without_untrained_taps
from idgbr.training.loop import training_device
from idgbr.training.own_pairs import UNKNOWN, KeptPair, crop_pair, place_names, read_pairs, statistics
from idgbr.training.scn import SCN, SMALL, SPN, Widths
from tests.backend.change.change_models import TRANSFORM, ground

SIZE = 160


def write(path: Path, bands: np.ndarray, *, right: float = 0.0, crs: str | None = "EPSG:32633") -> Path:
    """A GeoTIFF so many metres further right."""
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands), dtype=bands.dtype,
        crs=crs, transform=Affine.translation(right, 0) @ TRANSFORM,
    ) as out:  # fmt: skip
        out.write(bands)
    return path


def exchanged(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Dark ground, the same in other light with bright roofs new, and where these are."""
    before = ground(SIZE, SIZE, seed=seed)
    after = (before * 0.8 + 12).astype(np.uint8)
    changed = np.zeros((SIZE, SIZE), bool)
    for row, col in np.random.default_rng(seed).integers(8, SIZE - 40, (6, 2)):
        changed[row : row + 28, col : col + 24] = True
    after[:, changed] = np.array([235, 160, 150])[:, None]
    return before, after, changed


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller network in place of the small one."""
    monkeypatch.setattr("idgbr.training.change_run.SMALL", Widths(8, 8, 8, 12, 12, 12))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pairs of three places: label as polygons, as a raster, and one for validation; and a configuration."""
    for number, seed in enumerate((3, 4, 5)):
        before, after, changed = exchanged(seed)
        write(tmp_path / f"before{seed}.tif", before, right=1000 * number)
        write(tmp_path / f"after{seed}.tif", after, right=1000 * number)
        write(tmp_path / f"changed{seed}.tif", changed.astype(np.uint8)[None] * 255, right=1000 * number)
    shapes = [
        shapely.geometry.shape(s)
        for s, value in rasterio.features.shapes(exchanged(3)[2].astype(np.uint8), transform=TRANSFORM)
        if value
    ]
    pyogrio.raw.write(
        tmp_path / "changed3.gpkg", shapely.to_wkb(np.array(shapes)), [], [], geometry_type="Polygon", crs="EPSG:32633"
    )
    (tmp_path / "own.toml").write_text(
        """
preset = "short"
steps = 30
batch = 4
size = 64
learning_rate = 0.01
ema_decay = 0.9
validate_every = 15
direction_model = ""

[[pairs]]
before = "before3.tif"
after = "after3.tif"
labels = "changed3.gpkg"

[[pairs]]
before = "before4.tif"
after = "after4.tif"
labels = "changed4.tif"

[[pairs]]
before = "before5.tif"
after = "after5.tif"
labels = "changed5.tif"
validation = true
"""
    )
    return tmp_path


def test_a_model_learns_from_own_pairs_and_detects_changes(folder: Path, tiny: None) -> None:
    longer = (folder / "own.toml").read_text().replace("steps = 30", "steps = 80").replace("every = 15", "every = 40")
    (folder / "own.toml").write_text(longer)
    model = folder / "roofs"
    command = ["train-change", str(folder / "own.toml"), str(model), "--device", "cpu"]
    outcome = CliRunner().invoke(app, command, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    card = json.loads((model / "model.json").read_text())
    assert (card["id"], card["kind"], card["direction_model"]) == ("roofs", "change", "")
    assert card["gsd_range_m"] == pytest.approx([0.4, 0.625], rel=0.01)
    assert np.shape(card["date_statistics"]["after"]["std"]) == (3,)
    assert card["training"]["pairs"] == 2
    assert card["training"]["validation_f1"] > 0.8
    log = (folder / "roofs.run" / "validation.csv").read_text().split()
    assert [int(line.split(",")[0]) for line in log] == [40, 80]
    page = (folder / "roofs.run" / "curves.html").read_text(encoding="utf-8")
    assert "80 of 80 steps" in page
    assert page.count("<polyline") == 2
    assert "F1 of changed pixels on the validation pairs" in page
    assert "curves.html" in outcome.output.replace("\n", "")
    # What it finds at a place that it has not seen.
    before, after, changed = exchanged(9)
    parameters = {
        "before": str(write(folder / "b.tif", before)), "after": str(write(folder / "a.tif", after)),
        "output": str(folder / "out.gpkg"), "output_probability": str(folder / "p.tif"), "model": str(model),
        "refine": False, "device": "cpu",
    }  # fmt: skip
    run_job("detect-changes", parameters, Monitor())
    with rasterio.open(folder / "p.tif") as raster:
        found = raster.read(1) >= card["threshold"]
    assert 2 * (found & changed).sum() / (found.sum() + changed.sum()) > 0.8
    # Another run goes on from what is there: nothing is trained anew, and the model is the same.
    weights = card["files"]
    assert CliRunner().invoke(app, command, catch_exceptions=False).exit_code == 0
    assert json.loads((model / "model.json").read_text())["files"] == weights
    # With another configuration the run folder is refused.
    (folder / "own.toml").write_text((folder / "own.toml").read_text().replace("steps = 80", "steps = 81"))
    with pytest.raises(InputError, match="another configuration"):
        CliRunner().invoke(app, command, catch_exceptions=False)
    # The weights begin another training.
    assert "0 tensors new" in begin_with(SCN(change_run.SMALL, tileable=True), str(model))


def test_a_run_that_was_stopped_goes_on(folder: Path, tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("idgbr.training.loop.CHECKPOINT_EVERY", 2)
    text = (folder / "own.toml").read_text().replace("steps = 30", "steps = 4")
    (folder / "own.toml").write_text(text.replace("validate_every = 15", "validate_every = 2"))
    config = read_change_config(folder / "own.toml")
    run(config, folder / "whole.run", folder / "whole", "cpu")
    real, calls = change_run.crop_pair, []

    def stopping(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) > 13:
            raise RuntimeError("stopped")
        return real(*arguments)

    monkeypatch.setattr(change_run, "cores", lambda: 1)
    monkeypatch.setattr(change_run, "crop_pair", stopping)
    with pytest.raises(RuntimeError, match="stopped"):
        run(config, folder / "cut.run", folder / "cut", "cpu")
    assert (folder / "cut.run" / "scn.checkpoint.pt").exists()
    assert not (folder / "cut").exists()
    monkeypatch.setattr(change_run, "crop_pair", real)
    calls.clear()
    run(config, folder / "cut.run", folder / "cut", "cpu")
    first, second = (json.loads((folder / n / "model.json").read_text()) for n in ("whole", "cut"))
    # Dropped branches are drawn anew, so that the weights differ; data, order and counts do not.
    counts = ("steps", "pairs", "validation_pairs", "preset")
    assert [first["training"][name] for name in counts] == [second["training"][name] for name in counts]
    assert second["training"]["best_step"] in (2, 4)
    assert first["date_statistics"] == second["date_statistics"]
    logs = [(folder / f"{n}.run" / "scn.csv").read_text().split() for n in ("whole", "cut")]
    assert [line.split(",")[0] for line in logs[0]] == [line.split(",")[0] for line in logs[1]]


def test_presets_are_the_published_recipe_and_a_short_one(folder: Path) -> None:
    published = ChangeConfig()
    assert (published.steps, published.batch, published.size, published.learning_rate) == (660_000, 8, 256, 5e-4)
    assert (published.warm_up, published.weight_decay, published.ema_decay, published.ema_every) == (
        600 / 12000, 2e-4, 0.9998, 8
    )  # fmt: skip
    config = read_change_config(folder / "own.toml")
    assert (config.shift, config.ema_every) == (PRESETS["short"]["shift"], 1)
    assert config.steps == 30, "the file counts more than the preset"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("steps = 30", "steps = 0"), "steps is 0; give 1 or more"),
        (("size = 64", "size = 100"), "size is 100; give a multiple of 16"),
        (('preset = "short"', 'preset = "long"'), "it is one of published, short"),
        (("batch = 4", "widths = 'tiny'"), "widths is 'tiny'; it is one of small, base"),
        (('"before4.tif"', '"nowhere.tif"'), "pair 2: before .*nowhere.tif does not exist"),
        (('"before4.tif"', '"."'), "three files, or three folders"),
        (("batch = 4", "bands = [1, 2]"), "name the three that the network reads"),
        (("batch = 4", "direction = 1"), "'direction' is no field"),
    ],
)
def test_wrong_configurations_are_told_of_at_once(folder: Path, change: tuple[str, str], message: str) -> None:
    path = folder / "own.toml"
    path.write_text(path.read_text().replace(*change, 1))
    with pytest.raises(InputError, match=message):
        read_change_config(path)


def test_folders_of_pairs_and_unknown_pixels(folder: Path) -> None:
    for name in ("before", "after", "changed"):
        (folder / name).mkdir()
        for seed in (3, 4):
            (folder / f"{name}{seed}.tif").rename(folder / name / f"{seed}.tif")
    with rasterio.open(folder / "after" / "4.tif", "r+") as raster:
        pixels = raster.read()
        pixels[:, :, :40] = 0
        raster.write(pixels)
        raster.nodata = 0
    own = OwnPair(str(folder / "before"), str(folder / "after"), str(folder / "changed"))
    pairs = read_pairs(ChangeConfig(pairs=(own,)), folder / "cache", Monitor())
    assert [pair.name for pair in pairs] == ["3", "4"]
    assert sorted(pair.validation for pair in pairs) == [False, True], "they lie apart: one of each"
    np.testing.assert_array_equal(pairs[0].pixels[..., 6] == 1, exchanged(3)[2])
    np.testing.assert_array_equal(pairs[0].pixels[..., :3], np.moveaxis(exchanged(3)[0], 0, 2))
    assert (pairs[1].pixels[:, :40, 6] == UNKNOWN).all()
    assert (pairs[1].pixels[:, 40:, 6] != UNKNOWN).all()
    (folder / "changed" / "4.tif").unlink()
    with pytest.raises(InputError, match="has no file 4 as"):
        read_pairs(ChangeConfig(pairs=(own,)), folder / "cache", Monitor())


def test_chips_without_a_crs_need_a_pixel_size(folder: Path) -> None:
    before, after, changed = exchanged(3)
    paths = [
        str(write(folder / f"chip_{n}.tif", p, crs=None))
        for n, p in (("a", before), ("b", after), ("l", changed.astype(np.uint8)[None]))
    ]
    with pytest.raises(InputError, match="say by gsd_m how large its pixels are"):
        read_pairs(ChangeConfig(pairs=(OwnPair(*paths),)), folder / "cache", Monitor())
    (pair,) = read_pairs(ChangeConfig(pairs=(OwnPair(*paths),), gsd_m=0.3), folder / "cache", Monitor())
    assert (pair.gsd_m, pair.validation) == (0.3, False)


def test_neighbours_are_one_place() -> None:
    pairs = [OwnPair("", "", "")] * 4 + [OwnPair("", "", "", "town")] * 2
    boxes = [shapely.box(x, 0, x + 1, 1) for x in (0, 5, 1, 2)] + [None, shapely.box(5, 0, 6, 1)]
    places = place_names(pairs, boxes)
    assert places[0] == places[2] == places[3] != places[1]
    assert places[4:] == ["town", "town"]


def test_both_dates_and_the_label_are_cropped_alike() -> None:
    rng = np.random.default_rng(1)
    label = np.kron(rng.integers(0, 2, (20, 20)), np.ones((10, 10))).astype(np.uint8)
    pixels = np.concatenate([np.repeat(label[..., None] * 150 + 50, 6, 2), label[..., None]], 2).astype(np.uint8)
    pair = KeptPair("p", pixels, 0.5, "p", validation=False)
    for seed in range(40):
        before, after, cropped = crop_pair([pair], 64, np.random.default_rng(seed))
        assert before.shape == after.shape == (64, 64, 3)
        np.testing.assert_array_equal(before, after)
        light, dark = before[cropped == 1].mean(), before[cropped == 0].mean()
        assert light > dark + 60
    moved = [crop_pair([pair], 64, np.random.default_rng(seed), 3.0) for seed in range(20)]
    assert 2 < sum((before != after).any() for before, after, _ in moved) < 18


def test_statistics_are_those_of_each_date() -> None:
    pixels = np.zeros((8, 8, 7), np.uint8)
    pixels[..., :3], pixels[..., 3:6] = 51, 102
    pixels[:2, :, :6], pixels[:2, :, 6] = 255, UNKNOWN
    first, second = statistics([KeptPair("p", pixels, 0.5, "p", validation=False)])
    np.testing.assert_allclose(first[0], 0.2, atol=1e-6)
    np.testing.assert_allclose(second[0], 0.4, atol=1e-6)


def test_taps_that_crops_never_reached_are_silent_and_change_nothing_on_crops() -> None:
    torch.manual_seed(3)
    net = SCN(SMALL, tileable=True).eval()
    date = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        expected = net(date, date.flip(3))[0]
        silent = without_untrained_taps(net, 64)
        torch.testing.assert_close(silent(date, date.flip(3))[0], expected)
    kernel = silent.attention[4].attend[1].weight
    assert not kernel[:, :, [0, 1, 5, 6]].any()
    assert kernel[:, :, 3, 3].any()
    assert silent.attention[2].attend[1].weight[:, :, 0].any(), "at finer levels all are reached"


def test_a_prior_begins_a_training(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file(SPN(SMALL, tileable=True).state_dict(), tmp_path / "prior.safetensors")
    assert "40 tensors new" in begin_with(SCN(SMALL, tileable=True), str(tmp_path / "prior.safetensors"))
    save_file({"other": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(InputError, match="not the weights of such a network"):
        begin_with(SCN(SMALL, tileable=True), str(tmp_path / "other.safetensors"))
    with pytest.raises(InputError, match="cannot be read"):
        begin_with(SCN(SMALL, tileable=True), str(tmp_path / "none.safetensors"))


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_the_device_is_said_aloud_and_a_forced_one_does_not_fall_back() -> None:
    messages: list[str] = []
    monitor = Monitor()
    monitor.info = messages.append  # type: ignore[method-assign]
    assert training_device("auto", monitor).type == "cpu"
    assert "CUDA not usable because" in messages[0]
    with pytest.raises(DeviceError, match="cannot be used for training"):
        training_device("cuda", monitor)
    with pytest.raises(DeviceError, match="is not known"):
        training_device("tpu", monitor)
