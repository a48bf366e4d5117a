"""The few questions the window asks, and the two cards it shows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

import explorer
from explorer.formats import formats

_KEYS = """\
Map
    Wheel, + and –\tzoom
    Drag, arrow keys\tmove (turn, in 3-D)
    Click\tselect; with Ctrl or Shift, add or take out
    Double click, Home\tshow everything
    Esc\tselect nothing

Window
    Ctrl+O\topen a table
    Ctrl+F\tfind a token
    Ctrl+L\tlook a text up
    Ctrl+R\tmake the map; again to stop
    Ctrl+T\ttrain a table
    Ctrl+E\texport the coordinates
    Ctrl+S\tsave the table
"""


def ask_table(parent: QWidget) -> Path | None:
    """A file to open, or None."""
    endings = sorted({f"*{suffix}" for entry in formats().values() for suffix in entry.suffixes})
    filters = [f"Embedding tables ({' '.join(endings)})"]
    filters += [
        f"{entry.title} ({' '.join('*' + suffix for suffix in entry.suffixes)})"
        for entry in formats().values()
        if entry.suffixes
    ]
    name, _ = QFileDialog.getOpenFileName(
        parent, "Open a table", "", ";;".join([*filters, "All files (*)"])
    )
    return Path(name) if name else None


def ask_folder(parent: QWidget) -> Path | None:
    """A folder to open, or None."""
    name = QFileDialog.getExistingDirectory(parent, "Open a folder")
    return Path(name) if name else None


def ask_save_table(parent: QWidget) -> Path | None:
    """Where to save a table, or None."""
    return _ask_file(parent, "Save the table", "table.safetensors", "safetensors (*.safetensors)")


def ask_picture(parent: QWidget) -> Path | None:
    """Where to save a picture, or None."""
    return _ask_file(parent, "Save the picture", "map.png", "PNG (*.png)")


def ask_export(parent: QWidget) -> tuple[Path, bool] | None:
    """Where to write the coordinates, and whether made safe for spreadsheets; or None."""
    plain = "CSV, tokens exactly as they are (*.csv)"
    safe = "CSV, made safe for spreadsheets (*.csv)"
    name, chosen = QFileDialog.getSaveFileName(
        parent, "Export coordinates", "map.csv", f"{plain};;{safe}"
    )
    return (_with_suffix(name, ".csv"), chosen == safe) if name else None


def _ask_file(parent: QWidget, title: str, name: str, kind: str) -> Path | None:
    chosen, _ = QFileDialog.getSaveFileName(parent, title, name, kind)
    return _with_suffix(chosen, Path(name).suffix) if chosen else None


def _with_suffix(name: str, suffix: str) -> Path:
    return Path(name) if Path(name).suffix else Path(name + suffix)


def ask_leave_unsaved(parent: QWidget) -> str:
    """ "save", "discard" or "cancel"."""
    box = QMessageBox(parent)
    box.setObjectName("unsaved_question")
    box.setWindowTitle("Embedding Explorer")
    box.setText("The table trained here is in no file yet.")
    box.setInformativeText("Save it, or it is lost.")
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answer = box.exec()
    return {buttons.Save.value: "save", buttons.Discard.value: "discard"}.get(answer, "cancel")


def show_keys(parent: QWidget) -> None:
    """What keys and mouse do."""
    _card(parent, "Keys and mouse", _KEYS)


def show_about(parent: QWidget) -> None:
    """Version and licence."""
    text = (
        f"Embedding Explorer {explorer.__version__}\n\n"
        "Open or train an embedding table, look tokens up, see where they lie, and know how far "
        "to believe the picture.\n\nApache License 2.0. Nothing leaves this machine."
    )
    _card(parent, "About Embedding Explorer", text)


def _card(parent: QWidget, title: str, text: str) -> None:
    box = QMessageBox(parent)
    box.setObjectName("card")
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
