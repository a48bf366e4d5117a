"""Ids of any shape: written down as nested lists, checked, and refused with the place.

    ids  = item { [","] item } [","]        several items without brackets are one list
    item = id | "[" [ ids ] "]"
    id   = ["#"] ["-"] digits

What torch and NumPy print (`tensor([[2, 3]])`, `[[2 3]]`) is read too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer import arguments
from explorer.errors import ParameterError
from explorer.signatures import checked

Ids = npt.NDArray[np.int64]

_DEEPEST = 16
_LONGEST = 5_000_000  # characters
_WHOLE = "An id is a whole number, as in [[2, 3], [1, 0]]."
_BAGS = "Write bags as in [[2, 3], [], [1]]."
_DIGITS = 18  # as many as int64 surely holds
_PRINTED = re.compile(r"\s*[A-Za-z_][\w.]*\(\s*(?=\[)(.*\])\s*(?:,[^\[\]]*)?\)\s*", re.DOTALL)
_PLAIN = re.compile(r"\s*\[[-0-9,\[\]\s]*\]\s*")
_LARGE_OR_DEEP = re.compile(rf"[0-9]{{{_DIGITS + 1}}}|(?:\[\s*){{{_DEEPEST + 1}}}")
_LEXEMES = re.compile(
    r"(?P<space>\s+)|(?P<open>\[)|(?P<close>\])|(?P<comma>,)|(?P<id>\#?-?[0-9]+(?![\w.]))"
)


class IdsError(ParameterError):
    """Ids that cannot be read or looked up.

    place: indices of the list or id it is about, such as (0, 2) for [0][2]; () for the whole.
    position: of the character in the text, from 0, where the ids were written as text; else None.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        place: tuple[int, ...] = (),
        position: int | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.place = place
        self.position = position


@checked
def parse_ids(text: str) -> Ids:
    """The ids in a text such as `[[2,3],[1,0],[8,6]]`, int64 of any shape.

    `5` is one id, shape (); `2, 3` is a list; nothing is an empty list, shape (0,).
    Raises IdsError with the character, or for ragged lists with the place.
    """
    nested = _nested(_checked(text))
    try:
        return as_ids(nested)
    except IdsError as error:
        error.position = position_of(text, error.place)
        raise


@checked
def parse_bags(text: str) -> list[list[int]]:
    """The lists of ids in a text such as `[[2,3],[],[1]]`, one an example, of any lengths.

    Ids without lists are one example. Raises IdsError with the character."""
    nested = _nested(_checked(text))
    bags = nested if isinstance(nested, list) else [nested]
    if bags and all(isinstance(one, int) for one in bags):
        bags = [bags]
    for place, one in enumerate(bags):
        if isinstance(one, int) or not all(isinstance(number, int) for number in one):
            what = "is an id" if isinstance(one, int) else "holds lists"
            message = f"[{place}] {what}, and an example is one list of ids."
            position = position_of(text, (place,))
            raise IdsError(message, _BAGS, place=(place,), position=position)
    return bags


def as_ids(ids: Any) -> Ids:
    """Ids as an int64 array of their own shape: an integer, nested lists, an array or a tensor.

    Raises IdsError for numbers that are not whole, for masked ones, and for ragged lists with the
    place.
    """
    if isinstance(ids, np.ma.MaskedArray):
        _refuse_masked(ids)
    if hasattr(ids, "__array__"):
        return _whole(array_of(ids))
    shape, level = _levels(ids)
    if not set(map(type, level)) <= {int} or max(map(abs, level), default=0) >= 2**63:
        _check_numbers(level, shape)
    return np.array(level, dtype=np.int64).reshape(shape)


def _refuse_masked(ids: np.ma.MaskedArray[Any, Any]) -> None:
    """Raises IdsError for the first masked id, which stands for no row."""
    masked = np.ma.getmaskarray(ids)
    if masked.any():
        place = _unravelled(int(np.argmax(masked)), ids.shape)
        where = f" at {_told(place)}" if place else ""
        raise IdsError(
            f"The id{where} is masked, so it names no row.",
            "Fill it with the id of padding, as in ids.filled(0).",
            place=place,
        )


