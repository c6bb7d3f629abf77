"""The page on what is read, and how: its messages are those of the code, and those of the readers are all there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "inputs.md"
#: Modules that decide what is read, of which every message is on the page.
READERS = (
    "layers/geoparquet",
    "layers/polygons",
    "layers/shapefile_limits",
    "layers/table_encoding",
    "models/deepness",
    "models/external_data",
    "models/mlm_reader",
    "models/onnx_graph",
    "own_labels/labels",
    "own_labels/layer",
    "paths",
    "raster/bands",
    "raster/class_values",
    "raster/georeferencing",
    "raster/open_dataset",
    "raster/scaling",
    "raster/validity",
)
#: Words that a text has at least if it is a message.
WORDS = 4
#: Messages of the readers that say the same for a part of the input, or are put after another message.
PARTS = {
    ", or beyond the raster",
    "a value above 1, to divide by",
    "check the address, the network and your rights",
    "choose a raster file",
    "not a protobuf message",
    "sizes are those in its plane, one unit is … m.",
    "was read from a STAC item: …",
    "which does not name classes by their numbers",
    "which is no number",
    "…: …; correct its metadata.",
}


def _texts(path: Path) -> Iterator[str]:
    """Texts in code but for docstrings, with … for what is put into them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            skipped.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            skipped.update(node.values)
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values]
            yield " ".join("".join(parts).split())
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield " ".join(re.sub(r"\{[^{}]*\}", "…", node.value).split())


def _is_message(text: str) -> bool:
    is_query = text.startswith(("SELECT ", "+proj="))
    return not is_query and sum(word.strip(".,:;()'").isalpha() for word in text.split()) >= WORDS


def _rows() -> list[list[str]]:
    """Cells of the tables, without their heads."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for row in cells if row[-1] != "message"]


def _quoted() -> list[str]:
    return [row[-1] for row in _rows() if row[-1]]


def _begins(texts: set[str], message: str) -> bool:
    """Whether any text begins with a message that is quoted; each … stands for anything."""
    pattern = re.compile(".*?".join(map(re.escape, message.split("…"))))
    return any(pattern.match(text) for text in texts)


def test_every_row_says_what_happens() -> None:
    rows = _rows()
    assert len(rows) > 100
    assert [row for row in rows if len(row) != 3 or not row[1]] == []


def test_messages_on_the_page_are_said_by_the_code() -> None:
    files = [path for folder in ("idgbr_qgis", "backend/idgbr") for path in (ROOT / folder).rglob("*.py")]
    said = {text for path in files for text in _texts(path)}
    assert [message for message in _quoted() if not _begins(said, message)] == []


@pytest.mark.parametrize("name", READERS)
def test_every_message_of_the_readers_is_on_the_page(name: str) -> None:
    quoted = _quoted()
    told = {text for text in _texts(ROOT / f"backend/idgbr/{name}.py") if _is_message(text)} - PARTS
    assert told
    assert sorted(text for text in told if not any(_begins({text}, message) for message in quoted)) == []
