"""What becomes of each neighbour from one space to the next, ready to be drawn."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from explorer.pipeline import SpaceComparison
from explorer.spaces import parse_space

SAME, UP, DOWN, NEW = "same", "up", "down", "new"


@dataclass(frozen=True)
class Entry:
    """A neighbour in one space. rank: there, from 1. before: its exact rank in the space to the
    left, 0 for none. shift: SAME, UP, DOWN or NEW, beside that space; SAME in the first one.
    after: its exact rank in the space to the right where it is not listed there; else 0."""

    row: int
    rank: int
    score: float
    before: int
    shift: str
    after: int

    @property
    def mark(self) -> str:
        """How far it has come, as it is written beside it."""
        if self.shift == SAME:
            return "=" if self.before else ""
        sign = "▼" if self.shift == DOWN else "▲"
        return f"{sign}{abs(self.before - self.rank):,}" if self.before else "new"

    @property
    def leaves(self) -> str:
        """Where it has gone to, "" where it is still listed."""
        return f"▼{self.after - self.rank:,}" if self.after else ""


@dataclass(frozen=True)
class Slope:
    """A line from a place of the space `left` to one of the space right of it; places from 0."""

    left: int
    start: int
    stop: int
    shift: str


def columns_of(compared: SpaceComparison) -> list[list[Entry]]:
    """The neighbours in each space, best first."""
    return [_column(compared, space) for space in range(len(compared.spaces))]


def _column(compared: SpaceComparison, space: int) -> list[Entry]:
    found, last = compared.found[space], space == len(compared.spaces) - 1
    ranks = compared.ranks[np.searchsorted(compared.rows, found.rows)]
    entries = []
    for place, (row, score) in enumerate(zip(found.rows, found.scores, strict=True)):
        before = int(ranks[place, space - 1]) if space else 0
        listed = space == 0 or row in compared.found[space - 1].rows
        stays = last or row in compared.found[space + 1].rows
        after = 0 if stays else int(ranks[place, space + 1])
        shift = _shift(before, place + 1, listed) if space else SAME
        entries.append(Entry(int(row), place + 1, float(score), before, shift, after))
    return entries


def _shift(before: int, rank: int, listed: bool) -> str:
    if not listed:
        return NEW
    return SAME if before == rank else UP if rank < before else DOWN


def slopes_of(columns: Sequence[Sequence[Entry]]) -> list[Slope]:
    """Lines between the same row in neighbouring spaces."""
    slopes = []
    for left, (here, there) in enumerate(itertools.pairwise(columns)):
        places = {entry.row: place for place, entry in enumerate(here)}
        slopes += [
            Slope(left, places[entry.row], stop, entry.shift)
            for stop, entry in enumerate(there)
            if entry.row in places
        ]
    return slopes


def title_of(space: str) -> str:
    """A space as it is named in a line of text."""
    names = {"raw": "as stored", "centre": "centred", "unit": "unit", "whiten": "whitened"}
    chosen = parse_space(space)
    return names.get(chosen.name, f"with the top {chosen.count} removed")


def hundredths(cosine: float) -> str:
    """A cosine as it is shown: two places, no minus before nothing; "–" where there is none."""
    return f"{cosine:z.2f}".replace("-", "−") if isfinite(cosine) else "–"


def stays(compared: SpaceComparison, space: int) -> int:
    """How many of the neighbours in the first space are among those in this one."""
    return len(np.intersect1d(compared.found[0].rows, compared.found[space].rows))


def summary(compared: SpaceComparison) -> str:
    """How many of the neighbours in the first space are left in the others, in a sentence."""
    count, (first, *others) = len(compared.found[0].rows), compared.spaces
    if not count or not others:
        return ""
    left = [f"{stays(compared, at):,} stay {title_of(name)}" for at, name in enumerate(others, 1)]
    return f"Of the {count:,} nearest {title_of(first)}, {' and '.join(left)}."


def evenness(compared: SpaceComparison, cosines: Mapping[str, float]) -> str:
    """The mean cosine of random pairs in each space, in a sentence; cosines: by space."""
    told = [
        f"{hundredths(cosines[name])} {title_of(name)}"
        for name in compared.spaces
        if name in cosines
    ]
    return f"Mean cosine of two random rows: {', '.join(told)}." if told else ""


def as_text(compared: SpaceComparison, names: dict[int, str]) -> str:
    """Tab-separated: a line for every row listed anywhere, its exact rank in every space."""
    lines = ["\t".join(["token", "row", *compared.spaces])]
    best = np.where(compared.ranks > 0, compared.ranks, np.iinfo(np.int64).max).min(axis=1)
    for place in np.lexsort((compared.rows, best)).tolist():
        row = int(compared.rows[place])
        lines.append("\t".join([names[row], str(row), *map(str, compared.ranks[place].tolist())]))
    return "\n".join(lines)
