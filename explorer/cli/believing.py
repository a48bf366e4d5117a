"""What several verbs ask and say of how far a map may be believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from explorer import pipeline
from explorer.cli.options import WholeNumber
from explorer.pipeline.believing import title_of
from explorer.projection import Projection
from explorer.quality import KS, Quality
from explorer.table import Column

Rows = npt.NDArray[np.int64]


def neighborhoods_option(of: str = "") -> Callable[[Any], Any]:
    """-k N, as `ks`: how many neighbours of a row are looked at. of: the flag it belongs to."""
    return click.option(
        "-k",
        "--k",
        "ks",
        multiple=True,
        type=WholeNumber(min=1),
        help=f"Size of the neighbourhoods{of}; may be given several times.  "
        f"[default: {', '.join(map(str, KS))}]",
    )


def kept_columns(made: Projection, measured: Quality) -> list[Column]:
    """`kept_10` and so on: the share of its neighbours that the map kept of each row."""
    return [replace(pipeline.kept_column(made, measured, k), name=f"kept_{k}") for k in measured.ks]


def told(made: Projection) -> str:
    """The method and its verdict, in one line."""
    title = title_of(made)
    return f"{title}, {made.verdict}" if made.verdict else title


def compared(measured: Quality) -> str:
    """Which rows the numbers are of, in one line."""
    if measured.sampled:
        return (
            f"{measured.sampled:,} rows (seed {measured.seed}), each compared with all "
            f"{measured.rows:,}, {measured.metric}"
        )
    return f"all {measured.rows:,} rows compared, {measured.metric}"


def worst_rows(measured: Quality, count: int) -> Rows:
    """The measured rows that kept the fewest neighbours, worst first: by the smallest k, among
    equals by the next one, and then by row."""
    known = np.flatnonzero(np.isfinite(measured.kept_rows[0]))
    order = np.lexsort((known, *measured.kept_rows[::-1, known]))
    worst: Rows = known[order[:count]]
    return worst
