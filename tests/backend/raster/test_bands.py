"""Colour interpretation and palettes decide what a network gets for colours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.enums import ColorInterp as Means
from rasterio.transform import from_origin
from rasterio.windows import Window

from idgbr.errors import InputError
from idgbr.models.card import CoarseCard, ModelCard
from idgbr.monitor import Monitor
from idgbr.raster.bands import ImageBands
from idgbr.raster.reader import RasterSource
from idgbr.raster.warp import WarpedSource
from idgbr.tiling.normalize import ScaledSource
from tests.backend.raster.test_validity import SIDE, WINDOW, Notes, write

CARD = CoarseCard("m", "1", "M", (), 3, (0.1, 10.0), 64, 8, {})
#: Value of each colour in the images here.
VALUES = {Means.red: 51, Means.green: 102, Means.blue: 153, Means.nir: 204, Means.undefined: 255, Means.alpha: 255}


def seen(path: str, card: ModelCard = CARD, monitor: Monitor | None = None) -> list[float]:
    """What a network gets at one pixel."""
    with RasterSource(path, monitor=monitor) as source:
        image, _ = ScaledSource(source, source.grid, card, 1.0).read(0, 0, SIDE, SIDE)
    return [round(float(value), 3) for value in image[:, 3, 3]]


def image(path: Path, *meanings: Means) -> str:
    data = np.stack([np.full((SIDE, SIDE), VALUES[m], np.uint8) for m in meanings])
    return write(path, data, meanings=list(meanings))


@pytest.mark.parametrize(
    "meanings",
    [
        (Means.red, Means.green, Means.blue),
        (Means.blue, Means.green, Means.red),
        (Means.blue, Means.green, Means.red, Means.undefined),
        (Means.nir, Means.red, Means.green, Means.blue),
        (Means.alpha, Means.blue, Means.green, Means.red),
        (Means.green, Means.alpha, Means.red, Means.nir, Means.blue),
    ],
)
def test_colours_come_as_red_green_blue(tmp_path: Path, meanings: tuple[Means, ...]) -> None:
    notes = Notes()
    assert seen(image(tmp_path / "i.tif", *meanings), monitor=notes) == [0.2, 0.4, 0.6]
    if meanings[:3] == (Means.red, Means.green, Means.blue):
        assert not notes.said
    else:
        order = ", ".join(str(meanings.index(m) + 1) for m in (Means.red, Means.green, Means.blue))
        assert [line.partition("i.tif: ")[2] for line in notes.said] == [
            f"bands {order} are read as red, green and blue, as their colour interpretation says."
        ]


def test_what_declares_no_colours_is_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = image(tmp_path / "i.tif", Means.undefined, Means.undefined, Means.undefined)
    notes = Notes()
    assert seen(path, monitor=notes) == [1.0, 1.0, 1.0]
    assert not notes.said
    assert ImageBands([Means.gray, Means.undefined, Means.undefined, Means.alpha]).colours == [1, 2, 3]
    assert ImageBands([Means.nir, Means.gray, Means.undefined, Means.undefined]).colours == [2, 3, 4]


def test_near_infrared_is_no_colour(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="near infrared, red, green, but model 'm' needs red, green and blue"):
        seen(image(tmp_path / "cir.tif", Means.nir, Means.red, Means.green))


def test_a_band_map_counts_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = image(tmp_path / "i.tif", Means.blue, Means.green, Means.red, Means.nir)
    card = CoarseCard("m", "1", "M", (), 3, (0.1, 10.0), 64, 8, {}, band_map=(4, 3, 1))
    notes = Notes()
    assert seen(path, card, notes) == [0.8, 0.2, 0.6]
    assert notes.said == [f"{path}: the model's card says which of its 4 bands are read: 4, 3, 1."]
    assert ImageBands([Means.gray] * 3).reading_note(replace(card, band_map=(3, 2, 1))) is None


@pytest.mark.parametrize(
    ("meanings", "bands", "text", "doubt"),
    [
        ([Means.red, Means.green, Means.blue], 3, None, False),
        ([Means.gray, *[Means.undefined] * 3], 4, None, False),
        ([Means.red, Means.green, Means.blue, Means.nir], 3, "bands 1, 2, 3 are read as red, green and blue", False),
        ([Means.gray, *[Means.undefined] * 4], 3, "bands 1, 2, 3 of its 5 are read as red, green and blue", True),
        ([Means.gray, *[Means.undefined] * 4], 4, "of its 5 bands, as many are read as the model takes: 1, 2, 3", True),
        ([Means.red, Means.green, Means.blue], 1, "of its 3 bands, as many are read as the model takes: 1;", True),
    ],
)  # fmt: skip
def test_bands_that_are_left_out_are_said(meanings: list[Means], bands: int, text: str | None, doubt: bool) -> None:
    note = ImageBands(meanings).reading_note(CoarseCard("m", "1", "M", (), bands, (0.1, 10.0), 64, 8, {}))
    if text is None:
        assert note is None
    else:
        assert note is not None
        assert (note.text.startswith(text), note.doubt) == (True, doubt)


def test_a_model_of_more_bands_than_the_image_has_is_refused(tmp_path: Path) -> None:
    path = image(tmp_path / "i.tif", Means.red, Means.green, Means.blue)
    with pytest.raises(InputError, match=r"has 3 data band\(s\), but model 'm' needs 5; choose another raster"):
        seen(path, CoarseCard("m", "1", "M", (), 5, (0.1, 10.0), 64, 8, {}))


def palette(path: Path, numbers: NDArray[np.uint8], table: dict[int, tuple[int, ...]], **more: Any) -> str:
    form = {"driver": "GTiff", "count": 1, "dtype": "uint8", "height": numbers.shape[0], "width": numbers.shape[1]}
    with rasterio.open(path, "w", crs="EPSG:32633", transform=from_origin(5e5, 5e6, 1, 1), **form, **more) as out:
        out.write(numbers, 1)
        out.write_colormap(1, table)
    return str(path)


def test_a_palette_is_read_as_its_colours(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE)).astype(np.uint8)
    colours = np.random.default_rng(1).integers(0, 256, (256, 3))
    path = palette(tmp_path / "p.tif", numbers, {i: (*map(int, c), 255) for i, c in enumerate(colours)})
    notes = Notes()
    with RasterSource(path, monitor=notes) as source:
        assert source.bands == [1, 2, 3]
        assert source.files == [path]
        pixels, known = source.read(WINDOW, (SIDE, SIDE))
        np.testing.assert_array_equal(np.moveaxis(pixels, 0, 2), colours[numbers])
        assert known.all()
        scaled = ScaledSource(source, source.grid, CARD, 1.0)
        np.testing.assert_allclose(scaled.read(0, 0, SIDE, SIDE)[0] * 255, pixels, rtol=1e-5)
        grid = source.grid.part(0, 0, SIDE, SIDE)
    assert [line.partition("p.tif: ")[2] for line in notes.said] == [
        "its palette (colour table) is read as the colours red, green and blue."
    ]
    with WarpedSource(path, grid, (1.0, 0.0)) as moved:
        later, there = moved.read(Window(0, 0, SIDE - 1, SIDE), (SIDE, SIDE - 1))
    assert there.all()
    np.testing.assert_array_equal(later, pixels[:, :, 1:])


def test_nodata_and_transparent_colours_of_a_palette_are_no_data(tmp_path: Path) -> None:
    numbers = np.repeat(np.arange(SIDE, dtype=np.uint8)[:, None], SIDE, axis=1)
    table = {i: (i, i, i, 255) for i in range(SIDE)}
    rasterio.shutil.copy(palette(tmp_path / "t.tif", numbers, table, nodata=9), tmp_path / "t.vrt", driver="VRT")
    text = (tmp_path / "t.vrt").read_text()
    assert text.count('c1="5" c2="5" c3="5" c4="255"') == 1
    (tmp_path / "t.vrt").write_text(text.replace('c1="5" c2="5" c3="5" c4="255"', 'c1="5" c2="5" c3="5" c4="0"'))
    with RasterSource(str(tmp_path / "t.vrt")) as source:
        assert np.flatnonzero(~source.read(WINDOW, (SIDE, SIDE))[1].all(1)).tolist() == [5, 9]
        assert source.bands == [1, 2, 3]


def test_the_reason_for_nodata_is_that_of_the_file_with_the_palette(tmp_path: Path) -> None:
    numbers = np.repeat(np.arange(SIDE, dtype=np.uint8)[:, None], SIDE, axis=1)
    path = palette(tmp_path / "t.tif", numbers, {i: (i, i, i, 255) for i in range(SIDE)}, nodata=9)
    notes = Notes()
    with RasterSource(path) as source:
        source.valid_rows(source.grid, 0, SIDE)
        source.tell_missing(notes)
    assert "of the area has no data (nodata 9);" in " ".join(notes.said)
