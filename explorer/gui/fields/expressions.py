"""What fields ask of expressions while they are typed: which tokens begin so, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.errors import ExplorerError
from explorer.expressions import Context, evaluate, quoted, selection_text
from explorer.gui.fields.completions import Completions
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.progress import Progress, Report
from explorer.table import Table
from explorer.tokens import shown

_PAUSE = 250  # milliseconds without a key before an expression is read
_OFFERED = 12

Answers = Mapping[str, ExplorerError | None]


class Expressions(QObject):
    """Answers all fields, off the window's thread.

    checked: text -> the error in it, or None, for texts that were asked about.
    """

    checked = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._asked: set[str] = set()
        self._of: Table | None = None
        self._completions: Completions | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._read)
        session.table_changed.connect(self._forget)
        jobs.completion.succeeded.connect(self._take)
        jobs.checking.succeeded.connect(self._tell)

    def prepare(self) -> None:
        """Orders the tokens, in the background; called when a field is entered."""
        table = self._session.table
        if table is None or table is self._of:
            return
        self._of, self._completions = table, None

        def work(report: Report) -> Completions:
            return Completions(table, report)

        self._jobs.completion.start("Ordering the tokens", work)

    def offered(self, prefix: str) -> list[tuple[str, str]]:
        """(name, how an expression names it) of some tokens that begin so, none while they are
        being ordered; of selections after an @."""
        if prefix.startswith("@"):
            return self._selections(prefix[1:])
        table = self._session.table
        if table is None or self._completions is None or table is not self._of:
            return []
        rows = self._completions.rows(prefix, _OFFERED)
        return [(self._session.names.of(row), quoted(table.tokens[row])) for row in rows]

    def _selections(self, prefix: str) -> list[tuple[str, str]]:
        """Those with rows in them."""
        kept = self._session.kept.named(self._session.selection)
        return [
            (shown(selection_text(name), 60), selection_text(name))
            for name, rows in kept.items()
            if len(rows) and name.startswith(prefix)
        ][:_OFFERED]

    def ask(self, text: str) -> None:
        """Has the text read once the typing pauses; `checked` tells."""
        self._asked.add(text)
        self._timer.start()

    def _forget(self) -> None:
        """Another table: the old one is kept by nobody."""
        self._of, self._completions = None, None

    def _take(self, completions: Completions) -> None:
        if self._of is not None:  # another field may have asked, before or after this one
            self._completions = completions

    def _read(self) -> None:
        table, texts = self._session.table, tuple(self._asked)
        if table is None:
            return
        context = Context.of(table, self._session.kept.named(self._session.selection))

        def work(report: Report) -> Answers:
            return {text: _error_in(text, context, report) for text in texts}

        self._jobs.checking.start("Reading expressions", work)

    def _tell(self, answers: Answers) -> None:
        self._asked -= answers.keys()
        self.checked.emit(answers)


def _error_in(text: str, context: Context, report: Report) -> ExplorerError | None:
    report(Progress(0, 1))
    if not text.strip():
        return None
    try:
        evaluate(text, context)
    except ExplorerError as error:
        return error
    return None
