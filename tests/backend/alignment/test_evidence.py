"""Evidence: edges alike for weak and strong contrast, the working grid, and tiles without objects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from idgbr.alignment.evidence import PLANES, edges, evidence_of, working_pixels
from idgbr.engines.devices import choose_device
from idgbr.errors import InputError
from idgbr.models.coarse import CoarseModel
from idgbr.models.registry import find_model
from idgbr.monitor import Monitor
from idgbr.raster.reader import RasterSource
from tests.backend.alignment.towns import footprints, write_town
from tests.backend.tiny_models import bright_model


def test_edges_are_alike_for_weak_and_strong_contrast() -> None:
    image = np.zeros((60, 60), np.float32)
    image[:, 30:] = 1
    right, down, diagonal = edges(image)[:, 30, 30]
    assert right > 0.5
    assert down == pytest.approx(0, abs=1e-6)
    assert diagonal == pytest.approx(right / 2)
    np.testing.assert_allclose(edges(0.05 * image), edges(image), atol=1e-3)
    np.testing.assert_allclose(edges(image.T)[1], edges(image)[0].T, atol=1e-6)
    assert edges(image).max() <= 1
    assert edges(image).min() >= 0


@pytest.mark.parametrize(
    ("pixel", "gsd_range", "working"),
    [
        (0.1, (0.1, 1.0), 0.3), (0.5, (0.1, 1.0), 0.5), (2.0, (0.1, 1.0), 1.0), (0.05, (0.02, 0.2), 0.2),
        (0.1, (0.4, 1.0), 0.4),
    ],
)  # fmt: skip
def test_the_working_grid_fits_model_and_image(
    tmp_path: Path, pixel: float, gsd_range: tuple[float, float], working: float
) -> None:
    folder = bright_model(tmp_path, gsd_range_m=gsd_range) / "bright"
    _, card = find_model(str(folder), "coarse")
    with RasterSource(write_town(tmp_path / "town.tif", footprints()[:1], max(pixel, 0.5))) as source:
        source.gsd_m = pixel
        assert pixel / working_pixels(source, card) == pytest.approx(working)
        source.gsd_m = 9.0
        if gsd_range[1] < 2:
            with pytest.raises(InputError, match="choose a finer raster or another model"):
                working_pixels(source, card)


def test_tiles_without_objects_are_left_out(tmp_path: Path) -> None:
    shapes = footprints()
    folder = bright_model(tmp_path) / "bright"
    path, card = find_model(str(folder), "coarse")
    with RasterSource(write_town(tmp_path / "town.tif", shapes)) as source:
        bounds = np.array([[10.0, 10.0, 60.0, 60.0]])
        stored = evidence_of(
            source, source.grid, card, lambda: CoarseModel(path, card, choose_device("cpu", Monitor())), bounds,
            tmp_path / "evidence.bin", Monitor(),
        )  # fmt: skip
        with stored.on(stored.size) as planes:
            found = planes.read(0, stored.size[0])
    assert found.shape == (PLANES, 480, 480)
    assert found[0, :190, :190].max() > 0.9
    assert found[:, 260:, 260:].max() == 0


@pytest.mark.parametrize(("tile", "halo"), [(1024, 320), (512, 128)])
def test_evidence_lies_on_the_image_whatever_the_context_of_tiles(tmp_path: Path, tile: int, halo: int) -> None:
    shapes = footprints()
    path, card = find_model(str(bright_model(tmp_path) / "bright"), "coarse")
    whole = np.array([[0.0, 0.0, 480.0, 480.0]])
    with RasterSource(write_town(tmp_path / "town.tif", shapes)) as source:
        found = []
        for number, own in enumerate((card, replace(card, tile=tile, halo=halo))):
            stored = evidence_of(
                source, source.grid, own, lambda: CoarseModel(path, card, choose_device("cpu", Monitor())), whole,
                tmp_path / f"{number}.bin", Monitor(),
            )  # fmt: skip
            with stored.on(stored.size) as planes:
                found.append(planes.read(0, stored.size[0]))
    np.testing.assert_allclose(found[1][0], found[0][0], atol=0.02)
