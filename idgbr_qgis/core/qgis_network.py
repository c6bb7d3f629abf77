"""The proxy and the certificates that QGIS uses, for programs that know nothing of QGIS."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

from idgbr_qgis.core.setup.failures import from_os_error
from idgbr_qgis.core.setup.network import Network, proxy_address

#: Any address will do: system proxies are asked for one.
_ASKED_FOR = "https://example.org/"


def qgis_network(folder: Path) -> Network:
    """What Settings ▸ Options ▸ Network and ▸ Authentication say; certificates are written to a file in `folder`.

    For the main thread.
    """
    settings = QgsSettings()
    proxy = ""
    if settings.value("proxy/proxyEnabled", False, bool):
        kind = str(settings.value("proxy/proxyType", "DefaultProxy") or "")
        proxy = _system_proxy() if kind == "DefaultProxy" else _configured_proxy(settings, kind)
    excluded = settings.value("proxy/noProxyUrls", []) or settings.value("proxy/proxyExcludedUrls", []) or []
    hosts = [QUrl.fromUserInput(str(url)).host() for url in ([excluded] if isinstance(excluded, str) else excluded)]
    return Network(proxy, ",".join(filter(None, hosts)), _certificates(folder))


def _configured_proxy(settings: QgsSettings, kind: str) -> str:
    host, port = (str(settings.value(f"proxy/{name}", "") or "") for name in ("proxyHost", "proxyPort"))
    if not host:
        return ""
    user, password = (str(settings.value(f"proxy/{name}", "") or "") for name in ("proxyUser", "proxyPassword"))
    configuration = str(settings.value("proxy/authcfg", "") or "")
    if configuration:
        stored = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, host, int(port) if port.isdigit() else 0)
        done = QgsApplication.authManager().updateNetworkProxy(stored, configuration)
        fine, stored = done if isinstance(done, tuple) else (done, stored)
        if fine:
            user, password = stored.user(), stored.password()
    name = "socks5" if kind == "Socks5Proxy" else "http"
    return proxy_address(name, host, int(port) if port.isdigit() else 0, (user, password))


def _system_proxy() -> str:
    for proxy in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(_ASKED_FOR))):
        if proxy.hostName() and proxy.type() in (
            QNetworkProxy.ProxyType.HttpProxy,
            QNetworkProxy.ProxyType.Socks5Proxy,
        ):
            name = "socks5" if proxy.type() == QNetworkProxy.ProxyType.Socks5Proxy else "http"
            return proxy_address(name, proxy.hostName(), proxy.port(), (proxy.user(), proxy.password()))
    return ""


def _certificates(folder: Path) -> Path | None:
    """All authorities that QGIS trusts, if the user added any; else pip's own, or the system's, are the right ones."""
    manager = QgsApplication.authManager()
    if manager.isDisabled() or not (manager.databaseCAs() or manager.extraFileCAs()):
        return None
    path = folder / "certificates.pem"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(manager.trustedCaCertsPemText()))
    except OSError as error:
        raise from_os_error(error) from error
    return path
