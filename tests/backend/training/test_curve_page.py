"""The page of curves follows a training without reading its files again."""

from __future__ import annotations

from pathlib import Path

import pytest

from idgbr.training.curve_page import CurveFile, CurvePage, CurveReader
from tests.backend.evaluation.test_report import Page


def rows(path: Path, *lines: str, mode: str = "a") -> None:
    with path.open(mode, newline="") as file:
        file.writelines(f"{line}\r\n" for line in lines)


def test_only_new_rows_of_a_file_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "loss.csv"
    file = CurveFile(path, first=1000)
    assert not file.refresh()
    rows(path, "100,1.5,9", "200,1.25,9")
    assert file.refresh()
    assert file.points == [(1100, 1.5), (1200, 1.25)]
    opened, plain = [], Path.open
    monkeypatch.setattr(Path, "open", lambda self, *a, **k: opened.append(self) or plain(self, *a, **k))
    assert not file.refresh()
    assert not opened
    monkeypatch.undo()
    with path.open("a", newline="") as out:
        out.write("300,1.0,9\r\n20")
    assert file.refresh()
    with path.open("a", newline="") as out:
        out.write("0,0.5,9\r\n")
    assert file.refresh()
    assert file.points == [(1100, 1.5), (1200, 0.5), (1300, 1.0)]
    rows(path, "100,2.0", mode="w")
    assert file.refresh()
    assert file.points == [(1100, 2.0)]


def test_a_page_shows_the_curves_and_is_loaded_again_while_the_training_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, losses, scores = tmp_path / "report.html", tmp_path / "loss.csv", tmp_path / "score.csv"
    page = CurvePage(path, "<b>Old vines", CurveReader(lambda: 400, [CurveFile(losses)], CurveFile(scores)), "Done.")
    page.update()
    assert "polyline" not in path.read_text(encoding="utf-8")
    rows(losses, "100,1.24", "200,0.7", "300,nan")
    rows(scores, "100,0.31", "200,0.52", "300,0.52")
    page.update()
    text = path.read_text(encoding="utf-8")
    found = Page(text)
    assert found.tags.count("polyline") == 2
    assert found.tags.count("circle") == 5
    assert 'http-equiv="refresh"' in text
    assert "Training of <b>Old vines" in found.texts
    assert any("300 of 400 steps" in line and "step 200" in line for line in found.texts)
    monkeypatch.setattr(CurvePage, "_write", None)
    page.update()  # nothing new: nothing is written
    monkeypatch.undo()
    page.end()
    text = path.read_text(encoding="utf-8")
    assert "refresh" not in text
    assert "Done." in text
