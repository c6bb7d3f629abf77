"""The plugin as QGIS loads it: everything is added, and taken away again."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication
from qgis.gui import QgisInterface
from qgis.PyQt.QtWidgets import QAction

import idgbr_qgis
from idgbr_qgis.core import paths, translation
from idgbr_qgis.core.translation import tr

ROOT = Path(idgbr_qgis.__file__).parents[1]


def test_headless_qgis_gets_the_provider_alone() -> None:
    plugin = idgbr_qgis.classFactory(None)
    plugin.initProcessing()
    assert QgsApplication.processingRegistry().algorithmById("idgbr:segment") is not None
    plugin.unload()
    assert QgsApplication.processingRegistry().providerById("idgbr") is None


def test_desktop_gets_everything_and_it_goes_again(qgis_iface: QgisInterface, monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[str] = []
    for name in (
        "registerOptionsWidgetFactory",
        "unregisterOptionsWidgetFactory",
        "addPluginToRasterMenu",
        "removePluginRasterMenu",
        "addPluginToMenu",
        "removePluginMenu",
        "addRasterToolBarIcon",
        "removeRasterToolBarIcon",
        "addDockWidget",
        "removeDockWidget",
    ):
        monkeypatch.setattr(qgis_iface, name, lambda *_, name=name: added.append(name), raising=False)
    plugin = idgbr_qgis.classFactory(qgis_iface)
    plugin.initGui()
    assert "registerOptionsWidgetFactory" in added
    assert "addDockWidget" not in added, "the dock is made when it is first asked for"
    (action,) = [a for a in qgis_iface.mainWindow().findChildren(QAction) if a.text() == "IDGBR panel"]
    action.trigger()
    assert added[-1] == "addDockWidget"
    there = len(added)
    assert QgsApplication.processingRegistry().providerById("idgbr") is not None
    plugin.unload()
    opposite = {"register": "unregister", "add": "remove"}
    undone = [name.replace("To", "", 1) if name.startswith("addPlugin") else name for name in added[:there]]
    for name in undone:
        verb = next(verb for verb in opposite if name.startswith(verb))
        assert name.replace(verb, opposite[verb], 1) in added[there:]
    assert QgsApplication.processingRegistry().providerById("idgbr") is None


def test_texts_are_translated_where_there_is_a_translation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "PACKAGE", tmp_path)
    assert translation.install_translator() is None
    assert tr("Image") == "Image"


def test_metadata_is_complete() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    metadata = parser["general"]
    assert metadata["version"] == paths.plugin_version()
    assert metadata["hasProcessingProvider"] == "yes"
    assert (metadata["qgisMinimumVersion"], metadata["qgisMaximumVersion"]) == ("3.40", "4.99")
    assert (ROOT / metadata["icon"]).exists()
    assert "plugin" not in metadata["name"].lower()
    assert "backend" in metadata["about"]


def test_algorithms_import_no_desktop() -> None:
    for folder in ("core", "processing"):
        for path in (ROOT / "idgbr_qgis" / folder).glob("*.py"):
            source = path.read_text(encoding="utf-8")
            assert "iface" not in source, path
            assert "import torch" not in source, path
            assert "idgbr_qgis.gui import" not in source, path


def test_plugin_module_stays_wiring() -> None:
    assert len((ROOT / "idgbr_qgis" / "plugin.py").read_text().splitlines()) < 150


def test_qgis_starts_without_what_is_seldom_needed() -> None:
    script = (
        "import sys\n"
        "import idgbr_qgis.plugin, idgbr_qgis.gui.options_entry, idgbr_qgis.gui.setup_entry\n"
        "print(*sorted(name for name in sys.modules if name.startswith('idgbr_qgis.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "idgbr_qgis.processing.segment" in loaded
    for name in ("core.backend_client", "core.estimate", "core.results", "core.setup.plan", "core.warm_backend"):
        assert f"idgbr_qgis.{name}" not in loaded
    kept = {"idgbr_qgis.gui.options_entry", "idgbr_qgis.gui.setup_entry"}
    assert {name for name in loaded if name.startswith("idgbr_qgis.gui.")} == kept
