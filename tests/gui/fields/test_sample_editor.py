from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from explorer.gui.fields.sample_editor import SampleEditor
from explorer.preparation import Sample
from explorer.table import Column, Table
from explorer.vectors import Vectors


def _table(rows: int, *, counted: bool = True) -> Table:
    columns = {"count": Column("count", np.arange(rows, 0, -1))} if counted else {}
    tokens = tuple(f"word{row}" for row in range(rows))
    return Table(tokens, Vectors(np.ones((rows, 2), np.float32)), columns)


@pytest.fixture
def editor(qtbot: QtBot) -> SampleEditor:
    made = SampleEditor("sample")
    qtbot.addWidget(made)
    made.show_table(_table(100))
    return made


@pytest.fixture
def ask(editor: SampleEditor) -> Callable[[int, str], None]:
    def do(size: int, by: str) -> None:
        editor.findChild(QAbstractButton, "sample_wanted").setChecked(True)
        editor.findChild(QSpinBox, "sample_size").setValue(size)
        box = editor.findChild(QComboBox, "sample_by")
        box.setCurrentIndex(box.findData(by))

    return do


def test_all_rows_take_part_unless_a_sample_is_asked_for(editor: SampleEditor) -> None:
    assert editor.sample(0) is None
    assert editor.words == "all rows"


def test_a_sample_is_drawn_with_the_seed_it_is_asked_with(
    editor: SampleEditor, ask: Callable[[int, str], None]
) -> None:
    ask(30, "frequency")

    assert editor.sample(7) == Sample(30, "frequency", 7)
    assert editor.words == "30 of 100 rows"


def test_a_sample_of_as_many_rows_as_there_are_is_all_rows(
    editor: SampleEditor, ask: Callable[[int, str], None]
) -> None:
    ask(100, "uniform")

    assert editor.sample(0) is None


def test_without_frequencies_rows_are_drawn_at_random_only(
    editor: SampleEditor, ask: Callable[[int, str], None]
) -> None:
    ask(30, "most frequent")
    editor.show_table(_table(100, counted=False))

    assert editor.sample(0) == Sample(30, "uniform", 0)
    items = editor.findChild(QComboBox, "sample_by").model()
    assert isinstance(items, QStandardItemModel)
    assert [items.item(place).isEnabled() for place in range(3)] == [True, False, False]


def test_the_sample_of_a_map_is_shown_without_being_a_choice(
    editor: SampleEditor, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(editor.changed):
        editor.show_sample(Sample(20, "most frequent", 3))
    assert editor.sample(5) == Sample(20, "most frequent", 5)

    editor.show_sample(None)
    assert editor.sample(5) is None


def choose_selected(editor: SampleEditor) -> None:
    """As a user does."""
    editor.findChild(QAbstractButton, "sample_wanted").setChecked(True)
    box = editor.findChild(QComboBox, "sample_by")
    box.setCurrentIndex(3)
    box.activated.emit(3)


def test_the_rows_that_are_selected_can_be_asked_for(editor: SampleEditor, qtbot: QtBot) -> None:
    editor.show_selection(np.array([9, 4, 7]))
    with qtbot.waitSignal(editor.changed):
        choose_selected(editor)
    assert editor.sample(5) == Sample.of([4, 7, 9])
    assert editor.words == "3 of 100 rows"
    assert not editor.findChild(QSpinBox, "sample_size").isVisibleTo(editor)


def test_selecting_other_rows_afterwards_leaves_those_asked_for_until_asked_again(
    editor: SampleEditor,
) -> None:
    editor.show_selection(np.array([9, 4, 7]))
    choose_selected(editor)
    editor.show_selection(np.array([3]))
    assert editor.sample(0) == Sample.of([4, 7, 9])
    editor.findChild(QComboBox, "sample_by").activated.emit(3)
    assert editor.sample(0) == Sample.of([3])


def test_with_nothing_selected_there_are_no_selected_rows_to_ask_for(editor: SampleEditor) -> None:
    items = editor.findChild(QComboBox, "sample_by").model()
    assert isinstance(items, QStandardItemModel)
    assert not items.item(3).isEnabled()
    editor.show_selection(np.array([3]))
    assert items.item(3).isEnabled()


def test_the_chosen_rows_of_a_map_are_shown_and_forgotten_with_its_table(
    editor: SampleEditor,
) -> None:
    editor.show_sample(Sample.of([1, 2]))
    assert editor.sample(0) == Sample.of([1, 2])
    editor.show_table(_table(50))
    assert editor.sample(0) is None or editor.sample(0).by == "uniform"
