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
from explorer.gui.dialogs.export_dialog import ExportDialog
from explorer.gui.state.belief import Measured
from explorer.gui.state.session import Session
from explorer.table import Column


@pytest.fixture
def dialog(session: Session, qtbot: QtBot) -> Callable[[], ExportDialog]:
    def opened() -> ExportDialog:
        made = ExportDialog(session)
        qtbot.addWidget(made)
        made.show()
        return made

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


def written(session: Session, dialog: ExportDialog, path: Path) -> list[dict[str, str]]:
    """The lines of the file that the dialog asks for."""
    assert session.projection is not None
    pipeline.export(session.projection, path, **dialog.how())
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_column_is_offered_and_selections_are_written_when_asked_for(
    session: Session, dialog: Callable[[], ExportDialog]
) -> None:
    session.colours.add(Column.from_text("clusters", ["a"] * 80))
    session.kept.fill({"animals": np.arange(4)})
    session.select([5, 7])

    assert listed(dialog()) == {
        "count": True,
        "lean": True,
        "clusters  ·  computed here": True,
        "selected  ·  2 rows": False,
        "animals  ·  kept selection of 4 rows": False,
    }


def test_what_is_ticked_is_written(
    session: Session,
    dialog: Callable[[], ExportDialog],
    tmp_path: Path,
) -> None:
    session.colours.add(Column.from_text("clusters", ["a", "b"] * 40))
    session.kept.fill({"animals": np.array([2, 3])})
    session.select([7, 5])
    opened = dialog()
    tick(opened, "lean", False)
    tick(opened, "selected")
    tick(opened, "animals")
    rows = written(session, opened, tmp_path / "map.csv")

    header = ["row", "token", "x", "y", "count", "clusters", "selected", "animals"]
    assert list(rows[0]) == header
    assert [int(row["row"]) for row in rows if row["selected"] == "1"] == [5, 7]
    assert [int(row["row"]) for row in rows if row["animals"] == "1"] == [2, 3]
    assert [row["clusters"] for row in rows[:2]] == ["a", "b"]


def test_a_computed_column_stands_for_the_tables_column_of_its_name(
    session: Session,
    dialog: Callable[[], ExportDialog],
    tmp_path: Path,
) -> None:
    session.colours.add(Column("lean", np.arange(80)))
    rows = written(session, dialog(), tmp_path / "map.csv")
    assert list(rows[0]) == ["row", "token", "x", "y", "count", "lean"]
    assert rows[9]["lean"] == "9"


@pytest.mark.parametrize(("chosen", "expected"), [("selected", [5, 7]), ("shown", [1, 2, 5])])
def test_only_the_rows_asked_for_are_written(
    session: Session,
    dialog: Callable[[], ExportDialog],
    tmp_path: Path,
    chosen: str,
    expected: list[int],
) -> None:
    session.isolate([5, 1, 2])
    session.select([7, 5])
    opened = dialog()
    box = opened.findChild(QComboBox, "export_rows")
    box.setCurrentIndex(box.findData(chosen))
    rows = written(session, opened, tmp_path / "map.csv")
    assert [int(row["row"]) for row in rows] == expected


def test_rows_that_are_selected_no_more_are_not_offered_any_longer(
    session: Session, dialog: Callable[[], ExportDialog]
) -> None:
    session.select([5, 7])
    opened = dialog()
    box = opened.findChild(QComboBox, "export_rows")
    box.setCurrentIndex(box.findData("selected"))
    session.select([5])
    assert box.currentText() == "Selected: 1 row"
    session.select([])
    assert (box.count(), box.currentText()) == (1, "All 80 rows")
    assert opened.how()["rows"] is None


def test_all_and_none_tick_every_column_and_it_is_remembered(
    session: Session, dialog: Callable[[], ExportDialog]
) -> None:
    opened = dialog()
    opened.findChild(QPushButton, "export_none").click()
    opened.close()
    session.select([3])
    opened.show()
    assert listed(opened) == {"count": False, "lean": False, "selected  ·  1 row": False}
    opened.findChild(QPushButton, "export_all").click()
    assert all(listed(opened).values())


@pytest.mark.parametrize(
    ("kind", "suffix", "safe"), [(0, ".csv", False), (1, ".csv", True), (2, ".parquet", False)]
)
def test_the_kind_of_file_decides_its_ending(
    dialog: Callable[[], ExportDialog], qtbot: QtBot, kind: int, suffix: str, safe: bool
) -> None:
    opened = dialog()
    opened.findChild(QComboBox, "export_kind").setCurrentIndex(kind)
    with qtbot.waitSignal(opened.asked) as asked:
        opened.findChild(QPushButton, "export_do").click()
    assert asked.args[0] == suffix
    assert asked.args[1]["spreadsheet_safe"] is safe


@pytest.mark.parametrize("wish", [True, False])
def test_the_quality_is_in_the_manifest_where_it_was_measured_and_wished_for(
    session: Session,
    dialog: Callable[[], ExportDialog],
    tmp_path: Path,
    wish: bool,
) -> None:
    shown = session.projection
    assert shown is not None
    session.belief.add(Measured(shown, pipeline.measure(shown, (5,))))
    opened = dialog()
    box = opened.findChild(QCheckBox, "export_quality")
    assert box.isEnabled()
    box.setChecked(wish)
    written(session, opened, tmp_path / "map.csv")
    manifest = json.loads((tmp_path / "map.csv.manifest.json").read_text())
    assert ("quality" in manifest) is wish


def test_an_empty_map_cannot_be_exported(
    session: Session, dialog: Callable[[], ExportDialog]
) -> None:
    opened = dialog()
    session.maps.open()
    assert not opened.findChild(QPushButton, "export_do").isEnabled()
