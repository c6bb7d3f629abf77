"""`idgbr train-refiner`: its configuration, and a refiner for one's own images of four bands."""

# ruff: noqa: E402 (imports come after the check that torch is installed)
from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from typer.testing import CliRunner

from idgbr.errors import InputError
from idgbr.monitor import Monitor
from idgbr.run import run_job
from idgbr.scenes import Scene, make_scene
from idgbr.training.cli import app
from idgbr.training.labels import IGNORE
from idgbr.training.places import commonest, own_place
from idgbr.training.refiner_config import OwnImage, RefinerConfig, read_config
from idgbr.training.train_refiner import train_refiner

TRANSFORM = Affine(0.5, 0, 500000, 0, -0.5, 5000000)


def write(path: Path, bands: np.ndarray) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands), dtype=bands.dtype,
        crs="EPSG:32633", transform=TRANSFORM,
    ) as out:  # fmt: skip
        out.write(bands)
    return path


@cache
def drawn_scene(seed: int) -> Scene:
    """A scene of 192 × 192 px of half a metre."""
    return make_scene(192, 192, gsd_m=0.5, seed=seed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two scenes with near infrared as a fourth band of 16 bits, classes numbered in tens, and a configuration."""
    for seed in (3, 4):
        scene = drawn_scene(seed)
        infrared = np.where(scene.classes == 3, 230, 60).astype(np.uint8)
        image = np.concatenate([scene.image, infrared[None]]).astype(np.uint16) * 40
        write(tmp_path / f"image{seed}.tif", image)
        write(tmp_path / f"labels{seed}.tif", (scene.classes * 10 + 10)[None])
    (tmp_path / "own.toml").write_text(
        """
bundled = false
bands = [4, 1, 2, 3]
easy_steps = 2
steps = 3
batch = 2
size = 64

[[images]]
image = "image3.tif"
labels = "labels3.tif"

[[images]]
image = "image4.tif"
labels = "labels4.tif"
calibration = true
"""
    )
    return tmp_path


def test_a_refiner_of_four_bands_is_trained_goes_on_and_refines(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models, runs = folder / "models", folder / "run"
    command = ["train-refiner", str(folder / "own.toml"), "--run", str(runs), "--models", str(models)]
    outcome = CliRunner().invoke(app, command, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    card = json.loads((models / "refiner" / "model.json").read_text())
    assert (card["bands"], card["band_map"]) == (4, [4, 1, 2, 3])
    assert card["gsd_range_m"] == pytest.approx([0.4, 3.0], rel=0.01)
    assert [row[0] for row in card["margins"]["1"]] == [pytest.approx(0.5, rel=0.01)]
    assert list(card["training"]["data"]) == ["image3", "image4"]
    assert "Training of a refiner" in (runs / "curves.html").read_text(encoding="utf-8")

    # What is done is not done again, and what another configuration began is left alone.
    made = (runs / "refiner.safetensors").stat().st_mtime_ns
    assert CliRunner().invoke(app, command, catch_exceptions=False).exit_code == 0
    assert (runs / "refiner.safetensors").stat().st_mtime_ns == made
    text = (folder / "own.toml").read_text().replace("steps = 3", "steps = 4")
    (folder / "own.toml").write_text(text)
    with pytest.raises(InputError, match="was begun with another configuration"):
        CliRunner().invoke(app, command, catch_exceptions=False)

    monkeypatch.setenv("IDGBR_MODELS", str(models))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    given = {"input": str(folder / "image3.tif"), "coarse": str(folder / "labels3.tif"), "device": "cpu"}
    classes = folder / "classes.tif"
    run_job("refine", given | {"output": str(folder / "out.gpkg"), "output_classes": str(classes)}, Monitor())
    with rasterio.open(classes) as found, rasterio.open(folder / "labels3.tif") as before:
        assert set(np.unique(found.read(1))) <= set(np.unique(before.read(1)))
    narrow = write(folder / "narrow.tif", np.zeros((3, 192, 192), np.uint8))
    with pytest.raises(InputError, match="needs 4"):
        run_job("refine", given | {"input": str(narrow), "output": str(folder / "out.gpkg")}, Monitor())


def test_own_images_are_read_band_by_band_with_their_classes_renumbered(folder: Path) -> None:
    own = OwnImage(str(folder / "image3.tif"), str(folder / "labels3.tif"))
    place = own_place(own, (4, 1), Monitor())
    assert place.levels[0].shape == (192, 192, 2)
    scene = drawn_scene(3)
    green = scene.classes == 3
    assert place.levels[0][green, 0].min() > place.levels[0][~green, 0].max()
    for value in np.unique(scene.classes):
        assert len(np.unique(place.labels[scene.classes == value])) == 1
    counts = np.bincount(place.labels.ravel())
    assert (np.diff(counts) <= 0).all(), "the commonest class comes first"


def test_the_same_seed_gives_the_same_weights(folder: Path) -> None:
    place = own_place(OwnImage(str(folder / "image3.tif"), str(folder / "labels3.tif")), (1, 2), Monitor())
    first, second, other = (
        train_refiner([place], easy_steps=1, steps=1, folder=folder / name, seed=seed, batch=1, size=64, bands=2)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    weights = [net.denoiser.head.weight for net in (first, second, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_rare_classes_are_one() -> None:
    labels = np.repeat(np.array([7, 3, 9, 4, IGNORE], np.uint8), [1, 5, 3, 2, 4])
    np.testing.assert_array_equal(commonest(labels, 3), np.repeat([2, 0, 1, 2, IGNORE], [1, 5, 3, 2, 4]))


def test_an_empty_file_is_the_shipped_refiner(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("")
    assert read_config(tmp_path / "empty.toml") == RefinerConfig()
    assert RefinerConfig().shipped
    with pytest.raises(InputError, match="name its folder by --data"):
        CliRunner().invoke(app, ["train-refiner", "--run", str(tmp_path / "run")], catch_exceptions=False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("steps = ", "is no valid TOML"),
        ("step = 5", "'step' is no field; there are bundled, scenes"),
        ("steps = 0", "steps is 0; give 1 or more"),
        ("steps = true", "steps is True; give a whole number"),
        ("bundled = 1", "bundled is 1; give true or false"),
        ("size = 100", "size is 100; give a multiple of 16"),
        ("learning_rate = 2", "learning_rate is 2.0; give a number between 0 and 1"),
        ("bands = [0, 1, 2]", "counted from 1"),
        ("bands = [1]", "the bundled imagery has three bands, not 1"),
        ("bundled = false", "there is nothing to train on"),
        ("images = 3", "images must be tables"),
        ("[[images]]\nimage = 'image3.tif'", "image 1: labels is missing"),
        ("[[images]]\nimage = 'image3.tif'\nlabels = 'none.gpkg|x'", "none.gpkg|x does not exist"),
        ("[[images]]\nimage = 'image3.tif'\nlabels = 'labels3.tif'\nbackground = 'maybe'", "background is 'maybe'"),
        ("[[images]]\nimage = 'image3.tif'\nlabels = 'labels3.tif'\nbands = [1, 2]", "bands has 2, the network 3"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_in_one_line(folder: Path, text: str, reason: str) -> None:
    path = folder / "wrong.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_config(path)
    message: Any = str(caught.value)
    assert message.startswith(str(path))
    assert reason in message
    assert "\n" not in message


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_config(tmp_path / "none.toml")
