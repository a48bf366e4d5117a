"""What the user asks for, turned into lanes of work and, once done, into the session's state.

The one place where a job's result becomes what every view shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer import pipeline
from explorer.gui.jobs import Jobs
from explorer.gui.session import Session
from explorer.progress import Report, part
from explorer.projection import Projection
from explorer.table import Note, Table


class Commands(QObject):
    """opened: a table was opened, with its path (None for the sample) and its load report.
    saved, exported: paths written. failed: an exception to be shown.
    """

    opened = Signal(object, object)
    saved = Signal(object)
    exported = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._unsaved = False
        jobs.files.succeeded.connect(self._finish_files)
        jobs.files.failed.connect(self.failed)
        jobs.projection.progressed.connect(lambda p: self._adopt(p.partial))
        jobs.projection.succeeded.connect(self._adopt)
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

    def open_table(self, path: Path | None, tensor: str = "") -> None:
        """Opens a file or folder in the background; None for the sample table."""

        def work(report: Report) -> tuple[str, Path | None, Table, tuple[Note, ...]]:
            table = pipeline.open_table(path, tensor, report=part(report, 0.0, 0.8))
            return "opened", path, table, (*table.report, *table.health)

        name = path.name if path else "the sample table"
        self._jobs.files.start(f"Opening {name}", work)

    def save_table(self, path: Path) -> None:
        """Saves the table at hand as safetensors, in the background."""
        table = self._session.table
        if table is None:
            return

        def work(report: Report) -> tuple[str, Path, Table, Table]:
            return "saved", path, table, pipeline.save_table(table, path, report=report)

        self._jobs.files.start(f"Saving {path.name}", work)

    def project(self, method: str = "pca", *, dims: int = 2, seed: int = 0, **params: Any) -> None:
        """Makes a map of the table at hand in the background; live methods show their frames."""
        table = self._session.table
        if table is None:
            return

        def work(report: Report) -> Projection:
            return pipeline.project(table, method, dims=dims, seed=seed, report=report, **params)

        self._jobs.projection.start(f"Projecting with {method}", work)

    def export(self, path: Path, *, spreadsheet_safe: bool = False) -> None:
        """Writes the map at hand as CSV, with its manifest, in the background."""
        projection = self._session.projection
        if projection is None:
            return

        def work(report: Report) -> Sequence[Path]:
            return pipeline.export(
                projection, path, spreadsheet_safe=spreadsheet_safe, report=report
            )

        self._jobs.export.start(f"Exporting {path.name}", work)

    def adopt_trained(self, table: Table) -> None:
        """Shows a table that was trained here; it is unsaved until it is in a file."""
        same = self._session.table is not None and self._session.table.tokens is table.tokens
        selection = self._session.selection if same else ()
        self._unsaved = True
        self._session.set_table(table)
        self._session.select(selection)
        self.project()

    def follow_training(self, table: Table, projection: Projection) -> None:
        """Shows a table while it is being trained."""
        self._jobs.projection.cancel()
        self._unsaved = True
        self._session.update_table(table)
        self._session.set_projection(projection)

    def _adopt(self, projection: object) -> None:
        if isinstance(projection, Projection):
            self._session.set_projection(projection)

    def _finish_files(self, result: tuple[Any, ...]) -> None:
        kind, path, *rest = result
        if kind == "opened":
            table, notes = rest
            self._unsaved = False
            self._session.set_table(table)
            self.project()
            self.opened.emit(path, notes)
        else:
            before, after = rest
            if self._session.table is before:
                self._unsaved = False
                self._session.rename_table(after)
            self.saved.emit(path)