def array_of(array: Any) -> npt.NDArray[Any]:
    """A NumPy array of one, or of a tensor of torch on any device; bfloat16 becomes float32.

    Raises ParameterError for a tensor without numbers, as on the device "meta"."""
    if not hasattr(array, "detach"):
        return np.asarray(array)
    try:
        tensor = array.detach().cpu()
    except RuntimeError as error:
        raise arguments.refused("tensor", array, "It has a shape, but no numbers yet.") from error
    return np.asarray(tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor)


def _check_numbers(level: Sequence[Any], shape: tuple[int, ...]) -> None:
    for at, number in enumerate(level):
        if (problem := _problem(number)) is not None:
            place = _unravelled(at, shape)
            where = f" at {_told(place)}" if place else ""
            raise IdsError(f"{_short(number)}{where} {problem}.", _WHOLE, place=place)


def _problem(number: Any) -> str | None:
    if isinstance(number, bool | np.bool_) or not isinstance(number, int | np.integer):
        return "is not an id"
    return None if -(2**63) <= number < 2**63 else "is too large for a row number"


def check_range(ids: Ids, rows: int) -> None:
    """Raises IdsError for the first id outside 0..rows-1: the id, its place and the range."""
    outside = (ids < 0) | (ids >= rows)
    if not outside.any():
        return
    place = _unravelled(int(np.argmax(outside)), ids.shape)
    raise out_of_range(int(ids[place]), place, rows)


def out_of_range(number: int, place: tuple[int, ...], rows: int) -> IdsError:
    """The error for an id, at a place, outside 0..rows-1."""
    where = f" at {_told(place)}" if place else ""
    there = f"The rows are 0 to {rows - 1:,}." if rows else "The table has no rows."
    return IdsError(f"Id {number}{where}".rstrip() + " is out of range.", there, place=place)


@checked
def position_of(text: str, place: tuple[int, ...]) -> int:
    """Where the list or id at `place` begins in a text that `parse_ids` reads; 0 if nowhere."""
    starts: dict[tuple[int, ...], int] = {}
    counts = [-1]
    for lexeme in _lexemes(text):
        if lexeme.kind == "close":
            counts.pop()
        elif lexeme.kind != "comma":
            counts[-1] += 1
            starts[tuple(counts)] = lexeme.position
            if lexeme.kind == "open":
                counts.append(-1)
    alone = (1,) not in starts
    return starts.get((0, *place) if alone else place, 0)


def _checked(text: str) -> str:
    if len(text) > _LONGEST:
        raise IdsError(f"The text is too long: {len(text):,} characters.", "Look up fewer ids.")
    return text


class _Lexeme(NamedTuple):
    kind: str
    text: str
    position: int


def _lexemes(text: str) -> Iterator[_Lexeme]:
    """Brackets, commas and ids; what a printed tensor has around its brackets is passed over."""
    printed = _PRINTED.fullmatch(text)
    position, stop = printed.span(1) if printed else (0, len(text))
    while position < stop:
        match = _LEXEMES.match(text, position, stop)
        if match is None:
            raise _unreadable(text, position)
        if match.lastgroup != "space":
            yield _Lexeme(str(match.lastgroup), match[0], position)
        position = match.end()


def _unreadable(text: str, position: int) -> IdsError:
    word = re.match(r"[^\s,\[\]]+", text[position : position + 1000])
    what = _short(word[0] if word else text[position])
    return IdsError(f"{what} at character {position + 1} is not an id.", _WHOLE, position=position)


def _nested(text: str) -> Any:
    """The text as an id or nested lists of ids. Raises IdsError for brackets and commas astray."""
    if _PLAIN.fullmatch(text) and not _LARGE_OR_DEEP.search(text):
        try:
            return json.loads(text)  # many times as fast; what it does not read, we may
        except (ValueError, RecursionError):
            pass
    return _parsed(text)


