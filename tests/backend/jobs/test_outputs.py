"""What all jobs ask of their outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from idgbr.errors import OutputError
from idgbr.jobs import run_job
from idgbr.monitor import Monitor


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
