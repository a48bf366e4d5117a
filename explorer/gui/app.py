"""Where the window is put together: application, session, lanes, theme, settings, window."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from explorer import settings as settings_module
from explorer.errors import ExplorerError
from explorer.gui.display import missing_display
from explorer.settings import Settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from explorer.gui.main_window import MainWindow

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]

_log = logging.getLogger(__name__)


def run(table: str | None = None) -> int:
    """Opens the window, on a file or on the sample table; returns the exit status."""
    path = Path(table) if table is not None else None
    if path is not None and not path.exists():
        print(f"Error: {path}: there is no such file or folder.", file=sys.stderr)
        return 1
    problem = missing_display()
    if problem:
        hint = "Every verb runs without one: embedding-explorer tour, or --help."
        print(f"Error: {problem} {hint}", file=sys.stderr)
        return 1
    return _run(path)


def _run(path: Path | None) -> int:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from explorer.paths import resource

    app = QApplication(sys.argv[:1])
    app.setApplicationName("Embedding Explorer")
    app.setDesktopFileName("embedding-explorer")
    app.setWindowIcon(QIcon(str(resource("icon.svg"))))
    window = make_window(app, settings_module.load(settings_module.settings_file()))
    sys.excepthook = _shown_by(window)
    window.settings_changed.connect(_remember)
    keep_aside(window)
    window.painted.connect(lambda: window.files.open(path))
    window.show()
    # Ctrl+C in the terminal closes the window as its button does.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    awake = QTimer()
    awake.timeout.connect(lambda: None)  # lets Python see the signal
    awake.start(300)
    return app.exec()


def make_window(app: QApplication, settings: Settings) -> MainWindow:
    """A MainWindow with a session and lanes of its own, not shown yet."""
    from explorer.gui.main_window import MainWindow
    from explorer.gui.map.view import configure
    from explorer.gui.state.session import Session
    from explorer.gui.tasks.freed_memory import share_arenas
    from explorer.gui.tasks.garbage import search_here
    from explorer.gui.tasks.jobs import Jobs
    from explorer.gui.tasks.loading import load_gently
    from explorer.gui.theme import Theme

    search_here(app)
    load_gently()
    share_arenas()
    configure()
    return MainWindow(Session(), Jobs(), Theme(app, settings.theme), settings)


def keep_aside(window: MainWindow) -> None:
    """For a window that lives as long as the program: no search for garbage looks at what it is
    made of, which would hold everybody up for 50 ms."""
    window.painted.connect(gc.freeze)


def _remember(settings: Settings) -> None:
    """Settings that cannot be saved are no reason to stop anybody."""
    try:
        settings_module.save(settings, settings_module.settings_file())
    except ExplorerError as error:
        _log.warning("%s", error)


def _shown_by(window: MainWindow) -> Hook:
    """An exception nobody caught becomes a message in the window; the log keeps the traceback."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("uncaught", exc_info=(kind, error, trace))
        if isinstance(error, Exception):
            window.messages.show_error(error)

    return hook
