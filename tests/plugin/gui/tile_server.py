"""A server of map tiles that fails as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, Qt
from qgis.PyQt.QtGui import QColor, QImage


def tile(color: QColor | Qt.GlobalColor) -> bytes:
    """A tile of one colour, as PNG."""
    image = QImage(256, 256, QImage.Format.Format_ARGB32)
    image.fill(color)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data)


@contextmanager
def tile_server(status: int, body: bytes) -> Iterator[QgsRasterLayer]:
    """A web map whose server answers everything alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"type=xyz&zmin=0&zmax=19&url=http://127.0.0.1:{server.server_port}/%7Bz%7D/%7Bx%7D/%7By%7D.png"
        layer = QgsRasterLayer(url, "web map", "wms")
        assert layer.isValid()
        yield layer
    finally:
        server.shutdown()
        server.server_close()
