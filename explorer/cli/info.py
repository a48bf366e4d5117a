"""`info`: which tables are in a file, and what was noticed while reading the best one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer.cli.opening import open_table, probe
from explorer.cli.options import json_option, labels_option, table_argument, tensor_option
from explorer.cli.terminal import progress_bar, put_json, put_rows
from explorer.formats import Candidate
from explorer.table import Note, Table


@click.command("info", short_help="Which tables are in a file, and its load report.")
@table_argument
@tensor_option
@labels_option
@json_option
def command(table: Path, tensor: str, labels: Path | None, as_json: bool) -> None:
    """List the tables in the file TABLE, the most likely one first, and report on it."""
    candidates = probe(table)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        notes = (*opened.report, *opened.health)
    if as_json:
        put_json(
            {
                "tables": [_entry(c, candidates) for c in candidates],
                "report": [_note(n) for n in notes],
            }
        )
    else:
        _show(candidates, opened, notes)


def _reason(candidate: Candidate, among: list[Candidate]) -> str:
    """Why it is where it is in the list."""
    if len(among) == 1 and not candidate.score:
        return "the only table in the file"
    return candidate.reason


def _entry(candidate: Candidate, among: list[Candidate]) -> dict[str, Any]:
    return {
        "name": candidate.name,
        "rows": candidate.rows,
        "dim": candidate.dim,
        "dtype": candidate.dtype,
        "tokens": candidate.named,
        "bytes": candidate.nbytes,
        "score": candidate.score,
        "reason": _reason(candidate, among),
    }


def _note(note: Note) -> dict[str, Any]:
    return {"level": note.level, "message": note.message, "rows": list(note.rows)}


def _show(candidates: list[Candidate], table: Table, notes: tuple[Note, ...]) -> None:
    rows = [
        [
            *(c.name or "-", f"{c.rows:,}", f"{c.dim:,}", c.dtype, "yes" if c.named else "no"),
            _reason(c, candidates),
        ]
        for c in candidates
    ]
    put_rows(["table", "rows", "dim", "dtype", "tokens", "reason"], rows, right="lrr")
    name = table.source.tensor or table.name
    columns = ", ".join(table.columns) or "none"
    click.echo(f"\nOpened {name}: {len(table):,} rows x {table.dim:,}. Columns: {columns}.")
    for note in notes:
        click.echo(f"{'!' if note.level == 'warning' else '-'} {note.message}")
