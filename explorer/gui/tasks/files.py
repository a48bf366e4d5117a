"""What the user does with files: asking which, asking where, and not losing an unsaved table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from explorer.errors import ExplorerError
from explorer.formats import Candidate
from explorer.gui.dialogs import questions
from explorer.gui.dialogs.picker import TablePicker
from explorer.gui.map.ghost import Ghost
from explorer.gui.map.grid import MapGrid
from explorer.gui.state.session import Session
from explorer.gui.tasks.commands import Commands
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from explorer.figure import GhostPoint
    from explorer.gui.dialogs.figure_dialog import Seen


class Files(QObject):
    """Questions about files, on behalf of a window; the work itself is done by Commands."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        jobs: Jobs,
        commands: Commands,
        maps: MapGrid,
        messages: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._commands = window, session, commands
        self._preview, self._maps, self._messages = jobs.preview, maps, messages
        self._then: Callable[[], object] | None = None  # what waits for a save
        commands.choice_needed.connect(self._ask_which)
        commands.saved.connect(self._go_on)
        commands.not_saved.connect(self._stay)

    def open(self, path: Path | None) -> None:
        """Opens a table, once the user agrees to leave an unsaved one; None for the sample."""
        self.leave(lambda: self._commands.open_table(path))

    def ask_open(self) -> None:
        """Asks for a file and opens it."""
        if path := questions.ask_table(self._window):
            self.open(path)

    def ask_open_folder(self) -> None:
        """Asks for a folder and opens the table in it."""
        if path := questions.ask_folder(self._window):
            self.open(path)

    def ask_labels(self) -> None:
        """Asks for a file of labels and names the rows by it."""
        if self._session.table and (path := questions.ask_labels(self._window)):
            self._commands.attach_labels(path)

    def ask_save(self) -> None:
        """Asks for a file and saves the table there."""
        if self._session.table and (path := questions.ask_save_table(self._window)):
            self._commands.save_table(path)

    def ask_export(self, rows: str = "all") -> None:
        """Shows the dialog that exports coordinates; there is only one. rows: "all", "shown" or
        "selected", to begin with."""
        from explorer.gui.dialogs.export_dialog import ExportDialog

        dialog = self._window.findChild(ExportDialog)
        if dialog is None:
            dialog = ExportDialog(self._session, self._window)
            dialog.asked.connect(self._export)
        _bring(dialog)
        dialog.choose_rows(rows)

    def ask_figure(self) -> None:
        """Shows the dialog that draws figures; there is only one."""
        from explorer.gui.dialogs.figure_dialog import FigureDialog

        dialog = self._window.findChild(FigureDialog)
        if dialog is None:
            dialog = FigureDialog(self._session, self._preview, self._seen, self._window)
            # What its ramp reaches over may be another now.
            self._maps.tints.changed.connect(dialog.draw_soon)
            dialog.asked.connect(self._draw)
        _bring(dialog)

    def ask_picture(self) -> None:
        """Asks for a file and saves what the map shows there."""
        if self._session.projection and (path := questions.ask_picture(self._window)):
            self._write_picture(path)

    def _seen(self) -> Seen:
        from explorer.gui.dialogs.figure_dialog import Seen

        view = self._maps.active.view
        return Seen(view.rotation, self._maps.tints.spanned, _point(view.ghost))

    def _export(self, suffix: str, how: Mapping[str, Any]) -> None:
        if path := questions.ask_export(self._window, suffix):
            self._commands.export(path, **how)

    def _draw(self, how: Mapping[str, Any]) -> None:
        if path := questions.ask_figure(self._window):
            self._commands.draw(path, **how)

    def leave(self, then: Callable[[], object]) -> None:
        """Does `then` once the table at hand may be left: it is in a file, or the user gives it
        up. The user may also stay, and `then` is not done. A training under way is stopped."""
        if not self._commands.unsaved:
            self._commands.stop_training()  # it has learnt nothing yet that could be shown
            then()
            return
        answer = questions.ask_leave_unsaved(self._window)
        if answer == "discard":
            self._commands.stop_training()
            self._commands.forget_unsaved()
            QTimer.singleShot(0, self, then)  # not inside the event that asked
        elif answer == "save" and (path := questions.ask_save_table(self._window)):
            self._commands.stop_training()
            self._then = then
            self._commands.save_table(path)

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None and not self._commands.unsaved:
            then()

    def _stay(self) -> None:
        self._then = None

    def _ask_which(self, path: Path, candidates: Sequence[Candidate]) -> None:
        picker = TablePicker(path, candidates, self._window)
        picker.chosen.connect(
            lambda path, tensor: self.leave(lambda: self._commands.open_table(path, tensor))
        )
        picker.open()

    def _write_picture(self, path: Path) -> None:
        try:
            self._maps.active.save_picture(path)
        except ExplorerError as error:
            self._messages.show_error(error)
        else:
            self._messages.show_info(f"Saved {path}.")


def _point(ghost: Ghost | None) -> GhostPoint | None:
    """The ghost point of a map as a figure has it; None where it has no place."""
    if ghost is None or ghost.place is None:
        return None
    from explorer.figure import GhostPoint

    return GhostPoint(ghost.title, ghost.place, ghost.detail)


def _bring(dialog: QDialog) -> None:
    """Shows a dialog beside the window, or in front of it again."""
    dialog.show()
    dialog.activateWindow()
