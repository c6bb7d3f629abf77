"""Arrow streams that end early when a job is cancelled: what reads them asks nobody, for as long as it takes."""

from __future__ import annotations

import ctypes
from typing import Any

from idgbr.arrow import CArray, stream_of
from idgbr.errors import JobCancelled
from idgbr.monitor import Monitor

_NEXT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


class WatchedStream:
    """Passes the batches of a stream on until its monitor says stop; then there are none any more.

    Keep it alive while it is read, and ask the monitor afterwards.
    """

    def __init__(self, stream: Any, monitor: Monitor) -> None:
        self._stream, self._monitor = stream, monitor

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The stream's capsule, with a function of ours before the one that fetches the next batch."""
        capsule = self._stream.__arrow_c_stream__(requested_schema)
        stream = stream_of(capsule)
        fetch = _NEXT(stream.next)

        def watched(own: int, array: int) -> int:
            try:
                self._monitor.check()
            except JobCancelled:
                ctypes.memset(array, 0, ctypes.sizeof(CArray))
                return 0
            status: int = fetch(own, array)
            return status

        self._watched = _NEXT(watched)
        stream.next = ctypes.cast(self._watched, ctypes.c_void_p).value
        return capsule
