"""What the command line writes: lines, aligned tables, JSON, and a progress bar on stderr."""

from __future__ import annotations

import codecs
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click

from explorer.progress import Cancelled, Progress, Report


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
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        cells = [
            cell.rjust(width) if right[place : place + 1] == "r" else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


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
