"""What the user asks for, turned into lanes of work and, once done, into the session's state.

The one place where a job's result becomes what every view shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer import pipeline
from explorer.errors import ExplorerError
from explorer.formats import Candidate
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs, Lane, Work
from explorer.progress import Report, part
from explorer.projection import Projection
from explorer.reading.memory import DEFAULT_SHARE, memory_budget
from explorer.table import Note, Table

_AT_ONCE = 300_000  # rows: a dictionary of more would take long to make, and may not be asked for


@dataclass(frozen=True, eq=False)
class Opened:
    """A table that was read. path: None for the sample. notes: its load report."""

    path: Path | None
    table: Table
    notes: tuple[Note, ...]


@dataclass(frozen=True, eq=False)
class Labelled:
    """The table at hand with the tokens and columns of a label file."""

    path: Path
    table: Table


@dataclass(frozen=True, eq=False)
class Choice:
    """Several tables in a file, none of them clearly the one."""

    path: Path
    candidates: Sequence[Candidate]


@dataclass(frozen=True, eq=False)
class Saved:
    """A table that was written. before: as it was at hand; after: as it is in the file."""

    path: Path
    before: Table
    after: Table


class Commands(QObject):
    """opened: a table was opened, with its path (None for the sample) and its load report.
    choice_needed: a file holds several tables and none is the clear one: path, candidates.
    labelled: the file that names the rows now. saved: the path written. exported: the
    paths written, of coordinates and manifest or of a figure.
    not_saved: a save that was asked for did not happen, after
    failed or stopped told so. stopped: a sentence on what was not finished because it was stopped.
    failed: an exception to be shown.
    """

    opened = Signal(object, object)
    choice_needed = Signal(object, object)
    labelled = Signal(object)
    saved = Signal(object)
    exported = Signal(object)
    not_saved = Signal()
    stopped = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._unsaved = False
        self._memory_share = DEFAULT_SHARE
        self._target = session.maps.active  # the map that projections go to
        jobs.files.succeeded.connect(self._finish_files)
        jobs.files.failed.connect(self.failed)
        jobs.saving.succeeded.connect(self._finish_save)
        jobs.saving.failed.connect(self._fail_save)
        jobs.saving.cancelled.connect(self._stop_save)
        jobs.export.cancelled.connect(
            lambda _: self.stopped.emit("No file was written: it was stopped.")
        )
        jobs.projection.progressed.connect(lambda p: self._adopt(p.partial))
        jobs.projection.succeeded.connect(self._adopt)
        # Once more, as the result of a run that was stopped: what is shown then says so.
        jobs.projection.cancelled.connect(self._adopt)
        jobs.projection.failed.connect(self.failed)
        jobs.export.succeeded.connect(self.exported)
        jobs.export.failed.connect(self.failed)

    @property
    def unsaved(self) -> bool:
        """Whether the table at hand was trained here and is in no file yet."""
        return self._unsaved

    def forget_unsaved(self) -> None:
        """The user does not want the table that is in no file."""
        self._unsaved = False

    def set_memory_share(self, share: float) -> None:
        """How much of the machine's memory a table may take that is opened from now on."""
        self._memory_share = share

    def open_table(self, path: Path | None, tensor: str = "") -> None:
        """Opens a file or folder in the background; None for the sample table."""
        share = self._memory_share

        def work(report: Report) -> Opened | Choice:
            memory = memory_budget(share)
            candidates = pipeline.probe(path, memory=memory) if path and not tensor else ()
            if path and candidates and pipeline.clear_winner(candidates) is None:
                return Choice(path, candidates)
            table = pipeline.open_table(path, tensor, memory=memory, report=part(report, 0.0, 0.8))
            # A padding row of zeros is no news; duplicates and NaN are.
            warnings = [note for note in table.health if note.level == "warning"]
            _read_tokens(table)
            return Opened(path, table, (*table.report, *warnings))

        name = path.name if path else "the sample table"
        self._jobs.files.start(f"Opening {name}", work)

    def attach_labels(self, path: Path) -> None:
        """Names the rows of the table at hand by a file of labels."""
        table = self._session.table
        if table is None:
            return

        def work(report: Report) -> Labelled:
            labelled = pipeline.attach_labels(table, path)
            _read_tokens(labelled)
            return Labelled(path, labelled)

        self._jobs.files.start(f"Attaching {path.name}", work)

    def save_table(self, path: Path) -> None:
        """Saves the table at hand as safetensors, in the background."""
        table = self._session.table
        if table is None:
            return

        def work(report: Report) -> Saved:
            return Saved(path, table, pipeline.save_table(table, path, report=report))

        self._write(self._jobs.saving, f"Saving {path.name}", work)

    def project(self, method: str = "pca", *, dims: int = 2, seed: int = 0, **params: Any) -> None:
        """Makes a map of the table at hand in the background, on the active map; live methods show
        their frames. Keywords are those of pipeline.project."""
        table = self._session.table
        if table is None:
            return
        if self._jobs.training.busy:
            self.failed.emit(ExplorerError("The map follows the training.", "Stop it first."))
            return

        params.setdefault("selections", self._session.kept.named(self._session.selection))

        def work(report: Report) -> Projection:
            return pipeline.project(table, method, dims=dims, seed=seed, report=report, **params)

        self._start_map(f"Projecting with {method}", work)

    def place_others(self, *, seed: int = 0) -> None:
        """Places the rows outside its sample into the active map, in the background."""
        projection = self._session.projection
        if projection is not None:
            self._start_map(
                "Placing the other rows",
                lambda report: pipeline.place_others(projection, seed=seed, report=report),
            )

    def _start_map(self, title: str, work: Work) -> None:
        """Work that ends in a projection, for the map that is active now."""
        self._jobs.projection.cancel()  # what it still had to say is for the map it was for
        self._target = self._session.maps.active
        self._jobs.projection.start(title, work)

    def export(self, path: Path, **how: Any) -> None:
        """Writes the map at hand as CSV or Parquet, with its manifest, in the background. Keywords
        are those of pipeline.export."""
        projection = self._session.projection
        if projection is None:
            return

        def work(report: Report) -> Sequence[Path]:
            return pipeline.export(projection, path, report=report, **how)

        self._write(self._jobs.export, f"Exporting {path.name}", work)

    def draw(self, path: Path, **how: Any) -> None:
        """Draws the map at hand as a figure, in the background. Keywords are those of
        pipeline.draw."""
        projection = self._session.projection
        if projection is None:
            return

        def work(report: Report) -> Sequence[Path]:
            return (pipeline.draw(projection, path, report=report, **how),)

        self._write(self._jobs.export, f"Drawing {path.name}", work)

    def write(self, path: Path, work: Work) -> None:
        """Writes any other file in the background. work: writes it."""

        def written(report: Report) -> Sequence[Path]:
            work(report)
            return (path,)

        self._write(self._jobs.export, f"Writing {path.name}", written)

    def _write(self, lane: Lane, title: str, work: Work) -> None:
        """A file that is being written is never dropped for the next one."""
        if lane.busy:
            self.failed.emit(ExplorerError(f"{lane.title} is not done yet.", "Wait, or stop it."))
        else:
            lane.start(title, work)

    def adopt_trained(self, table: Table) -> None:
        """Shows a table that was trained here; it is unsaved until it is in a file."""
        same = self._session.table is not None and self._session.table.tokens is table.tokens
        selection = self._session.selection if same else ()
        self._unsaved = True
        self._session.set_table(table)
        self._session.select(selection)
        self.project()

    def follow_training(self, table: Table, projection: Projection) -> None:
        """Shows a table while it is being trained, along the axes chosen."""
        before = self._session.projection
        if before is not None and before.table.tokens is table.tokens:
            projection = projection.with_axes(before.axes)
        else:
            self._jobs.projection.cancel()  # of another table
        self._unsaved = True
        self._session.update_table(table)
        self._session.set_projection(projection)

    def stop_training(self) -> None:
        """Stops a training under way; what it has learnt is then the table at hand."""
        self._jobs.training.cancel()

    def _adopt(self, projection: object) -> None:
        if isinstance(projection, Projection):
            self._session.set_projection(projection, self._target)

    def _finish_save(self, result: Saved) -> None:
        if self._session.table is result.before:
            self._unsaved = False
            self._session.rename_table(result.after)
        self.saved.emit(result.path)

    def _fail_save(self, error: Exception) -> None:
        self.failed.emit(error)
        self.not_saved.emit()

    def _stop_save(self) -> None:
        self.stopped.emit("The table was not saved: it was stopped.")
        self.not_saved.emit()

    def _finish_files(self, result: Opened | Choice | Labelled) -> None:
        if isinstance(result, Choice):
            self.choice_needed.emit(result.path, result.candidates)
            return
        if isinstance(result, Labelled):
            self._session.name_rows(result.table)
            if self._session.projection is None:
                self.project()
            self.labelled.emit(result.path)
        else:
            self._unsaved = False
            self._session.set_table(result.table)
            self.project()
            self.opened.emit(result.path, result.notes)


def _read_tokens(table: Table) -> None:
    """Finds out here what the window's thread would have to look at all tokens for."""
    _ = table.scheme
    if len(table) <= _AT_ONCE:
        table.find("")
