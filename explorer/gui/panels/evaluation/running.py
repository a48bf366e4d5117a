"""Lists of words that were chosen, and what a table was found to know of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from explorer import pipeline
from explorer.errors import ExplorerError
from explorer.evaluation import Options, Result
from explorer.progress import Progress, Report, part
from explorer.table import Table
from explorer.vectors import Vectors


@dataclass(frozen=True, eq=False)
class Chosen:
    """A list, and its result once there is one. error: why there is none. vectors, tokens,
    options: that the result, or the error, is of."""

    path: Path
    result: Result | None = None
    error: str = ""
    vectors: Vectors | None = field(default=None, repr=False)
    tokens: Sequence[str] | None = field(default=None, repr=False)
    options: Options | None = None

    @property
    def asked(self) -> bool:
        """Whether it was evaluated at all, by whatever table."""
        return self.result is not None or bool(self.error)

    def of(self, table: Table | None, options: Options) -> bool:
        """Whether the result is of these numbers and options."""
        return table is not None and self.vectors is table.vectors and self.options == options


def evaluate(
    table: Table, lists: Sequence[Chosen], options: Options, report: Report
) -> tuple[Chosen, ...]:
    """Asks the table each list; one that cannot be read does not hold up the others.

    What was found so far is the `partial` of the reports."""
    done: list[Chosen] = []
    for place, chosen in enumerate(lists):
        within = part(report, place / len(lists), (place + 1) / len(lists))
        done.append(_evaluated(table, chosen, options, within))
        report(Progress(place + 1, len(lists), "Evaluating", tuple(done)))
    return tuple(done)


def _evaluated(table: Table, chosen: Chosen, options: Options, report: Report) -> Chosen:
    fresh = Chosen(chosen.path, vectors=table.vectors, tokens=table.tokens, options=options)
    try:
        (result,) = pipeline.evaluate(
            table,
            chosen.path,
            case_sensitive=options.case_sensitive,
            how=options.how,
            restrict_vocab=options.restrict_vocab,
            count_unknown=options.count_unknown,
            report=report,
        )
    except ExplorerError as error:
        return replace(fresh, error=str(error))
    return replace(fresh, result=result)
