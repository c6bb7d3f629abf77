"""The report of "Copy diagnostics": what a helper needs to know, without names, addresses or passwords."""

from __future__ import annotations

import getpass
import os
import platform
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from idgbr_qgis.core.setup.failures import SetupError
from idgbr_qgis.core.setup.plan import Plan

#: Variables whose presence explains things; of secret ones only that they are set.
_VARIABLES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *(
        "PIP_CERT",
        "PIP_PROXY",
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "PIP_NO_INDEX",
        "PIP_CONFIG_FILE",
    ),
    *("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "CUDA_PATH", "IDGBR_DATA_DIR"),
)
_LOG_LINES = 60

_LOGIN = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_QUERY = re.compile(r"(?<=[^\s?])\?[^\s'\"<>]+")
_SECRET = re.compile(
    r"(?i)\b((?:pass(?:word|wd)?|token|secret|api[-_]?key|authorization)\w*\s*[=:]\s*)(?:(?:basic|bearer)\s+)?\S+"
)
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b")
_ADDRESS = re.compile(r"\b(?:10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)(?:\.\d{1,3}){2,3}\b")
_HOST = re.compile(r"(?i)(?<=://)(?:hidden@)?[a-z0-9.-]+(?=[:/\s'\")\]>]|$)")


def redact(text: str) -> str:
    """Take out what tells who and where: home and user name, host names, logins, tokens, addresses."""
    text = _LOGIN.sub("hidden", text)
    text = _QUERY.sub("?hidden", text)
    text = _SECRET.sub(r"\1hidden", text)
    text = _MAIL.sub(lambda match: match.group() if match.group().startswith("hidden@") else "(mail)", text)
    text = _HOST.sub("(host)", text)
    text = _ADDRESS.sub("(address)", text)
    home = str(Path.home())
    for form in {home, home.replace("\\", "/"), home.replace("\\", "\\\\")} - {"/", ""}:
        text = re.sub(re.escape(form) + r"(?=[\\/\s'\":;,)]|$)", "~", text, flags=re.IGNORECASE)
    for name, shown in ((_user(), "(user)"), (socket.gethostname(), "(computer)")):
        # Short ones and those of every machine would only make the text unreadable.
        if len(name) > 2 and name.lower() not in ("root", "localhost", "user", "admin"):
            text = re.sub(rf"(?i)(?<![\w]){re.escape(name)}(?![\w])", shown, text)
    return text


def report(
    plan: Plan | None,
    error: SetupError | None,
    log: str,
    facts: Mapping[str, str] | None = None,
) -> str:
    """The whole report, redacted, as Markdown. `facts` are versions that only the caller knows, as that of QGIS."""
    lines = ["## IDGBR: set-up of the backend", ""]
    system = {"System": platform.platform(), "Python of the caller": sys.version.split()[0]}
    lines += [f"- {name}: {value}" for name, value in (system | dict(facts or {})).items()]
    if plan is not None:
        lines += [f"- {name}: {value}" for name, value in plan.facts().items()]
    if error is not None:
        lines += ["", f"**{error.kind.value}**: {error.advice.what}"]
        lines += ["", "```", *error.details.splitlines()[-_LOG_LINES:], "```"] if error.details else []
    variables = [f"{name}={os.environ[name]}" for name in _VARIABLES if os.environ.get(name)]
    if variables:
        lines += ["", "Variables:", "```", *variables, "```"]
    if log.strip():
        lines += ["", "Log:", "```", *log.strip().splitlines()[-_LOG_LINES:], "```"]
    return redact("\n".join(lines)) + "\n"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
