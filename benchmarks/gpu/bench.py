"""How parts measure: sizes, the time they have, seconds of a call, memory."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from benchmarks.gpu.report import Report

#: Sides of square tiles (px) and tiles of a batch, on a GPU and in tests on a CPU.
SIZES, BATCHES = (512, 1024, 2048), (1, 8)
TINY_SIZES, TINY_BATCHES = (64,), (1,)
OUT_OF_TIME = "the time of this part was over"
#: Calls before a measurement, and the most in one.
_WARM_UP, _MOST_CALLS = 2, 200


@dataclass(frozen=True)
class Bench:
    """What all parts share. `end` is when the part must stop (s of `time.monotonic`); `tiny` means sizes for tests."""

    device: torch.device
    report: Report
    end: float
    tiny: bool

    @property
    def on_gpu(self) -> bool:
        """Whether the device is a GPU."""
        return self.device.type == "cuda"

    @property
    def sizes(self) -> tuple[int, ...]:
        """Sides of tiles in px."""
        return TINY_SIZES if self.tiny else SIZES

    @property
    def batches(self) -> tuple[int, ...]:
        """Tiles of a batch."""
        return TINY_BATCHES if self.tiny else BATCHES

    def has_time(self, what: str, needed_s: float = 0.0) -> bool:
        """Whether `needed_s` are left; if not, the report says that `what` was not measured."""
        if time.monotonic() + needed_s < self.end:
            return True
        self.report.skip(what, OUT_OF_TIME)
        return False

    def synchronize(self) -> None:
        """Wait until the device has done its work."""
        if self.on_gpu:
            torch.cuda.synchronize(self.device)

    def seconds(self, call: Callable[[], Any], least_s: float = 0.3) -> float:
        """Seconds of a call: the mean of those that fit `least_s`, after two to warm up. In tests, those of one."""
        if self.tiny:
            return self._mean(call, 1)
        for _ in range(_WARM_UP):
            call()
        return self._mean(call, max(3, min(_MOST_CALLS, int(least_s / max(self._mean(call, 1), 1e-6)))))

    def _mean(self, call: Callable[[], Any], count: int) -> float:
        self.synchronize()
        began = time.perf_counter()
        for _ in range(count):
            call()
        self.synchronize()
        return max(time.perf_counter() - began, 1e-9) / count

    def reset_peak(self) -> None:
        """Forget the peak of memory so far, and give unused memory back."""
        if self.on_gpu:
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats(self.device)

    def peak_mb(self) -> int | None:
        """Peak of memory that torch took since `reset_peak`, in MiB; None on a CPU."""
        return torch.cuda.max_memory_allocated(self.device) >> 20 if self.on_gpu else None

    def used_mb(self) -> int | None:
        """Memory of the GPU that is taken, by whom ever, in MiB; None on a CPU."""
        if not self.on_gpu:
            return None
        free, total = torch.cuda.mem_get_info(self.device)
        return (total - free) >> 20

    @contextlib.contextmanager
    def memory_guard(self, what: str) -> Iterator[None]:
        """Note memory that ran out as the reason why `what` was not measured."""
        try:
            yield
        except torch.OutOfMemoryError:
            self.report.skip(what, "memory ran out")
            self.reset_peak()


@contextlib.contextmanager
def tf32(allowed: bool) -> Iterator[None]:
    """Whether float32 products are computed in TF32 on a GPU; afterwards as before."""
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    kept = matmul.allow_tf32, cudnn.allow_tf32
    matmul.allow_tf32 = cudnn.allow_tf32 = allowed
    try:
        yield
    finally:
        matmul.allow_tf32, cudnn.allow_tf32 = kept


def images(count: int, size: int, device: torch.device) -> Tensor:
    """Images (count, 3, size, size) in 0…1, channels last: smooth patches with edges between them, and fine texture."""
    patches = torch.rand(count, 3, max(1, size // 32), max(1, size // 32), device=device)
    large = torch.nn.functional.interpolate(patches, size=(size, size), mode="nearest")
    texture = torch.rand(count, 3, size, size, device=device)
    return (0.8 * large + 0.2 * texture).contiguous(memory_format=torch.channels_last)


def class_patches(count: int, classes: int, size: int, device: torch.device) -> Tensor:
    """Class indices (count, size, size) int64 in patches of 32 px."""
    patches = torch.randint(classes, (count, 1, max(1, size // 32), max(1, size // 32)), device=device)
    return torch.nn.functional.interpolate(patches.float(), size=(size, size), mode="nearest")[:, 0].long()
