"""The page among the others: when it looks, how one gets about in it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.main_window import MainWindow
from explorer.gui.panels.layer.page import LayerPage
from explorer.gui.panels.layer.picture import Picture
from explorer.gui.panels.layer.step_box import StepBox
from explorer.table import Table
from explorer.vectors import Vectors


def test_a_chip_selects_its_row(bench) -> None:
    bench.look("[7, 2]")
    chips = bench.picture("layer_chips")
    spot = chips.spots()[1]
    bench.qtbot.mouseClick(
        chips, Qt.MouseButton.LeftButton, pos=QPoint(*spot.area.center().toPoint().toTuple())
    )
    assert bench.session.selection.tolist() == [2]


def test_keys_walk_through_a_picture_and_select(bench) -> None:
    bench.look("[7, 2, 9]")
    matrix = bench.picture("layer_matrix")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        bench.qtbot.keyClick(matrix, key)
    assert bench.session.selection.tolist() == [7]
    assert matrix.accessibleDescription().startswith("Row 7, word7")


def test_the_row_under_the_mouse_is_hovered_everywhere(bench) -> None:
    bench.look("[7, 2]")
    bench.picture("layer_matrix").row_pointed.emit(7)
    assert bench.session.hovered == 7


def test_nothing_is_looked_up_while_the_page_is_hidden(bench) -> None:
    bench.page.hide()
    before = bench.page.looking.found
    assert before is not None
    bench.page.input.line.setText("[3]")
    bench.qtbot.wait(250)
    assert bench.page.looking.found is None
    bench.page.show()
    bench.settle()
    found = bench.page.looking.found
    assert found is not None
    assert found.run.ids.tolist() == [3]


def test_another_table_is_looked_into_anew(bench) -> None:
    table = Table(("x", "y", "z"), Vectors(np.eye(3, dtype=np.float32)), {})
    bench.session.set_table(table)
    bench.settle()
    found = bench.page.looking.found
    assert found is not None
    assert found.table is table
    assert found.run.ids.max() <= 2


def test_every_widget_can_be_named_and_explained(bench) -> None:
    kinds = (QToolButton, Picture, QPlainTextEdit)
    unnamed = [
        widget
        for kind in kinds
        for widget in bench.page.findChildren(kind)
        if not (widget.objectName() and widget.accessibleName() and widget.toolTip())
        and widget.isVisible()
        and not widget.objectName().startswith("_q")
        and widget.objectName()
    ]
    assert not unnamed


def test_the_window_brings_the_page_with_the_keyboard_in_its_field(
    window: MainWindow, qtbot: QtBot, words: Table
) -> None:
    window.session.set_table(words)
    page = window.show_page("Layer")
    assert isinstance(page, LayerPage)
    assert page.isVisible()
    assert page.input.line.hasFocus()
    found = page.looking
    qtbot.waitUntil(lambda: found.found is not None and not window.jobs.layer.busy)


def test_the_wheel_scrolls_the_page_and_turns_no_box_by_the_way(bench) -> None:
    box = bench.page.findChild(QWidget, "layer_shard_count")
    place = QPointF(10, 10)
    turned = QWheelEvent(
        place,
        QPointF(box.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turned)
    assert box.value() == 3  # type: ignore[attr-defined]


def test_an_empty_table_says_so(bench) -> None:
    bench.session.set_table(Table((), Vectors(np.empty((0, 3), np.float32)), {}))
    bench.settle()
    assert not bench.picture("layer_chips").isVisible()
    assert bench.text("layer_hint") == "This table has no rows to look up."


def test_tab_walks_from_top_to_bottom(bench) -> None:
    stops = [stop for step in bench.page.findChildren(StepBox) for stop in step.stops()]
    stops = [stop for stop in stops if stop.isVisible()]
    walked = [bench.page.input.line.nextInFocusChain()]
    while walked[-1] is not bench.page.input.line:
        walked.append(walked[-1].nextInFocusChain())
    assert [stop for stop in walked if stop in stops] == stops
    tops = [stop.mapTo(bench.page, QPoint(0, 0)).y() for stop in stops]
    up = [stops[place] for place, (one, after) in enumerate(pairwise(tops)) if after < one - 8]
    # Up it goes only from a picture to the button in the header of its step.
    assert not [stop.objectName() for stop in up if not isinstance(stop, Picture)]
