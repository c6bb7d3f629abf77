"""The plugin's texts: all can be translated, all are, and Qt reads them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProject
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, QTranslator
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QPushButton

from idgbr_qgis.core import translation
from idgbr_qgis.core.jobs_queue import JobQueue
from idgbr_qgis.core.translation import tr
from idgbr_qgis.core.warm_backend import WarmBackend
from idgbr_qgis.gui.dock import IdgbrDock
from idgbr_qgis.gui.job_desk import JobDesk
from scripts import translations
from scripts.translations import Catalogue, find_texts, placeholders

LANGUAGES = sorted(translations.FOLDER.glob("*.ts"))
#: Methods and classes whose first text a user reads; of `addRow` and the like, too.
SHOWN_BY = re.compile(
    r"^(set(Text|ToolTip|WindowTitle|Title|StatusTip|WhatsThis|AccessibleName|PlaceholderText|Description|DialogTitle"
    r"|Message)|add(Row|Item|Action|Button|Tab)|push(Message|Info|Warning)|reportError|setProgressText|createMessage"
    r"|Q(Label|PushButton|CheckBox|RadioButton|GroupBox|Action)|QgsCollapsibleGroupBox|notify|\w+Error|question"
    r"|getText|getDouble|getOpenFileName|getExistingDirectory|QgsProcessingParameter\w+|QgsProcessingOutput\w+)$"
)
#: Names, units and codes, alike in all languages.
ALIKE = re.compile(
    r"^(IDGBR|GeoPackage|Shapefile|ESRI Shapefile \(\*\.shp\)|GeoPackage \(\*\.gpkg\)|m²|px|[A-Z_]+|\[.*\]|\W*|\w+)$"
)


def _calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in sorted(translations.PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node, node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def _bare(node: ast.expr) -> str:
    """A text for people that is written where it is shown, without `tr`; empty if there is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    else:
        return ""
    text = re.sub(r"<[^>]*>|&\w+;|\{[^{}]*\}", "", text).strip()
    return "" if ALIKE.match(text) or " " not in text else text


def test_what_users_read_goes_through_tr() -> None:
    found = [
        f"{path.name}:{node.lineno}: {text}"
        for path, node, name in _calls()
        if SHOWN_BY.match(name) and "core/setup" not in path.as_posix()  # translated where its errors are shown
        for argument in (*node.args, *(word.value for word in node.keywords))
        if (text := _bare(argument))
    ]
    assert found == []


def test_tr_is_given_whole_texts() -> None:
    known = ("problem.value", "stage.value", "error.advice.what", "error.advice.remedy", "BUILD_TITLES[build]")
    odd = [
        f"{path.name}:{node.lineno}"
        for path, node, name in _calls()
        if name == "tr" and not isinstance(node.args[0], ast.Constant) and ast.unparse(node.args[0]) not in known
    ]
    assert odd == []


def test_texts_that_are_shown_later_are_found_too() -> None:
    texts = find_texts()
    for text in ("The proxy cannot be reached.", "The backend's environment was removed.", "Downloading", "CPU"):
        assert text in texts


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_language_is_complete(path: Path) -> None:
    texts, places = Catalogue.read(path).texts, find_texts()
    assert list(texts) == list(places), "run make translations"
    assert [source for source, text in texts.items() if not text] == []


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_translations_keep_placeholders_and_ends(path: Path) -> None:
    for source, text in Catalogue.read(path).texts.items():
        assert placeholders(source) == placeholders(text), source
        assert source.count("\n") == text.count("\n"), source
        assert source.endswith("…") == text.endswith("…"), source
        assert source.startswith("; ") == text.startswith("; "), source
        assert source.count("*.") == text.count("*."), source


def test_there_are_german_and_spanish() -> None:
    assert [path.stem for path in LANGUAGES] == ["idgbr_de", "idgbr_es"]
    assert [Catalogue.read(path).language for path in LANGUAGES] == ["de", "es"]


def test_a_text_that_is_new_is_unfinished_and_a_translated_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "idgbr_de.ts"
    Catalogue("de", {"Old": "Alt", "Gone": "Weg"}).write(path, {"Old": ["a.py"], "New": ["b.py"]})
    assert Catalogue.read(path).texts == {"Old": "Alt", "New": ""}
    assert path.read_text(encoding="utf-8").count('type="unfinished"') == 1


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[QTranslator]:
    """QGIS in German, with the plugin's texts as they are put into the zip."""
    translations.compile_all(tmp_path / "i18n")
    monkeypatch.setattr(translation, "PACKAGE", tmp_path)
    monkeypatch.setattr(QgsApplication, "locale", lambda *_: "de_AT")
    translator = translation.install_translator()
    assert translator is not None
    yield translator
    QCoreApplication.removeTranslator(translator)


def test_qt_reads_every_text_as_it_was_written(german: QTranslator) -> None:
    for source, text in Catalogue.read(translations.FOLDER / "idgbr_de.ts").texts.items():
        assert tr(source) == text
    assert tr("Run") == "Starten"
    assert tr("of a text that nobody translated") == "of a text that nobody translated"


def test_the_panel_speaks_german(german: QTranslator, provider: object) -> None:
    project, canvas, bar, warm = QgsProject.instance(), QgsMapCanvas(), QgsMessageBar(), WarmBackend()
    dock = IdgbrDock(canvas, JobDesk(JobQueue(project), project, canvas, bar, lambda: None), lambda: None, warm)
    try:
        labels = {label.text() for label in dock.findChildren(QLabel)}
        assert {"Aufgabe", "Bild", "Gebiet", "Qualität", "Ergebnis"} <= labels
        assert "Fügen Sie dem Projekt ein Bild hinzu, um zu beginnen." in labels or any("px" in text for text in labels)
        assert {"Starten", "Vorschau hier"} <= {button.text() for button in dock.findChildren(QPushButton)}
        choices = {box.itemText(i) for box in dock.findChildren(QComboBox) for i in range(box.count())}
        assert {"Bild segmentieren", "Grenzen eines Layers verfeinern", "Ganzes Bild"} <= choices
        names = {algorithm.displayName() for algorithm in provider.algorithms()}  # type: ignore[attr-defined]
        assert "Klassenraster vektorisieren" in names
    finally:
        dock.end()
        warm.end()
        for widget in (dock, bar, canvas):
            widget.deleteLater()
