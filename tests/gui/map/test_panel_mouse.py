"""What mouse and keys do on a map."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

Left = Qt.MouseButton.LeftButton
Shift = Qt.KeyboardModifier.ShiftModifier
Alt = Qt.KeyboardModifier.AltModifier
Ctrl = Qt.KeyboardModifier.ControlModifier


def place_of(panel, row):
    """A row's dot in the view's viewport."""
    box = panel.view.getViewBox()
    place = box.mapToScene(panel.view.stage.dots.position(row))
    return panel.view.mapFromScene(place)


def click(panel, place, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.mouseMove(panel.view.viewport(), place)
    QTest.mouseClick(panel.view.viewport(), Left, modifiers, place)
    # pyqtgraph tells clicks from double clicks by the time between them.
    panel.view.scene().clickEvents.clear()


def drag(panel, start, stop, modifiers=Qt.KeyboardModifier.NoModifier):
    port = panel.view.viewport()
    QTest.mousePress(port, Left, modifiers, start)
    for share in np.linspace(0, 1, 6)[1:]:
        QTest.mouseMove(port, start + (stop - start) * float(share))
        QApplication.processEvents()
    QTest.mouseRelease(port, Left, modifiers, stop)


def test_a_click_on_a_dot_selects_its_row(panel, session):
    click(panel, place_of(panel, 23))
    assert session.selection.tolist() == [23]


def test_a_click_beside_all_dots_clears_the_selection(panel, session):
    session.select([4])
    click(panel, (place_of(panel, 23) + place_of(panel, 34)) / 2)
    assert session.selection.tolist() == []


def test_a_click_with_a_key_adds_removes_or_turns_over(panel, session):
    session.select([4])
    click(panel, place_of(panel, 23), Shift)
    click(panel, place_of(panel, 23), Shift)
    assert session.selection.tolist() == [4, 23]
    click(panel, place_of(panel, 4), Alt)
    click(panel, place_of(panel, 4), Alt)
    assert session.selection.tolist() == [23]
    click(panel, place_of(panel, 23), Ctrl)
    assert session.selection.tolist() == []
    click(panel, place_of(panel, 4), Ctrl)
    assert session.selection.tolist() == [4]


def test_the_mouse_over_a_dot_names_its_token(panel, session):
    QTest.mouseMove(panel.view.viewport(), place_of(panel, 23))
    assert session.hovered == 23
    assert panel.view.stage.tip.text == "word23"


def test_a_click_on_a_name_selects_its_row(panel, session):
    label = next(label for label in panel.view.stage.labels.labels if label.row != 23)
    place = panel.view.mapFromScene(panel.view.getViewBox().mapToScene(label.box.center()))
    QTest.mouseMove(panel.view.viewport(), place)
    assert session.hovered == label.row
    click(panel, place)
    assert session.selection.tolist() == [label.row]


def test_a_name_counts_before_the_dots_under_it(panel, session):
    stage = panel.view.stage
    label = stage.labels.labels[0]
    label.box.moveCenter(stage.dots.position(23))
    click(panel, place_of(panel, 23))
    assert session.selection.tolist() == [label.row]


def test_a_token_with_markup_is_named_as_it_is_written(panel, session):
    session.hover(59)
    assert panel.view.stage.tip.text == "<b>bold</b>⏎"


def test_the_mouse_leaving_ends_the_hover(panel, session):
    session.hover(23)
    QApplication.sendEvent(panel.view, QEvent(QEvent.Type.Leave))
    assert session.hovered == -1
    assert panel.view.stage.tip.text == ""


def test_a_box_selects_the_rows_inside_it(panel, session):
    panel.header.button("box").click()
    # y goes up on the map, so row 34 lies above and to the right of row 12
    drag(panel, place_of(panel, 12) + QPoint(-12, 12), place_of(panel, 34) + QPoint(12, -12))
    assert sorted(session.selection.tolist()) == [12, 13, 14, 22, 23, 24, 32, 33, 34]


def test_the_most_important_row_of_a_box_is_the_current_one(panel, session):
    panel.header.button("box").click()
    drag(panel, place_of(panel, 12) + QPoint(-12, 12), place_of(panel, 34) + QPoint(12, -12))
    assert session.current_row == 12  # the greatest count


def test_a_box_with_shift_adds_to_the_selection(panel, session):
    session.select([50])
    panel.header.button("box").click()
    drag(panel, place_of(panel, 12) + QPoint(-9, 9), place_of(panel, 13) + QPoint(9, -9), Shift)
    assert sorted(session.selection.tolist()) == [12, 13, 50]


def test_a_lasso_selects_the_rows_it_surrounds(panel, session):
    panel.view.set_tool("lasso")
    box = panel.view.getViewBox()
    places = [panel.view.stage.dots.position(row) for row in (0, 3, 30)]
    outwards = ((-9, 9), (30, 9), (-9, -30))
    trail = [
        (place.x() + dx, place.y() + dy) for place, (dx, dy) in zip(places, outwards, strict=True)
    ]
    box.swept.emit(trail, "replace")
    assert {0, 1, 2, 10, 11, 20} <= set(session.selection.tolist())
    assert 33 not in session.selection


def test_a_row_without_a_place_is_never_swept(panel, session):
    size = panel.view.getViewBox().rect()
    panel.view.getViewBox().swept.emit([(0, 0), (size.width(), size.height())], "replace")
    assert len(session.selection) == 59
    assert 7 not in session.selection


def test_dragging_moves_the_map(panel, session):
    before = place_of(panel, 23)
    drag(panel, QPoint(300, 300), QPoint(360, 270))
    moved = place_of(panel, 23) - before
    assert abs(moved.x() - 60) <= 2
    assert abs(moved.y() + 30) <= 2
    assert session.selection.tolist() == []


def test_a_box_zooms_in_where_both_directions_have_one_scale(panel):
    box = panel.view.getViewBox()
    panel.view.set_tool("zoom")
    corners = [place_of(panel, row) for row in (23, 45)]
    drag(panel, *corners)
    view = box.viewRect()
    assert view.width() < 6
    assert view.contains(*panel.view.stage.points[34].tolist())


def test_a_three_dimensional_map_turns_with_a_drag(panel, session, project):
    session.set_projection(project(axes=(0, 1, 2)))
    panel.grab()
    before = panel.view.stage.points.copy()
    drag(panel, QPoint(300, 300), QPoint(360, 300))
    after = panel.view.stage.points
    placed = np.isfinite(before[:, 0])
    assert np.abs(after - before)[placed].max() > 0.5
    assert np.abs(after - before)[placed, 1].max() < 1e-3, "a level drag turns about the upright"


@pytest.mark.parametrize("key", [Qt.Key.Key_0, Qt.Key.Key_Home])
def test_keys_zoom_pan_and_fit(panel, key):
    fitted = panel.view.getViewBox().viewRect()
    QTest.keyClick(panel.view, Qt.Key.Key_Plus)
    assert panel.view.getViewBox().viewRect().width() < fitted.width()
    QTest.keyClick(panel.view, Qt.Key.Key_Right)
    assert panel.view.getViewBox().viewRect().center().x() > fitted.center().x()
    QTest.keyClick(panel.view, key)
    assert panel.view.getViewBox().viewRect().width() == pytest.approx(fitted.width())


def test_escape_clears_the_selection(panel, session):
    session.select([4, 5])
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    assert session.selection.tolist() == []
