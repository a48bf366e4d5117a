"""The command line, called in this process or, where the system matters, in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer import pipeline
from explorer.__main__ import main
from explorer.table import Table

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@dataclass(frozen=True)
class Ran:
    """What a run left behind: exit status, standard output and standard error."""

    status: int
    out: str
    err: str


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs `embedding-explorer ARGUMENTS` in this process."""

    def run(*arguments: object) -> Ran:
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


@pytest.fixture
def command() -> Callable[..., list[str]]:
    """The words that start `embedding-explorer ARGUMENTS` as a process of its own."""

    def words(*arguments: object) -> list[str]:
        return [sys.executable, "-m", "explorer", *map(str, arguments)]

    return words


@pytest.fixture
def without_display() -> dict[str, str]:
    """The environment of a machine that has no screen."""
    return {name: value for name, value in os.environ.items() if name not in _DISPLAYS}


@pytest.fixture
def spawn(command: Callable[..., list[str]]) -> Callable[..., Ran]:
    """Runs `embedding-explorer ARGUMENTS` in a process of its own."""

    def run(*arguments: object, **options: Any) -> Ran:
        finished = subprocess.run(
            command(*arguments), capture_output=True, check=False, timeout=280, **options
        )
        out, err = finished.stdout.decode("utf-8"), finished.stderr.decode("utf-8")
        return Ran(finished.returncode, out, err)

    return run


_ONE_EPOCH = """
import sys
from explorer.cli import tour
train = tour.train_until_stopped
tour.train_until_stopped = lambda *given, params, **how: train(*given, params={"epochs": 1}, **how)
from explorer.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def spawn_with_one_epoch() -> Callable[..., Ran]:
    """Runs `embedding-explorer ARGUMENTS` in a process in which a tour trains for one epoch: all of
    them take a minute of a core, and many where others have it."""

    def run(*arguments: object, **options: Any) -> Ran:
        words = [sys.executable, "-c", _ONE_EPOCH, *map(str, arguments)]
        done = subprocess.run(words, capture_output=True, check=False, timeout=280, **options)
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from explorer.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def spawn_on_a_full_disk() -> Callable[..., Ran]:
    """Runs `embedding-explorer ARGUMENTS` where no file can grow beyond `limit` bytes."""

    def run(*arguments: object, limit: int) -> Ran:
        words = [sys.executable, "-B", "-c", _LIMITED, str(limit), *map(str, arguments)]
        finished = subprocess.run(words, capture_output=True, text=True, check=False, timeout=280)
        return Ran(finished.returncode, finished.stdout, finished.stderr)

    return run


@pytest.fixture(scope="session")
def saved(table: Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small nasty table as a file."""
    path = tmp_path_factory.mktemp("table") / "words.safetensors"
    pipeline.save_table(table, path)
    return path


@pytest.fixture(scope="session")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 short reviews that one word decides."""
    random = np.random.default_rng(1)
    words = ["the", "film", "story", "scene", "music", "night", "town", "actor"]
    lines = ["review,sentiment"]
    for row in range(600):
        label, telling = ("positive", "superb") if row % 2 else ("negative", "dull")
        lines.append(f"{' '.join(random.choice(words, 8))} {telling},{label}")
    path = tmp_path_factory.mktemp("corpus") / "reviews.csv"
    path.write_text("\n".join(lines))
    return path
