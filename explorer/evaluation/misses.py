"""Every miss of an evaluation as a CSV file, for people and spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from explorer.evaluation.results import Miss, Result
from explorer.paths import ensure_apart, replacing
from explorer.sheets import text_cell

HEADER = ("file", "line", "kind", "section", "question", "expected", "found", "rank", "note")


def write(results: Sequence[Result], path: Path, *, safe: bool = False) -> Path:
    """Writes the misses of all results, in their order; beside, then renamed.

    safe: put `'` before cells that a spreadsheet would run as a formula.
    Raises OutputError where the file cannot be written, or is one of the lists.
    """
    ensure_apart(path, (result.path for result in results))
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(HEADER)
        for result in results:
            for miss in result.misses:
                writer.writerow(_cells(str(result.path), miss, safe=safe))
    return path


def _cells(file: str, miss: Miss, *, safe: bool) -> Iterator[str | int]:
    rank: str | int = "" if miss.rank is None else miss.rank
    texts = (miss.section, miss.question, miss.expected, miss.found)
    yield text_cell(file, safe=safe)
    yield miss.line
    yield miss.kind
    yield from (text_cell(text, safe=safe) for text in texts)
    yield rank
    yield text_cell(miss.note, safe=safe)
