import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.gui.map.candidates import Names
from explorer.gui.map.ghost import Ghost
from explorer.gui.map.labels import ORDINARY
from explorer.gui.map.stage import context_grey
from explorer.gui.map.view import MapView
from explorer.palettes import plain

ROWS = 400
NO_ROWS = np.empty(0, np.int64)
Left = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot):
    made = MapView()
    qtbot.addWidget(made)
    made.resize(600, 500)
    points = np.random.default_rng(0).normal(size=(ROWS, 2)).astype(np.float32)
    made.set_names(Names.of([f"word{row}" for row in range(ROWS)], None))
    made.set_colouring(plain(ROWS, dark=False))
    made.set_coordinates(points, locked=True)
    with qtbot.waitExposed(made):
        made.show()
    QApplication.processEvents()
    made.grab()
    return made


@pytest.fixture
def deep(view):
    view.set_coordinates(
        np.random.default_rng(1).normal(size=(ROWS, 3)).astype(np.float32), locked=True
    )
    view.grab()
    return view


def names_of(view):
    view.grab()
    return {label.text for label in view.stage.labels.labels}


def colours_in(view):
    """The colours of the pixels of the dots' picture, as hexadecimal numbers."""
    image = view.stage.dots.render_picture().copy()
    return set(np.frombuffer(image.constBits(), np.uint32).tolist())


def test_several_selected_rows_leave_the_others_in_grey(view):
    red, green, blue = context_grey(False)
    grey = 0xFF000000 | red << 16 | green << 8 | blue
    view.set_selection(np.array([5]), NO_ROWS)
    assert grey not in colours_in(view)
    view.set_selection(np.array([5, 6]), NO_ROWS)
    assert grey in colours_in(view)
    view.set_selection(NO_ROWS, NO_ROWS)
    assert grey not in colours_in(view)


def test_grey_context_maps_no_point_again(view):
    mapped = view.stage.dots.mapped
    view.set_selection(np.arange(100), NO_ROWS)
    view.grab()
    assert view.stage.dots.mapped == mapped


def test_rows_that_are_not_isolated_are_neither_drawn_nor_picked_nor_named(view):
    others = view.stage.dots.position(3)
    view.set_isolated(np.arange(200, ROWS))
    assert view.stage.dots.position(3) is None
    assert view.stage.dots.pick(others.x(), others.y(), 0) != 3
    assert names_of(view) <= {f"word{row}" for row in range(200, ROWS)}
    view.set_isolated(None)
    assert view.stage.dots.pick(others.x(), others.y()) >= 0
    assert "word0" in names_of(view)


def test_isolating_as_many_other_rows_names_these(view):
    view.set_isolated(np.arange(100))
    assert names_of(view)
    view.set_isolated(np.arange(100, 200))
    assert names_of(view)
    assert names_of(view) <= {f"word{row}" for row in range(100, 200)}


def test_a_sweep_finds_isolated_rows_only(view):
    view.set_isolated(np.arange(200, ROWS))
    swept = []
    view.rows_swept.connect(lambda rows, how: swept.append((sorted(rows.tolist()), how)))
    size = view.getViewBox().rect()
    view.getViewBox().swept.emit([(0, 0), (size.width(), size.height())], "remove")
    assert swept == [(list(range(200, ROWS)), "remove")]


def test_isolating_leaves_the_view_and_fitting_shows_the_isolated_rows(view):
    box = view.getViewBox()
    before = box.viewRect()
    near = np.flatnonzero((view.stage.points > 0).all(axis=1))
    view.set_isolated(near)
    assert box.viewRect() == before
    view.fit()
    assert box.viewRect().width() < 0.8 * before.width()


def test_the_isolated_rows_of_another_table_are_forgotten(view):
    view.set_isolated(np.array([3]))
    view.set_coordinates(np.zeros((5, 2), np.float32), locked=True)
    assert len(view.stage.dots.rows) == 5


def test_dots_grow_with_the_size_asked_for_whatever_the_zoom(view):
    usual = view.stage.dots.radius
    view.set_dot_size(2.0)
    assert view.stage.dots.radius == pytest.approx(2 * usual, abs=0.25)
    view.zoom(0.2)
    assert view.stage.dots.radius > 2 * usual
    view.set_dot_size(1.0)
    view.fit()
    assert view.stage.dots.radius == usual


def test_a_density_picture_tells_its_scale_and_dots_have_none(view, qtbot):
    with qtbot.waitSignal(view.density_changed):
        view.set_mode("density")
        view.grab()
    reach, greatest = view.density
    assert reach == view.stage.dots.radius
    assert greatest in (1, 2, 5, 10, 20, 50, 100)
    with qtbot.waitSignal(view.density_changed):
        view.set_mode("dots")
        view.grab()
    assert view.density is None


