"""A table asked what it knows of the words in lists, and every miss written down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from explorer import evaluation
from explorer.errors import ParameterError
from explorer.evaluation import Options, Result, misses
from explorer.progress import Report, silent
from explorer.table import Table


def evaluate(
    table: Table,
    paths: str | Path | Sequence[str | Path],
    *,
    case_sensitive: bool = False,
    how: str = "add",
    restrict_vocab: int | None = None,
    count_unknown: bool = False,
    report: Report = silent,
) -> tuple[Result, ...]:
    """What the table knows of the words in files: one result for each, in their order.

    paths: word-similarity lists (a WordSimilarity each) or analogies (an Analogies each), files or
    folders (BATS); what they hold decides. The two files of one list (MSR) are one list.
    case_sensitive, how, restrict_vocab, count_unknown: see evaluation.Options.
    Raises InputError for a file that cannot be read or holds neither, ParameterError for an option
    out of range or no file.
    """
    options = Options(case_sensitive, how, restrict_vocab, count_unknown)
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    if not files:
        raise ParameterError("There is no file to evaluate.", "Name at least one.")
    return evaluation.evaluate_files(table, [Path(path) for path in files], options, report)


def write_misses(
    results: Sequence[Result], path: str | Path, *, spreadsheet_safe: bool = False
) -> Path:
    """Writes every miss of the results into one CSV file (RFC 4180, UTF-8), and returns its path.

    Columns: file, line, kind, section, question, expected, found, rank, note.
    spreadsheet_safe: put `'` before cells that a spreadsheet would run as a formula.
    Raises OutputError where the file cannot be written.
    """
    return misses.write(results, Path(path), safe=spreadsheet_safe)
