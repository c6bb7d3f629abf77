"""The wait for compilation is announced once."""

from __future__ import annotations

from pathlib import Path

import pytest

from idgbr.first_use import first_use_announced
from idgbr.monitor import Monitor


class Listener(Monitor):
    """Keeps what is said."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def info(self, message: str) -> None:
        """Keep the message."""
        self.said.append(message)


def test_announced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first job says it, later ones do not; a job that fails does not count as the first."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    listener = Listener()
    with pytest.raises(RuntimeError), first_use_announced(listener):
        raise RuntimeError
    with first_use_announced(listener):
        pass
    assert len(listener.said) == 2
    with first_use_announced(listener):
        pass
    assert len(listener.said) == 2
