"""The language of the guide and of the plugin: short sentences, and no words that CONTRIBUTING.md rules out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import draw_data_flow
from scripts.translations import find_texts

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
#: Model cards are texts of the models' makers.
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
PAGES.remove(DOCS / "model-cards.md")
#: More than the 25 words of the rule: a list may be longer.
MOST_WORDS = 40
#: Words that make a reader stop, with a plain one for each.
ODD = {
    r"afresh|anew": "again",
    r"alone": "only",
    r"(?:go|goes|going|went) on": "resume, continue",
    r"so (?:many|much) (?:of|are|is)": "this many",
    r"of which|that which": "a sentence of its own",
    r"wants? (?:a|an|the)": "needs",
    r"borne? out|in the eyes of": "confirms, according to",
    r"(?:is|are) (?:told|said) (?:by|of)": "an active verb",
    r"beyond doubt": "certain",
    r"as far as": "if, where",
}


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, items of lists and cells of tables of a page, without code, links and marks of emphasis."""
    text = re.sub(r"```.*?```", "\n\n", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`", "Code", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^(?:#.*|\s*\|[-| ]+\|\s*)$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\*|<[^>]*>", "", text)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-|]|\d+\.) ?)", text):
        yield from (" ".join(part.split()) for part in re.split(r"(?<!\\)\|" if "|" in block else r"\Z", block))


def _sentences(text: str) -> Iterator[str]:
    for block in _blocks(text):
        yield from re.split(r"(?<=[.!?:;])\s+(?=[^a-z]|$)", block)


def _too_long(text: str) -> list[str]:
    return [sentence for sentence in _sentences(text) if len(re.findall(r"\w[\w.'’-]*", sentence)) > MOST_WORDS]


def _odd(text: str) -> list[str]:
    return [
        f"{found.group()!r} in {block!r}: {better}"
        for block in _blocks(text)
        for word, better in ODD.items()
        for found in re.finditer(rf"\b(?:{word})\b", block, re.IGNORECASE)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_sentences_of_the_guide_are_short(page: Path) -> None:
    assert _too_long(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_guide_uses_plain_words(page: Path) -> None:
    assert _odd(page.read_text(encoding="utf-8")) == []


def test_texts_of_the_plugin_are_short_and_plain() -> None:
    texts = [text for text in find_texts() if "," in text or " " in text]
    assert [sentence for text in texts for sentence in _too_long(text)] == []
    assert [odd for text in texts for odd in _odd(text)] == []


def test_checks_find_what_they_look_for() -> None:
    assert len(_too_long("One " * (MOST_WORDS + 1) + "end.")) == 1
    assert _too_long("One " * MOST_WORDS + "\n\n" + "two " * MOST_WORDS) == []
    assert len(_odd("It goes on\nalone. `alone` is code.")) == 2


def test_every_term_is_explained_once() -> None:
    terms = re.findall(r"^\*\*([^*]+)\*\*:", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"Tile", "Core", "Halo", "Chip", "Extent", "Logits", "Crack", "Arc", "Coverage"} <= set(terms)
    assert len(terms) == len(set(terms)) + 1  # a band is a channel, or pixels along boundaries


def test_the_picture_is_up_to_date() -> None:
    assert draw_data_flow.PICTURE.read_text(encoding="utf-8") == draw_data_flow.picture(), "run make docs"
