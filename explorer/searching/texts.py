"""Many short texts as one stretch of UTF-8, in which NumPy finds a piece of text at once.

A loop over 250,000 Python strings takes longer than the pause between two keys; a comparison of
2.5 million bytes does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

import numpy as np
import numpy.typing as npt

from explorer.progress import Progress, Report, silent
from explorer.token_lists import PackedTokens

# How well a text answers: it is what was typed, or so without the mark of a word (a leading
# space, or … before the continuation of one); it begins so, likewise; it holds it; it does not.
EQUAL, BARE_EQUAL, BEGINS, BARE_BEGINS, WITHIN, NOWHERE = range(6)
_WORST = {"exact": BARE_EQUAL, "prefix": BARE_BEGINS, "substring": WITHIN}

_CHUNK = 10_000  # texts
_SPACE = 0x20
_ELLIPSIS = np.frombuffer("…".encode(), np.uint8)

I64 = npt.NDArray[np.int64]


def encoded(text: str) -> bytes:
    """UTF-8, lone surrogates kept as real vocabularies hold them."""
    return text.encode("utf-8", "surrogatepass")


class Texts:
    """Texts to be searched. Immutable.

    utf8: uint8, all of them; bounds: int64 (texts + 1,), where each begins and the next one does.
    """

    def __init__(self, texts: Iterable[str], report: Report = silent, total: int = 0) -> None:
        left, lengths, joined = iter(texts), [], []
        report(Progress(0, total, "Reading the tokens"))
        while some := list(islice(left, _CHUNK)):
            lengths.append(np.fromiter(map(len, some), np.int64, len(some)))
            joined.append("".join(some))
            report(Progress(_CHUNK * len(joined), total, "Reading the tokens"))
        text = "".join(joined)
        ends = np.cumsum(np.concatenate([np.zeros(1, np.int64), *lengths]))
        self.utf8 = np.frombuffer(encoded(text), np.uint8)
        self.bounds = ends if text.isascii() else _characters(self.utf8)[ends]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __iter__(self) -> Iterator[str]:
        return iter(PackedTokens(self.utf8.tobytes(), self.bounds[1:]))

    @property
    def _starts(self) -> I64:
        return self.bounds[:-1]

    @cached_property
    def _bare(self) -> I64:
        """Where each text begins without its mark; where it begins, if it has none."""
        starts, sizes = self._starts, np.diff(self.bounds)
        after = np.zeros(len(starts), np.int64)
        after[self._holding(np.flatnonzero(sizes > 1), np.array([_SPACE], np.uint8))] = 1
        after[self._holding(np.flatnonzero(sizes > 3), _ELLIPSIS)] = 3
        return starts + after

    def _holding(self, rows: I64, piece: npt.NDArray[np.uint8]) -> I64:
        """Those of some rows, each at least as long as the piece, which begin with it."""
        for place, byte in enumerate(piece):
            rows = rows[self.utf8[self._starts[rows] + place] == byte]
        return rows

    @cached_property
    def _frequency(self) -> I64:
        """How often each byte occurs: int64 (256,)."""
        return np.bincount(self.utf8, minlength=256)

    @cached_property
    def _edges(self) -> I64:
        """Where texts begin, with and without their mark, ascending: int64 (places,)."""
        return np.union1d(self._starts, self._bare)

    @cached_property
    def _first_bytes(self) -> npt.NDArray[np.uint8]:
        """The bytes at the edges; those of empty texts at the end have none."""
        return self.utf8[self._edges[self._edges < len(self.utf8)]]

    @cached_property
    def _rows(self) -> npt.NDArray[np.int32]:
        """The text that each byte belongs to: int32 (bytes,)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.bounds))

    def prepare(self) -> None:
        """Makes what every search reads, which the first key would wait for otherwise."""
        _ = self._frequency, self._first_bytes, self._rows

    def ranks(self, piece: str, mode: str) -> npt.NDArray[np.int8]:
        """How well each text answers: int8 (texts,), EQUAL (0) to NOWHERE (5).

        piece: not empty. mode: "exact", "prefix" or "substring".
        """
        sought = np.frombuffer(encoded(piece), np.uint8)
        found = np.full(len(self), NOWHERE, np.int8)
        if mode == "substring":
            found[self._inside(self._places(sought), len(sought))[1]] = WITHIN
        self._judge(found, *self._inside(self._beginnings(sought), len(sought)), len(sought))
        found[found > _WORST[mode]] = NOWHERE
        return found

    def _inside(self, places: I64, size: int) -> tuple[I64, npt.NDArray[np.int32]]:
        """Those of the places from which `size` bytes belong to one text, and their texts."""
        rows = self._rows[places]
        if size == 1:
            return places, rows
        whole = self._rows[places + size - 1] == rows
        return places[whole], rows[whole]

    def _judge(
        self, found: npt.NDArray[np.int8], edges: I64, rows: npt.NDArray[np.int32], size: int
    ) -> None:
        """Writes the best that is true of each text that begins so, with or without its mark."""
        to_end = edges + size == self.bounds[1:][rows]
        at_start = edges == self._starts[rows]
        for rank, true in (
            (BARE_BEGINS, ~at_start),
            (BEGINS, at_start),
            (BARE_EQUAL, ~at_start & to_end),
            (EQUAL, at_start & to_end),
        ):
            found[rows[true]] = rank

    def _places(self, sought: npt.NDArray[np.uint8]) -> I64:
        """Where the bytes stand, ascending; the rarest is looked for first."""
        rarest_first = np.argsort(self._frequency[sought], kind="stable")
        last = len(self.utf8) - len(sought) + 1
        if last <= 0:
            return np.empty(0, np.int64)
        first = rarest_first[0]
        places = np.flatnonzero(self.utf8[first : first + last] == sought[first])
        return self._with(places, sought, rarest_first[1:])

    def _beginnings(self, sought: npt.NDArray[np.uint8]) -> I64:
        """Where texts, with or without their mark, begin with the bytes."""
        last = len(self.utf8) - len(sought)
        near_end = int(np.searchsorted(self._edges, last, side="right"))
        first = np.flatnonzero(self._first_bytes[:near_end] == sought[0])
        return self._with(self._edges[first], sought, np.arange(1, len(sought)))

    def _with(self, places: I64, sought: npt.NDArray[np.uint8], order: npt.NDArray[np.intp]) -> I64:
        """Those of the places at which the bytes stand, compared in this order."""
        for byte in order:
            places = places[self.utf8[places + byte] == sought[byte]]
        return places


def _characters(utf8: npt.NDArray[np.uint8]) -> I64:
    """Where each character begins, and the end: 0b10xxxxxx continues a character."""
    return np.append(np.flatnonzero((utf8 & 0xC0) != 0x80), len(utf8))
