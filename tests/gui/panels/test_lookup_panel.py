"""The pieces of a typed text: how each stands, what is offered, and their mean as a query."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.panels.lookup import LookupPanel
from explorer.gui.panels.lookup.model import CARD, Card
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.table import Column, Table
from explorer.vectors import Vectors

TOKENS = ("film", "good", "not", "government", "movement")


@pytest.fixture
def session(qapp: object) -> Session:
    made = Session()
    vectors = np.arange(10, dtype=np.float32).reshape(5, 2)
    counts = Column("count", np.array([1200, 7, 7, 3, 1]))
    made.set_table(Table(TOKENS, Vectors(vectors), {"count": counts}))
    return made


@pytest.fixture
def panel(session: Session, qtbot: QtBot, qapp: QApplication) -> Iterator[LookupPanel]:
    jobs = Jobs()
    made = LookupPanel(session, jobs, Theme(qapp, "light"))
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show()
    yield made
    jobs.close()


def cards(panel: LookupPanel) -> list[Card]:
    model = panel.findChild(QListView, "lookup_pieces").model()
    return [model.index(place, 0).data(CARD) for place in range(model.rowCount())]


def offered(panel: LookupPanel) -> list[str]:
    names = [f"lookup_offer_1_{number}" for number in (1, 2)]
    buttons = [panel.findChild(QPushButton, name) for name in names]
    return [button.text() for button in buttons if button is not None and button.isVisible()]


def test_a_space_and_its_mark_are_not_told_as_two(panel: LookupPanel, session: Session) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"film": 0, "Ġgood": 1, "?": 2}, "?"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    vectors = Vectors(np.eye(3, dtype=np.float32))
    session.set_table(Table(("film", "Ġgood", "?"), vectors, tokenizer=tokenizer.to_str()))
    panel.text.setText("film good")
    assert [card.lines[0][0] for card in cards(panel)] == ["film", "␣good"]


def test_each_piece_tells_row_norm_count_and_rank(panel: LookupPanel) -> None:
    panel.text.setText("FILM good zzzzzzzz")
    film, good, lost = cards(panel)
    assert film.lines == (
        ("FILM → film", "row 0"),
        ("lower-cased", "norm 1"),
        ("count 1,200", "rank 1"),
    )
    assert good.lines[1:] == (("exact", "norm 3.606"), ("count 7", "rank 2"))
    assert lost == Card((("zzzzzzzz", ""), ("not in the vocabulary", "")), "warning", None)
    assert film.vector.tolist() == [0, 1]
    note = panel.findChild(QWidget, "lookup_note").text()
    assert note == "3 pieces, 2 rows looked up; 1 without a row"


def test_a_piece_whose_numbers_are_none_says_so_in_place_of_a_norm(
    panel: LookupPanel, session: Session
) -> None:
    vectors = np.array([[np.nan, 1], [np.inf, np.nan]], np.float32)
    session.set_table(Table(("one", "two"), Vectors(vectors)))
    panel.text.setText("one two")
    assert [card.lines[1][1] for card in cards(panel)] == ["1 not finite", "2 not finite"]
    first = panel.findChild(QListView, "lookup_pieces").model().index(0, 0)
    told = first.data(Qt.ItemDataRole.DisplayRole)
    assert told == "one looks up row 0; of its 2 numbers 1 not finite"


def test_a_near_spelling_is_offered_and_taken_only_when_it_is_clicked(
    panel: LookupPanel, qtbot: QtBot
) -> None:
    panel.text.setText("not goverment film")
    assert [card.lines[0][1] for card in cards(panel)] == ["row 2", "", "row 0"]
    qtbot.waitUntil(lambda: offered(panel) == ["government", "movement"])
    panel.findChild(QPushButton, "lookup_offer_1_1").click()
    assert panel.text.text() == "not government film"
    assert [card.lines[0][1] for card in cards(panel)] == ["row 2", "row 3", "row 0"]
    assert offered(panel) == []


def test_words_that_nothing_is_near_to_leave_the_offers_to_others(panel, qtbot: QtBot) -> None:
    panel.text.setText("qqqqqqqq wwwwwwww xxxxxxxx zzzzzzzz goverment")
    qtbot.waitUntil(lambda: "government" in offered(panel))


def test_the_tab_key_leads_from_the_pieces_through_the_offers_to_the_mean(
    panel: LookupPanel, qtbot: QtBot
) -> None:
    panel.text.setText("not goverment film")
    qtbot.waitUntil(lambda: offered(panel) == ["government", "movement"])
    after, stops = panel.findChild(QListView, "lookup_pieces"), []
    while "lookup_mean" not in stops and len(stops) < 100:
        after = after.nextInFocusChain()
        if after.focusPolicy() & Qt.FocusPolicy.TabFocus and after.objectName():
            stops.append(after.objectName())
    assert stops == ["lookup_offer_1_1", "lookup_offer_1_2", "lookup_mean"]


def test_nothing_is_offered_for_what_nothing_is_near_to(panel: LookupPanel, qtbot: QtBot) -> None:
    found = []
    panel._spelling.found.connect(found.append)
    panel.text.setText("xyzzyxyzzy")
    qtbot.waitUntil(lambda: bool(found))
    assert not panel.findChild(QWidget, "lookup_offers").isVisible()


def test_the_mean_of_several_rows_is_a_query_and_said_to_be_one(
    panel: LookupPanel, qtbot: QtBot
) -> None:
    button = panel.findChild(QPushButton, "lookup_mean")
    panel.text.setText("good")
    assert not button.isVisible()
    panel.text.setText("not good film")
    assert button.isVisible()
    told = panel.findChild(QWidget, "lookup_mean_of").text()
    assert told == "As one query: the mean of the 3 rows"
    with qtbot.waitSignal(panel.query_asked) as asked:
        button.click()
    assert asked.args == ['mean("not", "good", "film")']


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ("good film good", "3 rows (good twice)"),
        ("good good good film film not not", "7 rows (good 3 times, film twice, 1 more)"),
    ],
)
def test_rows_that_the_mean_counts_more_than_once_are_told(
    panel: LookupPanel, text: str, repeats: str
) -> None:
    panel.text.setText(text)
    told = panel.findChild(QWidget, "lookup_mean_of").text()
    assert told == f"As one query: the mean of the {repeats}"


def test_selected_pieces_are_selected_rows(panel: LookupPanel, session: Session) -> None:
    panel.text.setText("good zzzzzzzz film good")
    panel.findChild(QListView, "lookup_pieces").selectAll()
    assert session.selection.tolist() == [1, 0]


def test_a_long_text_is_a_model_that_keeps_qts_rules(panel: LookupPanel) -> None:
    model = panel.findChild(QListView, "lookup_pieces").model()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    for text in ("", "film " * 3000, "good", ""):
        panel.text.setText(text)
    assert model.rowCount() == 0
