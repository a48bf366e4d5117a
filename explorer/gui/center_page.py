"""What the pages in the middle of the window share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from explorer.errors import ExplorerError


class CenterPage(QWidget):
    """failed: an error to be shown. told: a sentence on what was done. name: of the object."""

    failed = Signal(object)
    told = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def write(self, path: Path, write: Callable[[], object]) -> None:
        """Writes a file, and tells so, or why not."""
        try:
            write()
        except ExplorerError as error:
            self.failed.emit(error)
        else:
            self.told.emit(f"Wrote {path}.")
