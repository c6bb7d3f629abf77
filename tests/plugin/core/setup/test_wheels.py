"""Downloads of wheels from an index on this computer, and each way in which the network fails, provoked for real."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from idgbr_qgis.core.setup.failures import Kind, SetupError
from idgbr_qgis.core.setup.network import Network, proxy_address
from idgbr_qgis.core.setup.requirements import read_requirements
from idgbr_qgis.core.setup.wheels import Downloader, find_wheel, names_all
from tests.plugin.core.setup.conftest import Index, Miniature, handler, serve

DIRECT = Network()


def fill(miniature: Miniature, pip: list[str], network: Network = DIRECT) -> list[Path]:
    target = miniature.folder / "wheels"
    downloader = Downloader(pip, network.variables(), lambda: False, lambda _: None, lambda *_: None)
    downloader.fill(target, read_requirements(miniature.backend / "requirements" / "run-cpu.txt"))
    return sorted(target.iterdir())


def failure(miniature: Miniature, pip: list[str], network: Network = DIRECT) -> SetupError:
    with pytest.raises(SetupError) as caught:
        fill(miniature, pip, network)
    return caught.value


def test_what_is_there_is_not_downloaded_again(miniature: Miniature, pip: list[str], index: Index) -> None:
    assert len(fill(miniature, pip)) == 2
    index.asked.clear()
    assert len(fill(miniature, pip)) == 2
    assert index.asked == []


def test_a_wheel_counts_only_with_its_content(miniature: Miniature) -> None:
    entry = read_requirements(miniature.backend / "requirements" / "run-cpu.txt")[0]
    path = find_wheel(miniature.wheels, entry)
    assert path is not None
    path.write_bytes(path.read_bytes()[:1000])
    assert find_wheel(miniature.wheels, entry) is None
    assert find_wheel(miniature.wheels / "nowhere", entry) is None


def test_a_folder_of_wheels_is_known_by_its_names(miniature: Miniature) -> None:
    needed = read_requirements(miniature.plan().lock_file)
    assert names_all(miniature.wheels, needed)
    assert not names_all(miniature.wheels / "nowhere", needed)
    find_wheel(miniature.wheels, needed[0]).unlink()
    assert not names_all(miniature.wheels, needed)


def test_a_proxys_login_is_quoted() -> None:
    assert proxy_address("http", "proxy", 3128, ("a b", "p@ss")) == "http://a%20b:p%40ss@proxy:3128"
    assert proxy_address("socks5", "proxy", 0) == "socks5h://proxy"
    assert Network().variables() == {}


def test_a_changed_wheel_from_the_index_is_refused(miniature: Miniature, pip: list[str], index: Index) -> None:
    with next(miniature.wheels.glob("tinytwo*")).open("ab") as file:
        file.write(b"x")
    error = failure(miniature, pip)
    assert error.kind is Kind.HASH
    assert "tinytwo==1.0" in error.details


def test_a_package_that_the_index_lacks(miniature: Miniature, pip: list[str], index: Index) -> None:
    next(miniature.wheels.glob("tinyone*")).unlink()
    assert failure(miniature, pip).kind is Kind.NO_WHEEL


def test_a_proxy_that_is_not_there(
    miniature: Miniature, pip: list[str], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.invalid/simple")
    network = Network("http://someone:hidden@127.0.0.1:9")
    assert failure(miniature, pip, network).kind is Kind.PROXY


def test_a_proxy_that_wants_a_login(
    miniature: Miniature, pip: list[str], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = index.url.removesuffix("/simple")
    index.status = 407
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.invalid/simple")
    assert failure(miniature, pip, Network(proxy)).kind is Kind.PROXY_LOGIN
    assert index.asked, "the proxy was used"


def test_an_index_that_is_not_there(
    miniature: Miniature, pip: list[str], index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    assert failure(miniature, pip).kind is Kind.OFFLINE


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_connection_that_is_signed_by_a_stranger(
    miniature: Miniature, pip: list[str], index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    request += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(request, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    inspected = serve(handler(miniature.wheels, index))
    inspected.server.socket = context.wrap_socket(inspected.server.socket, server_side=True)
    monkeypatch.delenv("PIP_TRUSTED_HOST")
    with inspected as server:
        monkeypatch.setenv("PIP_INDEX_URL", f"https://127.0.0.1:{server.server_address[1]}/simple")
        assert failure(miniature, pip).kind is Kind.TLS
        trusting = Network(certificates=certificate)
        assert len(fill(miniature, pip, trusting)) == 2
