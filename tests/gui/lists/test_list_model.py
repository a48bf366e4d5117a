import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView

from explorer.gui.lists.list_model import RIGHT, ListModel, style_list

_ROLES = Qt.ItemDataRole
_TOKENS = ["king", "<b>queen</b>", ""]


class Lengths(ListModel):
    """Tokens and how long they are."""

    def __init__(self):
        super().__init__(("token", "letters"), (1,))

    def length(self):
        return len(_TOKENS)

    def text(self, place, column):
        return _TOKENS[place] if column == 0 else str(len(_TOKENS[place]))

    def tip(self, place):
        return _TOKENS[place]

    def other(self, place, column, role):
        return (place, column) if role == _ROLES.UserRole else None


@pytest.fixture
def model(qapp):
    return Lengths()


def test_it_keeps_qts_rules(model):
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert (model.rowCount(), model.columnCount()) == (3, 2)
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0


def test_numbers_stand_right_under_their_title(model):
    across = Qt.Orientation.Horizontal
    assert [model.headerData(place, across) for place in (0, 1)] == ["token", "letters"]
    assert model.index(0, 1).data() == "4"
    assert model.index(0, 1).data(_ROLES.TextAlignmentRole) == RIGHT
    assert model.headerData(1, across, _ROLES.TextAlignmentRole) == RIGHT
    assert model.index(0, 0).data(_ROLES.TextAlignmentRole) is None
    assert model.headerData(0, across, _ROLES.TextAlignmentRole) is None


def test_a_tip_is_plain_text_and_none_where_there_are_no_words(model):
    assert model.index(1, 0).data(_ROLES.ToolTipRole) == "<span>&lt;b&gt;queen&lt;/b&gt;</span>"
    assert model.index(2, 0).data(_ROLES.ToolTipRole) is None


def test_any_other_role_is_asked_of_the_list(model):
    assert model.index(2, 1).data(_ROLES.UserRole) == (2, 1)
    assert model.index(2, 1).data(_ROLES.DecorationRole) is None
    assert model.data(model.index(9, 9), _ROLES.UserRole) is None


def test_one_column_takes_what_the_others_leave(model, qtbot):
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    style_list(view, stretch=0, fixed={1: 70})
    view.resize(400, 200)
    view.show()
    assert view.columnWidth(1) == 70
    assert view.columnWidth(0) == view.viewport().width() - 70
