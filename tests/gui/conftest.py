"""A window on small tables, without a file dialog and without a thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.app import make_window
from explorer.gui.dialogs import questions
from explorer.gui.main_window import MainWindow
from explorer.gui.state.session import Session
from explorer.gui.tasks.garbage import Searches
from explorer.gui.tasks.jobs import Jobs
from explorer.progress import Progress, Report
from explorer.settings import Settings
from explorer.table import Column, Table
from explorer.vectors import Vectors


def words_table(rows: int = 80, dim: int = 6, seed: int = 0) -> Table:
    random = np.random.default_rng(seed)
    tokens = ("<pad>", "good", "bad", "<b>bold</b>", "\u202eevil", "new\nline")
    tokens += tuple(f"word{row}" for row in range(len(tokens), rows))
    vectors = random.normal(size=(rows, dim)).astype(np.float32)
    vectors[0] = 0
    columns = {
        "count": Column("count", np.arange(rows, 0, -1)),
        "lean": Column("lean", random.normal(size=rows)),
    }
    return Table(tokens, Vectors(vectors), columns)


@pytest.fixture(autouse=True)
def searches(qapp: QApplication) -> Iterator[Searches]:
    """No lane of a test comes upon a widget that an earlier one has left."""
    made = Searches(qapp)
    yield made
    made.stop()
    made.setParent(None)


@pytest.fixture
def words() -> Table:
    return words_table()


@pytest.fixture
def session(qapp: object, words: Table) -> Session:
    made = Session()
    made.set_table(words)
    return made


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def bring_up(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Shows a widget as the active window."""

    def show(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        with qtbot.waitActive(widget):
            widget.show()
            widget.activateWindow()

    return show


@pytest.fixture
def window(qtbot: QtBot, qapp: object) -> MainWindow:
    made = make_window(qapp, Settings(theme="light"))  # type: ignore[arg-type]
    # Closing an unsaved table asks a question, which nobody would answer here.
    qtbot.addWidget(made, before_close_func=lambda _: made.commands.forget_unsaved())
    with qtbot.waitSignal(made.painted):
        made.show()
    return made


@pytest.fixture
def show(qtbot: QtBot, window: MainWindow) -> Callable[[Table], None]:
    """Puts a table into the window and waits for its map."""

    def put(table: Table) -> None:
        window.session.set_table(table)
        window.commands.project()
        qtbot.waitUntil(lambda: window.session.projection is not None, timeout=5000)
        qtbot.waitUntil(lambda: not window.jobs.projection.busy, timeout=5000)

    return put


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Answers what the window will ask, by the name of the question: `answer(save_table=path)`."""

    def to(**answers: object) -> None:
        for name, told in answers.items():
            monkeypatch.setattr(questions, f"ask_{name}", lambda *_, told=told: told)

    return to


@pytest.fixture
def train_endlessly(window: MainWindow) -> Callable[[], None]:
    """Begins a training that ends only when it is told to."""
    begun = threading.Event()

    def endless(report: Report) -> None:
        while True:
            begun.set()
            report(Progress(0, 0, "training"))

    def begin() -> None:
        window.jobs.training.start("Training", endless)
        assert begun.wait(5)

    return begin


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    yield
    left = [t.name for t in threading.enumerate() if t.name.startswith("lane-")]
    assert not left, f"threads left behind: {left}"
