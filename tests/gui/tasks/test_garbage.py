import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from explorer.gui.tasks.garbage import Searches, search_here, unsearched


class Knot:
    """Held by itself alone once it is let go."""

    def __init__(self, ended_in: list[threading.Thread]) -> None:
        self.me, self._ended_in = self, ended_in

    def __del__(self) -> None:
        self._ended_in.append(threading.current_thread())


@pytest.fixture
def looked_through() -> Iterator[list[int]]:
    """The generations searched."""
    found: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            found.append(info["generation"])

    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)


def test_what_a_lane_lets_go_of_ends_in_the_window_s_thread(qtbot: QtBot) -> None:
    ended_in: list[threading.Thread] = []

    def work() -> None:
        Knot(ended_in)
        kept.extend([one] for one in range(5000))

    kept: list[list[int]] = []
    lane = threading.Thread(target=work)
    lane.start()
    lane.join()
    assert ended_in == []
    qtbot.waitUntil(lambda: bool(ended_in))
    assert ended_in == [threading.main_thread()]


def test_nothing_is_searched_while_little_has_come(
    searches: Searches, looked_through: list[int]
) -> None:
    gc.collect()
    looked_through.clear()
    searches.look()
    assert looked_through == []


def test_everything_is_searched_only_when_that_has_not_taken_long_lately(
    searches: Searches, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches.stop()
    now, asked_for = [0.0], list[int]()  # Python's own searches, meanwhile, are not heard of

    def slow(generation: int) -> None:
        asked_for.append(generation)
        now[0] += 0.05

    monkeypatch.setattr(gc, "get_count", lambda: (9999, 99, 99))
    monkeypatch.setattr(gc, "collect", slow)
    own = Searches(clock=lambda: now[0])
    own.look()
    own.look()
    now[0] = 5.5
    own.look()
    own.stop()
    assert asked_for == [2, 1, 2]


def test_nothing_is_searched_during_an_import_that_may_hold_another(
    searches: Searches, looked_through: list[int]
) -> None:
    with unsearched():
        with unsearched():
            pass
        kept = [[one] for one in range(5000)]
        searches.look()
    assert looked_through == []
    assert not gc.isenabled()
    gc.unfreeze()
    kept += [[one] for one in range(5000)]
    searches.look()
    assert looked_through != []


def test_one_timer_is_enough(searches: Searches) -> None:
    parent = searches.parent()
    assert parent is not None
    search_here(parent)
    assert parent.findChildren(Searches) == [searches]


def test_python_searches_again_in_the_end(searches: Searches) -> None:
    assert not gc.isenabled()
    searches.stop()
    assert gc.isenabled()
