"""The plugin's half of the protocol, held to the examples that the backend's half is held to as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from idgbr_qgis.core import protocol
from idgbr_qgis.core.protocol import ErrorCode, Failure, Notification, Result

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "protocol_examples.json").read_text(encoding="utf-8")
)


def test_constants_are_the_examples() -> None:
    assert EXAMPLES["protocol_version"] == protocol.PROTOCOL_VERSION
    assert EXAMPLES["max_line_bytes"] == protocol.MAX_LINE_BYTES
    assert EXAMPLES["codes"] == {code.name: code.value for code in ErrorCode}


@pytest.mark.parametrize("example", EXAMPLES["requests"], ids=lambda e: e["method"])
def test_requests_are_encoded(example: dict[str, Any]) -> None:
    if example["id"] is None:
        line = protocol.encode_notification(example["method"], example["params"])
    else:
        line = protocol.encode_request(example["id"], example["method"], example["params"])
    assert line == example["line"].encode() + b"\n"


@pytest.mark.parametrize("example", EXAMPLES["results"], ids=lambda e: str(e["id"]))
def test_results_are_decoded(example: dict[str, Any]) -> None:
    assert protocol.decode(example["line"].encode()) == Result(example["id"], example["result"])


@pytest.mark.parametrize("example", EXAMPLES["errors"], ids=lambda e: str(e["code"]))
def test_errors_are_decoded(example: dict[str, Any]) -> None:
    expected = Failure(example["id"], example["code"], example["message"], example["kind"])
    assert protocol.decode(example["line"].encode()) == expected


@pytest.mark.parametrize("example", EXAMPLES["notifications"], ids=lambda e: e["method"])
def test_notifications_are_decoded(example: dict[str, Any]) -> None:
    assert protocol.decode(example["line"].encode()) == Notification(example["method"], example["params"])


@pytest.mark.parametrize(
    "line",
    [
        b"Welcome to host",
        b'{"jsonrpc":',
        b"\xff",
        b"[]",
        b"{}",
        b'{"id":1,"result":1}',
        b'{"jsonrpc":"2.0","id":"a","result":1}',
        b'{"jsonrpc":"2.0","id":1}',
        b"[" * 100_000,
        b" " * (protocol.MAX_LINE_BYTES + 3),
    ],
)
def test_what_is_no_message_is_none(line: bytes) -> None:
    assert protocol.decode(line) is None
