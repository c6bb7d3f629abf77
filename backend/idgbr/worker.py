"""The worker: answers the plugin's requests on stdin/stdout and runs one job at a time."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from idgbr import __version__, api, process
from idgbr.errors import IdgbrError, JobCancelled, one_line
from idgbr.logs import FORMAT, file_handler
from idgbr.monitor import Monitor
from idgbr.options import parameters_of
from idgbr.parameters import PARAMETERS
from idgbr.protocol import (
    PROTOCOL_VERSION,
    ErrorCode,
    Request,
    RequestError,
    decode_request,
    encode_error,
    encode_notification,
    encode_result,
    read_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

#: Least time between two progress notifications of a stage.
PROGRESS_INTERVAL_S = 0.2
#: How long a job may take to stop after the client is gone, before the process ends anyway.
EXIT_GRACE_S = 10.0


def _run_job(name: str, parameters: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
    from idgbr.run import run_job

    return run_job(name, _known(name, parameters, monitor), monitor)


def _known(name: str, parameters: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
    """The parameters that the job knows; others are dropped with a warning, so that a newer plugin works."""
    kind = PARAMETERS.get(name)
    if kind is None:
        return parameters
    names = {"staged", *(parameter.name for parameter in parameters_of(kind))}
    for unknown in sorted(set(parameters) - names):
        monitor.warn(f"This backend knows no parameter {unknown!r} of {name} and ignores it; update the backend.")
    return {key: value for key, value in parameters.items() if key in names}


@dataclass(frozen=True)
class Services:
    """The functions of the worker. The defaults import the heavy libraries after the streams are claimed."""

    run_job: Callable[[str, dict[str, Any], Monitor], dict[str, Any]] = _run_job
    list_models: Callable[[], list[dict[str, Any]]] = api.list_models
    list_devices: Callable[[], list[dict[str, Any]]] = api.list_devices


class Channel:
    """Output of the protocol: complete lines, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, line: bytes) -> None:
        """Write one encoded message. A disconnected client is noticed by the reader, so it is not an error here."""
        with self._lock:
            try:
                self._stream.write(line)
                self._stream.flush()
            except (OSError, ValueError):
                log.debug("The client is gone; a message was dropped.")


