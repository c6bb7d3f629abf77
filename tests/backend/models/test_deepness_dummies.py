"""The 13 models of the tests of Deepness, on the picture of these tests: each does what its metadata and shapes say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from scipy.ndimage import binary_dilation

from idgbr.errors import ModelError, PixelSizeError
from idgbr.jobs.segment import run_segment
from idgbr.models.card import CoarseCard
from idgbr.models.deepness import deepness_card
from idgbr.models.manage import add_model
from idgbr.monitor import Monitor
from idgbr.parameters import SegmentParameters

#: Pixel size of the picture, in metres; the files that can be used state none.
GSD = 0.02
COFFEE = ["background", "Coffee"]
TWO = ["background", "class 1"]
SECOND = "has 2 outputs: "
#: Of each file: its classes, activation and the beginning of its note; or why it is refused.
EXPECTED: dict[str, tuple[list[str], str, str] | str] = {
    "different_output_size_512_to_484": (TWO, "auto", ""),
    "dummy_model": (["background", "class 1", "class 2"], "auto", ""),
    "dummy_recognition_model": "its model_type is Regression, only Segmentor",
    "dummy_regression_model": "its model_type is Regressor, only Segmentor",
    "dummy_regression_model_batched": "its model_type is Regressor, only Segmentor",
    "dummy_superresolution_model": "gives 128 px for a tile of 64 px",
    "one_output_sigmoid_bsx1x512x512": (COFFEE, "sigmoid", ""),
    "one_output_sigmoid_bsx512x512": (COFFEE, "sigmoid", ""),
    "one_output_sigmoid_red_detector": (TWO, "sigmoid", ""),
    "one_output_softmax_bsx2x512x512": (TWO, "auto", ""),
    "two_outputs_sigmoid_bsx1x512x512": (COFFEE, "sigmoid", SECOND),
    "two_outputs_sigmoid_bsx512x512": (TWO, "sigmoid", SECOND),
    "two_outputs_softmax_bsx2x512x512": (["Coffee", "Tea"], "auto", SECOND),
}
REFUSED = [name for name, expected in EXPECTED.items() if isinstance(expected, str)]


@pytest.fixture
def dummies(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of models and picture; the test is skipped without it."""
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "data"))
    folder = shared_data / "onnx_deepness_dummies"
    if not folder.is_dir():
        pytest.skip("the models of the tests of Deepness are not beside the repository")
    return folder


def test_all_files_are_here(dummies: Path) -> None:
    assert sorted(path.stem for path in (dummies / "models").glob("*.onnx")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(dummies: Path, name: str) -> None:
    with pytest.raises(ModelError, match=str(EXPECTED[name])):
        add_model(dummies / "models" / f"{name}.onnx", gsd_m=GSD)


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - set(REFUSED)))
def test_loaded_and_run(dummies: Path, name: str, tmp_path: Path) -> None:
    path, (names, activation, note) = dummies / "models" / f"{name}.onnx", EXPECTED[name]
    with pytest.raises(PixelSizeError, match="no 'resolution'"):
        deepness_card(path)
    card = add_model(path, gsd_m=GSD).card
    assert isinstance(card, CoarseCard)
    assert [c.name for c in card.classes] == names
    assert [c.background for c in card.classes] == [c.name == "background" for c in card.classes]
    assert (card.tile, card.halo, card.bands, card.activation, card.threshold) == (512, 38, 3, activation, 0)
    assert card.note.startswith(note)
    assert bool(card.note) == bool(note)

    image, classes = dummies / "images" / "dummy_fotomap_small.tif", tmp_path / "classes.tif"
    # A part that is no whole number of tiles; the transform of the picture is in metres.
    extent = (638842.0, 5802592.0, 638858.0, 5802600.0)
    wanted = SegmentParameters(
        str(image), str(tmp_path / "out.gpkg"), extent=extent, model=name, refine=False, output_classes=str(classes)
    )
    run_segment(wanted, Monitor())
    with rasterio.open(classes) as result, rasterio.open(image) as source:
        found = result.read(1)
        pixels = source.read(window=source.window(*result.bounds).round_offsets().round_lengths())
    assert found.shape == pixels.shape[1:]
    assert min(found.shape) > 390
    there = pixels[3] > 0
    assert set(np.unique(found[there])) <= set(range(len(names)))
    if name == "one_output_sigmoid_red_detector":
        # Scores of overlapping tiles are rounded to 255ths before they are compared.
        sure = there & ~binary_dilation(np.abs(pixels[0] / 255 - 0.5) < 0.02)
        assert sure.mean() > 0.3
        assert ((found == 1) == (pixels[0] > 127))[sure].all()
