"""What the page of spaces asks for in the background: a query in one space after the other."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from explorer import pipeline
from explorer.errors import ParameterError
from explorer.gui.tasks.querying import Query
from explorer.pipeline import SpaceComparison
from explorer.progress import Progress, Report
from explorer.table import Table
from explorer.vectors import Vectors

_MESSAGE = "Comparing spaces"


@dataclass(frozen=True, eq=False)
class SideBySide:
    """vectors: of the table. cosines: means of random pairs, by space, where they are known."""

    vectors: Vectors
    found: SpaceComparison
    cosines: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Asked:
    """spaces: as pipeline.compare_spaces takes them. known: cosines of random pairs that were found
    before, by space."""

    table: Table
    query: Query
    k: int
    metric: str
    spaces: tuple[str, ...]
    known: Mapping[str, float]

    def answer(self, report: Report) -> SideBySide:
        """Reports the first spaces while the others are fitted, which may take a while. Raises what
        pipeline.compare_spaces does, where the query can be compared in none of them."""
        new, count = [space for space in self.spaces if space not in self.known], len(self.spaces)
        for ready in range(1 if new else count, count):
            with suppress(ParameterError):  # in none of these: in one of the others, perhaps
                report(Progress(ready, count, _MESSAGE, self._in_first(ready, report)))
        found = self._in_first(count, report)
        if new:
            report(Progress(count, count, _MESSAGE, found))
        cosines = {
            space: pipeline.mean_random_cosine(self.table, space, report=report)
            for space in new
            if space in found.found.spaces
        }
        return replace(found, cosines={**self.known, **cosines})

    def _in_first(self, count: int, report: Report) -> SideBySide:
        """In the first spaces; they are fitted once, and known from then on."""
        found = pipeline.compare_spaces(
            self.table,
            self.query.asked,
            self.k,
            self.metric,
            spaces=self.spaces[:count],
            optional=self.spaces,
            selections=self.query.selections,
            report=report,
        )
        return SideBySide(self.table.vectors, found, self.known)
