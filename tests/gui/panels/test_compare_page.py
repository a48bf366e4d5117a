import csv

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QStackedWidget, QToolButton

from explorer.errors import OutputError
from explorer.gui.panels.compare.drawing import short
from explorer.gui.panels.compare.heat_map import HeatMap
from explorer.gui.panels.compare.page import ComparePage
from explorer.gui.panels.compare.pair import Pair
from explorer.gui.panels.compare.plan import Plan
from explorer.gui.state.session import Session
from explorer.gui.tasks.commands import Commands
from explorer.gui.theme import Theme
from explorer.table import Table
from explorer.vectors import Vectors

TOKENS = ("up", "higher", "above", "left", "=1+1", "zero")


def directions_table() -> Table:
    """Three rows that nearly agree, one across, one that a spreadsheet would run, one of zeros."""
    vectors = np.array([[1, 0], [1, 0.1], [1, -0.1], [-0.1, 1], [-1, 0], [0, 0]], np.float32)
    return Table(TOKENS, Vectors(vectors))


def directions_table_like(table: Table) -> Table:
    """The first numbers again, for the tokens of this table."""
    return Table(table.tokens, directions_table().vectors)


@pytest.fixture
def session(qapp) -> Session:
    made = Session()
    made.set_table(directions_table())
    return made


@pytest.fixture
def lane(jobs):
    return jobs.comparing


@pytest.fixture
def page(bring_up, jobs, qapp, session):
    made = ComparePage(session, jobs, Theme(qapp, "light"))
    made.resize(700, 640)
    bring_up(made)
    return made


@pytest.fixture
def commands(page, jobs, session):
    """As in the window: they write what a page asks to have written."""
    made = Commands(session, jobs)
    page.write_asked.connect(made.write)
    return made


@pytest.fixture
def compare(qtbot, page, session, lane):
    """Compares the selection, or tokens that are typed, and gives the heat map."""

    def run(rows=None, text=None) -> HeatMap:
        with qtbot.waitSignal(lane.succeeded):
            if text is not None:
                page.findChild(QLineEdit, "compare_tokens").setText(text)
            else:
                session.select(rows)
        return page.findChild(HeatMap)

    return run


def text(page, name):
    return page.findChild(QLabel, name).text()


def shown(page):
    """Which of its three faces the page shows."""
    return ("hint", "pair", "map")[page.findChild(QStackedWidget).currentIndex()]


def test_without_tokens_the_page_says_what_to_do(page):
    assert shown(page) == "hint"
    assert "Select rows" in text(page, "compare_hint")


def test_one_token_asks_for_another(page, session):
    session.select([0])
    assert "another one" in text(page, "compare_hint")


def test_two_tokens_give_one_number_and_its_place_among_random_pairs(page, compare):
    compare([0, 1])
    assert shown(page) == "pair"
    assert text(page, "compare_pair_cosine") == f"{1 / np.hypot(1, 0.1):.3f}"
    assert "(seed 0)" in text(page, "compare_pair_words")


def test_the_share_of_random_pairs_below_is_counted():
    pair = Pair(("a", "b"), 0.5, np.array([0.0, 0.1, 0.2, 0.9]), 3)
    assert "more similar than 75.0 % of 4 pairs" in pair.words().lower()
    assert Pair(("a", "b"), 1.0, np.zeros(4), 3).words().startswith("More similar than all of 4")
    assert "no direction" in Pair(("a", "b"), np.nan, np.zeros(4), 3).words()
    alike = Pair(("a", "b"), 0.5, np.full(4, 0.5 - 1e-15), 3)
    assert alike.words().startswith("More similar than none of 4")


def test_a_table_of_two_rows_has_no_other_pairs_to_compare_with(page, session, compare):
    session.set_table(Table(("a", "b"), Vectors(np.eye(2, dtype=np.float32) + 1)))
    compare([0, 1])
    assert text(page, "compare_pair_cosine") == "0.800"
    assert not text(page, "compare_pair_words")


def test_rows_without_a_direction_are_counted_above_the_map(page, session, compare):
    vectors = np.array([[1, 2], [0, 0], [2, 1], [np.nan, 1]], np.float32)
    session.set_table(Table(tuple("abcd"), Vectors(vectors)))
    compare([0, 1, 2, 3])
    assert "2 without a direction" in text(page, "compare_facts")


