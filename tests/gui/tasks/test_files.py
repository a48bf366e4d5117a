"""Opening, saving, exporting, and not losing what is in no file."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.dialogs import questions
from explorer.gui.dialogs.figure_dialog import FigureDialog
from explorer.gui.main_window import MainWindow
from explorer.progress import Progress, Report
from explorer.table import Source, Table

Show = Callable[[Table], None]
Answer = Callable[..., None]


class SlowWrite:
    """A save that waits until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on = threading.Event()
        self.begun = threading.Event()
        real = pipeline.save_table

        def save(table: Table, path: Path, *, report: Report) -> Table:
            self.begun.set()
            while not self.go_on.wait(0.01):
                report(Progress(0, 0))
            return real(table, path, report=report)

        monkeypatch.setattr(pipeline, "save_table", save)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowWrite:
    return SlowWrite(monkeypatch)


@pytest.fixture
def trained(window: MainWindow, words: Table) -> Table:
    """A table that was trained in the window and is in no file."""
    window.commands.adopt_trained(words)
    return words


def test_opening_a_file_shows_it_and_remembers_it(
    window: MainWindow, words: Table, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "words.safetensors"
    pipeline.save_table(words, path)
    with qtbot.waitSignal(window.settings_changed) as remembered:
        window.files.open(path)
    qtbot.waitUntil(lambda: window.session.projection is not None)

    assert window.windowTitle().startswith("words.safetensors")
    assert remembered.args[0].recent == (str(path.resolve()),)


def test_a_file_that_is_no_table_is_told_and_the_table_at_hand_stays(
    window: MainWindow, show: Show, words: Table, tmp_path: Path, qtbot: QtBot
) -> None:
    show(words)
    broken = tmp_path / "empty.pt"
    broken.touch()
    with qtbot.waitSignal(window.commands.failed):
        window.files.open(broken)

    assert window.messages.isVisible()
    assert str(broken) in window.messages.text
    assert window.session.table is words


def test_exporting_writes_the_coordinates_on_the_map(
    window: MainWindow, show: Show, words: Table, tmp_path: Path, qtbot: QtBot, answer: Answer
) -> None:
    show(words)
    path = tmp_path / "map.csv"
    answer(export=path)
    window.menus.actions["export"].trigger()
    with qtbot.waitSignal(window.commands.exported):
        window.findChild(QPushButton, "export_do").click()

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    drawn = window.session.projection.coordinates
    assert [row["token"] for row in rows] == list(words.tokens)
    assert np.float32(rows[7]["x"]) == drawn[7, 0]


@pytest.mark.usefixtures("typefaces")
def test_saving_a_figure_draws_the_map_as_the_dialog_says(
    window: MainWindow, show: Show, words: Table, tmp_path: Path, qtbot: QtBot, answer: Answer
) -> None:
    show(words)
    path = tmp_path / "figure.svg"
    answer(figure=path)
    window.menus.actions["figure"].trigger()
    window.findChild(QLineEdit, "figure_title").setText("My words")
    with qtbot.waitSignal(window.commands.exported):
        window.findChild(QPushButton, "figure_do").click()

    assert "My words" in path.read_text(encoding="utf-8")
    assert window.messages.text == f"Wrote {path}."


@pytest.mark.usefixtures("typefaces")
def test_a_figure_is_seen_as_its_map_is(
    window: MainWindow, show: Show, words: Table, qtbot: QtBot
) -> None:
    show(words)
    window.menus.actions["figure"].trigger()
    dialog = window.findChild(FigureDialog)
    assert dialog.how()["rotation"] is None
    window.session.colours.by("lean")
    window.maps.tints.span(-0.25, 0.5)
    assert dialog.how()["span"] == (-0.25, 0.5)
    window.commands.project(dims=3)
    qtbot.waitUntil(lambda: not window.jobs.projection.busy)
    before = dialog.how()["rotation"]
    window.map.view.turn(40, 10)
    after = dialog.how()["rotation"]
    assert np.allclose(after @ after.T, np.eye(3))
    assert not np.allclose(before, after)


@pytest.mark.usefixtures("typefaces")
def test_the_menu_of_a_map_offers_a_figure_of_it(
    window: MainWindow, show: Show, words: Table
) -> None:
    show(words)
    offered = window.map.header.button("save").menu().actions()
    next(action for action in offered if action.text() == "Save figure…").trigger()
    assert window.findChild(FigureDialog).isVisible()


@pytest.mark.usefixtures("typefaces")
def test_closing_the_window_ends_the_small_picture_of_a_figure(
    window: MainWindow, show: Show, words: Table, qtbot: QtBot
) -> None:
    show(words)
    window.menus.actions["figure"].trigger()
    dialog = window.findChild(FigureDialog)
    dialog.draw_soon()
    window.close()
    qtbot.waitUntil(lambda: not dialog._soon.isActive())
    assert not window.jobs.preview.busy


@pytest.mark.usefixtures("typefaces")
@pytest.mark.parametrize("name", ["export", "figure"])
def test_giving_up_the_question_where_writes_nothing(
    window: MainWindow, show: Show, words: Table, answer: Answer, name: str
) -> None:
    show(words)
    answer(**{name: None})
    window.menus.actions[name].trigger()
    button = {"export": "export_do", "figure": "figure_do"}[name]
    window.findChild(QPushButton, button).click()
    assert not window.jobs.export.busy


def test_saving_the_picture_writes_a_png(
    window: MainWindow, show: Show, words: Table, tmp_path: Path, answer: Answer
) -> None:
    show(words)
    path = tmp_path / "map.png"
    answer(picture=path)
    window.menus.actions["picture"].trigger()

    assert path.read_bytes().startswith(b"\x89PNG")


def test_an_unsaved_table_is_not_lost_by_closing(
    window: MainWindow, trained: Table, answer: Answer
) -> None:
    answer(leave_unsaved="cancel")

    assert not window.close()
    assert window.isVisible()


def test_saving_a_trained_table_puts_it_into_a_file(
    window: MainWindow, trained: Table, tmp_path: Path, qtbot: QtBot, answer: Answer
) -> None:
    path = tmp_path / "trained.safetensors"
    answer(save_table=path)
    with qtbot.waitSignal(window.commands.saved):
        window.files.ask_save()

    assert not window.commands.unsaved
    assert pipeline.open_table(path).tokens == trained.tokens


def test_giving_a_trained_table_up_closes_the_window(
    window: MainWindow, trained: Table, qtbot: QtBot, answer: Answer
) -> None:
    answer(leave_unsaved="discard")
    window.close()

    qtbot.waitUntil(lambda: not window.isVisible())


def test_saving_on_the_way_out_saves_first_and_then_closes(
    window: MainWindow, trained: Table, tmp_path: Path, qtbot: QtBot, answer: Answer
) -> None:
    path = tmp_path / "trained.safetensors"
    answer(leave_unsaved="save", save_table=path)
    window.close()

    qtbot.waitUntil(lambda: not window.isVisible())
    assert path.exists()


def test_a_save_that_fails_on_the_way_out_keeps_the_window_and_the_table(
    window: MainWindow, trained: Table, tmp_path: Path, qtbot: QtBot, answer: Answer
) -> None:
    answer(leave_unsaved="save", save_table=tmp_path / "no" / "where.st")
    with qtbot.waitSignal(window.commands.failed):
        window.close()

    assert window.isVisible()
    assert window.commands.unsaved


def test_opening_a_table_does_not_stop_the_save_under_way(
    window: MainWindow, words: Table, tmp_path: Path, qtbot: QtBot, slow: SlowWrite
) -> None:
    window.session.set_table(words)
    window.commands.save_table(tmp_path / "a.safetensors")
    assert slow.begun.wait(60)
    with qtbot.waitSignal(window.commands.opened):
        window.files.open(None)
    with qtbot.waitSignal(window.commands.saved):
        slow.go_on.set()

    assert pipeline.open_table(tmp_path / "a.safetensors").tokens == words.tokens


def test_a_second_save_waits_for_the_first(
    window: MainWindow, words: Table, tmp_path: Path, qtbot: QtBot, slow: SlowWrite
) -> None:
    window.session.set_table(words)
    window.commands.save_table(tmp_path / "a.safetensors")
    window.commands.save_table(tmp_path / "b.safetensors")
    assert "not done yet" in window.messages.text
    with qtbot.waitSignal(window.commands.saved):
        slow.go_on.set()

    assert (tmp_path / "a.safetensors").exists()


def test_a_stopped_save_is_told_and_no_later_save_closes_the_window(
    window: MainWindow,
    trained: Table,
    tmp_path: Path,
    qtbot: QtBot,
    slow: SlowWrite,
    answer: Answer,
) -> None:
    answer(leave_unsaved="save", save_table=tmp_path / "a.safetensors")
    window.close()
    assert slow.begun.wait(60)
    window.jobs.saving.cancel()
    assert "not saved" in window.messages.text
    assert window.commands.unsaved

    slow.go_on.set()
    with qtbot.waitSignal(window.commands.saved):
        window.commands.save_table(tmp_path / "b.safetensors")
    qtbot.wait(50)
    assert window.isVisible()


def test_a_map_made_while_the_table_is_saved_is_kept(
    window: MainWindow, words: Table, show: Show
) -> None:
    show(words)
    late = pipeline.project(words, axes=(3, 4))
    window.session.rename_table(replace(words, source=Source(tensor="saved")))
    window.session.set_projection(late)

    assert window.session.projection is not None
    assert window.session.projection.axes == (2, 3)
    assert window.session.projection.table is window.session.table


def test_the_picker_asks_before_it_drops_an_unsaved_table(
    window: MainWindow, trained: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safetensors.numpy import save_file

    from explorer.gui.dialogs.picker import TablePicker

    path = tmp_path / "two.safetensors"
    save_file({name: np.ones((30, 4), np.float32) for name in ("left", "right")}, path)
    window.commands.choice_needed.emit(path, pipeline.probe(path))
    asked: list[int] = []
    monkeypatch.setattr(questions, "ask_leave_unsaved", lambda _: asked.append(1) or "cancel")
    window.findChild(TablePicker).accept()

    assert asked == [1]
    assert window.session.table is trained


def test_a_map_is_not_begun_under_a_training(
    window: MainWindow, words: Table, show: Show, train_endlessly: Callable[[], None]
) -> None:
    show(words)
    train_endlessly()
    window.commands.project("tsne")

    assert not window.jobs.projection.busy
    assert "training" in window.messages.text
