"""Cards in a few lines."""

from __future__ import annotations

import re

from idgbr_qgis.core.model_card import card_html
from idgbr_qgis.core.models import find_card


def test_card_of_a_bundled_model() -> None:
    text = card_html(find_card("buildings"), 0.5)
    assert '<span style="color:#d64933">■</span>&nbsp;building' in text
    assert "background" not in text
    assert "0.1–1.0\u00a0m; this image has 0.5\u00a0m" in text
    assert re.search(r"mean of 7 test sets: mIoU 0\.\d\d, boundary F 2 px 0\.\d\d<", text)
    assert "licence CC BY-SA 4.0" in text


def test_accuracy_is_that_over_all_places_or_the_mean_of_many_sets() -> None:
    def places(value: float) -> dict[str, dict[str, float]]:
        return {"town": {"refined mIoU": 0.1}, "all": {"coarse mIoU": 0.2, "refined mIoU": value}}

    two = {"accuracy": {"a_b": places(0.5), "c": places(0.7)}}
    assert card_html(two, None) == "Accuracy on a b: mIoU 0.50; c: mIoU 0.70"
    three = {"accuracy": {**two["accuracy"], "d": places(0.9), "e": {"all": None}}}
    assert card_html(three, None) == "Accuracy, mean of 3 test sets: mIoU 0.70"
    assert "d: mIoU 0.90" in card_html(three, None, each_set=True)


def test_pixels_beyond_the_models_range_are_told() -> None:
    card = {"gsd_range_m": [0.3, 1.0]}
    assert "0.1\u00a0m and is resampled to larger pixels" in card_html(card, 0.1)
    assert "too coarse for details" in card_html(card, 2.0)
    assert card_html(card, None) == "For pixel sizes of 0.3–1.0\u00a0m"


def test_what_a_card_lacks_is_left_out() -> None:
    assert card_html({}, 0.5) == ""
    assert card_html({"license": "<b>", "accuracy": {"a": None}, "classes": 3}, None) == "Version ?, licence &lt;b&gt;"
    assert find_card("/no/such/model.onnx") == {}
    assert find_card("unknown") == {}
