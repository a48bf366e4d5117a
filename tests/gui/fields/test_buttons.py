import pytest
from PySide6.QtWidgets import QWidget

from explorer.gui.fields.buttons import RunButton, push_button


@pytest.fixture
def parent(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_run_button_says_what_a_click_does_now(parent):
    button = RunButton("train", "Train", "Train a table", parent, stop="Stop and keep it")
    assert (button.text(), button.accessibleName(), button.property("role")) == (
        "Train",
        "Train",
        "primary",
    )
    button.show_busy(True)
    assert (button.text(), button.accessibleName(), button.property("role")) == (
        "Stop and keep it",
        "Stop and keep it",
        "",
    )
    button.show_busy(False)
    assert (button.text(), button.property("role")) == ("Train", "primary")


def test_a_title_is_what_screen_readers_say(parent):
    run = RunButton("find", "Find", "Find groups", parent, title="Find near duplicates")
    run.show_busy(True)
    assert run.accessibleName() == "Find near duplicates"
    assert push_button("copy", "Copy", "Copy it", parent).accessibleName() == "Copy"
    assert push_button("more", "", "More to do", parent).accessibleName() == "More to do"
