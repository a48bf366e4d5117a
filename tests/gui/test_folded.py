from __future__ import annotations

from pytestqt.qtbot import QtBot

from explorer.gui.folded import Folded

TEXTS = [f"Word{row}" for row in range(10_000)]


def test_texts_are_folded_while_nothing_else_is_done(qtbot: QtBot) -> None:
    taken = iter(TEXTS)
    folded = Folded()
    folded.take(taken)
    qtbot.waitUntil(lambda: folded.ready)
    assert next(taken, None) is None
    assert folded.all == [text.casefold() for text in TEXTS]


def test_who_asks_early_gets_all_of_them(qapp: object) -> None:
    folded = Folded()
    folded.take(TEXTS)
    folded._go_on()
    assert folded.all == [text.casefold() for text in TEXTS]


def test_other_texts_take_the_place_of_those_half_done(qapp: object) -> None:
    folded = Folded(fold=str.upper)
    folded.take(TEXTS)
    folded._go_on()
    folded.take(["a", "b"])
    assert folded.all == ["A", "B"]
