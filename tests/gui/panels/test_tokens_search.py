"""How tokens are searched in the window: modes, case, marks, and what stands where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QPushButton, QTableView, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.fields.search_field import SearchField
from explorer.gui.lists.marked import Marked, MarkedDelegate
from explorer.gui.lists.token_model import MARKED, TokenModel
from explorer.gui.panels.tokens import TokensPanel
from explorer.gui.state.session import Session
from explorer.gui.tasks import finding
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.searching import Search, index_of
from explorer.table import Table
from explorer.vectors import Vectors

WORDS = ("film", "Film", "films", "filmed", "good", "microfilm", "\U0001f600film", "plot")


def table_of(tokens: tuple[str, ...]) -> Table:
    return Table(tokens, Vectors(np.ones((len(tokens), 2), np.float32)))


@pytest.fixture
def session(qapp: object) -> Session:
    return Session()


@pytest.fixture
def tokens(session: Session, jobs: Jobs, qtbot: QtBot, qapp: QApplication) -> TokensPanel:
    made = TokensPanel(session, jobs, Theme(qapp, "light"))
    qtbot.addWidget(made)
    session.set_table(table_of(WORDS))
    made.resize(300, 600)
    with qtbot.waitExposed(made):
        made.show()
    return made


def listed(panel: TokensPanel) -> list[str]:
    model = panel.findChild(QTableView, "tokens_list").model()
    return [model.index(place, 0).data() for place in range(model.rowCount())]


def text_of(panel: TokensPanel, name: str) -> str:
    return panel.findChild(QWidget, name).text()


def settled(panel: TokensPanel, jobs: Jobs, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: panel.answered and not jobs.search.busy)


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        (Qt.Key.Key_U, "ilm", ["film", "Film", "films", "filmed", "microfilm", "\U0001f600film"]),
        (Qt.Key.Key_P, "FILM", ["film", "Film", "films", "filmed"]),
        (Qt.Key.Key_X, "film", ["film", "Film"]),
        (Qt.Key.Key_R, "^.i.*s$", ["films"]),
        (Qt.Key.Key_Y, "flims", ["films", "film", "Film"]),
    ],
)
def test_a_key_chooses_how_the_text_is_meant(
    tokens: TokensPanel, jobs: Jobs, qtbot: QtBot, key: Qt.Key, text: str, found: list[str]
) -> None:
    tokens.search.setFocus()
    qtbot.keyClick(tokens.search, key, Qt.KeyboardModifier.AltModifier)
    tokens.search.setText(text)
    settled(tokens, jobs, qtbot)
    assert listed(tokens) == found
    assert text_of(tokens, "tokens_count") == f"{len(found)} of {len(WORDS)} tokens"


def test_the_mode_is_told_on_its_button(tokens: TokensPanel) -> None:
    field = tokens.findChild(SearchField)
    button = tokens.findChild(QToolButton, "tokens_mode")
    assert button.text() == "contains"
    field.set_mode("regex")
    assert button.text() == "regex"
    assert "Regular expression" in button.accessibleName()


def test_capitals_count_when_they_are_asked_to(tokens: TokensPanel, qtbot: QtBot) -> None:
    tokens.search.setText("Film")
    assert listed(tokens)[0] == "Film"
    assert len(listed(tokens)) == 6
    tokens.search.setFocus()
    qtbot.keyClick(tokens.search, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    assert listed(tokens) == ["Film"]


def test_where_nothing_is_found_it_is_said_and_a_near_spelling_is_one_click_away(
    tokens: TokensPanel, jobs: Jobs, qtbot: QtBot
) -> None:
    tokens.search.setText("flims")
    settled(tokens, jobs, qtbot)
    assert text_of(tokens, "tokens_nothing_why") == "No token contains “flims”."
    assert not tokens.findChild(QTableView, "tokens_list").isVisible()
    offer = tokens.findChild(QPushButton, "tokens_nothing_offer1")
    assert (offer.text(), bool(offer.toolTip())) == ("films", True)
    offer.click()
    assert tokens.search.text() == "films"
    assert listed(tokens) == ["films"]
    assert tokens.findChild(QTableView, "tokens_list").isVisible()


def test_a_pattern_that_cannot_be_read_is_told_at_its_place(
    tokens: TokensPanel, jobs: Jobs, qtbot: QtBot
) -> None:
    tokens.findChild(SearchField).set_mode("regex")
    tokens.search.setText("fi(lm")
    settled(tokens, jobs, qtbot)
    assert text_of(tokens, "tokens_nothing_why") == "A parenthesis is not closed. (character 3)"
    assert tokens.search.marked == 2
    assert text_of(tokens, "tokens_count") == ""
    tokens.search.setText("fi(lm)")
    settled(tokens, jobs, qtbot)
    assert tokens.search.marked == -1
    assert "film" in listed(tokens)
    assert text_of(tokens, "tokens_count").endswith(f"of {len(WORDS)} tokens")


def test_the_tokens_of_a_large_table_are_read_as_soon_as_it_is_open(
    tokens: TokensPanel, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_SMALL", 0)
    table = table_of((*WORDS, "the end"))
    session.set_table(table)
    qtbot.waitUntil(lambda: index_of(table).prepared(Search("the")))
    tokens.search.setText("the")
    assert listed(tokens) == ["the end"]


def test_enter_waits_for_what_is_still_being_searched(
    tokens: TokensPanel, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_SMALL", 0)
    session.set_table(table_of((*WORDS, "the end")))
    tokens.search.setText("microf")
    qtbot.keyClick(tokens.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.selection.tolist() == [5])
    assert listed(tokens) == ["microfilm"]


def test_a_search_that_takes_long_goes_on_in_a_lane(
    tokens: TokensPanel, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.search.setText("film")  # what is needed is there
    monkeypatch.setattr(finding, "_LARGE", 0)
    tokens.search.setText("films")
    assert not tokens.answered
    settled(tokens, jobs, qtbot)
    assert listed(tokens) == ["films"]


def test_a_search_that_outlasts_the_patience_begins_again_in_a_lane(
    tokens: TokensPanel, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_PATIENCE", -1.0)
    tokens.search.setText("films")
    assert not tokens.answered
    settled(tokens, jobs, qtbot)
    assert listed(tokens) == ["films"]


def test_a_pattern_that_takes_long_to_read_is_not_read_where_the_window_waits(
    tokens: TokensPanel, jobs: Jobs, qtbot: QtBot
) -> None:
    tokens.findChild(SearchField).set_mode("regex")
    tokens.search.setText("fi")
    settled(tokens, jobs, qtbot)
    tokens.search.setText(r"^\pL{5}$")
    assert tokens.answered
    tokens.search.setText(r"^\pL{1,50}s$")
    assert not tokens.answered
    settled(tokens, jobs, qtbot)
    assert listed(tokens) == ["films"]


def test_only_the_last_of_many_searches_is_shown(
    tokens: TokensPanel, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_SMALL", 0)
    monkeypatch.setattr(finding, "_LARGE", 0)
    for text in ("f", "fi", "g", "go", "goo"):
        tokens.search.setText(text)
    settled(tokens, jobs, qtbot)
    assert listed(tokens) == ["good"]


def test_another_table_is_searched_for_what_stands_in_the_field(
    tokens: TokensPanel, session: Session
) -> None:
    tokens.search.setText("film")
    session.set_table(table_of(("a film", "plot", "films")))
    assert listed(tokens) == ["films", "a film"]


def test_what_matched_is_marked_in_the_name_or_else_in_the_token(
    session: Session, qtbot: QtBot
) -> None:
    model = TokenModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    session.set_table(table_of(("Ġthe", "Ċ", "ether", "the")))

    def marked(text: str, mode: str = "substring") -> list[Marked]:
        rows = np.arange(4, dtype=np.int64)
        model.show_rows(session.table, session.names, rows, Search(text, mode))
        return [model.index(place, 0).data(MARKED) for place in range(4)]

    assert marked("the") == [
        Marked("␣the", [(1, 4)], "Ġthe"),
        Marked("⏎", [], "Ċ"),
        Marked("ether", [(1, 4)]),
        Marked("the", [(0, 3)]),
    ]
    assert marked(" t", "prefix")[0] == Marked("␣the", [(0, 2)], "Ġthe")
    assert marked("Ġ")[0] == Marked("␣the", [], "Ġthe", [(0, 1)])
    session.naming.set_readable(False)
    assert marked(" t", "prefix")[0] == Marked("Ġthe", [], "␣the", [(0, 2)])
    assert marked("the")[0] == Marked("Ġthe", [(1, 4)])
    assert marked("(", "regex")[0].spans == []
    assert marked("")[2] == Marked("ether", [])


def test_marks_are_painted_in_the_colour_that_leads(tokens: TokensPanel) -> None:
    def blue() -> int:
        image = tokens.findChild(QTableView, "tokens_list").grab().toImage()
        first = [QColor(image.pixel(x, y)) for x in range(80) for y in range(24, 50)]
        return sum(colour.blue() - colour.red() > 80 for colour in first)

    assert blue() == 0
    tokens.search.setText("film")
    assert blue() > 20


def test_marks_stand_right_beyond_the_first_plane(session: Session, qapp: QApplication) -> None:
    delegate = MarkedDelegate(Theme(qapp, "light"), MARKED, session)
    marked = delegate._format("\U0001f600film", 1, 5)
    assert (marked.start, marked.length) == (2, 4)
