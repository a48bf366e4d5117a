import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.gui.map.legend import Legend
from explorer.gui.map.range_bar import spaced
from explorer.gui.map.view import MapView
from explorer.palettes import colour_values

Left = Qt.MouseButton.LeftButton
KINDS = np.array([f"kind {row % 12}" for row in range(240)], dtype=object)


@pytest.fixture
def legend(qtbot):
    made = Legend()
    qtbot.addWidget(made)
    return made


def told(signal):
    """A list that grows by what the signal says."""
    heard = []
    signal.connect(lambda *what: heard.append(what))
    return heard


def entry(legend, label):
    return next(part for part in legend._entries if part.entry.label == label)


def drag(handle, pixels):
    start = handle.rect().center()
    QTest.mousePress(handle, Left, pos=start)
    QTest.mouseMove(handle, start + QPoint(pixels, 0))
    QTest.mouseRelease(handle, Left, pos=start + QPoint(pixels, 0))


def test_a_click_on_an_entry_asks_for_its_rows_alone_and_another_for_all(legend):
    legend.set_colouring("kind", colour_values(KINDS, numeric=False, dark=False))
    heard = told(legend.category_clicked)
    third = legend._entries[2]
    QTest.mouseClick(third, Left)
    assert heard == [(third.entry.label, third.entry.code)]
    assert legend.isolated == third.entry.label
    QTest.mouseClick(third, Left)
    assert heard[-1] == ("", -1)
    assert not third.isChecked()


def test_an_entry_is_pressed_by_the_space_bar(legend, qtbot):
    legend.set_colouring("kind", colour_values(KINDS, numeric=False, dark=False))
    heard = told(legend.category_clicked)
    QTest.keyClick(legend._entries[1], Qt.Key.Key_Space)
    assert heard[0][0] == legend._entries[1].entry.label


def test_an_entry_is_named_with_its_count(legend):
    legend.set_colouring("kind", colour_values(KINDS, numeric=False, dark=False, limit=8))
    assert entry(legend, "Other").accessibleName() == "Other, 80 rows"


def test_another_column_forgets_the_isolated_category(legend):
    colouring = colour_values(KINDS, numeric=False, dark=False)
    legend.set_colouring("kind", colouring)
    QTest.mouseClick(legend._entries[0], Left)
    legend.set_colouring("kind", colouring)
    assert legend.isolated
    legend.set_colouring("other column", colouring)
    assert not legend.isolated


def test_more_and_fewer_categories_can_be_asked_for(legend):
    legend.set_colouring("kind", colour_values(KINDS, numeric=False, dark=False, limit=3))
    heard = told(legend.limit_changed)
    QTest.mouseClick(legend._more, Left)
    QTest.mouseClick(legend._fewer, Left)
    assert heard == [(4,), (2,)]


def test_no_more_categories_are_offered_than_there_are(legend):
    legend.set_colouring("kind", colour_values(KINDS, numeric=False, dark=False, limit=12))
    assert not legend._more.isEnabled()
    assert legend._fewer.isEnabled()


def test_the_ends_of_the_colours_are_dragged(legend):
    values = np.linspace(0, 100, 240)
    legend.set_colouring("score", colour_values(values, numeric=True, dark=False, low=0, high=100))
    legend.show()
    heard = told(legend.range_changed)
    drag(legend._bar.handles[0], 39)  # a quarter of the bar
    low, high = heard[-1]
    assert low == pytest.approx(25, abs=1)
    assert high == 100
    legend.set_colouring("score", colour_values(values, numeric=True, dark=False, low=low, high=75))
    assert [handle.share for handle in legend._bar.handles] == [
        pytest.approx(0.25, abs=0.01),
        pytest.approx(0.75),
    ]


def test_an_end_dragged_past_the_bar_takes_in_every_value(legend):
    values = np.r_[np.linspace(0, 1, 239), 50]
    legend.set_colouring("score", colour_values(values, numeric=True, dark=False))
    heard = told(legend.range_changed)
    drag(legend._bar.handles[1], 40)
    assert heard[-1][1] == 50


def test_one_end_stops_short_of_the_other(legend):
    values = np.linspace(0, 100, 240)
    legend.set_colouring("score", colour_values(values, numeric=True, dark=False, low=0, high=100))
    heard = told(legend.range_changed)
    drag(legend._bar.handles[0], 400)
    assert heard[-1][0] == pytest.approx(98)


def test_an_end_is_moved_by_keys_and_reset_by_home(legend):
    values = np.exp(np.linspace(0, 10, 240))
    colouring = colour_values(values, numeric=True, dark=False)
    legend.set_colouring("count", colouring)
    heard, reset = told(legend.range_changed), told(legend.range_reset)
    QTest.keyClick(legend._bar.handles[1], Qt.Key.Key_Left)
    assert heard[-1][0] == colouring.low
    assert heard[-1][1] == pytest.approx(
        colouring.low * (colouring.high / colouring.low) ** 0.98, rel=1e-6
    )
    QTest.keyClick(legend._bar.handles[1], Qt.Key.Key_Home)
    assert reset == [()]


def test_a_double_click_on_the_bar_resets_the_ends(legend):
    legend.set_colouring("score", colour_values(np.arange(9.0), numeric=True, dark=False))
    reset = told(legend.range_reset)
    QTest.mouseDClick(legend._bar, Left, pos=QPoint(60, 4))
    assert reset == [()]


