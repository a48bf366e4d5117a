"""A verb goes to the command line, no verb opens the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

# What click's completion of shells is asked by.
_COMPLETION = "_EMBEDDING_EXPLORER_COMPLETE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status of `embedding-explorer ARGUMENTS`."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    # OpenMP threads that spin while they wait take a core from whoever else works: the window, or
    # another program (scikit-learn's t-SNE took three times as long beside one busy process).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if _wants_window(arguments):
        from explorer.gui.app import run as run_window

        return run_window(arguments[0] if arguments else None)
    from explorer.cli.main import run as run_verb

    return run_verb(arguments)


def _wants_window(arguments: Sequence[str]) -> bool:
    """No arguments, or one that is a path. A plain word that is no file is taken for a verb, so
    that a mistyped verb is told as one. A shell that wants a line completed gives no arguments."""
    if _COMPLETION in os.environ:
        return False
    if not arguments:
        return True
    first = arguments[0]
    if len(arguments) > 1 or first.startswith("-"):
        return False
    from explorer.cli import VERBS

    if first in VERBS:
        return False
    from pathlib import Path

    return Path(first).exists() or any(mark in first for mark in "./\\")


if __name__ == "__main__":
    sys.exit(main())
