"""What is typed or pasted on the Layer page, and what is wrong with it."""

from __future__ import annotations

import threading

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel, QToolButton

from explorer.errors import ExplorerError
from explorer.gui.panels.layer import looking
from explorer.gui.panels.layer.looking import Asked, Example, example, look
from explorer.table import Table
from explorer.vectors import Vectors

_TABLE = Table(
    ("<pad>", "a", "b", *(f"w{row}" for row in range(77))),
    Vectors(np.random.default_rng(3).normal(size=(80, 6)).astype(np.float32)),
    {},
)


def test_the_page_begins_with_something_looked_up(bench) -> None:
    assert bench.page.input.line.text() == "[[2, 3], [1, 0], [8, 6]]"
    assert bench.text("layer_result_facts") == "(3, 2, 6)"


def test_words_are_the_first_example_where_the_table_has_them() -> None:
    numbers = np.zeros((6, 2), np.float32)
    table = Table(("film", "a", "rare", "not", "gem", "perfect"), Vectors(numbers), {})
    assert example(table) == Example(True, "a rare gem, not a perfect film")


def test_the_first_ids_are_within_a_small_table() -> None:
    table = Table(("one", "two"), Vectors(np.zeros((2, 2), np.float32)), {})
    assert example(table) == Example(False, "[[1, 1], [1, 0], [1, 1]]")


def test_an_example_is_looked_for_in_the_background_and_gives_way_to_what_is_typed(
    bench, monkeypatch
) -> None:
    let_go, threads = threading.Event(), []

    def slow(table: Table) -> Example:
        threads.append(threading.current_thread())
        let_go.wait(60)
        return example(table)

    monkeypatch.setattr(looking, "example", slow)
    bench.session.set_table(_TABLE)
    bench.qtbot.waitUntil(lambda: bool(threads))
    assert threads[0] is not threading.main_thread()
    assert bench.page.input.line.text() == ""
    bench.qtbot.keyClicks(bench.page.input.line, "w5")
    let_go.set()
    bench.settle()
    assert bench.page.input.line.text() == "w5"
    assert bench.page.looking.found.run.ids.tolist() == [8]


def test_a_hidden_page_looks_for_no_example(bench, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(looking, "example", lambda table: asked.append(table) or example(table))
    bench.page.hide()
    bench.session.set_table(_TABLE)
    assert not bench.page.looking.waiting
    assert not bench.jobs.layer.busy
    bench.page.show()
    bench.settle()
    assert asked == [_TABLE]
    assert bench.page.looking.found.table is _TABLE


def test_words_without_a_row_leave_nothing_to_show(bench) -> None:
    bench.look("nowhere", words=True)
    assert not bench.picture("layer_matrix").isVisible()
    assert bench.picture("layer_chips").isVisible()
    assert bench.text("layer_hint") == "Nothing of this has a row, so nothing is looked up."


def test_nothing_typed_says_what_to_do(bench) -> None:
    bench.look("")
    assert not bench.picture("layer_chips").isVisible()
    assert "Type words, or ids" in bench.text("layer_hint")


def test_an_id_out_of_range_is_marked_in_the_text(bench) -> None:
    bench.look("[[2, 3], [1, 80]]")
    assert bench.page.input.line.marked == 13
    assert bench.text("layer_error").startswith("Id 80 at [1][1] is out of range")
    assert bench.page.findChild(QLabel, "layer_error").isVisible()


def test_a_list_in_brackets_that_is_typed_among_words_is_taken_as_ids(bench) -> None:
    bench.look("", words=True)
    bench.qtbot.keyClicks(bench.page.input.line, "[[2,3],[1,0]]")
    bench.settle()
    assert not bench.page.input.words
    assert bench.page.input.line.text() == "[[2,3],[1,0]]"
    assert bench.text("layer_ids_facts") == "ids (2, 2)"


def test_words_with_brackets_and_numbers_stay_words(bench) -> None:
    bench.look("", words=True)
    bench.qtbot.keyClicks(bench.page.input.line, "good [1] 2")
    assert bench.page.input.words


def test_ragged_ids_are_marked_at_the_list_that_differs(bench) -> None:
    bench.look("[[2, 3], [1]]")
    assert bench.page.input.line.marked == 9


def test_the_mark_goes_with_the_error(bench) -> None:
    bench.look("[2, x]")
    assert bench.page.input.line.marked == 4
    bench.look("[2, 3]")
    assert bench.page.input.line.marked == -1
    assert not bench.page.findChild(QLabel, "layer_error").isVisible()


def test_turning_to_ids_keeps_the_lookup_of_the_words(bench) -> None:
    bench.look("good bad", words=True)
    bench.page.findChild(QToolButton, "layer_kind_ids").click()
    assert bench.page.input.line.text() == "[1, 2]"
    bench.look("bad", words=True)
    bench.page.findChild(QToolButton, "layer_kind_ids").click()
    assert bench.page.input.line.text() == "[2]"


def test_ids_typed_stay_when_the_words_change(bench) -> None:
    bench.look("good bad", words=True)
    bench.page.findChild(QToolButton, "layer_kind_ids").click()
    bench.page.input.line.setText("[5]")
    bench.page.findChild(QToolButton, "layer_kind_words").click()
    bench.page.input.line.setText("bad")
    bench.settle()
    bench.page.findChild(QToolButton, "layer_kind_ids").click()
    assert bench.page.input.line.text() == "[5]"


def test_after_an_error_the_page_says_what_its_steps_show(bench) -> None:
    bench.look("[1")
    assert bench.text("layer_hint") == "The steps show what was looked up before."


def test_the_selected_rows_become_ids_at_a_click(bench) -> None:
    button = bench.page.findChild(QToolButton, "layer_use_selection")
    assert not button.isEnabled()
    bench.session.select([5, 3])
    button.click()
    assert bench.page.input.line.text() == "[5, 3]"
    bench.settle()
    assert bench.text("layer_result_facts") == "(2, 6)"


@given(
    text=st.one_of(st.text(max_size=40), st.text("[], 0123456789-#.eE", max_size=40)),
    words=st.booleans(),
    shards=st.integers(1, 64),
    strategy=st.sampled_from(["mod", "div"]),
    padding=st.one_of(st.none(), st.integers(0, 79)),
    max_norm=st.one_of(st.none(), st.floats(0.001, 9e4)),
)
@settings(max_examples=150)
def test_whatever_is_typed_is_looked_up_or_explained(
    text: str,
    words: bool,
    shards: int,
    strategy: str,
    padding: int | None,
    max_norm: float | None,
) -> None:
    asked = Asked(words, text, shards, strategy, padding, max_norm)
    position, shapes = None, None
    try:
        run = look(_TABLE, asked)
        shapes = (run.result.shape, (*run.ids.shape, 6))
    except ExplorerError as error:
        position = getattr(error, "position", None)
    assert position is None or 0 <= position <= len(text)
    assert shapes is None or shapes[0] == shapes[1]


def test_a_long_paste_is_taken_whole(bench) -> None:
    bench.look(str([row % 80 for row in range(12_000)]))
    assert bench.text("layer_result_facts") == "(12,000, 6)"


def test_a_paste_too_long_for_the_line_is_told_to_be_cut(bench) -> None:
    bench.look("[1, 2]" * 50_000)
    assert bench.text("layer_error").startswith("Only the first 250,000 characters fit")