def test_larger_labels_are_fewer(view):
    few = len(names_of(view))
    view.set_label_size(24)
    assert 0 < len(names_of(view)) < few
    view.set_label_size(11)
    assert len(names_of(view)) == few


def test_without_labels_only_what_stands_out_is_named(view):
    view.set_labels_shown(False)
    assert names_of(view) == set()
    view.set_selection(np.array([5]), NO_ROWS)
    assert names_of(view) == {"word5"}
    view.set_labels_shown(True)
    assert len(names_of(view)) > 5


def test_rows_asked_for_have_a_name(view):
    unimportant = ROWS - 1
    assert f"word{unimportant}" not in names_of(view)
    view.set_label_rows(np.array([unimportant]))
    assert f"word{unimportant}" in names_of(view)


def test_a_label_stays_where_it_is_while_the_map_is_moved(view):
    before = {label.row: label for label in view.stage.labels.labels}
    view.pan(0.02, 0.01)
    view.grab()
    after = {label.row: label for label in view.stage.labels.labels}
    inside = view.getViewBox().rect().adjusted(60, 40, -60, -40)
    stayed = [row for row, label in before.items() if inside.contains(label.box)]
    assert len(stayed) > 5
    assert all(after[row].side == before[row].side for row in stayed)


def dots_under(label, view):
    """Rows whose centres lie under a label."""
    x, y = view.stage.dots.positions(view.stage.dots.rows)
    box = label.box
    under = (x > box.left()) & (x < box.right()) & (y > box.top()) & (y < box.bottom())
    return view.stage.dots.rows[under]


def test_where_few_dots_are_in_view_names_stand_beside_them(view):
    view.set_isolated(np.arange(150))
    view.grab()
    labels = view.stage.labels.labels
    assert len(labels) > 30
    assert not any(len(dots_under(label, view)) for label in labels)


def test_the_most_important_row_in_a_crowd_is_named_over_its_neighbours(view):
    points = np.random.default_rng(0).normal(size=(ROWS, 2)).astype(np.float32) / 20
    points[0], points[-1] = 0, 1
    view.set_coordinates(points, locked=True)
    assert "word0" in names_of(view)


def test_names_do_not_come_and_go_while_few_dots_become_some_more(view):
    view.set_isolated(np.arange(150))
    view.grab()
    named = {label.row: label.side for label in view.stage.labels.labels}
    for _ in range(5):
        view.pan(0.013, 0.007)
        view.grab()
        inside = view.getViewBox().rect().adjusted(60, 40, -60, -40)
        now = {label.row: label for label in view.stage.labels.labels}
        stayed = [row for row in named if inside.contains(view.stage.dots.position(row))]
        assert [now[row].side for row in stayed] == [named[row] for row in stayed]


def test_another_map_names_the_leaders_of_its_own_parts(view, qtbot):
    turned = np.random.default_rng(5).normal(size=(ROWS, 2)).astype(np.float32)
    view.set_coordinates(turned, locked=True)
    after_another = names_of(view)
    view.stage.labels.forget_places()
    view.stage.stale = True
    assert names_of(view) == after_another


def test_names_are_paler_only_where_dots_are(view):
    view.set_selection(np.array([3]), NO_ROWS)
    assert view.stage.labels.paled
    view.set_receding(False)
    assert not view.stage.labels.paled


def test_the_name_of_a_selected_row_is_not_paler_however_many_there_are(view):
    view.set_selection(np.arange(100, ROWS), NO_ROWS)
    view.grab()
    ordinary = [label for label in view.stage.labels.labels if label.kind == ORDINARY]
    assert {label.pale for label in ordinary} == {True, False}
    assert all(label.pale == (label.row < 100) for label in ordinary)


def test_the_name_of_a_landmark_recedes_with_its_dot_but_not_where_it_is_a_neighbour(view):
    view.set_label_rows(np.array([40, 41]))
    view.set_selection(np.array([3]), np.array([41]))
    view.grab()
    pale = {label.row: label.pale for label in view.stage.labels.labels}
    assert [pale[row] for row in (3, 40, 41)] == [False, True, False]


def test_names_in_sight_stay_while_zooming_in(view):
    before = {label.row for label in view.stage.labels.labels}
    view.zoom(0.9)
    view.grab()
    shown = view.stage.labels.labels
    rows = np.array(sorted(before))
    kept = before & {label.row for label in shown}
    assert len(kept) >= 0.8 * view.stage.dots.in_view(rows).sum()


def test_names_of_rows_once_selected_do_not_stay(view):
    view.set_selection(np.arange(ROWS - 30, ROWS), NO_ROWS)
    named = names_of(view)
    view.set_selection(NO_ROWS, NO_ROWS)
    before = {f"word{row}" for row in range(ROWS - 30, ROWS)} & named
    assert len(before & names_of(view)) < len(before) / 2
    assert all(label.kind == ORDINARY for label in view.stage.labels.labels)


