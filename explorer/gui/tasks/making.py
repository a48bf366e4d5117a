"""How a map was made, and what making one will take, in the words of the window."""

from __future__ import annotations

import math

from explorer.preparation import parse_steps
from explorer.projection import Projection
from explorer.projections import Cost, methods

# A run shorter than this is over before one would have read how long it takes.
_WORTH_TELLING = 3.0


def departures(projection: Projection) -> list[str]:
    """What is not as the method has it unless told otherwise: preprocessing, sample, start,
    rows that were placed into a finished map."""
    method = methods().get(projection.method)
    told = []
    usual = tuple(map(str, parse_steps(method.steps))) if method else projection.steps
    if projection.steps != usual:
        told.append(", ".join(projection.steps) or "no preprocessing")
    if projection.sample is not None:
        told.append(projection.sample.among(len(projection.table)))
    if projection.start:
        told.append(f"began from {projection.start}")
    if projection.placed:
        told.append(f"{projection.placed:,} rows placed afterwards")
    return told


def expected(cost: Cost | None) -> str:
    """ "About 40 s and 300 MB."; "" where it is no matter."""
    if cost is None or cost.seconds < _WORTH_TELLING:
        return ""
    return f"About {_duration(cost.seconds)} and {_memory(cost.nbytes)}."


def _duration(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 1.5 * length:
            return f"{_rounded(seconds / length):g} {unit}"
    return f"{_rounded(seconds):g} s"


def _memory(nbytes: int) -> str:
    unit, scale = ("GB", 1e9) if nbytes >= 1e9 else ("MB", 1e6)
    return f"{max(1, _rounded(nbytes / scale)):g} {unit}"


def _rounded(value: float) -> float:
    """To one digit, and to two where the first is a 1: more is not known."""
    if value <= 0:
        return 0
    digits = -math.floor(math.log10(value)) + (value / 10 ** math.floor(math.log10(value)) < 2)
    return round(value, digits)
