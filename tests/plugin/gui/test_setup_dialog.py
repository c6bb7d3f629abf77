"""The dialog "Set up backend…": plan, progress with cancel, result; with a real environment of tiny wheels."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsSettings
from qgis.gui import QgisInterface
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QPushButton

from idgbr_qgis.core import settings
from idgbr_qgis.core.qgis_network import qgis_network
from idgbr_qgis.core.setup.failures import Kind, SetupError
from idgbr_qgis.core.setup.find_python import Python
from idgbr_qgis.core.setup.install import Outcome, Progress, Stage
from idgbr_qgis.core.setup.plan import Gpu, Plan
from idgbr_qgis.core.setup.state import Problem
from idgbr_qgis.gui import setup_task
from idgbr_qgis.gui.health_line import HealthLine
from idgbr_qgis.gui.setup_dialog import SetupDialog
from idgbr_qgis.gui.setup_entry import SetupEntry, backend_notice
from idgbr_qgis.gui.setup_plan_page import ZIP_FOLDER_KEY
from tests.plugin.core.setup.conftest import Miniature, miniature, system_python  # noqa: F401

PYTHONS = [
    Python("/usr/bin/python3.12", (3, 12, 3), "linux", "x86_64", "posix", has_venv=True),
    Python("/opt/qgis/python3", (3, 11, 9), "linux", "x86_64", "posix", has_venv=True, of_qgis=True),
]


def wait(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        QCoreApplication.processEvents()
        time.sleep(0.01)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_task, "find_pythons", lambda: PYTHONS)
    monkeypatch.setattr(setup_task, "find_uv", lambda: None)
    monkeypatch.setattr(setup_task, "find_gpu", lambda: Gpu("NVIDIA RTX A4000", 580, "580.95"))


@pytest.fixture
def dialog(found: None) -> Iterator[SetupDialog]:
    dialog = SetupDialog()
    dialog.show()
    wait(dialog.start.isEnabled)
    yield dialog
    QgsApplication.taskManager().cancelAll()
    wait(lambda: not QgsApplication.taskManager().countActiveTasks())
    dialog.deleteLater()


def stand_in(monkeypatch: pytest.MonkeyPatch, work: Callable[..., Outcome]) -> None:
    monkeypatch.setattr(setup_task, "set_up", work)


def test_first_page_says_what_where_how_large_and_for_which_device(dialog: SetupDialog, tmp_path: Path) -> None:
    page = dialog.plan_page
    assert page.device.currentText() == "NVIDIA GPU (CUDA 13)"
    assert page.folder.filePath() == str(tmp_path / "no-data")
    assert "1.8 GB" in page._summary.text()
    page.device.setCurrentIndex(page.device.findText("CPU"))
    assert "MB</b> are downloaded" in page._summary.text()
    plan = page.plan()
    assert (plan.build, plan.python, plan.folder) == ("cpu", PYTHONS[0], tmp_path / "no-data")
    page.wheels.setFilePath(str(tmp_path))
    assert "Nothing is downloaded" in page._summary.text()
    assert page.plan().wheels == tmp_path


def test_too_little_space_cannot_be_started(dialog: SetupDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("idgbr_qgis.gui.setup_plan_page.free_mb", lambda _: 100.0)
    dialog.plan_page._refresh()
    assert not dialog.start.isEnabled()
    assert "too little" in dialog.plan_page._summary.text()


def test_without_a_python_it_is_said_what_to_install(found: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_task, "find_pythons", list)
    dialog = SetupDialog()
    wait(lambda: "uv" in dialog.plan_page._summary.text())
    assert not dialog.start.isEnabled()
    monkeypatch.setattr(setup_task, "find_uv", lambda: "/usr/bin/uv")
    dialog.look()
    wait(dialog.start.isEnabled)
    assert "downloaded by uv" in dialog.plan_page.python.currentText()
    dialog.deleteLater()


def test_progress_is_shown_by_megabytes_and_qgis_goes_on(dialog: SetupDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(plan: object, report: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Outcome:
        report(Progress(Stage.DOWNLOAD, 120.0, 280.0, "scipy"))
        while not cancelled():
            time.sleep(0.01)
        raise SetupError(Kind.CANCELLED)

    stand_in(monkeypatch, work)
    dialog.start.click()
    page = dialog.progress_page
    wait(lambda: "120 of 280 MB" in page.text.text())
    assert "scipy" in page.text.text()
    assert (page.bar.value(), page.bar.maximum()) == (1200, 2800)
    assert page._marks[Stage.ENVIRONMENT].text() == "✓"
    dialog.cancel.click()
    wait(lambda: dialog.pages.currentWidget() is dialog.result_page)
    assert "Downloaded packages are kept" in dialog.result_page.text.toPlainText()
    dialog.again.click()
    assert dialog.pages.currentWidget() is dialog.plan_page


def test_a_closed_dialog_lets_the_set_up_go_on(dialog: SetupDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on: list[bool] = []

    def work(plan: object, report: object, cancelled: object) -> Outcome:
        while not go_on:
            time.sleep(0.01)
        return Outcome(Path("/new/python"), {})

    stand_in(monkeypatch, work)
    dialog.start.click()
    dialog.close()
    go_on.append(True)
    wait(lambda: settings.backend_python() == "/new/python")


def test_a_failure_is_explained_and_can_be_copied(dialog: SetupDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    details = "numpy==2.4.6\nProxyError at http://jane:secret@proxy.corp.example"

    def work(*_: object) -> Outcome:
        raise SetupError(Kind.PROXY, details)

    stand_in(monkeypatch, work)
    dialog.start.click()
    wait(lambda: dialog.pages.currentWidget() is dialog.result_page)
    text = dialog.result_page.text.toPlainText()
    assert "The proxy cannot be reached." in text
    assert "Settings ▸ Options ▸ Network" in text
    assert "numpy==2.4.6" in dialog.result_page.details.toPlainText()
    dialog.copy.click()
    copied = dialog.diagnostics()
    assert "**proxy**" in copied
    assert "secret" not in copied


def test_an_unforeseen_error_is_shown_too(dialog: SetupDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(*_: object) -> Outcome:
        raise ZeroDivisionError("nobody foresaw it")

    stand_in(monkeypatch, work)
    dialog.start.click()
    wait(lambda: dialog.pages.currentWidget() is dialog.result_page)
    assert "nobody foresaw it" in dialog.result_page.details.toPlainText()


def test_a_real_environment_is_set_up_and_becomes_the_backend(
    dialog: SetupDialog,
    miniature: Miniature,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dialog.plan_page, "plan", lambda: replace(miniature.plan(), folder=miniature.folder))
    dialog.start.click()
    wait(lambda: dialog.pages.currentWidget() is dialog.result_page, 300)
    assert "Tiny" in dialog.result_page.text.toPlainText()
    assert settings.backend_python() == str(miniature.folder / "env-9.9" / "bin" / "python")


def test_proxy_and_its_login_are_taken_from_qgis(tmp_path: Path) -> None:
    stored = QgsSettings()
    assert qgis_network(tmp_path).proxy == ""
    try:
        for name, value in (
            ("proxyEnabled", True),
            ("proxyType", "HttpProxy"),
            ("proxyHost", "proxy.example"),
            ("proxyPort", "3128"),
            ("proxyUser", "jane"),
            ("proxyPassword", "a:b"),
            ("noProxyUrls", ["http://intranet.example/maps"]),
        ):
            stored.setValue(f"proxy/{name}", value)
        network = qgis_network(tmp_path)
        assert network.proxy == "http://jane:a%3Ab@proxy.example:3128"
        assert network.variables()["NO_PROXY"] == "intranet.example"
    finally:
        stored.remove("proxy")


@pytest.fixture
def ready() -> list[bool]:
    """One entry for each time that a backend was set up."""
    return []


@pytest.fixture
def entry(
    qgis_iface: QgisInterface, monkeypatch: pytest.MonkeyPatch, found: None, ready: list[bool]
) -> Iterator[SetupEntry]:
    for name in ("addPluginToMenu", "removePluginMenu"):
        monkeypatch.setattr(qgis_iface, name, lambda *_: None, raising=False)
    entry = SetupEntry(qgis_iface, lambda: ready.append(True))
    yield entry
    entry.remove()
    wait(lambda: not QgsApplication.taskManager().countActiveTasks())


def test_a_dialog_that_is_gone_before_the_search_is_over_harms_nobody(found: None) -> None:
    dialog = SetupDialog()
    sip.delete(dialog)
    wait(lambda: not QgsApplication.taskManager().countActiveTasks())


def test_a_missing_backend_is_said_with_a_button(
    entry: SetupEntry, qgis_iface: QgisInterface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "checkout_python", lambda: None)
    assert "not set up yet" in backend_notice()
    entry.notify()
    (button,) = qgis_iface.messageBar().findChildren(QPushButton, "")[-1:]
    assert button.text() == "Set up backend…"
    button.click()
    assert entry.open().isVisible()
    monkeypatch.setattr(settings, "worker_command", list)
    assert backend_notice() == ""


def test_a_backend_that_an_update_broke_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "backend_problem", lambda: Problem.BASE_GONE)
    assert backend_notice().endswith("replaced by another version. Set it up again.")


def test_a_set_up_that_went_well_goes_on_to_the_panel(
    entry: SetupEntry, ready: list[bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    doubts: list[str] = ["The GPU is asleep."]
    stand_in(monkeypatch, lambda *_: Outcome(tmp_path / "python", {}, tuple(doubts)))
    dialog = entry.open()
    for times in (1, 2):
        wait(dialog.start.isEnabled)
        dialog.start.click()
        wait(lambda times=times: len(ready) == times)
        assert dialog.isVisible() is bool(doubts), "doubts are there to be read"
        doubts.clear()
        dialog.look()


def test_wheels_beside_the_zip_are_found(
    found: None,
    miniature: Miniature,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Plan, "lock_file", miniature.plan().lock_file)
    QgsSettings().setValue(ZIP_FOLDER_KEY, str(miniature.wheels.parent))
    try:
        dialog = SetupDialog()
        wait(lambda: bool(dialog.plan_page.python.count()))
        assert dialog.plan_page.wheels.filePath() == str(miniature.wheels)
        assert "Nothing is downloaded" in dialog.plan_page._summary.text()
    finally:
        QgsSettings().remove(ZIP_FOLDER_KEY)
        dialog.deleteLater()


def test_there_is_one_dialog(entry: SetupEntry) -> None:
    assert entry.open() is entry.open()


def test_health_is_one_line_with_all_in_its_tooltip(backend: Callable[..., None]) -> None:
    backend("echo")
    line = HealthLine(lambda: None)
    line.check()
    wait(lambda: "9.9" in line.text())
    assert line.text() == "Backend 9.9 on Scripted, 1 models"
    assert "buildings" in line.toolTip()


def test_a_backend_that_is_not_well_links_to_the_set_up(backend: Callable[..., None]) -> None:
    backend("ends")
    opened: list[bool] = []
    line = HealthLine(lambda: opened.append(True))
    line.check()
    wait(lambda: "exit status 3" in line.text())
    line.linkActivated.emit("setup")
    assert opened
