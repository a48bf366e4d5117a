from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.main_window import MainWindow
from explorer.table import Table


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["review", "sentiment"])
        for place in range(300):
            good = place % 2 == 0
            word = "splendid" if good else "dreadful"
            text = f"what a {word} film number {place % 7} it was {word}"
            writer.writerow([text, "positive" if good else "negative"])
    return path


def _start(window: MainWindow, corpus: Path, epochs: int) -> QAbstractButton:
    panel = window.training
    panel.findChild(QLineEdit, "training_corpus").setText(str(corpus))
    panel.findChild(QSpinBox, "training_epochs").setValue(epochs)
    panel.findChild(QSpinBox, "training_patience").setValue(0)  # all epochs, come what may
    button = panel.findChild(QAbstractButton, "training_start")
    button.click()
    return button


def test_training_shows_its_layers_and_then_the_table(
    window: MainWindow, corpus: Path, qtbot: QtBot
) -> None:
    _start(window, corpus, epochs=2)
    qtbot.waitUntil(lambda: not window.jobs.training.busy, timeout=60000)
    qtbot.waitUntil(lambda: window.session.projection is not None, timeout=5000)

    layers = window.training.findChild(QWidget, "training_layers").text()
    assert "Embedding" in layers
    assert "total" in layers
    assert window.session.table is not None
    assert "splendid" in window.session.table.tokens
    assert window.commands.unsaved


def test_stopping_keeps_what_was_learnt(window: MainWindow, corpus: Path, qtbot: QtBot) -> None:
    button = _start(window, corpus, epochs=1000)
    qtbot.waitUntil(lambda: window.session.table is not None, timeout=60000)
    button.click()

    assert not window.jobs.training.busy
    assert "splendid" in window.session.table.tokens
    state = window.training.findChild(QWidget, "training_state").text()
    assert "topped" in state


def test_a_corpus_without_the_columns_is_told(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    with qtbot.waitSignal(window.commands.failed, timeout=30000):
        _start(window, path, epochs=1)

    assert str(path) in window.messages.text


def test_the_map_follows_the_table_while_it_trains(
    window: MainWindow, corpus: Path, qtbot: QtBot, show: Callable[[Table], None]
) -> None:
    seen: list[int] = []
    window.session.projection_changed.connect(
        lambda: seen.append(id(window.session.projection)) if window.session.projection else None
    )
    button = _start(window, corpus, epochs=1000)
    qtbot.waitUntil(lambda: len(set(seen)) >= 3, timeout=60000)
    button.click()
