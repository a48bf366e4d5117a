"""An embedding table: tokens, vectors, columns, where it came from, what was noticed on the way.

A row number (int64) is the only identity in the program: tokens may repeat or be empty, and every
view, query and export speaks of rows.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError, NotFoundError, UnknownTokenError, in_quotes
from explorer.progress import Progress, Report, silent
from explorer.token_lists import NumberedTokens
from explorer.tokens import WORD_STARTS, scheme_of, unseen
from explorer.vectors import Vectors

_CASE_COUNTS = "Tokens are case-sensitive; #12 names row 12."
# Digits that every number of that type holds for certain; longer ones are names, not quantities.
_INT64_DIGITS, _FLOAT64_DIGITS = 18, 15
_JUDGED = 2_000  # rows by which a column of texts is judged
_FEW_TEXTS = 24  # so many can be told apart by colour, even if each stands once only


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the load report.

    level: "info" for what is good to know, "warning" for what changes what the user sees.
    rows: up to 20 row numbers it speaks of.
    of_names: whether it says how the rows came by their names; labels attached later make it
        untrue.
    """

    message: str
    level: str = "info"
    rows: tuple[int, ...] = ()
    of_names: bool = field(default=False, compare=False, repr=False)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells a file from its later self; None where there is no such file, or a folder."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ino) if S_ISREG(found.st_mode) else None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table came from. path is None for a table that was never in a file.

    labels: the file that the user named the rows by, where there is one.
    stamp: size, time of change (ns) and inode of the file when the table was opened.
    """

    path: Path | None = None
    format: str = ""
    tensor: str = ""
    labels: Source | None = None
    stamp: tuple[int, int, int] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.stamp is None and self.path is not None:
            object.__setattr__(self, "stamp", _stamp(self.path))

    @property
    def changed(self) -> bool:
        """Whether the file is gone or is no longer the one that was opened."""
        return self.stamp is not None and self.path is not None and _stamp(self.path) != self.stamp

    def sha256(self, report: Report = silent) -> str:
        """Hex digest of the file as it is now; "" for a table without a file (or of a folder: see
        `path`). It is the digest of what was opened unless `changed` afterwards."""
        if self.path is None or not self.path.is_file():
            return ""
        digest, size, done = hashlib.sha256(), self.path.stat().st_size, 0
        with self.path.open("rb") as file:
            while chunk := file.read(2**22):
                digest.update(chunk)
                done += len(chunk)
                report(Progress(done, size, "Hashing the source file"))
        return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class Column:
    """One value a row, beside the token: a count, a norm, a class.

    values: int64 or float64 array (rows,) of a numeric column; object array of str otherwise.
    """

    name: str
    values: npt.NDArray[Any]
    description: str = ""

    def __post_init__(self) -> None:
        self.values.flags.writeable = False

    @property
    def numeric(self) -> bool:
        return self.values.dtype.kind in "iuf"

    @property
    def telling(self) -> bool:
        """Whether its values put rows into groups or in an order: not where all are alike, and not
        where most are texts of their own, such as titles or addresses. Texts are judged by 2,000 or
        so of the rows, evenly spread."""
        if self.numeric:
            finite = self.values[np.isfinite(self.values)]
            return len(finite) > 0 and bool(finite.min() < finite.max())
        some = self.values[:: max(1, len(self.values) // _JUDGED)]
        filled = [value for value in some.tolist() if value]
        return 1 < len(set(filled)) <= max(_FEW_TEXTS, len(filled) // 2)

    @staticmethod
    def from_text(name: str, cells: Sequence[str]) -> Column:
        """A column of cells as a file gives them: numeric only where every filled cell is a number
        written the plain way (`007` and `1e5` in a label column stay text, and so do digits too
        many to be kept)."""
        numbers = _plain_numbers(cells)
        if numbers is not None:
            return Column(name, numbers)
        values = np.empty(len(cells), dtype=object)
        values[:] = cells
        return Column(name, values)


# A number as programs write it. 007 and 1e5 are names as often as numbers; 1.5e-05 never is.
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][+-][0-9]+)?")


def _plain_numbers(cells: Sequence[str]) -> npt.NDArray[Any] | None:
    """int64 or float64 values of the cells, NaN for empty ones; None where one is not a number or
    would not read back as it is written, but for zeros."""
    filled = [cell for cell in cells if cell]
    if not filled or not all(map(_PLAIN_NUMBER.fullmatch, filled)):
        return None
    whole = [len(cell.lstrip("-")) for cell in filled if cell.lstrip("-").isdigit()]
    longest = max(whole, default=0)
    if len(whole) == len(cells):
        integers = [int(cell) for cell in cells] if longest <= _INT64_DIGITS else []
        return np.array(integers, dtype=np.int64) if integers else None
    if longest > _FLOAT64_DIGITS:
        return None
    return np.array([float(cell) if cell else np.nan for cell in cells])


@dataclass(frozen=True, eq=False)
class Table:
    """Tokens + vectors + columns. Immutable; threads share it without locks.

    tokens: one text a row, exactly as the file has it; duplicates and empty texts are kept. A
        tuple, or one of explorer.token_lists, which behave as one.
    vectors: (rows, dim).
    columns: by name, each (rows,).
    report: what was noticed while reading.
    tokenizer: tokenizer.json (Hugging Face `tokenizers`) whose ids are row numbers, or "".
    named: whether the tokens came from the source; False where rows are only numbered.
    Raises InputError where the lengths differ, naming both.
    """

    tokens: Sequence[str]
    vectors: Vectors
    columns: Mapping[str, Column] = field(default_factory=dict)
    source: Source = Source()
    report: tuple[Note, ...] = ()
    tokenizer: str = ""
    named: bool = True

    def __post_init__(self) -> None:
        rows = len(self.vectors)
        for what, count in self._lengths():
            if count != rows:
                raise InputError(
                    self.source.path or "table",
                    f"{what} has {count:,} rows and the matrix has {rows:,}.",
                    "The two must be of one length; check for a header line or a missing label.",
                )
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))

    def _lengths(self) -> Iterable[tuple[str, int]]:
        yield "the token list", len(self.tokens)
        for column in self.columns.values():
            yield f"column {column.name!r}", len(column.values)

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def dim(self) -> int:
        return self.vectors.dim

    @property
    def name(self) -> str:
        """A short name for titles: the file's, or the tensor's."""
        return self.source.path.name if self.source.path else (self.source.tensor or "table")

    @cached_property
    def _first_row(self) -> dict[str, int]:
        tokens = list(self.tokens)
        # Backwards, so that the first of several stays.
        return dict(zip(reversed(tokens), range(len(tokens) - 1, -1, -1), strict=True))

    @cached_property
    def scheme(self) -> str:
        """How its tokens mark spaces and pieces (tokens.scheme_of); "" for rows without names."""
        return scheme_of(self.tokens) if self.named else ""

    def find(self, token: str) -> int | None:
        """Row of the first token equal to `token`, or None."""
        if isinstance(self.tokens, NumberedTokens):
            return self.tokens.row(token)
        return self._first_row.get(token)

    def row_of(self, token: str) -> int:
        """Row of a token; `#12` names row 12 where no token is spelt so. NotFoundError if none."""
        row = self.find(token)
        if row is None and re.fullmatch(r"#[0-9]{1,18}", token):
            row = int(token[1:])
            self.check_row(row)
        if row is None:
            meant = self._other_spelling(token)
            hint = f"Did you mean {in_quotes(meant)}?" if meant else _CASE_COUNTS
            raise UnknownTokenError(token, hint, offers=not meant)
        return row

    def check_row(self, row: int) -> None:
        """Raises NotFoundError for a number that is no row's."""
        if not 0 <= row < len(self):
            raise NotFoundError(
                f"There is no row {row:,}.", f"The table's rows are 0 to {len(self) - 1:,}."
            )

    def _other_spelling(self, token: str) -> str:
        """A token that differs in case, blanks around it or the mark of a word; "" for none."""
        bare = token.strip()
        marked = [mark + bare for mark in WORD_STARTS.values()]
        changed = [token.lower(), bare, token.capitalize(), bare.lower()]
        for other in marked + changed if token[:1] == " " else changed + marked:
            if other != token and self.find(other) is not None:
                return other
        return ""

    @property
    def colour_columns(self) -> list[str]:
        """Names of the columns that tell rows apart, those that tell more than a count or a norm
        first."""
        plain = {"count", "norm", "rank"}
        telling = [name for name, column in self.columns.items() if column.telling]
        return sorted(telling, key=lambda name: name in plain)

    @cached_property
    def zero_rows(self) -> npt.NDArray[np.int64]:
        """Rows of norm zero: they have no direction."""
        return np.flatnonzero(self.vectors.norms == 0)

    @cached_property
    def broken_rows(self) -> npt.NDArray[np.int64]:
        """Rows with a NaN or an infinity in them."""
        return np.flatnonzero(~self.vectors.finite)

    @cached_property
    def too_large_rows(self) -> npt.NDArray[np.int64]:
        """Rows whose numbers are finite and cannot be float32, which maps and neighbours need."""
        return np.flatnonzero(self.vectors.beyond_float32)

    @cached_property
    def importance(self) -> npt.NDArray[np.float64] | None:
        """How frequent each token is, float64 (rows,), NaN read as 0: the column count, frequency
        or freq, the first that is there and numeric; None where there is none."""
        for name in ("count", "frequency", "freq"):
            if name in self.columns and self.columns[name].numeric:
                values = np.nan_to_num(self.columns[name].values.astype(np.float64))
                values.flags.writeable = False
                return values
        return None

    @cached_property
    def health(self) -> tuple[Note, ...]:
        """What the numbers and tokens themselves say; reads the whole table once."""
        names = _token_notes(self.tokens) if self.named else []
        return tuple(_row_notes(self) + _precision_notes(self) + names)


