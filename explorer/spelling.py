"""Rows that are nearly the same: spelt alike but for a little, and near in the table as well.

Vocabularies hold `film`, `Film`, ` film`, `film.` and `flim`; where their vectors lie near they say
one thing several times, and where they do not, that is worth knowing too. Spelling alone brings
words together that mean different things, so nearness is asked of every pair.

Tokens one edit apart are found through what each leaves when a character is dropped: two that are
one edit apart leave something in common (Garbe 2012, symmetric delete; Bocek et al. 2007, fast
similarity search). rapidfuzz then measures those.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.progress import Progress, Report, part, silent
from explorer.table import Table
from explorer.tokens import WORD_STARTS
from explorer.vectors import Vectors

Rows = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
F32 = npt.NDArray[np.float32]

KINDS = ("case", "space", "punctuation", "edit", "equal")
LEAST = 0.6

# Of shorter tokens one edit makes other words, of digits other numbers; longer ones are no words.
_SHORTEST, _LONGEST = 4, 64
# Tokens that share a spelling, or a remainder, of which every pair is looked at.
_EVERY_PAIR = 300
# Rows of one spelling that are compared with those of a spelling one edit apart.
_OF_A_SPELLING = 30
_NUMBERS = 2**21
_REPORTED = 5000

# What marks a word's start in a vocabulary (GPT-2, SentencePiece) or its going on (WordPiece).
_MARK = re.compile(rf"^(?:[{''.join(WORD_STARTS.values())}]+|##(?=\w))|[\s_]+")
_PUNCTUATION = re.compile(r"[^\w\s]+")


@dataclass(frozen=True, eq=False)
class Group:
    """Rows that are nearly the same. rows: int64, ascending, two at least.

    kinds: in what they differ, some of KINDS in that order; empty where it is one token several
    times. score: the least cosine similarity of two rows that were joined; 1 for equal vectors.
    """

    rows: Rows
    kinds: tuple[str, ...]
    score: float

    def __post_init__(self) -> None:
        self.rows.flags.writeable = False


def near_duplicates(
    table: Table,
    least: float = LEAST,
    kinds: Collection[str] = KINDS,
    *,
    report: Report = silent,
) -> tuple[Group, ...]:
    """Groups of rows that are nearly the same, in the order of their first rows.

    Rows are joined that have the same token but for what `kinds` name, and whose cosine similarity
    is at least `least`: "case", "space" (and a vocabulary's marks of words), "punctuation", "edit"
    (one letter dropped, added, changed or two swapped, in tokens of 4 to 64 letters and nothing
    else). "equal" joins rows of different tokens with the same numbers; rows of zeros are none.
    Groups are what is connected so, so that two rows of one may be further apart. Where more than
    300 rows are spelt alike, the rest is compared with the first of them only, and under "edit" no
    more than the first 30.
    Raises ParameterError for another kind or a similarity outside -1 to 1.
    """
    _check(least, kinds)
    names = _Names(table, frozenset(kinds))
    pairs = names.alike(part(report, 0.0, 0.3))
    if "edit" in kinds:
        pairs = np.concatenate([pairs, names.one_edit_apart(part(report, 0.3, 0.8))])
    scores = _cosines(table.vectors, pairs, part(report, 0.8, 0.95))
    near = scores >= least
    pairs, scores = pairs[near], scores[near]
    if "equal" in kinds:
        same = _equal(table.vectors, part(report, 0.95, 1.0))
        pairs, scores = np.concatenate([pairs, same]), np.append(scores, np.ones(len(same)))
    return tuple(_groups(table, names, pairs, scores))


def _check(least: float, kinds: Collection[str]) -> None:
    for kind in kinds:
        if kind not in KINDS:
            raise ParameterError(
                f"There is no kind {kind!r} of near duplicate.",
                f"Choose some of: {', '.join(KINDS)}.",
            )
    if not kinds:
        raise ParameterError(
            "No kind of near duplicate was named.", f"There are: {', '.join(KINDS)}."
        )
    if not -1 <= least <= 1:
        raise ParameterError(
            f"A cosine similarity cannot be {least:g}.", "Choose a number from -1 to 1."
        )


_FOLDS: dict[str, Callable[[str], str]] = {
    "space": lambda token: _MARK.sub("", token),
    "case": str.casefold,
    "punctuation": lambda token: _PUNCTUATION.sub("", token),
}


def spelling(token: str, kinds: Collection[str]) -> str:
    """The token without what these kinds take for nothing; itself where nothing would be left."""
    if token.isascii() and token.isalnum():  # most tokens, by far
        return token.casefold() if "case" in kinds else token
    for kind, fold in _FOLDS.items():
        if kind in kinds:
            token = fold(token) or token
    return token


class _Names:
    """The tokens of a table by what is left of them."""

    def __init__(self, table: Table, kinds: frozenset[str]) -> None:
        self._table, self.kinds = table, kinds
        self._fit = np.isfinite(table.vectors.norms) & (table.vectors.norms > 0)
        self._rows: dict[str, list[int]] = defaultdict(list)

    def alike(self, report: Report) -> Pairs:
        """Pairs of rows with one spelling, int64 (pairs, 2)."""
        fit, tokens = self._fit.tolist(), self._table.tokens
        for row, token in enumerate(tokens):
            if row % _REPORTED == 0:
                report(Progress(row, len(tokens), "Reading the tokens"))
            if fit[row]:
                self._rows[spelling(token, self.kinds)].append(row)
        return _pairs(some for some in self._rows.values() if len(some) > 1)

    def one_edit_apart(self, report: Report) -> Pairs:
        """Pairs of rows whose spellings are one edit apart."""
        names = [
            name for name in self._rows if _SHORTEST <= len(name) <= _LONGEST and name.isalpha()
        ]
        places = _within_one_drop(names, part(report, 0.0, 0.5))
        near = places[_one_edit(names, places, part(report, 0.5, 1.0))]
        rows = [self._rows[name][:_OF_A_SPELLING] for name in names]
        first = np.array([some[0] for some in rows], dtype=np.int64)
        single = np.array([len(some) == 1 for some in rows], dtype=np.bool_)[near].all(axis=1)
        found = [
            pair
            for one, other in near[~single].tolist()
            for pair in product(rows[one], rows[other])
        ]
        others = np.array(found, dtype=np.int64) if found else _NONE
        return np.sort(np.concatenate([first[near[single]], others]), axis=1)


_NONE: Pairs = np.empty((0, 2), dtype=np.int64)


def _pairs(groups: Iterator[Sequence[int]]) -> Pairs:
    """Every pair within each group; of a large one, all beside its first few."""
    found: list[tuple[int, int]] = []
    for some in groups:
        found += combinations(some[:_EVERY_PAIR], 2)
        found += [(some[0], other) for other in some[_EVERY_PAIR:]]
    return np.array(found, dtype=np.int64) if found else _NONE


def _within_one_drop(names: Sequence[str], report: Report) -> Pairs:
    """Pairs of places of names that leave something in common when a character is dropped: all of
    those, and perhaps a few others (what is left is compared by its hash)."""
    places, hashes = _remainders(names, report)
    order = np.argsort(hashes)
    places, hashes = places[order], hashes[order]
    found = [np.empty(0, np.int64)]
    for apart in range(1, _EVERY_PAIR):
        alike = np.flatnonzero(hashes[:-apart] == hashes[apart:])
        if not len(alike):
            break
        one, other = np.sort([places[alike], places[alike + apart]], axis=0)
        found.append((one * len(names) + other)[one < other])
    codes = np.sort(np.concatenate(found))  # np.unique hashes, which takes five times as long here
    codes = codes[np.diff(codes, prepend=-1) > 0]
    return np.stack(np.divmod(codes, max(1, len(names))), axis=1)


def _remainders(names: Sequence[str], report: Report) -> tuple[Places, Hashes]:
    """Hashes of every name and of all that is left of it when a character is dropped, and whose
    they are: int64 and uint64 (remainders,).

    The hash is the sum of the characters, each times a random number for its place (multilinear
    hashing, Carter and Wegman 1979), so that those of all remainders come from two running sums.
    """
    by_length: dict[int, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        by_length[len(name)].append(place)
    factors = np.random.default_rng(0).integers(2**64, size=max(by_length, default=0), dtype="u8")
    places, hashes = [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
    for number, (length, some) in enumerate(by_length.items()):
        report(Progress(number, len(by_length), "Comparing spellings"))
        text = np.array([names[place] for place in some], dtype=f"U{length}")
        letters = text.view(np.uint32).reshape(len(some), length).astype(np.uint64)
        before = np.zeros((len(some), length + 1), np.uint64)
        after = before.copy()
        np.cumsum(letters * factors[:length], axis=1, out=before[:, 1:])
        # A character after the one dropped stands one place earlier.
        np.cumsum((letters[:, 1:] * factors[: length - 1])[:, ::-1], axis=1, out=after[:, 1:-1])
        left = before[:, :length] + after[:, length - 1 :: -1]
        hashes += [before[:, length], left.reshape(-1)]
        places += [np.array(some), np.repeat(some, length)]
    return np.concatenate(places), np.concatenate(hashes)


def _one_edit(names: Sequence[str], places: Pairs, report: Report) -> npt.NDArray[np.bool_]:
    """Whether one edit, a swap of neighbours included, makes one name of the other: (pairs,). A
    letter in the other case is none."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    near = np.zeros(len(places), dtype=np.bool_)
    size = 20 * _REPORTED
    for start in range(0, len(places), size):
        report(Progress(start, len(places), "Comparing spellings"))
        some = places[start : start + size].tolist()
        one, other = [names[a] for a, _ in some], [names[b] for _, b in some]
        distances = cpdist(one, other, scorer=OSA.distance, score_cutoff=1)
        for place in np.flatnonzero(distances <= 1).tolist():
            near[start + place] = one[place].casefold() != other[place].casefold()
    return near


def _cosines(vectors: Vectors, pairs: Pairs, report: Report) -> F32:
    """Cosine similarities of pairs of rows that have a direction: float32 (pairs,)."""
    found = np.empty(len(pairs), dtype=np.float32)
    size = max(1, _NUMBERS // max(1, vectors.dim))
    for start in range(0, len(pairs), size):
        report(Progress(start, len(pairs), "Comparing vectors"))
        one, other = pairs[start : start + size].T
        left, right = vectors.exact(one).astype(np.float64), vectors.exact(other)
        left /= vectors.norms[one, None]
        products = np.einsum("ij,ij->i", left, right / vectors.norms[other, None])
        found[start : start + size] = np.clip(products, -1, 1)
    return found


def _equal(vectors: Vectors, report: Report) -> Pairs:
    """Rows with the same numbers as an earlier one, and that one; no rows of zeros."""
    first: dict[bytes, int] = {}
    found = []
    size = max(1, _NUMBERS // max(1, vectors.dim))
    for start in range(0, len(vectors), size):
        report(Progress(start, len(vectors), "Looking for equal vectors"))
        block = np.ascontiguousarray(vectors.stored(start, start + size))
        some = vectors.norms[start : start + len(block)]
        for place in np.flatnonzero(some > 0).tolist():
            row = start + place
            earlier = first.setdefault(block[place].tobytes(), row)
            if earlier != row:
                found.append((earlier, row))
    return np.array(found, dtype=np.int64) if found else _NONE


def _groups(table: Table, names: _Names, pairs: Pairs, scores: F32) -> Iterator[Group]:
    """What the pairs connect, in the order of the first rows."""
    if not len(pairs):
        return
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, places = np.unique(pairs, return_inverse=True)
    places = places.reshape(pairs.shape)
    links = coo_array((np.ones(len(pairs)), tuple(places.T)), shape=(len(rows), len(rows)))
    _, labels = connected_components(links, directed=False)
    least = np.full(labels.max() + 1, np.inf)
    np.minimum.at(least, labels[places[:, 0]], scores)
    order = np.argsort(labels, kind="stable")
    members = np.split(rows[order], np.flatnonzero(np.diff(labels[order])) + 1)
    for label, some in sorted(enumerate(members), key=lambda one: int(one[1][0])):
        yield Group(some, _differences(table, some, names.kinds), float(least[label]))


def _differences(table: Table, rows: Rows, kinds: frozenset[str]) -> tuple[str, ...]:
    """In which of these kinds the tokens of some rows differ."""
    tokens = {table.tokens[row] for row in rows.tolist()}
    apart = len({spelling(token, kinds) for token in tokens}) > 1
    if apart and "equal" in kinds:
        block = table.vectors.exact(rows)
        if (block == block[0]).all():
            return ("equal",)
    found = ["edit"] if apart else []
    for kind, fold in _FOLDS.items():
        if kind in kinds:
            folded = {fold(token) or token for token in tokens}
            if len(folded) < len(tokens) or 0 < len(tokens & folded) < len(tokens):
                found.append(kind)
            tokens = folded
    return tuple(kind for kind in KINDS if kind in found)
