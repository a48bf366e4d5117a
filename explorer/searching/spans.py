"""Which characters of a text a search matched, so that they can be marked."""

from __future__ import annotations

from explorer.searching.fuzzy import agreeing, bare
from explorer.searching.patterns import matches_in

_MARKS = " …"

Spans = list[tuple[int, int]]


def spans_in(text: str, sought: str, mode: str, *, case: bool) -> Spans:
    """Stretches of `text` that match, [start, stop) in characters, ascending and apart.

    Raises PatternError for a regular expression that cannot be read.
    """
    if not sought or not text:
        return []
    if mode == "regex":
        return matches_in(text, sought, case=case)
    if case:
        return _literal(text, sought, mode)
    folded = [char.casefold() for char in text]
    found = _literal("".join(folded), sought.casefold(), mode)
    if all(len(one) == 1 for one in folded):
        return found
    return _unfolded(found, folded)


def _literal(text: str, sought: str, mode: str) -> Spans:
    if mode == "fuzzy":
        return agreeing(text, bare(sought))
    if mode == "substring":
        return _occurrences(text, sought)
    starts = (0, 1) if text[0] in _MARKS else (0,)
    for start in starts:
        stop = start + len(sought)
        if text.startswith(sought, start) and (mode == "prefix" or stop == len(text)):
            return [(start, stop)]
    return []


def _occurrences(text: str, sought: str) -> Spans:
    found, start = [], text.find(sought)
    while start >= 0:
        found.append((start, start + len(sought)))
        start = text.find(sought, start + len(sought))
    return found


def _unfolded(found: Spans, folded: list[str]) -> Spans:
    """Stretches of a case-folded text as those of the text itself: some characters, as ß, become
    two when they are folded."""
    origin = [place for place, piece in enumerate(folded) for _ in piece]
    spans: Spans = []
    for start, stop in found:
        first, last = origin[start], origin[stop - 1] + 1
        if spans and first < spans[-1][1]:
            first = spans.pop()[0]
        spans.append((first, last))
    return spans
