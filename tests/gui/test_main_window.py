from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.main_window import MainWindow, first_size
from explorer.projection import Projection
from explorer.settings import Settings
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors

_INTERACTIVE = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
# Parts that Qt itself puts inside its widgets: completer lists, clear buttons, tab arrows.
_QT_PARTS = {"QHeaderView", "QTableCornerButton", "QDockWidgetTitleButton", "QToolBarExtension"}
_QT_OWNERS = (QComboBox, QAbstractSpinBox, QLineEdit, QAbstractItemView, QTabBar)


def _interactive(window: MainWindow) -> list[QWidget]:
    return [
        widget
        for kind in _INTERACTIVE
        for widget in window.findChildren(kind)
        if not widget.objectName().startswith("qt_")
        and widget.metaObject().className() not in _QT_PARTS
        and not isinstance(widget.parent(), _QT_OWNERS)
        and not widget.parent().inherits("QComboBoxPrivateContainer")
    ]


def test_every_interactive_widget_can_be_named_and_explained(window: MainWindow) -> None:
    missing = [
        f"{type(w).__name__} {w.objectName()!r} in {w.parent().objectName()!r}: "
        f"name {w.accessibleName()!r}, tip {w.toolTip()!r}"
        for w in _interactive(window)
        if not (w.objectName() and w.accessibleName() and w.toolTip())
    ]
    assert not missing, "\n".join(missing)


def test_a_table_is_listed_and_projected(
    window: MainWindow, show: Callable[[Table], None], words: Table
) -> None:
    show(words)

    model = window.tokens.findChild(QAbstractItemView, "tokens_list").model()
    assert model.rowCount() == len(words)
    assert window.session.projection is not None
    assert window.session.projection.method == "pca"


def test_selecting_a_row_finds_its_neighbours_and_shows_its_numbers(
    window: MainWindow, show: Callable[[Table], None], words: Table, qtbot: QtBot
) -> None:
    show(words)
    window.session.select([2])
    qtbot.waitUntil(lambda: window.session.neighbors is not None)

    expected = pipeline.neighbors(words, 2, 12)
    model = window.neighbors.findChild(QAbstractItemView, "neighbors_list").model()
    listed = [model.row_at(place) for place in range(model.rowCount())]
    assert listed == expected.rows.tolist()
    assert window.row.findChild(QWidget, "row_token").text() == "bad"


