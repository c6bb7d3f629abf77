"""A backend in miniature: two tiny wheels, a lock file, a program that plays the doctor, and an index of them."""

from __future__ import annotations

import hashlib
import http.server
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from idgbr_qgis.core.setup.find_python import Python, find_pythons
from idgbr_qgis.core.setup.network import CERTIFICATE_VARIABLES
from idgbr_qgis.core.setup.plan import Plan
from idgbr_qgis.core.setup.state import python_of

DOCTOR = """
import json, tinyone, tinytwo
print("a library says something first")
print(json.dumps({"healthy": True, "devices": [{"id": "cpu", "name": "Tiny"}], "models": []}, indent=1))
"""
PACKAGES = ("tinyone", "tinytwo")


@dataclass
class Miniature:
    """Folders of the miniature backend and its wheels."""

    backend: Path
    wheels: Path
    folder: Path
    python: Python

    def plan(self, **changes: object) -> Plan:
        """A plan that sets it up from the folder of wheels, unless told otherwise."""
        values: dict[str, object] = {"wheels": self.wheels, "backend": self.backend, "version": "9.9"}
        return Plan(self.folder, self.python, **(values | changes))


def write_wheel(folder: Path, name: str, version: str = "1.0", filling: int = 0) -> Path:
    """Write a wheel with one module."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"version = {version!r}\n#" + "x" * filling + "\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in files) + f"{info}/RECORD,,\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in (files | {f"{info}/RECORD": record}).items():
            archive.writestr(inner, text)
    return path


def lock(wheels: Path) -> str:
    """Entries of a lock file for a folder of wheels."""
    lines = []
    for path in sorted(wheels.glob("*.whl")):
        name, version = path.name.split("-")[:2]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(
            f"{name}=={version} ; python_full_version >= '3.10' \\\n    --hash=sha256:{digest}\n    # via test\n"
        )
    return "# a lock file\n" + "".join(lines)


@pytest.fixture(scope="session")
def system_python() -> Python:
    """A Python that can make environments."""
    python = next((python for python in find_pythons() if python.has_venv), None)
    if python is None:
        pytest.skip("no Python with venv")
    return python


@pytest.fixture(scope="session")
def pip(system_python: Python, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The pip of an environment that several tests share, as each takes seconds to make."""
    folder = tmp_path_factory.mktemp("pip") / "env"
    subprocess.run([system_python.path, "-I", "-m", "venv", str(folder)], check=True)
    return [str(python_of(folder)), "-m", "pip"]


@pytest.fixture
def miniature(tmp_path: Path, system_python: Python, monkeypatch: pytest.MonkeyPatch) -> Miniature:
    """The miniature backend, not yet set up."""
    monkeypatch.setattr("idgbr_qgis.core.setup.plan.find_uv", lambda: None)
    # What pip is configured for on this computer plays no part.
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null" if sys.platform != "win32" else "nul")
    for name in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", *CERTIFICATE_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    wheels = tmp_path / "wheels"
    for name in PACKAGES:
        write_wheel(wheels, name, filling=200_000)
    backend = tmp_path / "backend"
    (backend / "requirements").mkdir(parents=True)
    (backend / "requirements" / "run-cpu.txt").write_text(lock(wheels))
    (backend / "idgbr").mkdir()
    (backend / "idgbr" / "__init__.py").touch()
    (backend / "idgbr" / "__main__.py").write_text(DOCTOR)
    return Miniature(backend, wheels, tmp_path / "data", system_python)


@dataclass
class Index:
    """A package index on this computer: its address, what was asked for, and how many bytes a second it sends."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    bytes_per_s: float = 0.0
    #: Sends this status instead of an answer.
    status: int = 200


@pytest.fixture
def index(miniature: Miniature, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """An index with the wheels of the miniature, which pip is configured for."""
    index = Index()
    with serve(handler(miniature.wheels, index)) as server:
        index.url = f"http://127.0.0.1:{server.server_address[1]}/simple"
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        # With none, pip does not say what failed.
        monkeypatch.setenv("PIP_RETRIES", "1")
        monkeypatch.setenv("PIP_TRUSTED_HOST", "127.0.0.1")
        yield index


class serve:  # noqa: N801
    """Runs a server in a thread, as a context."""

    def __init__(self, handler: type[http.server.BaseHTTPRequestHandler]) -> None:
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True

    def __enter__(self) -> http.server.ThreadingHTTPServer:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.server

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def handler(wheels: Path, index: Index) -> type[http.server.BaseHTTPRequestHandler]:
    """Answers as an index does."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.asked.append(self.path)
            if index.status != 200:
                self.send_error(index.status)
                return
            parts = self.path.strip("/").split("/")
            if parts[0] == "files":
                self.answer((wheels / parts[-1]).read_bytes(), "application/octet-stream", index.bytes_per_s)
                return
            links = [f'<a href="/files/{p.name}">{p.name}</a>' for p in wheels.glob(f"{parts[-1]}-*.whl")]
            self.answer(f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode(), "text/html")

        def do_CONNECT(self) -> None:
            index.asked.append(self.path)
            self.send_error(index.status)

        def answer(self, body: bytes, kind: str, bytes_per_s: float = 0.0) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            block = max(int(bytes_per_s / 20), 1) if bytes_per_s else len(body)
            try:
                for begin in range(0, len(body), block):
                    self.wfile.write(body[begin : begin + block])
                    self.wfile.flush()
                    if bytes_per_s:
                        time.sleep(0.05)
            except OSError:
                pass  # the client was ended

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Wait for something to become true."""

    def wait(true: Callable[[], bool], seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.02)

    return wait
