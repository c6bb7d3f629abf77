"""Settings of a process of our own."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import sys, types
for name in ("geopandas", "pandas"):
    sys.modules.pop(name, None)
{own}
from idgbr.layers.ogr import pyogrio
from pyogrio import _compat
print(_compat.HAS_GEOPANDAS, "pandas" in sys.modules, sys.modules.get("geopandas", 0) is None)
"""


def _answer(own: str) -> list[str]:
    command = [sys.executable, "-c", _PROGRAM.format(own=own)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_a_program_of_our_own_imports_no_data_frames() -> None:
    """And hides them only while pyogrio is imported."""
    assert _answer("from idgbr.process import own_process; own_process()") == ["False", "False", "False"]


def test_a_program_that_imports_the_package_keeps_them() -> None:
    try:
        import geopandas  # noqa: F401
    except ImportError:
        return
    assert _answer("") == ["True", "True", "False"]


_THREADS = """
import ctypes, re, sys, threading
from idgbr.process import own_process
if sys.argv[1] == "own":
    own_process()
hold = threading.Barrier(4)
def allocate():
    blocks = [bytearray(50_000) for _ in range(100)]
    hold.wait()
threads = [threading.Thread(target=allocate) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.fclose.argtypes, libc.malloc_info.argtypes = [ctypes.c_void_p], [ctypes.c_int, ctypes.c_void_p]
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
print(len(re.findall("<heap ", open(sys.argv[2]).read())))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has a heap for each thread")
def test_threads_of_a_program_of_our_own_share_a_heap(tmp_path: Path) -> None:
    """Otherwise each keeps freed memory that the others cannot use."""
    heaps = {}
    for whose in ("own", "other"):
        command = [sys.executable, "-c", _THREADS, whose, str(tmp_path / "heaps.xml")]
        heaps[whose] = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert heaps["own"] == 1 < heaps["other"]