def test_clicking_a_neighbour_goes_there(
    window: MainWindow, show: Callable[[Table], None], words: Table, qtbot: QtBot
) -> None:
    show(words)
    window.session.select([2])
    qtbot.waitUntil(lambda: window.session.neighbors is not None)
    view = window.neighbors.findChild(QAbstractItemView, "neighbors_list")
    first = view.model().row_at(0)

    place = view.visualRect(view.model().index(0, 1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert window.session.selection.tolist() == [first]


def test_searching_lists_the_equal_token_first_and_enter_selects_it(
    window: MainWindow, show: Callable[[Table], None], words: Table, qtbot: QtBot
) -> None:
    show(words)
    qtbot.keyClicks(window.tokens.search, "WORD7")
    qtbot.keyClick(window.tokens.search, Qt.Key.Key_Return)

    assert window.session.current_row == words.find("word7")


def test_a_search_without_a_match_empties_the_list_and_says_so(
    window: MainWindow, show: Callable[[Table], None], words: Table, qtbot: QtBot
) -> None:
    show(words)
    window.tokens.search.setText("nothing like it")

    assert window.tokens.findChild(QAbstractItemView, "tokens_list").model().rowCount() == 0
    assert "0 of 80" in window.tokens.findChild(QWidget, "tokens_count").text()


def test_filtering_keeps_the_selection(
    window: MainWindow, show: Callable[[Table], None], words: Table
) -> None:
    show(words)
    window.session.select([2])
    window.tokens.search.setText("word")

    assert window.session.selection.tolist() == [2]


def test_typed_text_shows_its_pieces_and_selects_their_rows(
    window: MainWindow, show: Callable[[Table], None], words: Table, qtbot: QtBot
) -> None:
    show(words)
    window.show_dock("Look up")
    window.lookup.text.setText("GOOD zzz bad")
    model = window.lookup.findChild(QAbstractItemView, "lookup_pieces").model()
    pieces = [model.piece_at(place) for place in range(model.rowCount())]
    assert [(p.piece, p.row, p.how) for p in pieces] == [
        ("GOOD", 1, "lower-cased"),
        ("zzz", None, "not in the vocabulary"),
        ("bad", 2, "exact"),
    ]

    qtbot.keyClick(window.lookup.text, Qt.Key.Key_Return)
    assert window.session.selection.tolist() == [1, 2]


def test_the_mean_of_a_typed_text_is_the_query(
    window: MainWindow, show: Callable[[Table], None], words: Table, qtbot: QtBot
) -> None:
    show(words)
    window.show_dock("Look up")
    window.lookup.text.setText("GOOD zzz bad")
    window.lookup.findChild(QWidget, "lookup_mean").click()
    qtbot.waitUntil(lambda: window.querying.query is not None)

    assert window.querying.text == 'mean("good", "bad")'
    mean = words.vectors.rows([1, 2]).mean(axis=0)
    assert np.allclose(window.querying.query.values, mean)


@pytest.mark.parametrize("row", [3, 4, 5])
def test_an_untrusted_token_is_shown_as_it_is_written(
    window: MainWindow, show: Callable[[Table], None], words: Table, row: int
) -> None:
    show(words)
    window.session.select([row])
    label = window.row.findChild(QWidget, "row_token")

    assert label.textFormat() == Qt.TextFormat.PlainText
    assert "\u202e" not in label.text()
    assert "\n" not in label.text()


def test_copying_tokens_copies_the_true_ones(
    window: MainWindow, show: Callable[[Table], None], words: Table
) -> None:
    show(words)
    window.session.select([4, 3])
    window.menus.actions["copy"].trigger()

    assert QGuiApplication.clipboard().text() == "\u202eevil\n<b>bold</b>"


def test_copied_values_are_the_table_s_own(
    window: MainWindow, show: Callable[[Table], None], words: Table
) -> None:
    show(words)
    window.session.select([2])
    window.row.findChild(QAbstractButton, "row_copy").click()

    copied = np.array(QGuiApplication.clipboard().text().split("\t"), dtype=np.float32)
    assert np.array_equal(copied, words.vectors.rows(2))


def test_a_dropped_file_is_opened(
    window: MainWindow, words: Table, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "words.safetensors"
    pipeline.save_table(words, path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(window.commands.opened):
        QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, left, none))

    assert window.session.table is not None
    assert window.session.table.tokens == words.tokens


def test_the_theme_changes_every_colour_while_the_window_is_open(window: MainWindow) -> None:
    window.change_settings(Settings(theme="light"))
    light = window.palette().window().color().lightness()
    window.change_settings(Settings(theme="dark"))

    assert window.palette().window().color().lightness() < 60 < 190 < light


def test_tsne_runs_live_and_stopping_keeps_the_picture(
    window: MainWindow,
    show: Callable[[Table], None],
    hold: Callable[[str, type], Callable[[], None]],
    qtbot: QtBot,
) -> None:
    random = np.random.default_rng(0)
    vectors = Vectors(random.normal(size=(1500, 8)).astype(np.float32))
    show(Table(numbered_tokens(1500), vectors))
    hold("project", Projection)
    window.commands.project("tsne", iterations=2000)
    qtbot.waitUntil(lambda: (p := window.session.projection) is not None and p.method == "tsne")
    assert not window.session.projection.complete
    window.projection.run_or_stop()

    assert not window.jobs.projection.busy
    assert window.session.projection.method == "tsne"
    assert np.isfinite(window.session.projection.coordinates).all()


def test_closing_during_a_training_ends_the_thread(
    window: MainWindow, train_endlessly: Callable[[], None]
) -> None:
    train_endlessly()
    assert window.close()
    assert not window.jobs.training.busy


def test_a_file_with_several_likely_tables_asks_which(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    from safetensors.numpy import save_file

    random = np.random.default_rng(0)
    path = tmp_path / "two.safetensors"
    tables = {name: random.normal(size=(30, 4)).astype(np.float32) for name in ("left", "right")}
    save_file(tables, path)
    with qtbot.waitSignal(window.commands.choice_needed):
        window.files.open(path)
    picker = window.findChild(QWidget, "table_picker")
    listed = picker.findChild(QAbstractItemView, "picker_list").model()
    assert [listed.index(row, 0).data() for row in range(listed.rowCount())] == ["left", "right"]

    picker.findChild(QAbstractItemView, "picker_list").selectRow(1)
    with qtbot.waitSignal(window.commands.opened):
        picker.accept()
    assert np.array_equal(window.session.table.vectors.to_numpy(), tables["right"])


def test_a_file_over_the_window_shows_where_to_drop_it(window: MainWindow, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "x.npy"))])
    target = window.findChild(QWidget, "drop_target")
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    assert target.isVisible()

    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not target.isVisible()


