"""The few questions the window asks, and the two cards it shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

import explorer
from explorer.formats import formats
from explorer.gui.dialogs.file_dialogs import ask_where

if TYPE_CHECKING:
    from explorer.gui.main_window import MainWindow


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


def ask_labels(parent: QWidget) -> Path | None:
    """A file of labels, or None."""
    name, _ = QFileDialog.getOpenFileName(
        parent, "Attach labels", "", "Labels, one line a row (*.tsv *.csv *.txt);;All files (*)"
    )
    return Path(name) if name else None


def ask_folder(parent: QWidget) -> Path | None:
    """A folder to open, or None."""
    name = QFileDialog.getExistingDirectory(parent, "Open a folder")
    return Path(name) if name else None


def ask_save_table(parent: QWidget) -> Path | None:
    """Where to save a table, or None. Our own layout stands first: it alone holds everything."""
    writers = [entry for entry in formats().values() if entry.write and entry.suffixes]
    writers.sort(key=lambda entry: entry.name != "safetensors")
    kinds = [f"{entry.title} (*{entry.suffixes[0]})" for entry in writers]
    answer = ask_where(parent, "Save the table", "table", kinds)
    return answer[0] if answer else None


def ask_picture(parent: QWidget) -> Path | None:
    """Where to save a picture, or None."""
    answer = ask_where(parent, "Save the picture", "map", ["PNG (*.png)"])
    return answer[0] if answer else None


def ask_export(parent: QWidget, suffix: str) -> Path | None:
    """Where to write the coordinates, a file with this ending; or None."""
    kind = {".csv": "CSV (*.csv)", ".parquet": "Parquet (*.parquet)"}[suffix]
    answer = ask_where(parent, "Export coordinates", "map", [kind])
    return answer[0] if answer else None


def ask_figure(parent: QWidget) -> Path | None:
    """Where to save a figure, or None; the ending says which kind."""
    kinds = ["PDF (*.pdf)", "SVG (*.svg)", "PNG (*.png)"]
    answer = ask_where(parent, "Save the figure", "figure", kinds)
    return answer[0] if answer else None


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


def show_preferences(window: MainWindow) -> None:
    """The preferences, beside the window; there is only one such dialog."""
    from explorer.gui.dialogs.preferences import Preferences

    dialog = window.findChild(Preferences)
    if dialog is None:
        dialog = Preferences(window.settings, window)
        dialog.changed.connect(
            lambda name, value: window.change_settings(replace(window.settings, **{name: value}))
        )
        window.settings_changed.connect(dialog.show_settings)
    dialog.show()
    dialog.activateWindow()


def show_keys(parent: QWidget) -> None:
    """What keys and mouse do."""
    from explorer.gui.dialogs.keys_card import KeysCard

    KeysCard(parent).show()


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
