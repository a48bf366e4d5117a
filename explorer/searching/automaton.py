"""Plain regular expressions as a small table of states, led over all texts at once.

RE2 takes some 60 ns to begin with a text and 1 ns for each of its bytes (measured), and tokens are
short: three quarters of a search are beginnings. A deterministic automaton of at most 256 pairs of
state and class of byte is two look-ups per byte instead, and a look-up in 256 entries is what
`bytes.translate` does for a whole column of texts: a quarter of the time. Thompson (1968),
doi:10.1145/363347.363387, and the subset construction of Rabin and Scott (1959).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from explorer.progress import Progress, Report
from explorer.searching.columns import Columns
from explorer.searching.syntax import Choice, Edge, NotPlainError, One, Part, Repeated, Row, parsed

_PAIRS = 256  # of state and class of byte: one byte
_NODES = 500
_ASCII = frozenset(map(chr, range(128)))
_CONTINUING = frozenset(range(0x80, 0xC0))  # bytes within a character
_LEADING = frozenset(range(0xC0, 0x100))  # bytes that begin a character beyond ASCII

States = frozenset[int]


@dataclass(frozen=True, slots=True)
class Automaton:
    """States are numbered in steps of the number of classes: a state plus a class is a place in
    `following`.

    classes: of each byte. following: the state after each state and class. ending: bool (256,),
    whether a text that ends in a state matches.
    """

    classes: bytes
    following: bytes
    ending: npt.NDArray[np.bool_]

    def matches(self, columns: Columns, report: Report) -> npt.NDArray[np.bool_]:
        """Which texts hold a match: bool (texts of the columns,), in the columns' order."""
        states = np.zeros(len(columns.rows), np.uint8)
        for place, column in enumerate(columns.bytes):
            report(Progress(place, len(columns.bytes), "Searching the tokens"))
            read = np.frombuffer(column.translate(self.classes), np.uint8)
            pairs = (read + states[: len(column)]).tobytes()
            states[: len(column)] = np.frombuffer(pairs.translate(self.following), np.uint8)
        return self.ending[states]


@lru_cache(maxsize=8)
def automaton(pattern: str, *, case: bool) -> Automaton | None:
    """The automaton of a pattern that RE2 can read; None where it holds more than an automaton of
    this size can tell."""
    try:
        net = _Net(parsed(pattern, case=case))
        return _determined(net)
    except NotPlainError:
        return None


class _Net:
    """Nodes, and what leads from one to the next: a byte, or nothing, or nothing at an edge of the
    text. A match has been read where `end` is reached. Raises NotPlainError beyond _NODES."""

    def __init__(self, whole: Part) -> None:
        self.reading: list[list[tuple[frozenset[int], int]]] = []
        self.passing: list[list[tuple[str, int]]] = []
        self.begin = self._node()
        self.end = self._from(self.begin, whole)

    def _node(self) -> int:
        if len(self.reading) == _NODES:
            raise NotPlainError
        self.reading.append([])
        self.passing.append([])
        return len(self.reading) - 1

    def _from(self, begin: int, part: Part) -> int:
        """Adds a part behind a node; the node behind the part."""
        if isinstance(part, Row):
            for one in part.parts:
                begin = self._from(begin, one)
            return begin
        if isinstance(part, Repeated):
            return self._repeated(begin, part)
        if isinstance(part, One):
            return self._one(begin, part)
        end = self._node()
        if isinstance(part, Choice):
            for one in part.parts:
                self.passing[self._from(begin, one)].append(("", end))
        elif isinstance(part, Edge):
            self.passing[begin].append((part.which, end))
        return end

    def _repeated(self, begin: int, part: Repeated) -> int:
        for _ in range(part.least):
            begin = self._from(begin, part.part)
        if part.most is None:
            loop = self._node()
            self.passing[begin].append(("", loop))
            self.passing[self._from(loop, part.part)].append(("", loop))
            return loop
        end = self._node()
        for _ in range(part.most - part.least):
            self.passing[begin].append(("", end))
            begin = self._from(begin, part.part)
        self.passing[begin].append(("", end))
        return end

    def _one(self, begin: int, part: One) -> int:
        end = self._node()
        ascii_chars = _ASCII - part.chars if part.negated else part.chars & _ASCII
        self._read(begin, map(ord, ascii_chars), end)
        beyond = [char.encode("utf-8", "surrogatepass") for char in sorted(part.chars - _ASCII)]
        if part.negated:
            self._other(begin, beyond, end)
        else:
            for char in beyond:
                self._spelt(begin, char, end)
        return end

    def _read(self, begin: int, some: Iterable[int], end: int) -> None:
        if taken := frozenset(some):
            self.reading[begin].append((taken, end))

    def _spelt(self, begin: int, char: bytes, end: int) -> None:
        """The bytes of a character, one after the other."""
        for byte in char[:-1]:
            after = self._node()
            self._read(begin, (byte,), after)
            begin = after
        self._read(begin, char[-1:], end)

    def _other(self, begin: int, but: list[bytes], end: int) -> None:
        """Any character beyond ASCII but these, no two of which begin alike. Its first byte is
        enough; the others may follow, since no character begins with one of them."""
        self._read(begin, _LEADING - {char[0] for char in but}, end)
        self._read(end, _CONTINUING, end)
        for char in but:
            node = begin
            for byte, following in pairwise(char):
                after = self._node()
                self._read(node, (byte,), after)
                self._read(after, _CONTINUING - {following}, end)
                node = after

    def reached(self, nodes: Iterable[int], edges: str) -> States:
        """The nodes, and those that nothing leads to at these edges ("^", "$")."""
        found, left = set(nodes), list(nodes)
        while left:
            for edge, node in self.passing[left.pop()]:
                if node not in found and edge in ("", *edges):
                    found.add(node)
                    left.append(node)
        return frozenset(found)


def _determined(net: _Net) -> Automaton:
    """Raises NotPlainError for more than _PAIRS pairs of state and class."""
    classes, bytes_of = _classes(net)
    begun, anew = net.reached([net.begin], "^"), net.reached([net.begin], "")
    matched: States = frozenset([net.end])
    states, table = {(begun, True): 0}, bytearray()
    ending = np.zeros(_PAIRS, np.bool_)
    for nodes, first in (order := [(begun, True)]):
        number = states[nodes, first]
        ending[number] = net.end in net.reached(nodes, "^$" if first else "$")
        for byte in bytes_of:
            after = _after(net, nodes, byte) | anew
            if net.end in nodes or net.end in after:  # whatever follows, it has matched
                after = matched
            if (after, False) not in states:
                states[after, False] = len(states) * len(bytes_of)
                order.append((after, False))
            if len(states) * len(bytes_of) > _PAIRS:
                raise NotPlainError
            table.append(states[after, False])
    return Automaton(classes, bytes(table).ljust(_PAIRS, b"\0"), ending)


def _after(net: _Net, nodes: States, byte: int) -> States:
    read = {end for node in nodes for some, end in net.reading[node] if byte in some}
    return net.reached(read, "")


def _classes(net: _Net) -> tuple[bytes, list[int]]:
    """The class of each byte, and a byte of each class: no reading tells two bytes of one class
    apart."""
    told_apart = list({some for readings in net.reading for some, _ in readings})
    numbers: dict[tuple[bool, ...], int] = {}
    first: list[int] = []
    classes = bytearray()
    for byte in range(256):
        signs = tuple(byte in some for some in told_apart)
        if signs not in numbers:
            numbers[signs] = len(numbers)
            first.append(byte)
        classes.append(numbers[signs])
    return bytes(classes), first
