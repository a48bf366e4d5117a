"""Readable and raw names of byte-level tokens, and labels attached from a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.main_window import MainWindow
from explorer.gui.state.names import Names
from explorer.table import Table
from explorer.vectors import Vectors


@pytest.fixture
def bytes_table() -> Table:
    tokens = ("Ġthe", "Ċ", "the", "Ġfilm", "ing", "Ġa", "Ġgood", "Ġbad")
    vectors = np.random.default_rng(0).normal(size=(len(tokens), 4)).astype(np.float32)
    return Table(tokens, Vectors(vectors))


def _listed(window: MainWindow) -> list[str]:
    model = window.tokens.findChild(QAbstractItemView, "tokens_list").model()
    return [model.index(place, 0).data() for place in range(model.rowCount())]


def test_byte_level_tokens_are_read_as_text_and_raw_when_asked(
    window: MainWindow, show: Callable[[Table], None], bytes_table: Table
) -> None:
    show(bytes_table)
    window.session.select([0])
    title = window.row.findChild(QWidget, "row_token")
    assert _listed(window)[:3] == ["␣the", "⏎", "the"]
    assert title.text() == "␣the"
    assert window.map.view.stage.names.tokens[0] == "␣the"

    window.session.naming.set_readable(False)
    assert _listed(window)[:3] == ["Ġthe", "Ċ", "the"]
    assert title.text() == "Ġthe"
    assert window.map.view.stage.names.tokens[0] == "Ġthe"


@pytest.mark.parametrize("query", ["Ġfilm", " film", "film"])
def test_a_search_takes_the_token_and_the_text_it_stands_for(
    window: MainWindow, show: Callable[[Table], None], bytes_table: Table, query: str
) -> None:
    show(bytes_table)
    window.tokens.search.setText(query)

    assert _listed(window) == ["␣film"]


def test_a_vocabulary_of_words_is_called_by_its_tokens(words: Table) -> None:
    names = Names(words)

    assert names.scheme == ""
    assert names[1] == "good"
    assert names[5] == "new⏎line"


def test_attached_labels_name_the_rows(
    window: MainWindow,
    show: Callable[[Table], None],
    words: Table,
    tmp_path: Path,
    qtbot: QtBot,
    answer: Callable[..., None],
) -> None:
    show(words)
    path = tmp_path / "labels.tsv"
    path.write_text("".join(f"label{row}\n" for row in range(len(words))), encoding="utf-8")
    answer(labels=path)
    with qtbot.waitSignal(window.commands.labelled):
        window.menus.actions["labels"].trigger()

    assert window.session.table.tokens[3] == "label3"
    assert "labels.tsv" in window.messages.text


def test_attached_labels_leave_the_maps_and_the_selection(
    window: MainWindow,
    show: Callable[[Table], None],
    words: Table,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    show(words)
    session = window.session
    made = session.projection
    session.maps.open()
    window.commands.project("axes", x="#1", y="#2")
    qtbot.waitUntil(lambda: session.projection is not None)
    session.maps.activate(0)
    session.select([5, 2])
    path = tmp_path / "labels.tsv"
    path.write_text("".join(f"label{row}\n" for row in range(len(words))), encoding="utf-8")
    with qtbot.waitSignal(window.commands.labelled):
        window.commands.attach_labels(path)

    assert session.projection.table is session.table
    assert session.projection.scores is made.scores
    assert session.selection.tolist() == [5, 2]
    assert session.maps.projection(1) is None  # its axes are expressions of tokens


def test_labels_of_another_number_are_refused_and_the_table_stays(
    window: MainWindow, show: Callable[[Table], None], words: Table, tmp_path: Path, qtbot: QtBot
) -> None:
    show(words)
    path = tmp_path / "labels.tsv"
    path.write_text("one\ntwo\n", encoding="utf-8")
    with qtbot.waitSignal(window.commands.failed):
        window.commands.attach_labels(path)

    assert window.session.table is words
    assert "80" in window.messages.text
