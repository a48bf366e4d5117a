"""Words compared: what is to c as b is to a, how alike are two, which is the odd one out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer import analogies, cosines
from explorer.cosines import OddOneOut, Rows, SimilarityMatrix, without_direction
from explorer.expressions import ExpressionError, Vector
from explorer.nearest import Neighbors
from explorer.pipeline.queries import Selections, query
from explorer.progress import Report, silent
from explorer.table import Table

Asked = str | int | np.integer


def analogy(
    table: Table,
    a: Asked,
    b: Asked,
    c: Asked,
    k: int = 10,
    *,
    how: str = "add",
    selections: Selections | None = None,
    report: Report = silent,
) -> Neighbors:
    """The k best answers to "a is to b as c is to ?"; the rows of a, b and c are left out of them.

    a, b, c: a token, a row number, or an expression. how: "add" (3CosAdd: scores are cosines) or
    "mul" (3CosMul), see explorer.analogies.
    Raises NotFoundError for what is not there, ParameterError for a row without a direction, an
    expression that cannot be read, an unknown method, or k < 1.
    """
    return alike(table, (b, c), (a,), k, how=how, selections=selections, report=report)


def alike(
    table: Table,
    positive: Sequence[Asked],
    negative: Sequence[Asked] = (),
    k: int = 10,
    *,
    how: str = "add",
    selections: Selections | None = None,
    report: Report = silent,
) -> Neighbors:
    """The k rows most like all of `positive` and least like all of `negative`, as `analogy`."""
    plus = [_vector(table, asked, selections) for asked in positive]
    minus = [_vector(table, asked, selections) for asked in negative]
    rows = {int(row) for one in (*plus, *minus) for row in one.rows}
    return analogies.solve(
        table,
        [one.values for one in plus],
        [one.values for one in minus],
        k,
        how=how,
        exclude=rows,
        report=report,
    )


def similarity(table: Table, a: Asked, b: Asked, *, selections: Selections | None = None) -> float:
    """Cosine of two tokens, rows or expressions, float64, in [-1, 1].

    Raises NotFoundError for what is not there, ParameterError for what has no direction.
    """
    first, second = (_vector(table, asked, selections) for asked in (a, b))
    return cosines.cosine(first.values, second.values)


def similarity_matrix(
    table: Table,
    rows: Sequence[Asked] | Rows,
    *,
    order: str = "given",
    report: Report = silent,
) -> SimilarityMatrix:
    """Cosines of all pairs of rows (numbers or tokens; each counts once), float64.

    order: "given", or "clustered": alike beside alike.
    Raises NotFoundError for a row or token that is not there, ParameterError for more than
    cosines.LARGEST_MATRIX rows, or none.
    """
    return cosines.similarity_matrix(table, _rows_of(table, rows), order, report)


def odd_one_out(table: Table, rows: Sequence[Asked] | Rows) -> OddOneOut:
    """Which of at least three rows (numbers or tokens, each once) goes least with the others.

    Raises NotFoundError for a row or token that is not there, ParameterError for fewer than three
    and for one without a direction.
    """
    return cosines.odd_one_out(table, _rows_of(table, rows))


def _rows_of(table: Table, asked: Sequence[Asked] | Rows) -> list[int]:
    """Row numbers of tokens and row numbers. Raises NotFoundError for a token that is not there."""
    return [table.row_of(one) if isinstance(one, str) else int(one) for one in asked]


def _vector(table: Table, asked: Asked, selections: Selections | None) -> Vector:
    """What a token, a row number or an expression stands for, and the rows it names."""
    row = table.find(asked) if isinstance(asked, str) else asked
    if row is None:
        found = query(table, str(asked), selections)
        if not found.values.any():
            raise ExpressionError(str(asked), 0, "This comes to zeros, which have no direction.")
        return found
    (row,) = cosines.distinct_rows(table, [int(row)]).tolist()
    values = table.vectors.exact(row).astype(np.float64)
    if not (np.isfinite(values).all() and values.any()):
        raise without_direction(table, row)
    return Vector(values, np.array([row], dtype=np.int64))
