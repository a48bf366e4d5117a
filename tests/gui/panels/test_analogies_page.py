import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from explorer.expressions import Context, evaluate
from explorer.gui.lists.ranked_list import RankedModel
from explorer.gui.panels.analogies.answers import AnswerList
from explorer.gui.panels.analogies.asking import examples, expression, solve
from explorer.gui.panels.analogies.page import AnalogiesPage
from explorer.gui.state.session import Session
from explorer.gui.theme import Theme
from explorer.progress import Progress
from explorer.table import Table
from explorer.vectors import Vectors

TOKENS = ("man", "woman", "king", "queen", "far", "zero", "man")


def royal_table(tokens: tuple[str, ...] = TOKENS) -> Table:
    """Queen is where woman - man + king points to."""
    vectors = [[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1.1, 1], [0.2, 0, -1], [0, 0, 0], [1, 0, 0]]
    return Table(tokens, Vectors(np.array(vectors, np.float32)))


@pytest.fixture
def session(qapp) -> Session:
    made = Session()
    made.set_table(royal_table())
    return made


@pytest.fixture
def lane(jobs):
    return jobs.analogies


@pytest.fixture
def page(qtbot, qapp, session, jobs, lane):
    made = AnalogiesPage(session, jobs, Theme(qapp, "light"))
    qtbot.addWidget(made)
    with qtbot.waitSignal(lane.succeeded):
        made.show()
    return made


@pytest.fixture
def ask(qtbot, page, lane):
    """Types three tokens and waits for the answers."""

    def run(*words) -> AnswerList:
        fields = [page.findChild(QLineEdit, f"analogies_{letter}") for letter in "abc"]
        for field in fields:
            field.clear()
        with qtbot.waitSignal(lane.succeeded):
            for field, word in zip(fields, words, strict=True):
                field.setText(word)
        return page.findChild(AnswerList, "analogies_add")

    return run


def tokens_of(view):
    model = view.model()
    return [model.index(place, 1).data() for place in range(model.rowCount())]


def text(page, name):
    return page.findChild(QLabel, name).text()


def test_it_begins_with_an_example_that_the_table_solves(page):
    assert page.findChild(QPushButton, "analogies_example_1").text() == "man : woman = king : ?"
    assert text(page, "analogies_answer") == "queen"
    assert text(page, "analogies_agreement") == "by both methods"


def test_both_methods_answer_side_by_side_without_the_words_of_the_question(page, ask):
    added = ask("king", "queen", "man")
    multiplied = page.findChild(AnswerList, "analogies_mul")
    for view in (added, multiplied):
        assert tokens_of(view)[0] == "woman"
        assert not {"king", "queen"} & set(tokens_of(view))
    assert "‘king’, ‘queen’ and ‘man’ are left out" in text(page, "analogies_note")


def test_what_would_be_answered_with_the_questions_words_is_told(page, ask):
    ask("man", "king", "woman")
    assert "would be" not in text(page, "analogies_note")
    ask("queen", "king", "king")
    assert "Otherwise the answer of 3CosAdd would be ‘king’." in text(page, "analogies_note")


