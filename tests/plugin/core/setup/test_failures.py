"""Each kind of failure is told from what pip, uv, Python or the system really say."""

from __future__ import annotations

import errno

import pytest

from idgbr_qgis.core.setup.failures import ADVICE, Kind, classify, from_os_error

SAID = [
    (
        Kind.PROXY,
        (
            "WARNING: Retrying (Retry(total=4, connect=None, redirect=None, status=None)) after connection broken "
            "by 'ProxyError('Cannot connect to proxy.', NewConnectionError('<urllib3.connection.HTTPSConnection "
            "object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused'))': "
            "/simple/numpy/\n"
            "ERROR: Could not find a version that satisfies the requirement numpy==2.4.6 (from versions: none)"
        ),
    ),
    (Kind.PROXY, "error: Failed to fetch: tunnel connection failed: 503 Service Unavailable"),
    (Kind.PROXY_LOGIN, "OSError('Tunnel connection failed: 407 Proxy Authentication Required'))': /simple/affine/"),
    (
        Kind.TLS,
        (
            "Could not fetch URL https://index.invalid/simple/affine/: There was a problem confirming the ssl "
            "certificate: "
            "HTTPSConnectionPool(host='index.invalid', port=443): Max retries exceeded with url: /simple/affine/ "
            "(Caused by "
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
            "unable to "
            "get local issuer certificate (_ssl.c:1006)'))) - skipping\nERROR: No matching distribution found for "
            "affine==3.0.1"
        ),
    ),
    (Kind.TLS, "error: invalid peer certificate: UnknownIssuer"),
    (
        Kind.OFFLINE,
        "NewConnectionError('<...>: Failed to establish a new connection: [Errno 11001] getaddrinfo failed')",
    ),
    (Kind.OFFLINE, "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='x'): Read timed out."),
    (Kind.OFFLINE, "('Connection broken: IncompleteRead(41041920 bytes read, 214519065 more expected)')"),
    (Kind.DISK, "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"),
    (Kind.DISK, "OSError: [WinError 112] There is not enough space on the disk"),
    (
        Kind.ANTIVIRUS,
        (
            "ERROR: Could not install packages due to an OSError: [WinError 32] The process cannot access the file "
            "because "
            "it is being used by another process: 'C:\\\\Users\\\\x\\\\numpy\\\\_core.pyd'"
        ),
    ),
    (Kind.ANTIVIRUS, "[WinError 225] Operation did not complete successfully because the file contains a virus"),
    (Kind.PERMISSION, "PermissionError: [Errno 13] Permission denied: '/opt/data'"),
    (Kind.PERMISSION, "OSError: [WinError 5] Access is denied: 'C:\\\\idgbr'"),
    (Kind.LONG_PATH, "OSError: [WinError 206] The filename or extension is too long"),
    (
        Kind.NO_WHEEL,
        (
            "ERROR: Could not find a version that satisfies the requirement openvino==2026.4.1 (from versions: "
            "2024.1.0)\n"
            "ERROR: No matching distribution found for openvino==2026.4.1"
        ),
    ),
    (
        Kind.NO_WHEEL,
        (
            "Because numba==0.68.1 has no wheels with a matching Python ABI tag (e.g., `cp314`), your requirements are "
            "unsatisfiable."
        ),
    ),
    (
        Kind.HASH,
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package "
            "versions, please update the hashes."
        ),
    ),
    (
        Kind.NO_VENV,
        (
            "The virtual environment was not created successfully because ensurepip is not available.  On "
            "Debian/Ubuntu "
            "systems, you need to install the python3-venv package"
        ),
    ),
    (Kind.LIBRARY, "ImportError: DLL load failed while importing onnxruntime_pybind11_state"),
    (Kind.LIBRARY, "ImportError: /lib64/libc.so.6: version `GLIBC_2.28' not found (required by libonnxruntime.so)"),
    (Kind.UNKNOWN, "something that nobody has seen before"),
]


@pytest.mark.parametrize(("kind", "text"), SAID, ids=[f"{kind.value}-{i}" for i, (kind, _) in enumerate(SAID)])
def test_kind_is_told_from_the_output(kind: Kind, text: str) -> None:
    assert classify(text) is kind


def test_a_host_that_cannot_be_reached_may_be_the_proxy() -> None:
    """As pip 26 says it."""
    output = "NewConnectionError(\"HTTPSConnection(host='10.0.0.9', port=3128): Failed to establish a new connection\")"
    assert classify(output, "http://someone:hidden@10.0.0.9:3128") is Kind.PROXY
    assert classify(output, "http://10.0.0.8:3128") is Kind.OFFLINE
    assert classify(output) is Kind.OFFLINE


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, Kind.DISK),
        (errno.EACCES, Kind.PERMISSION),
        (errno.ENAMETOOLONG, Kind.LONG_PATH),
        (errno.EBADF, Kind.UNKNOWN),
    ],
)
def test_errors_of_the_system_are_classified(number: int, kind: Kind) -> None:
    assert from_os_error(OSError(number, "x")).kind is kind


def test_every_kind_has_its_advice() -> None:
    assert set(ADVICE) == set(Kind)
    for advice in ADVICE.values():
        assert advice.what.endswith(".")
        assert advice.remedy.endswith(".")
