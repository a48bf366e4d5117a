"""What the pages in the middle of the window share."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from explorer.gui.widgets.when_seen import WhenSeen


class CenterPage(WhenSeen):
    """failed: an error to be shown. told: a sentence on what was done. write_asked: a file is to be
    written in the background; its path, and the Work that writes it. name: of the object."""

    failed = Signal(object)
    told = Signal(str)
    write_asked = Signal(object, object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
