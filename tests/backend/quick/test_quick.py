"""Quick models: features and graphs agree, heads learn what labels show, and say how sure they are."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from idgbr.classes import ClassInfo
from idgbr.engines.devices import choose_device
from idgbr.engines.session import open_session
from idgbr.errors import InputError
from idgbr.models.backbone import Backbone
from idgbr.models.card import CoarseCard, read_card
from idgbr.models.coarse import CoarseModel
from idgbr.models.object_table import ObjectTable
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.own_labels.labels import OwnLabels, own_labels
from idgbr.own_labels.layer import read_label_layer
from idgbr.quick.bands import network_bands
from idgbr.quick.features import FeatureReader
from idgbr.quick.fit import (
    HeadForm,
    balanced_weights,
    best_temperature,
    class_shares,
    fit_head,
    head_logits,
    probabilities,
    with_shares,
)
from idgbr.quick.graph import BACKBONE_OUTPUTS, Head, save_head
from idgbr.quick.samples import Plan, Samples, take_samples
from idgbr.quick.train import WindowReader, train
from idgbr.quick.validate import Calibration, HeldOut
from idgbr.raster.reader import RasterSource
from tests.backend.labelled_images import dark_and_bright, ground, square, write_image, write_labels
from tests.backend.tiny_models import tiny_backbone, tiny_finder

CPU = choose_device("cpu", Monitor())


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny backbone on the search path."""
    monkeypatch.setenv("IDGBR_MODELS", str(tmp_path / "models"))
    return tiny_backbone(tmp_path / "models")


def reader_of(models: Path, bands: int = 3) -> FeatureReader:
    backbone = Backbone(models / "backbone" / "model.onnx", CPU, BACKBONE_OUTPUTS)
    seen = tuple(min(band, bands) for band in (1, 2, 3))
    return FeatureReader(
        backbone, CoarseCard("q", "1", "q", (), bands, (0.1, 1), 256, 32, {}, backbone_bands=seen), CPU
    )


def labels_on(folder: Path, image: np.ndarray, layer: str) -> OwnLabels:
    source = RasterSource(write_image(folder / "i.tif", image))
    return own_labels([(source, read_label_layer(layer, None, Monitor()))], "background", Monitor())


