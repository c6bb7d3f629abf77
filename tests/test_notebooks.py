"""The notebooks in docs/notebooks run from their first cell to the last, on smaller images."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = Path(__file__).parents[1] / "docs" / "notebooks"


def run(name: str) -> tuple[dict[str, Any], list[object]]:
    """Run a notebook in this process; returns its variables, and what each cell shows."""
    variables: dict[str, Any] = {}
    shown = []
    notebook = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == []
        tree = ast.parse("".join(cell["source"]).replace("320, 320", "192, 192"), f"{name}, cell {number}")
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, f"{name}, cell {number}", "exec"), variables)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), f"{name}, cell {number}", "eval"), variables))
    return variables, shown


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own; the models that come with the tool."""
    pytest.importorskip("rioxarray")
    monkeypatch.delenv("IDGBR_MODELS", raising=False)
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_first_polygons(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variables, shown = run("first-polygons.ipynb")
    assert len(variables["roofs"]) > 5
    assert any("data:image/png" in value._repr_html_() for value in shown if hasattr(value, "outputs"))
    assert (place / "roofs.gpkg").is_file()
    assert "did you mean 'min_area'?" in capsys.readouterr().out


def test_refine_your_map() -> None:
    scores = run("refine-your-map.ipynb")[0]["scores"]
    assert scores["after"]["boundary_f_2px"] > scores["before"]["boundary_f_2px"] + 0.1
