"""The plugin's side of the pipe: starts the worker and talks to it. Only this module starts processes."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QIODevice, QProcess, QProcessEnvironment

from idgbr_qgis.core.errors import BackendError, BackendLostError, BackendMissingError, JobCancelledError
from idgbr_qgis.core.paths import plugin_version
from idgbr_qgis.core.protocol import (
    MAX_LINE_BYTES,
    PROTOCOL_VERSION,
    ErrorCode,
    Failure,
    Notification,
    Result,
    decode,
    encode_notification,
    encode_request,
)
from idgbr_qgis.core.translation import tr


@dataclass(frozen=True)
class Timeouts:
    """How long the client waits, in seconds."""

    start: float = 15.0
    #: The first import of an engine from a cold disk takes long.
    initialize: float = 120.0
    #: Time a job gets to stop by itself after a cancel, and to clean up after a terminate.
    cancel: float = 10.0
    terminate: float = 5.0
    #: Longest wait between two looks at the cancel flag.
    slice: float = 0.1


@dataclass(frozen=True)
class Progress:
    """How far a stage of a job is."""

    stage: str
    done: float
    total: float
    message: str = ""
    eta_s: float | None = None


@dataclass(frozen=True)
class BackendInfo:
    """What the worker says about itself."""

    version: str
    devices: list[dict[str, Any]] = field(default_factory=list)
    models: list[dict[str, Any]] = field(default_factory=list)


class Listener:
    """What a job reports to, and what is asked whether to go on; quiet by default."""

    def cancelled(self) -> bool:
        """Whether the job shall stop."""
        return False

    def progress(self, progress: Progress) -> None:
        """Take a report of progress."""

    def message(self, level: str, text: str) -> None:
        """Take a fact (level `info`) or a doubt (level `warning`)."""


class BackendClient:
    """One worker process, for use in the thread that makes it, as a context."""

    def __init__(
        self,
        command: list[str],
        environment: QProcessEnvironment,
        listener: Listener | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._command = command
        self._environment = environment
        self._listener = listener or Listener()
        self._timeouts = timeouts or Timeouts()
        self._buffer = bytearray()
        self._last_id = 0

    def __enter__(self) -> BackendClient:
        self._folder = Path(tempfile.mkdtemp(prefix="idgbr_"))
        self._process = QProcess()
        try:
            self._start()
            self.info = self._initialize()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._close()

    def run_job(self, job: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Run a job to its end and return its result; raises `JobCancelledError` after a cancel."""
        result = self._request("job/run", {"job": job, "parameters": parameters})
        return result if isinstance(result, dict) else {}

    def serves(self, command: list[str]) -> bool:
        """Whether this is a worker of a command, and it runs."""
        # What became of the process is only noticed by looking.
        self._process.waitForReadyRead(0)
        return command == self._command and self._process.state() == QProcess.ProcessState.Running

    def list_models(self) -> list[dict[str, Any]]:
        """The models that the backend finds, their files checked."""
        result = self._request("models/list", {}, self._timeouts.initialize)
        return _dicts(result.get("models")) if isinstance(result, dict) else []

    def _start(self) -> None:
        self._process.setProcessEnvironment(self._environment)
        # To a file: it can neither fill a pipe nor the memory, and is there when the worker is lost.
        self._process.setStandardErrorFile(str(self._folder / "stderr.log"))
        self._process.start(self._command[0], self._command[1:], QIODevice.OpenModeFlag.ReadWrite)
        if not self._process.waitForStarted(int(self._timeouts.start * 1000)):
            raise BackendMissingError(
                tr("The backend could not be started: {program}: {reason}; check Settings ▸ Options ▸ IDGBR.").format(
                    program=self._command[0], reason=self._process.errorString()
                )
            )

    def _initialize(self) -> BackendInfo:
        params = {"protocol_version": PROTOCOL_VERSION, "client": f"idgbr_qgis {plugin_version()}"}
        result = self._request("initialize", params, self._timeouts.initialize)
        version = result.get("protocol_version") if isinstance(result, dict) else None
        if version != PROTOCOL_VERSION:
            newer = isinstance(version, int) and version > PROTOCOL_VERSION
            text = (
                tr("The backend speaks protocol {theirs}, this plugin {ours}: update the IDGBR plugin.")
                if newer
                else tr("The backend speaks protocol {theirs}, this plugin {ours}: update the backend.")
            )
            raise BackendError(text.format(theirs=version, ours=PROTOCOL_VERSION), ErrorCode.PROTOCOL_VERSION)
        return BackendInfo(
            str(result.get("backend_version", "?")), _dicts(result.get("devices")), _dicts(result.get("models"))
        )

    def _request(self, method: str, params: dict[str, Any], timeout: float | None = None) -> Any:
        """Send a request and return its result; while waiting, pass on notifications and watch for a cancel."""
        self._last_id += 1
        self._process.write(encode_request(self._last_id, method, params))
        end = time.monotonic() + timeout if timeout is not None else None
        cancelled_at: float | None = None
        while True:
            for line in self._lines():
                message = decode(line)
                if isinstance(message, Notification):
                    self._notify(message)
                elif isinstance(message, Result) and message.id == self._last_id:
                    return message.result
                elif isinstance(message, Failure) and message.id in (self._last_id, None):
                    if message.code == ErrorCode.CANCELLED:
                        raise JobCancelledError(message.message)
                    raise BackendError(message.message, message.code, message.kind)
            now = time.monotonic()
            if cancelled_at is None and self._listener.cancelled():
                cancelled_at = now
                self._process.write(encode_notification("$/cancelRequest", {"id": self._last_id}))
            if cancelled_at is not None and now - cancelled_at > self._timeouts.cancel:
                self._stop()
                raise JobCancelledError(tr("Cancelled. The backend did not stop in time and was terminated."))
            if end is not None and now > end:
                self._stop()
                text = tr("The backend did not answer within {seconds:.0f} s; test it in Settings ▸ Options ▸ IDGBR.")
                raise BackendLostError(text.format(seconds=timeout), self._stderr_tail())
            self._wait(cancelled_at is not None)

    def _wait(self, cancelled: bool) -> None:
        """Wait a slice for more to read; a worker that is gone is an error, unless it was being cancelled."""
        if self._process.waitForReadyRead(int(self._timeouts.slice * 1000)):
            return
        if self._process.state() != QProcess.ProcessState.NotRunning or self._process.bytesAvailable():
            return
        if cancelled:
            raise JobCancelledError(tr("Cancelled."))
        crashed = self._process.exitStatus() == QProcess.ExitStatus.CrashExit
        text = (
            tr("The backend crashed (signal {code}).") if crashed else tr("The backend ended with exit status {code}.")
        ).format(code=self._process.exitCode())
        details = self._stderr_tail()
        last = details.rpartition("\n")[2].strip()
        raise BackendLostError(f"{text} {last}" if last else text, details)

    def _lines(self) -> list[bytes]:
        """Whole lines that have arrived; a line that exceeds the limit is dropped, so memory stays bounded."""
        self._buffer += bytes(self._process.readAllStandardOutput())
        *lines, rest = self._buffer.split(b"\n")
        # The start of an oversized line is all that is kept of it: enough to be no message.
        self._buffer = rest[: MAX_LINE_BYTES + 3]
        return [bytes(line) for line in lines if line]

    def _notify(self, notification: Notification) -> None:
        params = notification.params
        if params.get("id") != self._last_id:
            return
        if notification.method == "$/message":
            self._listener.message(str(params.get("level", "info")), str(params.get("text", "")))
        elif notification.method == "$/progress":
            done, total, eta = (params.get(key) for key in ("done", "total", "eta_s"))
            if isinstance(done, int | float) and isinstance(total, int | float):
                eta_s = eta if isinstance(eta, int | float) else None
                stage, message = str(params.get("stage", "")), str(params.get("message", ""))
                self._listener.progress(Progress(stage, done, total, message, eta_s))

    def _stderr_tail(self, lines: int = 20) -> str:
        try:
            text = (self._folder / "stderr.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.strip().splitlines()[-lines:])

    def _close(self) -> None:
        """Let an idle worker end by itself, as it does at the end of its stdin."""
        if self._process.state() == QProcess.ProcessState.Running:
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(int(self._timeouts.terminate * 1000)):
                self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _stop(self) -> None:
        """Terminate, then kill."""
        if self._process.state() == QProcess.ProcessState.NotRunning:
            return
        self._process.closeWriteChannel()
        self._process.terminate()
        if not self._process.waitForFinished(int(self._timeouts.terminate * 1000)):
            self._process.kill()
            self._process.waitForFinished(int(self._timeouts.terminate * 1000))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
