"""Kinds of files by their properties, and a few of them in which each two properties meet.

A file is described by one value for each factor, such as its data type and its CRS. All products would be hundreds of
thousands; those that cover each possible pair of values are about a hundred, and find what goes wrong where two meet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product

Kind = dict[str, str]
#: Factors, and what may be said of their values.
Rule = tuple[Sequence[str], Callable[..., bool]]
_Pair = frozenset[tuple[str, str]]


def covering(factors: Mapping[str, Sequence[str]], rules: Sequence[Rule]) -> list[Kind]:
    """Kinds in which each two values of two factors meet, where all `rules` let them: always the same ones."""
    missing: dict[_Pair, None] = {
        frozenset([(a, x), (b, y)]): None
        for a, b in combinations(factors, 2)
        for x, y in product(factors[a], factors[b])
    }
    kinds = []
    while missing:
        pair = next(iter(missing))
        kind = _completed(dict(sorted(pair)), factors, rules, missing)
        if kind is None:
            del missing[pair]  # there is no such file
            continue
        for two in combinations(kind.items(), 2):
            missing.pop(frozenset(two), None)
        kinds.append({name: kind[name] for name in factors})
    return kinds


def _completed(
    kind: Kind, factors: Mapping[str, Sequence[str]], rules: Sequence[Rule], missing: Mapping[_Pair, None]
) -> Kind | None:
    """A kind with values for all other factors, of which as many as can be meet others for the first time."""
    if not all(may(*(kind[name] for name in names)) for names, may in rules if all(name in kind for name in names)):
        return None
    name = next((name for name in factors if name not in kind), None)
    if name is None:
        return kind

    def new(value: str) -> int:
        return sum(frozenset([(name, value), other]) in missing for other in kind.items())

    for value in sorted(factors[name], key=new, reverse=True):
        if found := _completed({**kind, name: value}, factors, rules, missing):
            return found
    return None


def name_of(kind: Kind) -> str:
    """A name for a test: its values in order."""
    return "-".join(kind.values())
