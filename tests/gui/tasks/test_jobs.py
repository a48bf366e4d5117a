from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from explorer.gui.tasks import jobs
from explorer.gui.tasks.jobs import Lane
from explorer.progress import Progress, Report

NICENESS = jobs._NICENESS


class Heard:
    """What a lane said, in order."""

    def __init__(self, lane: Lane) -> None:
        self.ends: list[tuple[str, Any]] = []
        self.progress: list[Progress] = []
        self.threads: set[threading.Thread] = set()
        lane.progressed.connect(self._progressed)
        lane.succeeded.connect(lambda value: self._ended("succeeded", value))
        lane.failed.connect(lambda value: self._ended("failed", value))
        lane.cancelled.connect(lambda value: self._ended("cancelled", value))

    def _progressed(self, progress: Progress) -> None:
        self.threads.add(threading.current_thread())
        self.progress.append(progress)

    def _ended(self, kind: str, value: Any) -> None:
        self.threads.add(threading.current_thread())
        self.ends.append((kind, value))


@pytest.fixture
def lane(qapp: object) -> Iterator[Lane]:
    made = Lane("test")
    yield made
    made.close()


def test_a_result_arrives_on_the_window_s_thread(lane: Lane, qtbot: QtBot) -> None:
    heard = Heard(lane)
    lane.start("work", lambda report: threading.current_thread().name)
    qtbot.waitUntil(lambda: bool(heard.ends))

    assert heard.ends == [("succeeded", "lane-test_0")]
    assert heard.threads == {threading.main_thread()}
    assert not lane.busy


def test_an_exception_becomes_failed(lane: Lane, qtbot: QtBot) -> None:
    heard = Heard(lane)
    error = ValueError("no")

    def work(report: Report) -> None:
        raise error

    lane.start("work", work)
    qtbot.waitUntil(lambda: bool(heard.ends))

    assert heard.ends == [("failed", error)]


def test_cancel_answers_at_once_with_the_last_partial_result(lane: Lane, qtbot: QtBot) -> None:
    heard = Heard(lane)
    go_on = threading.Event()

    def work(report: Report) -> str:
        report(Progress(1, 2, "half", partial="half of it"))
        go_on.wait(60)
        report(Progress(2, 2))
        return "never seen"

    lane.start("work", work)
    qtbot.waitUntil(lambda: bool(heard.progress))
    lane.cancel()

    assert heard.ends == [("cancelled", "half of it")]
    assert not lane.busy
    go_on.set()
    lane.close()
    qtbot.wait(20)
    assert heard.ends == [("cancelled", "half of it")]


def test_the_newest_job_wins_and_the_older_one_is_never_heard(lane: Lane, qtbot: QtBot) -> None:
    heard = Heard(lane)
    go_on = threading.Event()

    def old(report: Report) -> str:
        go_on.wait(60)
        return "old"

    lane.start("old", old)
    lane.start("new", lambda report: "new")
    go_on.set()
    qtbot.waitUntil(lambda: len(heard.ends) == 2)
    qtbot.wait(20)

    assert heard.ends == [("cancelled", None), ("succeeded", "new")]


def test_many_reports_are_thinned_but_no_partial_result_is_lost(
    lane: Lane, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, now = Heard(lane), [100.0]
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def work(report: Report) -> None:
        for step in range(2000):
            now[0] += 0.001
            report(Progress(step, 2000, partial=step if step % 500 == 0 else None))

    lane.start("work", work)
    qtbot.waitUntil(lambda: bool(heard.ends))

    assert 40 <= len(heard.progress) <= 44  # 20 in each of two seconds, and the partial ones
    partials = [p.partial for p in heard.progress if p.partial is not None]
    assert partials == [0, 500, 1000, 1500]


def test_busy_is_told_at_start_and_end(lane: Lane, qtbot: QtBot) -> None:
    states: list[bool] = []
    lane.busy_changed.connect(states.append)
    lane.start("work", lambda report: None)
    qtbot.waitUntil(lambda: len(states) == 2)

    assert states == [True, False]


def test_closing_waits_for_the_thread(qapp: object) -> None:
    lane = Lane("closing")
    finished = threading.Event()
    started = threading.Event()

    def work(report: Report) -> None:
        started.set()
        try:
            while True:
                report(Progress(0, 0))
        finally:
            finished.set()

    lane.start("work", work)
    assert started.wait(60)
    lane.close()

    assert finished.is_set()


def test_a_closed_lane_runs_nothing_more(lane: Lane) -> None:
    run: list[bool] = []
    lane.close()
    lane.start("work", lambda report: run.append(True))

    assert not lane.busy
    assert run == []


@pytest.mark.skipif(sys.platform != "linux", reason="niceness of one thread is a thing of Linux")
def test_the_window_s_thread_has_a_core_before_a_lane_and_its_threads(
    lane: Lane, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_NICENESS", NICENESS)

    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def work(report: Report) -> tuple[int, int]:
        with ThreadPoolExecutor(1) as pool:
            return niceness(), pool.submit(niceness).result()

    with qtbot.waitSignal(lane.succeeded) as caught:
        lane.start("Working", work)
    own, begun = caught.args[0]
    assert own == begun
    assert own > niceness() or niceness() == 19  # nobody can stand further back than that


@pytest.mark.skipif(sys.platform != "linux", reason="niceness of one thread is a thing of Linux")
@pytest.mark.parametrize(("window", "lane"), [(-5, 5), (0, 10), (12, 19), (19, 19)])
def test_a_lane_stands_back_behind_a_window_that_stands_back_itself(
    window: int, lane: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(jobs, "_NICENESS", NICENESS)
    monkeypatch.setattr(os, "getpriority", lambda which, who: window)
    monkeypatch.setattr(os, "setpriority", lambda which, who, niceness: heard.append(niceness))
    jobs._stand_back()
    assert heard == [lane]
