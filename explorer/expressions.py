"""Vectors written down: `"king" - "man" + "woman"`, parsed by a grammar of our own.

    sum      = product { ("+" | "-") product }
    product  = signed { ("*" | "/") signed }
    signed   = [ "-" | "+" ] signed | primary
    primary  = number | token | "#" row | "@" selection
             | ("mean" | "unit") "(" sum { "," sum } ")" | "(" sum ")"
    token    = text in quotes, or a bare word: see lexemes.py

A selection stands for its rows: where one vector is needed, for their mean. Nothing is ever handed
to Python to evaluate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from explorer.errors import NotFoundError
from explorer.lexemes import (
    ExpressionError,
    Lexeme,
    lexemes,
    quoted,
    selection_name,
    selection_text,
    selections_in,
    short,
    unquoted,
)
from explorer.progress import Progress, Report, silent
from explorer.signatures import checked
from explorer.table import Table
from explorer.vectors import length

__all__ = [
    "Context",
    "ExpressionError",
    "Vector",
    "evaluate",
    "quoted",
    "selection_text",
    "selections_in",
    "unquoted",
]

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_LONGEST = 10_000
_DEEPEST = 60
_NUMBERS_AT_ONCE = 2**22
_FUNCTIONS = ("mean", "unit")


@dataclass(frozen=True)
class Context:
    """What names stand for. vectors: (rows int64) -> float64 (rows, dim), as the table has them or
    as a preparation leaves them. selections: rows by name."""

    table: Table
    vectors: Callable[[Rows], F64]
    selections: Mapping[str, Rows] = field(default_factory=dict)

    @staticmethod
    def of(
        table: Table, selections: Mapping[str, Rows] | None = None, report: Report = silent
    ) -> Context:
        """Vectors in the table's own numbers. `report` may raise while many rows are read."""

        def exact(rows: Rows) -> F64:
            report(Progress(0, 1, "Reading the vectors"))
            return table.vectors.exact(rows).astype(np.float64)

        return Context(table, exact, selections or {})


@dataclass(frozen=True)
class Vector:
    """What an expression comes to. values: float64 (dim,). rows: those it speaks of, ascending."""

    values: F64
    rows: Rows


@checked
def evaluate(text: str, context: Context) -> Vector:
    """Works an expression out.

    Raises ExpressionError, which tells the character: for what cannot be read, an unknown token,
    row or selection, a number where a vector is needed, a division by zero, a vector without
    direction in unit(), numbers beyond float64.
    """
    reader = _Reader(text, context)
    with np.errstate(over="ignore", invalid="ignore"):  # told below, in words
        value = reader.sum(0)
    reader.end()
    if isinstance(value, float):
        raise ExpressionError(
            text, 0, "This is a number, not a vector.", 'Name a token, such as "good".'
        )
    values = value.mean if isinstance(value, _Several) else value
    if not np.isfinite(values).all():
        raise ExpressionError(
            text, 0, "The result holds NaN or infinite numbers.", "Use other rows."
        )
    return Vector(values, np.unique(np.concatenate([np.empty(0, np.int64), *reader.rows])))


@dataclass(frozen=True, eq=False)
class _Several:
    """The rows of a selection: their sum (dim,) and their number, however many there are."""

    total: F64
    count: int

    @property
    def mean(self) -> F64:
        mean: F64 = self.total / self.count
        return mean


_Value = F64 | _Several | float


