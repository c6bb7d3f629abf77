"""How the network is reached: the proxy and the certificates that QGIS uses, handed on to pip and uv."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
#: By which a user names certificates; what is set there stays.
CERTIFICATE_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class Network:
    """A proxy's address, hosts reached without it, and a file of trusted certificates; empty: as the system has it."""

    proxy: str = ""
    no_proxy: str = ""
    certificates: Path | None = None

    def variables(self) -> dict[str, str]:
        """Environment variables that say so. Not arguments: other users can read those, passwords included."""
        result: dict[str, str] = {}
        if self.proxy:
            for name in PROXY_VARIABLES:
                # Both spellings: programs differ in which they read, and in which goes first.
                result[name] = result[name.lower()] = self.proxy
        if self.no_proxy:
            result["NO_PROXY"] = result["no_proxy"] = self.no_proxy
        if self.certificates is not None and not any(map(os.environ.get, CERTIFICATE_VARIABLES)):
            result["PIP_CERT"] = result["SSL_CERT_FILE"] = str(self.certificates)
        return result


def proxy_address(kind: str, host: str, port: int, login: tuple[str, str] | None = None) -> str:
    """Address of a proxy, as the environment variables have it; `login` is user and password."""
    name = ":".join(quote(part, safe="") for part in login) + "@" if login and login[0] else ""
    scheme = "socks5h" if kind == "socks5" else "http"
    return f"{scheme}://{name}{host}{f':{port}' if port else ''}"
