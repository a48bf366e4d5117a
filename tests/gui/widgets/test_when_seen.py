"""Work that is put off until a widget is in sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from explorer.gui.widgets.when_seen import WhenSeen


@pytest.fixture
def frame(qapp: object, bring_up: Callable[[QWidget], None]) -> QWidget:
    made = QWidget()
    bring_up(made)
    return made


@pytest.fixture
def widget(frame: QWidget) -> WhenSeen:
    """Hidden as yet."""
    return WhenSeen(frame)


def test_what_is_in_sight_works_at_once(widget: WhenSeen) -> None:
    done: list[str] = []
    widget.show()
    widget.when_seen(lambda: done.append("read"))
    assert done == ["read"]
    widget.hide()
    widget.show()
    assert done == ["read"]


def test_what_is_hidden_works_once_when_it_is_shown_in_the_order_asked_for(
    widget: WhenSeen,
) -> None:
    done: list[str] = []
    works = [lambda: done.append("read"), lambda: done.append("compare")]
    for work in (*works, works[0]):
        widget.when_seen(work)
    assert done == []
    widget.show()
    assert done == ["read", "compare"]
    widget.hide()
    widget.show()
    assert done == ["read", "compare"]


def test_a_panel_behind_the_tab_of_another_dock_waits(widget: WhenSeen, frame: QWidget) -> None:
    done: list[str] = []
    widget.show()
    frame.setEnabled(False)
    widget.when_seen(lambda: done.append("read"))
    assert done == []
    frame.setEnabled(True)
    assert done == ["read"]


def test_what_is_asked_for_while_it_catches_up_is_done_as_well(widget: WhenSeen) -> None:
    done: list[str] = []
    widget.when_seen(lambda: widget.when_seen(lambda: done.append("read")))
    widget.show()
    assert done == ["read"]
