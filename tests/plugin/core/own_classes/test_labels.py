"""Labels as they are drawn: one class a place, and every step can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsProject, QgsRectangle
from qgis.PyQt.QtGui import QColor

from idgbr_qgis.core.errors import LayerError, OutputPathError
from idgbr_qgis.core.own_classes.label_file import LabelFile
from idgbr_qgis.core.own_classes.labels import MOST_CLASSES, Labels
from idgbr_qgis.core.styles import LayerClass

UTM = QgsCoordinateReferenceSystem("EPSG:32632")


def box(left: float, bottom: float, side: float = 10) -> QgsGeometry:
    x, y = 500000 + left, 5000000 + bottom
    return QgsGeometry.fromRect(QgsRectangle(x, y, x + side, y + side))


@pytest.fixture
def labels(qgis_app: object) -> Labels:
    labels = Labels("labels", UTM, QgsProject.instance().transformContext())
    labels.add_class("roof")
    labels.add_class("lawn")
    return labels


def areas(labels: Labels) -> dict[int, float]:
    found: dict[int, float] = {}
    for feature in labels.layer.getFeatures():
        found[feature["class_id"]] = found.get(feature["class_id"], 0) + round(feature.geometry().area(), 3)
    return found


def test_a_place_has_the_class_that_was_drawn_last(labels: Labels) -> None:
    labels.draw(box(0, 0), UTM, 1)
    labels.draw(box(5, 0), UTM, 2)
    assert areas(labels) == {1: 50, 2: 100}
    labels.draw(box(8, 0), UTM, 2)
    assert labels.counts() == {1: 1, 2: 2}, "labels of the same class may overlap"
    labels.draw(box(-1, -1, 30), UTM, 1)
    assert areas(labels) == {1: 950}


def test_every_step_can_be_taken_back_and_done_again(labels: Labels) -> None:
    labels.draw(box(0, 0), UTM, 1)
    labels.draw(box(5, 0), UTM, 2)
    labels.erase(box(0, 0, 5), UTM)
    assert areas(labels) == {1: 25, 2: 100}
    labels.undo()
    assert areas(labels) == {1: 50, 2: 100}
    labels.undo()
    assert areas(labels) == {1: 100}
    labels.redo()
    assert areas(labels) == {1: 50, 2: 100}


def test_slivers_are_not_left_and_thin_labels_are(labels: Labels) -> None:
    labels.draw(box(0, 0), UTM, 1)
    labels.erase(box(0.01, -1, 12), UTM)
    assert labels.counts() == {}
    thin = QgsGeometry.fromRect(QgsRectangle(500000, 5000000, 500100, 5000000.2))
    labels.draw(thin, UTM, 1)
    labels.draw(box(50, -20, 50), UTM, 2)
    assert areas(labels) == {1: 10, 2: 2500}


def test_erasing_bare_ground_is_no_step(labels: Labels) -> None:
    labels.draw(box(0, 0), UTM, 1)
    steps = labels.layer.undoStack().count()
    labels.erase(box(50, 50), UTM)
    assert labels.layer.undoStack().count() == steps


def test_what_is_drawn_on_a_map_of_another_system_lies_right(labels: Labels) -> None:
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    labels.draw(QgsGeometry.fromRect(QgsRectangle(9.0, 45.0, 9.0001, 45.0001)), degrees, 1)
    assert areas(labels)[1] == pytest.approx(7.88 * 11.1, rel=0.02)
    assert labels.layer.getFeature(next(labels.layer.getFeatures()).id()).geometry().boundingBox().xMinimum() > 499_990


def test_a_stroke_that_crosses_itself_is_made_valid(labels: Labels) -> None:
    labels.draw(QgsGeometry.fromWkt("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"), UTM, 1)
    (feature,) = labels.layer.getFeatures()
    assert feature.geometry().isGeosValid()


def test_strokes_after_editing_was_ended_elsewhere_begin_it_again(labels: Labels) -> None:
    labels.draw(box(0, 0), UTM, 1)
    labels.layer.commitChanges()
    labels.draw(box(20, 0), UTM, 2)
    assert labels.counts() == {1: 1, 2: 1}
    labels.layer.rollBack()
    assert labels.counts() == {1: 1}


def test_changes_are_told(labels: Labels) -> None:
    told: list[str] = []
    labels.changed.connect(lambda: told.append("labels"))
    labels.classes_changed.connect(lambda: told.append("classes"))
    labels.draw(box(0, 0), UTM, 1)
    assert "labels" in told
    told.clear()
    labels.undo()
    assert "labels" in told
    told.clear()
    labels.change_class(1, color=QColor("red"))
    assert told == ["classes"]


def test_names_are_told_apart(labels: Labels) -> None:
    labels.change_class(2, name=" roof ")
    assert [item.name for item in labels.classes] == ["roof", "roof 2"]
    labels.change_class(2, name="")
    assert labels.classes[1].name == "roof 2"
    labels.change_class(1, name="Häuser <b>&'\"")
    assert labels.classes[0].name == "Häuser <b>&'\""
    assert len({item.color.name() for item in labels.classes}) == 2


def test_a_removed_class_takes_its_labels_along(labels: Labels) -> None:
    labels.draw(box(0, 0), UTM, 1)
    labels.draw(box(20, 0), UTM, 2)
    labels.remove_class(1)
    labels.undo()
    assert labels.counts() == {2: 1}
    assert labels.add_class().id == 3, "numbers are not dealt again, or undone labels would change their class"


def test_too_many_classes_are_refused(labels: Labels) -> None:
    labels.add_classes(LayerClass(n, f"kind {n}", QColor()) for n in range(MOST_CLASSES - 2))
    with pytest.raises(LayerError, match="at most 254"):
        labels.add_class()


def test_classes_of_a_layer_take_the_place_of_those_without_labels(labels: Labels) -> None:
    labels.draw(box(0, 0), UTM, 2)
    labels.take_classes([LayerClass(7, "lawn", QColor("red")), LayerClass(8, "pool", QColor("blue"))])
    assert [item.name for item in labels.classes] == ["lawn", "pool"]
    assert labels.classes[1].color == QColor("blue")
    assert labels.counts() == {2: 1}


def test_what_is_written_is_read_again(labels: Labels, tmp_path: Path) -> None:
    labels.add_class("empty", QColor("#123456"))
    labels.draw(box(0, 0), UTM, 1)
    labels.draw(box(5, 0), UTM, 2)
    path = tmp_path / "labels.gpkg"
    labels.as_file().write_styled(path)
    again = Labels("again", UTM, QgsProject.instance().transformContext())
    again.load(LabelFile.read(path))
    assert [(item.name, item.color.name()) for item in again.classes] == [
        (item.name, item.color.name()) for item in labels.classes
    ]
    assert areas(again) == areas(labels)
    assert not again.layer.undoStack().canUndo()
    assert [entry.name for entry in tmp_path.iterdir()] == ["labels.gpkg"]


def test_a_saved_file_shows_its_colours(labels: Labels, tmp_path: Path) -> None:
    from qgis.core import QgsVectorLayer

    labels.draw(box(0, 0), UTM, 1)
    labels.as_file().write_styled(tmp_path / "labels.gpkg")
    layer = QgsVectorLayer(str(tmp_path / "labels.gpkg"), "labels", "ogr")
    renderer = layer.renderer()
    assert renderer.classAttribute() == "class"
    assert {c.value(): c.symbol().color().getRgb()[:3] for c in renderer.categories()} == {
        item.name: item.color.getRgb()[:3] for item in labels.classes
    }


def test_other_layers_with_classes_can_be_continued(tmp_path: Path, qgis_app: object) -> None:
    path = tmp_path / "theirs.geojson"
    ring = "[[0,0],[1,0],[1,1],[0,0]]"
    path.write_text(
        '{"type":"FeatureCollection","features":['
        f'{{"type":"Feature","properties":{{"class":"pool"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}},'
        '{"type":"Feature","properties":{"class":null},"geometry":null},'
        '{"type":"Feature","properties":{"class":"pool"},"geometry":{"type":"Point","coordinates":[0,0]}}]}',
        encoding="utf-8",
    )
    file = LabelFile.read(path)
    assert [item.name for item in file.classes] == ["pool"]
    assert len(file.shapes) == 1


def test_files_without_labels_are_refused(tmp_path: Path, qgis_app: object) -> None:
    (tmp_path / "text.gpkg").write_text("no database", encoding="utf-8")
    for name in ("text.gpkg", "missing.gpkg"):
        with pytest.raises(LayerError, match="holds no labels"):
            LabelFile.read(tmp_path / name)


def test_a_folder_that_cannot_be_written_is_named(labels: Labels, tmp_path: Path) -> None:
    with pytest.raises(OutputPathError, match="cannot be written to"):
        labels.as_file().write(tmp_path / "no" / "labels.gpkg")