def test_a_selection_larger_than_the_screen_is_mirrored_whole(
    window: MainWindow, show: Callable[[Table], None], qtbot: QtBot
) -> None:
    table = Table(numbered_tokens(3000), Vectors(np.eye(3000, 4, dtype=np.float32) + 1))
    show(table)
    window.session.select(np.arange(3000))
    view = window.tokens.findChild(QAbstractItemView, "tokens_list")
    assert len(view.selectionModel().selectedRows()) == 3000

    place = view.visualRect(view.model().index(2999, 0)).center()
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyPress(view, Qt.Key.Key_Control)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, control, pos=place)
    assert len(window.session.selection) == 2999


def test_a_neighbour_query_that_fails_says_so_and_lists_nothing(
    window: MainWindow, show: Callable[[Table], None], words: Table, qtbot: QtBot
) -> None:
    show(words)
    window.session.select([2])
    qtbot.waitUntil(lambda: window.session.neighbors is not None)
    window.session.select([0])  # a row of zeros: cosine is not defined
    model = window.neighbors.findChild(QAbstractItemView, "neighbors_list").model()
    qtbot.waitUntil(lambda: model.rowCount() == 0)
    note = window.neighbors.findChild(QWidget, "neighbors_note")
    qtbot.waitUntil(lambda: "all zeros" in note.text())


def test_the_keyboard_does_not_walk_through_panels_behind_other_tabs(
    window: MainWindow, show: Callable[[Table], None], words: Table
) -> None:
    show(words)
    assert not window.lookup.text.isEnabled()

    window.show_dock("Look up")
    assert window.lookup.text.isEnabled()
    assert not window.tokens.search.isEnabled()


def test_an_error_goes_when_other_work_begins(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.commands.failed):
        window.files.open(tmp_path / "nothing.vec")
    assert window.messages.isVisible()
    with qtbot.waitSignal(window.commands.opened):
        window.files.open(None)

    assert not window.messages.isVisible()


def test_a_theme_dresses_the_window_its_dialogs_and_popups_but_not_the_application(
    window: MainWindow, qapp: QApplication
) -> None:
    window.change_settings(replace(window.settings, theme="light"))
    light = window.styleSheet()
    popup = QListView()
    window._theme.dress(popup)
    window.change_settings(replace(window.settings, theme="dark"))
    assert light != window.styleSheet() == popup.styleSheet()
    assert qapp.styleSheet() == ""
    popup.deleteLater()


@pytest.mark.parametrize(("tall", "expected"), [(800, 760), (768, 728), (1050, 800)])
def test_a_window_that_is_new_fits_the_screen_with_its_frame(tall: int, expected: int) -> None:
    assert first_size(QRect(0, 0, 1280, tall)).height() == expected
