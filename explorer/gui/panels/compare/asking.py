"""What is asked about the tokens to compare, and the answers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from explorer import pipeline
from explorer.cosines import OddOneOut, random_cosines
from explorer.errors import ParameterError
from explorer.paths import replacing
from explorer.progress import Progress, Report, silent
from explorer.sheets import text_cell
from explorer.table import Table

Rows = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

PAIRS, SEED = 20_000, 0  # drawn to tell what is usual in a table


@dataclass(frozen=True, eq=False)
class Comparison:
    """table: whose rows. rows: int64 (n,), in the order of `values`, float64 (n, n) cosines.
    odd: which goes least with the others; None for two rows, or where there is no mean to go by.
    usual: cosines of random pairs, ascending; empty for more than two rows, and where the table has
    no others."""

    table: Table
    rows: Rows
    values: F64
    odd: OddOneOut | None
    usual: F64

    @property
    def without_direction(self) -> int:
        """How many of the rows have no cosine: zeros, or numbers that are not finite."""
        return int(np.isnan(self.values.diagonal()).sum())


def compare(table: Table, rows: Rows, order: str, usual: F64 | None, report: Report) -> Comparison:
    """Compares rows with one another. usual: as known from before, or None."""
    matrix = pipeline.similarity_matrix(table, rows, order=order, report=report)
    if len(rows) == 2:
        if len(table) == 2:
            usual = np.empty(0)
        usual = random_cosines(table.vectors, PAIRS, SEED, report) if usual is None else usual
        return Comparison(table, matrix.rows, matrix.values, None, usual)
    fit = matrix.rows[~np.isin(matrix.rows, matrix.without_direction)]
    try:
        odd = pipeline.odd_one_out(table, fit)
    except ParameterError:  # fewer than three have a direction, or they cancel each other
        odd = None
    return Comparison(table, matrix.rows, matrix.values, odd, np.empty(0))


def write_matrix(path: Path, found: Comparison, report: Report = silent) -> None:
    """The matrix as CSV: a line a row of the table, a column each; tokens that a spreadsheet would
    run as a formula have a `'` before them. Raises OutputError."""
    count = len(found.rows)
    tokens = [text_cell(found.table.tokens[row], safe=True) for row in found.rows.tolist()]
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(["row", "token", *tokens])
        lines = zip(found.rows.tolist(), tokens, found.values, strict=True)
        for done, (row, token, values) in enumerate(lines):
            report(Progress(done, count, f"Writing {path.name}"))
            cells = ["" if value != value else value for value in values.tolist()]
            writer.writerow([row, token, *cells])
