"""The pages' code is read while nobody waits for it."""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Iterator

import pytest

from explorer.gui import panels
from explorer.gui.tasks.jobs import Jobs, Work
from explorer.gui.tasks.reading_ahead import ReadingAhead

_PAGES = ("spaces", "compare", "analogies", "layer", "evaluation", "hubs")
_NAMES = [f"explorer.gui.panels.{page}" for page in _PAGES]


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a window that has just been opened."""
    for page, name in zip(_PAGES, _NAMES, strict=True):
        monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.delattr(panels, page, raising=False)


def test_page_by_page_is_read_until_all_are(jobs: Jobs, unread: None) -> None:
    reading = ReadingAhead(jobs, clock=itertools.count().__next__)  # each takes a second
    counts = [0]
    while not reading.over:
        reading.read_some()
        counts.append(sum(name in sys.modules for name in _NAMES))
    assert counts[-1] == 6
    assert all(after - before <= 1 for before, after in itertools.pairwise(counts))


def test_what_is_read_at_once_is_read_in_one_turn(jobs: Jobs, unread: None) -> None:
    reading = ReadingAhead(jobs, clock=lambda: 0.0)
    reading.read_some()
    assert reading.over
    assert all(name in sys.modules for name in _NAMES)


@pytest.fixture
def held() -> Iterator[Work]:
    """Work that is not over before the test is."""
    go_on = threading.Event()
    yield lambda report: go_on.wait(60)
    go_on.set()


def test_nothing_is_read_while_a_table_is_opened(jobs: Jobs, unread: None, held: Work) -> None:
    reading = ReadingAhead(jobs)
    jobs.files.start("Opening", held)
    reading.read_some()
    assert not any(name in sys.modules for name in _NAMES)

    jobs.files.cancel()
    while not reading.over:
        reading.read_some()
    assert all(name in sys.modules for name in _NAMES)


def test_a_map_that_is_being_made_is_not_waited_for(jobs: Jobs, unread: None, held: Work) -> None:
    reading = ReadingAhead(jobs)
    jobs.projection.start("Projecting", held)
    while not reading.over:
        reading.read_some()
    assert all(name in sys.modules for name in _NAMES)
