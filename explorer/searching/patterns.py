"""Regular expressions over many texts in linear time: Arrow's, which are RE2's.

Python's own backtrack: `(a+)+$` holds the interpreter, and the window with it, for as long as the
universe lasts. RE2 has neither look-around nor back-references, and always ends
(https://swtch.com/~rsc/regexp/regexp3.html; syntax: https://github.com/google/re2/wiki/Syntax).
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.parallel import over_blocks
from explorer.progress import Report, silent
from explorer.searching.texts import Texts

if TYPE_CHECKING:
    import pyarrow as pa

_LONGEST = 1000  # characters of a pattern
_BLOCK = 16_384  # texts for one thread at a time
_QUICK = 2000
_CLASS, _COUNT = re.compile(r"\\[pP]"), re.compile(r"([0-9]+)\}")
_BEGIN, _END = "\x02", "\x03"
# What RE2 says, and what a person reads. What follows the colon is the part it means.
_REASONS = {
    "missing )": "A parenthesis is not closed.",
    "unexpected )": "There is nothing that this parenthesis closes.",
    "missing ]": "A bracket is not closed.",
    "no argument for repetition operator": "There is nothing here to repeat.",
    "bad repetition operator": "Two signs of repetition follow one another.",
    "invalid repetition size": "A piece can be repeated 1,000 times at most, and no range runs "
    "backwards.",
    "invalid character class range": "There is no such class or range of characters.",
    "invalid escape sequence": "There is no such escape; back-references are not searched.",
    "invalid perl operator": "There is no such group; look-around is not searched.",
    "invalid named capture group": "A group is named (?P<name>...).",
    "trailing \\": "A backslash at the end escapes nothing.",
    "pattern too large - compile failed": "The pattern is too large.",
}


class PatternError(ParameterError):
    """A regular expression that cannot be read.

    position: the character that is wrong, from 0. reason: what is wrong with it, a sentence.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"Regular expression, character {position + 1}: {reason}")
        self.reason, self.position = reason, position


def quick(pattern: str) -> bool:
    """Whether reading a pattern takes no time that one would notice.

    Repeated pieces are written out, and a class of letters in UTF-8 is hundreds of ranges: some
    patterns take a third of a second to read. This guess takes every repetition for nested.
    """
    size = len(pattern) * (50 if _CLASS.search(pattern) else 1)
    for count in _COUNT.findall(pattern):
        size *= max(1, int(count[:5]))
    return size <= _QUICK


def matching(
    texts: Texts,
    pattern: str,
    among: npt.NDArray[np.bool_],
    *,
    case: bool,
    report: Report = silent,
) -> npt.NDArray[np.bool_]:
    """Which of some texts hold a match: bool (texts,).

    among: bool (texts,), those looked at. Raises PatternError.
    """
    import pyarrow.compute as pc

    compiled = _checked(pattern, case=case)
    found = np.zeros(len(texts), np.bool_)

    def look(start: int, stop: int) -> None:
        wanted = among[start:stop]
        some = _array(texts, start, stop)
        some = some if wanted.all() else some.filter(wanted)
        told = pc.match_substring_regex(some, compiled)
        found[start:stop][wanted] = told.to_numpy(zero_copy_only=False)

    over_blocks(len(texts), _BLOCK, look, report, "Searching the tokens", products=False)
    return found


def matches_in(text: str, pattern: str, *, case: bool) -> list[tuple[int, int]]:
    """The matches in one text, [start, stop) in characters, empty ones left out.

    Raises PatternError.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    compiled = _checked(pattern, case=case)
    plain = _plain(text.replace(_BEGIN, " ").replace(_END, " "))
    marked = pc.replace_substring_regex(pa.array([plain]), compiled, f"{_BEGIN}\\0{_END}")
    spans, start, place = [], 0, 0
    for char in marked[0].as_py():
        if char == _BEGIN:
            start = place
        elif char == _END:
            spans.append((start, place))
        else:
            place += 1
    return [(start, stop) for start, stop in spans if stop > start]


def _array(texts: Texts, start: int, stop: int) -> pa.StringArray:
    """Some of the texts as Arrow has them; their bytes are not copied."""
    import pyarrow as pa

    bounds = texts.bounds[start : stop + 1]
    first, last = int(bounds[0]), int(bounds[-1])
    offsets = (bounds - first).astype(np.int32)
    return pa.StringArray.from_buffers(
        len(bounds) - 1, pa.py_buffer(offsets), pa.py_buffer(texts.utf8[first:last])
    )


@lru_cache(maxsize=4)
def _checked(pattern: str, *, case: bool) -> str:
    """The pattern as RE2 takes it. Raises PatternError where it cannot be read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if len(pattern) > _LONGEST:
        raise PatternError(f"A pattern has {_LONGEST:,} characters at most.", _LONGEST)
    plain = _plain(pattern)
    try:
        pc.match_substring_regex(pa.array([""]), plain)
    except pa.ArrowInvalid as error:
        raise _told(str(error), plain) from None
    plain = _closed(plain)
    return plain if case else f"(?i){plain}"


def _closed(pattern: str) -> str:
    """The pattern with its last quotation ended: Arrow puts a parenthesis after it, which `\\Q`
    would make a letter. Raises PatternError for a byte, which is no character that can be marked.
    """
    for found in _PARTS.finditer(pattern):
        if found[0] == r"\C":
            raise PatternError(
                "A single byte is not searched for; . is any character.", found.start()
            )
        if found[0].startswith(r"\Q") and not found[0].endswith(r"\E"):
            return pattern + r"\E"
    return pattern


def _told(message: str, pattern: str) -> PatternError:
    said = message.removeprefix("Invalid regular expression: ")
    reason, part = next(
        ((told, said[len(what) :]) for what, told in _REASONS.items() if said.startswith(what)),
        ("It cannot be read.", ""),
    )
    part = part.removeprefix(": ")
    if reason in (_REASONS["missing )"], _REASONS["unexpected )"]):
        return PatternError(reason, _lonely_parenthesis(pattern))
    at = pattern.rfind(part) if part else len(pattern) - 1
    return PatternError(reason, max(0, at))


# What a parenthesis is not, and what it is. The first bracket of a class may close it or not.
_PARTS = re.compile(r"\\Q.*?(?:\\E|\Z)|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|[()]", re.DOTALL)


def _lonely_parenthesis(pattern: str) -> int:
    """The first parenthesis that closes nothing, or else the last that is not closed; RE2 names
    the whole pattern."""
    opened = []
    for found in _PARTS.finditer(pattern):
        if found[0] == "(":
            opened.append(found.start())
        elif found[0] == ")" and not opened:
            return found.start()
        elif found[0] == ")":
            opened.pop()
    return opened[-1] if opened else 0


def _plain(text: str) -> str:
    """Without lone surrogates, of which there is no UTF-8; one character for one."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def library_loaded() -> bool:
    """Whether a search need not load it."""
    return "pyarrow.compute" in sys.modules


def load_library() -> None:
    """A fifth of a second the first time."""
    import pyarrow.compute  # noqa: F401
