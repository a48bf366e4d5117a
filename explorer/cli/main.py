"""The group of verbs, and the edge where errors become one line and an exit status."""

from __future__ import annotations

import difflib
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from click.shell_completion import CompletionItem

import explorer
from explorer.cli import VERBS
from explorer.cli.examples import EXAMPLES, PROGRAM, epilog
from explorer.cli.terminal import say
from explorer.errors import ExplorerError
from explorer.progress import Cancelled

DEBUG_VARIABLE = "EMBEDDING_EXPLORER_DEBUG"

_EPILOG = """
\b
Examples:
  embedding-explorer                            the window, on the sample table
  embedding-explorer vectors.safetensors        the window, on a table of yours
  embedding-explorer info checkpoint.pt         which tables are in a file
  embedding-explorer neighbors glove.txt film   what lies near a token
  embedding-explorer project glove.txt --method tsne --quality -o map.csv
  embedding-explorer map glove.txt --from map.csv -o map.svg
  embedding-explorer train reviews.csv -o reviews.safetensors

\b
"embedding-explorer VERB --help" explains a verb, with examples.
"""


class Verbs(click.Group):
    """A group that loads a verb's module when the verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"explorer.cli.{cmd_name}").command
        command.epilog = epilog(EXAMPLES[cmd_name])
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Verbs and flags; or a file, which the window opens."""
        file = CompletionItem(incomplete, type="file")
        return [*super().shell_complete(ctx, incomplete), file]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS:
            raise click.UsageError(_no_verb(args[0]), ctx)
        return super().resolve_command(ctx, args)


def _no_verb(word: str) -> str:
    if Path(word).exists():
        verbs = f"{PROGRAM} info {word}"
        return f"{word!r} is a file: a verb comes before it ({verbs}), or nothing after it."
    near = difflib.get_close_matches(word, VERBS, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"{word!r} is neither a verb nor a file.{hint}"


@click.group(
    cls=Verbs,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="[TABLE] | VERB ...",
)
@click.version_option(explorer.__version__, prog_name=PROGRAM)
def group() -> None:
    """Open or train an embedding table, look tokens up, see where they lie.

    Without a verb the window opens. Every verb reads the same files and makes the same numbers as
    the window; data goes to standard output, progress to standard error.
    """


def run(arguments: Sequence[str]) -> int:
    """Runs a verb and returns the exit status; every failure ends as one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a token may be a lone surrogate, a terminal latin-1
            stream.reconfigure(errors="backslashreplace")
    try:
        with _cleaning_up():
            return _status(group.main(list(arguments), PROGRAM, standalone_mode=False))
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except click.Abort:
        return _stopped()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (Cancelled, KeyboardInterrupt):
        return _stopped()
    except ExplorerError as error:
        say(f"Error: {error}")
        return 1
    except BrokenPipeError:
        # Whoever read our output has gone; point stdout elsewhere so that closing it is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _refused(error)
    except Exception as error:
        return _unexpected(error)


@contextmanager
def _cleaning_up() -> Iterator[None]:
    """Whoever is told to end by the system (SIGTERM, SIGHUP) ends as after an error: what was begun
    to be written is removed, and no child process is left behind."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    asked = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
    # One that is ignored (nohup) stays so.
    ours = [one for one in asked if one is not None and signal.getsignal(one) is signal.SIG_DFL]
    for one in ours:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)


def _status(value: object) -> int:
    return value if isinstance(value, int) else 0


def _refused(error: OSError) -> int:
    """The system said no outside of our own files: standard output on a full disk."""
    place = f"{error.filename}: " if error.filename else ""
    say(f"Error: {place}{error.strerror or error}.")
    return 1


def _stopped() -> int:
    # Ctrl+C within an exec() of the standard library (dataclasses, say) leaves a mark, for which
    # `python -m explorer` kills itself at its end instead of giving our status; the next exec()
    # takes it off (run_eval_code_obj in CPython's Python/pythonrun.c).
    exec("")
    say("Stopped.")
    return 130


def _unexpected(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(error)
    elif isinstance(error, MemoryError):
        say("Error: there is not enough memory for this. Choose a smaller table.")
    else:
        kind = type(error).__name__
        say(f"Error: something unforeseen happened ({kind}: {error}). ")
        say(f"Please report it; {DEBUG_VARIABLE}=1 in the environment shows where.")
    return 1
