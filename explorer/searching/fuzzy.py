"""Texts spelt nearly as what was typed (rapidfuzz)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from explorer.parallel import over_blocks
from explorer.progress import Report, silent

_BLOCK = 25_000  # texts for one thread at a time
_EDGES = " …"  # the marks of words, which no one types
_MOST = 4


def bare(text: str) -> str:
    """A text without the marks of words at its edges; itself where nothing would be left."""
    return text.strip(_EDGES) or text


def reach(text: str) -> int:
    """How many changes are forgiven: one, and one more for every four letters; four at most."""
    return min(1 + len(text) // 4, _MOST)


def nearest(
    texts: Sequence[str],
    typed: str,
    weights: npt.NDArray[np.float64] | None = None,
    report: Report = silent,
) -> npt.NDArray[np.int64]:
    """Places of the texts spelt as `typed` but for a few changes (see `reach`), nearest first.

    A change puts in, takes out or replaces a letter, or swaps two neighbours (the restricted
    distance of Damerau, 1964). Of equally near ones those of the same first letter come first, then
    the weightiest: float64 (texts,), or their order where there are no weights.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    typed, most = bare(typed), reach(bare(typed))
    apart = np.full(len(texts), most + 1, np.uint8)

    def compare(start: int, stop: int) -> None:
        some = texts[start:stop]
        apart[start:stop] = process.cdist(
            [typed], some, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8
        )[0]

    over_blocks(len(texts), _BLOCK, compare, report, "Searching the tokens", products=False)
    places = np.flatnonzero(apart <= most)
    other_letter = np.array([texts[place][:1] != typed[:1] for place in places.tolist()], np.bool_)
    lightest_last = places if weights is None else -weights[places]
    order = np.lexsort((places, lightest_last, other_letter, apart[places]))
    return places[order].astype(np.int64, copy=False)


def agreeing(text: str, typed: str) -> list[tuple[int, int]]:
    """The stretches of a text that agree with what was typed, [start, stop); letters that were
    typed beyond the text's own part no stretch."""
    from rapidfuzz.distance import Levenshtein

    stretches: list[tuple[int, int]] = []
    for change in Levenshtein.opcodes(text, typed):
        if change.tag == "equal":
            start = change.src_start
            if stretches and stretches[-1][1] == start:
                start = stretches.pop()[0]
            stretches.append((start, change.src_end))
    return stretches