def _parsed(text: str) -> Any:
    top: list[Any] = []
    open_lists, opened = [top], [0]
    expects_item = True  # a comma here would have nothing before it
    for lexeme in _lexemes(text):
        if lexeme.kind == "comma":
            if expects_item:
                raise _astray("This comma has no id before it", lexeme.position)
        elif lexeme.kind == "open":
            if len(open_lists) > _DEEPEST:
                raise _astray(f"Lists in lists, more than {_DEEPEST} deep", lexeme.position)
            inner: list[Any] = []
            open_lists[-1].append(inner)
            open_lists.append(inner)
            opened.append(lexeme.position)
        elif lexeme.kind == "close":
            if len(open_lists) == 1:
                raise _astray("This bracket closes nothing", lexeme.position)
            open_lists.pop()
            opened.pop()
        else:
            open_lists[-1].append(_id(lexeme))
        expects_item = lexeme.kind in ("comma", "open")
    if len(open_lists) > 1:
        raise _astray("A bracket is missing: this one is open", opened[-1])
    return top[0] if len(top) == 1 else top


def _astray(problem: str, position: int) -> IdsError:
    message = f"{problem} (character {position + 1})."
    return IdsError(message, "Write ids as in [[2, 3], [1, 0]].", position=position)


def _id(lexeme: _Lexeme) -> int:
    digits = lexeme.text.lstrip("#-0")
    if len(digits) > _DIGITS:
        message = f"{_short(lexeme.text)} is too large for a row number."
        raise IdsError(message, position=lexeme.position)
    return int(digits or 0) * (-1 if "-" in lexeme.text else 1)


def _levels(nested: Any) -> tuple[tuple[int, ...], list[Any]]:
    """(shape, leaves in order) of nested lists, walked level by level."""
    shape: tuple[int, ...] = ()
    level = [_listed(nested)]
    while level and any(isinstance(node, list) for node in level):
        if len(shape) >= _DEEPEST:
            raise IdsError(f"Lists in lists, more than {_DEEPEST} deep.")
        _check_even(level, shape)
        shape += (len(level[0]),)
        level = [_listed(node) for inner in level for node in inner]
    return shape, level


def _listed(node: Any) -> Any:
    """A list of a list, tuple or array; what is none of them as it is."""
    if isinstance(node, np.ndarray):
        return node.tolist()
    return list(node) if isinstance(node, list | tuple | range) else node


def _check_even(level: Sequence[Any], shape: tuple[int, ...]) -> None:
    """Raises IdsError for the first node of a level that differs from the one before it."""
    for at in range(1, len(level)):
        if _length(level[at]) != _length(level[at - 1]):
            here, before = _unravelled(at, shape), _unravelled(at - 1, shape)
            raise IdsError(
                f"{_told(here)} {_has(level[at])} where {_told(before)} {_had(level[at - 1])}.",
                "Every list of one level needs the same length.",
                place=here,
            )


def _length(node: Any) -> int:
    return len(node) if isinstance(node, list) else -1


def _has(node: Any) -> str:
    if not isinstance(node, list):
        return "is an id"
    what = "list" if node and isinstance(node[0], list | tuple | np.ndarray) else "id"
    return f"has {len(node):,} {what}{'' if len(node) == 1 else 's'}"


def _had(node: Any) -> str:
    return f"has {len(node) or 'none'}" if isinstance(node, list) else "is an id"


def _whole(numbers: npt.NDArray[Any]) -> Ids:
    if numbers.dtype.kind not in "iu" and numbers.size:
        message = f"Ids are whole numbers, and these are {numbers.dtype}."
        raise IdsError(message, _WHOLE)
    if numbers.dtype.kind == "u" and (numbers > np.iinfo(np.int64).max).any():
        raise IdsError("An id is too large for a row number.")
    return numbers.astype(np.int64)


def _unravelled(at: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(index) for index in np.unravel_index(at, shape)) if shape else ()


def _told(place: tuple[int, ...]) -> str:
    return "".join(f"[{index}]" for index in place)


def _short(value: Any) -> str:
    if isinstance(value, int) and abs(value) > 10**24:  # Python writes no number of any length
        return "The number"
    told = value if isinstance(value, str) else repr(value)
    return repr(told if len(told) <= 24 else f"{told[:23]}…")
