"""The options page: shows and stores the settings, and tests the backend without holding up QGIS."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QComboBox, QLineEdit, QPushButton, QTextBrowser

from idgbr_qgis.core import settings
from idgbr_qgis.gui.options import OptionsPage
from idgbr_qgis.gui.options_entry import OptionsFactory

Scripted = Callable[..., list[str]]


@pytest.fixture
def page() -> Iterator[OptionsPage]:
    page = OptionsFactory().createWidget(None)
    yield page
    page.deleteLater()


def wait_for_report(page: OptionsPage) -> str:
    report, button = page.findChild(QTextBrowser), page.findChild(QPushButton)
    end = time.monotonic() + 30
    while not button.isEnabled():
        assert time.monotonic() < end
        QCoreApplication.processEvents()
        time.sleep(0.02)
    return report.toPlainText()


def type_command(page: OptionsPage, command: list[str]) -> None:
    (field,) = [f for f in page.findChildren(QLineEdit) if "ssh" in f.placeholderText()]
    field.setText(json.dumps(command) if isinstance(command, list) else command)


def press_test(page: OptionsPage) -> str:
    page.findChild(QPushButton).click()
    return wait_for_report(page)


def test_page_stores_what_it_shows(page: OptionsPage) -> None:
    type_command(page, ["ssh", "host", "idgbr", "worker"])
    page.findChild(QComboBox).setCurrentText("cuda:1")
    page._python.setFilePath(sys.executable)
    page.apply()
    assert settings.backend_command() == ["ssh", "host", "idgbr", "worker"]
    assert settings.device() == "cuda:1"
    assert settings.backend_python() == sys.executable
    again = OptionsPage()
    assert again._python.filePath() == sys.executable
    assert again.findChild(QComboBox).currentText() == "cuda:1"


def test_a_test_shows_versions_devices_and_models(page: OptionsPage, scripted: Scripted) -> None:
    type_command(page, scripted("echo"))
    text = press_test(page)
    assert "version 9.9, plugin 0.1.0" in text
    assert "cpu: Scripted (none), 2.0 GB free" in text
    assert "cuda:0: GPU (cuda) – no <driver>" in text
    assert "buildings: Buildings, version 7" in text
    assert settings.backend_command() == [], "a test stores nothing"


def test_qgis_goes_on_while_the_backend_starts(page: OptionsPage, scripted: Scripted) -> None:
    type_command(page, scripted("silent"))
    begun = time.monotonic()
    page.findChild(QPushButton).click()
    assert time.monotonic() - begun < 1
    assert "Starting" in page.findChild(QTextBrowser).toPlainText()
    QgsApplication.taskManager().cancelAll()
    wait_for_report(page)


def test_page_may_close_during_a_test(scripted: Scripted) -> None:
    page = OptionsPage()
    type_command(page, scripted("ends"))
    page.findChild(QPushButton).click()
    page.deleteLater()
    del page
    end = time.monotonic() + 20
    while QgsApplication.taskManager().countActiveTasks() and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.02)
    assert not QgsApplication.taskManager().countActiveTasks()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("ssh host", "must be a JSON list"),
        (["no-such-program"], "no-such-program was not found"),
    ],
)
def test_mistakes_are_explained(page: OptionsPage, command: object, why: str) -> None:
    type_command(page, command)
    assert why in press_test(page)


def test_failing_backend_shows_the_end_of_its_log(page: OptionsPage, scripted: Scripted) -> None:
    type_command(page, scripted("ends"))
    text = press_test(page)
    assert "exit status 3" in text
    assert "No module named idgbr" in text
