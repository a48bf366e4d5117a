"""What the command line writes: lines, aligned tables, JSON, and a progress bar on stderr."""

from __future__ import annotations

import codecs
import json
import math
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click

from explorer.progress import Cancelled, Progress, Report
from explorer.tokens import shown

LONGEST_TOKEN = 60  # characters in a table; --json has all of them


def say(line: str) -> None:
    """One line to the person, on stderr."""
    click.echo(line, err=True)


def put_json(value: Any) -> None:
    """JSON on stdout; NaN and infinity, which JSON does not have, become null."""
    # Where stdout cannot hold every character, JSON's own escapes can.
    unicode = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    click.echo(json.dumps(_plain(value), ensure_ascii=not unicode, indent=2, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value


def put_rows(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: str = "") -> None:
    """Aligned columns on stdout. right: one letter a column, "r" for right-aligned."""
    widths = [max(map(_width, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        cells = [
            _padded(cell, width, right[place : place + 1] == "r")
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Places that a terminal takes for it: two for a Chinese character, none for an accent."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _padded(cell: str, width: int, right: bool) -> str:
    blanks = " " * (width - _width(cell))
    return blanks + cell if right else cell + blanks


def token_cell(token: str) -> str:
    """A token as it stands in a table: visible, and not so long that the table falls apart."""
    return shown(token, LONGEST_TOKEN)


def decimals(values: Iterable[float], places: int) -> list[str]:
    """Numbers of one column, with so many places after the point; or, where the largest would
    then be nothing but zeros, or a long row of digits, with as many significant ones."""
    several = [float(value) for value in values]
    largest = max((abs(value) for value in several if math.isfinite(value)), default=0.0)
    readable = largest == 0 or 10.0 ** (1 - places) <= largest < 1e7
    return [f"{value:z.{places}{'f' if readable else 'g'}}" for value in several]


def decimal(value: float, places: int) -> str:
    """One number; see `decimals`."""
    return decimals([value], places)[0]


@contextmanager
def progress_bar() -> Iterator[Report]:
    """A report that draws a bar on stderr (where that is a terminal) and turns Ctrl+C into
    Cancelled at the next checkpoint."""
    interrupted = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        if interrupted:  # asked twice: at once
            raise KeyboardInterrupt
        interrupted = True

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        with _drawn() as draw:

            def report(progress: Progress) -> None:
                if interrupted:
                    raise Cancelled
                draw(progress)

            yield report
    finally:
        signal.signal(signal.SIGINT, previous)


@contextmanager
def _drawn() -> Iterator[Report]:
    if not sys.stderr.isatty():
        yield lambda progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def draw(progress: Progress) -> None:
            total = progress.total or None
            bar.update(
                task, completed=progress.done, total=total, description=progress.message or "…"
            )

        yield draw
