"""The models dialog: a face of what the backend does with models."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog, QFileDialog, QInputDialog, QMessageBox

from idgbr_qgis.core.warm_backend import WarmBackend
from idgbr_qgis.gui.model_values import ModelValuesDialog
from idgbr_qgis.gui.models_dialog import ModelsDialog
from tests.plugin.waiting import wait_until

CLASSES = [{"id": 0, "name": "other", "color": [0, 0, 0], "background": True}]
CLASSES += [{"id": 1, "name": "pond", "color": [10, 20, 200], "background": False}]
BUNDLED = {
    "id": "buildings", "title": "Buildings", "kind": "coarse", "folder": "/models/buildings", "own": False,
    "problem": None, "bands": 3, "classes": CLASSES, "gsd_range_m": [0.3, 1.0], "license": "CC BY-SA 4.0",
    "scaling": {"kind": "unit"}, "accuracy": {"zanzibar": {"a": {"refined mIoU": 0.775}}},
}  # fmt: skip
PONDS = BUNDLED | {
    "id": "ponds", "title": "Ponds", "folder": "/mine/ponds", "own": True, "band_map": [4, 2, 1],
    "scaling": {"kind": "standardize", "mean": [0.4] * 3, "std": [0.2] * 3},
}  # fmt: skip
BROKEN = {"id": "broken", "kind": "unknown", "folder": "/mine/broken", "own": True, "problem": "model.onnx: missing."}


@pytest.fixture
def log(tmp_path: Path, backend: Callable[..., None]) -> Path:
    (tmp_path / "log.models").write_text(json.dumps([BUNDLED, PONDS, BROKEN]))
    backend("stays", tmp_path / "log")
    return tmp_path / "log"


@pytest.fixture
def dialog(log: Path) -> Iterator[ModelsDialog]:
    warm = WarmBackend()
    dialog = ModelsDialog(warm)
    dialog.show()
    dialog.list_models()
    settle(dialog)
    yield dialog
    dialog.close()
    warm.end()
    dialog.deleteLater()


def settle(dialog: ModelsDialog) -> None:
    wait_until(lambda: dialog._call is None)


def choose(dialog: ModelsDialog, title: str) -> None:
    (item,) = dialog._list.findItems(title, Qt.MatchFlag.MatchExactly)
    dialog._list.setCurrentItem(item)


def jobs(log: Path) -> list[tuple[str, dict[str, Any]]]:
    lines = [json.loads(line)[2] for line in log.read_text().splitlines()]
    return [(line["job"], line["parameters"]) for line in lines if "job" in line]


def messages(dialog: ModelsDialog) -> list[str]:
    return [item.text() for item in dialog._bar.items()]


def test_models_are_listed_with_their_cards(dialog: ModelsDialog) -> None:
    assert [dialog._list.item(i).text() for i in range(3)] == ["Buildings", "Ponds", "broken"]
    shown = dialog._card.toPlainText()
    for text in ("pond", "0.3–1.0", "CC BY-SA", "mIoU 0.78", "first 3 bands", "All files are intact", "8-bit values"):
        assert text in shown
    assert not dialog._remove.isEnabled()
    assert not dialog._adjust.isEnabled()
    assert dialog._copy.isEnabled()
    assert dialog._export.isEnabled()
    choose(dialog, "Ponds")
    assert "bands 4, 2, 1" in dialog._card.toPlainText()
    assert "mean 0.4, 0.4, 0.4" in dialog._card.toPlainText()
    assert dialog._remove.isEnabled()
    assert dialog._adjust.isEnabled()
    choose(dialog, "broken")
    assert "model.onnx: missing." in dialog._card.toPlainText()
    assert dialog._remove.isEnabled()
    assert not dialog._copy.isEnabled()
    assert not dialog._export.isEnabled()


def test_a_model_is_exported_to_a_zip(dialog: ModelsDialog, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(dialog, "Ponds")
    for given, written in (("/mine/p", "/mine/p.zip"), ("/mine/P.ZIP", "/mine/P.ZIP"), ("", "")):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=given: (path, ""))
        dialog._export.click()
        settle(dialog)
        if written:
            assert jobs(log)[-1] == ("export-model", {"id": "ponds", "output": written, "replace": True})
            assert messages(dialog) == [f"Exported to {written}."]
    assert len(jobs(log)) == 2


def test_a_folder_and_a_file_are_added(dialog: ModelsDialog, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed: list[bool] = []
    dialog.changed.connect(lambda: changed.append(True))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("lakes", True))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/given/folder")
    dialog._add_folder.click()
    assert not dialog._add_folder.isEnabled()
    settle(dialog)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/given/model.zip", ""))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("", True))
    dialog._add_file.click()
    settle(dialog)
    assert jobs(log) == [
        ("add-model", {"source": "/given/folder"}),
        ("add-model", {"source": "/given/folder", "id": "lakes"}),
        ("add-model", {"source": "/given/model.zip"}),
        ("add-model", {"source": "/given/model.zip", "replace": True}),
    ]
    assert changed == [True, True]


def test_the_pixel_size_is_asked_for_where_a_file_does_not_say_it(
    dialog: ModelsDialog, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *_: (0.5, True))
    dialog.add("/given/bare.onnx", id="bare")
    settle(dialog)
    assert jobs(log)[-1] == ("add-model", {"source": "/given/bare.onnx", "id": "bare", "gsd_m": 0.5})


def test_giving_up_a_question_leaves_all_as_it_was(
    dialog: ModelsDialog, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("", False))
    dialog.add("/given/folder")
    settle(dialog)
    assert len(jobs(log)) == 1
    assert dialog._add_folder.isEnabled()


def test_a_bundled_model_is_copied(dialog: ModelsDialog, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, text: (text, True))
    dialog._copy.click()
    settle(dialog)
    assert jobs(log) == [("add-model", {"source": "/models/buildings", "id": "buildings-copy"})]


def test_a_model_is_removed_when_the_user_says_so(
    dialog: ModelsDialog, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(dialog, "Ponds")
    for answer in (QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes):
        monkeypatch.setattr(QMessageBox, "question", lambda *_, answer=answer: answer)
        dialog._remove.click()
        settle(dialog)
    assert jobs(log) == [("remove-model", {"id": "ponds"})]


def test_values_and_bands_are_adjusted(dialog: ModelsDialog, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def accept(values: ModelValuesDialog) -> QDialog.DialogCode:
        assert values._fields["bands"].text() == "4, 2, 1"
        assert values._fields["mean"].text() == "0.4, 0.4, 0.4"
        for name in ("mean", "std"):
            values._fields[name].clear()
        values._fields["low"].setText("0 0 0")
        values._fields["high"].setText("3000 3000 3000")
        return QDialog.DialogCode.Accepted

    choose(dialog, "Ponds")
    monkeypatch.setattr(ModelValuesDialog, "exec", accept)
    dialog._adjust.click()
    settle(dialog)
    typed = {"bands": "4, 2, 1", "low": "0 0 0", "high": "3000 3000 3000", "mean": "", "std": ""}
    assert jobs(log) == [("change-model", {"id": "ponds", "scaling": "unit", **typed})]


def test_what_the_backend_refuses_is_said(dialog: ModelsDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(dialog, "Ponds")
    monkeypatch.setattr(ModelValuesDialog, "exec", lambda values: values._fields["low"].setText("x") or True)
    dialog._adjust.click()
    settle(dialog)
    assert messages(dialog) == ["low: 'x' is not a list of numbers."]


def test_a_missing_backend_is_said(dialog: ModelsDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_BACKEND_COMMAND", '["no-such-program"]')
    dialog._verify.click()
    assert "was not found" in messages(dialog)[0]
