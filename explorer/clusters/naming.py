"""Names for clusters: the tokens that are most typical of one and not of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from explorer.preparation import Prepared, parse_steps, prepare
from explorer.progress import Progress, Report, silent
from explorer.table import Table
from explorer.tokens import readable, scheme_of
from explorer.vectors import F32

Labels = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

SEPARATOR = " · "
_TOKENS = 3
_LENGTH = 22  # what the legend shows
_TOKEN_LENGTH = 14
# How many rows speak for a cluster: a tenth of it, but so many at least and at most.
_TYPICAL = (30, 200)
_TRIED = 10  # of them for a name
_STEM = 4


def name_clusters(
    table: Table, labels: Labels, report: Report = silent
) -> tuple[tuple[str, ...], tuple[Rows, ...]]:
    """Names of the clusters 0, 1, ... and the rows that are most typical of each, best first.

    labels: int32 (rows,), -1 for rows in none. A row is the more typical the higher its cosine
    with the mean of its cluster's unit-length vectors is above that with the mean of any other;
    rare words are the clearest cases and tell a reader little, so that the frequent ones among the
    typical come first where counts are known.
    Names hold up to three different tokens, and no two are the same; clusters of rows that have no
    tokens are numbered.
    """
    count = int(labels.max(initial=-1)) + 1
    members = _members(table, labels)
    margins = _margins(members, labels, count, report)
    weights = None if table.importance is None else _weights(table.importance)
    typical = tuple(_typical(np.flatnonzero(labels == k), margins, weights) for k in range(count))
    if not table.named:
        return tuple(f"cluster {number + 1}" for number in range(count)), typical
    return tuple(_names(table, typical)), typical


def _members(table: Table, labels: Labels) -> Prepared:
    """The unit-length vectors of the rows that can speak for their cluster."""
    speaking = table.vectors.finite_float32 & (labels >= 0)
    return replace(prepare(table, parse_steps("unit")), rows=np.flatnonzero(speaking))


def _margins(members: Prepared, labels: Labels, count: int, report: Report) -> F32:
    """How typical each row of the table is of its cluster, float32 (rows,); NaN for none."""
    centres = _centres(members, labels, count)
    margins = np.full(len(labels), np.nan, dtype=np.float32)
    for start, block in members.blocks():
        report(Progress(start, len(members), "Naming clusters"))
        rows = members.table_rows(np.arange(start, start + len(block)))
        scores, own = block @ centres.T, (np.arange(len(rows)), labels[rows])
        cosines = scores[own]
        if count > 1:
            scores[own] = -np.inf
            cosines = cosines + (cosines - scores.max(axis=1))
        margins[rows] = cosines
    return margins


def _centres(members: Prepared, labels: Labels, count: int) -> F32:
    """Means of unit-length vectors scaled to length one, float32 (count, dim)."""
    sums = sums_of(members, labels, count)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    centres: F32 = (sums / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return centres


def sums_of(points: Prepared, labels: Labels, count: int) -> F64:
    """The sum of the points in each of the clusters 0, 1, ..., float64 (count, dim).

    labels: int32 (rows of the table,), -1 for rows in none.
    """
    sums = np.zeros((count, points.dim))
    for start, block in points.blocks():
        own = labels[points.table_rows(np.arange(start, start + len(block)))]
        for cluster in np.unique(own[own >= 0]).tolist():
            sums[cluster] += block[own == cluster].sum(axis=0, dtype=np.float64)
    return sums


def _typical(rows: Rows, margins: F32, weights: F64 | None) -> Rows:
    """The most typical rows of one cluster, best first. Where counts are known, those of the more
    typical half by how typical they are times the logarithm of how frequent."""
    worth = np.nan_to_num(margins[rows], nan=-np.inf)
    best = rows[np.argsort(-worth, kind="stable")]
    kept = int(np.clip(len(rows) // 10, *_TYPICAL))
    if weights is None or not len(best):
        return best[:kept]
    best = best[: max(len(best) // 2, _TYPICAL[0])]
    typical = np.maximum(np.nan_to_num(margins[best]), 0)
    return best[np.argsort(-typical * weights[best], kind="stable")[:kept]]


def _weights(counts: F64) -> F64:
    """Logarithms of counts, or of frequencies in terms of the least of them; 0 for none."""
    counts = np.maximum(counts, 0)
    unit = min(counts.min(initial=1, where=counts > 0), 1)
    weights: F64 = np.log1p(counts / unit)
    return weights


def _names(table: Table, typical: Sequence[Rows]) -> Iterator[str]:
    scheme, taken = scheme_of(table.tokens), set[str]()
    for rows in typical:
        best = rows[:_TRIED].tolist()
        words = [readable(table.tokens[row], scheme, _TOKEN_LENGTH) for row in best]
        name = _unlike(_joined(word.lstrip("␣") or word for word in words), taken)
        taken.add(name)
        yield name


def _joined(words: Iterable[str]) -> str:
    """The first few words that are not one word in two forms, as many as fit a legend."""
    kept: list[str] = []
    for word in words:
        room = _LENGTH - len(SEPARATOR.join([*kept, ""])) if kept else _LENGTH
        if len(word) <= room and not any(_akin(word.casefold(), o.casefold()) for o in kept):
            kept.append(word)
        if len(kept) == _TOKENS:
            break
    return SEPARATOR.join(kept)


def _akin(one: str, other: str) -> bool:
    """Whether two words are the same but for their last third: focuses, focusing."""
    short = min(len(one), len(other))
    stem = max(_STEM, (2 * short + 2) // 3)
    return one == other or (short >= _STEM and one[:stem] == other[:stem])


def _unlike(name: str, taken: set[str]) -> str:
    number, unlike = 2, name
    while unlike in taken:
        unlike, number = f"{name} ({number})", number + 1
    return unlike
