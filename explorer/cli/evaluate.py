"""`evaluate`: what a table knows of words, by lists of judged pairs and of analogies."""

from __future__ import annotations

from pathlib import Path

import click

from explorer import pipeline
from explorer.cli.analogy import method_option
from explorer.cli.opening import open_table
from explorer.cli.options import (
    WholeNumber,
    file_option,
    json_option,
    labels_option,
    refuse_given,
    spreadsheet_safe_option,
    table_argument,
    tensor_option,
    was_given,
)
from explorer.cli.terminal import progress_bar, put_json, put_rows, say
from explorer.evaluation import Analogies, Result, Section, WordSimilarity
from explorer.paths import ensure_apart, ensure_writable
from explorer.progress import part
from explorer.tokens import shown


@click.command("evaluate", short_help="What a table knows of words: similarity, analogies.")
@table_argument
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@method_option
@click.option("--case-sensitive", is_flag=True, help="Words must be spelt as the tokens are.")
@click.option(
    "--restrict-vocab",
    type=WholeNumber(min=1),
    metavar="N",
    help="Know, and answer with, the first N rows only.  [default: all]",
)
@click.option(
    "--count-unknown",
    is_flag=True,
    help="Lines with a word that is not in the table count, as wrong or as a cosine of 0.",
)
@file_option(
    "--misses",
    metavar="OUT.csv",
    told="Write every line that was not answered rightly, and what was found instead.",
)
@spreadsheet_safe_option
@tensor_option
@labels_option
@json_option
def command(
    table: Path,
    files: tuple[Path, ...],
    method: str,
    case_sensitive: bool,
    restrict_vocab: int | None,
    count_unknown: bool,
    misses: Path | None,
    spreadsheet_safe: bool,
    tensor: str,
    labels: Path | None,
    as_json: bool,
) -> None:
    """Ask TABLE the questions in each FILE: judged word pairs, or analogies.

    Word pairs are lines such as `tiger cat 7.35` (WordSim-353, SimLex-999 and their like), and the
    answer is how well the cosines go along with the scores. Analogies are lines such as `Athens
    Greece Oslo Norway` in sections (questions-words), pairs of one relation such as `cat`, a tab,
    `feline/animal` in a file or a folder of files (BATS), or questions beside their answers (MSR),
    and the answer is the share that is solved. What a file holds decides. Upper and lower case are
    taken for one, the first row of a word for the word; lines with a word that is not in the table
    are left out, and counted.
    """
    if misses is not None:
        ensure_apart(misses, (table, *files, *([labels] if labels else [])))
        ensure_writable(misses)
    else:
        refuse_given(["spreadsheet_safe"], "needs --misses")
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=part(report, 0.0, 0.2))
        results = pipeline.evaluate(
            opened,
            files,
            case_sensitive=case_sensitive,
            how=method,
            restrict_vocab=restrict_vocab,
            count_unknown=count_unknown,
            report=part(report, 0.2, 1.0),
        )
    if misses is not None:
        pipeline.write_misses(results, misses, spreadsheet_safe=spreadsheet_safe)
    if as_json:
        put_json({"results": [result.as_dict() for result in results]})
    else:
        _show(results)
    _tell_more(results, misses, as_json)


def _show(results: tuple[Result, ...]) -> None:
    similar = [result for result in results if isinstance(result, WordSimilarity)]
    if similar:
        _show_similarity(similar)
    for place, result in enumerate(one for one in results if isinstance(one, Analogies)):
        if similar or place:
            click.echo()
        _show_analogies(result)


def _show_similarity(results: list[WordSimilarity]) -> None:
    rows = [
        [
            shown(result.name, 40),
            _score(result.spearman),
            _p(result.spearman_p),
            _score(result.pearson),
            _p(result.pearson_p),
            f"{result.known:,}",
            f"{result.asked:,}",
            _percent(result.coverage),
        ]
        for result in results
    ]
    header = ["word pairs", "Spearman", "p", "Pearson", "p", "known", "of", "coverage"]
    put_rows(header, rows, right="lrrrrrrr")


def _show_analogies(result: Analogies) -> None:
    sections = [_line(section) for section in result.sections if section.name]
    rows = [*sections, *map(_line, result.groups), _line(result.total)]
    first = f"analogies: {shown(result.name, 40)}"
    header = [first, "accuracy", "right", "of", "questions", "coverage"]
    put_rows(header, rows, right="lrrrrr")


def _line(section: Section) -> list[str]:
    return [
        shown(section.name, 40),
        _percent(section.accuracy),
        f"{section.right:,}",
        f"{section.counted:,}",
        f"{section.asked:,}",
        _percent(section.coverage),
    ]


def _score(value: float) -> str:
    return "-" if value != value else f"{value:.4f}"


def _p(value: float) -> str:
    return "-" if value != value else f"{value:.1e}"


def _percent(share: float) -> str:
    return "-" if share != share else f"{100 * share:.1f} %"


def _tell_more(results: tuple[Result, ...], misses: Path | None, as_json: bool) -> None:
    """What was noticed, and how many lines were missed, on stderr."""
    if was_given("method") and not any(isinstance(one, Analogies) for one in results):
        say("--method changed nothing: it is about analogies, and there are none.")
    for note in dict.fromkeys(note for result in results for note in result.notes):
        say(note)
    for result in results:
        if bad := len(result.bad_lines):
            first = result.bad_lines[0]
            lines = "1 line" if bad == 1 else f"{bad:,} lines"
            say(f"{shown(result.name)}: {lines} not read; line {first.line:,}: {first.problem}.")
    count = sum(len(result.misses) for result in results)
    if misses is not None:
        (say if as_json else click.echo)(str(misses))
    elif count and not as_json:
        say(f"{count:,} {'miss' if count == 1 else 'misses'}; --misses OUT.csv lists them.")
