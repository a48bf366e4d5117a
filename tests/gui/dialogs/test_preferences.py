from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from explorer import cache
from explorer.gui.dialogs.preferences import Preferences
from explorer.gui.main_window import MainWindow
from explorer.reading import memory
from explorer.settings import Settings


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(memory.VARIABLE, raising=False)
    for module in (memory, import_module("explorer.gui.dialogs.preferences")):
        monkeypatch.setattr(module, "machine_memory", lambda: 16 * 10**9)


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> Preferences:
    window.menus.actions["preferences"].trigger()
    found = window.findChild(Preferences)
    assert found is not None
    qtbot.waitUntil(found.isVisible)
    return found


def _child(dialog: Preferences, kind: type, name: str):  # type: ignore[no-untyped-def]
    return dialog.findChild(kind, f"preferences_{name}")


def test_neighbours_that_are_kept_can_be_forgotten(window: MainWindow, qtbot: QtBot) -> None:
    cache.clear()  # of what other tests kept
    cache.store("one", {}, [np.zeros(2000)])
    window.menus.actions["preferences"].trigger()
    dialog = window.findChild(Preferences)
    qtbot.waitUntil(dialog.isVisible)
    kept, button = _child(dialog, QLabel, "kept_amount"), _child(dialog, QPushButton, "forget")
    assert kept.text() == "Neighbours found before: 16.1 kB kept"
    button.click()
    assert cache.names() == []
    assert (kept.text(), button.isEnabled()) == ("Neighbours found before: none kept", False)


def test_preferences_do_not_block_the_window_and_are_there_once(
    window: MainWindow, dialog: Preferences
) -> None:
    assert not dialog.isModal()
    window.menus.actions["preferences"].trigger()
    assert len(window.findChildren(Preferences)) == 1


def test_the_memory_is_told_in_bytes_and_reaches_the_next_table_and_the_settings(
    window: MainWindow, dialog: Preferences, qtbot: QtBot, tmp_path: Path, monkeypatch
) -> None:
    slider, amount = _child(dialog, QSlider, "memory"), _child(dialog, QLabel, "memory_amount")
    assert amount.text() == "50 % · 8.0 GB"
    window.change_settings(window.settings.with_recent(tmp_path / "a"))
    with qtbot.waitSignal(window.settings_changed):
        qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert amount.text() == "5 % · 800.0 MB"
    assert window.settings.memory_share == 0.05
    assert window.settings.recent == (str(tmp_path / "a"),)

    path = tmp_path / "t.csv"
    path.write_text("token,d0,d1\n" + "".join(f"w{row},1,2\n" for row in range(50)))
    monkeypatch.setattr(memory, "machine_memory", lambda: 1000)
    with qtbot.waitSignal(window.commands.failed) as failed:
        window.commands.open_table(path)
    assert "50 bytes are allowed" in str(failed.args[0])


def test_measuring_maps_can_be_left_to_the_user(window: MainWindow, dialog: Preferences) -> None:
    box = _child(dialog, QCheckBox, "measure")
    assert box.isChecked()
    box.click()
    assert not window.settings.measure_maps


def test_menu_and_preferences_agree_on_the_theme(window: MainWindow, dialog: Preferences) -> None:
    box = _child(dialog, QComboBox, "theme")
    box.setCurrentIndex(box.findData("dark"))
    assert window.settings.theme == "dark"
    actions = {
        wish: window.findChild(QAction, f"action_theme_{wish}") for wish in ("light", "dark")
    }
    assert actions["dark"].isChecked()
    actions["light"].trigger()
    assert box.currentData() == "light"


def test_an_amount_in_the_environment_comes_first_and_is_said(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, memory.VARIABLE, "2GB")
    made = Preferences(Settings(), window)
    qtbot.addWidget(made)
    assert not _child(made, QSlider, "memory").isEnabled()
    assert _child(made, QLabel, "memory_amount").text() == "2.1 GB"
    assert memory.VARIABLE in _child(made, QLabel, "memory_note").text()
