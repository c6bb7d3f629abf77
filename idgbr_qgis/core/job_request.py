"""A job of the backend, before its layers are staged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from idgbr_qgis.core.staging import Staging


@dataclass
class JobRequest:
    """What the worker is asked to do: plain parameters, layers yet to be staged, and where results go.

    Of a list of layers the job gets the paths, one a line. `outputs` maps each output of the algorithm to the job's
    parameter for its path.
    """

    parameters: dict[str, Any]
    layers: dict[str, Staging] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
