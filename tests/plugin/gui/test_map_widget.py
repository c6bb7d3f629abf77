"""The parameter for a class raster or polygon layer: in the dialog, in batch, in the designer, in the history."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingModelAlgorithm,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsProcessingModelerParameterWidget
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QWidget

from idgbr_qgis.processing.provider import IdgbrProvider


@pytest.fixture
def houses() -> Iterator[QgsVectorLayer]:
    """Two polygons in the project."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632&field=kind:string", "houses", "memory")
    for x in (0, 10):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({x} 0, {x + 8} 0, {x + 8} 8, {x} 0))"))
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().removeMapLayer(layer.id())


def test_selected_features_are_offered_while_there_are_any(
    provider: IdgbrProvider, qgis_processing: None, houses: QgsVectorLayer, image: QgsRasterLayer
) -> None:
    from processing.gui.wrappers import WidgetWrapperFactory

    QgsProject.instance().addMapLayer(image, False)
    algorithm = provider.algorithm("refine")
    dialog = type("AlgorithmDialog", (QWidget,), {})()
    wrapper, fields = (
        WidgetWrapperFactory.create_wrapper(algorithm.parameterDefinition(name), dialog)
        for name in ("COARSE", "CLASS_FIELD")
    )
    fields.postInitialize([wrapper, fields])
    box = wrapper.widget.findChild(QCheckBox)
    wrapper.setParameterValue(houses.id(), QgsProcessingContext())
    assert (box.isHidden(), box.isEnabled()) == (False, False)
    assert wrapper.parameterValue() == houses.id()
    houses.selectByIds([1])
    box.setChecked(True)
    value = wrapper.parameterValue()
    assert isinstance(value, QgsProcessingFeatureSourceDefinition)
    assert (value.source.staticValue(), value.selectedFeaturesOnly) == (houses.id(), True)
    names = fields.widget
    assert isinstance(names, QComboBox)
    assert "kind" in [names.itemText(i) for i in range(names.count())]
    houses.removeSelection()
    assert wrapper.parameterValue() == houses.id()
    wrapper.setParameterValue(image.id(), QgsProcessingContext())
    assert box.isHidden()
    assert wrapper.parameterValue() == image.id()
    houses.selectByIds([2])
    wrapper.setParameterValue(value, QgsProcessingContext())
    assert wrapper.parameterValue().selectedFeaturesOnly
    QgsProject.instance().takeMapLayer(image)


def test_batch_takes_files(provider: IdgbrProvider, qgis_processing: None) -> None:
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    dialog = BatchAlgorithmDialog(provider.algorithm("refine").create())
    dialog.mainWidget().addRow()
    wrapper = dialog.mainWidget().wrappers[0][1]
    wrapper.setParameterValue("/data/classes.tif", QgsProcessingContext())
    assert wrapper.parameterValue() == "/data/classes.tif"
    dialog.deleteLater()


def test_model_designer_keeps_its_own_widget(provider: IdgbrProvider, qgis_processing: None) -> None:
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

    dialog = ModelerParametersDialog(provider.algorithm("refine"), QgsProcessingModelAlgorithm())
    wrappers = dialog.widget.widget.wrappers if hasattr(dialog.widget, "widget") else dialog.widget.wrappers
    assert isinstance(wrappers["COARSE"], QgsProcessingModelerParameterWidget)
    dialog.deleteLater()


@pytest.mark.parametrize("name", ["refine:COARSE", "evaluate:PREDICTED", "evaluate:TRUTH"])
def test_selection_is_kept_in_history(provider: IdgbrProvider, houses: QgsVectorLayer, name: str) -> None:
    algorithm, _, parameter = name.partition(":")
    definition = provider.algorithm(algorithm).parameterDefinition(parameter)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    value = QgsProcessingFeatureSourceDefinition(houses.id(), True)
    assert definition.checkValueIsAcceptable(value, context)
    assert "selectedFeaturesOnly=True" in definition.valueAsPythonString(value, context)
    assert definition.valueAsPythonString("/data/a.tif", context) == "'/data/a.tif'"
    assert definition.valueAsJsonObject("/data/a.tif", context) == "/data/a.tif"
    assert not definition.checkValueIsAcceptable(None, context)
