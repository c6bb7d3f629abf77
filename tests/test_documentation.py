"""The guide: what is generated is current, links lead somewhere, pictures are small, messages are those of the code."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from idgbr_qgis.core.setup.failures import ADVICE, Kind
from idgbr_qgis.core.setup.state import Problem
from scripts import document_models

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md"]
#: Errors of the plugin that a user may meet; the others say their text otherwise.
ERRORS = re.compile(r"^(Plugin|Layer|OnlineLayer|MissingCrs|ModelMissing|OffMap|OutputPath|Backend\w*)Error$")
#: Roots, and what is no failure or never reaches a user.
NOT_SHOWN = {"IdgbrError", "JobCancelled", "JobCancelledError"}


def _classes(path: str) -> set[str]:
    """Names of the classes in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def _texts(tree: ast.AST) -> Iterator[str]:
    """Texts in code, with … for what is put into them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{[^{}]*\}", "…", node.value)


def _trees(*folders: str) -> Iterator[ast.AST]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


@cache
def _texts_of_calls() -> dict[str, list[str]]:
    """Texts in calls of the backend, by the name that is called."""
    found = defaultdict(list)
    for tree in _trees("backend/idgbr"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found[node.func.id] += [" ".join(text.split()) for text in _texts(node)]
    return found


def _quoted(page: Path) -> list[str]:
    """First cells of the tables of messages."""
    lines = page.read_text(encoding="utf-8").splitlines()
    cells = [line.removeprefix("| ").split(" |")[0] for line in lines if line.startswith("| ")]
    return [cell for cell in cells if cell != "message"]


def test_model_cards_are_up_to_date() -> None:
    assert document_models.PAGE.read_text(encoding="utf-8") == document_models.page(), "run make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        if "://" in target:
            continue
        path = (page.parent / name) if name else page
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in headings}, target


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index, page.name


def test_every_picture_is_used_and_all_are_small() -> None:
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = sorted((DOCS / "images").iterdir())
    assert [picture.name for picture in pictures if f"images/{picture.name}" not in pages] == []
    assert sum(picture.stat().st_size for picture in pictures) < 1.8e6


def test_messages_in_troubleshooting_occur_in_the_code() -> None:
    said = [" ".join(text.split()) for tree in _trees("idgbr_qgis", "backend/idgbr") for text in _texts(tree)]
    assert [message for message in _quoted(DOCS / "troubleshooting.md") if not _occurs(message, said)] == []


def test_errors_of_the_plugin_are_in_troubleshooting() -> None:
    page = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    raised = {
        text
        for tree in _trees("idgbr_qgis/core", "idgbr_qgis/gui")
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and ERRORS.match(ast.unparse(node.exc.func))
        for text in _texts(node.exc)
        if text.endswith((".", ":")) and len(text.split()) > 3
    }
    assert len(raised) > 20
    assert sorted(text for text in raised if text not in page) == []


def test_every_kind_of_failure_of_the_set_up_is_in_the_guide() -> None:
    page = (DOCS / "setup.md").read_text(encoding="utf-8")
    unsaid = {Kind.CANCELLED, Kind.UNKNOWN}  # nothing to remedy, and nothing known
    assert [kind.name for kind in Kind if kind not in unsaid and ADVICE[kind].what not in page] == []


def test_every_problem_of_the_backends_environment_is_in_troubleshooting() -> None:
    page = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    assert [problem.name for problem in Problem if problem.value not in page] == []


@pytest.mark.parametrize("name", sorted(_classes("backend/idgbr/errors.py") - NOT_SHOWN))
def test_every_error_of_the_backend_is_in_troubleshooting(name: str) -> None:
    """Of each class, at least one message is there: a new class wants a line, a new message may be like another."""
    messages = _quoted(DOCS / "troubleshooting.md")
    raised = _texts_of_calls()[name]
    assert raised, "nothing raises it: delete it"
    assert any(_occurs(message, raised) for message in messages)


@pytest.mark.parametrize("name", sorted(_classes("idgbr_qgis/core/errors.py") - NOT_SHOWN))
def test_errors_of_the_plugin_are_held_against_troubleshooting(name: str) -> None:
    assert ERRORS.match(name), "ERRORS must know the class, or its messages are not looked for"


def test_kinds_with_a_button_of_their_own_are_classes_of_the_backend() -> None:
    tree = ast.parse((ROOT / "idgbr_qgis/gui/job_desk.py").read_text(encoding="utf-8"))
    kinds = {
        pattern.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.MatchClass) and "kind" in node.kwd_attrs
        for pattern in node.kwd_patterns
        if isinstance(pattern, ast.MatchValue) and isinstance(pattern.value, ast.Constant)
    }
    assert kinds
    assert kinds <= _classes("backend/idgbr/errors.py")


def _occurs(message: str, said: list[str]) -> bool:
    """Whether code says a message; the parts between its … must stand in one text, in their order."""
    parts = [re.escape(part) for part in message.split("…")]
    pattern = re.compile(".*".join(parts))
    return any(pattern.search(text) for text in said)
