"""Keys: the card that tells of them, and undo from fields."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.dialogs.keys_card import KeysCard
from explorer.gui.main_window import MainWindow
from explorer.gui.undo_keys import UndoKeys

# What widgets answer by themselves.
_OF_WIDGETS = {"Ctrl+Enter", "Ctrl+Shift", "Ctrl+C"}


def test_the_keys_on_the_card_are_those_of_the_menus(window: MainWindow) -> None:
    texts = [label.text() for label in KeysCard(window).findChildren(QLabel)]
    told = set(
        re.findall(r"(?:Ctrl\+(?:Shift\+)?(?:[A-Z0-9,]|Shift|Enter)|F[0-9]+)\b|Ctrl\+,", str(texts))
    )
    assert len(told) > 20
    known = {action.shortcut().toString() for action in window.menus.actions.values()}
    assert told - _OF_WIDGETS <= known


@pytest.fixture
def fields(qtbot: QtBot) -> QWidget:
    """A line edit and a spin box that are watched."""
    parent = QWidget()
    layout = QVBoxLayout(parent)
    for field in (QLineEdit(), QSpinBox()):
        layout.addWidget(field)
    qtbot.addWidget(parent)
    UndoKeys(parent).watch(parent)
    return parent


def claims(field: QWidget, keys: str) -> bool:
    """Whether a field keeps a shortcut from the window."""
    combination = QKeySequence(keys)[0]
    event = QKeyEvent(
        QEvent.Type.ShortcutOverride, combination.key(), combination.keyboardModifiers()
    )
    event.ignore()
    QApplication.sendEvent(field, event)
    return event.isAccepted()


@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox])
def test_a_field_keeps_undo_only_where_it_has_typing_to_undo(
    fields: QWidget, qtbot: QtBot, kind: type[QWidget]
) -> None:
    field = fields.layout().itemAt(0 if kind is QLineEdit else 1).widget()
    assert not claims(field, "Ctrl+Z")
    assert not claims(field, "Ctrl+Shift+Z")

    qtbot.keyClicks(field, "7")
    assert claims(field, "Ctrl+Z")
    assert not claims(field, "Ctrl+Shift+Z")

    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert claims(field, "Ctrl+Shift+Z")


def test_a_field_keeps_its_other_keys(fields: QWidget) -> None:
    assert claims(fields.layout().itemAt(0).widget(), "Ctrl+A")
