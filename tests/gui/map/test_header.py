import numpy as np
import pytest
from PySide6.QtCore import Qt

from explorer.gui.map.header import MapHeader
from explorer.gui.state.colours import FIELD
from explorer.table import Column


@pytest.fixture
def header(qtbot):
    made = MapHeader()
    qtbot.addWidget(made)
    return made


def groups(box):
    """Names of the list, in groups."""
    found = [[]]
    for place in range(box.count()):
        kind = box.itemData(place, Qt.ItemDataRole.AccessibleDescriptionRole)
        if kind == "separator":
            found.append([])
        else:
            found[-1].append(box.itemData(place))
    return found


def test_colours_are_listed_in_groups(header):
    header.show_columns(["count", "class"], ["clusters"], "class")
    assert groups(header.colour) == [[""], ["count", "class"], ["clusters"], [FIELD]]
    assert header.colour.currentData() == "class"


def test_a_table_without_columns_has_one_colour_and_the_field(header):
    header.show_columns([], [], "")
    assert groups(header.colour) == [[""], [FIELD]]
    assert header.colour.isEnabled()


def test_a_chosen_colour_is_told_by_its_key(header, qtbot):
    header.show_columns(["count"], [], "")
    place = header.colour.findData(FIELD)
    with qtbot.waitSignal(header.colour_chosen) as told:
        header.colour.activated.emit(place)
    assert told.args == [FIELD]


def test_a_computed_column_joins_the_list_and_colours_the_map(panel, session):
    column = Column("cluster", session.table.columns["class"].values)
    session.colours.add(column)
    assert groups(panel.header.colour)[2] == ["cluster"]
    assert panel.header.colour.currentData() == "cluster"
    session.colours.forget_computed()
    assert len(groups(panel.header.colour)) == 3
    assert panel.header.colour.currentData() == ""


def test_an_empty_map_says_what_to_do_next(panel, session):
    session.set_projection(None)
    assert panel.hint.text() == "Choose a method in the Project panel (Ctrl+R)."


def test_rows_that_speak_for_a_column_are_named_while_it_colours(panel, session):
    values = session.table.columns["class"].values
    ends = panel.projection.furthest.tolist()
    session.colours.add(Column("cluster", values), landmarks=np.array([42, 13]))
    assert panel.view.stage.naming._asked.tolist() == [42, 13, *ends]
    session.colours.by("count")
    assert panel.view.stage.naming._asked.tolist() == ends


def test_a_field_leaves_the_dots_their_strength(panel, session):
    session.select([4])
    assert panel.view.stage.dots.dimmed
    session.colours.by(FIELD)
    assert not panel.view.stage.dots.dimmed
    session.colours.by("class")
    assert panel.view.stage.dots.dimmed


def test_the_tip_names_the_row_alone_under_a_field(panel, session):
    session.colours.by(FIELD)
    session.hover(23)
    assert panel.view.stage.tip._lines[1] == "row 23"
