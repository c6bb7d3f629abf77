"""The report for others says what happened, and neither who nor where."""

from __future__ import annotations

import getpass
import socket
from pathlib import Path

import pytest

from idgbr_qgis.core.setup.diagnostics import redact, report
from idgbr_qgis.core.setup.failures import Kind, SetupError
from idgbr_qgis.core.setup.plan import Plan


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("proxy http://jane:secret@proxy.corp.example:8080/", "proxy http://(host):8080/"),
        ("https://mirror.corp.example/simple?token=abc", "https://(host)/simple?hidden"),
        ("password = swordfish", "password = hidden"),
        ("Authorization: Bearer abc.def", "Authorization: hidden"),
        ("ask jane.doe@corp.example please", "ask (mail) please"),
        ("connect 192.168.1.7 and 10.1.2.3", "connect (address) and (address)"),
        ("numpy==2.4.6 in 5.1 s", "numpy==2.4.6 in 5.1 s"),
    ],
)
def test_secrets_are_taken_out(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_home_and_user_are_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/jdoe"))
    monkeypatch.setattr(getpass, "getuser", lambda: "jdoe")
    monkeypatch.setattr(socket, "gethostname", lambda: "planning-7")
    text = redact("/home/jdoe/.local on planning-7, drive D:\\work\\jdoe\\x, /home/jdoeson")
    assert text == "~/.local on (computer), drive D:\\work\\(user)\\x, /home/jdoeson"


def test_report_holds_plan_failure_and_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://jane:secret@proxy.corp.example:8080")
    error = SetupError(Kind.HASH, "numpy==2.4.6\nExpected sha256 00")
    text = report(Plan(tmp_path, None), error, "Collecting numpy", {"QGIS": "3.40.6"})
    for part in ("**hash**", "Expected sha256 00", "Collecting numpy", "- QGIS: 3.40.6", "- Build: cpu", "HTTPS_PROXY"):
        assert part in text
    assert "jane" not in text
    assert "secret" not in text
    assert "corp" not in text
