"""The report, opened in a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import rasterio

from idgbr.evaluation.report import _area, _count
from idgbr.jobs.evaluate import run_evaluate
from idgbr.monitor import Monitor
from idgbr.parameters import EvaluateParameters
from idgbr.scenes import RasterForm, write_scene


class Page(HTMLParser):
    """What a page holds: text, tags by name, ids and the addresses that it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.ids: dict[str, int] = {}
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids[str(value)] = len(self.texts)
            if name in ("src", "href"):
                self.addresses.append(str(value))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())

    def after(self, name: str) -> str:
        """The text that follows the start of the element with an id."""
        return self.texts[self.ids[name]]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("<b>report & more")
    files = [folder / name for name in ("image.tif", "truth.tif", "truth.gpkg", "predicted.tif", "confidence.tif")]
    write_scene(files[0], 300, 420, gsd_m=0.3, seed=3, form=RasterForm(), truth_raster=files[1], truth_vector=files[2])
    with rasterio.open(files[1]) as source:
        truth, profile, tags = source.read(1), source.profile, source.tags()
    damaged = np.roll(truth, (2, 3), (0, 1))
    damaged[100:140, 100:160] = 4
    damaged[:20, :30] = 255
    with rasterio.open(files[3], "w", **profile) as out:
        out.write(damaged, 1)
        out.update_tags(IDGBR_CLASSES=tags["IDGBR_CLASSES"])
    with rasterio.open(files[4], "w", **{**profile, "dtype": "float32", "nodata": -1}) as out:
        out.write(np.where(damaged == truth, 0.9, 0.5).astype(np.float32), 1)
    path = folder / "report.html"
    run_evaluate(
        EvaluateParameters(
            str(files[3]), str(files[1]), report=str(path), image=str(files[0]), confidence=str(files[4])
        ),
        Monitor(),
    )
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Run Chromium without a window; gives what it prints."""
    program = shutil.which("chromium")
    if program is None or Path(program).resolve().is_relative_to("/snap"):
        pytest.skip("no chromium outside of a snap: apt-get install chromium (Debian)")
    profile = tmp_path_factory.mktemp("profile")
    # Chromium refuses its sandbox to root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []

    def run(*arguments: str) -> str:
        options = ["--headless", "--disable-gpu", "--disable-background-networking", f"--user-data-dir={profile}"]
        done = subprocess.run(
            [program, *sandbox, *options, *arguments], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    return run


def test_the_file_needs_nothing_else(report: Path) -> None:
    page = Page(report.read_text(encoding="utf-8"))
    assert page.addresses
    assert all(address.startswith("data:image/png;base64,") for address in page.addresses)
    assert not {"script", "link", "iframe"} & set(page.tags)
    assert "@import" not in report.read_text(encoding="utf-8")
    assert "<b>report" not in report.read_text(encoding="utf-8"), "what is not ours is escaped"


def test_the_page_as_the_browser_sees_it(report: Path, browser: Callable[..., str]) -> None:
    page = Page(browser("--dump-dom", report.as_uri()))
    assert page.texts[0] == "Evaluation of predicted.tif"
    for key in ("miou", "mean_f1", "overall_accuracy", "boundary_f_2px", "boundary_iou_2px", "wfm"):
        assert 0 < float(page.after(key)) < 1
    sections = (
        "facts",
        "classes",
        "boundaries",
        "distances",
        "confusion",
        "errors",
        "places",
        "calibration",
        "glossary",
    )
    assert list(sections) == [name for name in page.ids if name in sections]
    text = " ".join(page.texts)
    for part in ("building", "vegetation", "no class", "true boundary", "taken for", "EPSG:32633", "counts as wrong"):
        assert part in text, part
    assert page.tags.count("rect") >= 28, "bars of distances from both sides"
    assert page.tags.count("image") >= 3 * 2, "pictures of places"
    assert page.tags.count("path") >= 2 * 2


def test_a_screenshot_shows_something_everywhere(report: Path, browser: Callable[..., str], tmp_path: Path) -> None:
    picture = tmp_path / "report.png"
    browser("--hide-scrollbars", "--window-size=1240,3600", f"--screenshot={picture}", report.as_uri())
    with rasterio.open(picture) as raster:
        pixels = raster.read()[:3].astype(np.int16)
    assert pixels.shape == (3, 3600, 1240)
    for top in range(0, 3600, 600):
        band = pixels[:, top : top + 600].reshape(3, -1)
        assert band.std(axis=1).min() > 5, f"rows {top} to {top + 600} are blank"
    colored = np.ptp(pixels, axis=0) > 60
    assert colored.mean() > 0.02


def test_numbers_are_written_for_people() -> None:
    assert _count(1234567) == "1\u202f234\u202f567"
    assert [_area(value) for value in (0.5, 950.0, 12_345.0, 5.5e6, 3.2e9)] == [
        "0.5 m²",
        "950 m²",
        "1.23 ha",
        "5.5 km²",
        "3200 km²",
    ]
