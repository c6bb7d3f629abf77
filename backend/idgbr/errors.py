"""Errors for users. Each message is one line: what happened, to which file, what to do next."""

from __future__ import annotations


def one_line(text: object, longest: int | None = 500) -> str:
    """Any text on one line (GDAL and engines write several), cut to a readable length."""
    return " ".join(str(text).split())[:longest]


def first_line(error: BaseException) -> str:
    """The first line of an error of a library, cut to a readable length; the name of its class if it says nothing."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


#: What engines say when memory runs out, in lower case: ONNX Runtime and torch, CUDA, OpenCL of OpenVINO, and C++.
_NO_MEMORY = (
    "out of memory", "not enough memory", "can't allocate memory", "failed to allocate memory", "alloc_failed",
    "allocation_failure", "out_of_resources", "out_of_host_memory", "out of gpu resources",
    "exceeded max size of memory", "bad_alloc", "bad allocation",
)  # fmt: skip


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of a library or an engine says that memory ran out."""
    return isinstance(error, MemoryError) or any(text in str(error).lower() for text in _NO_MEMORY)


class IdgbrError(Exception):
    """Root of all expected errors; its message is shown to the user unchanged, without a traceback."""


class InputError(IdgbrError):
    """A file, layer or parameter given by the user cannot be used."""


class OutputError(IdgbrError):
    """A result cannot be written (disk full, locked, read-only, unknown format)."""


class ModelError(IdgbrError):
    """A model is missing, damaged (sha256), or does not fit the raster."""


class ModelExistsError(ModelError):
    """A model to be added has the id of another one."""


class PixelSizeError(ModelError):
    """A model to be added does not state its pixel size."""


class DeviceError(IdgbrError):
    """A device requested by name cannot be used."""


class DeviceMemoryError(DeviceError):
    """The memory of a device does not suffice for a network on a tile."""


class ClusterError(IdgbrError):
    """A cluster does not answer, or its workers cannot do the job."""


class ProtocolError(IdgbrError):
    """A message between plugin and worker cannot be understood, or their versions differ."""


class JobCancelled(IdgbrError):
    """The user cancelled the job. No output was written; finished parts may be kept, so that the job can resume."""

    def __init__(self, message: str = "Cancelled; no output was written.") -> None:
        super().__init__(message)
