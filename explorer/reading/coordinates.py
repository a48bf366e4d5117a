"""Coordinates in CSV or Parquet, as `project` writes them, or a column each for x, y and z; and the
columns beside them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.reading.sheet_lines import HINT, SheetLines, sheet_lines
from explorer.table import Column
from explorer.vectors import F32

_AXES = ("x", "y", "z")
_FIXED = ("row", "token", *_AXES)
_LARGEST = float(np.finfo(np.float32).max)


def read_coordinates(path: Path, rows: int, dims: int | None = None) -> F32:
    """float32 (rows, dims): NaN for rows that are not in the file, and for cells that are empty,
    infinite or beyond float32.

    dims: 2 or 3; None for what the file has. A column `row` says which row a line is of; without
    it the lines are the rows, in order. Raises InputError, naming the line.
    """
    with sheet_lines(path, ("row", *_AXES)) as lines:
        return _read(lines, path, rows, dims)


def column_names(path: Path) -> list[str]:
    """The columns of such a file that are no coordinates, nor row nor token. Raises InputError."""
    with sheet_lines(path) as lines:
        return [name for name in next(lines, []) if name.strip().lower() not in _FIXED]


def has_axes(path: Path) -> bool:
    """Whether a file is a CSV or Parquet file with columns x and y."""
    try:
        with sheet_lines(path) as lines:
            return {"x", "y"} <= {name.strip().lower() for name in next(lines, [])}
    except InputError:
        return False


def read_column(path: Path, name: str, rows: int) -> Column:
    """One of `column_names` of a file that `read_coordinates` has read, by the table's rows; rows
    that are not in the file have an empty cell, or NaN. Raises InputError."""
    with sheet_lines(path, ("row", name.strip().lower())) as lines:
        header: list[str] = next(lines, [])
        own, lowered = header.index(name), [one.strip().lower() for one in header]
        numbered = lowered.index("row") if "row" in lowered else None
        cells = [""] * rows
        for place, found in enumerate(filter(None, lines)):
            cells[place if numbered is None else int(found[numbered])] = found[own]
    return Column.from_text(name, cells)


class _Header(NamedTuple):
    """Places of columns. axes: of x, y and z, as many as are read. numbered: of the row number;
    None where lines are in the table's order."""

    width: int
    axes: list[int]
    numbered: int | None


def _header(lines: SheetLines, path: Path, dims: int | None) -> _Header:
    names = [name.strip().lower() for name in next(lines, [])]
    there = list(itertools.takewhile(lambda axis: axis in names, _AXES))
    axes = there if dims is None else there[:dims]
    if len(axes) < (dims or 2):
        missing = _AXES[len(axes)]
        raise InputError(path, f"there is no column {missing}.", HINT, place=lines.where)
    numbered = names.index("row") if "row" in names else None
    return _Header(len(names), [names.index(axis) for axis in axes], numbered)


def _read(lines: SheetLines, path: Path, rows: int, dims: int | None) -> F32:
    header = _header(lines, path, dims)
    coordinates = np.full((rows, len(header.axes)), np.nan, dtype=np.float32)
    seen = np.zeros(rows, dtype=bool)
    for place, cells in enumerate(filter(None, lines)):  # an empty line is no row
        where = lines.where
        if len(cells) < header.width:
            raise InputError(path, "a cell is missing.", HINT, place=where)
        row = place if header.numbered is None else _row(cells[header.numbered], path, where)
        _check_row(row, seen, path, where)
        seen[row] = True
        coordinates[row] = [_number(cells[column], path, where) for column in header.axes]
    if header.numbered is None and not seen.all():
        raise InputError(
            path,
            f"there are {int(seen.sum()):,} lines of coordinates and the table has {rows:,} rows.",
            "One line a row is needed, or a column named row.",
        )
    return coordinates


def _check_row(row: int, seen: npt.NDArray[np.bool_], path: Path, where: str) -> None:
    """seen: bool (rows,), those that had a line before."""
    if row >= len(seen):
        raise InputError(
            path,
            f"row {row:,} is beyond the table's {len(seen):,} rows.",
            "Give the coordinates of this table.",
            place=where,
        )
    if seen[row]:
        raise InputError(path, f"row {row:,} is there twice.", place=where)


def _row(cell: str, path: Path, where: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 19):
        raise InputError(path, f"{cell[:30]!r} is no row number.", HINT, place=where)
    return int(cell)


def _number(cell: str, path: Path, where: str) -> float:
    try:
        value = float(cell) if cell else float("nan")
    except ValueError:
        raise InputError(path, f"{cell[:30]!r} is not a number.", HINT, place=where) from None
    # An infinite coordinate is no place; one beyond float32 would become infinite.
    return value if abs(value) <= _LARGEST else float("nan")
