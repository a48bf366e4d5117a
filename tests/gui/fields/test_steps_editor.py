from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QListWidget, QSpinBox
from pytestqt.qtbot import QtBot

from explorer.gui.fields.steps_editor import StepsEditor
from explorer.preparation import Step


@pytest.fixture
def editor(qtbot: QtBot) -> StepsEditor:
    made = StepsEditor("steps")
    qtbot.addWidget(made)
    made.show_method("centre", "Because of the mean.", None)
    with qtbot.waitExposed(made):
        made.show()
    return made


def _list(editor: StepsEditor) -> QListWidget:
    return editor.findChild(QListWidget, "steps_list")


def _texts(editor: StepsEditor) -> list[str]:
    view = _list(editor)
    return [view.item(place).text() for place in range(view.count())]


def test_the_methods_own_steps_stand_there_and_are_no_choice(editor: StepsEditor) -> None:
    assert _texts(editor) == ["1.  Centre"]
    assert editor.choice is None
    assert editor.findChild(QCheckBox, "steps_own").text().endswith("centre")


def test_adding_a_step_makes_a_choice_and_tells_it(editor: StepsEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.changed):
        editor.add("unit")

    assert editor.choice == "centre, unit"
    assert not editor.findChild(QCheckBox, "steps_own").isChecked()


def test_alt_and_the_arrows_move_a_step_within_the_list_only(
    editor: StepsEditor, qtbot: QtBot
) -> None:
    editor.add("unit")
    editor.activateWindow()
    _list(editor).setFocus()
    qtbot.waitUntil(_list(editor).hasFocus)
    for key, expected in (
        (Qt.Key.Key_Up, "unit, centre"),
        (Qt.Key.Key_Up, "unit, centre"),
        (Qt.Key.Key_Down, "centre, unit"),
    ):
        qtbot.keyClick(_list(editor), key, Qt.KeyboardModifier.AltModifier)
        assert editor.choice == expected


def test_delete_leaves_the_current_step_out_until_none_is_left(
    editor: StepsEditor, qtbot: QtBot
) -> None:
    editor.add("unit")
    _list(editor).setCurrentRow(0)
    qtbot.keyClick(_list(editor), Qt.Key.Key_Delete)
    assert editor.choice == "unit"

    qtbot.keyClick(_list(editor), Qt.Key.Key_Delete)
    assert editor.choice == "none"
    assert _texts(editor) == ["None: the vectors as they are"]


def test_the_number_of_components_is_asked_for_where_some_are_removed(editor: StepsEditor) -> None:
    count = editor.findChild(QSpinBox, "steps_count")
    assert not count.isVisible()

    editor.add("remove")
    assert count.isVisible()
    count.setValue(3)

    assert editor.steps == (Step("centre"), Step("remove", 3))


def test_a_step_that_is_there_cannot_be_added_again(editor: StepsEditor) -> None:
    for name in ("unit", "remove", "whiten"):
        editor.add(name)

    assert not editor.findChild(QAbstractButton, "steps_add").isEnabled()


def test_ticking_the_methods_own_steps_brings_them_back(editor: StepsEditor) -> None:
    editor.add("unit")
    editor.findChild(QCheckBox, "steps_own").click()

    assert editor.choice is None
    assert editor.steps == (Step("centre"),)


def test_a_choice_made_before_is_shown_in_place_of_the_methods_own(editor: StepsEditor) -> None:
    editor.show_method("none", "As they are.", "unit, remove 2")

    assert editor.choice == "unit, remove 2"
    assert _texts(editor) == ["1.  Unit length", "2.  Remove the top 2"]
