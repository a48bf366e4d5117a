from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QLineEdit, QSpinBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.fields.form import Form
from explorer.params import Params, build, param


@dataclass(frozen=True)
class Knobs(Params):
    width: int = param(3, minimum=1, maximum=9, help="How wide.")
    rate: float = param(0.0, minimum=1, special=0, special_text="automatic", help="How fast.")
    kind: str = param("plain", choices=("plain", "fancy"), help="Which.")
    name: str = param("", special_text="anything", help="What.")
    x: str = param("", label="X axis", help="Where.", expression=True)
    loud: bool = param(False, help="How loud.", advanced=True)


class Line(QLineEdit):
    """Stands for the widget of an expression."""


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(Knobs, "knobs", expression=Line)
    qtbot.addWidget(made)
    return made


def test_a_form_begins_with_the_defaults(form: Form) -> None:
    assert build(Knobs, form.values()) == Knobs()


def test_values_that_are_set_are_read_again_and_told(form: Form, qtbot: QtBot) -> None:
    wished = Knobs(5, 2.5, "fancy", "two", '"a" - "b"', True)
    with qtbot.waitSignal(form.changed):
        form.set_values(wished.as_dict())

    assert build(Knobs, form.values()) == wished


def test_values_of_other_forms_are_passed_over(form: Form) -> None:
    form.set_values({"height": 3, "width": 4})

    assert form.values()["width"] == 4


def test_an_expression_has_the_widget_that_is_made_for_it(form: Form) -> None:
    line = form.findChild(Line, "knobs_x")
    assert line.accessibleName() == "X axis"
    line.setText("#1")

    assert form.values()["x"] == "#1"


def test_advanced_fields_are_folded_away_until_they_are_asked_for(form: Form, qtbot: QtBot) -> None:
    loud, more = form.findChild(QWidget, "knobs_loud"), form.findChild(QToolButton, "knobs_more")
    with qtbot.waitExposed(form):
        form.show()
    assert not loud.isVisible()
    assert form.findChild(QSpinBox, "knobs_width").isVisible()

    more.click()
    assert loud.isVisible()
