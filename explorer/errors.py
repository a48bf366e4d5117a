"""What can go wrong, as one small tree. Every message is a sentence a user can read.

ExplorerError
├── InputError        a file, folder or corpus that cannot be read: names it, the place, the way out
├── OutputError       a file that cannot be written; nothing half-written is left behind
├── NotFoundError     a token, tensor, column or component that is not there
│   └── UnknownTokenError
└── ParameterError    a value outside its range, or a combination that makes no sense

`Cancelled` (explorer.progress) is not an error and not in this tree.
"""

from __future__ import annotations

from pathlib import Path

# Characters of a token in a message. A line that cannot be broken makes a window as wide as itself.
_LONGEST = 60


class ExplorerError(Exception):
    """Something the user can understand and mend.

    message: one sentence saying what is wrong and where.
    hint: one sentence saying the way out; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InputError(ExplorerError):
    """A file, folder or corpus that cannot be read. `path` and `place` lead the message."""

    def __init__(self, path: Path | str, problem: str, hint: str = "", *, place: str = "") -> None:
        self.path = Path(path)
        self.place = place
        where = f"{self.path}, {place}" if place else str(self.path)
        super().__init__(f"{where}: {problem}", hint)


class OutputError(ExplorerError):
    """A file that cannot be written."""

    def __init__(self, path: Path | str, problem: str, hint: str = "") -> None:
        self.path = Path(path)
        super().__init__(f"{self.path}: {problem}", hint)


class NotFoundError(ExplorerError):
    """A token, tensor, column or component that is not there."""


class UnknownTokenError(NotFoundError):
    """A token that is not in the table. offers: whether nothing nearer than `hint` is known of it,
    so that tokens spelt nearly so may be offered in its place."""

    def __init__(self, token: str, hint: str, *, offers: bool) -> None:
        self.token, self.offers = token, offers
        super().__init__(f"The token {in_quotes(token)} is not in the table.", hint)


def in_quotes(token: str) -> str:
    """A token in a sentence: between quotes, nothing hidden; of a long one, its beginning."""
    return repr(token if len(token) <= _LONGEST else token[: _LONGEST - 1] + "…")


class ParameterError(ExplorerError):
    """A value outside its range, or a combination that makes no sense."""
