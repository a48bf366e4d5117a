"""The pages beside the map, each in the window."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from explorer.errors import OutputError
from explorer.gui.center import MAP
from explorer.gui.center_pages import PAGES
from explorer.gui.main_window import MainWindow
from explorer.progress import Progress, Report
from explorer.table import Table

_INTERACTIVE = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
# Qt puts parts of its own inside these.
_QT_OWNERS = (QComboBox, QAbstractSpinBox, QLineEdit, QAbstractItemView, QTabBar)
_WIDEST = 660  # pixels: what the docks leave of a window of 1280
_MOST_STOPS = 100
TITLES = [page.title for page in PAGES]


def interactive(page: QWidget) -> list[QWidget]:
    return [
        widget
        for kind in _INTERACTIVE
        for widget in page.findChildren(kind)
        if not isinstance(widget, QHeaderView)
        and not isinstance(widget.parent(), _QT_OWNERS)
        and not widget.objectName().startswith("qt_")
        and not widget.parent().inherits("QComboBoxPrivateContainer")
    ]


@pytest.mark.parametrize("title", TITLES)
def test_whatever_can_be_clicked_on_a_page_has_a_name_and_a_tip(
    window: MainWindow, words: Table, title: str
) -> None:
    window.session.set_table(words)
    page = window.show_page(title)
    assert interactive(page)
    missing = [
        f"{type(w).__name__} {w.objectName()!r}: {w.accessibleName()!r}, {w.toolTip()!r}"
        for w in interactive(page)
        if not (w.objectName() and w.accessibleName() and w.toolTip())
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("title", TITLES)
def test_a_page_is_made_without_a_table_and_fits_beside_the_docks(
    window: MainWindow, title: str
) -> None:
    page = window.show_page(title)
    assert page.objectName().endswith("_page")
    assert page.minimumSizeHint().width() <= _WIDEST
    assert page.focusProxy() is not None


@pytest.mark.parametrize("title", TITLES)
def test_the_tab_key_leads_through_a_page_and_out_of_it(
    window: MainWindow, words: Table, qtbot: QtBot, title: str
) -> None:
    window.session.set_table(words)
    page = window.show_page(title)
    qtbot.waitUntil(lambda: page.isAncestorOf(QApplication.focusWidget()))
    for _ in range(_MOST_STOPS):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if not page.isAncestorOf(QApplication.focusWidget()):
            return
    raise AssertionError(f"Tab goes round in circles on {title}")


@pytest.mark.parametrize("title", TITLES)
def test_another_table_and_other_names_may_come_while_a_page_is_hidden(
    window: MainWindow, words: Table, title: str
) -> None:
    window.session.set_table(words)
    window.session.select([1, 2, 3])
    window.show_page(title)
    window.show_page(MAP)
    window.session.set_table(words)
    window.session.naming.set_readable(False)
    window.session.select([4, 2])
    window.show_page(title)
    assert window.center.current == title


def test_an_analogy_becomes_the_query(window: MainWindow, words: Table, qtbot: QtBot) -> None:
    window.session.set_table(words)
    page = window.show_page("Analogies")
    fields = [page.findChild(QLineEdit, f"analogies_{letter}") for letter in "abc"]
    with qtbot.waitSignal(window.jobs.analogies.succeeded):
        for field, word in zip(fields, ("good", "bad", "word7"), strict=True):
            field.setText(word)
    page.findChild(QAbstractButton, "analogies_query").click()
    assert window.querying.text == 'unit("bad") - unit("good") + unit("word7")'


def test_a_file_is_written_in_the_background_one_at_a_time(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page, told = window.show_page("Compare"), window.messages.findChild(QLabel, "message_text")
    go_on, threads = threading.Event(), []

    def work(report: Report) -> None:
        threads.append(threading.current_thread().name)
        while not go_on.wait(0.001):
            report(Progress(0, 1, "Writing"))

    page.write_asked.emit(tmp_path / "one.csv", work)
    page.write_asked.emit(tmp_path / "other.csv", work)
    assert told.text() == "Writing one.csv is not done yet. Wait, or stop it."
    with qtbot.waitSignal(window.jobs.export.succeeded):
        go_on.set()
    assert told.text() == f"Wrote {tmp_path / 'one.csv'}."
    assert len(threads) == 1
    assert threads[0].startswith("lane-export")


def test_what_cannot_be_written_is_told_by_the_window(window: MainWindow, tmp_path: Path) -> None:
    window.show_page("Compare").failed.emit(OutputError(tmp_path, "it cannot be written."))
    assert "cannot be written" in window.messages.findChild(QLabel, "message_text").text()


def test_the_key_of_a_map_goes_there_from_another_page(window: MainWindow, words: Table) -> None:
    window.session.set_table(words)
    window.show_page("Compare")
    window.menus.actions["map_1"].trigger()
    assert window.center.current == MAP
