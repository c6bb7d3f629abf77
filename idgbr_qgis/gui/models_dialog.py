"""The models dialog: what models there are, their cards, and those that the user adds, adjusts and removes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import Qgis
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QInputDialog,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from idgbr_qgis.core.errors import BackendError, PluginError
from idgbr_qgis.core.model_card import full_card_html
from idgbr_qgis.core.translation import tr
from idgbr_qgis.gui.model_values import ModelValuesDialog
from idgbr_qgis.gui.notices import notify

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.PyQt.QtGui import QCloseEvent

    from idgbr_qgis.core.warm_backend import Call, WarmBackend

PROBLEM = QColor("#c0392b")


class ModelsDialog(QDialog):
    """A list beside the card of the chosen model; all that it does is done by the backend."""

    #: Models were added, adjusted or removed.
    changed = pyqtSignal()

    def __init__(self, backend: WarmBackend, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("IDGBR models"))
        self.resize(760, 460)
        self._backend = backend
        self._call: Call | None = None
        self._chosen = ""
        self._bar = QgsMessageBar()
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Models"))
        self._card = QTextBrowser()
        self._card.setOpenExternalLinks(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._add_folder = self._button(
            buttons, tr("Add folder…"), tr("A folder with a model.json or an ONNX file"), self._ask_folder
        )
        self._add_file = self._button(
            buttons,
            tr("Add file…"),
            tr(
                "A zipped model, a STAC item (JSON) or an ONNX file, such as those of the Deepness model zoo; external "
                "data files are copied too"
            ),
            self._ask_file,
        )
        self._copy = self._button(
            buttons, tr("Copy…"), tr("Make your own copy, which you can adjust"), self._copy_chosen
        )
        self._adjust = self._button(
            buttons, tr("Adjust…"), tr("Values and bands that the model uses"), self._ask_values
        )
        self._export = self._button(
            buttons, tr("Export…"), tr("Write the model to a zip, with a STAC item for other tools"), self._ask_export
        )
        self._remove = self._button(buttons, tr("Remove"), tr("Only your own models can be removed"), self._ask_remove)
        self._verify = self._button(
            buttons, tr("Verify"), tr("Check all files against the SHA-256 in their cards"), self.list_models
        )
        buttons.rejected.connect(self.close)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._list)
        split.addWidget(self._card)
        split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(self._bar)
        layout.addWidget(split, 1)
        layout.addWidget(buttons)
        self._list.currentItemChanged.connect(lambda *_: self._show())
        self._show()

    def list_models(self) -> None:
        """Ask the backend for the models, their files checked."""
        self._ask(lambda client, _: client.list_models(), self._fill, tr("Checking the models…"))

    def add(self, source: str, **options: Any) -> None:
        """Add the model that lies at a path; where its id or pixel size is missing, ask for it and try again."""
        self._run(
            "add-model",
            {"source": source, **options},
            tr("Adding the model…"),
            lambda error: self._ask_missing(error, source, options),
        )

    def export(self, model_id: str, path: str) -> None:
        """Write a model to a zip; the user has agreed to replace an existing one."""
        wanted = {"id": model_id, "output": path, "replace": True}
        self._ask(
            lambda client, _: client.run_job("export-model", wanted),
            lambda _: notify(self._bar, tr("Exported to {path}.").format(path=path), Qgis.MessageLevel.Success),
            tr("Exporting the model…"),
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give up what is being done."""
        if self._call is not None:
            self._call.cancel()
            self._settled(self._call)
        super().closeEvent(event)

    def _button(self, box: QDialogButtonBox, text: str, tip: str, action: Callable[[], None]) -> QPushButton:
        button = box.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.setToolTip(tip)
        button.clicked.connect(lambda _=False: action())
        return button

    def _model(self) -> dict[str, Any]:
        item = self._list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else {}

    def _show(self) -> None:
        """Show the chosen model, and what can be done with it."""
        model, free = self._model(), self._call is None
        self._card.setHtml(full_card_html(model) if model else "")
        for button in (self._add_folder, self._add_file, self._verify):
            button.setEnabled(free)
        own = free and bool(model.get("own"))
        self._remove.setEnabled(own)
        self._adjust.setEnabled(own and not model.get("problem"))
        for button in (self._copy, self._export):
            button.setEnabled(free and bool(model) and not model.get("problem"))

    def _fill(self, models: list[dict[str, Any]]) -> None:
        chosen = self._chosen or self._model().get("id")
        self._chosen = ""
        self._list.clear()
        for model in models:
            item = QListWidgetItem(str(model.get("title") or model.get("id")))
            item.setData(Qt.ItemDataRole.UserRole, model)
            item.setToolTip(str(model.get("folder", "")))
            if model.get("problem"):
                item.setForeground(PROBLEM)
            elif model.get("own"):
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            self._list.addItem(item)
            if model.get("id") == chosen:
                self._list.setCurrentItem(item)
        if self._list.currentItem() is None:
            self._list.setCurrentRow(0)
        self._show()

    def _ask_folder(self) -> None:
        if path := QFileDialog.getExistingDirectory(self, tr("Folder of a model")):
            self.add(path)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Model"), "", tr("Models (*.zip *.onnx *.json)"))
        if path:
            self.add(path)

    def _copy_chosen(self) -> None:
        model = self._model()
        text, fine = QInputDialog.getText(self, tr("Copy"), tr("Id of the copy:"), text=f"{model['id']}-copy")
        if fine and text.strip():
            self.add(str(model["folder"]), id=text.strip())

    def _ask_export(self) -> None:
        model_id = str(self._model()["id"])
        path, _ = QFileDialog.getSaveFileName(self, tr("Export"), f"{model_id}.zip", tr("Zipped models (*.zip)"))
        if path:
            self.export(model_id, path if path.lower().endswith(".zip") else f"{path}.zip")

    def _ask_values(self) -> None:
        dialog = ModelValuesDialog(self._model(), self)
        if dialog.exec():
            self._run("change-model", dialog.parameters(), tr("Writing the card…"))

    def _ask_remove(self) -> None:
        model = self._model()
        question = tr("Remove {model} from the disk?").format(model=model.get("title") or model["id"])
        if QMessageBox.question(self, tr("Remove"), question) == QMessageBox.StandardButton.Yes:
            self._run("remove-model", {"id": model["id"]}, tr("Removing the model…"))

    def _ask_missing(self, error: PluginError, source: str, options: dict[str, Any]) -> bool:
        """Ask for what an error says is missing; False if it is of another kind."""
        kind = error.kind if isinstance(error, BackendError) else None
        if kind == "ModelExistsError":
            text = tr("A model with this id exists. Enter another id, or leave it empty to replace your own model:")
            model_id, fine = QInputDialog.getText(self, tr("Add model"), text)
            if fine:
                wanted = {"id": model_id.strip()} if model_id.strip() else {"replace": True}
                self.add(source, **options | wanted)
        elif kind == "PixelSizeError":
            text = tr("The file does not state the pixel size that the model was trained on. Pixel size in metres:")
            size, fine = QInputDialog.getDouble(self, tr("Add model"), text, 0.3, 0.001, 1000.0, 3)
            if fine:
                self.add(source, **options | {"gsd_m": size})
        else:
            return False
        return True

    def _run(
        self, job: str, parameters: dict[str, Any], text: str, asked: Callable[[PluginError], bool] | None = None
    ) -> None:
        """Run a job on the models, then list them anew; `asked` may take care of an error."""

        def take(result: dict[str, Any]) -> None:
            self._chosen = str(result.get("summary", {}).get("id", ""))
            self.changed.emit()
            self.list_models()

        self._ask(lambda client, _: client.run_job(job, parameters), take, text, asked)

    def _ask(
        self,
        work: Callable[..., Any],
        take: Callable[[Any], None],
        text: str,
        asked: Callable[[PluginError], bool] | None = None,
    ) -> None:
        self._bar.clearWidgets()
        try:
            self._call = self._backend.ask(
                work,
                lambda call, answer: self._settled(call) and take(answer),
                lambda call, error: self._settled(call) and self._fail(error, asked),
            )
        except PluginError as error:
            notify(self._bar, str(error), Qgis.MessageLevel.Critical)
            return
        self._bar.pushMessage(text, Qgis.MessageLevel.Info, 0)
        self._show()

    def _settled(self, call: Call) -> bool:
        """Be free for the next question; False if this one had been given up."""
        if call is not self._call:
            return False
        self._call = None
        self._bar.clearWidgets()
        self._show()
        return True

    def _fail(self, error: PluginError, asked: Callable[[PluginError], bool] | None) -> None:
        if asked is None or not asked(error):
            notify(self._bar, str(error), Qgis.MessageLevel.Critical)
