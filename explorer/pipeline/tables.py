"""Opening, naming and saving tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from explorer import formats as _formats
from explorer import paths
from explorer.errors import InputError, OutputError, ParameterError
from explorer.formats import Candidate, Format
from explorer.progress import Report, silent
from explorer.reading.labels import attachable_labels
from explorer.reading.memory import allowing
from explorer.reading.naming import tokens_from
from explorer.reading.own_layout import ensure_tokenizer_free, is_own_layout
from explorer.table import Source, Table

# Half a reason (see reading.choosing): less than that is a toss-up, and the user is asked.
_CLEAR_LEAD = 0.75

SAMPLE_TABLE = "sample/reviews.safetensors"


def probe(path: Path | str, *, memory: int | None = None) -> list[Candidate]:
    """The tables a file holds, best first; reads headers only. memory: see `open_table`.
    Raises InputError."""
    path = Path(path)
    with allowing(memory):
        return _formats.sniff(path).probe(path)


def clear_winner(candidates: Sequence[Candidate]) -> Candidate | None:
    """The candidate to open without asking: the only one, or one well above the next; else None."""
    first, *others = candidates
    if not others or first.score - others[0].score >= _CLEAR_LEAD:
        return first
    return None


def open_table(
    path: Path | str | None = None,
    tensor: str = "",
    *,
    labels: Path | str | None = None,
    memory: int | None = None,
    report: Report = silent,
) -> Table:
    """The table in a file or folder; the sample table where no path is given.

    tensor: which table of the file; "" for the most likely one (see `probe`).
    labels: a file of labels to name the rows by (see `attach_labels`).
    memory: bytes the table may take where it cannot be mapped; None: reading.memory.memory_budget.
    Raises InputError, and NotFoundError where there is no such tensor.
    """
    path = Path(path) if path is not None else paths.resource(SAMPLE_TABLE)
    with allowing(memory):
        table = _formats.sniff(path).read(path, tensor, report=report)
    return table if labels is None else attach_labels(table, labels)


def attach_labels(table: Table, path: Path | str) -> Table:
    """The table with the tokens and columns of a label file (TSV, or CSV by its ending).

    The first line is a header if and only if it holds a tab (a comma, in a CSV): the TensorBoard
    projector's rule. Columns of the same name are replaced, and a tokenizer is dropped, for it
    names the rows otherwise. Raises InputError, with both numbers, where there is not one label a
    row.
    """
    path = Path(path)
    matrix = table.source.path or Path(table.name)
    labels = attachable_labels(path, matrix, len(table))
    kept = [note for note in table.report if not note.of_names]
    told = (*kept, tokens_from(path.name), *labels.notes)
    return replace(
        table,
        tokens=labels.tokens,
        columns={**table.columns, **labels.columns},
        source=replace(table.source, labels=Source(path)),
        report=told,
        tokenizer="",
        named=True,
    )


def save_table(
    table: Table, path: Path | str, format: str = "", *, report: Report = silent
) -> Table:
    """Writes the table in the format that the suffix of `path` asks for; returns the saved one.

    format: a name in explorer.formats, whatever the suffix. Only safetensors, our own layout, holds
    everything (docs/formats.md); what a format cannot hold is refused, naming the row.
    Raises OutputError, an older file being then untouched, and ParameterError (see `writer_for`).
    """
    path = Path(path)
    writer = writer_for(path, format)
    _spare_source(table, path)
    assert writer.write is not None
    writer.write(table, path, report=report)
    tensor = "embedding.weight" if writer.name == "safetensors" else ""
    return replace(table, source=Source(path, writer.name, tensor))


def _spare_source(table: Table, path: Path) -> None:
    """Raises OutputError where the table would be written over the file it came from, one of the
    folder, or its labels, unless that is a file of ours, which holds nothing else: a checkpoint
    would lose its other tensors."""
    source, labels = table.source.path, table.source.labels
    read = [source] if source is not None and source.is_dir() else []
    ensure_spared(path, [*read, *([labels.path] if labels is not None and labels.path else [])])
    if source is None or not (path.exists() and source.exists() and path.samefile(source)):
        return
    if table.source.format != "safetensors" or not is_own_layout(source):
        raise OutputError(
            path, "this is the file that the table came from.", "Choose another name."
        )


def ensure_spared(path: Path, sources: Iterable[Path]) -> None:
    """Raises OutputError where a table written to `path` would take the place of one of these files
    or of one in a folder among them. A file of ours, which holds nothing else, may be written
    again."""
    if not _is_ours(path):
        paths.ensure_apart(path, sources)


def _is_ours(path: Path) -> bool:
    try:
        return path.is_file() and path.suffix == ".safetensors" and is_own_layout(path)
    except InputError:
        return False


def ensure_savable(path: Path | str) -> None:
    """Raises, before long work, what `save_table` would raise after it for the place alone:
    OutputError, ParameterError."""
    path = Path(path)
    writer = writer_for(path)
    paths.ensure_writable(path)
    if writer.name == "safetensors":
        ensure_tokenizer_free(path)


def writer_for(path: Path | str, format: str = "") -> Format:
    """The format to write a file in: the one named, else by its suffix. To be asked before long
    work. Raises ParameterError where there is none."""
    writers = {name: entry for name, entry in _formats.formats().items() if entry.write}
    if format and format not in writers:
        raise ParameterError(
            f"Tables cannot be written as {format!r}.", f"There are: {', '.join(writers)}."
        )
    suffix = Path(path).suffix.lower() or ".safetensors"  # a name without an ending: our layout
    for entry in writers.values():
        if format == entry.name or (not format and suffix in entry.writes):
            return entry
    endings = ", ".join(ending for entry in writers.values() for ending in entry.writes)
    raise ParameterError(
        f"The name {Path(path).name!r} does not say in which format to write.",
        f"End it in one of {endings}, or name the format.",
    )