def test_the_selection_is_a_matrix_of_cosines_with_its_odd_one_out(page, compare):
    heat_map = compare([0, 1, 2, 3])
    assert shown(page) == "map"
    assert heat_map.matrix.names == ("up", "higher", "above", "left")
    assert heat_map.matrix.values[0, 3] == pytest.approx(-0.1 / np.hypot(1, 0.1))
    assert heat_map.matrix.odd == 3
    assert page.findChild(QToolButton, "compare_odd").text().startswith("left · cosine ")


def test_typed_tokens_go_before_the_selection_and_unknown_ones_are_told(page, compare, session):
    compare([3, 4])
    heat_map = compare(text="up, above higher, sideways")
    assert heat_map.matrix.names == ("up", "above", "higher")
    assert text(page, "compare_unknown_words") == "Not in the table: sideways."
    session.select([4])
    assert heat_map.matrix.names == ("up", "above", "higher")


def test_a_token_spelt_nearly_so_is_offered_and_taken(page, compare, qtbot, lane):
    heat_map = compare(text="up, abov, higher, left")
    offer = page.findChild(QPushButton, "compare_unknown_offer_1")
    qtbot.waitUntil(lambda: not offer.isHidden())
    assert offer.text() == "above?"
    with qtbot.waitSignal(lane.succeeded):
        offer.click()
    assert page.findChild(QLineEdit, "compare_tokens").text() == "up, above, higher, left"
    assert heat_map.matrix.names == ("up", "above", "higher", "left")


def test_clustered_order_puts_similar_tokens_side_by_side(page, compare, qtbot, lane):
    heat_map = compare([0, 4, 1, 2])
    assert heat_map.matrix.names[1] == "=1+1"
    with qtbot.waitSignal(lane.succeeded):
        page.findChild(QComboBox, "compare_order").setCurrentIndex(1)
    assert heat_map.matrix.names.index("=1+1") in (0, 3)


def centre(heat_map, row, column) -> QPoint:
    return heat_map.plan.rect(row, column).center().toPoint()


def test_pointing_at_a_cell_names_the_pair(page, compare):
    heat_map = compare([0, 1, 2, 3])
    QTest.mouseMove(heat_map, centre(heat_map, 3, 0))
    assert text(page, "compare_words") == "left · up   −0.100"


def test_other_numbers_for_the_same_rows_keep_the_matrix_after_a_click(
    page, compare, session, qtbot, lane
):
    heat_map = compare([0, 1, 2, 3])
    QTest.mouseClick(heat_map, Qt.MouseButton.LeftButton, pos=centre(heat_map, 3, 1))
    moved = Vectors(np.array([[0, 1], [1, 0], [1, -1], [2, 1], [-1, 0], [0, 0]], np.float32))
    with qtbot.waitSignal(lane.succeeded):
        session.update_table(Table(session.table.tokens, moved))
    assert heat_map.matrix.values[0, 1] == 0
    page.hide()
    session.update_table(directions_table_like(session.table))
    with qtbot.waitSignal(lane.succeeded):
        page.show()
    assert heat_map.matrix.names == ("up", "higher", "above", "left")
    assert heat_map.matrix.values[0, 1] > 0.9


def test_a_click_selects_the_pair_and_the_matrix_stays(page, compare, session):
    heat_map = compare([0, 1, 2, 3])
    QTest.mouseClick(heat_map, Qt.MouseButton.LeftButton, pos=centre(heat_map, 3, 1))
    assert session.selection.tolist() == [1, 3]
    assert shown(page) == "map"
    assert heat_map.matrix.names == ("up", "higher", "above", "left")


def test_the_arrow_keys_move_from_cell_to_cell_and_enter_selects(page, compare, session):
    heat_map = compare([0, 1, 2, 3])
    heat_map.setFocus(Qt.FocusReason.TabFocusReason)
    assert heat_map.at == (1, 0)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(heat_map, key)
    assert heat_map.at == (0, 1)
    QTest.keyClick(heat_map, Qt.Key.Key_Return)
    assert session.selection.tolist() == [1, 0]


