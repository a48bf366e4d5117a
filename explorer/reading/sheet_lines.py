"""The rows of a map in a file, line by line: CSV, or Parquet as if it were CSV.

Arrow's parser is native code, so Parquet is read in a child process, which hands back the columns
asked for as CSV: what is said of a line is the same for both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from explorer.errors import InputError
from explorer.reading.child import Result, in_child
from explorer.reading.columnar_files import PARQUET, open_columnar

HINT = "A header row,x,y is needed, as `embedding-explorer project` writes it."


class SheetLines:
    """Cells of one line after the other, the header first; empty lines are lists without cells."""

    def __init__(self, lines: Any, word: str) -> None:
        self._lines, self._word = lines, word

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        cells: list[str] = next(self._lines)
        return cells

    @property
    def where(self) -> str:
        """The last line that was read: "line 3" of a CSV (a cell may span several), "row 2" of a
        Parquet file, from 1."""
        header = self._word == "row"
        return f"{self._word} {max(1, self._lines.line_num - header):,}"


@contextmanager
def sheet_lines(path: Path, wanted: Collection[str] | None = None) -> Iterator[SheetLines]:
    """The lines of a file of coordinates.

    wanted: of a Parquet file only the columns of these names, in lower case, are read; where it is
    None, the header alone. Raises InputError, also while lines are read, naming the file.
    """
    try:
        if _is_parquet(path):
            names = None if wanted is None else sorted(wanted)
            text = in_child(_parquet_as_csv, path, names).arrays["text"].tobytes().decode()
            # Every record is a line here: line_num counts records where no cell holds a line end.
            yield SheetLines(_Counted(csv.reader(io.StringIO(text, newline=""))), "row")
            return
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield SheetLines(csv.reader(file, strict=True), "line")
    except OSError as error:
        raise InputError(
            path, f"it cannot be read: {error.strerror or error}.", "Check the path."
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(path, "it is not UTF-8 text.", HINT) from error
    except csv.Error as error:
        raise InputError(path, f"it is not a CSV file: {error}.", HINT) from error


class _Counted:
    """Records, counted; a csv.reader counts the lines of the text."""

    def __init__(self, records: Iterator[list[str]]) -> None:
        self._records, self.line_num = records, 0

    def __next__(self) -> list[str]:
        record = next(self._records)
        self.line_num += 1
        return record


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(PARQUET)) == PARQUET


# In the child


def _parquet_as_csv(path: Path, wanted: list[str] | None) -> Result:
    """arrays["text"]: uint8, the numbers and texts of the wanted columns as CSV in UTF-8, nothing
    for null; where `wanted` is None, the names of all columns alone."""
    import pyarrow as pa
    import pyarrow.csv as pc

    file = open_columnar(path, "parquet")
    names = [name for name in _plain_names(file.schema) if _is_wanted(name, wanted)]
    sink = pa.BufferOutputStream()
    if names:
        schema = pa.schema([(name, _written(file.schema.field(name).type)) for name in names])
        with pc.CSVWriter(sink, schema) as writer:
            for batch in file.batches(names) if wanted is not None else ():
                table = pa.Table.from_batches([batch]).select(names)
                writer.write_table(table.cast(schema))
    return Result({"text": np.frombuffer(sink.getvalue(), np.uint8)})


def _plain_names(schema: Any) -> list[str]:
    """Columns of one value a row, whose names occur once."""
    names = list(schema.names)
    once = [name for name in names if names.count(name) == 1]
    return [name for name in once if _written(schema.field(name).type) is not None]


def _is_wanted(name: str, wanted: list[str] | None) -> bool:
    return wanted is None or name.strip().lower() in wanted


def _written(kind: Any) -> Any:
    """The type that a column is written in; None for one that is no number, truth or text."""
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_dictionary(kind):
        return _written(kind.value_type)
    if types.is_float16(kind) or types.is_null(kind):
        return pa.float32()
    if types.is_string(kind) or types.is_large_string(kind):
        return pa.large_string()
    is_plain = types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind)
    return kind if is_plain else None
