"""The parameter MODEL in the dialog, in batch and in the model designer."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsProcessingModelAlgorithm
from qgis.gui import QgsProcessingModelerParameterWidget
from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QToolButton

from idgbr_qgis.core.models import Model, known_models, looks_like_path
from idgbr_qgis.processing.provider import IdgbrProvider


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    for name, card in (
        ("ponds", '{"id": "ponds", "kind": "coarse", "title": "Ponds"}'),
        ("sharp", '{"id": "sharp", "kind": "refiner"}'),
        ("broken", "{"),
    ):
        (folder / name).mkdir(parents=True)
        (folder / name / "model.json").write_text(card)
    monkeypatch.setenv("IDGBR_MODELS", str(folder))
    return folder


def test_models_are_known_by_their_cards(models: Path) -> None:
    assert known_models()[0] == Model("ponds", "Ponds")
    assert known_models("refiner")[0].id == "sharp"


@pytest.mark.parametrize(("text", "path"), [("buildings", False), ("a.onnx", True), ("/m/a", True), ("C:\\m", True)])
def test_paths_are_told_from_ids(text: str, path: bool) -> None:
    assert looks_like_path(text) is path


@pytest.mark.parametrize("dialog_name", ["AlgorithmDialog", "BatchPanel"])
def test_model_is_picked_typed_or_looked_for(
    provider: IdgbrProvider, qgis_processing: None, models: Path, monkeypatch: pytest.MonkeyPatch, dialog_name: str
) -> None:
    from processing.gui.wrappers import WidgetWrapperFactory
    from qgis.PyQt.QtWidgets import QWidget

    dialog = type(dialog_name, (QWidget,), {})()
    parameter = provider.algorithm("segment").parameterDefinition("MODEL")
    wrapper = WidgetWrapperFactory.create_wrapper(parameter, dialog)
    assert wrapper.parameterValue() == "buildings"
    combo = wrapper.widget.findChild(QComboBox)
    assert "ponds" in [combo.itemText(i) for i in range(combo.count())]
    combo.setCurrentText("/my/model.onnx")
    assert wrapper.parameterValue() == "/my/model.onnx"
    card = str(models / "ponds" / "model.json")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (card, ""))
    wrapper.widget.findChild(QToolButton).click()
    assert wrapper.parameterValue() == str(models / "ponds")


def test_model_designer_keeps_its_own_widget(provider: IdgbrProvider, qgis_processing: None) -> None:
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

    dialog = ModelerParametersDialog(provider.algorithm("segment"), QgsProcessingModelAlgorithm())
    wrapper = (
        dialog.widget.widget.wrappers["MODEL"] if hasattr(dialog.widget, "widget") else dialog.widget.wrappers["MODEL"]
    )
    assert isinstance(wrapper, QgsProcessingModelerParameterWidget)
    assert wrapper.value().staticValue() == "buildings"
    dialog.deleteLater()
