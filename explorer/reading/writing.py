"""Writing tables as text: exact numbers, and a refusal of tokens that a form cannot hold.

Numbers are the shortest decimals that read back as the same float32 (or float64, for a table of
those): Arrow uses double-conversion's algorithm (Loitsch 2010, doi:10.1145/1806596.1806623).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import OutputError
from explorer.progress import Progress, Report
from explorer.table import Column, Table

_ROWS = 4096
_SHOWN = {
    " ": "a space",
    "\t": "a tab",
    "\n": "a line break",
    "\r": "a carriage return",
    "\0": "a NUL",
}
ELSEWHERE = "Save it as safetensors, which holds every text."


def check_writable(table: Table, path: Path, forbidden: str) -> None:
    """Raises OutputError, naming the row, for a token (or a text of a column) that holds one of the
    forbidden characters or cannot be UTF-8; and for a table without numbers."""
    if not len(table) or not table.dim:
        raise OutputError(path, "the table has no numbers to write.")
    _check_texts(path, table.tokens, "the token", forbidden)
    for column in table.columns.values():
        _check_texts(path, [column.name], f"the name of column {column.name!r}", forbidden)
        if not column.numeric:
            _check_texts(path, map(str, column.values), f"column {column.name!r}", forbidden)


def check_tokens(table: Table, path: Path, forbidden: str) -> None:
    """As `check_writable`, for a form that holds tokens and no columns."""
    if not len(table) or not table.dim:
        raise OutputError(path, "the table has no numbers to write.")
    _check_texts(path, table.tokens, "the token", forbidden)


def _check_texts(path: Path, texts: Iterable[str], what: str, forbidden: str) -> None:
    unfit = re.compile(f"[{re.escape(forbidden)}\ud800-\udfff]")
    for row, text in enumerate(texts):
        if found := unfit.search(text):
            problem = f"row {row:,}: {what} {text!r} holds {_named(found[0])}"
            raise OutputError(path, f"{problem}, which this format cannot keep.", ELSEWHERE)


def _named(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "half a surrogate pair"
    return _SHOWN.get(character, f"the control character U+{ord(character):04X}")


def check_titles(table: Table, path: Path, *titles: str) -> None:
    """Raises OutputError where a column of the table has a title that the format needs."""
    for title in titles:
        if title in table.columns:
            hint = "Save it as safetensors, which keeps columns apart from tokens and vectors."
            raise OutputError(path, f"a column is called {title!r}, as this format's own.", hint)


def refuse_float64(table: Table, path: Path) -> None:
    """Raises OutputError for a float64 table where the form holds float32 alone."""
    if table.vectors.dtype == "f64":
        hint = "Save it as safetensors, .npy or Parquet, which keep float64."
        raise OutputError(path, "the table is float64 and this format holds float32.", hint)


def number_blocks(
    table: Table, report: Report, rows: int = _ROWS
) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    """(first row, block) over the table: float64 where it is, else float32, little-endian."""
    for start in range(0, len(table), rows):
        report(Progress(start, len(table), "Writing the table"))
        if table.vectors.dtype == "f64":
            yield start, table.vectors.stored(start, start + rows).astype("<f8")
        else:
            yield start, table.vectors.slice(start, start + rows).astype("<f4", copy=False)


def number_lines(table: Table, separator: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """(first row, the numbers of each row as one text) over the table, block by block."""
    import pyarrow
    import pyarrow.compute

    for start, block in number_blocks(table, report):
        texts = pyarrow.array(np.ascontiguousarray(block).ravel()).cast(pyarrow.string())
        ends = np.arange(0, block.size + 1, table.dim, dtype=np.int32)
        rows = pyarrow.ListArray.from_arrays(pyarrow.array(ends), texts)
        yield start, pyarrow.compute.binary_join(rows, separator).to_pylist()


def labels_of(table: Table) -> bytes:
    """The text of a label file (explorer.reading.labels): tokens alone, or a header and columns.

    The caller has checked that no text holds a tab or a line break.
    """
    cells = [list(table.tokens), *(cells_of(column) for column in table.columns.values())]
    lines = ["\t".join(row) for row in zip(*cells, strict=True)]
    if table.columns:
        lines.insert(0, "\t".join([_token_title(table), *table.columns]))
    if lines[0].startswith("\ufeff"):  # the first is taken for a byte-order mark
        lines[0] = "\ufeff" + lines[0]
    return "".join(f"{line}\n" for line in lines).encode()


def _token_title(table: Table) -> str:
    """The header of the tokens; `word` goes before every other name that a reader looks for."""
    names = {name.strip().lower() for name in table.columns}
    return "word" if names & {"word", "token"} else "token"


def cells_of(column: Column) -> list[str]:
    """The cells of a column as text: exact numbers, NaN as the empty cell."""
    if column.values.dtype.kind == "f":
        return ["" if value != value else repr(value) for value in column.values.tolist()]
    return [str(value) for value in column.values.tolist()]
