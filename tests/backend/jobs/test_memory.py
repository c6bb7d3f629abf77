"""Memory that runs out in an engine: the job continues with smaller tiles, and gives the same classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import rasterio
from onnxruntime.capi.onnxruntime_pybind11_state import RuntimeException

from idgbr.errors import DeviceMemoryError
from idgbr.run import run_job
from tests.backend.jobs.stand_ins import Listener, blocks_image, write_raster
from tests.backend.tiny_models import bright_model, moving_refiner

_ERROR = (
    "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Non-zero status code returned while running Conv node. Name:'Conv_1' "
    "Status Message: bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool) Failed to "
    "allocate memory for requested buffer of size 2830172160"
)


def short_of_memory(most: int) -> type:
    """ONNX Runtime on a device whose memory suffices for `most` px of a side."""

    class Short(onnxruntime.InferenceSession):  # type: ignore[misc]
        def run(self, names: Any, inputs: dict[str, np.ndarray], options: Any = None) -> Any:
            if max(max(values.shape) for values in inputs.values()) > most:
                raise RuntimeException(_ERROR)
            return super().run(names, inputs, options)

    return Short


def classes_of(image: Path, folder: Path, *, refine: bool, monitor: Listener) -> np.ndarray:
    folder.mkdir()
    given = {
        "input": str(image), "model": "bright", "refine": refine, "device": "cpu", "output": str(folder / "out.gpkg"),
        "output_classes": str(folder / "classes.tif"),
    }  # fmt: skip
    run_job("segment", given, monitor)
    with rasterio.open(folder / "classes.tif") as source:
        return np.asarray(source.read(1))


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An image, and models for it that ONNX Runtime runs."""
    monkeypatch.setenv("IDGBR_MODELS", str(moving_refiner(bright_model(tmp_path / "models"))))
    monkeypatch.setenv("IDGBR_CPU_ENGINE", "onnxruntime")
    return write_raster(tmp_path / "image.tif", blocks_image())


@pytest.mark.parametrize(("refine", "most", "told"), [(False, 200, [160]), (True, 300, [288])])
def test_the_job_goes_on_with_smaller_tiles(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refine: bool, most: int, told: list[int]
) -> None:
    expected = classes_of(image, tmp_path / "whole", refine=refine, monitor=Listener())
    monkeypatch.setattr(onnxruntime, "InferenceSession", short_of_memory(most))
    monitor = Listener()
    found = classes_of(image, tmp_path / "short", refine=refine, monitor=monitor)
    np.testing.assert_array_equal(found, expected)
    said = [message for message in monitor.messages if "memory" in message]
    assert said == [f"memory ran out; the job continues with smaller tiles, of {size} px." for size in told]


def test_the_job_fails_if_the_smallest_tiles_do_not_fit(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnxruntime, "InferenceSession", short_of_memory(100))
    with pytest.raises(DeviceMemoryError, match="memory of the device does not suffice for the model"):
        classes_of(image, tmp_path / "short", refine=False, monitor=Listener())
    assert not (tmp_path / "short" / "out.gpkg").exists()
