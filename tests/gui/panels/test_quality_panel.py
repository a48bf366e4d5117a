"""The Quality panel, its numbers and lists, and the line in the status bar."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.main_window import MainWindow
from explorer.gui.widgets.quality_line import QualityLine
from explorer.table import Table


@pytest.fixture
def seen(
    qtbot: QtBot, window: MainWindow, show: Callable[[Table], None], words: Table
) -> MainWindow:
    """The window with the panel in front and the map measured."""
    show(words)
    window.show_dock("Quality")
    qtbot.waitUntil(lambda: window.session.belief.quality(0) is not None)
    qtbot.waitUntil(lambda: not window.jobs.quality.busy)
    return window


def text(window: MainWindow, name: str) -> str:
    found: QLabel = window.findChild(QLabel, name)
    return found.text()


def rows_in(window: MainWindow, name: str) -> list[int]:
    found: QListWidget = window.findChild(QListWidget, name)
    return [found.item(place).data(Qt.ItemDataRole.UserRole) for place in range(found.count())]


def ask(qtbot: QtBot, window: MainWindow, row: int) -> None:
    window.session.select([row])
    qtbot.waitUntil(lambda: window.session.belief.answered == row)


def test_the_numbers_are_those_of_the_map(seen: MainWindow) -> None:
    quality = seen.session.belief.quality(0)
    assert quality is not None
    for line, k in enumerate(quality.ks):
        assert text(seen, f"quality_{line}_0") == str(k)
        assert text(seen, f"quality_{line}_1") == f"{quality.trustworthiness[line]:.3f}"
        assert text(seen, f"quality_{line}_2") == f"{quality.continuity[line]:.3f}"
        assert text(seen, f"quality_{line}_3") == f"{100 * quality.kept[line]:.1f} %"
    assert "79 rows" in text(seen, "quality_note")
    assert "lowered to 39" in text(seen, "quality_note")


def test_the_status_bar_tells_it_in_one_line_and_leads_to_the_panel(seen: MainWindow) -> None:
    quality = seen.session.belief.quality(0)
    assert quality is not None
    line: QualityLine = seen.findChild(QualityLine, "quality_line")
    assert line.text() == quality.verdict()
    seen.show_dock("Neighbours")
    line.click()
    assert seen.docks["Quality"].widget().isEnabled()


def test_a_key_measures_the_map_and_shows_the_numbers(
    qtbot: QtBot, window: MainWindow, show: Callable[[Table], None], words: Table
) -> None:
    window.measuring.set_automatic(False)
    show(words)
    assert window.session.belief.quality(0) is None
    window.menus.actions["measure"].trigger()
    qtbot.waitUntil(lambda: window.session.belief.quality(0) is not None)
    assert window.docks["Quality"].widget().isEnabled()


def test_a_dot_names_its_missing_and_false_neighbours(qtbot: QtBot, seen: MainWindow) -> None:
    ask(qtbot, seen, 7)
    found = pipeline.believe(seen.session.projection, 7)  # type: ignore[arg-type]
    assert rows_in(seen, "quality_missing") == found.missing.tolist()
    assert rows_in(seen, "quality_false") == found.false.tolist()
    kept = 10 - len(found.missing)
    assert (
        text(seen, "quality_dot_sentence") == f"{kept} of 10 true neighbours are near ‘word7’ here."
    )


def test_a_neighbour_in_a_list_is_gone_to(qtbot: QtBot, seen: MainWindow) -> None:
    ask(qtbot, seen, 7)
    missing: QListWidget = seen.findChild(QListWidget, "quality_missing")
    row = rows_in(seen, "quality_missing")[0]
    missing.itemClicked.emit(missing.item(0))
    assert seen.session.current_row == row


def test_tokens_are_shown_as_they_are(qtbot: QtBot, seen: MainWindow) -> None:
    for row in range(6, 40):
        ask(qtbot, seen, row)
        lists = [seen.findChild(QListWidget, f"quality_{name}") for name in ("missing", "false")]
        items = [one.item(place) for one in lists for place in range(one.count())]
        bold = [item for item in items if item.data(Qt.ItemDataRole.UserRole) == 3]
        if bold:
            assert bold[0].text() == "<b>bold</b>"
            assert "<b>" not in bold[0].toolTip()
            return
    pytest.fail("no dot has that token for a neighbour")


def test_lines_and_rings_are_on_the_map_while_the_panel_is_in_front(
    qtbot: QtBot, seen: MainWindow
) -> None:
    ask(qtbot, seen, 7)
    rows = lambda: seen.map.view.stage._rows.missing  # noqa: E731
    assert len(rows()) > 0
    box: QCheckBox = seen.findChild(QCheckBox, "quality_lines")
    box.setChecked(False)
    assert len(rows()) == 0
    box.setChecked(True)
    assert len(rows()) > 0
    seen.show_dock("Neighbours")
    qtbot.waitUntil(lambda: len(rows()) == 0)


def test_a_row_without_a_direction_is_said_to_have_none(qtbot: QtBot, seen: MainWindow) -> None:
    ask(qtbot, seen, 0)
    assert "has no direction" in text(seen, "quality_dot_sentence")


def test_where_no_map_is_yet_that_is_said_and_not_that_the_row_is_missing(
    qtbot: QtBot, seen: MainWindow
) -> None:
    ask(qtbot, seen, 3)
    seen.session.maps.open()
    qtbot.waitUntil(lambda: "no map yet" in text(seen, "quality_dot_sentence"))
    seen.session.maps.activate(0)
    qtbot.waitUntil(lambda: "true neighbours" in text(seen, "quality_dot_sentence"))


def test_the_button_measures_and_stops(qtbot: QtBot, seen: MainWindow) -> None:
    button: QPushButton = seen.findChild(QPushButton, "quality_run")
    assert button.text() == "Measure"
    button.click()
    assert button.text() == "Stop"
    button.click()
    assert button.text() == "Measure"
    assert not seen.jobs.quality.busy


def test_the_metric_of_the_table_can_be_chosen(qtbot: QtBot, seen: MainWindow) -> None:
    box: QComboBox = seen.findChild(QComboBox, "quality_metric")
    box.setCurrentIndex(box.findData("euclidean"))
    qtbot.waitUntil(lambda: "euclidean" in text(seen, "quality_note"))


def test_other_maps_are_offered_for_comparison(qtbot: QtBot, seen: MainWindow) -> None:
    box: QComboBox = seen.findChild(QComboBox, "quality_other")
    assert not box.isEnabled()
    first = seen.session.projection
    assert first is not None
    seen.session.maps.open()
    seen.session.set_projection(first.with_axes((1, 0)))
    assert [box.itemText(place) for place in range(box.count())] == ["map 1: PCA"]
    button: QPushButton = seen.findChild(QPushButton, "quality_compare_run")
    button.click()
    qtbot.waitUntil(lambda: seen.session.belief.compared is not None)
    assert "100 % are on both" in text(seen, "quality_compare_result")


def test_the_same_map_with_another_seed_is_offered_where_a_seed_matters(
    qtbot: QtBot, seen: MainWindow
) -> None:
    seen.commands.project("tsne", seed=2, perplexity=8.0, iterations=10)
    qtbot.waitUntil(lambda: not seen.jobs.projection.busy)
    box: QComboBox = seen.findChild(QComboBox, "quality_other")
    assert [box.itemText(place) for place in range(box.count())] == ["the same with seed 3"]


def test_the_line_in_the_status_bar_is_underlined_under_the_mouse(seen: MainWindow) -> None:
    line: QualityLine = seen.findChild(QualityLine, "quality_line")
    here = QPointF(line.rect().center())
    QApplication.sendEvent(line, QEnterEvent(here, here, here))
    assert line.font().underline()
    QApplication.sendEvent(line, QEvent(QEvent.Type.Leave))
    assert not line.font().underline()
