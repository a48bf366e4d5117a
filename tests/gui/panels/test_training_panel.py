from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.main_window import MainWindow
from explorer.objectives import objectives
from explorer.projection import Projection
from explorer.table import Table
from explorer.training import Snapshot


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


def _start(
    window: MainWindow, corpus: Path, epochs: int, objective: str = "sentiment"
) -> QAbstractButton:
    panel = window.training
    window.show_dock("Train")
    box = panel.findChild(QComboBox, "training_objective")
    box.setCurrentText(objectives()[objective].title)
    panel.findChild(QLineEdit, "training_corpus").setText(str(corpus))
    panel.findChild(QSpinBox, f"training_{objective}_epochs").setValue(epochs)
    # All epochs, come what may.
    panel.findChild(QSpinBox, f"training_{objective}_patience").setValue(0)
    button = panel.findChild(QAbstractButton, "training_start")
    button.click()
    return button


def test_training_shows_its_layers_and_then_the_table(
    window: MainWindow, corpus: Path, qtbot: QtBot
) -> None:
    _start(window, corpus, epochs=2)
    qtbot.waitUntil(lambda: not window.jobs.training.busy)
    qtbot.waitUntil(lambda: window.session.projection is not None)

    layers = window.training.findChild(QWidget, "training_layers").accessibleDescription()
    assert "Embedding" in layers
    assert "total" in layers
    assert window.session.table is not None
    assert "splendid" in window.session.table.tokens
    assert window.commands.unsaved


def test_stopping_keeps_what_was_learnt(
    window: MainWindow, corpus: Path, hold: Callable[[str, type], Callable[[], None]], qtbot: QtBot
) -> None:
    hold("train", Snapshot)
    button = _start(window, corpus, epochs=1000)
    qtbot.waitUntil(lambda: window.session.table is not None)
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
    with qtbot.waitSignal(window.commands.failed):
        _start(window, path, epochs=1)

    assert str(path) in window.messages.text


def test_the_map_follows_the_table_while_it_trains(
    window: MainWindow, corpus: Path, qtbot: QtBot, show: Callable[[Table], None]
) -> None:
    seen: list[Projection | None] = []  # held, so that none stands where another was
    window.session.projection_changed.connect(lambda: seen.append(window.session.projection))
    button = _start(window, corpus, epochs=1000)
    qtbot.waitUntil(lambda: len({id(shown) for shown in seen if shown is not None}) >= 3)
    button.click()


def test_every_objective_can_be_chosen_and_says_what_it_learns(window: MainWindow) -> None:
    panel = window.training
    box = panel.findChild(QComboBox, "training_objective")
    shown = panel.findChild(QWidget, "training_summary")
    assert [box.itemText(place) for place in range(box.count())] == [
        objective.title for objective in objectives().values()
    ]
    for place, objective in enumerate(objectives().values()):
        box.setCurrentIndex(place)
        assert shown.text() == objective.summary
        assert panel.findChild(QWidget, f"training_{objective.name}_form").isVisibleTo(panel)


def test_an_objective_without_right_answers_is_told_by_its_loss(
    window: MainWindow, corpus: Path, qtbot: QtBot
) -> None:
    _start(window, corpus, epochs=2, objective="skipgram")
    qtbot.waitUntil(lambda: not window.jobs.training.busy)
    qtbot.waitUntil(lambda: window.session.projection is not None)

    assert "splendid" in window.session.table.tokens
    state = window.training.findChild(QWidget, "training_state").text()
    assert "validation loss" in state
    assert "accuracy" not in state
    assert (
        "Dot product"
        in window.training.findChild(QWidget, "training_layers").accessibleDescription()
    )
