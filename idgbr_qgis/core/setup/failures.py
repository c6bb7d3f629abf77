"""Why a set-up fails, told from what programs print; for each kind what happened and what to do about it."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit


class Kind(Enum):
    """Kinds of failures that have a remedy of their own."""

    PROXY = "proxy"
    PROXY_LOGIN = "proxy-login"
    TLS = "tls"
    OFFLINE = "offline"
    DISK = "disk"
    ANTIVIRUS = "antivirus"
    PERMISSION = "permission"
    LONG_PATH = "long-path"
    NO_WHEEL = "no-wheel"
    FOLDER = "folder"
    HASH = "hash"
    NO_PYTHON = "no-python"
    NO_VENV = "no-venv"
    NO_DRIVER = "no-driver"
    LIBRARY = "library"
    LOCKED = "locked"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Advice:
    """What happened and what to do, for the user."""

    what: str
    remedy: str


#: The texts are English here and translated where they are shown.
ADVICE: dict[Kind, Advice] = {
    Kind.PROXY: Advice(
        "The proxy cannot be reached.",
        "Check Settings ▸ Options ▸ Network in QGIS (host, port, and whether you need a proxy here at all), then "
        "try again. Downloaded packages are kept. Or set up from a folder of wheels.",
    ),
    Kind.PROXY_LOGIN: Advice(
        "The proxy asks for a user name and password.",
        "Enter them in Settings ▸ Options ▸ Network in QGIS. A proxy that requires a Windows login (NTLM, "
        "Kerberos) is not supported. Ask your administrator for one that accepts a password, or use a folder of "
        "wheels.",
    ),
    Kind.TLS: Advice(
        "The secure connection is not trusted: on this network, a device probably opens and re-signs it.",
        "Ask your administrator for the certificate of that authority. Add it in Settings ▸ Options ▸ "
        "Authentication ▸ Manage certificates in QGIS, or set its file in pip's own configuration (cert). Also "
        "check the clock of the computer.",
    ),
    Kind.OFFLINE: Advice(
        "The package index cannot be reached, or the connection was cut.",
        "Check the connection and try again. Downloaded packages are kept. Without a network, prepare a folder of "
        "wheels on another computer and choose it here.",
    ),
    Kind.DISK: Advice(
        "The disk is full.",
        "Free some space or choose a folder on a larger disk, then try again. Downloaded packages are kept.",
    ),
    Kind.ANTIVIRUS: Advice(
        "Another program holds a file: an antivirus scanner, or a QGIS that uses the backend.",
        "Close other QGIS windows and try again. If it happens again, exclude the backend's folder from the "
        "antivirus scan.",
    ),
    Kind.PERMISSION: Advice(
        "A file or folder is not writable.",
        "Choose a folder that you own. If you do own it, exclude it from the antivirus scan or from controlled "
        "folder access.",
    ),
    Kind.LONG_PATH: Advice(
        "A path became too long for Windows.",
        "Choose a folder with a short path, such as C:\\idgbr, or enable long paths.",
    ),
    Kind.NO_WHEEL: Advice(
        "There is no ready-made package for this Python on this system.",
        "Choose another Python, preferably 3.11 or 3.12 (64 bit). A folder of wheels must be made for the same "
        "Python version and system.",
    ),
    Kind.FOLDER: Advice(
        "The folder of wheels is incomplete.",
        "Make it again with this version of the plugin, on a computer with the same system and Python version: "
        "python idgbr_qgis/core/setup download FOLDER.",
    ),
    Kind.HASH: Advice(
        "A downloaded package differs from the tested one and was rejected.",
        "Try again. If it happens again, the mirror or proxy changes packages. Ask your administrator, and do not "
        "install such a package by other means.",
    ),
    Kind.NO_PYTHON: Advice(
        "No suitable Python was found.",
        "Install Python 3.12 (64 bit), or the program uv, which downloads one by itself. Then try again.",
    ),
    Kind.NO_VENV: Advice(
        "This Python cannot create environments: its module venv or ensurepip is missing.",
        "On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere, choose another Python, or install uv.",
    ),
    Kind.NO_DRIVER: Advice(
        "The GPU cannot be used.",
        "Install or update the NVIDIA driver and restart the computer, or choose the CPU.",
    ),
    Kind.LIBRARY: Advice(
        "Everything is installed, but a library cannot be loaded.",
        "On Windows, install the Microsoft Visual C++ Redistributable (x64). On Linux, the system may be too old for "
        "these packages (glibc 2.28 is needed).",
    ),
    Kind.LOCKED: Advice(
        "Another QGIS window, or a command line, is setting up the backend.",
        "Wait until it is done, or cancel it there.",
    ),
    Kind.CANCELLED: Advice("Cancelled.", "Start again at any time. Downloaded packages are kept."),
    Kind.UNKNOWN: Advice(
        "The set-up failed.",
        "See the details. Copy diagnostics makes a report without names or passwords that you can send to others.",
    ),
}

#: In order: the first that is found counts, so the narrower ones come first.
_SIGNS: tuple[tuple[Kind, str], ...] = (
    (Kind.DISK, r"no space left on device|errno 28\b|winerror 112|disk quota exceeded|errno 122\b|not enough space"),
    (Kind.HASH, r"do not match the hashes|hash mismatch|hashes? (?:are|is) required|invalid hash"),
    (Kind.PROXY_LOGIN, r"407 proxy authentication|proxy authentication required"),
    (
        Kind.TLS,
        (
            r"certificate_verify_failed|certificate verify failed|sslcertverificationerror|self[- ]signed certificate"
            r"|unable to get local issuer|invalid peer certificate|unknownissuer|wrong_version_number"
            r"|could not find a suitable tls ca certificate|certificate has expired|unexpected_eof_while_reading"
        ),
    ),
    (Kind.PROXY, r"proxyerror|cannot connect to proxy|unable to connect to proxy|tunnel connection failed"),
    (Kind.LONG_PATH, r"winerror 206|file ?name or extension is too long|file name too long|enable long path"),
    (Kind.ANTIVIRUS, r"winerror 32\b|being used by another process|winerror 225|contains a virus|winerror 1224"),
    (Kind.PERMISSION, r"permission denied|errno 13\b|winerror 5\b|access is denied|read-only file system"),
    (
        Kind.OFFLINE,
        (
            r"newconnectionerror|name or service not known|temporary failure in name resolution|getaddrinfo failed"
            r"|network is unreachable|connection (?:refused|reset|aborted|broken)|connecttimeout|readtimeout"
            r"|read timed out|remotedisconnected|protocolerror|incompleteread|max retries exceeded|dns error"
            r"|no route to host|error sending request|connection timed out"
            r"|\b50[234] (?:server error|bad gateway|service|gateway)"
        ),
    ),
    (
        Kind.NO_WHEEL,
        (
            r"no matching distribution found|could not find a version that satisfies|not a supported wheel"
            r"|no solution found when resolving|has no wheels? with a matching|requires a different python"
        ),
    ),
    (Kind.NO_VENV, r"ensurepip is not available|no module named '?(?:ensurepip|venv)\b|ensurepip.*non-zero exit"),
    (
        Kind.LIBRARY,
        (
            r"dll load failed|cannot open shared object file|version [`'\"]?glibcxx?_|glibc_\d|library not loaded"
            r"|importerror|modulenotfounderror|no module named|illegal instruction|signal 4\b"
        ),
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _SIGNS)
_DISK_ERRORS = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_WINDOWS_KINDS = {5: Kind.PERMISSION, 32: Kind.ANTIVIRUS, 112: Kind.DISK, 206: Kind.LONG_PATH, 225: Kind.ANTIVIRUS}


class SetupError(Exception):
    """A failure with its kind; `details` is what was said by whatever failed."""

    def __init__(self, kind: Kind, details: str = "") -> None:
        super().__init__(ADVICE[kind].what)
        self.kind = kind
        self.details = details.strip()

    @property
    def advice(self) -> Advice:
        """What happened and what to do."""
        return ADVICE[self.kind]


def classify(output: str, proxy: str = "") -> Kind:
    """The kind of a failure, by what a program printed; `proxy` is the address of the one that it was to use."""
    kind = next((kind for kind, pattern in _PATTERNS if pattern.search(output)), Kind.UNKNOWN)
    if kind is Kind.OFFLINE and proxy:
        # pip from 26 on no longer says that the host that it cannot connect to is the proxy.
        address = urlsplit(proxy)
        if f"host='{address.hostname}', port={address.port}" in output:
            return Kind.PROXY
    return kind


def from_os_error(error: OSError) -> SetupError:
    """The failure that an error of the system stands for."""
    kind = _WINDOWS_KINDS.get(getattr(error, "winerror", None) or 0)
    if kind is None:
        if error.errno in _DISK_ERRORS:
            kind = Kind.DISK
        elif error.errno == errno.ENAMETOOLONG:
            kind = Kind.LONG_PATH
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            kind = Kind.PERMISSION
        else:
            kind = classify(str(error))
    return SetupError(kind, f"{type(error).__name__}: {error}")
