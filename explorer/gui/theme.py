"""Light and dark: one palette of named colours, one style sheet, and icons that follow."""

from __future__ import annotations

import json
import re
import weakref
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from explorer.paths import resource

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "panel",
    QPalette.ColorRole.Button: "panel",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.ToolTipBase: "panel",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "accent_text",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.Mid: "border",
}


class TakesIcon(Protocol):
    def setIcon(self, icon: QIcon) -> None: ...


class Theme(QObject):
    """The look of the window. `changed` is emitted after another one was applied.

    wish: "system", "light" or "dark"; "system" follows the desktop while the window is open.
    """

    changed = Signal()

    def __init__(self, app: QApplication, wish: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._wish = wish
        self._colours = json.loads(resource("theme.json").read_text(encoding="utf-8"))
        self._icons: weakref.WeakKeyDictionary[TakesIcon, str] = weakref.WeakKeyDictionary()
        self._dressed: weakref.WeakSet[QWidget] = weakref.WeakSet()
        self._drawing_icons = False
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._apply)
        self._apply()

    @property
    def wish(self) -> str:
        return self._wish

    @property
    def dark(self) -> bool:
        if self._wish == "system":
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._wish == "dark"

    def choose(self, wish: str) -> None:
        """ "system", "light" or "dark"."""
        self._wish = wish
        self._apply()

    def colour(self, name: str) -> QColor:
        """A named colour of resources/theme.json."""
        return QColor(self._names[name])

    def dress(self, widget: QWidget) -> None:
        """Gives a window, or a popup that is nobody's child, the style sheet: now and whenever it
        changes. What stands in it, dialogs and menus of it too, is dressed with it. (As the
        application's, the sheet takes four times as long to change.)"""
        self._dressed.add(widget)
        widget.setStyleSheet(self._style_sheet())

    def set_icon(self, widget: TakesIcon, name: str) -> None:
        """Gives a button or action an icon of qtawesome that follows the theme."""
        self._icons[widget] = name
        if self._drawing_icons:
            widget.setIcon(self._icon(name))

    def draw_icons(self) -> None:
        """Draws every icon, from now on at once; called when the window has been painted, because
        qtawesome takes a tenth of a second to load."""
        self._drawing_icons = True
        for widget, name in self._icons.items():
            widget.setIcon(self._icon(name))

    @property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = self._colours["dark" if self.dark else "light"]
        return names

    def _icon(self, name: str) -> QIcon:
        import qtawesome

        icon: QIcon = qtawesome.icon(
            name, color=self._names["text"], color_disabled=self._names["border"]
        )
        return icon

    def _apply(self) -> None:
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, self.colour(name))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("muted"))
        self._app.setPalette(palette)
        sheet = self._style_sheet()
        for widget in list(self._dressed):
            if isValid(widget):
                widget.setStyleSheet(sheet)
        if self._drawing_icons:
            self.draw_icons()
        self.changed.emit()

    def _style_sheet(self) -> str:
        kind = "dark" if self.dark else "light"
        names = self._names | {
            mark: resource(f"{mark}_{kind}.svg").as_posix() for mark in ("arrow", "up", "check")
        }
        template = resource("style.qss").read_text(encoding="utf-8")
        return re.sub(r"\{\{(\w+)\}\}", lambda match: names[match[1]], template)
