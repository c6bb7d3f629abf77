"""What all jobs ask of their outputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio.shutil

from idgbr.errors import OutputError
from idgbr.jobs import run_job
from idgbr.jobs.apart import check_apart
from idgbr.monitor import Monitor
from tests.backend.raster.test_source import write


@pytest.mark.parametrize(
    ("job", "parameters"),
    [
        ("segment", {"input": "read.tif", "output": "new.gpkg", "output_classes": "folder/../read.tif"}),
        ("refine", {"input": "image.tif", "coarse": "read.gpkg|layername=roofs", "output": "read.gpkg"}),
        ("vectorize", {"input": "read.gpkg", "output": "read.gpkg"}),
        ("detect-changes", {"before": "a.tif", "after": "read.tif", "output": "new.shp",
                            "output_probability": "read.tif"}),
        ("track-changes", {"rasters": "a_2020.tif\nread.gpkg", "output": "read.gpkg"}),
        ("evaluate", {"predicted": "a.gpkg", "truth": "read.gpkg", "report": "read.gpkg"}),
    ],
)  # fmt: skip
def test_what_a_job_reads_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: str, parameters: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    for name in ("read.tif", "read.gpkg"):
        Path(name).write_text("precious")
    with pytest.raises(OutputError, match=r"read\.\w+: is what the job reads \(\w+\); choose another name"):
        run_job(job, parameters, Monitor())
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "read.tif", "read.gpkg"}
    assert Path("read.tif").read_text() == Path("read.gpkg").read_text() == "precious"


@pytest.mark.parametrize("text", ["vrt://classes.tif", "vrt://classes.tif?bands=1", "classes.vrt"])
def test_what_a_virtual_raster_reads_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("classes.tif"), np.ones((1, 8, 8), np.uint8))
    rasterio.shutil.copy("classes.tif", "classes.vrt", driver="VRT")
    content = Path("classes.tif").read_bytes()
    given = {"input": "image.tif", "coarse": text, "output": "new.gpkg", "output_classes": "classes.tif"}
    with pytest.raises(OutputError, match=r"classes\.tif: is what the job reads \(coarse\)"):
        run_job("refine", given, Monitor())
    assert Path("classes.tif").read_bytes() == content


def test_a_layer_goes_to_the_geopackage_that_the_mask_lies_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("classes.tif"), np.ones((1, 8, 8), np.uint8))
    run_job("vectorize", {"input": "classes.tif", "output": "all.gpkg|layername=area"}, Monitor())
    mask = {"input": "image.tif", "mask": "all.gpkg|layername=area"}
    check_apart(mask | {"output": "all.gpkg|layername=roofs"})
    check_apart(mask | {"output": "all.gpkg"})
    for same in ("all.gpkg|layername=area", "all.gpkg|layername=AREA"):
        with pytest.raises(OutputError, match=r"is what the job reads \(mask\)"):
            check_apart(mask | {"output": same})
        with pytest.raises(OutputError, match=r"is what the job reads \(mask\)"):
            check_apart(mask | {"mask": "all.gpkg", "output": same})
