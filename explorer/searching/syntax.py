"""What a plain regular expression is made of: the part of RE2's syntax that an automaton reads.

Characters, classes of ASCII, groups, alternatives, repetitions, ^ and $. Everything else is left to
RE2 itself (syntax: https://github.com/google/re2/wiki/Syntax).
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

_DEEPEST = 20  # groups within each other
_MOST = 100  # times that a piece is written out
_ATOM = re.compile(r"\(\?:|\\[dwsDWS]|\\[!-/:-@\[-`{-~]|\[[^\\\[\]]+\]|[^\\\[\]{}*+?]")
_REPEATED = re.compile(r"([*+?])\??|\{(\d+)(,(\d*))?\}\??")
_RANGE = re.compile(r"([!-~ ])-([!-~ ])|([!-~ ])")
_KINDS = {
    "d": frozenset(string.digits),
    "w": frozenset(string.ascii_letters + string.digits + "_"),
    "s": frozenset("\t\n\f\r "),
}
# The only letters beyond ASCII that are the same as one of it where capitals do not count:
# KELVIN SIGN and LATIN SMALL LETTER LONG S (Unicode's CaseFolding.txt).
_SAME = {"k": "\u212a", "s": "\u017f"}


class NotPlainError(Exception):
    """The expression holds more than is read here."""


@dataclass(frozen=True, slots=True)
class One:
    """One character: one of these, or, where negated, any other one."""

    chars: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """Nothing, at the beginning ("^") or the end ("$") of the text."""

    which: str


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A part, least to most times; any number above least where most is None."""

    part: Part
    least: int
    most: int | None


Part = One | Edge | Row | Choice | Repeated


def parsed(pattern: str, *, case: bool) -> Part:
    """What a pattern, which RE2 can read, is made of. Raises NotPlainError."""
    reader = _Reader(pattern, case)
    whole = reader.choice(0)
    if reader.place < len(pattern):
        raise NotPlainError
    return whole


class _Reader:
    """Reads a pattern from its first character to its last."""

    def __init__(self, pattern: str, case: bool) -> None:
        self._pattern, self._case = pattern, case
        self.place = 0

    def choice(self, depth: int) -> Part:
        """Alternatives up to the end, or to a parenthesis that closes."""
        if depth > _DEEPEST:
            raise NotPlainError
        rows = [self._row(depth)]
        while self._pattern.startswith("|", self.place):
            self.place += 1
            rows.append(self._row(depth))
        return rows[0] if len(rows) == 1 else Choice(tuple(rows))

    def _row(self, depth: int) -> Part:
        parts = []
        while self.place < len(self._pattern) and self._pattern[self.place] not in "|)":
            parts.append(self._repeated(self._atom(depth)))
        return Row(tuple(parts))

    def _atom(self, depth: int) -> Part:
        found = _ATOM.match(self._pattern, self.place)
        if found is None:
            raise NotPlainError
        text, self.place = found[0], found.end()
        if text in ("(", "(?:"):
            return self._group(depth)
        if text in ("^", "$"):
            return Edge(text)
        if text == ".":
            return One(frozenset("\n"), negated=True)
        if text.startswith("["):
            return self._class(text[1:-1])
        if text.startswith("\\"):
            return self._escaped(text[1])
        return self._one(frozenset(text))

    def _group(self, depth: int) -> Part:
        within = self.choice(depth + 1)
        if not self._pattern.startswith(")", self.place):
            raise NotPlainError
        self.place += 1
        return within

    def _escaped(self, letter: str) -> One:
        if letter.lower() in _KINDS:
            return self._one(_KINDS[letter.lower()], negated=letter.isupper())
        return self._one(frozenset(letter))

    def _class(self, text: str) -> One:
        """What stands between brackets, without escapes."""
        negated = text.startswith("^")
        chars: set[str] = set()
        place = int(negated)
        while place < len(text):
            found = _RANGE.match(text, place)
            if found is None or (found[3] == "-" and 0 < place < len(text) - 1):
                raise NotPlainError
            first, last = found[1] or found[3], found[2] or found[3]
            chars.update(map(chr, range(ord(first), ord(last) + 1)))
            place = found.end()
        if not chars:
            raise NotPlainError
        return self._one(frozenset(chars), negated=negated)

    def _one(self, chars: frozenset[str], *, negated: bool = False) -> One:
        return One(chars if self._case else _either_case(chars), negated)

    def _repeated(self, part: Part) -> Part:
        found = _REPEATED.match(self._pattern, self.place)
        if found is None:
            return part
        self.place = found.end()
        if found[1]:
            return Repeated(part, int(found[1] == "+"), 1 if found[1] == "?" else None)
        least = int(found[2][:5])
        most = int(found[4][:5]) if found[4] else None if found[3] else least
        if max(least, most or 0) > _MOST:
            raise NotPlainError
        return Repeated(part, least, most)


def _either_case(chars: frozenset[str]) -> frozenset[str]:
    """Small and capital letters, whichever were written.

    Raises NotPlainError for such beyond ASCII.
    """
    if any(char > "\x7f" and char.lower() != char.upper() for char in chars):
        raise NotPlainError
    both = {form for char in chars for form in (char, char.lower(), char.upper())}
    return frozenset(both | {_SAME[char] for char in both & _SAME.keys()})
