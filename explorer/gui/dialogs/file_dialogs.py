"""Which file, and where: what a panel may ask by itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_word_lists(parent: QWidget) -> list[Path]:
    """Files of word pairs or analogies; none where nothing was chosen."""
    names, _ = QFileDialog.getOpenFileNames(
        parent,
        "Add lists of words",
        "",
        "Lists of words (*.txt *.tsv *.csv *.questions);;All files (*)",
    )
    return [Path(name) for name in names]


def ask_folder_of_lists(parent: QWidget) -> list[Path]:
    """A folder of analogies, as BATS is one; none where none was chosen."""
    name = QFileDialog.getExistingDirectory(parent, "Add a folder of lists")
    return [Path(name)] if name else []


def ask_csv(parent: QWidget, title: str, name: str) -> Path | None:
    """Where to write a CSV file, or None."""
    answer = ask_where(parent, title, name, ["CSV (*.csv)"])
    return answer[0] if answer else None


def ask_where(parent: QWidget, title: str, name: str, kinds: list[str]) -> tuple[Path, str] | None:
    """A path to write and the kind chosen. The suffix is Qt's to add, so that it is the final name
    whose overwriting the user is asked about."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(kinds)
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_suffix(kind)))
    dialog.setDefaultSuffix(_suffix(kinds[0]))
    dialog.selectFile(name + _suffix(kinds[0]))
    if not dialog.exec() or not dialog.selectedFiles():
        return None
    return Path(dialog.selectedFiles()[0]), dialog.selectedNameFilter()


def _suffix(kind: str) -> str:
    """ ".csv" of "CSV (*.csv)"."""
    return kind[kind.rindex("(*") + 2 : -1].split(" ")[0]
