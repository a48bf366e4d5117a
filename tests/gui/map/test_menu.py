"""The menu of a right click on a map."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.gui.map.menu import MapMenu

OF_ROWS = ("copy", "keep", "export_selection", "grow", "graph", "isolate", "project_selected")
NAMES = (*OF_ROWS, "fit", "picture", "figure")
Right = Qt.MouseButton.RightButton


@pytest.fixture
def menu(grid, session, monkeypatch):
    actions = {name: QAction(name, grid) for name in NAMES}
    made = MapMenu(session, grid, actions, grid)
    asked = []
    monkeypatch.setattr(made.menu, "popup", asked.append)  # it would take mouse and keys
    yield made.menu
    assert len(asked) == 1


def texts(menu):
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def right_click(panel, row=None):
    view = panel.view
    place = view.rect().center() * 0.1  # the corner without dots
    if row is not None:
        place = view.mapFromScene(view.getViewBox().mapToScene(view.stage.dots.position(row)))
    QTest.mouseMove(view.viewport(), place)
    QTest.mouseClick(view.viewport(), Right, pos=place)


def test_a_right_click_on_a_dot_selects_it_and_says_what_can_be_done(menu, grid, session):
    right_click(grid.active, 23)
    assert session.selection.tolist() == [23]
    assert texts(menu) == ["word23", *OF_ROWS, "fit", "Copy picture", "picture", "figure"]


def test_a_right_click_on_a_selected_dot_leaves_the_selection(menu, grid, session):
    session.select([4, 23, 34])
    right_click(grid.active, 23)
    assert session.selection.tolist() == [4, 23, 34]
    assert texts(menu)[0] == "word34 and 2 more"


def test_a_right_click_beside_all_dots_with_nothing_selected_offers_the_picture(menu, grid):
    right_click(grid.active)
    assert texts(menu) == ["fit", "Copy picture", "picture", "figure"]


def test_isolated_rows_can_be_left_with_nothing_selected(menu, grid, session):
    session.isolate(np.arange(20))
    right_click(grid.active)
    assert texts(menu)[:2] == ["isolate", "fit"]


def test_the_menu_key_opens_it_too(menu, grid, session):
    session.select([59])
    view = grid.active.view
    place = view.rect().center()
    by_key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, view.mapToGlobal(place))
    QApplication.sendEvent(view, by_key)
    assert texts(menu)[0] == "<b>bold</b>⏎"


def test_a_map_opened_later_has_the_menu_and_gives_its_own_picture(menu, grid, session, project):
    number = session.maps.open()
    session.set_projection(project(axes=(1, 0)), number)
    QApplication.processEvents()
    session.maps.activate(0)
    QGuiApplication.clipboard().clear()
    right_click(grid.panels[1])
    assert session.maps.active == number
    next(action for action in menu.actions() if action.text() == "Copy picture").trigger()
    assert QGuiApplication.clipboard().image() == grid.panels[1].picture()
