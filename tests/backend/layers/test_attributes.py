"""Names of carried fields."""

from __future__ import annotations

from idgbr.layers.attributes import FIELDS, foreign, free_names


def test_clashes_get_a_number_in_any_case() -> None:
    assert free_names(["Name", "CLASS", "fid", "class_1"], FIELDS, None) == ["Name", "CLASS_1", "fid_1", "class_1_1"]


def test_a_field_without_a_name_gets_one() -> None:
    assert free_names(["", "field"], FIELDS, None) == ["field", "field_1"]


def test_names_fit_a_shapefile() -> None:
    found = free_names(
        ["confidence_of_owner", "confidence_old", "Gebäudeänderung", "moved_m"], [*FIELDS, "moved_m"], 10
    )
    assert found == ["confiden_1", "confiden_2", "Gebäudeä", "moved_m_1"]
    assert all(len(name.encode()) <= 10 for name in found)


def test_what_an_earlier_result_measured_is_not_carried_on() -> None:
    assert foreign(["class_id", "class", "confidence", "area_m2", "perim_m", "moved_m", "owner"]) == ["owner"]
    assert foreign(["class", "moved_m", "owner"]) == ["class", "moved_m", "owner"]
