"""What the algorithm for changes asks of the backend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QDate

from idgbr_qgis.processing.provider import IdgbrProvider

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(provider: IdgbrProvider, backend: Callable[..., None], image: QgsRasterLayer, tmp_path: Path) -> Run:
    """Run the algorithm; returns what the worker was sent."""

    def run(**parameters: Any) -> dict[str, Any]:
        backend("writes", tmp_path / "job.json")
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        given = {"BEFORE": image, "OUTPUT": str(tmp_path / "out.gpkg")} | parameters
        algorithm = provider.algorithm("detectchanges").create()
        results, fine = algorithm.run(given, context, QgsProcessingFeedback(), {}, False)
        assert fine
        assert results["POLYGONS"] == 1
        return json.loads((tmp_path / "job.json").read_text())

    return run


def test_both_dates_and_all_parameters_go_along(
    run: Run, image: QgsRasterLayer, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    later = make_raster("later.tif", bands=3)
    job = run(
        AFTER=str(later), THRESHOLD=0.3, ALIGN=True, REFINE=False,
        DATE_BEFORE=QDate(2019, 5, 1), DATE_AFTER="2024-06-30", EXTENT="500000,500002,4999997,5000000 [EPSG:32632]",
        OUTPUT_PROBABILITY=str(tmp_path / "p.tif"),
    )  # fmt: skip
    assert job["job"] == "detect-changes"
    assert (job["before"], job["after"]) == (image.source(), str(later))
    assert (job["date_before"], job["date_after"]) == ("2019-05-01", "2024-06-30")
    assert (job["threshold"], job["align"], job["refine"], job["both_orders"]) == (0.3, True, False, False)
    assert job["extent_crs"] == "EPSG:32632"
    assert job["on_bad_block"] == "stop"
    assert job["output_probability"] == str(tmp_path / "p.tif")


def test_dates_that_are_not_given_are_not_sent(run: Run, image: QgsRasterLayer) -> None:
    job = run(AFTER=image)
    assert not {"date_before", "date_after", "output_probability", "extent"} & set(job)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"DATE_BEFORE": QDate(2024, 1, 1), "DATE_AFTER": QDate(2020, 1, 1)}, "swapped"),
        ({"MODEL": " "}, "Choose a model"),
        ({"EXTENT": "0,1,0,1 [EPSG:32632]"}, "overlap"),
    ],
)
def test_errors_that_need_no_backend(
    provider: IdgbrProvider, image: QgsRasterLayer, tmp_path: Path, parameters: dict[str, object], message: str
) -> None:
    given = {"BEFORE": image, "AFTER": image, "OUTPUT": str(tmp_path / "out.gpkg"), **parameters}
    fine, text = provider.algorithm("detectchanges").create().checkParameterValues(given, QgsProcessingContext())
    assert not fine
    assert message in text
