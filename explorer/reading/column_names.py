"""Which columns of a table hold the tokens and which the vector, by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_TOKENS = (
    "token", "tokens", "word", "words", "term", "text", "label", "name", "string", "title",
    "sentence", "key", "entity", "item", "id", "index",
)  # fmt: skip
# Numbers beside a vector that are no part of it.
_BESIDE = {
    "count", "freq", "frequency", "rank", "norm", "label", "class", "cluster", "index", "id",
    "row", "year", "rating", "score", "timestamp", "df", "idf",
}  # fmt: skip
_VECTORS = ("embedding", "embeddings", "vector", "vectors", "emb", "vec", "features")
_NUMBERED = re.compile(r"(.*?)(\d+)")


def token_column(names: Sequence[str], texts: Sequence[int]) -> int | None:
    """Place of the column of tokens: among the columns of text the best name, else the first;
    without any, a column named as tokens are. None where there is none."""
    lowered = [name.strip().lower() for name in names]
    for place, name in enumerate(lowered):
        if name in _TOKENS[:4]:  # even where every token is a number
            return place
    for places in (texts, range(len(names))):
        for name in _TOKENS:
            for place in places:
                if lowered[place] == name:
                    return place
        if places:
            return places[0] if places is texts else None
    return None


def vector_score(name: str) -> tuple[float, str]:
    """How likely a column of that name holds the vectors, and why."""
    lowered = name.lower()
    if lowered in _VECTORS:
        return 2.0, "named like a vector"
    if any(word in lowered for word in ("embed", "vec")):
        return 1.0, "its name speaks of vectors"
    return 0.0, "a column of lists of numbers"


def numbered(names: Mapping[int, str]) -> list[int]:
    """Places of the columns named d0, d1, ... or 0, 1, ...: the largest such group, in the order
    of its numbers; [] where no column is numbered on from 0 or 1."""
    groups: dict[str, dict[int, int]] = {}
    for place, name in names.items():
        if match := _NUMBERED.fullmatch(name.strip()):
            groups.setdefault(match[1], {})[int(match[2][:9])] = place
    best: list[int] = []
    for group in groups.values():
        order = sorted(group)
        if order[0] <= 1 and order == list(range(order[0], order[0] + len(order))):
            found = [group[number] for number in order]
            best = max(best, found, key=len)
    return best


def adjacent(names: Mapping[int, str]) -> list[int]:
    """The longest run of columns side by side that are not named as a count or a class is."""
    best: list[int] = []
    run: list[int] = []
    for place in sorted(names):
        if names[place].strip().lower() in _BESIDE:
            continue
        run = [*run, place] if run and run[-1] == place - 1 else [place]
        best = max(best, run, key=len)
    return best