class JobMonitor(Monitor):
    """Sends a job's progress, with the time left in its stage, and its messages to the client."""

    def __init__(self, channel: Channel, request_id: int | str | None) -> None:
        super().__init__()
        self._channel = channel
        self._id = request_id
        self._lock = threading.Lock()
        self._begun: dict[str, tuple[float, float]] = {}
        self._sent: dict[str, float] = {}

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Send progress, unless the stage was reported very recently and is not finished."""
        now = time.monotonic()
        with self._lock:
            since, first = self._begun.setdefault(stage, (now, done))
            if now - self._sent.get(stage, -PROGRESS_INTERVAL_S) < PROGRESS_INTERVAL_S and done < total:
                return
            self._sent[stage] = now
        # Measured from the first report, because a resumed job starts in the middle.
        eta = (now - since) * (total - done) / (done - first) if done > first else None
        params = {"id": self._id, "stage": stage, "done": done, "total": total, "message": message, "eta_s": eta}
        self._channel.send(encode_notification("$/progress", params))

    def info(self, message: str) -> None:
        """Send a fact about the run."""
        super().info(message)
        self._message("info", message)

    def warn(self, message: str) -> None:
        """Send a fallback or a reservation."""
        super().warn(message)
        self._message("warning", message)

    def _message(self, level: str, text: str) -> None:
        params = {"id": self._id, "level": level, "text": one_line(text, None)}
        self._channel.send(encode_notification("$/message", params))


class Worker:
    """Reads requests until `shutdown` or the end of the stream; a job runs in its own thread."""

    def __init__(self, services: Services, requests: BinaryIO, answers: BinaryIO, log_path: Path | None) -> None:
        self._services = services
        self._requests = requests
        self._channel = Channel(answers)
        self._log_path = log_path
        self._initialized = False
        self._thread: threading.Thread | None = None
        self._running: tuple[int | str, JobMonitor] | None = None

    def run(self) -> None:
        """Serve until the end; a running job is cancelled then."""
        try:
            for line in read_lines(self._requests):
                if self._serve(line):
                    break
        finally:
            self._stop_job()

    def _serve(self, line: bytes) -> bool:
        """Answer one line; True if it requested the end."""
        try:
            request = decode_request(line)
            return self._dispatch(request)
        except RequestError as error:
            log.warning("Refused a message: %s", error)
            self._channel.send(encode_error(error.request_id, error.code, str(error), type(error).__name__))
        return False

    def _dispatch(self, request: Request) -> bool:
        match request.method:
            case "initialize":
                self._channel.send(self._reply(request.id, lambda: self._initialize(request)))
            case "models/list":
                self._channel.send(self._reply(request.id, lambda: {"models": self._services.list_models()}))
            case "job/run":
                self._start_job(request)
            case "$/cancelRequest":
                if (running := self._running) is not None and request.params.get("id") == running[0]:
                    running[1].cancel()
            case "shutdown":
                self._stop_job()
                self._channel.send(encode_result(request.id, None))
                return True
            case unknown if request.id is not None:
                raise RequestError(ErrorCode.UNKNOWN_METHOD, f"The worker knows no method {unknown!r}.", request.id)
            case unknown:
                log.info("Ignored the notification %r.", unknown)
        return False

    def _initialize(self, request: Request) -> dict[str, Any]:
        version = request.params.get("protocol_version")
        if version != PROTOCOL_VERSION:
            newer = isinstance(version, int) and version > PROTOCOL_VERSION
            side = "backend: run its set-up again" if newer else "IDGBR plugin in QGIS"
            text = f"The client speaks protocol {version!r}, this backend {PROTOCOL_VERSION}; update the {side}."
            raise RequestError(ErrorCode.PROTOCOL_VERSION, text, request.id)
        self._initialized = True
        return {
            "protocol_version": PROTOCOL_VERSION,
            "backend_version": __version__,
            "devices": self._services.list_devices(),
            "models": self._services.list_models(),
        }

    def _start_job(self, request: Request) -> None:
        name, parameters = request.params.get("job"), request.params.get("parameters", {})
        if request.id is None:
            raise RequestError(ErrorCode.INVALID_REQUEST, "A job needs an id.")
        if not self._initialized:
            raise RequestError(ErrorCode.INVALID_REQUEST, "Send initialize before a job.", request.id)
        if not isinstance(name, str) or not isinstance(parameters, dict):
            text = "A job needs its name and its parameters as an object."
            raise RequestError(ErrorCode.INVALID_PARAMS, text, request.id)
        if self._running is not None:
            raise RequestError(ErrorCode.BUSY, "The worker is busy with another job; wait for its end.", request.id)
        monitor = JobMonitor(self._channel, request.id)
        self._running = (request.id, monitor)

        def work() -> None:
            answer = self._reply(request.id, lambda: self._services.run_job(name, parameters, monitor))
            self._running = None
            self._channel.send(answer)

        # A daemon, so that a job stuck in a library cannot keep an abandoned worker alive.
        self._thread = threading.Thread(target=work, name="job", daemon=True)
        self._thread.start()

    def _reply(self, request_id: int | str | None, compute: Callable[[], Any]) -> bytes:
        """Encode the result of `compute`, or its error as one line for the user."""
        try:
            return encode_result(request_id, compute())
        except RequestError as error:
            return encode_error(request_id, error.code, str(error), type(error).__name__)
        except JobCancelled as cancelled:
            return encode_error(request_id, ErrorCode.CANCELLED, str(cancelled), type(cancelled).__name__)
        except IdgbrError as error:
            log.warning("%s: %s", type(error).__name__, error)
            return encode_error(request_id, ErrorCode.JOB_FAILED, str(error), type(error).__name__)
        except (Exception, SystemExit) as error:
            log.exception("Unexpected error")
            return encode_error(request_id, ErrorCode.INTERNAL, self._unexpected(error), type(error).__name__)

    def _unexpected(self, error: BaseException) -> str:
        what = one_line(f"{type(error).__name__}: {error}")[:300]
        return f"Unexpected error in the backend ({what}); details are in {self._log_path or 'its standard error'}."

    def _stop_job(self) -> None:
        if (running := self._running) is not None:
            running[1].cancel()
        if self._thread is not None:
            self._thread.join(EXIT_GRACE_S)


def main(services: Services | None = None) -> NoReturn:
    """Serve one client over stdin and stdout until it disconnects, then end the process."""
    process.own_process()
    requests, answers = _claim_standard_streams()
    log_path = _set_up_logging()
    log.info("Worker %s, protocol %d, process %d.", __version__, PROTOCOL_VERSION, os.getpid())
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    status = 0
    try:
        Worker(services or Services(), requests, answers, log_path).run()
    except KeyboardInterrupt:
        status = 130
    except Exception:
        log.exception("The worker failed")
        status = 1
    logging.shutdown()
    # Not sys.exit: an unstoppable job, or an engine's threads, must not delay the exit.
    os._exit(status)


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    """Stop reading, so that a running job is cancelled and removes its temporary files."""
    raise KeyboardInterrupt


def _claim_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Reserve stdin and stdout for the protocol; prints of libraries go to stderr.

    Stdin is replaced too, because on Windows a pending read of it blocks the loading of some libraries.
    """
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    sys.stdout.flush()
    os.dup2(2, 1)
    return requests, answers


def _set_up_logging() -> Path | None:
    """Log to stderr and, if the folder is writable, to a rotating file; returns that file."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace", line_buffering=True)
    logging.basicConfig(level=logging.INFO, format=FORMAT)
    try:
        handler = file_handler("worker.log", older=3)
    except OSError as error:
        log.warning("No log file: %s", error)
        return None
    logging.getLogger().addHandler(handler)
    return Path(handler.baseFilename)


if __name__ == "__main__":
    main()
