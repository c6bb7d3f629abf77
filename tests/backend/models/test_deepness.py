"""ONNX files of the Deepness model zoo: taken as their metadata and shapes say, or refused with the reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from onnx import TensorProto, helper

from idgbr.engines.devices import Device
from idgbr.errors import ModelError
from idgbr.jobs.segment import run_segment
from idgbr.models.coarse import CoarseModel
from idgbr.models.deepness import deepness_card
from idgbr.models.manage import add_model
from idgbr.models.registry import user_folder
from idgbr.monitor import Monitor
from idgbr.parameters import SegmentParameters
from tests.backend.tiny_models import save_graph, save_nodes

SAME = [helper.make_node("Identity", ["x"], ["y"])]
CPU = Device("cpu", "a CPU", "onnxruntime", 0, None)
TWO = np.ones((2, 3)), np.zeros(2)


class Told(Monitor):
    """Keeps what is told."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def info(self, message: str) -> None:
        """Keep it."""
        self.lines.append(message)


def test_all_that_the_metadata_say(tmp_path: Path) -> None:
    path = tmp_path / "zoo.onnx"
    metadata = {
        "model_type": '"Segmentor"', "class_names": '{"0": "field", "1": "road"}', "resolution": "12.5",
        "tile_size": "256", "tiles_overlap": "25", "seg_thresh": "0.75", "seg_small_segment": "7",
        "standardization_mean": "[0.4, 0.5, 0.6]", "standardization_std": "[0.2, 0.25, 0.3]",
    }  # fmt: skip
    save_graph(path, *TWO, metadata)
    card = deepness_card(path)
    assert [(c.name, c.background) for c in card.classes] == [("field", False), ("road", False)]
    assert card.gsd_range_m == (0.125, 0.125)
    assert (card.tile, card.halo) == (256, 32)
    assert (card.scaling.mean, card.scaling.std) == ((0.4, 0.5, 0.6), (0.2, 0.25, 0.3))
    assert (card.activation, card.threshold, card.further) == ("auto", 0.75, {})


@pytest.mark.parametrize(
    ("metadata", "names"),
    [
        ({}, ["background", "class 1"]),
        ({"class_names": '{"0": "_background", "1": "road"}'}, ["_background", "road"]),
        ({"class_names": "{0: 'none', 1: 'road'}"}, ["none", "road"]),
        ({"class_names": '["background", "road"]'}, ["background", "road"]),
        ({"class_names": '["not_road", "road"]'}, ["not_road", "road"]),
        ({"class_names": '[{"0": "background", "1": "road"}, {"0": "x", "1": "y"}]'}, ["background", "road"]),
        ({"names": "{0: 'background', 1: 'road'}"}, ["background", "road"]),
        ({"class_names": '{"1": "road"}'}, ["background", "road"]),
    ],
)
def test_names_of_classes_in_all_forms(tmp_path: Path, metadata: dict[str, str], names: list[str]) -> None:
    path = tmp_path / "m.onnx"
    save_graph(path, *TWO, metadata | {"resolution": "10"})
    classes = deepness_card(path).classes
    assert [c.name for c in classes] == names
    assert [c.background for c in classes] == [True, False]


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"model_type": '"Detector"'}, "its model_type is Detector, only Segmentor"),
        ({"model_type": "Regressor"}, "its model_type is Regressor"),
        ({"resolution": "fine"}, "'resolution' is 'fine', which is no number"),
        ({"tiles_size": '"?"'}, "which is no number"),
        ({"tiles_overlap": "100"}, "an overlap of 100 %"),
        ({"seg_thresh": "1.5"}, "a threshold of 1.5"),
        ({"class_names": '{"0": "a", "1": "b", "2": "c"}'}, "number the classes 0 to 2, but it gives 2 of them"),
        ({"class_names": "roads"}, "'class_names' is 'roads', which does not name classes"),
        ({"standardization_mean": "[1, 2]", "standardization_std": "[1, 2]"}, "one number a band"),
        ({"standardization_mean": '["a"]', "standardization_std": "[1]"}, "which is no number"),
    ],
)
def test_metadata_that_make_no_sense_are_refused(tmp_path: Path, metadata: dict[str, str], said: str) -> None:
    path = tmp_path / "m.onnx"
    save_graph(path, *TWO, {"resolution": "10"} | metadata)
    with pytest.raises(ModelError, match=said):
        deepness_card(path)