def test_a_density_picture_explains_its_counts_instead(legend):
    legend.set_colouring("kind", colour_values(KINDS, numeric=False, dark=False))
    legend.set_density((2.5, 200))
    assert legend.accessibleName() == "Rows within 2.5 pixels (log scale): 1 to 200"
    assert not any(handle.isVisibleTo(legend) for handle in legend._bar.handles)
    legend.set_density(None)
    assert "kind" in legend.accessibleName()


def test_forty_categories_stand_in_two_columns(legend):
    kinds = np.array([f"kind {row % 40}" for row in range(400)], dtype=object)
    legend.set_colouring("kind", colour_values(kinds, numeric=False, dark=False, limit=40))
    assert legend.sizeHint().height() < 480
    boxes = [part.geometry() for part in legend._entries]
    assert all(legend.rect().contains(box) for box in boxes)
    assert len({box.topLeft().toTuple() for box in boxes}) == 40


def test_the_mouse_goes_through_the_legend_where_there_is_nothing_to_take(qtbot):
    view = MapView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    legend = Legend(view)
    legend.set_colouring("kind", colour_values(KINDS, numeric=False, dark=False))
    legend.move(200, 50)
    view.set_coordinates(np.array([(0, 0), (1, 1)], np.float32), locked=False)
    with qtbot.waitExposed(view):
        view.show()
    QApplication.processEvents()
    clicks = told(view.row_clicked)
    window = view.windowHandle()  # which finds the widget under the mouse
    QTest.mouseClick(window, Left, pos=legend.mapTo(view, QPoint(4, 4)))
    view.scene().clickEvents.clear()
    assert clicks == [(-1, "replace")]
    first = legend._entries[0]
    QTest.mouseClick(window, Left, pos=first.mapTo(view, first.rect().center()))
    assert len(clicks) == 1
    assert legend.isolated == first.entry.label


def test_no_dot_stays_hovered_under_the_legend(qtbot):
    view = MapView()
    qtbot.addWidget(view)
    legend = Legend(view)
    hovered = told(view.row_hovered)
    place = QPointF(3, 3)
    QApplication.sendEvent(legend, QEnterEvent(place, place, place))
    assert hovered == [(-1,)]


def test_two_numbers_under_a_bar_never_touch():
    for low, high in ((0, 10), (50, 52), (148, 150), (0, 150)):
        first, second = spaced([(low, ""), (high, "")], [40.0, 50.0], 0.0, 150.0)
        assert first >= 0
        assert second >= first + 48 - 1e-9
        assert second + 50 <= 150


@pytest.fixture
def crowded(legend):
    """A legend with more entries than its map has room for."""
    legend.set_colouring("kind", colour_values(KINDS, numeric=False, dark=False))
    legend.show()
    legend.set_room(QSize(320, 250))
    return legend


def test_a_legend_that_would_hide_the_map_folds_up(crowded):
    assert crowded.folded
    assert crowded.sizeHint().height() < 60
    assert not any(part.isVisible() for part in crowded._entries)


def test_a_folded_legend_is_shown_where_it_is_asked_for(crowded):
    QTest.mouseClick(crowded._fold, Left)
    assert not crowded.folded
    assert all(part.isVisible() for part in crowded._entries)
    QTest.mouseClick(crowded._fold, Left)
    assert crowded.folded


def test_a_legend_unfolds_where_the_map_grows(crowded):
    crowded.set_room(QSize(800, 700))
    assert not crowded.folded
    assert crowded._fold.isChecked()


def test_a_legend_with_room_enough_is_folded_up_where_it_is_asked_for(crowded):
    crowded.set_room(QSize(800, 700))
    open_height = crowded.height()
    QTest.mouseClick(crowded._fold, Left)
    assert crowded.folded
    assert crowded.height() < open_height / 3
    crowded.set_room(QSize(900, 800))
    assert crowded.folded  # and stays so
    QTest.mouseClick(crowded._fold, Left)
    assert crowded.height() == open_height


def test_a_colour_bar_folds_up_on_a_narrow_map_alone(legend):
    legend.set_colouring("score", colour_values(np.arange(50.0), numeric=True, dark=False))
    legend.set_room(QSize(900, 60))
    assert not legend.folded
    legend.set_room(QSize(300, 400))
    assert legend.folded
    assert not legend._bar.isVisibleTo(legend)


def test_rows_without_a_number_have_an_entry_below_the_bar(legend):
    scores = np.r_[np.arange(50.0), [np.nan] * 3]
    legend.set_colouring("score", colour_values(scores, numeric=True, dark=False))
    (entry,) = legend._entries
    assert (entry.entry.label, entry.entry.count) == ("No value", 3)
    assert entry.y() >= legend._bar.geometry().bottom()
    assert entry.geometry().bottom() <= legend.height()
    assert legend.accessibleName().endswith(", No value 3")
    assert not legend._fold.isVisibleTo(legend)


def test_entries_leave_at_once_for_a_colour_bar(legend):
    legend.set_colouring("kind", colour_values(KINDS, numeric=False, dark=False))
    before = list(legend._entries)
    legend.set_colouring("count", colour_values(np.arange(240.0), numeric=True, dark=False))
    assert legend._bar.isVisibleTo(legend)
    assert not any(entry.isVisibleTo(legend) for entry in before)
