"""The Layer page: what is typed, what each step shows of it, and what can be copied."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.errors import ExplorerError
from explorer.gui.jobs import Jobs
from explorer.gui.main_window import MainWindow
from explorer.gui.panels.layer import LayerPage
from explorer.gui.panels.layer.looking import Asked, example, look
from explorer.gui.panels.layer.overview import overview
from explorer.gui.panels.layer.picture import Picture
from explorer.gui.panels.layer.step_box import StepBox
from explorer.gui.session import Session
from explorer.gui.theme import Theme
from explorer.table import Table
from explorer.vectors import Vectors


class Bench:
    """The page alone, on a session with a table, without a window round it."""

    def __init__(self, qtbot: QtBot, app: QApplication, table: Table) -> None:
        self.qtbot = qtbot
        self.session, self.jobs = Session(), Jobs()
        self.theme = Theme(app, "light")
        self.session.set_table(table)
        self.page = LayerPage(self.session, self.jobs, self.theme)
        qtbot.addWidget(self.page)
        self.page.resize(640, 640)

    def settle(self) -> None:
        """Waits for what was asked last."""
        looking, lane = self.page.looking, self.jobs.layer
        self.qtbot.waitUntil(lambda: not looking.waiting and not lane.busy, timeout=5000)

    def look(self, text: str, *, words: bool = False) -> None:
        self.page.input.offer(words, text)
        self.settle()

    def text(self, name: str) -> str:
        label = self.page.findChild(QLabel, name)
        assert label is not None
        return label.text()

    def picture(self, name: str) -> Picture:
        picture = self.page.findChild(Picture, name)
        assert picture is not None
        return picture

    def said(self, name: str) -> list[str]:
        return [spot.words for spot in self.picture(name).spots()]

    def code(self, step: str) -> str:
        field = self.page.findChild(QPlainTextEdit, f"layer_{step}_code")
        assert field is not None
        return field.toPlainText()

    def change(self, name: str, value: float) -> None:
        box = self.page.findChild(QWidget, name)
        assert box is not None
        box.setValue(value)  # type: ignore[attr-defined]
        self.settle()


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication, words: Table) -> Iterator[Bench]:
    made = Bench(qtbot, qapp, words)
    made.page.show()
    made.settle()
    yield made
    made.jobs.close()


def test_the_page_begins_with_something_looked_up(bench: Bench) -> None:
    assert bench.page.input.line.text() == "[[2, 3], [1, 0], [8, 6]]"
    assert bench.text("layer_result_facts") == "(3, 2, 6)"


def test_words_are_the_first_example_where_the_table_has_them() -> None:
    numbers = np.zeros((6, 2), np.float32)
    table = Table(("film", "a", "rare", "not", "gem", "perfect"), Vectors(numbers), {})
    assert example(table) == (True, "a rare gem, not a perfect film")


def test_the_first_ids_are_within_a_small_table() -> None:
    table = Table(("one", "two"), Vectors(np.zeros((2, 2), np.float32)), {})
    assert example(table) == (False, "[[1, 1], [1, 0], [1, 1]]")


def test_pieces_of_typed_words_say_their_row_and_what_was_done(bench: Bench) -> None:
    bench.look("Good bad nowhere", words=True)
    assert bench.said("layer_chips") == [
        "Good looks up row 1, good (lower-cased)",
        "bad looks up row 2, bad (exact)",
    ]
    assert bench.text("layer_ids_facts") == "ids (2,)"


def test_words_without_a_row_leave_nothing_to_show(bench: Bench) -> None:
    bench.look("nowhere", words=True)
    assert not bench.picture("layer_matrix").isVisible()
    assert bench.picture("layer_chips").isVisible()
    assert bench.text("layer_hint") == "Nothing of this has a row, so nothing is looked up."


def test_nothing_typed_says_what_to_do(bench: Bench) -> None:
    bench.look("")
    assert not bench.picture("layer_chips").isVisible()
    assert "Type words, or ids" in bench.text("layer_hint")


def test_a_row_looked_up_twice_is_drawn_once_in_the_matrix(bench: Bench) -> None:
    bench.look("[7, 2, 7]")
    assert [spot.row for spot in bench.picture("layer_matrix").spots()] == [2, 7]
    assert [spot.row for spot in bench.picture("layer_result").spots()] == [7, 2, 7]


def test_an_id_out_of_range_is_marked_in_the_text(bench: Bench) -> None:
    bench.look("[[2, 3], [1, 80]]")
    assert bench.page.input.line.marked == 13
    assert bench.text("layer_error").startswith("Id 80 at [1][1] is out of range")
    assert bench.page.findChild(QLabel, "layer_error").isVisible()


def test_ragged_ids_are_marked_at_the_list_that_differs(bench: Bench) -> None:
    bench.look("[[2, 3], [1]]")
    assert bench.page.input.line.marked == 9


def test_the_mark_goes_with_the_error(bench: Bench) -> None:
    bench.look("[2, x]")
    assert bench.page.input.line.marked == 4
    bench.look("[2, 3]")
    assert bench.page.input.line.marked == -1
    assert not bench.page.findChild(QLabel, "layer_error").isVisible()


def test_shards_say_where_each_row_lives(bench: Bench) -> None:
    bench.look("[10, 79]")
    bench.change("layer_shard_count", 7)
    assert bench.said("layer_shards") == [
        "word10: 10 = 7 × 1 + 3  →  shard 3, place 1",
        "word79: 79 = 7 × 11 + 2  →  shard 2, place 11",
    ]


def test_div_names_the_run_of_rows_that_a_row_is_in(bench: Bench) -> None:
    bench.look("[10, 79]")
    bench.change("layer_shard_count", 7)  # 80 rows: 12, 12, 12, 11, 11, 11, 11
    bench.page.findChild(QToolButton, "layer_strategy_div").click()
    bench.settle()
    assert bench.said("layer_shards") == [
        "word10: 10 is in 0 to 11  →  shard 0, place 10",
        "word79: 79 is in 69 to 79  →  shard 6, place 10",
    ]


def test_a_max_norm_shortens_the_rows_above_it(bench: Bench, words: Table) -> None:
    bench.look("[1, 2, 7]")
    bench.change("layer_max_norm", 0.5)
    norms = np.linalg.norm(words.vectors.rows([1, 2, 7]), axis=1)
    assert (norms > 0.5).all()
    expected = [f"{norm:.3f} → 0.500" for norm in norms]
    assert [said.split(": ")[1] for said in bench.said("layer_norms")] == expected
    assert bench.text("layer_norms_words").startswith("3 rows shortened to the 2-norm 0.5")


def test_all_rows_that_were_shortened_are_counted(bench: Bench, words: Table) -> None:
    bench.look(str([*range(80), 7]))
    bench.change("layer_padding", 7)
    bench.change("layer_max_norm", 2.0)
    long = np.linalg.norm(words.vectors.to_numpy(), axis=1) > 2
    long[7] = False
    told = bench.text("layer_norms_words")
    assert told.startswith("Row 7 is padding, 2 of 81 ids: zeros, never trained.")
    assert f"{long.sum()} rows shortened" in told


def test_the_padding_row_gives_zeros(bench: Bench) -> None:
    bench.look("[1, 2]")
    bench.change("layer_padding", 2)
    assert bench.said("layer_norms")[1] == "bad: zeros: padding"
    found = bench.page.looking.found
    assert found is not None
    assert not found.run.result[1].any()


def test_a_training_step_touches_only_the_rows_looked_up(bench: Bench) -> None:
    bench.look("[7, 2, 7]")
    before = bench.session.table.vectors.to_numpy().copy()  # type: ignore[union-attr]
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    said = bench.said("layer_gradients")
    assert len(said) == 2
    assert said[0].startswith("word7: gradient")
    assert said[0].endswith("looked up 2 times, summed")
    assert "78 did not" in bench.text("layer_train_words")
    assert np.array_equal(bench.session.table.vectors.to_numpy(), before)  # type: ignore[union-attr]


def test_another_lookup_forgets_the_training_step(bench: Bench) -> None:
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    assert bench.picture("layer_gradients").isVisible()
    bench.look("[1]")
    assert not bench.picture("layer_gradients").isVisible()


def test_the_product_comes_to_the_same_result(bench: Bench) -> None:
    assert bench.text("layer_one_hot_facts") == "the same result"


def test_each_step_has_its_line_in_the_framework_chosen(bench: Bench) -> None:
    bench.look("[1, 2]")
    assert bench.code("ids") == "ids = torch.tensor([1, 2])"
    bench.page.findChild(QToolButton, "layer_framework_tensorflow").click()
    assert bench.code("ids") == "ids = tf.constant([1, 2], dtype=tf.int64)"
    for step in ("matrix", "shards", "one_hot", "result"):
        assert "tf." in bench.code(step) or step == "shards"


def test_the_code_of_a_step_is_copied_by_its_button(bench: Bench) -> None:
    bench.page.findChild(QToolButton, "layer_ids_code_copy").click()
    assert QGuiApplication.clipboard().text() == bench.code("ids")


def test_the_code_of_all_steps_is_copied_at_once(bench: Bench) -> None:
    bench.page.findChild(QToolButton, "layer_copy_code").click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "import torch, torch.nn.functional as F"
    assert bench.code("result") in lines


def test_the_code_of_a_step_taken_follows_that_of_the_lookup(bench: Bench) -> None:
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    bench.page.findChild(QToolButton, "layer_copy_code").click()
    copied = QGuiApplication.clipboard().text()
    assert copied.endswith(bench.code("train"))
    assert copied.startswith("import torch")


@pytest.mark.parametrize("step", ["ids", "matrix", "shards", "one_hot", "norms", "result", "train"])
def test_a_picture_is_copied_by_the_button_of_its_step(bench: Bench, step: str) -> None:
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    QGuiApplication.clipboard().clear()
    bench.page.findChild(QToolButton, f"layer_{step}_copy_picture").click()
    image = QGuiApplication.clipboard().image()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(20, 90, 5)}
    assert len(colours) > 1  # not an empty sheet


def test_a_chip_selects_its_row(bench: Bench) -> None:
    bench.look("[7, 2]")
    chips = bench.picture("layer_chips")
    spot = chips.spots()[1]
    bench.qtbot.mouseClick(
        chips, Qt.MouseButton.LeftButton, pos=QPoint(*spot.area.center().toPoint().toTuple())
    )
    assert bench.session.selection.tolist() == [2]


def test_keys_walk_through_a_picture_and_select(bench: Bench) -> None:
    bench.look("[7, 2, 9]")
    matrix = bench.picture("layer_matrix")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        bench.qtbot.keyClick(matrix, key)
    assert bench.session.selection.tolist() == [7]
    assert matrix.accessibleDescription().startswith("Row 7, word7")


def test_the_row_under_the_mouse_is_hovered_everywhere(bench: Bench) -> None:
    bench.look("[7, 2]")
    bench.picture("layer_matrix").row_pointed.emit(7)
    assert bench.session.hovered == 7


def test_nothing_is_looked_up_while_the_page_is_hidden(bench: Bench) -> None:
    bench.page.hide()
    before = bench.page.looking.found
    assert before is not None
    bench.page.input.line.setText("[3]")
    bench.qtbot.wait(250)
    assert bench.page.looking.found is None
    bench.page.show()
    bench.settle()
    found = bench.page.looking.found
    assert found is not None
    assert found.run.ids.tolist() == [3]


def test_another_table_is_looked_into_anew(bench: Bench) -> None:
    table = Table(("x", "y", "z"), Vectors(np.eye(3, dtype=np.float32)), {})
    bench.session.set_table(table)
    bench.settle()
    found = bench.page.looking.found
    assert found is not None
    assert found.table is table
    assert found.run.ids.max() <= 2


def test_only_the_first_of_many_ids_are_drawn(bench: Bench) -> None:
    bench.look(str(list(range(80)) * 3))
    assert len(bench.picture("layer_result").spots()) == 24
    assert bench.text("layer_result_facts") == "(240, 6)"


def test_the_overview_draws_all_of_a_small_table_and_some_of_a_large_one() -> None:
    small = Table(tuple("abc"), Vectors(np.eye(3, dtype=np.float32)), {})
    assert overview(small).rows.tolist() == [0, 1, 2]
    tokens = tuple(str(row) for row in range(5000))
    large = overview(Table(tokens, Vectors(np.zeros((5000, 2), np.float32)), {}))
    assert len(large.rows) == 240
    assert (large.rows[0], large.rows[-1]) == (0, 4999)
    assert "240 rows drawn" in large.words


def test_numbers_that_are_not_finite_are_drawn_as_zero(bench: Bench) -> None:
    vectors = np.array([[np.nan, np.inf, 1.0], [0.0, 2.0, -1.0]], np.float32)
    bench.session.set_table(Table(("a", "b"), Vectors(vectors), {}))
    bench.settle()
    bench.look("[0, 1]")
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    assert not bench.picture("layer_gradients").grab().isNull()
    assert bench.said("layer_matrix")[0] == "Row 0, a: 3 numbers from 1.000 to 1.000"
    assert not bench.picture("layer_norms").grab().isNull()


def test_every_widget_can_be_named_and_explained(bench: Bench) -> None:
    kinds = (QToolButton, Picture, QPlainTextEdit)
    unnamed = [
        widget
        for kind in kinds
        for widget in bench.page.findChildren(kind)
        if not (widget.objectName() and widget.accessibleName() and widget.toolTip())
        and widget.isVisible()
        and not widget.objectName().startswith("_q")
        and widget.objectName()
    ]
    assert not unnamed


def test_turning_to_ids_keeps_the_lookup_of_the_words(bench: Bench) -> None:
    bench.look("good bad", words=True)
    bench.page.findChild(QToolButton, "layer_kind_ids").click()
    assert bench.page.input.line.text() == "[1, 2]"
    bench.look("bad", words=True)
    bench.page.findChild(QToolButton, "layer_kind_ids").click()
    assert bench.page.input.line.text() == "[2]"


def test_ids_typed_stay_when_the_words_change(bench: Bench) -> None:
    bench.look("good bad", words=True)
    bench.page.findChild(QToolButton, "layer_kind_ids").click()
    bench.page.input.line.setText("[5]")
    bench.page.findChild(QToolButton, "layer_kind_words").click()
    bench.page.input.line.setText("bad")
    bench.settle()
    bench.page.findChild(QToolButton, "layer_kind_ids").click()
    assert bench.page.input.line.text() == "[5]"


def test_after_an_error_the_page_says_what_its_steps_show(bench: Bench) -> None:
    bench.look("[1")
    assert bench.text("layer_hint") == "The steps show what was looked up before."


def test_the_loss_chosen_is_the_one_trained(bench: Bench) -> None:
    bench.look("[7, 2, 7]")
    box = bench.page.findChild(QWidget, "layer_objective")
    box.setCurrentText("sum")  # type: ignore[attr-defined]
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    # Every number looked up has a gradient of 1: of 6 numbers, twice and once.
    assert bench.said("layer_gradients")[0].startswith(f"word7: gradient {2 * 6**0.5:.4g}")


def test_the_summary_counts_parameters_and_leaves_out_the_padding_row(bench: Bench) -> None:
    bench.change("layer_padding", 0)
    summary = bench.page.findChild(QPlainTextEdit, "layer_summary")
    assert "Total params: 480" in summary.toPlainText()
    assert "Trainable params: 474" in summary.toPlainText()
    assert "padding_idx=0" in bench.code("layer")


def test_the_layer_follows_its_settings(bench: Bench) -> None:
    box = bench.page.findChild(QWidget, "layer_setting_initializer")
    box.setCurrentText("glorot uniform")  # type: ignore[attr-defined]
    summary = bench.page.findChild(QPlainTextEdit, "layer_summary")
    assert "Initializer: Glorot uniform" in summary.toPlainText()
    assert "xavier_uniform_" in bench.code("layer")


def test_settings_that_exclude_each_other_are_told_in_place(bench: Bench) -> None:
    for name in ("sparse", "scale_grad_by_freq"):
        bench.page.findChild(QWidget, f"layer_setting_{name}").setChecked(True)  # type: ignore[attr-defined]
    assert "cannot be scaled by frequency" in bench.text("layer_problem")


def test_a_gradient_scaled_by_frequency_is_a_mean_over_the_repeats(bench: Bench) -> None:
    bench.look("[7, 2, 7]")
    box = bench.page.findChild(QWidget, "layer_objective")
    box.setCurrentText("sum")  # type: ignore[attr-defined]
    bench.page.findChild(QWidget, "layer_setting_scale_grad_by_freq").setChecked(True)  # type: ignore[attr-defined]
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    assert all(f"gradient {6**0.5:.4g}" in said for said in bench.said("layer_gradients"))


def test_the_selected_rows_become_ids_at_a_click(bench: Bench) -> None:
    button = bench.page.findChild(QToolButton, "layer_use_selection")
    assert not button.isEnabled()
    bench.session.select([5, 3])
    button.click()
    assert bench.page.input.line.text() == "[5, 3]"
    bench.settle()
    assert bench.text("layer_result_facts") == "(2, 6)"


def test_the_window_brings_the_page_with_the_keyboard_in_its_field(
    window: MainWindow, qtbot: QtBot, words: Table
) -> None:
    window.session.set_table(words)
    page = window.show_page("Layer")
    assert isinstance(page, LayerPage)
    assert page.isVisible()
    assert page.input.line.hasFocus()
    found = page.looking
    qtbot.waitUntil(lambda: found.found is not None and not window.jobs.layer.busy, timeout=5000)


@given(
    text=st.one_of(st.text(max_size=40), st.text("[], 0123456789-#.eE", max_size=40)),
    words=st.booleans(),
    shards=st.integers(1, 64),
    strategy=st.sampled_from(["mod", "div"]),
    padding=st.one_of(st.none(), st.integers(0, 79)),
    max_norm=st.one_of(st.none(), st.floats(0.001, 9e4)),
)
@settings(max_examples=150, deadline=None)
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


_TABLE = Table(
    ("<pad>", "a", "b", *(f"w{row}" for row in range(77))),
    Vectors(np.random.default_rng(3).normal(size=(80, 6)).astype(np.float32)),
    {},
)


def test_the_wheel_scrolls_the_page_and_turns_no_box_by_the_way(bench: Bench) -> None:
    box = bench.page.findChild(QWidget, "layer_shard_count")
    place = QPointF(10, 10)
    turned = QWheelEvent(
        place,
        QPointF(box.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turned)
    assert box.value() == 3  # type: ignore[attr-defined]


def test_the_code_that_is_copied_gives_the_result(bench: Bench, words: Table) -> None:
    bench.look("[[7, 2], [7, 0]]")
    bench.change("layer_padding", 0)
    bench.change("layer_max_norm", 0.8)
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    bench.page.findChild(QToolButton, "layer_copy_code").click()
    names: dict[str, Any] = {"table": words.vectors.to_numpy().copy()}
    exec(QGuiApplication.clipboard().text(), names)
    found = bench.page.looking.found
    assert found is not None
    np.testing.assert_allclose(names["result"].numpy(), found.run.result, rtol=1e-5)
    assert names["gradient"].indices()[0].tolist() == [2, 7]


@pytest.mark.parametrize("shape", [(1, 1), (2, 3000), (700, 2)])
def test_tables_of_any_shape_are_drawn(bench: Bench, shape: tuple[int, int]) -> None:
    vectors = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    tokens = tuple(f"token {row}" for row in range(shape[0]))
    bench.session.set_table(Table(tokens, Vectors(vectors), {}))
    bench.settle()
    bench.page.findChild(QWidget, "layer_take_step").click()  # type: ignore[attr-defined]
    bench.settle()
    for picture in bench.page.findChildren(Picture):
        image = picture.image().copy(24, 24, -48 + 2 * picture.width(), 2 * picture.height())
        colours = {image.pixel(x, y) for x in range(0, image.width(), 4) for y in range(0, 40, 3)}
        assert len(colours) > 1, picture.objectName()


def test_an_empty_table_says_so(bench: Bench) -> None:
    bench.session.set_table(Table((), Vectors(np.empty((0, 3), np.float32)), {}))
    bench.settle()
    assert not bench.picture("layer_chips").isVisible()
    assert bench.text("layer_hint") == "This table has no rows to look up."


def test_tab_walks_from_top_to_bottom(bench: Bench) -> None:
    stops = [stop for step in bench.page.findChildren(StepBox) for stop in step.stops()]
    stops = [stop for stop in stops if stop.isVisible()]
    walked = [bench.page.input.line.nextInFocusChain()]
    while walked[-1] is not bench.page.input.line:
        walked.append(walked[-1].nextInFocusChain())
    assert [stop for stop in walked if stop in stops] == stops
    tops = [stop.mapTo(bench.page, QPoint(0, 0)).y() for stop in stops]
    up = [stops[place] for place, (one, after) in enumerate(pairwise(tops)) if after < one - 8]
    # Up it goes only from a picture to the button in the header of its step.
    assert not [stop.objectName() for stop in up if not isinstance(stop, Picture)]


def test_a_long_paste_is_taken_whole(bench: Bench) -> None:
    bench.look(str([row % 80 for row in range(12_000)]))
    assert bench.text("layer_result_facts") == "(12,000, 6)"


def test_a_paste_too_long_for_the_line_is_told_to_be_cut(bench: Bench) -> None:
    bench.look("[1, 2]" * 50_000)
    assert bench.text("layer_error").startswith("Only the first 250,000 characters fit")