@pytest.mark.parametrize(
    ("given", "made", "said"),
    [
        ([1, 3, 64, 64], [1, 3, 128, 128], "gives 128 px for a tile of 64 px"),
        ([1, 3, 64, 64], [1, 3, 16, 16], "gives 16 px for a tile of 64 px"),
        ([1, 3, 64, 32], [1, 2, 64, 32], "takes tiles of 64 × 32 px"),
        ([1, 3, 64, 64], ["n", 128], r"gives values of shape .*128., no classes of pixels"),
        ([1, 3], [1, 3], r"takes tensor\(float\) \(1, 3\); only models that take one image"),
    ],
)
def test_shapes_that_are_no_classes_of_pixels_are_refused(
    tmp_path: Path, given: list[int], made: list[int | str], said: str
) -> None:
    path = tmp_path / "m.onnx"
    shape = np.array([side if isinstance(side, int) else 1 for side in made], np.int64)
    nodes = [
        helper.make_node("ReduceSum", ["x"], ["sum"], keepdims=0),
        helper.make_node("Expand", ["sum", "to"], ["y"]),
    ]
    save_nodes(path, nodes, given, {"y": made}, {"resolution": "10"}, constants={"to": shape})
    with pytest.raises(ModelError, match=said):
        deepness_card(path)


def test_several_images_and_other_numbers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    save_nodes(path, SAME, [1, 3, 8, 8], {"y": [1, 3, 8, 8]}, {"resolution": "10"}, types=(TensorProto.UINT8,) * 2)
    with pytest.raises(ModelError, match=r"takes tensor\(uint8\) \(1, 3, 8, 8\); only"):
        deepness_card(path)


def model(path: Path, gsd_m: float = 0.1) -> CoarseModel:
    return CoarseModel(path.parent, deepness_card(path, gsd_m), CPU)


