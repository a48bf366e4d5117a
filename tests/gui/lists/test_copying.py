import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView

from explorer.gui.lists.copying import as_text, copies_lines
from explorer.gui.lists.list_model import ListModel

_LINES = (("1", "king", "−1,234.5", ""), ("2", "it's, −", "7", ""), ("3", "  queen", "0", ""))


class Scores(ListModel):
    """Rank, token, score, and a column of bars."""

    def __init__(self):
        super().__init__(("", "token", "score", ""), (0, 2))
        self.lines = _LINES

    def length(self):
        return len(self.lines)

    def text(self, place, column):
        return self.lines[place][column]


@pytest.fixture
def view(qtbot, qapp):
    made = QTableView()
    made.setObjectName("scores")
    made.setModel(Scores())
    made.model().setParent(made)
    made.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    copies_lines(made)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    QGuiApplication.clipboard().setText("before")
    return made


def copied():
    return [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]


def test_numbers_are_copied_as_other_programs_read_them_and_words_as_they_are(qapp):
    assert as_text(Scores(), [0, 1]).split("\n") == [
        "#\ttoken\tscore",
        "1\tking\t-1234.5",
        "2\tit's, −\t7",
    ]


def test_the_copy_key_takes_all_lines_of_a_list_of_which_one_is_selected_at_most(view):
    view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    view.selectRow(1)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert [line[1] for line in copied()] == ["token", "king", "it's, −", "queen"]


def test_selected_lines_are_copied_in_the_order_of_the_list_or_all_where_none_is(view):
    view.setSelectionMode(QTableView.SelectionMode.MultiSelection)
    view.findChild(QAction, "scores_copy").trigger()
    assert [line[0] for line in copied()] == ["#", "1", "2", "3"]
    view.selectRow(2)
    view.selectRow(0)
    view.findChild(QAction, "scores_copy").trigger()
    assert [line[0] for line in copied()] == ["#", "1", "3"]


def test_an_empty_list_leaves_the_clipboard_alone(view):
    view.model().lines = ()
    view.findChild(QAction, "scores_copy").trigger()
    assert copied() == [["before"]]
