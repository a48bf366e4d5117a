"""The rows of a map as a file: CSV for people and spreadsheets, Parquet for programs.

The CSV is RFC 4180 in UTF-8: CRLF line ends, cells quoted where they must be, tokens exactly as
they are. The same map written twice gives the same bytes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import NotFoundError, ParameterError
from explorer.progress import Progress, Report
from explorer.projection import Projection
from explorer.table import Column, Table

Rows = npt.NDArray[np.int64]

SUFFIXES = (".csv", ".parquet")

_FIXED = ("row", "token", "x", "y", "z")
_SURROGATE = re.compile("[\ud800-\udfff]")
# What a spreadsheet takes for a formula: CWE-1236 and the OWASP page "CSV Injection".
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is written: the map, and its columns by the names they have in the file.

    safe: whether texts that a spreadsheet would run as a formula get a `'` before them (CSV only).
    rows: int64, ascending, the rows that are written; None for all.
    """

    projection: Projection
    columns: Mapping[str, Column]
    safe: bool = False
    rows: Rows | None = None

    def __len__(self) -> int:
        return len(self.table) if self.rows is None else len(self.rows)

    @property
    def table(self) -> Table:
        return self.projection.table

    @property
    def header(self) -> list[str]:
        """Names of all columns of the file, in order."""
        names = [*_FIXED[: 2 + self.projection.dims], *self.columns]
        return [self.text(name) for name in names]

    def text(self, text: str) -> str:
        """A text cell: unchanged but for what UTF-8 cannot hold, and for formulas if safe."""
        return text_cell(text, safe=self.safe)

    @property
    def renamed(self) -> dict[str, str]:
        """Columns whose own name a coordinate or another column has: name in the file -> own."""
        return {
            written: column.name
            for written, column in self.columns.items()
            if written != column.name
        }

    @property
    def escaped_rows(self) -> list[int]:
        """Rows that are written and whose token UTF-8 cannot hold."""
        tokens = zip(range(len(self.table)), self.table.tokens, strict=True)
        if self.rows is not None:
            tokens = zip(self.rows.tolist(), self.tokens(0, len(self)), strict=True)
        return [row for row, token in tokens if not token.isascii() and _SURROGATE.search(token)]

    def row_numbers(self, start: int, stop: int) -> Rows:
        """The table's rows on the lines start..stop of the sheet."""
        return np.arange(start, stop) if self.rows is None else self.rows[start:stop]

    def tokens(self, start: int, stop: int) -> Sequence[str]:
        """The tokens on these lines, as the table has them."""
        if self.rows is None:
            return self.table.tokens[start:stop]
        return [self.table.tokens[row] for row in self.rows[start:stop].tolist()]

    def lines(self, start: int, stop: int) -> Iterator[tuple[Any, ...]]:
        """The cells of these lines, as csv.writer takes them."""
        rows = self.row_numbers(start, stop)
        coordinates = self.projection.coordinates_of(rows)
        cells: list[Iterable[Any]] = [
            rows.tolist(),
            map(self.text, self.tokens(start, stop)),
            *(_float32_cells(coordinates[:, axis]) for axis in range(self.projection.dims)),
            *(self._cells(column.values[rows]) for column in self.columns.values()),
        ]
        return zip(*cells, strict=True)

    def _cells(self, values: npt.NDArray[Any]) -> list[Any]:
        if values.dtype.kind == "f":
            return ["" if value != value else value for value in values.tolist()]
        if values.dtype.kind in "iu":
            return list(values.tolist())
        return [self.text(str(value)) for value in values.tolist()]


def text_cell(text: str, *, safe: bool) -> str:
    """The text as a CSV file in UTF-8 can hold it; if safe, with a `'` before a formula."""
    if not text.isascii() and _SURROGATE.search(text):
        text = _escaped(text)
    return f"'{text}" if safe and text.startswith(_FORMULA) else text


def _escaped(text: str) -> str:
    r"""A text with lone surrogates, as ASCII marks: U+DC80 becomes \udc80, and \ becomes \\."""
    doubled = text.replace("\\", "\\\\")
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", doubled)


def _float32_cells(values: npt.NDArray[np.float32]) -> list[str]:
    # str of a float32 is the shortest text that reads back as the same float32.
    return ["" if value != value else str(value) for value in values]