@pytest.mark.parametrize("engine", ["onnxruntime", "openvino"])
class TestWhatNetworksGive:
    """Graphs that give the image itself, or a part of it, as scores."""

    @pytest.fixture(autouse=True)
    def engine(self, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """The engine that runs them."""
        if engine == "openvino":
            pytest.importorskip("openvino")
        monkeypatch.setenv("IDGBR_CPU_ENGINE", engine)

    @pytest.fixture
    def image(self) -> np.ndarray:
        """Three bands, of 64 × 64 pixels."""
        return np.random.default_rng(0).random((3, 64, 64), np.float32)

    def test_channels_last_and_tiles_by_the_batch(self, tmp_path: Path, image: np.ndarray) -> None:
        path = tmp_path / "m.onnx"
        save_nodes(path, SAME, [4, 64, 64, 3], {"y": [4, 64, 64, 3]})
        loaded = model(path)
        assert (loaded.card.bands, loaded.card.tile, len(loaded.card.classes)) == (3, 64, 3)
        assert np.allclose(loaded.predict(image), image / image.sum(0), atol=0.01)

    @pytest.mark.parametrize("made", [["n", 64, 64], ["n", 1, 64, 64]])
    def test_one_class_with_and_without_its_channel(
        self, tmp_path: Path, image: np.ndarray, made: list[int | str]
    ) -> None:
        path = tmp_path / "m.onnx"
        node = helper.make_node("ReduceMean", ["x", "axes"], ["y"], keepdims=len(made) - 3)
        axes = {"axes": np.array([1], np.int64)}
        save_nodes(path, [node], ["n", 3, 64, 64], {"y": made}, {"class_names": '[{"0": "Coffee"}]'}, constants=axes)
        loaded = model(path)
        assert [(c.name, c.background) for c in loaded.card.classes] == [("background", True), ("Coffee", False)]
        assert np.allclose(loaded.predict(image)[1], image.mean(0), atol=0.01)

    def test_numbers_of_classes(self, tmp_path: Path, image: np.ndarray) -> None:
        path = tmp_path / "m.onnx"
        node = helper.make_node("ArgMax", ["x"], ["y"], axis=1, keepdims=0)
        names = {"class_names": '{"0": "red", "1": "green", "2": "blue"}'}
        types = TensorProto.FLOAT, TensorProto.INT64
        save_nodes(path, [node], [1, 3, 64, 64], {"y": [1, 64, 64]}, names, types=types)
        probabilities = model(path).predict(image)
        assert (probabilities.argmax(0) == image.argmax(0)).all()
        assert (probabilities.sum(0) == 1).all()
        save_nodes(path, [node], [1, 3, 64, 64], {"y": [1, 64, 64]}, types=types)
        with pytest.raises(ModelError, match="gives class numbers, but its metadata have no 'class_names'"):
            deepness_card(path, 0.1)

    def test_results_of_the_middle_of_a_tile(self, tmp_path: Path, image: np.ndarray) -> None:
        path = tmp_path / "m.onnx"
        cut = {
            name: np.array(value, np.int64) for name, value in (("from", [7, 7]), ("to", [57, 57]), ("axes", [2, 3]))
        }
        node = helper.make_node("Slice", ["x", "from", "to", "axes"], ["y"])
        save_nodes(path, [node], [1, 3, 64, 64], {"y": [1, 3, 50, 50]}, {"tiles_overlap": "0"}, constants=cut)
        loaded = model(path)
        assert loaded.card.halo == 14  # of which 7 px are context
        inner = (slice(None), slice(7, 57), slice(7, 57))
        probabilities = loaded.predict(image)
        assert probabilities.shape == (3, 64, 64)
        assert np.allclose(probabilities[inner], (image / image.sum(0))[inner], atol=0.01)
        save_nodes(path, [node], [1, 3, "h", "w"], {"y": [1, 3, "a", "b"]}, {"tile_size": "64"}, constants=cut)
        with pytest.raises(ModelError, match=r"gives 50 × 50 px for a tile of 64 × 64 px, but with a halo of 8 px"):
            model(path).predict(np.concatenate([image]))


def test_a_threshold_is_that_of_the_zoo(tmp_path: Path) -> None:
    """Below it a pixel is of the first class; one channel has reached its class from there on."""
    path, weight = tmp_path / "m.onnx", np.array([[1.0, 0, 0]])
    image = np.zeros((3, 64, 64), np.float32)
    image[0, 0] = np.linspace(0, 1, 64)
    for threshold in (0.2, 0.5, 0.8):
        names = ["y"], [helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[1, 1])]
        constants = {"w": weight.astype(np.float32).reshape(1, 3, 1, 1)}
        save_nodes(
            path, names[1], [1, 3, 64, 64], {"y": [1, 1, 64, 64]}, {"seg_thresh": str(threshold)}, constants=constants
        )
        probabilities = model(path).predict(image)[:, 0]
        assert (probabilities.argmax(0) == (image[0, 0] >= threshold)).all()
        assert (np.diff(probabilities[1]) >= 0).all()
    several = np.array([[0.1, 0.2, 0.4], [0.3, 0.5, 0.35], [0.6, 0.3, 0.25]], np.float32)
    image[:, 0, :3] = several
    save_nodes(path, SAME, [1, 3, 64, 64], {"y": [1, 3, 64, 64]}, {"seg_thresh": "0.45"})
    probabilities = model(path).predict(image)[:, 0, :3]
    assert probabilities.argmax(0).tolist() == [2, 1, 0]  # the last one, for none reaches 0.45
    assert np.allclose(probabilities.sum(0), 1)


def test_further_outputs_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "m.onnx"
    shapes = {"out": [1, 3, 64, 64], "aux": [1, 3, 64, 64]}
    nodes = [helper.make_node("Identity", ["x"], [name]) for name in shapes]
    save_nodes(path, nodes, [1, 3, 64, 64], shapes, {"resolution": "50"})
    told = Told()
    assert add_model(path, monitor=told).folder == user_folder() / "m"
    assert told.lines == [f"{path}: has 2 outputs: 'out' is used, 'aux' left out."]
    told = Told()
    segment(tmp_path, "m", told)
    assert "Model 'm' has 2 outputs: 'out' is used, 'aux' left out." in told.lines


def segment(folder: Path, name: str, monitor: Monitor) -> np.ndarray:
    """Classes of a picture of 90 × 70 pixels of 0.5 m: three bands of noise."""
    image, classes = folder / "image.tif", folder / "classes.tif"
    values = np.random.default_rng(3).integers(0, 256, (3, 70, 90)).astype(np.uint8)
    form = {"driver": "GTiff", "width": 90, "height": 70, "count": 3, "dtype": "uint8", "crs": "EPSG:25833"}
    with rasterio.open(image, "w", **form, transform=rasterio.Affine(0.5, 0, 4e5, 0, -0.5, 5.4e6)) as file:
        file.write(values)
    out = str(folder / "out.gpkg")
    run_segment(SegmentParameters(str(image), out, model=name, refine=False, output_classes=str(classes)), monitor)
    with rasterio.open(classes) as file:
        return np.asarray(file.read(1))
