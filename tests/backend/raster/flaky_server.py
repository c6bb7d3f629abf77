"""A web server for tests: gives ranges of the files of a folder, and fails now and then as it is told."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

#: What may happen to a request: nothing bad, an error 503, an answer cut in its middle, none at all, none in time.
FINE, UNAVAILABLE, CUT, SILENT, HANGING = "fine", "unavailable", "cut", "silent", "hanging"


@dataclass
class Server:
    """A running server: its address, and what was asked of it as (method, bytes of the answer, what happened)."""

    folder: Path
    mood: Callable[[int], str] = lambda _number: FINE
    address: str = ""
    requests: list[tuple[str, int, str]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def sent(self) -> int:
        """Bytes of files that were sent."""
        return sum(count for method, count, _ in self.requests if method == "GET")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, server: Server, *arguments: object) -> None:
        self._own = server
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        own = self._own
        path = own.folder / self.path.partition("?")[0].lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        size = len(data)
        mood = own.mood(len(own.requests)) if self.command == "GET" else FINE
        wanted = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted:
            first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
            data = data[first : last + 1]
        own.requests.append((self.command, len(data), mood))
        if mood == UNAVAILABLE:
            self.send_error(503)
            return
        if mood == HANGING:
            own.ended.wait()
        if mood in (SILENT, HANGING):
            self.close_connection = True
            return
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", f'"{path.stat().st_mtime_ns}-{size}"')
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data[: len(data) // 2] if mood == CUT else data)
        self.close_connection |= mood == CUT

    def log_message(self, *_arguments: object) -> None:
        """Tests are quiet."""


@contextmanager
def serving(folder: Path, mood: Callable[[int], str] = lambda _number: FINE) -> Iterator[Server]:
    """Serve a folder; `mood` says what happens to each request, by its number."""
    own = Server(folder, mood)
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, own))
    own.address = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield own
    finally:
        own.ended.set()
        http.shutdown()
        http.server_close()
        thread.join()
