"""Asks for the values and bands that a model takes of an image."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

from idgbr_qgis.core.translation import tr


class ModelValuesDialog(QDialog):
    """Lists of numbers, one a band; what they have to be is checked by the backend."""

    def __init__(self, model: dict[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Values and bands of {model}").format(model=model.get("title") or model["id"]))
        self._id = str(model["id"])
        scaling = model.get("scaling") or {}
        count = model.get("bands", 3)
        example = ", ".join(map(str, range(1, count + 1)))
        text = tr("One number for each of the {n} bands of the model; empty for automatic.")
        explanation = QLabel(text.format(n=count))
        explanation.setWordWrap(True)
        form = QFormLayout(self)
        form.addRow(explanation)
        self._fields: dict[str, QLineEdit] = {}
        for name, title, tip in (
            ("bands", tr("Bands of the image"), tr("Such as {example}").format(example=example)),
            ("low", tr("Value that becomes 0"), tr("Empty: 0 for 8-bit images, else the 1st percentile of the area")),
            (
                "high",
                tr("Value that becomes 1"),
                tr("Empty: 255 for 8-bit images, else the 99th percentile of the area"),
            ),
            ("mean", tr("Mean"), tr("Subtracted after scaling, as in training")),
            ("std", tr("Standard deviation"), tr("The result is divided by it, as in training")),
        ):
            values = model.get("band_map") if name == "bands" else scaling.get(name)
            field = QLineEdit(", ".join(f"{value:g}" for value in values or ()))
            field.setPlaceholderText(tip)
            form.addRow(title, field)
            self._fields[name] = field
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def parameters(self) -> dict[str, str]:
        """What was typed, as parameters of the job `change-model`."""
        typed = {name: field.text().strip() for name, field in self._fields.items()}
        return {"id": self._id, "scaling": "standardize" if typed["mean"] else "unit", **typed}
