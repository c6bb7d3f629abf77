"""Devices: the choice is said aloud, a forced device never falls back."""

from __future__ import annotations

import pytest

from idgbr.engines import devices
from idgbr.engines.devices import Device, choose_device
from idgbr.errors import DeviceError
from idgbr.monitor import Monitor


class Listener(Monitor):
    """Keeps what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def info(self, message: str) -> None:
        """Keep the message."""
        self.told.append(message)


CPU = Device("cpu", "some CPU", "onnxruntime", 8000)
GPU = Device("cuda:0", "some GPU", "onnxruntime CUDA", 9000)
BROKEN = Device("cuda:0", "some GPU", "onnxruntime CUDA", 0, "no driver")


def test_auto_without_gpu_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """No silent fall-back."""
    monkeypatch.setattr(devices, "list_devices", lambda: [BROKEN, CPU])
    listener = Listener()
    assert choose_device("auto", listener) == CPU
    assert listener.told == ["CUDA not usable because no driver; using CPU (some CPU)."]


def test_auto_takes_a_usable_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says which."""
    monkeypatch.setattr(devices, "list_devices", lambda: [GPU, CPU])
    listener = Listener()
    assert choose_device("auto", listener) is GPU
    assert "cuda:0" in listener.told[0]


@pytest.mark.parametrize("wanted", ["cuda", "cuda:0"])
def test_forced_gpu_fails_rather_than_falls_back(monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    """The reason and the remedy are given."""
    monkeypatch.setattr(devices, "list_devices", lambda: [BROKEN, CPU])
    with pytest.raises(DeviceError, match="no driver"):
        choose_device(wanted, Monitor())


def test_unknown_device_lists_the_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that is not there is an error that helps to choose."""
    monkeypatch.setattr(devices, "list_devices", lambda: [CPU])
    with pytest.raises(DeviceError, match=r"'cuda:3' was not found \(there are: cpu\)"):
        choose_device("cuda:3", Monitor())
