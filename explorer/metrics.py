"""How nearness of rows is measured."""

from __future__ import annotations

from explorer.errors import ParameterError

METRICS = ("cosine", "euclidean", "dot")
# Those by which no row is nearer than an equal one: maps are made and measured by these alone.
DISTANCES = ("cosine", "euclidean")


def check(k: int, metric: str) -> None:
    """Raises ParameterError for a metric that is none of METRICS, or fewer than one neighbour."""
    if metric not in METRICS:
        raise ParameterError(
            f"There is no metric {metric!r}.", f"Choose one of: {', '.join(METRICS)}."
        )
    check_count(k)


def check_count(k: int) -> None:
    """Raises ParameterError for fewer than one neighbour."""
    if k < 1:
        raise ParameterError(f"The number of neighbours cannot be {k}.", "It must be at least 1.")
