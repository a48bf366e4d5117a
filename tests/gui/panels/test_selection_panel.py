"""The Selection panel, the search's selecting, and what the menus do to the selection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from explorer.gui.dialogs.export_dialog import ExportDialog
from explorer.gui.main_window import MainWindow
from explorer.gui.panels.selection import SelectionPanel
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.keeping import Keeper
from explorer.gui.tasks.selecting import Selecting
from explorer.table import Column, Table
from explorer.vectors import Vectors

Show = Callable[[Table], None]


@pytest.fixture(autouse=True)
def _settings_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def kinds(words: Table) -> Table:
    kind = Column.from_text("kind", [("noun", "verb", "<b>")[row % 3] for row in range(len(words))])
    return replace(words, columns={**words.columns, "kind": kind})


class Bench:
    """The panel alone, on a session with a table, without a window round it."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        self.session, self.jobs = session, jobs
        self.selecting = Selecting(session, jobs, session)
        self.keeper = Keeper(session, jobs, session)
        names = "isolate grow invert on_map grow_mean project_selected copy export_selection"
        self.actions = {name: QAction(name, session) for name in names.split()}
        self.actions["isolate"].triggered.connect(self.selecting.isolate)
        self.panel = SelectionPanel(session, self.selecting, self.keeper, self.actions)


@pytest.fixture
def bench(qtbot: QtBot, kinds: Table) -> Iterator[Bench]:
    made = Bench(Session(), Jobs())
    qtbot.addWidget(made.panel)
    made.session.set_table(kinds)
    qtbot.waitUntil(lambda: made.keeper.ready)
    made.panel.resize(310, 440)
    made.panel.show()
    yield made
    made.jobs.close()


@pytest.fixture
def filled(window: MainWindow, show: Show, kinds: Table, qtbot: QtBot) -> MainWindow:
    """The whole window, with the panel in front."""
    show(kinds)
    qtbot.waitUntil(lambda: window.keeper.ready)
    window.show_dock("Selection")
    return window


def trigger(window: MainWindow, name: str) -> None:
    window.menus.actions[name].trigger()


def text(bench: Bench, name: str) -> str:
    return bench.panel.findChild(QWidget, name).text()


def model(bench: Bench, name: str) -> QAbstractItemModel:
    return bench.panel.findChild(QTableView, name).model()


def cells(model: QAbstractItemModel) -> list[list[str]]:
    return [
        [model.index(line, place).data() for place in range(model.columnCount())]
        for line in range(model.rowCount())
    ]


def selected(window: Bench | MainWindow) -> list[int]:
    return window.session.selection.tolist()


def test_the_panel_says_how_many_rows_and_what_share(bench: Bench) -> None:
    bench.session.select([3, 7])
    assert text(bench, "selection_count") == "2 rows"
    assert text(bench, "selection_facts").startswith("2.5 % of all · mean norm ")
    bench.session.select([])
    assert text(bench, "selection_count") == "No rows"