def test_a_row_without_direction_is_blank_and_never_the_odd_one(page, compare):
    heat_map = compare([0, 1, 5, 3])
    assert heat_map.matrix.odd == 3
    assert heat_map.matrix.words((2, 0)) == "zero · up   no direction"
    blank = heat_map._drawing().colours()[2]
    assert (blank == blank[0]).all()


def test_the_matrix_is_written_as_csv_that_no_spreadsheet_runs(
    page, compare, commands, tmp_path, qtbot
):
    compare([0, 4, 5])
    with qtbot.waitSignal(commands.exported):
        page.export(tmp_path / "similarity.csv")
    with (tmp_path / "similarity.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["row", "token", "up", "'=1+1", "zero"]
    assert lines[1] == ["0", "up", "1.0", "-1.0", ""]
    assert lines[3] == ["5", "zero", "", "", ""]


def test_a_file_that_cannot_be_written_is_told(page, compare, commands, tmp_path, qtbot):
    compare([0, 1, 2])
    with qtbot.waitSignal(commands.failed) as failed:
        page.export(tmp_path / "missing" / "similarity.csv")
    assert isinstance(failed.args[0], OutputError)


def test_the_picture_is_copied_sharper_than_the_screen(page, compare):
    heat_map = compare([0, 1, 2])
    page._copy.click()
    copied = QGuiApplication.clipboard().pixmap()
    assert copied.width() == 2 * heat_map.width()


def test_of_very_many_rows_the_first_are_compared(page, compare, session):
    tokens = tuple(f"word{row}" for row in range(320))
    vectors = np.random.default_rng(0).normal(size=(320, 3)).astype(np.float32)
    session.set_table(Table(tokens, Vectors(vectors)))
    heat_map = compare(range(320))
    assert text(page, "compare_facts").startswith("the first 300 of 320 selected rows")
    assert len(heat_map.matrix.names) == 300
    assert not heat_map.grab().isNull()  # painted without a word from Qt


def test_another_table_starts_over(page, compare, session):
    compare(text="up, left, above")
    session.set_table(directions_table())
    assert shown(page) == "hint"
    assert page.findChild(QLineEdit, "compare_tokens").text() == ""


def test_nothing_is_compared_while_the_page_is_hidden(page, compare, session, qtbot, lane):
    heat_map = compare([0, 1, 2])
    page.hide()
    session.select([0, 1, 2, 3])
    assert not lane.busy
    with qtbot.waitSignal(lane.succeeded):
        page.show()
    assert len(heat_map.matrix.names) == 4


@pytest.mark.parametrize("count", [2, 12, 60, 300])
def test_cells_names_and_colour_bar_fit_the_widget(count):
    plan = Plan.of(600, 480, [90.0] * count)
    assert plan.area.bottom() <= 480
    assert plan.area.right() < plan.bar.right() + 30 <= 600
    assert plan.every * plan.cell >= 13
    for place in (0, count - 1):
        assert plan.at(plan.rect(place, 0).center()) == (place, 0)
    assert plan.at(plan.area.bottomRight() * 1.01) is None


def test_cosines_are_short_in_cells():
    assert [short(value) for value in (0.432, -0.118, 1, -0.001, np.nan)] == [
        ".43",
        "−.12",
        "1.00",
        ".00",
        "–",
    ]


def test_escape_goes_from_typed_tokens_back_to_the_selection(page, compare, session, qtbot):
    compare(text="up, higher, left")
    facts = page.findChild(QLabel, "compare_facts")
    assert facts.text() == "3 tokens · cosine of the raw vectors"
    session.select([0, 3])
    assert facts.text() == "3 tokens · cosine of the raw vectors · Esc: the selection"

    field = page.findChild(QLineEdit, "compare_tokens")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: facts.text().startswith("2 selected rows"))
    assert page._rows.tolist() == [0, 3]


def test_the_odd_one_out_keeps_the_hyphen_of_its_name(page, session, compare):
    vectors = np.array([[1, 0.2], [1, 0.1], [-1, 0.1]], np.float32)
    session.set_table(Table(("on", "off", "sci-fi"), Vectors(vectors)))
    compare([0, 1, 2])
    told = page.findChild(QToolButton, "compare_odd").text()
    assert told.startswith("sci-fi · cosine −0.")
