"""The page about the algorithms is the one the algorithms write."""

from __future__ import annotations


def test_page_is_up_to_date(qgis_app: object) -> None:
    from scripts.document_algorithms import PAGE, page

    assert PAGE.read_text(encoding="utf-8") == page(), "run .venv-qgis/bin/python scripts/document_algorithms.py"