@pytest.mark.parametrize("bands", [1, 2, 3, 5, 12])
def test_a_head_computes_what_was_fitted_to_samples_of_features(
    models: Path, tmp_path: Path, bands: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("idgbr.engines.session.cpu_engine", lambda: "onnxruntime")  # OpenVINO may round to bfloat16
    rng = np.random.default_rng(4)
    image = rng.random((bands, 96, 128), np.float32)
    reader = reader_of(models, bands)
    maps = reader.maps(image)
    rows, cols = (places.ravel() for places in np.mgrid[0:48, 0:64])
    features = maps.at(rows, cols)
    assert features.shape == (48 * 64, sum(reader.layout.channels))
    classes = rng.integers(0, 3, rows.size)
    samples = Samples(features, classes, np.arange(rows.size), np.ones(3, np.int64), features)
    head = fit_head(samples, 3, HeadForm(hidden=8, iterations=5), reader.layout, 0)
    expected = probabilities(head_logits(head, features)).T.reshape(3, 48, 64)
    save_head(tmp_path / "head.onnx", reader.layout, head)
    (scores,) = open_session(tmp_path / "head.onnx", CPU).run(maps.inputs)
    assert scores.shape == (1, 3, 96, 128)
    # Bilinear enlargement: the mean of the four pixels of a cell is near its own value; pixels beside it differ.
    cells = scores[0].reshape(3, 48, 2, 64, 2).mean((2, 4))
    smoothed = _as_enlarged(expected)
    np.testing.assert_allclose(cells, smoothed, atol=1e-5)


def _as_enlarged(values: np.ndarray) -> np.ndarray:
    """The mean of each cell after a bilinear enlargement to twice the size."""
    padded = np.pad(values, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = 0.125 * padded[:, :-2] + 0.75 * padded[:, 1:-1] + 0.125 * padded[:, 2:]
    return 0.125 * rows[:, :, :-2] + 0.75 * rows[:, :, 1:-1] + 0.125 * rows[:, :, 2:]


def test_means_and_deviations_of_bands_are_features(models: Path) -> None:
    image = np.zeros((3, 64, 64), np.float32)
    image[0, ::2] = 1
    reader = reader_of(models)
    near = reader.maps(image).near[:, 16, 16]
    np.testing.assert_allclose(near[3:6], [0.5, 0, 0], atol=1e-3)  # after three channels of the backbone
    np.testing.assert_allclose(near[6:9], [0.5, 1e-3, 1e-3], atol=1e-3)
    np.testing.assert_allclose(near[9:12], [0.5 / 0.55, 0.5 / 0.55, 0], atol=1e-3)
    colour, own, fine, coarse = reader.layout.groups
    assert np.flatnonzero(colour).tolist() == [3, 4, 5, 9, 10, 11]
    assert np.flatnonzero(fine).tolist() == [0, 1, 2, 12, 13, 14]
    assert np.flatnonzero(coarse).tolist() == [21, 22, 23, 30, 31, 32]
    assert (own == ~(fine | coarse)).all()
    assert own.size == sum(reader.layout.channels) == 39


def test_samples_are_the_labelled_cells_with_an_equal_share_for_each_label(tmp_path: Path) -> None:
    shapes = [square(20, 20, 40), square(100, 20, 4), square(20, 180, 20), square(150, 180, 20)]
    layer = write_labels(tmp_path / "l.gpkg", shapes, ["dark", "dark", "bright", "bright"])
    labels = labels_on(tmp_path, ground(), layer)
    reader = WindowReader(reader_of(tmp_path / "models"), reader_of(tmp_path / "models").card)
    every = take_samples(labels, reader, np.random.default_rng(0), Monitor())
    assert np.bincount(every.labels).tolist() == [400, 4, 100, 100]
    assert every.pixels.tolist() == [800, 1616]
    few = take_samples(labels, reader, np.random.default_rng(0), Monitor(), Plan(most=120))
    assert np.bincount(few.labels).tolist() == [56, 4, 30, 30]
    assert (few.classes == np.array([1, 1, 0, 0])[few.labels]).all()
    weights = balanced_weights(few.classes, few.labels)
    assert weights[few.classes == 0].sum() == pytest.approx(weights[few.classes == 1].sum())


def test_a_model_is_fitted_validated_and_describes_itself(tmp_path: Path) -> None:
    labels = labels_on(tmp_path, ground(), dark_and_bright(tmp_path / "l.gpkg"))
    trained = train(labels, "mine", CPU, Monitor())
    (tmp_path / "mine").mkdir()
    card = trained.save(tmp_path / "mine")
    figures = card.accuracy["cross-validation by block"]["all"]
    assert figures["coarse mIoU"] == 1
    assert figures["IoU dark"] == figures["F1 bright"] == 1
    assert 0 <= figures["calibration error"] < 0.1
    assert card.further["training"]["classes"]["dark"]["labels"] == 3
    assert card.gsd_range_m == pytest.approx((0.4, 0.625), rel=1e-2)
    assert card.backbone is not None
    assert not card.scaling.low


def test_touching_objects_of_a_class_that_the_bundled_model_finds_are_parted(models: Path, tmp_path: Path) -> None:
    """Its head for the contact of objects, which reads the same features, is taken over."""
    tiny_finder(models)
    labels = labels_on(tmp_path, ground(), dark_and_bright(tmp_path / "l.gpkg"))
    trained = train(labels, "mine", CPU, Monitor())
    (tmp_path / "mine").mkdir()
    trained.save(tmp_path / "mine")
    card = read_card(tmp_path / "mine")
    assert isinstance(card, CoarseCard)
    (bright,) = (info.id for info in card.classes if info.name == "bright")
    assert card.objects == ObjectTable(0.4, core_m2=2.0, classes=(bright,))
    image = np.random.default_rng(2).random((3, 64, 64), np.float32)
    found = CoarseModel(tmp_path / "mine", card, CPU, contact=True).predict(image)
    expected = CoarseModel(models / "buildings", find_model("buildings", "coarse")[1], CPU, contact=True).predict(image)
    assert np.array_equal(found[-1], expected[-1])
    assert np.allclose(found[:-1].sum(0), 1, atol=1e-2)


def test_classes_that_the_bundled_model_does_not_find_stay_whole(models: Path, tmp_path: Path) -> None:
    tiny_finder(models)
    image = ground() // 4  # too dark for it
    trained = train(labels_on(tmp_path, image, dark_and_bright(tmp_path / "l.gpkg")), "mine", CPU, Monitor())
    assert (trained.card.objects, trained.contact) == (None, None)


def test_the_same_labels_and_seed_give_the_same_model(tmp_path: Path) -> None:
    labels = labels_on(tmp_path, ground(), dark_and_bright(tmp_path / "l.gpkg"))
    one, same, other = (train(labels, "mine", CPU, Monitor(), seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.head.first, same.head.first)
    assert not np.array_equal(one.head.first, other.head.first)


def test_values_of_other_types_are_scaled_as_in_the_training(tmp_path: Path) -> None:
    labels = labels_on(tmp_path, ground(bands=4, dtype="uint16"), dark_and_bright(tmp_path / "l.gpkg"))
    card = train(labels, "mine", CPU, Monitor()).card
    assert card.bands == 4
    assert card.backbone_bands == (1, 2, 3)
    assert len(card.scaling.low) == 4
    assert 1000 < card.scaling.low[0] < 3000
    assert 7000 < card.scaling.high[0] < 9000


def test_the_backbone_sees_declared_colours_else_the_first_bands(tmp_path: Path) -> None:
    def bands(count: int, **profile: object) -> object:
        return astuple(network_bands([RasterSource(write_image(tmp_path / "b.tif", ground(32, count), **profile))]))

    assert bands(1, photometric="minisblack") == (1, (), (1, 1, 1))
    assert bands(2, photometric="minisblack") == (2, (), (1, 2, 2))
    assert bands(3, photometric="rgb") == (3, (), ())
    assert bands(4, photometric="rgb", alpha="unspecified") == (4, (), (1, 2, 3))
    assert bands(14, photometric="minisblack") == (12, (), (1, 2, 3))


def test_rasters_of_differing_bands_are_told(tmp_path: Path) -> None:
    sources = [RasterSource(write_image(tmp_path / f"{n}.tif", ground(32, n))) for n in (3, 5)]
    with pytest.raises(InputError, match=r"5\.tif: has 5 data bands, but .*3\.tif has 3"):
        network_bands(sources)


def test_labels_without_data_are_left_out_or_told(tmp_path: Path) -> None:
    image = ground()
    image[:, :, :128] = 0
    source = RasterSource(write_image(tmp_path / "i.tif", image, nodata=0))
    layer = read_label_layer(dark_and_bright(tmp_path / "l.gpkg"), None, Monitor())
    with pytest.raises(InputError, match="dark: all labels lie on ground without data"):
        train(own_labels([(source, layer)], "background", Monitor()), "mine", CPU, Monitor())


def test_the_temperature_is_bounded_by_the_number_of_labels() -> None:
    """All held-out samples are right, so the best temperature is the lowest; a wrong one needs a high one."""
    logits, truth, weights = np.array([[2.0, 0.0]] * 8, np.float32), np.zeros(8, np.int64), np.full(8, 1 / 8)
    assert best_temperature(logits, truth, weights, 5) == pytest.approx(0.13 * np.sqrt(5), rel=0.03)
    assert best_temperature(logits, truth, weights, 1000) == pytest.approx(0.7, rel=0.03)
    truth[:3] = 1
    assert best_temperature(logits, truth, weights, 5) == pytest.approx(2 / np.log(5 / 3), rel=0.03)


def test_labels_that_all_contradict_each_other_are_told(tmp_path: Path) -> None:
    layer = write_labels(tmp_path / "l.gpkg", [square(20, 20), square(20, 20)], ["dark", "bright"])
    with pytest.raises(InputError, match=r"bright, dark: all labels lie on ground .* or overlap other classes"):
        train(labels_on(tmp_path, ground(), layer), "mine", CPU, Monitor())


def test_held_out_samples_weigh_as_the_shares_of_their_classes() -> None:
    """One of two samples of the rare class is wrong; three of four of the other are right."""
    logits = np.array([[4.0, 0.0]] * 3 + [[0.0, 4.0]] + [[0.0, 4.0], [4.0, 0.0]], np.float32)
    held = HeldOut(logits, np.array([0, 0, 0, 0, 1, 1]))
    classes = [ClassInfo(1, "ground", (0, 0, 0)), ClassInfo(2, "pool", (0, 0, 9))]
    shares = np.array([0.9, 0.1])
    assert held.weights(shares).tolist() == pytest.approx([0.225] * 4 + [0.05] * 2)
    figures = held.figures(Calibration(1.0, shares), classes)
    assert figures["IoU pool"] == pytest.approx(0.05 / (0.1 + 0.225), abs=1e-4)
    assert figures["F1 pool"] == pytest.approx(0.1 / (0.1 + 0.275), abs=1e-4)
    assert figures["coarse mIoU"] == pytest.approx((0.675 / 0.95 + 0.05 / 0.325) / 2, abs=1e-4)
    sure, unsure = 0.9 * np.e**4 / (0.9 * np.e**4 + 0.1), 0.1 * np.e**4 / (0.1 * np.e**4 + 0.9)
    expected = abs(0.725 * sure - 0.675) + abs(0.275 * unsure - 0.05)
    assert figures["calibration error"] == pytest.approx(expected, abs=1e-4)


def test_a_head_finds_the_shares_of_the_classes_on_the_ground() -> None:
    """Its bias moves by their logarithm; a class that occurs nowhere is not ruled out."""
    one = np.ones(1, np.float32)
    head = Head(0 * one, one, one[None], 0 * one, np.array([[-9.0, 9.0, 0.0]], np.float32), np.array([0, 0, -20], "f4"))
    found = class_shares(head, np.array([[-3.0]] * 30 + [[3.0]] * 10, np.float32))
    assert found.tolist() == pytest.approx([0.75, 0.25, 0.1 / 40], abs=4e-3)
    assert class_shares(head, np.empty((0, 1), np.float32)).tolist() == pytest.approx([1 / 3] * 3)
    moved = with_shares(head, found)
    assert moved.second_bias - head.second_bias == pytest.approx(np.log(3 * found), abs=1e-6)
