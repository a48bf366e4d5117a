import csv

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableView,
)

from explorer.errors import OutputError
from explorer.evaluation import UNKNOWN, UNREADABLE, WRONG, Options
from explorer.gui.panels.evaluation.misses import APART, MissModel, misses_of
from explorer.gui.panels.evaluation.page import EvaluationPage
from explorer.gui.panels.evaluation.results import ResultModel, lines_of
from explorer.gui.panels.evaluation.running import Chosen, evaluate
from explorer.gui.state.session import Session
from explorer.gui.tasks.commands import Commands
from explorer.gui.theme import Theme
from explorer.progress import silent
from explorer.table import Table
from explorer.vectors import Vectors

PAIRS = "word 1\tword 2\tmean\nup\thigher\t9\nup\tleft\t4\nup\tdown\t1\nup\tsideways\t3\nbroken\n"
QUESTIONS = """: royal
man woman king queen
king queen man woman
: gram1-opposites
up down left right
man woman emperor empress
"""


def words_table(tokens: tuple[str, ...] | None = None) -> Table:
    vectors = {
        "man": [1, 0, 0, 0],
        "woman": [1, 1, 0, 0],
        "king": [1, 0, 1, 0],
        "queen": [1, 1.1, 1, 0],
        "up": [0, 0, 0.1, 1],
        "higher": [0, 0, 0.3, 1],
        "left": [0, 1, 0, 0.2],
        "down": [0, 0, 0.2, -1],
        "right": [0, 0.1, -1, 0],
    }
    matrix = np.array(list(vectors.values()), np.float32)
    return Table(tokens or tuple(vectors), Vectors(matrix))


@pytest.fixture
def lane(jobs):
    return jobs.evaluation