def test_belief_is_marked_and_named_until_another_row_is_current(view):
    view.set_selection(np.array([5]), NO_ROWS)
    view.set_belief(np.array([ROWS - 1]), np.array([ROWS - 2]))
    assert {f"word{ROWS - 1}", f"word{ROWS - 2}"} <= names_of(view)
    marked = view.stage.marks._marked
    assert (len(marked.missing), len(marked.false)) == (1, 1)
    view.set_selection(np.array([6]), NO_ROWS)
    view.grab()
    assert view.stage.marks._marked.missing == []


def test_escape_gives_up_a_lasso_and_only_then_clears(view):
    view.set_tool("lasso")
    port = view.windowHandle()
    swept, cleared = [], []
    view.rows_swept.connect(lambda *what: swept.append(what))
    view.cleared.connect(lambda: cleared.append(True))
    QTest.mousePress(port, Left, pos=QPoint(200, 200))
    for place in ((240, 200), (300, 300), (220, 300)):
        QTest.mouseMove(port, QPoint(*place))
        QTest.qWait(15)  # pyqtgraph drops moves that follow at once
    assert view.getViewBox()._band.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.getViewBox()._band.isVisible()
    QTest.mouseMove(port, QPoint(250, 350))
    QTest.mouseRelease(port, Left, pos=QPoint(250, 350))
    assert (swept, cleared) == ([], [])
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert cleared == [True]


def test_arrow_keys_turn_a_deep_map_and_with_shift_move_it(deep):
    turned = deep.look[1]
    place = deep.getViewBox().viewRect()
    QTest.keyClick(deep, Qt.Key.Key_Right)
    assert deep.look[1] != turned
    assert deep.getViewBox().viewRect() == place
    turned = deep.look[1]
    QTest.keyClick(deep, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert deep.look[1] == turned
    assert deep.getViewBox().viewRect().center().x() > place.center().x()


def test_a_deep_map_turns_by_itself_until_the_mouse_is_pressed(deep, qtbot):
    turned = deep.look[1]
    with qtbot.waitSignal(deep.spinning_changed):
        deep.set_auto_rotate(True)
    qtbot.waitUntil(lambda: deep.look[1] != turned)
    with qtbot.waitSignal(deep.spinning_changed):
        QTest.mousePress(deep.windowHandle(), Left, pos=QPoint(300, 200))
    QTest.mouseRelease(deep.windowHandle(), Left, pos=QPoint(300, 200))
    assert not deep.spinning


def test_a_flat_map_does_not_turn_by_itself(view, deep, qtbot):
    deep.set_auto_rotate(True)
    view.set_coordinates(np.zeros((5, 2), np.float32), locked=True)
    qtbot.waitUntil(lambda: not view.spinning)
    view.set_auto_rotate(True)
    assert not view.spinning


def test_the_view_of_a_deep_map_is_found_again(deep):
    ranges, turn = deep.look
    deep.turn(50, 20)
    deep.zoom(0.5)
    deep.look_at(ranges, turn)
    assert deep.look[1] == pytest.approx(turn)
    assert deep.look[0] == pytest.approx(ranges)


def test_dots_are_found_on_a_map_of_huge_coordinates(view):
    view.set_coordinates(
        np.array([(1e30, 1e30), (2e30, 3e30), (3e30, 1e30)], np.float32), locked=False
    )
    view.grab()
    place = view.stage.dots.position(1)
    assert view.stage.dots.pick(place.x(), place.y()) == 1
    assert view.getViewBox().rect().contains(QPointF(place))


def test_a_hovered_row_that_the_next_table_lacks_is_forgotten(view):
    view.set_hovered(ROWS - 1)
    assert view.stage.tip.text
    view.set_names(Names.of(["a", "b"], None))
    view.grab()
    assert view.stage.tip.text == ""


def test_the_ghost_of_a_flat_picture_is_not_on_one_with_depth(view):
    view.set_ghost(Ghost("mean of two", "", np.zeros(2, np.float32)))
    assert view.stage.ghost.place is not None
    view.set_coordinates(np.ones((ROWS, 3), np.float32), locked=True)
    assert view.stage.ghost.place is None


def test_a_ghost_far_out_is_pointed_to_and_seen_once_all_is_fitted(view):
    view.set_ghost(Ghost("far", "", np.array([40, -70], np.float32)))
    ghost = view.stage.ghost
    assert ghost.place is not None
    assert not ghost.seen
    view.fit()  # asked again: it is fitted already
    assert ghost.seen


@pytest.mark.parametrize("locked", [True, False])
def test_far_rows_are_in_view_at_once_where_each_axis_is_a_measure_of_its_own(view, locked):
    places = np.random.default_rng(0).normal(size=(ROWS, 2)).astype(np.float32)
    places[3] = (40, 0)
    view.set_coordinates(places, locked=locked)
    assert (view.getViewBox().viewRect().right() > 40) is not locked
