"""Names of carried fields."""

from __future__ import annotations

from idgbr.vector.carry import FIELDS, free_names


def test_clashes_get_a_number_in_any_case() -> None:
    assert free_names(["Name", "CLASS", "fid", "class_1"], FIELDS, None) == ["Name", "CLASS_1", "fid_1", "class_1_1"]


def test_names_fit_a_shapefile() -> None:
    found = free_names(
        ["confidence_of_owner", "confidence_old", "Gebäudeänderung", "moved_m"], [*FIELDS, "moved_m"], 10
    )
    assert found == ["confiden_1", "confiden_2", "Gebäudeä", "moved_m_1"]
    assert all(len(name.encode()) <= 10 for name in found)
