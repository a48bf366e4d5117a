"""Analogies: what is asked, what is answered, and examples that a table has the words for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from explorer import analogies, pipeline
from explorer.expressions import quoted
from explorer.gui.fields.typed_tokens import row_of
from explorer.nearest import Neighbors
from explorer.progress import Progress, Report, silent
from explorer.table import Table
from explorer.tokens import WORD_STARTS

Three = tuple[int, int, int]

K = 15  # answers of each method
OFFERED = 3  # examples
_STARTS = "".join(WORD_STARTS.values())
# Well-known ones, and some that small tables of reviews can solve.
_KNOWN = (
    ("man", "woman", "king", "queen"),
    ("he", "she", "his", "her"),
    ("movie", "movies", "film", "films"),
    ("man", "woman", "actor", "actress"),
    ("good", "better", "bad", "worse"),
    ("France", "Paris", "Italy", "Rome"),
    ("france", "paris", "italy", "rome"),
    ("big", "bigger", "small", "smaller"),
    ("father", "mother", "son", "daughter"),
    ("is", "was", "are", "were"),
)


@dataclass(frozen=True, eq=False)
class Solved:
    """rows: of a, b and c. added, multiplied: the answers of 3CosAdd and 3CosMul. nearest: the row
    that 3CosAdd would answer were the question's words not left out."""

    table: Table
    rows: Three
    added: Neighbors
    multiplied: Neighbors
    nearest: int


@dataclass(frozen=True)
class Example:
    """words: a, b, c as the table has them. solved: whether 3CosAdd finds the usual answer."""

    words: tuple[str, str, str]
    solved: bool


def solve(table: Table, rows: Three, report: Report = silent) -> Solved:
    """Asks by both methods, and once more without leaving anything out."""
    a, b, c = rows
    added = pipeline.analogy(table, a, b, c, K, how="add", report=report)
    multiplied = pipeline.analogy(table, a, b, c, K, how="mul", report=report)
    exact = table.vectors.exact
    whole = analogies.solve(table, [exact(b), exact(c)], [exact(a)], 1, report=report)
    return Solved(table, rows, added, multiplied, int(whole.rows[0]))


def examples(table: Table, report: Report = silent) -> tuple[Example, ...]:
    """Up to OFFERED examples whose words the table has, solved ones first; where it has none,
    one of its first tokens."""
    found: list[Example] = []
    for place, words in enumerate(_KNOWN):
        report(Progress(place, len(_KNOWN)))
        rows = [row_of(word, table) for word in words]
        a, b, c, expected = rows
        if a is None or b is None or c is None or not table.vectors.norms[[a, b, c]].all():
            continue
        best = pipeline.analogy(table, a, b, c, 1, report=report).rows
        named = (table.tokens[a], table.tokens[b], table.tokens[c])
        found.append(Example(named, len(best) > 0 and int(best[0]) == expected))
        if sum(example.solved for example in found) == OFFERED:
            break
    found.sort(key=lambda example: not example.solved)
    return tuple(found[:OFFERED]) or tuple(_of_first(table))


def _of_first(table: Table) -> Iterator[Example]:
    """The first three different words with a direction."""
    words: dict[str, None] = {}
    for row in range(min(len(table), 1000)):
        token = table.tokens[row]
        if token.strip(_STARTS).isalpha() and table.find(token) == row and table.vectors.norms[row]:
            words[token] = None
        if len(words) == 3:
            first, second, third = words
            yield Example((first, second, third), False)
            return


def expression(table: Table, rows: Three) -> str:
    """The query that 3CosAdd ranks by, as an expression."""
    a, b, c = (_named(table, row) for row in rows)
    return f"unit({b}) - unit({a}) + unit({c})"


def _named(table: Table, row: int) -> str:
    token = table.tokens[row]
    return quoted(token) if table.find(token) == row else f"#{row}"
