"""Projection: where the rows of a table lie on a map, and how the map was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.extent import extent
from explorer.extremes import extremes
from explorer.preparation import CHOSEN, Sample
from explorer.table import Table

_FURTHEST = 3  # rows at each end of an axis
# The method whose axes are expressions. Of a map that was read from a file the name is all that is
# known of its method.
_NAMED_DIRECTIONS = "axes"
_BY_COLUMN = ("frequency", "most frequent")  # ways to sample that read a column


@dataclass(frozen=True, eq=False)
class Projection:
    """A map of a table. Immutable; names the Table it was made from, so a stale one can be told.

    scores: float32 (rows, components), NaN in rows that were left out.
    axes: the 2 or 3 columns of `scores` that are drawn, in order.
    method: name of the METHOD; params: its parameters, as in the manifest.
    preprocessing: what was done to the vectors first, in order, in words.
    steps: the same as `preparation.parse_steps` reads it ("centre", "remove 3"), in order.
    sample: how the rows on the map were drawn; None where all take part.
    titles: of the components, where they have a meaning of their own; else empty.
    loadings: float64 (dim, components), the linear map from prepared vectors to scores; None where
        the method is none.
    explained: float64 (components,), share of the whole variance of each component, in [0, 1], or
        of the whole mean square where the rows were not centred (`spread`); None where undefined.
    spectrum: float64, the same share of every direction, the greatest first (a scree plot); None
        where undefined.
    kl: Kullback-Leibler divergence at the end (nats); None where the method has none.
    start: what the run began from, in words ("another map"), where it was not the method's own
        choice.
    left_out: int64, rows with NaN or infinite numbers, which have no place on the map.
    complete: False for a partial result (stopped, or still running).
    iterations: steps of the descent so far, of all runs that it went on from; None for a method
        without steps.
    phase: the part of the descent that a partial result is from, such as "early exaggeration".
    selections: rows by the names that expressions among the parameters call them by.
    placed: how many rows were placed into the finished map of a sample.
    """

    table: Table
    scores: npt.NDArray[np.float32]
    axes: tuple[int, ...]
    method: str
    params: Mapping[str, Any]
    seed: int
    preprocessing: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    sample: Sample | None = None
    titles: tuple[str, ...] = ()
    loadings: npt.NDArray[np.float64] | None = None
    explained: npt.NDArray[np.float64] | None = None
    spectrum: npt.NDArray[np.float64] | None = None
    kl: float | None = None
    start: str = ""
    left_out: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    complete: bool = True
    iterations: int | None = None
    phase: str = ""
    selections: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    placed: int = 0

    def __post_init__(self) -> None:
        self.scores.flags.writeable = False
        if any(axis < 0 or axis >= self.scores.shape[1] for axis in self.axes):
            raise ParameterError(
                f"This projection has {self.scores.shape[1]} components.",
                f"Choose axes between 1 and {self.scores.shape[1]}.",
            )
        if len(set(self.axes)) < len(self.axes):
            raise ParameterError(
                "The same component was asked for on two axes.",
                "Choose a different component for each axis.",
            )

    @property
    def coordinates(self) -> npt.NDArray[np.float32]:
        """float32 (rows, 2 or 3): the drawn axes."""
        return self.scores[:, list(self.axes)]

    def coordinates_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """float32 (len(rows), 2 or 3): the drawn axes of these rows."""
        return self.scores[rows[:, None], list(self.axes)]

    @property
    def dims(self) -> int:
        return len(self.axes)

    def with_axes(self, axes: tuple[int, ...]) -> Projection:
        """The same projection seen along other components (0-based).

        ParameterError where one is absent or there twice.
        """
        return replace(self, axes=axes)

    @property
    def meaningful_axes(self) -> bool:
        """Whether positions along the axes mean something by themselves."""
        return self.explained is not None or bool(self.titles)

    @property
    def one_unit(self) -> bool:
        """Whether the axes share a unit, so that distances across both mean something: not where
        each axis is a measure of its own."""
        return self.method != _NAMED_DIRECTIONS

    @cached_property
    def furthest(self) -> npt.NDArray[np.int64]:
        """`ends` of all rows that a picture of the map shows: in one unit, the few that lie far
        from all others are left out."""
        coordinates = self.coordinates
        low, high = extent(coordinates, whole=not self.one_unit)
        within = np.logical_and(coordinates >= low, coordinates <= high)
        return self.ends(np.all(within, axis=1))

    def ends(self, among: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """The rows at both ends of each drawn axis, the first of every end before the second ones,
        int64; none where the axes have no meaning of their own.

        among: bool (rows,), those that can be an end.
        """
        if not self.meaningful_axes:
            return np.empty(0, np.int64)
        rows = np.flatnonzero(among)
        ends = [rows[extremes(self.scores[rows, axis], _FURTHEST)[0]] for axis in self.axes]
        fewest = min(map(len, ends))
        turns = [end[[place, len(end) - 1 - place]] for place in range(fewest // 2) for end in ends]
        found = np.concatenate([np.empty(0, np.int64), *turns])
        return found[np.sort(np.unique(found, return_index=True)[1])]

    @property
    def hangs_on_names(self) -> bool:
        """Whether the same numbers, called otherwise, would be another map: expressions name
        tokens, and a sample may be drawn by a column."""
        drawn_by_column = self.sample is not None and self.sample.by in _BY_COLUMN
        return self.method == _NAMED_DIRECTIONS or drawn_by_column

    @property
    def shown_rows(self) -> npt.NDArray[np.int64]:
        """Rows that have a place on the map, ascending int64."""
        return np.flatnonzero(np.isfinite(self.coordinates).all(axis=1))

    @property
    def coverage(self) -> str:
        """How many rows have a place on the map, of how many, and why not all."""
        total, there = len(self.table), len(self.shown_rows)
        if there == total:
            return "1 row" if total == 1 else f"{total:,} rows"
        if self.sample is None:
            why = f"{total - there:,} left out"
        else:
            why = "chosen by hand" if self.sample.by == CHOSEN else f"a sample: {self.sample}"
        return f"{there:,} of {total:,} rows ({why})"

    @property
    def alike(self) -> bool:
        """Whether the rows do not vary, so that there is no variance to take shares of."""
        return self.explained is not None and not self.explained.any()

    @property
    def spread(self) -> str:
        """What `explained` has the shares of: the variance, or the mean square where the rows keep
        a mean that is not zero (see components.Components)."""
        kept = [step for step in self.steps if not step.startswith("remove")]
        return "variance" if kept and kept[-1] in ("centre", "whiten") else "mean square"

    @property
    def verdict(self) -> str:
        """How much of the table the map shows, in one line."""
        if self.alike:
            return "all rows are alike"
        if self.explained is not None:
            shares = [float(self.explained[axis]) for axis in self.axes]
            each = " + ".join(f"{100 * share:.2f} %" for share in shares)
            return f"{each} = {100 * sum(shares):.2f} % of the {self.spread}"
        if self.titles:
            drawn = [
                (name, self.titles[axis]) for name, axis in zip("xyz", self.axes, strict=False)
            ]
            return ", ".join(f"{name} = {title}" for name, title in drawn if name != title)
        steps = "" if self.iterations is None else f" after {self.iterations:,} iterations"
        stopped = "" if self.complete else ", stopped early"
        return "" if self.kl is None else f"KL divergence {self.kl:.4f}{steps}{stopped}"

    def axis_title(self, place: int) -> str:
        """Title of the drawn axis `place` (0 for x), such as "PC 1 (5.9 %)"."""
        component = self.axes[place]
        if self.titles:
            return self.titles[component]
        if self.explained is None:
            return f"{self.method} {component + 1}"
        return f"PC {component + 1} ({100 * self.explained[component]:.1f} %)"