def numbered_tokens(rows: int) -> NumberedTokens:
    """Names for the rows of a table without tokens: `<row 0>`, `<row 1>`, ..."""
    return NumberedTokens(rows)


def _all_identical(vectors: Vectors) -> bool:
    first = vectors.stored(0, 1)  # as stored: float64 rows may differ beyond float32's digits
    return (
        len(vectors) > 1
        and bool(first.any())
        and all(
            bool((vectors.stored(start, start + len(block)) == first).all())
            for start, block in vectors.blocks()
        )
    )


def _row_notes(table: Table) -> list[Note]:
    notes = []
    if _all_identical(table.vectors):
        notes.append(Note("All rows are identical: no row is nearer than another.", "warning"))
    if broken := len(table.broken_rows):
        notes.append(
            Note(
                f"{broken:,} {_rows(broken)} NaN or infinite numbers: "
                "left out of neighbours and projections.",
                "warning",
                tuple(table.broken_rows[:20].tolist()),
            )
        )
    if zero := len(table.zero_rows):
        notes.append(
            Note(
                f"{zero:,} zero {'row' if zero == 1 else 'rows'}: "
                "no direction, so cosine is undefined; left out of cosine neighbours.",
                "info" if zero == 1 else "warning",
                tuple(table.zero_rows[:20].tolist()),
            )
        )
    return notes


