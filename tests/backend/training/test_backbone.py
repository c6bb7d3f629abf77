"""The backbone: its encoder, samples, losses, training, calibration and export."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from idgbr.engines.devices import list_devices  # noqa: E402
from idgbr.errors import ModelError  # noqa: E402
from idgbr.models.card import BackboneReference  # noqa: E402
from idgbr.models.coarse import CoarseModel  # noqa: E402
from idgbr.models.object_table import ObjectTable  # noqa: E402
from idgbr.models.registry import find_model  # noqa: E402
from idgbr.training import backbone_data, lite0  # noqa: E402
from idgbr.training.backbone import HEADS, MultiTaskNet, TaskNet, pretrained  # noqa: E402
from idgbr.training.backbone_data import contact_of, draw_sample  # noqa: E402
from idgbr.training.backbone_loss import Batch, backbone_loss  # noqa: E402
from idgbr.training.calibrate_heads import (  # noqa: E402
    PlaceLogits,
    PlaceMap,
    best_threshold,
    calibrate_heads,
    fit_temperature,
    reliability,
)
from idgbr.training.calibrate_objects import ContactNet  # noqa: E402
from idgbr.training.dated_places import DATASET as INFRARED  # noqa: E402
from idgbr.training.export_backbone import export_backbone  # noqa: E402
from idgbr.training.labels import (  # noqa: E402
    BUILDING,
    BUILT_UP,
    IGNORE,
    NOT_BUILDING,
    UNKNOWN,
    VEGETATION,
)
from idgbr.training.networks import CoarseProbabilities  # noqa: E402
from idgbr.training.places import Place, pyramid  # noqa: E402
from idgbr.training.train_backbone import judge, schedule, train_backbone, truth_of  # noqa: E402


def place(name: str, dataset: str, *, calibration: bool = False, objects: bool = False) -> Place:
    """Bright squares on dark ground, labelled as buildings."""
    labels = np.full((200, 220), NOT_BUILDING, np.uint8)
    numbers = np.zeros(labels.shape, np.uint16)
    for number, (row, col) in enumerate([(20, 20), (20, 60), (100, 120)], 1):
        labels[row : row + 40, col : col + 40] = BUILDING
        numbers[row : row + 40, col : col + 40] = number
    image = np.where(labels[..., None] == BUILDING, 200, 50).astype(np.uint8).repeat(3, 2)
    return Place(
        name, dataset, labels, 0.3, -1, pyramid(image), calibration=calibration, objects=numbers if objects else None
    )


def test_imagenet_weights_fit_by_name_and_give_what_the_package_gives() -> None:
    """The stem's kernel and the last block's statistics are those of the file."""
    net = lite0.EfficientNetLite0()
    lite0.load_imagenet(net)
    stored = torch.load(lite0.imagenet_weights(), weights_only=True)
    assert torch.equal(net.stem[0].weight, stored["_conv_stem.weight"])
    assert torch.equal(net.groups[6][0].body[7].running_var, stored["_blocks.15._bn2.running_var"])
    features = net.eval()(torch.rand(1, 3, 64, 96))
    assert [tuple(f.shape[1:]) for f in features] == [
        (c, 64 // s, 96 // s) for c, s in zip(lite0.CHANNELS, (2, 4, 8, 16, 32), strict=True)
    ]


def test_a_changed_weight_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lite0, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="not the ImageNet weights of version"):
        lite0.imagenet_weights()
    monkeypatch.setattr(lite0, "PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match="is missing; run `make setup-train`"):
        lite0.imagenet_weights()


def test_convolutions_pad_as_tensorflow_does() -> None:
    """At a stride of 2 a 3×3 kernel sees one pixel more on the right and at the bottom, none on the left."""
    conv = lite0.SameConv2d(1, 1, 3, 2, bias=False)
    torch.nn.init.ones_(conv.weight)
    assert conv(torch.ones(1, 1, 4, 4))[0, 0].tolist() == [[9, 6], [6, 4]]


def test_first_layers_stay_as_imagenet_made_them() -> None:
    net = pretrained().train()
    assert not any(p.requires_grad for p in net.backbone.encoder.stem.parameters())
    assert all(p.requires_grad for p in net.backbone.encoder.groups[6].parameters())
    assert not any(m.training for m in net.backbone.encoder.modules() if isinstance(m, torch.nn.BatchNorm2d))


def test_contact_is_where_two_objects_meet() -> None:
    numbers = np.zeros((20, 30), np.uint16)
    numbers[5:15, 2:10], numbers[5:15, 10:20], numbers[5:15, 27:] = 1, 2, 3
    contact = contact_of(numbers)
    assert contact[10, 8:12].all()
    assert not contact[10, :8].any()
    assert not contact[10, 12:].any()


@pytest.mark.parametrize(("size", "error_m"), [(128, 0.0), (320, 0.0), (128, 1.5)])
def test_samples_keep_image_and_labels_together(size: int, error_m: float) -> None:
    """Bright pixels are buildings; of places too small for a sample four crops make one; rough outlines are ignored."""
    pool = [dataclasses.replace(place("p", "d", objects=True), label_error_m=error_m)]
    rng = np.random.default_rng(3)
    found = 0
    for _ in range(6):
        sample = draw_sample(pool, size, rng)
        assert sample.image.shape == (size, size, 3)
        grey = sample.image.mean(2)
        bright, dark = grey[sample.labels == BUILDING], grey[sample.labels == NOT_BUILDING]
        if bright.size > 50 and dark.size > 50 and abs(np.median(bright) - np.median(dark)) > 20:
            found += 1
        assert set(np.unique(sample.contact)) <= {0, 1, UNKNOWN}
        assert (sample.contact[sample.labels == IGNORE] == UNKNOWN).all()
        assert (sample.near.max() > 0) == (not error_m)
    assert found >= 3


def test_built_up_ground_teaches_land_cover_alone() -> None:
    """A block mapped as built-up pushes the land cover's building up, and says nothing to the head of buildings."""
    logits = {name: torch.zeros(1, outputs, 8, 8, requires_grad=True) for name, outputs in HEADS.items()}
    labels = torch.full((1, 16, 16), BUILT_UP, dtype=torch.uint8)
    nothing = torch.zeros_like(labels)
    batch = Batch(torch.zeros(1, 3, 16, 16), labels, torch.full_like(labels, UNKNOWN), nothing)
    backbone_loss(logits, batch).backward()
    assert float(logits["buildings"].grad.abs().max()) == 0
    assert float(logits["landcover"].grad[0, BUILDING].max()) < 0
    assert logits["contact"].grad is None