def test_a_click_on_an_answer_selects_its_row(page, ask, session):
    view = ask("man", "woman", "king")
    centre = view.visualRect(view.model().index(0, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert session.selection.tolist() == [3]


def test_an_unknown_token_is_named_and_nothing_is_answered(page, ask, qtbot):
    view = ask("man", "woman", "king")
    page.findChild(QLineEdit, "analogies_c").setText("emperor")
    qtbot.waitUntil(lambda: "emperor" in text(page, "analogies_unknown_words"))
    assert view.model().rowCount() == 0
    assert page.findChild(QLabel, "analogies_hint").isVisible()
    assert not view.isVisible()

    ask("man", "woman", "king")
    assert not page.findChild(QLabel, "analogies_hint").isVisible()
    assert view.isVisible()


def test_a_token_spelt_nearly_so_is_offered_and_taken(page, ask, qtbot, lane):
    ask("man", "woman", "king")
    page.findChild(QLineEdit, "analogies_c").setText("quen")
    offer = page.findChild(QPushButton, "analogies_unknown_offer_1")
    qtbot.waitUntil(lambda: not offer.isHidden())
    with qtbot.waitSignal(lane.succeeded):
        offer.click()
    assert page.findChild(QLineEdit, "analogies_c").text() == "queen"


def test_a_row_without_direction_is_refused_in_words(page, qtbot, lane):
    with qtbot.waitSignal(lane.failed):
        page.findChild(QLineEdit, "analogies_c").setText("zero")
    assert "no direction" in text(page, "analogies_problem")


def test_where_no_row_is_left_to_answer_it_says_so(page, ask, session, qtbot):
    session.set_table(Table(("man", "woman", "king"), Vectors(np.eye(3, dtype=np.float32))))
    view = ask("man", "woman", "king")
    assert view.model().rowCount() == 0
    assert text(page, "analogies_agreement") == "no other row can be compared"


def test_its_neighbours_are_asked_for_by_an_expression(page, ask, qtbot, session):
    ask("#6", "woman", "king")
    with qtbot.waitSignal(page.asked) as asked:
        page.findChild(QPushButton, "analogies_query").click()
    assert asked.args == ['unit("woman") - unit(#6) + unit("king")']
    found = evaluate(asked.args[0], Context.of(session.table))
    assert found.rows.tolist() == [1, 2, 6]


def test_a_token_taken_from_the_list_goes_on_to_the_next_field(page, qtbot):
    fields = [page.findChild(QLineEdit, f"analogies_{letter}") for letter in "abc"]
    with qtbot.waitActive(page):
        page.activateWindow()
    fields[2].clear()
    fields[0].setFocus()
    fields[0].taken.emit()
    assert fields[2].hasFocus()


def test_another_table_brings_other_examples(page, session, qtbot, lane):
    others = ("x", "y", "z", "he", "she", "", "his")
    with qtbot.waitSignal(lane.succeeded):
        session.set_table(royal_table(others))
    assert page.findChild(QLineEdit, "analogies_a").text() == "he"
    assert page.findChild(QPushButton, "analogies_example_2").isHidden()


def test_examples_that_hold_come_first_and_marked_words_are_found():
    tokens = ("Ġhe", "Ġshe", "Ġhis", "Ġher", "Ġman", "Ġwoman", "Ġking")
    vectors = [[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1.1, 1], [0, 0, 1], [1, 0, 0], [0, 1, 1]]
    found = examples(Table(tokens, Vectors(np.array(vectors, np.float32))))
    assert [(one.words[0], one.solved) for one in found] == [("Ġhe", True), ("Ġman", False)]


def test_a_table_without_words_has_no_example():
    table = Table(("1", "2", "3"), Vectors(np.eye(3, dtype=np.float32)))
    assert examples(table) == ()


def test_the_expression_ranks_as_3cosadd_does(session):
    table = session.table
    solved = solve(table, (0, 1, 2))
    vector = evaluate(expression(table, (0, 1, 2)), Context.of(table)).values
    best = table.vectors.exact([int(solved.added.rows[0])])[0]
    cosine = vector @ best / np.linalg.norm(vector) / np.linalg.norm(best)
    assert solved.added.scores[0] == pytest.approx(cosine)


def test_the_model_keeps_qts_rules(session, qapp):
    model = RankedModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_neighbors(session.names, solve(session.table, (0, 1, 2)).added)
    model.show_neighbors(session.names, None)


def test_answers_of_another_question_go_where_the_new_ones_take_long(page, ask, qtbot, monkeypatch):
    view = ask("man", "woman", "king")

    def slow(table, rows, report):
        while True:
            report(Progress(0, 1))

    monkeypatch.setattr("explorer.gui.panels.analogies.page.solve", slow)
    page.findChild(QLineEdit, "analogies_c").setText("queen")
    qtbot.waitUntil(lambda: text(page, "analogies_answer") == "…")
    assert view.model().rowCount() == 0
    page.findChild(QLineEdit, "analogies_c").clear()
    hint = page.findChild(QLabel, "analogies_hint")
    qtbot.waitUntil(hint.isVisible)
    assert not view.isVisible()
