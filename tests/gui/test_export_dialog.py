"""What an export is to hold, chosen in the window."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui import dialogs
from explorer.gui.belief import Measured
from explorer.gui.export_dialog import ExportDialog
from explorer.gui.main_window import MainWindow
from explorer.table import Column, Table


@pytest.fixture
def dialog(
    window: MainWindow, show: Callable[[Table], None], words: Table
) -> Callable[[], ExportDialog]:
    show(words)

    def opened() -> ExportDialog:
        window.menus.actions["export"].trigger()
        return window.findChild(ExportDialog)

    return opened


def listed(dialog: ExportDialog) -> dict[str, bool]:
    """The columns as they are called in the list, and whether they are ticked."""
    columns = dialog.findChild(QListWidget)
    items = [columns.item(place) for place in range(columns.count())]
    return {item.text(): item.checkState() == Qt.CheckState.Checked for item in items}


def tick(dialog: ExportDialog, start: str, wish: bool = True) -> None:
    columns = dialog.findChild(QListWidget)
    items = [columns.item(place) for place in range(columns.count())]
    item = next(item for item in items if item.text().startswith(start))
    item.setCheckState(Qt.CheckState.Checked if wish else Qt.CheckState.Unchecked)


def written(
    window: MainWindow,
    dialog: ExportDialog,
    path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> list[dict[str, str]]:
    """The lines of the file, once it is there."""
    monkeypatch.setattr(dialogs, "ask_export", lambda parent, suffix: path)
    with qtbot.waitSignal(window.commands.exported, timeout=5000):
        dialog.findChild(QPushButton, "export_write").click()
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_column_is_offered_and_selections_are_written_when_asked_for(
    window: MainWindow, dialog: Callable[[], ExportDialog]
) -> None:
    window.session.colours.add(Column.from_text("clusters", ["a"] * 80))
    window.session.kept.fill({"animals": np.arange(4)})
    window.session.select([5, 7])

    assert listed(dialog()) == {
        "count": True,
        "lean": True,
        "clusters  ·  computed here": True,
        "selected  ·  2 rows": False,
        "animals  ·  kept selection of 4 rows": False,
    }


def test_what_is_ticked_is_written(
    window: MainWindow,
    dialog: Callable[[], ExportDialog],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window.session.colours.add(Column.from_text("clusters", ["a", "b"] * 40))
    window.session.kept.fill({"animals": np.array([2, 3])})
    window.session.select([7, 5])
    opened = dialog()
    tick(opened, "lean", False)
    tick(opened, "selected")
    tick(opened, "animals")
    rows = written(window, opened, tmp_path / "map.csv", qtbot, monkeypatch)

    header = ["row", "token", "x", "y", "count", "clusters", "selected", "animals"]
    assert list(rows[0]) == header
    assert [int(row["row"]) for row in rows if row["selected"] == "1"] == [5, 7]
    assert [int(row["row"]) for row in rows if row["animals"] == "1"] == [2, 3]
    assert [row["clusters"] for row in rows[:2]] == ["a", "b"]


def test_a_computed_column_stands_for_the_tables_column_of_its_name(
    window: MainWindow,
    dialog: Callable[[], ExportDialog],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window.session.colours.add(Column("lean", np.arange(80)))
    rows = written(window, dialog(), tmp_path / "map.csv", qtbot, monkeypatch)
    assert list(rows[0]) == ["row", "token", "x", "y", "count", "lean"]
    assert rows[9]["lean"] == "9"


@pytest.mark.parametrize(("chosen", "expected"), [("selected", [5, 7]), ("shown", [1, 2, 5])])
def test_only_the_rows_asked_for_are_written(
    window: MainWindow,
    dialog: Callable[[], ExportDialog],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    chosen: str,
    expected: list[int],
) -> None:
    window.session.isolate([5, 1, 2])
    window.session.select([7, 5])
    opened = dialog()
    box = opened.findChild(QComboBox, "export_rows")
    box.setCurrentIndex(box.findData(chosen))
    rows = written(window, opened, tmp_path / "map.csv", qtbot, monkeypatch)
    assert [int(row["row"]) for row in rows] == expected


def test_rows_that_are_selected_no_more_are_not_offered_any_longer(
    window: MainWindow, dialog: Callable[[], ExportDialog]
) -> None:
    window.session.select([5, 7])
    opened = dialog()
    box = opened.findChild(QComboBox, "export_rows")
    box.setCurrentIndex(box.findData("selected"))
    window.session.select([5])
    assert box.currentText() == "Selected: 1 row"
    window.session.select([])
    assert (box.count(), box.currentText()) == (1, "All 80 rows")
    assert opened.how()["rows"] is None


def test_all_and_none_tick_every_column_and_it_is_remembered(
    window: MainWindow, dialog: Callable[[], ExportDialog]
) -> None:
    opened = dialog()
    opened.findChild(QPushButton, "export_none").click()
    opened.close()
    window.session.select([3])
    assert listed(dialog()) == {"count": False, "lean": False, "selected  ·  1 row": False}
    opened.findChild(QPushButton, "export_all").click()
    assert all(listed(opened).values())


@pytest.mark.parametrize(
    ("kind", "suffix", "safe"), [(0, ".csv", False), (1, ".csv", True), (2, ".parquet", False)]
)
def test_the_kind_of_file_decides_its_ending(
    dialog: Callable[[], ExportDialog], qtbot: QtBot, kind: int, suffix: str, safe: bool
) -> None:
    opened = dialog()
    opened.asked.disconnect()
    opened.findChild(QComboBox, "export_kind").setCurrentIndex(kind)
    with qtbot.waitSignal(opened.asked) as asked:
        opened.findChild(QPushButton, "export_write").click()
    assert asked.args[0] == suffix
    assert asked.args[1]["spreadsheet_safe"] is safe


@pytest.mark.parametrize("wish", [True, False])
def test_the_quality_is_in_the_manifest_where_it_was_measured_and_wished_for(
    window: MainWindow,
    dialog: Callable[[], ExportDialog],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    wish: bool,
) -> None:
    window.measuring.set_automatic(False)
    window.jobs.quality.cancel()
    shown = window.session.projection
    assert shown is not None
    window.session.belief.add(Measured(shown, pipeline.measure(shown, (5,))))
    opened = dialog()
    box = opened.findChild(QCheckBox, "export_quality")
    assert box.isEnabled()
    box.setChecked(wish)
    written(window, opened, tmp_path / "map.csv", qtbot, monkeypatch)
    manifest = json.loads((tmp_path / "map.csv.manifest.json").read_text())
    assert ("quality" in manifest) is wish


def test_giving_up_the_question_where_writes_nothing(
    window: MainWindow, dialog: Callable[[], ExportDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_export", lambda parent, suffix: None)
    opened = dialog()
    opened.findChild(QPushButton, "export_write").click()
    assert not window.jobs.export.busy
    assert opened.isVisible()


def test_an_empty_map_cannot_be_exported(
    window: MainWindow, dialog: Callable[[], ExportDialog]
) -> None:
    opened = dialog()
    window.session.maps.open()
    assert not opened.findChild(QPushButton, "export_write").isEnabled()
