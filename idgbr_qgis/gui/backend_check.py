"""Starts the worker in the background and says what it found: the "Test" button of the options."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from qgis.core import QgsTask

from idgbr_qgis.core.backend_client import BackendClient, BackendInfo, Listener
from idgbr_qgis.core.environment import worker_environment
from idgbr_qgis.core.errors import PluginError
from idgbr_qgis.core.paths import BACKEND, plugin_version
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

#: Tasks that are not over: without a reference from Python, a task loses its Python part, whatever QGIS holds.
_ALIVE: set[QgsTask] = set()


class BackendCheck(QgsTask):
    """Starts a worker, asks what it is, and lets it end; then `info` or `error` is set, and `report` says it."""

    def __init__(self, command: list[str]) -> None:
        super().__init__(tr("Testing the IDGBR backend"), QgsTask.Flag.CanCancel | QgsTask.Flag.Hidden)
        _ALIVE.add(self)
        self._command = command
        self.info: BackendInfo | None = None
        self.error: PluginError | None = None

    def run(self) -> bool:
        """Work in the task's thread."""
        try:
            with BackendClient(self._command, worker_environment(BACKEND), _TaskListener(self.isCanceled)) as client:
                self.info = client.info
        except PluginError as error:
            self.error = error
        return self.error is None

    def finished(self, result: bool) -> None:  # noqa: ARG002
        """Be forgotten; QGIS calls it on the main thread."""
        _ALIVE.discard(self)

    def report(self) -> str:
        """HTML for the user, once the task is over."""
        if self.info is not None:
            return info_html(self.info)
        return error_html(self.error or PluginError(tr("Cancelled.")))


class _TaskListener(Listener):
    def __init__(self, cancelled: Callable[[], bool]) -> None:
        self._cancelled = cancelled

    def cancelled(self) -> bool:
        return self._cancelled()


def info_html(info: BackendInfo) -> str:
    """What the worker said, as a short page."""
    versions = tr("The backend works: version {backend}, plugin {plugin}.")
    parts = [f"<p><b>{html.escape(versions.format(backend=info.version, plugin=plugin_version()))}</b></p>"]
    parts += [f"<p>{tr('Devices')}</p><ul>", *map(_device_html, info.devices), "</ul>"]
    if info.models:
        parts += [f"<p>{tr('Models')}</p><ul>", *map(_model_html, info.models), "</ul>"]
    else:
        parts.append(f"<p>{tr('No models were found; set IDGBR_MODELS to a folder of models.')}</p>")
    return "".join(parts)


def error_html(error: PluginError) -> str:
    """An error and what is known of it, as a short page."""
    details = f"<pre>{html.escape(error.details)}</pre>" if error.details else ""
    return f"<p><b>{html.escape(str(error))}</b></p>{details}"


def _device_html(device: dict[str, object]) -> str:
    text = html.escape(f"{device.get('id')}: {device.get('name')} ({device.get('engine')})")
    if device.get("problem"):
        return f"<li>{text} – {html.escape(str(device['problem']))}</li>"
    free = device.get("free_memory_mb")
    memory = tr("{n} GB free").format(n=round(free / 1024, 1)) if isinstance(free, int | float) else ""
    return f"<li>{text}{', ' if memory else ''}{memory}</li>"


def _model_html(model: dict[str, object]) -> str:
    title = model.get("title") or model.get("kind")
    text = html.escape(f"{model.get('id')}: {title}, {tr('version')} {model.get('version', '?')}")
    problem = f" – {html.escape(str(model['problem']))}" if model.get("problem") else ""
    return f"<li>{text}{problem}</li>"
