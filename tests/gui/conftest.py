"""A window on small tables, without a file dialog and without a thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.app import make_window
from explorer.gui.dialogs import questions
from explorer.gui.main_window import MainWindow
from explorer.gui.state.session import Session
from explorer.gui.tasks import finding
from explorer.gui.tasks import jobs as jobs_module
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


Hold = Callable[[str, type], Callable[[], None]]


class PatientBot(QtBot):
    """Waits as long as the slowest machine may take, which only a failure does."""

    patience = 60_000  # milliseconds

    def waitUntil(self, callback: Callable[[], bool | None], **how: Any) -> None:
        super().waitUntil(callback, **{"timeout": self.patience} | how)

    def waitSignal(self, signal: Any, **how: Any) -> Any:
        return super().waitSignal(signal, **{"timeout": self.patience} | how)

    def waitActive(self, widget: QWidget, **how: Any) -> Any:
        return super().waitActive(widget, **{"timeout": self.patience} | how)

    def waitExposed(self, widget: QWidget, **how: Any) -> Any:
        return super().waitExposed(widget, **{"timeout": self.patience} | how)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def no_lane_stands_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test waits for the lanes, which come to no turn behind other programs that are busy."""
    monkeypatch.setattr(jobs_module, "_NICENESS", 0)


@pytest.fixture(scope="session")
def typefaces() -> None:
    """Matplotlib looks through those of the machine when it is first used, which can take a minute
    where other programs are busy: not while a test waits."""
    import matplotlib.font_manager  # noqa: F401


@pytest.fixture(autouse=True)
def no_search_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found at once on a usual machine is found at once on a slow one."""
    monkeypatch.setattr(finding, "_PATIENCE", 60.0)


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
        qtbot.waitUntil(lambda: window.session.projection is not None)
        qtbot.waitUntil(lambda: not window.jobs.projection.busy)

    return put


@pytest.fixture
def settle(qtbot: QtBot, window: MainWindow) -> Callable[[], None]:
    """Waits until no lane works and none begins by itself."""
    lanes, changes = window.jobs.lanes, list[bool]()
    for lane in lanes:
        lane.busy_changed.connect(changes.append)

    def wait() -> None:
        while True:
            qtbot.waitUntil(lambda: not any(lane.busy for lane in lanes))
            changes.clear()
            qtbot.wait(20)
            if not changes:
                return

    return wait


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Answers what the window will ask, by the name of the question: `answer(save_table=path)`."""

    def to(**answers: object) -> None:
        for name, told in answers.items():
            monkeypatch.setattr(questions, f"ask_{name}", lambda *_, told=told: told)

    return to


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Hold:
    """`let_go = hold("project", Projection)`: `pipeline.project` goes no further than the first
    partial result of that kind, unless it is stopped, until `let_go()`."""

    def from_now_on(name: str, kind: type) -> Callable[[], None]:
        real, released = getattr(pipeline, name), threading.Event()

        def held(*given: Any, report: Report, **how: Any) -> Any:
            def tell(progress: Progress) -> None:
                report(progress)
                while isinstance(progress.partial, kind) and not released.wait(0.001):
                    report(Progress(0, 0, "held"))

            return real(*given, report=tell, **how)

        monkeypatch.setattr(pipeline, name, held)
        return released.set

    return from_now_on


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
        assert begun.wait(60)

    return begin


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    yield
    left = [t.name for t in threading.enumerate() if t.name.startswith("lane-")]
    assert not left, f"threads left behind: {left}"
