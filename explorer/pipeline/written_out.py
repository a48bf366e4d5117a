"""An expression as NumPy of the table, for code that is to run without this program."""

from __future__ import annotations

import numpy as np

from explorer.expressions import Context, ExpressionError, Vector, evaluate
from explorer.table import Table

_MOST_ROWS = 8  # that have room in a line


def written_out(table: Table, text: str, found: Vector) -> str:
    """Such as `table[21] - 0.5 * table[119]` for an expression, where `table` is the array of all
    rows; "" for one that is no weighed sum of a few rows, as with unit().

    found: what the expression comes to in the table's own numbers.
    """
    rows = found.rows
    if not 0 < len(rows) <= _MOST_ROWS:
        return ""
    # Where each row stands for itself alone, a sum comes to its weights.
    alone = np.eye(len(rows))
    context = Context(table, lambda wanted: alone[np.searchsorted(rows, wanted)])
    try:
        weights = evaluate(text, context).values
    except ExpressionError:
        return ""
    if not np.allclose(weights @ table.vectors.exact(rows).astype(np.float64), found.values):
        return ""
    weighed = zip(weights.tolist(), rows.tolist(), strict=True)
    total = "".join(_term(weight, row) for weight, row in weighed)
    return total[3:] if total.startswith(" + ") else f"-{total[3:]}"


def _term(weight: float, row: int) -> str:
    sign, size = " - " if weight < 0 else " + ", abs(weight)
    return f"{sign}table[{row}]" if size == 1 else f"{sign}{size!r} * table[{row}]"