class _Reader:
    """Reads and works out at once, by recursive descent; `rows` are the rows it met."""

    def __init__(self, text: str, context: Context) -> None:
        if len(text) > _LONGEST:
            raise ExpressionError(
                text,
                _LONGEST,
                f"An expression of {len(text):,} characters is too long.",
                f"At most {_LONGEST:,} are read.",
            )
        self._text, self._context = text, context
        self._lexemes, self._place = lexemes(text), 0
        self.rows: list[Rows] = []

    @property
    def _next(self) -> Lexeme:
        if self._place < len(self._lexemes):
            return self._lexemes[self._place]
        return Lexeme("end", "", len(self._text.rstrip()))

    def _take(self) -> Lexeme:
        taken = self._next
        self._place += 1
        return taken

    def _takes(self, *signs: str) -> Lexeme | None:
        if self._next.kind == "sign" and self._next.text in signs:
            return self._take()
        return None

    def _error(self, at: Lexeme, message: str, hint: str = "") -> ExpressionError:
        return ExpressionError(self._text, at.position, message, hint)

    def end(self) -> None:
        if self._next.kind != "end":
            raise self._error(
                self._next,
                f"Here an operator was expected, not {short(self._next.text)}.",
                "Tokens with spaces or signs in them go between quotes.",
            )

    def sum(self, depth: int) -> _Value:
        value = self._product(depth)
        while sign := self._takes("+", "-"):
            other = self._product(depth)
            if isinstance(value, float) != isinstance(other, float):
                raise self._error(
                    sign, "A number and a vector cannot be added.", "Multiply, or add two vectors."
                )
            first, second = self._single(value), self._single(other)
            value = first + second if sign.text == "+" else first - second
        return value

    def _product(self, depth: int) -> _Value:
        value = self._signed(depth)
        while sign := self._takes("*", "/"):
            value = self._scaled(sign, value, self._signed(depth))
        return value

    def _scaled(self, sign: Lexeme, value: _Value, other: _Value) -> _Value:
        if sign.text == "/":
            if not isinstance(other, float):
                raise self._error(sign, "A vector cannot be divided by.", "Divide by a number.")
            if other == 0:
                raise self._error(sign, "This divides by zero.")
            return self._single(value) / other
        if not isinstance(value, float) and not isinstance(other, float):
            raise self._error(sign, "Two vectors cannot be multiplied.", "Multiply by a number.")
        return self._single(value) * self._single(other)

    def _signed(self, depth: int) -> _Value:
        if depth > _DEEPEST:
            raise self._error(self._next, "Too many brackets and signs stand inside each other.")
        if sign := self._takes("-", "+"):
            value = self._single(self._signed(depth + 1))
            return -value if sign.text == "-" else value
        return self._primary(depth)

    def _primary(self, depth: int) -> _Value:
        lexeme = self._take()
        if lexeme.kind == "number":
            return self._number(lexeme)
        if lexeme.kind == "row":
            return self._row(lexeme)
        if lexeme.kind == "selection":
            return self._selection(lexeme)
        if lexeme.kind == "word" and self._next.text == "(" and self._next.kind == "sign":
            return self._call(lexeme, depth)
        if lexeme.kind in ("token", "word"):
            return self._token(lexeme)
        if lexeme.kind == "sign" and lexeme.text == "(":
            value = self.sum(depth + 1)
            self._close(lexeme)
            return value
        met = "the end" if lexeme.kind == "end" else short(lexeme.text)
        raise self._error(
            lexeme,
            f"Here a token was expected, not {met}.",
            'Such as "good" - "bad", #12 or mean("a", "b").',
        )

    def _call(self, name: Lexeme, depth: int) -> F64:
        if name.text not in _FUNCTIONS:
            raise self._error(
                name, f"There is no function {short(name.text)}.", "There are mean and unit."
            )
        opening = self._take()
        places = [self._next]
        values = [self.sum(depth + 1)]
        while self._takes(","):
            places.append(self._next)
            values.append(self.sum(depth + 1))
        self._close(opening)
        several = []
        for place, value in zip(places, values, strict=True):
            if isinstance(value, float):
                raise self._error(place, f"{name.text}() takes vectors, not numbers.")
            several.append(value if isinstance(value, _Several) else _Several(value, 1))
        totals = np.stack([one.total for one in several])
        mean = _Several(totals.sum(axis=0), sum(one.count for one in several)).mean
        return mean if name.text == "mean" else self._unit(name, mean)

    def _unit(self, name: Lexeme, vector: F64) -> F64:
        norm = length(vector)
        if not 0 < norm < np.inf:
            raise self._error(name, "This vector has no direction, so unit() cannot scale it.")
        return vector / norm

    def _close(self, opening: Lexeme) -> None:
        if not self._takes(")"):
            raise self._error(
                self._next,
                f"A bracket is missing: the one at character {opening.position + 1} is open.",
            )

    def _number(self, lexeme: Lexeme) -> float:
        value = float(lexeme.text)
        if not np.isfinite(value):
            raise self._error(lexeme, "This number is too large.")
        return value

    def _token(self, lexeme: Lexeme) -> F64:
        token = lexeme.text if lexeme.kind == "word" else unquoted(lexeme.text)
        row = self._context.table.find(token)
        if row is None:
            try:
                self._context.table.row_of(token)
            except NotFoundError as error:
                raise self._error(lexeme, error.message, error.hint) from error
            raise self._error(lexeme, f"The token {token!r} is not in the table.")
        return self._vector(lexeme, row)

    def _row(self, lexeme: Lexeme) -> F64:
        rows, row = len(self._context.table), int(lexeme.text[1:20])
        if row >= rows:
            raise self._error(
                lexeme,
                f"There is no row {lexeme.text}.",
                f"The table's rows are 0 to {rows - 1:,}.",
            )
        return self._vector(lexeme, row)

    def _vector(self, lexeme: Lexeme, row: int) -> F64:
        vector: F64 = self._context.vectors(np.array([row]))[0]
        if not np.isfinite(vector).all():
            raise self._error(lexeme, f"Row {row:,} holds NaN or infinite numbers.")
        self.rows.append(np.array([row]))
        return vector

    def _selection(self, lexeme: Lexeme) -> _Several:
        name = selection_name(lexeme)
        rows = self._context.selections.get(name)
        if rows is None or not len(rows):
            there = ", ".join(map(selection_text, self._context.selections)) or "none"
            raise self._error(
                lexeme,
                f"There is no selection {short(selection_text(name))} with rows in it.",
                f"There are: {there}.",
            )
        wanted = np.asarray(rows, dtype=np.int64)
        total: F64 = sum(
            (self._context.vectors(some).sum(axis=0) for some in _parts(wanted, self._context)),
            start=np.zeros(()),
        )
        if not np.isfinite(total).all():
            raise self._error(lexeme, f"Rows of @{name} hold NaN or infinite numbers.")
        self.rows.append(wanted)
        return _Several(total, len(wanted))

    def _single(self, value: _Value) -> F64 | float:
        return value.mean if isinstance(value, _Several) else value


def _parts(rows: Rows, context: Context) -> Iterator[Rows]:
    """Some at a time: all rows of a large table at once would be a copy of it."""
    size = max(1, _NUMBERS_AT_ONCE // max(1, context.table.dim))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
