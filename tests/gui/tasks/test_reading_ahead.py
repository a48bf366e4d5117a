"""The pages' code is read while nobody waits for it."""

from __future__ import annotations

import itertools
import sys
import threading

import pytest
from pytestqt.qtbot import QtBot

from explorer.gui import panels
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.reading_ahead import ReadingAhead
from explorer.progress import Progress, Report

_PAGES = ("spaces", "compare", "analogies", "layer", "evaluation", "hubs")
_NAMES = [f"explorer.gui.panels.{page}" for page in _PAGES]


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a window that has just been opened."""
    for page, name in zip(_PAGES, _NAMES, strict=True):
        monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.delattr(panels, page, raising=False)


def test_page_by_page_is_read_until_all_are(jobs: Jobs, unread: None) -> None:
    reading = ReadingAhead(jobs)
    counts = [0]
    while not reading.over:
        reading.read_one()
        counts.append(sum(name in sys.modules for name in _NAMES))
    assert counts[-1] == 6
    assert all(after - before <= 1 for before, after in itertools.pairwise(counts))


def test_nothing_is_read_while_something_is_under_way(
    jobs: Jobs, unread: None, qtbot: QtBot
) -> None:
    go_on = threading.Event()

    def work(report: Report) -> None:
        report(Progress(0, 1))
        go_on.wait(60)

    reading = ReadingAhead(jobs)
    jobs.export.start("Writing", work)
    reading.read_one()
    assert not any(name in sys.modules for name in _NAMES)

    go_on.set()
    qtbot.waitUntil(lambda: not jobs.export.busy)
    while not reading.over:
        reading.read_one()
    assert all(name in sys.modules for name in _NAMES)
