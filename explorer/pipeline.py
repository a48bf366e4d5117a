"""The use cases, one function per verb: what the command line, the window and Python all call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from explorer import formats as _formats
from explorer import lookups, manifest, nearest, paths
from explorer.corpora import Texts, corpora
from explorer.errors import InputError, NotFoundError, ParameterError
from explorer.formats import Candidate, Format
from explorer.lookups import Lookup
from explorer.nearest import Neighbors
from explorer.params import build
from explorer.preparation import Prepared, Sample, parse_steps, prepare
from explorer.progress import Progress, Report, part, silent
from explorer.projection import Projection
from explorer.projections import Cost, Method, methods
from explorer.reading.files import head
from explorer.reading.labels import attachable_labels
from explorer.reading.layout import ensure_tokenizer_free
from explorer.reading.memory import allowing
from explorer.reading.naming import NAMELESS
from explorer.table import Note, Source, Table

if TYPE_CHECKING:
    from explorer.training import Snapshot, Trained

# Half a reason (see reading.choosing): less than that is a toss-up, and the user is asked.
_CLEAR_LEAD = 0.75

SAMPLE_TABLE = "sample/reviews.safetensors"
SAMPLE_CORPUS = "sample/reviews.csv"
_SEEDS = 2**32  # what NumPy and torch both take


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
    kept = [note for note in table.report if not note.message.startswith(NAMELESS)]
    told = (*kept, Note(f"Tokens are from {path.name}."), *labels.notes)
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
    assert writer.write is not None
    writer.write(table, path, report=report)
    tensor = "embedding.weight" if writer.name == "safetensors" else ""
    return replace(table, source=Source(path, writer.name, tensor))


def ensure_savable(path: Path | str) -> None:
    """Raises, before long work, what `save_table` would raise after it for the place alone:
    OutputError, ParameterError."""
    path = Path(path)
    writer = writer_for(path)
    paths.ensure_writable(path)
    if writer.name == "safetensors":
        ensure_tokenizer_free(path)


def convert(table: Table, path: Path | str, format: str = "", *, report: Report = silent) -> Table:
    """The table in another format: `save_table` by the name of the verb."""
    return save_table(table, path, format, report=report)


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


def lookup(table: Table, text: str) -> Lookup:
    """What a typed text looks up, piece by piece. Raises InputError for a broken tokenizer."""
    return lookups.lookup(table, text)


def neighbors(
    table: Table,
    query: str | int | npt.NDArray[np.floating[Any]],
    k: int = 10,
    metric: str = "cosine",
    *,
    report: Report = silent,
) -> Neighbors:
    """The k nearest rows of a token, a row number or a vector (dim,), in the raw space.

    Raises NotFoundError for an unknown token, ParameterError for a row or vector without a
    direction or a metric that does not exist.
    """
    row = table.row_of(query) if isinstance(query, str) else query
    return nearest.neighbors(table, row, k, metric, report=report)


def project(
    table: Table,
    method: str = "pca",
    *,
    dims: int = 2,
    seed: int = 0,
    axes: Sequence[int] | None = None,
    steps: str | Sequence[str] | None = None,
    sample: Sample | None = None,
    start: Projection | None = None,
    resume: bool = False,
    report: Report = silent,
    **params: Any,
) -> Projection:
    """A map of the table: of all its rows, or of a sample of them.

    method: a name in explorer.projections ("pca", "tsne"); params: its parameters by name.
    dims: 2 or 3. axes: 1-based components to draw, where the method has more than `dims`.
    steps: preprocessing in order, such as "centre, unit"; "none"; None for the method's own choice.
    sample: rows to draw by chance; None for all.
    start: a map to begin from, for methods that can (`Method.startable`). resume: go on with that
        map's own run, which was stopped.
    Raises ParameterError, and Cancelled where `report` does.
    """
    chosen = _method(method)
    if dims not in (2, 3):
        raise ParameterError(f"A map cannot have {dims} dimensions.", "Choose 2 or 3.")
    _check_seed(seed)
    checked = build(chosen.params, params)
    wanted = parse_steps(chosen.steps if steps is None else steps)
    points = prepare(table, wanted, sample, part(report, 0.0, 0.1 if wanted else 0.0))
    begun = {} if start is None else _begun(chosen, points, start, dims, resume)
    projection = chosen.fit(
        points, checked, dims=dims, seed=seed, report=part(report, 0.1, 1.0), **begun
    )
    if axes is None:
        return projection
    if len(axes) != dims:
        raise ParameterError(f"{len(axes)} axes do not make a {dims}-dimensional map.")
    return projection.with_axes(tuple(axis - 1 for axis in axes))


def _begun(
    method: Method, points: Prepared, start: Projection, dims: int, resume: bool
) -> dict[str, Any]:
    """What tells `Method.fit` where to begin."""
    if not method.startable:
        raise ParameterError(f"{method.title} does not begin from a map.", "Leave the start out.")
    if len(start.scores) != len(points.table) or start.dims != dims:
        raise ParameterError(
            f"The map to begin from has {len(start.scores):,} rows in {start.dims} dimensions.",
            f"This one has {len(points.table):,} in {dims}.",
        )
    if resume and (start.method != method.name or start.iterations is None):
        raise ParameterError("This map has no run to go on with.", "Make a new one.")
    coordinates = start.coordinates
    places = coordinates if points.rows is None else coordinates[points.rows]
    return {"start": places, "resume": start.iterations if resume else None}


def estimate(
    table: Table, method: str, *, dims: int = 2, sample: Sample | None = None, **params: Any
) -> Cost | None:
    """About how long a map will take here and how much memory; None where it is no matter."""
    chosen = _method(method)
    if chosen.estimate is None:
        return None
    rows = len(table) if sample is None else min(sample.size, len(table))
    return chosen.estimate(rows, table.dim, build(chosen.params, params), dims=dims)


def place_others(projection: Projection, *, seed: int = 0, report: Report = silent) -> Projection:
    """The map of a sample with all other rows placed into it; those that were there stay put.

    Raises ParameterError where the method cannot place rows, or none are missing.
    """
    method, table = _method(projection.method), projection.table
    if method.place is None or projection.sample is None:
        raise ParameterError(
            "There are no rows to be placed into this map.",
            "Make a map of a sample with a method that can place others, such as t-SNE.",
        )
    points = prepare(table, parse_steps(projection.steps), projection.sample, part(report, 0, 0.1))
    there = projection.shown_rows
    others = np.setdiff1d(np.arange(len(table)), there)
    others = others[np.isfinite(points.of_table(others)).all(axis=1)]
    scores = projection.scores.copy()
    axes = np.asarray(projection.axes)
    scores[others[:, None], axes] = method.place(
        points.of_table(there),
        projection.coordinates[there],
        points.of_table(others),
        seed=seed,
        report=part(report, 0.1, 1.0),
    )
    words = f"{len(others):,} rows outside the sample were placed into the map afterwards"
    return replace(
        projection, scores=scores, sample=None, preprocessing=(*projection.preprocessing, words)
    )


def _check_seed(seed: int) -> None:
    if not 0 <= seed < _SEEDS:
        raise ParameterError(f"The seed cannot be {seed}.", f"It is 0 to {_SEEDS - 1}.")


def _method(name: str) -> Method:
    known = methods()
    if name not in known:
        raise ParameterError(f"There is no method {name!r}.", f"There are: {', '.join(known)}.")
    return known[name]


def export(
    projection: Projection,
    path: Path | str,
    *,
    spreadsheet_safe: bool = False,
    report: Report = silent,
) -> tuple[Path, Path]:
    """Writes the coordinates as CSV and, beside it, the manifest; returns both paths.

    spreadsheet_safe: put `'` before cells that a spreadsheet would run as a formula.
    Raises OutputError; older files are then untouched.
    """
    return manifest.export_projection(
        projection, Path(path), spreadsheet_safe=spreadsheet_safe, report=report
    )


def train(
    corpus: Path | str | None = None,
    objective: str = "sentiment",
    *,
    seed: int = 0,
    corpus_params: dict[str, Any] | None = None,
    report: Report = silent,
    **params: Any,
) -> Trained:
    """Trains an embedding table on a corpus; the sample reviews where no path is given.

    objective: a name in explorer.objectives; params: its parameters by name.
    corpus_params: parameters of the corpus reader, such as `text_column`.
    Partial results of `report` are training.Started, then training.Snapshot.
    Raises InputError for a corpus that cannot be read, ParameterError, Cancelled.
    """
    from explorer import training
    from explorer.objectives import objectives

    path = Path(corpus) if corpus is not None else paths.resource(SAMPLE_CORPUS)
    known = objectives()
    if objective not in known:
        raise ParameterError(
            f"There is no objective {objective!r}.", f"There are: {', '.join(known)}."
        )
    goal = known[objective]
    _check_seed(seed)
    checked = build(goal.params, params)  # before minutes of reading
    texts = read_corpus(path, corpus_params, report=part(report, 0.0, 0.2))
    return training.train(texts, goal, checked, seed=seed, report=part(report, 0.2, 1.0))


@dataclass(frozen=True, eq=False)
class TrainingFrame:
    """A moment of a training: its snapshot and the PCA map of the table as it was."""

    snapshot: Snapshot
    projection: Projection


def with_map(report: Report) -> Report:
    """A report for `train` that turns every Snapshot into a TrainingFrame.

    Components have no sign of their own: each is turned to agree with the frame before, so that
    the map does not flip from one frame to the next.
    """
    previous: Projection | None = None

    def framed(progress: Progress) -> None:
        nonlocal previous
        from explorer.training import Snapshot

        if isinstance(progress.partial, Snapshot):
            previous = _like(previous, project(progress.partial.table))
            progress = replace(progress, partial=TrainingFrame(progress.partial, previous))
        report(progress)

    return framed


def _like(previous: Projection | None, projection: Projection) -> Projection:
    if previous is None or previous.scores.shape != projection.scores.shape:
        return projection
    agreement = np.nansum(previous.scores * projection.scores, axis=0)
    return replace(
        projection, scores=projection.scores * np.where(agreement < 0, -1, 1).astype("f4")
    )


def read_corpus(
    path: Path | str, params: dict[str, Any] | None = None, *, report: Report = silent
) -> Texts:
    """The labelled texts of a file or folder. Raises InputError where no reader knows it."""
    path = Path(path)
    if not head(path, 1) and not path.is_dir():
        raise InputError(path, "the file is empty.", "Give a file with labelled texts.")
    kind = next((entry for entry in corpora().values() if entry.recognises(path)), None)
    if kind is None:
        kinds = "; ".join(entry.title for entry in corpora().values())
        raise InputError(path, "this is not a corpus we can read.", f"We read: {kinds}.")
    return kind.read(path, build(kind.params, params or {}), report)


def draw(
    projection: Projection,
    path: Path | str,
    *,
    colour_by: str = "",
    report: Report = silent,
    **how: Any,
) -> Path:
    """Draws a map as PNG, SVG or PDF, by the ending of `path`; returns its path.

    colour_by: a column of the table; "" for the first that tells more than a count.
    how: of explorer.figure.draw_map: `dark`, `width`, `title`, `selection`, `quality` and so on.
    Raises OutputError, NotFoundError, ParameterError.
    """
    from explorer import figure

    columns = projection.table.columns
    if colour_by and colour_by not in columns:
        raise NotFoundError(
            f"There is no column {colour_by!r}.", f"There are: {', '.join(columns) or 'none'}."
        )
    column = columns.get(colour_by or next(iter(projection.table.colour_columns), ""))
    return figure.draw_map(projection, path, colour_by=column, report=report, **how)
