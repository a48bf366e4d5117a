"""The window: its docks, middle and actions. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget
from typing_extensions import override

from explorer.gui.center import Center
from explorer.gui.center_pages import PAGES
from explorer.gui.docks import Docks
from explorer.gui.map.grid import MapGrid
from explorer.gui.map.menu import MapMenu
from explorer.gui.map.panel import MapPanel
from explorer.gui.menus import Menus
from explorer.gui.panels.neighbors import NeighborsPanel
from explorer.gui.panels.row import RowPanel
from explorer.gui.panels.tokens import TokensPanel
from explorer.gui.state.session import Session
from explorer.gui.tasks.commands import Commands
from explorer.gui.tasks.field import Field
from explorer.gui.tasks.files import Files
from explorer.gui.tasks.ghosts import Ghosts
from explorer.gui.tasks.graphing import Graphing
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.keeping import Keeper
from explorer.gui.tasks.measuring import Measuring
from explorer.gui.tasks.querying import Querying
from explorer.gui.tasks.reading_ahead import ReadingAhead
from explorer.gui.tasks.selecting import Selecting
from explorer.gui.theme import Theme
from explorer.gui.undo_keys import UndoKeys
from explorer.gui.widgets.drop_target import DropTarget
from explorer.gui.widgets.message_bar import MessageBar
from explorer.gui.widgets.plain import counted, plain_label, size_text
from explorer.gui.widgets.progress_strip import ProgressStrip
from explorer.gui.widgets.quality_line import QualityLine
from explorer.manifest import CHANGED
from explorer.settings import Settings
from explorer.table import Note

# Raised when docks change, so that an old saved layout is not forced on new docks.
_LAYOUT_VERSION = 3


class MainWindow(QMainWindow):
    """The window. settings_changed: Settings to be remembered. painted: it is on the screen."""

    settings_changed = Signal(object)
    painted = Signal()

    def __init__(self, session: Session, jobs: Jobs, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        theme.dress(self)
        self._painted = False
        self.session, self.jobs, self._theme, self._settings = session, jobs, theme, settings
        self.commands = Commands(session, jobs, self)
        self.commands.set_memory_share(settings.memory_share)
        self.messages = MessageBar(theme, self)
        self.maps = MapGrid(session, self)
        self.maps.set_look(settings.look)
        Field(session, jobs.field, self)
        self.measuring = Measuring(session, jobs, self.commands, self)
        self.measuring.set_automatic(settings.measure_maps)
        self.files = Files(self, session, jobs, self.commands, self.maps, self.messages)
        self.selecting = Selecting(session, jobs, self)
        self.keeper = Keeper(session, jobs, self)
        self.querying = Querying(session, jobs, self)
        Ghosts(session, jobs, self.querying, self.maps, self)
        self.graphing = Graphing(session, jobs, self.maps, self)
        self.tokens = TokensPanel(session, jobs, theme, self)
        self.row = RowPanel(session, theme, self)
        self.neighbors = NeighborsPanel(session, jobs, self.querying, theme, self)
        self._facts = plain_label("table_facts", "muted")
        self._quality_line = QualityLine(session, jobs, self)
        self._make_center()
        self._make_docks()
        self.menus = Menus(self, theme, settings)
        MapMenu(self.session, self.maps, self.menus.actions, self)
        self.statusBar().setContentsMargins(10, 0, 0, 0)
        self.statusBar().addWidget(self._facts)
        self.statusBar().addWidget(self._quality_line, 1)
        self.statusBar().addPermanentWidget(ProgressStrip(jobs, theme, self))
        self._wire()
        self._restore()
        self._show_table()

    def _make_center(self) -> None:
        self.center = Center(self.messages, self.maps, self)
        for page in PAGES:
            self.center.add_page(page.title, partial(page.made, self), f"{page.tip} ({page.keys})")
        self.setCentralWidget(self.center)
        drop = DropTarget(self.maps, catching=self)
        drop.dropped.connect(lambda paths: self.files.open(paths[0]))

    def _make_docks(self) -> None:
        self.docks = Docks(self)
        self.docks.fill("Tokens", self.tokens)
        self.docks.fill("Selected row", self.row)
        self.docks.fill("Neighbours", self.neighbors)
        self.docks.arrange()

    def _make_hidden_panels(self) -> None:
        """The panels behind the first tab, which the first paint does without."""
        from explorer.gui.panels.clusters import ClustersPanel
        from explorer.gui.panels.lookup import LookupPanel
        from explorer.gui.panels.projection import ProjectionPanel
        from explorer.gui.panels.quality import QualityPanel
        from explorer.gui.panels.selection import SelectionPanel
        from explorer.gui.panels.training import TrainingPanel

        self.lookup = LookupPanel(self.session, self.jobs, self._theme, self)
        self.lookup.query_asked.connect(self._ask)
        self.projection = ProjectionPanel(self.session, self.jobs, self.commands, self._theme, self)
        self.training = TrainingPanel(self.jobs, self.commands, self._theme, self)
        self.quality = QualityPanel(self.session, self.jobs, self.measuring, self)
        self.docks["Quality"].visibilityChanged.connect(self.quality.set_open)
        self.docks.fill("Quality", self.quality)
        self.clusters = ClustersPanel(self.session, self.jobs, self.maps.tints, self)
        self.docks.fill("Clusters", self.clusters)
        self.selection = SelectionPanel(
            self.session, self.selecting, self.keeper, self.menus.actions, self
        )
        self.docks.fill("Selection", self.selection)
        self.docks.fill("Look up", self.lookup)
        self.docks.fill("Project", self.projection)
        self.docks.fill("Train", self.training)
        UndoKeys(self).watch(self)

    def _wire(self) -> None:
        commands = self.commands
        for source in (commands, self.measuring, self.selecting, self.keeper, self.graphing):
            source.failed.connect(self.messages.show_error)
        for teller in (self.selecting, self.keeper, self.graphing):
            teller.told.connect(self.messages.show_info)
        self.neighbors.axis_asked.connect(self._use_as_axis)
        self.neighbors.compare_asked.connect(lambda: self.show_page("Spaces"))
        self._quality_line.clicked.connect(lambda: self.show_dock("Quality"))
        commands.stopped.connect(self.messages.show_info)
        commands.labelled.connect(
            lambda path: self.messages.show_info(f"The rows are named by {path.name} now.")
        )
        jobs = self.jobs
        for lane in (jobs.files, jobs.saving, jobs.training, jobs.projection, jobs.export):
            lane.busy_changed.connect(self.messages.clear_error)
        self.maps.save_asked.connect(self.files.ask_picture)
        self.maps.figure_asked.connect(self.files.ask_figure)
        commands.opened.connect(self._greet)
        commands.saved.connect(self._remember)
        commands.saved.connect(lambda path: self.messages.show_info(f"Saved {path}."))
        commands.exported.connect(self._tell_export)
        for signal in (self.session.table_changed, self.session.source_changed):
            signal.connect(self._show_table)
        self.session.undoing.changed.connect(self.menus.show_history)
        self.menus.show_history()
        for signal in (self.session.selection_changed, self.session.isolated_changed):
            signal.connect(self.menus.show_selection)
        self.menus.show_selection()
        self._theme.changed.connect(lambda: self.maps.set_dark(self._theme.dark))
        self.maps.set_dark(self._theme.dark)

    @property
    def theme(self) -> Theme:
        """The look of the window and of all in it."""
        return self._theme

    @property
    def map(self) -> MapPanel:
        """The map that panels speak of."""
        return self.maps.active

    def _ask(self, expression: str) -> None:
        """Shows the neighbours of an expression."""
        self.querying.ask(expression)
        self.show_dock("Neighbours")

    def project(self) -> None:
        """Makes the map as the Project panel says, or stops the one being made."""
        self.show_dock("Project")
        self.projection.run_or_stop()

    def project_selected(self) -> None:
        """Makes a map of the selected rows alone."""
        self.show_dock("Project")
        self.projection.run_with_selected()

    def _use_as_axis(self, axis: str, expression: str) -> None:
        self.show_dock("Project")
        self.projection.choices.use_axis(axis, expression)

    def show_kept(self) -> None:
        """The kept selections, ready for a name."""
        self.show_dock("Selection")
        self.selection.show_kept()

    def show_page(self, title: str) -> QWidget:
        """Brings a page of the middle in sight, ready for the keyboard."""
        page = self.center.go_to(title)
        page.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return page

    def show_dock(self, title: str, focus: QWidget | None = None) -> None:
        """Brings a dock to the front and puts the keyboard there."""
        self.docks.show(title)
        if focus is not None:
            focus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def settings(self) -> Settings:
        return self._settings

    def change_settings(self, settings: Settings) -> None:
        """Takes settings over at once; they are remembered."""
        if settings.theme != self._theme.wish:
            self._theme.choose(settings.theme)
        self.commands.set_memory_share(settings.memory_share)
        self.measuring.set_automatic(settings.measure_maps)
        self._settings = settings
        self.settings_changed.emit(settings)

    def _greet(self, path: Path | None, notes: Sequence[Note]) -> None:
        if path is not None:
            self._remember(path)
        self.messages.show_notes(f"Opened {path.name if path else 'the sample table'}.", notes)

    def _tell_export(self, paths: Sequence[Path]) -> None:
        table = self.session.table
        changed = f" {CHANGED}" if table is not None and table.source.changed else ""
        beside = f", and {paths[1].name}" if len(paths) > 1 else ""
        self.messages.show_info(f"Wrote {paths[0]}{beside}.{changed if beside else ''}")

    def _remember(self, path: Path) -> None:
        self.change_settings(self._settings.with_recent(path))
        self.menus.show_recent(self._settings)

    def _show_table(self) -> None:
        table = self.session.table
        self.menus.set_table_open(table is not None)
        if table is None:
            self.setWindowTitle("Embedding Explorer")
            return
        self.setWindowTitle(f"{table.name} – Embedding Explorer")
        where = "memory-mapped" if table.vectors.mapped else "in memory"
        self._facts.setText(
            f"{table.name} · {counted(len(table), 'row')} × {table.dim:,} · "
            f"{table.vectors.dtype} · {size_text(table.vectors.nbytes)} {where}"
            + (" · not saved yet" if self.commands.unsaved else "")
        )

    def _restore(self) -> None:
        self.resize(first_size(self.screen().availableGeometry()))
        self.restoreGeometry(QByteArray.fromBase64(self._settings.geometry.encode()))
        self.restoreState(QByteArray.fromBase64(self._settings.layout.encode()), _LAYOUT_VERSION)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self._finish_first_paint)

    def _finish_first_paint(self) -> None:
        """What may take its time comes when the window is there: icons, hidden panels, a table."""
        self._theme.draw_icons()
        self.maps.draw_icons()
        self._make_hidden_panels()
        ReadingAhead(self.jobs, self)
        self.map.view.setFocus()
        self.painted.emit()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.commands.unsaved:
            event.ignore()
            self.files.leave(self.close)
            return
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        layout = bytes(self.saveState(_LAYOUT_VERSION).toBase64().data()).decode()
        remembered = replace(self._settings, look=self.maps.look)
        self.change_settings(replace(remembered, geometry=geometry, layout=layout))
        self.jobs.close()
        event.accept()


def first_size(available: QRect) -> QSize:
    """Of a window that was never open before: the bar at its foot is to be on the screen too. How
    tall the frame is only the window manager knows, and only once it is there."""
    return QSize(1280, min(800, available.height() - _FRAME))


_FRAME = 40  # pixels; those of the usual desktops take 20 to 38