def sheet_of(
    projection: Projection,
    names: Sequence[str] | None,
    computed: Iterable[Column],
    *,
    spreadsheet_safe: bool = False,
    rows: Rows | None = None,
) -> Sheet:
    """The sheet of a map with these of the table's columns (None: all) and the computed ones.

    One that is named like a coordinate, in any case, or like another, is written as `column_x`.
    rows: those to write, in any order; None for all.
    Raises NotFoundError for a column or row that is not there.
    """
    table = projection.table
    chosen: dict[str, Column] = {}
    for column in (*_own(table, names), *computed):
        written = column.name
        # Whatever its case: programs that read names so would take Z for the third coordinate.
        while written.strip().lower() in _FIXED or written in chosen:
            written = f"column_{written}"
        chosen[written] = column
    return Sheet(projection, chosen, spreadsheet_safe, _checked(rows, len(table)))


def membership(name: str, rows: Rows, total: int) -> Column:
    """A column that says of each of `total` rows whether it is among `rows`: int64, 1 or 0."""
    values = np.zeros(total, dtype=np.int64)
    values[rows] = 1
    return Column(name, values, f"1 for the {len(np.unique(rows)):,} rows of it, 0 for the others")


def _checked(rows: Rows | None, total: int) -> Rows | None:
    if rows is None:
        return None
    ascending: Rows = np.unique(np.asarray(rows, dtype=np.int64))
    if len(ascending) and not 0 <= ascending[0] <= ascending[-1] < total:
        raise NotFoundError(
            f"There is no row {ascending[0] if ascending[0] < 0 else ascending[-1]:,}.",
            f"The table's rows are 0 to {total - 1:,}.",
        )
    return ascending


def _own(table: Table, names: Sequence[str] | None) -> Iterator[Column]:
    for name in table.columns if names is None else names:
        if name not in table.columns:
            there = ", ".join(table.columns) or "none"
            raise NotFoundError(f"There is no column {name!r}.", f"The table's columns: {there}.")
        yield table.columns[name]


def ensure_suffix(path: Path) -> None:
    """Raises ParameterError where the name's ending is of no kind of sheet; none means CSV."""
    if path.suffix.lower() not in ("", *SUFFIXES):
        raise ParameterError(
            f"The name {path.name!r} does not say in which format to write.",
            f"End it in one of {', '.join(SUFFIXES)}.",
        )


def write_sheet(sheet: Sheet, path: Path, suffix: str, report: Report) -> None:
    """Writes the sheet into `path` in the format of this suffix (one of SUFFIXES)."""
    (_write_parquet if suffix.lower() == ".parquet" else _write_csv)(sheet, path, report)


def _write_csv(sheet: Sheet, path: Path, report: Report) -> None:
    total = len(sheet)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(sheet.header)
        for start in range(0, total, _ROWS_AT_ONCE):
            report(Progress(start, total, "Writing coordinates"))
            writer.writerows(sheet.lines(start, min(total, start + _ROWS_AT_ONCE)))


def _write_parquet(sheet: Sheet, path: Path, report: Report) -> None:
    """Numbers in their own types, NaN as null; texts as they are but for what UTF-8 cannot hold."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    total = len(sheet)
    writer: Any = None
    try:
        for start in range(0, max(total, 1), _ROWS_AT_ONCE):
            report(Progress(start, total, "Writing coordinates"))
            stop = min(total, start + _ROWS_AT_ONCE)
            arrays = list(_arrow_columns(sheet, start, stop))
            batch = pa.table(arrays, names=sheet.header)
            if writer is None:
                writer = pq.ParquetWriter(path, batch.schema, compression="zstd")
            writer.write_table(batch)
    finally:
        if writer is not None:
            writer.close()


def _arrow_columns(sheet: Sheet, start: int, stop: int) -> Iterator[Any]:
    import pyarrow as pa

    rows = sheet.row_numbers(start, stop)
    coordinates = sheet.projection.coordinates_of(rows)
    yield pa.array(rows)
    yield pa.array(list(map(sheet.text, sheet.tokens(start, stop))), pa.string())
    for axis in range(sheet.projection.dims):
        yield pa.array(np.ascontiguousarray(coordinates[:, axis]), from_pandas=True)
    for column in sheet.columns.values():
        values = column.values[rows]
        if column.numeric:
            yield pa.array(values, from_pandas=True)
        else:
            yield pa.array([sheet.text(str(value)) for value in values.tolist()], pa.string())