def test_the_tokens_stand_in_the_order_of_the_table_and_a_click_makes_one_current(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.session.select([7, 3, 1])
    view = bench.panel.findChild(QTableView, "selection_tokens")
    assert [line[0] for line in cells(view.model())] == ["good", "<b>bold</b>", "word7"]
    assert view.currentIndex().row() == 0

    place = view.visualRect(view.model().index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert sorted(selected(bench)) == [1, 3, 7]
    assert bench.session.current_row == 3


def test_the_names_follow_a_change_of_names(bench: Bench, kinds: Table) -> None:
    tokens = tuple(f"Ġ{token}" for token in kinds.tokens)
    bench.session.set_table(replace(kinds, tokens=tokens))
    bench.session.select([1])
    assert cells(model(bench, "selection_tokens"))[0][0] == "␣good"
    bench.session.naming.set_readable(False)
    assert cells(model(bench, "selection_tokens"))[0][0] == "Ġgood"


def test_the_columns_tell_the_most_frequent_values_beside_all_rows(bench: Bench) -> None:
    bench.session.select([0, 3, 6, 1])
    bench.panel.pages.setCurrentIndex(1)
    lines = cells(model(bench, "selection_columns"))
    assert ["kind", "", ""] in lines
    assert ["   noun", "3", "27"] in lines
    assert ["   verb", "1", "27"] in lines
    assert ["count, mean", "77.5", "40.5"] in lines
    assert any(line[0] == "norm, mean" for line in lines)


def test_a_computed_column_is_told_of_too(bench: Bench) -> None:
    bench.session.select([0, 1])
    bench.panel.pages.setCurrentIndex(1)
    bench.session.colours.add(Column.from_text("cluster", ["a", "b"] * 40))
    assert ["cluster", "", ""] in cells(model(bench, "selection_columns"))


def test_numbers_follow_a_table_in_training(bench: Bench, kinds: Table) -> None:
    bench.session.select([1, 2])
    bench.panel.pages.setCurrentIndex(1)
    (before,) = [line for line in cells(model(bench, "selection_columns")) if "norm" in line[0]]
    vectors = Vectors(kinds.vectors.to_numpy() * 2)
    bench.session.update_table(replace(kinds, vectors=vectors))
    (now,) = [line for line in cells(model(bench, "selection_columns")) if "norm" in line[0]]
    assert [float(cell) for cell in now[1:]] == pytest.approx(
        [2 * float(cell) for cell in before[1:]], rel=1e-3
    )


def test_a_panel_behind_another_tab_catches_up_when_it_is_seen(filled: MainWindow) -> None:
    tokens = filled.selection.findChild(QTableView, "selection_tokens").model()
    filled.show_dock("Neighbours")
    filled.session.select([3, 7, 8])
    assert tokens.rowCount() == 0
    filled.show_dock("Selection")
    assert filled.selection.findChild(QWidget, "selection_count").text() == "3 rows"
    assert tokens.rowCount() == 3


def test_isolating_says_what_is_shown_and_the_same_button_shows_all(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.session.select([3, 7])
    button = bench.panel.findChild(QPushButton, "selection_isolate")
    button.click()
    assert text(bench, "selection_shown") == "Showing 2 of 80 rows"
    assert button.text() == "Show all"
    bench.session.select([])
    button.click()
    assert bench.session.isolated is None
    assert not bench.panel.findChild(QWidget, "selection_shown").isVisible()
    assert button.text() == "Isolate"


def test_the_keys_for_all_none_and_the_rest_speak_of_the_rows_shown(filled: MainWindow) -> None:
    filled.session.select([3, 7, 9])
    trigger(filled, "isolate")
    filled.session.select([7])
    trigger(filled, "invert")
    assert selected(filled) == [3, 9]
    trigger(filled, "select_all")
    assert sorted(selected(filled)) == [3, 7, 9]
    trigger(filled, "select_none")
    assert selected(filled) == []
    assert not filled.menus.actions["grow"].isEnabled()
    assert filled.menus.actions["isolate"].isEnabled()
    trigger(filled, "isolate")
    assert not filled.menus.actions["isolate"].isEnabled()


def test_undo_and_its_tip_say_what_is_taken_back(filled: MainWindow) -> None:
    filled.session.select([3, 7])
    undo = filled.menus.actions["undo"]
    assert undo.text() == "&Undo selection"
    trigger(filled, "isolate")
    assert "isolation" in undo.toolTip()
    undo.trigger()
    assert filled.session.isolated is None
    assert selected(filled) == [3, 7]


def test_the_selection_is_exported_by_its_rows(
    filled: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.gui.tasks.files._bring", ExportDialog.show)  # raising it warns
    filled.session.select([3, 7])
    trigger(filled, "export_selection")
    dialog = filled.findChild(ExportDialog)
    assert dialog.findChild(QComboBox, "export_rows").currentData() == "selected"
    assert dialog.how()["rows"].tolist() == [3, 7]
    dialog.close()


def test_tokens_are_copied_as_they_are(filled: MainWindow) -> None:
    filled.session.select([3, 4])
    trigger(filled, "copy")
    assert QGuiApplication.clipboard().text() == "<b>bold</b>\n\u202eevil"


# --- kept selections ---------------------------------------------------------------------------


def keep(bench: Bench, name: str, rows: list[int], qtbot: QtBot) -> None:
    bench.session.select(rows)
    bench.panel.show_kept()
    field = bench.panel.findChild(QLineEdit, "kept_name")
    field.setText(name)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def click(bench: Bench, name: str, qtbot: QtBot, keys: Qt.KeyboardModifier) -> None:
    view = bench.panel.findChild(QTableView, "kept_view")
    place = view.visualRect(view.model().index(view.model().place_of(name), 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, place)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (Qt.KeyboardModifier.NoModifier, [3, 4]),
        (Qt.KeyboardModifier.ShiftModifier, [2, 3, 4]),
        (Qt.KeyboardModifier.AltModifier, [2]),
        (Qt.KeyboardModifier.ControlModifier, [3]),
    ],
)
def test_a_click_on_a_kept_selection_selects_adds_takes_out_or_narrows(
    bench: Bench, qtbot: QtBot, keys: Qt.KeyboardModifier, wanted: list[int], monkeypatch
) -> None:
    keep(bench, "few", [3, 4], qtbot)
    bench.session.select([2, 3])
    monkeypatch.setattr(QGuiApplication, "keyboardModifiers", lambda: keys)
    click(bench, "few", qtbot, keys)
    assert sorted(selected(bench)) == wanted


def test_a_kept_selection_is_listed_with_its_rows_and_spelt_for_expressions(
    bench: Bench, qtbot: QtBot
) -> None:
    keep(bench, "my <b>words</b>", [3, 4], qtbot)
    assert cells(model(bench, "kept_view")) == [["my <b>words</b>", "2"]]
    assert bench.panel.pages.tabText(2) == "Kept (1)"
    note = bench.panel.findChild(QWidget, "kept_note").text()
    assert note == 'In expressions: @"my <b>words</b>"'


def test_the_list_points_at_nothing_once_no_row_is_selected(bench: Bench, qtbot: QtBot) -> None:
    keep(bench, "few", [3, 4], qtbot)
    view = bench.panel.findChild(QTableView, "kept_view")
    assert view.selectionModel().hasSelection()
    bench.session.select([])
    assert not view.selectionModel().hasSelection()


def test_the_button_says_when_a_name_is_there_already(bench: Bench, qtbot: QtBot) -> None:
    keep(bench, "few", [3, 4], qtbot)
    button, field = (
        bench.panel.findChild(QPushButton, "kept_keep"),
        bench.panel.findChild(QLineEdit, "kept_name"),
    )
    assert not button.isEnabled()
    field.setText("other")
    assert (button.text(), button.isEnabled()) == ("Keep", True)
    field.setText("few")
    assert button.text() == "Replace"
    bench.session.select([])
    assert not button.isEnabled()


def test_a_kept_selection_is_renamed_in_its_place(bench: Bench, qtbot: QtBot) -> None:
    keep(bench, "few", [3, 4], qtbot)
    keep(bench, "other", [5], qtbot)
    kept = model(bench, "kept_view")
    assert kept.setData(kept.index(0, 0), "a few")
    assert not kept.setData(kept.index(0, 0), "other")
    assert [line[0] for line in cells(kept)] == ["a few", "other"]


def test_a_deleted_selection_can_be_brought_back(bench: Bench, qtbot: QtBot) -> None:
    keep(bench, "few", [3, 4], qtbot)
    view = bench.panel.findChild(QTableView, "kept_view")
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert view.model().rowCount() == 0
    back = bench.panel.findChild(QPushButton, "kept_restore")
    assert back.isVisible()
    back.click()
    assert cells(view.model()) == [["few", "2"]]
    assert not back.isVisible()


def test_the_menu_of_a_kept_selection_does_it_by_keyboard(bench: Bench, qtbot: QtBot) -> None:
    keep(bench, "few", [3, 4], qtbot)
    bench.session.select([2, 3])
    menu = bench.panel.kept._menu(0)  # offscreen, it cannot be shown
    texts = {action.text().replace("&", ""): action for action in menu.actions()}
    texts["Add to the selection"].trigger()
    assert sorted(selected(bench)) == [2, 3, 4]
    texts["Replace by the selected rows"].trigger()
    assert cells(model(bench, "kept_view")) == [["few", "3"]]


def test_an_axis_speaks_of_a_kept_selection(filled: MainWindow, qtbot: QtBot) -> None:
    filled.session.select([3, 4])
    trigger(filled, "keep")
    assert filled.selection.pages.currentWidget() is filled.selection.kept
    filled.keeper.keep("few")
    filled.session.select([9])
    filled.commands.project("axes", x="@few - bad", y="@selection")
    qtbot.waitUntil(lambda: filled.session.projection.method == "axes")
    named = filled.session.projection.selections
    assert {name: rows.tolist() for name, rows in named.items()} == {
        "few": [3, 4],
        "selection": [9],
    }


def test_the_lists_keep_the_rules_of_qt(bench: Bench, qtbot: QtBot) -> None:
    names = ("kept_view", "selection_columns", "selection_tokens")
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [QAbstractItemModelTester(model(bench, name), fatal) for name in names]
    keep(bench, "few", [3, 4], qtbot)
    bench.panel.pages.setCurrentIndex(1)
    bench.session.select([5, 6, 7])
    bench.panel.pages.setCurrentIndex(0)
    bench.session.select([])
    assert len(testers) == 3


def test_a_row_selected_elsewhere_is_the_current_one_of_the_list(bench: Bench) -> None:
    bench.session.select([3, 7, 9])
    bench.session.select([7], "toggle")
    bench.session.select([7], "toggle")
    view: QAbstractItemView = bench.panel.findChild(QTableView, "selection_tokens")
    chosen: QItemSelectionModel = view.selectionModel()
    assert [index.row() for index in chosen.selectedRows()] == [1]
