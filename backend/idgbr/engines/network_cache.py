"""A cache of networks: each is loaded when it is first needed, and kept until another one takes its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

Network = TypeVar("Network")
Arguments = ParamSpec("Arguments")


class NetworkCache:
    """Holds the network that was used last only: each takes up to gigabytes, and the stages of a job follow each other.

    With `each_kind` it holds one of each class, for jobs that follow each other.
    """

    def __init__(self, *, each_kind: bool = False) -> None:
        self._each_kind = each_kind
        self._held: dict[object, tuple[object, Any]] = {}

    def loader(
        self, kind: Callable[Arguments, Network], *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Callable[[], Network]:
        """What gives the network that `kind` makes of these arguments, and lets go of another in its place."""
        key, place = (kind, arguments, options), kind if self._each_kind else None

        def loaded() -> Network:
            if place not in self._held or self._held[place][0] != key:
                self._held.pop(place, None)  # before the other is loaded, so that both are never in memory
                self._held[place] = key, kind(*arguments, **options)
            network: Network = self._held[place][1]
            return network

        return loaded