@pytest.fixture
def pairs(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text(PAIRS, encoding="utf-8")
    return path


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.txt"
    path.write_text(QUESTIONS, encoding="utf-8")
    return path


@pytest.fixture
def session(qapp) -> Session:
    made = Session()
    made.set_table(words_table())
    return made


@pytest.fixture
def page(bring_up, jobs, qapp, session):
    made = EvaluationPage(session, jobs, Theme(qapp, "light"))
    made.resize(640, 640)
    bring_up(made)
    return made


@pytest.fixture
def add(qtbot, page, lane):
    """Adds lists, and gives what the results say, line by line."""

    def run(*paths):
        with qtbot.waitSignal(lane.succeeded):
            page.add(paths)
        return results(page)

    return run


def results(page):
    model = page.findChild(QTableView, "evaluation_results").model()
    return [
        tuple(model.index(place, column).data() for column in (0, 1, 2, 4))
        for place in range(model.rowCount())
    ]


def misses(page):
    model = page.findChild(QTableView, "evaluation_misses").model()
    return [
        tuple(model.index(place, column).data() for column in range(5))
        for place in range(model.rowCount())
    ]


def choose_kind(page, kind):
    box = page.findChild(QComboBox, "evaluation_kind")
    box.setCurrentIndex(box.findData(kind))


def select(page, place):
    page.findChild(QTableView, "evaluation_results").selectRow(place)


def state(page):
    label = page.findChild(QLabel, "evaluation_state")
    return "" if label.isHidden() else label.text()


def test_a_folder_of_relations_is_one_list_with_its_groups_and_sections(page, add, tmp_path):
    for folder, name in (("1_One", "I01"), ("2_Two", "D01")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.txt").write_text("man\twoman\nking\tqueen/king\n")
    names = [line[0].strip() for line in add(tmp_path)]
    assert names[1:] == ["1_One", "2_Two", "I01", "D01"]
    select(page, 1)
    all_of_one = misses(page)
    select(page, 3)
    assert misses(page) == all_of_one


def test_questions_and_answers_in_two_files_are_added_once(page, add, tmp_path):
    path = tmp_path / "msr.questions"
    path.write_text("man woman king\nwoman man queen\n")
    path.with_suffix(".answers").write_text("NN_NNS queen\nJJ_JJR king\n")
    add(path.with_suffix(".answers"), path)
    assert [chosen.path for chosen in page.evaluations.lists] == [path]
    assert [line[0].strip() for line in results(page)][1:3] == [
        "all nouns questions",
        "all adjectives questions",
    ]


def test_without_lists_it_says_which_files_are_taken(page):
    assert page.findChild(QStackedWidget).currentIndex() == 0
    hint = page.findChild(QLabel, "evaluation_hint").text()
    for words in ("WordSim-353", "four words a line", "tiger cat 7.35", "drop files here"):
        assert words in hint
    assert not page.findChild(QPushButton, "evaluation_run").isEnabled()


def test_added_lists_are_evaluated_at_once(page, add, pairs, questions):
    found = add(pairs, questions)
    assert found[0] == ("pairs.tsv", "Spearman", "1.000", "3 of 4")
    assert found[1][1] == "Pearson"
    assert found[2] == ("questions.txt", "3CosAdd", "66.7 %", "3 of 4")


def test_sections_and_groups_are_lines_of_their_own(page, add, questions):
    found = add(questions)
    assert [line[0].strip() for line in found[1:]] == [
        "all semantic questions",
        "all syntactic questions",
        "royal",
        "gram1-opposites",
    ]
    assert found[3][2:] == ("100.0 %", "2 of 2")
    assert found[4][2:] == ("0.0 %", "1 of 2")


def test_every_miss_is_listed_with_what_was_found(page, add, questions):
    add(questions)
    assert page.findChild(QComboBox, "evaluation_kind").currentData() == WRONG
    ((line, question, expected, found, rank),) = misses(page)
    assert (line, question, expected) == ("5", "up down left", "right")
    assert found not in ("", "right")
    assert int(rank) > 1
    choose_kind(page, UNKNOWN)
    assert misses(page) == [("6", "man woman emperor", "empress", "unknown: emperor, empress", "")]
    choose_kind(page, "")
    assert len(misses(page)) == 2


def test_a_section_lists_its_own_misses(page, add, questions):
    add(questions)
    select(page, 3)
    assert misses(page) == []
    select(page, 4)
    assert len(misses(page)) == 1
    select(page, 1)
    assert misses(page) == []


def test_pairs_are_listed_by_how_far_they_are_off(page, add, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("up,down,9\nup,higher,8\nup,left,1\nup,king,2\n", encoding="utf-8")
    add(path)
    assert page.findChild(QComboBox, "evaluation_kind").currentData() == APART
    first = misses(page)[0]
    assert first[1:3] == ("up · down", "9 · 1st")
    assert first[4] == "+3"


def test_unknown_words_and_broken_lines_of_pairs_are_told(page, add, pairs):
    add(pairs)
    choose_kind(page, UNKNOWN)
    assert misses(page) == [("5", "up sideways", "3", "unknown: sideways", "")]
    choose_kind(page, UNREADABLE)
    assert misses(page)[0][:2] == ("6", "broken")


def test_misses_are_searched(page, add, questions, qtbot):
    add(questions)
    choose_kind(page, "")
    field = page.findChild(QLineEdit, "evaluation_search")
    field.setText("EMPER")
    qtbot.waitUntil(lambda: [line[0] for line in misses(page)] == ["6"])
    field.setText("no such word")
    qtbot.waitUntil(lambda: misses(page) == [])


def test_a_click_on_a_miss_selects_the_rows_of_its_words(page, add, questions, session):
    add(questions)
    view = page.findChild(QTableView, "evaluation_misses")
    centre = view.visualRect(view.model().index(0, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    tokens = [session.table.tokens[row] for row in session.selection]
    assert tokens[:4] == ["up", "down", "left", "right"]


def test_results_of_another_table_stay_pale_and_select_nothing(
    page, add, questions, session, qtbot
):
    add(questions)
    assert state(page) == ""
    session.set_table(words_table(tuple("abcdefghi")))
    assert "evaluate again" in state(page)
    assert len(results(page)) == 5
    with qtbot.waitSignal(page.told):
        page._select(misses_of(page.evaluations.lists[0].result)[0])
    assert not len(session.selection)


def test_other_options_make_results_stale_until_they_are_evaluated_again(
    page, add, pairs, qtbot, lane
):
    add(pairs)
    page.findChild(QCheckBox, "evaluation_unknown").click()
    assert "evaluate again" in state(page)
    with qtbot.waitSignal(lane.succeeded):
        page.findChild(QPushButton, "evaluation_run").click()
    assert state(page) == ""
    assert page.evaluations.lists[0].result.counts_unknown


def test_a_file_that_is_no_list_does_not_hold_up_the_others(page, add, pairs, tmp_path):
    broken = tmp_path / "broken.txt"
    broken.write_text("nothing to see\n", encoding="utf-8")
    found = add(broken, pairs)
    assert found[0][:2] == ("broken.txt", "cannot be read")
    assert found[1][0] == "pairs.tsv"


def test_a_dash_in_place_of_a_score_is_explained(page, add, pairs, questions):
    pairs.write_text("up,down,9\nup,higher,8\nup,sideways,1\n", encoding="utf-8")
    questions.write_text(": none\nman woman emperor empress\n", encoding="utf-8")
    assert [line[2] for line in add(pairs, questions)][:3] == ["–", "–", "–"]
    model = page.findChild(QTableView, "evaluation_results").model()
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
        told = [model.index(place, 2).data(role) for place in range(3)]
        assert "Spearman cannot be told" in told[0]
        assert "Pearson cannot be told" in told[1]
        assert all("it takes 3 pairs that count, and 2 do" in tip for tip in told[:2])
        assert "of each question the table lacks a word" in told[2]
    select(page, 0)
    assert "it takes 3 pairs that count, and 2 do" in title_and_notes(page)[1]


def title_and_notes(page):
    labels = ("evaluation_misses_title", "evaluation_notes")
    return tuple(page.findChild(QLabel, name).text() for name in labels)


def test_a_list_that_cannot_be_read_says_why_in_place_of_its_misses(page, add, pairs, tmp_path):
    broken = tmp_path / "broken.txt"
    broken.write_text("nothing to see\n", encoding="utf-8")
    add(broken, pairs)
    title, notes = title_and_notes(page)
    assert title == "broken.txt"
    assert notes == page.evaluations.lists[0].error != ""
    assert page.findChild(QTableView, "evaluation_misses").isHidden()
    select(page, 1)
    assert title_and_notes(page)[0] == "pairs.tsv"
    assert not page.findChild(QTableView, "evaluation_misses").isHidden()


def test_a_list_that_is_answered_rightly_has_no_misses_to_search(page, add, tmp_path):
    path = tmp_path / "right.txt"
    path.write_text("man woman king queen\n", encoding="utf-8")
    assert add(path)[0][2] == "100.0 %"
    assert page.findChild(QLabel, "evaluation_misses_count").text() == "no misses"
    assert page.findChild(QLineEdit, "evaluation_search").isHidden()


def test_what_is_said_instead_of_a_score_has_the_room_of_the_line(page, pairs, monkeypatch):
    monkeypatch.setattr(page.evaluations, "_begin", lambda *_: None)  # it waits for its turn
    page.add([pairs])
    view = page.findChild(QTableView, "evaluation_results")
    assert results(page)[0][1] == "not evaluated yet"
    wide = view.visualRect(view.model().index(0, 1)).width()
    assert wide > view.fontMetrics().horizontalAdvance("not evaluated yet") + 8
    assert title_and_notes(page) == ("pairs.tsv", "Not evaluated yet.")


def test_stopping_keeps_what_was_found(page, pairs, questions, qtbot, monkeypatch):
    started = []

    def slow(table, lists, options, report):
        done = evaluate(table, lists[:1], options, silent)
        report_partial(report, done)
        started.append(True)
        while True:
            report_partial(report, None)

    def report_partial(report, partial):
        from explorer.progress import Progress

        report(Progress(1, 2, "", partial))

    monkeypatch.setattr("explorer.gui.panels.evaluation.running.evaluate", slow)
    page.add([pairs, questions])
    qtbot.waitUntil(lambda: bool(started) and results(page)[0][1] == "Spearman")
    assert page.findChild(QPushButton, "evaluation_run").text() == "Stop"
    page.findChild(QPushButton, "evaluation_run").click()
    assert page.findChild(QPushButton, "evaluation_run").text() == "Evaluate"
    assert results(page)[2][1] == "not evaluated yet"


def test_a_list_is_taken_away_by_its_key(page, add, pairs, questions):
    add(pairs, questions)
    select(page, 0)
    view = page.findChild(QTableView, "evaluation_results")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert results(page)[0][0] == "questions.txt"


def test_files_dropped_on_the_page_are_evaluated(page, pairs, qtbot, lane):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pairs))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(9, 9), copy, mime, left, none)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    assert page._drop.isVisible()
    with qtbot.waitSignal(lane.succeeded):
        QApplication.sendEvent(page, QDropEvent(QPointF(9, 9), copy, mime, left, none))
    assert not page._drop.isVisible()
    assert results(page)[0][0] == "pairs.tsv"


def test_the_misses_are_written_as_csv(page, add, questions, jobs, session, tmp_path, qtbot):
    add(questions)
    commands = Commands(session, jobs)
    page.write_asked.connect(commands.write)
    with qtbot.waitSignal(commands.exported):
        page.export(tmp_path / "misses.csv")
    with (tmp_path / "misses.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["expected"] for line in lines] == ["right", "empress"]
    with qtbot.waitSignal(commands.failed) as failed:
        page.export(tmp_path / "missing" / "misses.csv")
    assert isinstance(failed.args[0], OutputError)


def test_a_list_added_twice_stands_there_once(page, add, pairs, lane):
    add(pairs)
    page.add([pairs])
    assert not lane.busy
    assert len(page.evaluations.lists) == 1


def test_the_models_keep_qts_rules(qapp, session, pairs, questions):
    lists = [Chosen(pairs), Chosen(questions)]
    done = evaluate(session.table, lists, Options(), silent)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    shown, missed = ResultModel(), MissModel()
    testers = [QAbstractItemModelTester(model, fatal) for model in (shown, missed)]
    lines = [line for chosen in done for line in lines_of(0, chosen, stale=True)]
    shown.show_lines(lines, Theme(qapp, "light").colour("muted"))
    for chosen in done:
        missed.show_lines(misses_of(chosen.result), pairs=chosen is done[0])
        missed.choose(WRONG, "up")
    assert len(testers) == 2


def test_a_list_that_is_added_comes_in_sight_with_what_is_wrong_with_it(
    page, add, questions, tmp_path
):
    many = [tmp_path / f"{number}.txt" for number in range(6)]
    for path in many:
        path.write_text(QUESTIONS, encoding="utf-8")
    add(*many)
    broken = tmp_path / "broken.txt"
    broken.write_bytes(bytes(range(256)))
    add(broken)
    view = page.findChild(QTableView, "evaluation_results")
    index = view.currentIndex()
    assert index.row() == view.model().rowCount() - 1
    assert view.model().index(index.row(), 0).data() == "broken.txt"
    assert view.viewport().rect().contains(view.visualRect(index).center())


def test_a_pair_that_stands_where_people_put_it_is_no_place_off(page, add, pairs):
    add(pairs)
    assert [line[-1] for line in misses(page)] == ["0", "0", "0"]
