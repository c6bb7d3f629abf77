"""Translation of the plugin's texts to the language of QGIS."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from idgbr_qgis.core.paths import PACKAGE

CONTEXT = "IDGBR"


def tr(text: str) -> str:
    """Translate a text of the plugin."""
    return QCoreApplication.translate(CONTEXT, text)


def install_translator() -> QTranslator | None:
    """Load the texts for the language of QGIS, where there are any; the caller keeps and removes the translator."""
    locale = QgsApplication.locale()
    for name in (locale, locale[:2]):
        translator = QTranslator()
        if translator.load(f"idgbr_{name}.qm", str(PACKAGE / "i18n")):
            QCoreApplication.installTranslator(translator)
            return translator
    return None