def _precision_notes(table: Table) -> list[Note]:
    """What is lost of a float64 table where it is worked with as float32."""
    if table.vectors.dtype != "f64":
        return []
    notes = [
        Note(
            "Stored as float64: maps are made from float32, some seven digits; "
            "neighbours and saved tables use every digit."
        )
    ]
    if large := len(table.too_large_rows):
        rows = tuple(table.too_large_rows[:20].tolist())
        text = f"{large:,} {_rows(large)} numbers too large for float32 (above 3.4e38): "
        notes.append(Note(f"{text}left out of neighbours and projections.", "warning", rows))
    small = np.flatnonzero(table.vectors.below_float32)
    if count := len(small):
        text = f"{count:,} {_rows(count)} only numbers too small for float32 (below 1e-45): "
        notes.append(Note(f"{text}maps show zeros.", "warning", tuple(small[:20].tolist())))
    return notes


def _rows(count: int) -> str:
    return "row holds" if count == 1 else "rows hold"


def _stand(count: int) -> str:
    return "token stands" if count == 1 else "tokens stand"


def _are(count: int) -> str:
    return "token is" if count == 1 else "tokens are"


def _token_notes(tokens: Sequence[str]) -> list[Note]:
    notes = []
    if len(set(tokens)) < len(tokens):
        repeated = [(token, n) for token, n in Counter(tokens).items() if n > 1]
        example = repeated[0][0]
        rows = tuple(row for row, token in enumerate(tokens) if token == example)[:20]
        notes.append(
            Note(
                f"{len(repeated):,} {_stand(len(repeated))} more than once (such as {example!r}, "
                f"rows {', '.join(map(str, rows))}); each row keeps its own identity.",
                "warning",
                rows,
            )
        )
    empty = tuple(row for row, token in enumerate(tokens) if not token)
    if empty:
        notes.append(Note(f"{len(empty):,} {_are(len(empty))} empty.", "info", empty[:20]))
    hidden = tuple(row for row, token in enumerate(tokens) if unseen(token))
    if hidden:
        hold = "token holds" if len(hidden) == 1 else "tokens hold"
        text = f"{len(hidden):,} {hold} control, direction or zero-width characters: "
        notes.append(Note(f"{text}shown escaped, kept as they are.", "info", hidden[:20]))
    return notes