def test_learning_rate_is_constant_until_it_falls_at_the_end() -> None:
    assert schedule(0, 1000) == pytest.approx(1 / 300)
    assert schedule(400, 1000) == schedule(800, 1000) == 1
    assert schedule(999, 1000) < 0.03


def test_ground_that_is_taken_for_buildings_lowers_the_score(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.full((60, 60), IGNORE, np.uint8)
    labels[:8] = VEGETATION
    labels[20:24, :10] = NOT_BUILDING
    labels[20:24, 30:] = NOT_BUILDING
    held = Place("santa_monica", INFRARED, labels, 0.6, -1, [np.zeros((60, 60, 3), np.uint8)], calibration=True)

    def left_half(net: torch.nn.Module, place: Place, gsd_m: float) -> np.ndarray:
        found = np.zeros((*place.labels.shape, 2), np.uint8)
        found[:, : place.labels.shape[1] // 2, 1] = 255
        found[..., 0] = 255 - found[..., 1]
        return found

    monkeypatch.setattr("idgbr.training.train_backbone.predict_place", left_half)
    scene = place("b", "roofs_geneva_pv", calibration=True)
    alone, both = judge(MultiTaskNet(), [scene]), judge(MultiTaskNet(), [scene, held])
    assert both.building_iou == alone.building_iou
    assert np.isnan(alone.ground)
    # Half of the vegetation and a quarter of the pools are taken for buildings.
    assert both.ground == pytest.approx((0.5 + 0.75) / 2)
    assert both.score == pytest.approx((alone.score + both.ground) / 2)


def test_training_goes_on_and_its_export_agrees_with_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run continues from its checkpoint; backbone and heads in the engine give torch's probabilities."""
    monkeypatch.setattr(backbone_data, "GSD_RANGE_M", (0.3, 0.4))
    places = [place("a", "buildings_oam_drone", objects=True), place("b", "roofs_geneva_pv", calibration=True)]
    run = tmp_path / "run"
    train_backbone(places, steps=1, folder=run, batch=1, size=64)
    net = train_backbone(places, steps=2, folder=run, batch=1, size=64)
    rows = (run / "backbone.judged.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["1", "2"]
    aside = [p for p in places if p.calibration]
    found = judge(net, aside)
    assert set(found.building_iou) == {"roofs_geneva_pv"}
    (run / "backbone.csv").write_text("2,1.0,60.0\n")
    calibration = calibrate_heads(net, aside)
    assert set(calibration) == {"buildings"}
    # Without shift and temperature the engine gives what torch gives.
    table = {"threshold": 0.2, "margin": 1.0, "core_m2": 4.0}
    export_backbone(run, tmp_path / "models", {"buildings": {"objects": table}})
    monkeypatch.setenv("IDGBR_MODELS", str(tmp_path / "models"))
    folder, card = find_model("buildings", "coarse")
    image = np.random.default_rng(0).random((3, 160, 160), dtype=np.float32)
    ours = CoarseModel(folder, card, list_devices()[-1]).predict(image)
    with torch.inference_mode():
        expected = CoarseProbabilities(TaskNet(net, "buildings")).eval()(torch.from_numpy(image)[None])[0].numpy()
    assert ours.shape == (2, 160, 160)
    assert np.abs(ours - expected).max() < 0.02
    assert card.objects == ObjectTable(**table)
    both = CoarseModel(folder, card, list_devices()[-1], contact=True).predict(image)
    with torch.inference_mode():
        contact = CoarseProbabilities(ContactNet(net)).eval()(torch.from_numpy(image)[None])[0, 1].numpy()
    assert np.abs(both[:2] - ours).max() < 1e-3
    assert np.abs(both[2] - contact).max() < 0.02
    other = dataclasses.replace(card, backbone=BackboneReference("backbone", "0" * 64))
    with pytest.raises(ModelError, match="not the backbone that model 'buildings' was trained on"):
        CoarseModel(folder, other, list_devices()[-1])
    monkeypatch.delenv("IDGBR_MODELS")
    with pytest.raises(ModelError, match="backbone"):
        find_model(str(folder), "coarse")


def test_calibration_softens_what_is_too_sure() -> None:
    """Probabilities made twice too sharp get a temperature of 2; then confidence is the share that is right."""
    rng = np.random.default_rng(0)
    margin = rng.normal(0, 2, 20_000)
    truth = (rng.random(20_000) < 1 / (1 + np.exp(-margin))).astype(np.uint8)
    log_p = -np.log1p(np.exp(np.stack([2 * margin, -2 * margin], 1))).astype(np.float32)
    held = [PlaceLogits("d", log_p, truth)]
    assert fit_temperature(held) == pytest.approx(2, abs=0.1)
    for confidence, right, share in reliability(held, 2.0):
        assert share < 0.05 or abs(confidence - right) < 0.03


def test_the_threshold_keeps_neighbours_apart() -> None:
    """Ground between two buildings has a probability of .42, and a fringe that belongs to them one of .47."""
    truth = np.zeros((60, 60), np.uint8)
    truth[10:50, 5:28] = truth[10:50, 32:55] = 1
    p = np.where(truth == 1, 0.9, 0.1).astype(np.float32)
    p[10:50, 28:32] = 0.42
    p[10:50, 5:7] = p[10:50, 53:55] = 0.47
    assert best_threshold([PlaceMap("d", p, truth), PlaceMap("e", p, truth)]) == 0.45


def test_truth_of_buildings_and_land_cover() -> None:
    """Of a place of buildings all other ground is background; built-up ground is building in land cover."""
    building = place("p", "d")
    assert set(np.unique(truth_of(building, (100, 110)))) == {0, 1}
    cover = dataclasses.replace(building, labels=np.full((8, 8), BUILT_UP, np.uint8))
    assert (truth_of(cover, (8, 8)) == BUILDING).all()
    assert isinstance(MultiTaskNet(), torch.nn.Module)
