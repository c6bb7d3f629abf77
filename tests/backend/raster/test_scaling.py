"""Class and confidence rasters that declare a scale and an offset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
from rasterio.enums import ColorInterp

from idgbr.monitor import Monitor
from idgbr.raster.class_values import open_classes
from idgbr.raster.validity import Validity
from idgbr.run import run_job
from tests.backend.raster.test_reader import write

CODES = np.array([[1, 1, 2, 2, 7, 7]] * 4, np.uint8)


def declare(path: Path, scale: float, offset: float) -> None:
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = [scale] * file.count, [offset] * file.count


@pytest.mark.parametrize("limit", ["none", "nodata", "mask", "alpha"])
def test_values_are_scaled_and_nodata_stays(tmp_path: Path, limit: str) -> None:
    path, known = tmp_path / "classes.tif", CODES != 7
    bands = [CODES, np.where(known, 255, 0).astype(np.uint8)] if limit == "alpha" else [CODES]
    write(path, np.stack(bands), nodata=7 if limit == "nodata" else None)
    with rasterio.open(path, "r+") as file:
        if limit == "alpha":
            file.colorinterp = [ColorInterp.gray, ColorInterp.alpha]
        if limit == "mask":
            file.write_mask(known)
    declare(path, 10, 5)
    dataset, notes = open_classes(str(path))
    with dataset:
        assert notes == [f"{path}: its values are scaled as the file declares, by 10 with an offset of 5."]
        where = known if limit != "none" else np.ones_like(known)
        np.testing.assert_array_equal(dataset.read(1)[where], CODES[where] * 10.0 + 5)
        assert Validity(dataset).limited is (limit != "none")
        np.testing.assert_array_equal(dataset.dataset_mask() > 0, where)


def test_what_declares_nothing_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "classes.tif"
    write(path, CODES[None])
    declare(path, 1, 0)
    dataset, notes = open_classes(str(path))
    with dataset:
        assert (dataset.dtypes, notes) == (("uint8",), [])


def test_classes_and_confidence_are_what_qgis_shows(tmp_path: Path) -> None:
    classes, confidence, out = (tmp_path / name for name in ("classes.tif", "confidence.tif", "out.gpkg"))
    write(classes, CODES[None], nodata=7)
    write(confidence, np.full((1, *CODES.shape), 80, np.uint8))
    declare(classes, 10, 5)
    declare(confidence, 0.01, 0)
    given = {"input": str(classes), "confidence": str(confidence), "output": str(out), "simplify": 0.0}
    run_job("vectorize", given, Monitor())
    meta, _, _, columns = pyogrio.raw.read(out)
    fields = dict(zip(meta["fields"], columns, strict=True))
    assert sorted(fields["class_id"]) == [15, 25]
    np.testing.assert_allclose(fields["confidence"], 0.8, atol=1e-3)
