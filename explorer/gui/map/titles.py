"""What is written about a map: its title, and the titles of its axes."""

from __future__ import annotations

from explorer.gui.widgets.plain import counted
from explorer.preparation import parse_steps
from explorer.projection import Projection
from explorer.projections import Method, methods


def title_of(projection: Projection | None, *, stopped: bool = False) -> str:
    """One line that says what map this is and how far it may be believed.

    stopped: whether a partial projection is all that there will be.
    """
    if projection is None:
        return ""
    method = methods().get(projection.method)
    parts = [method.title if method else projection.method]
    if projection.dims == 3:
        parts[0] += " in 3-D"
    progress = _progress(projection, stopped)
    if stopped:  # A narrow map has no room for the end; of one that runs, the numbers would jump.
        parts[0] += progress
    parts += _rows(projection)
    if projection.explained is not None:
        axes = projection.axes
        share = 100 * float(projection.explained[list(axes)].sum())
        spread = projection.spread
        # First: a narrow map has no room for the end, and has its components in lists below.
        parts.append("all rows are alike" if projection.alike else f"{share:.1f} % of the {spread}")
        parts.append("components " + _joined([str(axis + 1) for axis in axes]))
    if "perplexity" in projection.params:
        parts.append(f"perplexity {projection.params['perplexity']:g}")
    if projection.kl is not None:
        parts.append(f"KL {projection.kl:.2f}")
    if projection.complete and projection.iterations is not None:
        parts.append(counted(projection.iterations, "iteration"))
    parts += _steps(projection, method)
    if projection.start:
        parts.append(f"began from {projection.start}")
    return " · ".join(parts) + ("" if stopped else progress)


def axis_titles(projection: Projection) -> tuple[str, ...]:
    """Titles of the drawn axes, none where places along them mean nothing; in 3-D without the
    share in brackets, for which a compass has no room."""
    meant = range(projection.dims if projection.meaningful_axes else 0)
    titles = (projection.axis_title(place) for place in meant)
    return tuple(title if projection.dims == 2 else title.partition(" (")[0] for title in titles)


def swapped(before: tuple[int, ...], wished: tuple[int, ...]) -> tuple[int, ...]:
    """The wished axes; where one took a component from another, that one gets the component
    which became free."""
    free = [axis for axis in before if axis not in wished]
    axes = [
        free[0] if free and axis == old and wished.count(axis) > 1 else axis
        for axis, old in zip(wished, before, strict=True)
    ]
    return tuple(axes)


def continues(before: Projection | None, now: Projection) -> bool:
    """Whether `now` is the next frame of the same run, or of a table in training."""
    if before is None or before.method != now.method or before.axes != now.axes:
        return False
    trained_on = before.table is not now.table and before.table.tokens is now.table.tokens
    return trained_on or (before.table is now.table and not before.complete)


def _rows(projection: Projection) -> list[str]:
    """Which rows the map was made of, where it was not of all."""
    sample, rows = projection.sample, len(projection.table)
    told = [sample.among(rows)] if sample else []
    if projection.placed:
        told.append(f"{projection.placed:,} of {rows:,} rows placed afterwards")
    return told


def _steps(projection: Projection, method: Method | None) -> list[str]:
    """The preprocessing, where it is not what the method does by itself."""
    if method is None or projection.steps == tuple(map(str, parse_steps(method.steps))):
        return []
    return ["after " + ", ".join(projection.steps) if projection.steps else "no preprocessing"]


def _progress(projection: Projection, stopped: bool) -> str:
    """How far a partial projection has come."""
    if projection.complete:
        return ""
    if projection.iterations is None:
        parts = ["stopped"] if stopped else []
    else:
        total = projection.params.get("iterations")
        steps = f"{'stopped at ' if stopped else ''}{projection.iterations:,}"
        parts = [f"{steps} of {total:,}" if total else steps]
    told = ", ".join([*parts, projection.phase] if projection.phase else parts)
    return f" ({told})" if told else ""


def _joined(words: list[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1]
