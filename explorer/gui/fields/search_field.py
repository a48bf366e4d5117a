"""A line to search with: what is typed, how it is meant, whether capitals count."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from explorer.gui.fields.clear_button import add_clear_button
from explorer.gui.fields.marked_line import MarkedLine
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.searching import MODES, PatternError, Search

# mode -> on the button, in the menu, keys, in the empty line
_MODES = {
    "substring": ("contains", "Contains", "Alt+U", "Search tokens"),
    "prefix": ("begins", "Begins with (prefix)", "Alt+P", "How tokens begin"),
    "exact": ("equals", "Equals (exact)", "Alt+X", "A whole token"),
    "regex": ("regex", "Regular expression", "Alt+R", "Such as ^un.*ed$"),
    "fuzzy": ("fuzzy", "Spelt nearly so (fuzzy)", "Alt+Y", "Nearly so spelt"),
}
_CASE_KEYS = "Alt+C"


class SearchField(QWidget):
    """changed: another search is wished for."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokens_search_field")
        self._mode = MODES[0]
        self.line = self._make_line(theme)
        self._actions = self._make_actions()
        self._button = self._mode_button()
        self._case = self._case_button()
        self.setFocusProxy(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line, 1)
        layout.addWidget(self._button)
        layout.addWidget(self._case)
        self._show_mode()

    @property
    def search(self) -> Search:
        return Search(self.line.text(), self._mode, self._case.isChecked())

    def set_mode(self, mode: str) -> None:
        """One of searching.MODES."""
        if mode != self._mode:
            self._mode = mode
            self._show_mode()
            self.changed.emit()

    def set_case(self, counts: bool) -> None:
        """Whether capitals count."""
        self._case.setChecked(counts)

    def show_error(self, error: Exception | None) -> None:
        """Underlines the character that is wrong; None for none."""
        self.line.mark(error.position if isinstance(error, PatternError) else -1)
        self.line.setAccessibleDescription("" if error is None else str(error))

    def _make_line(self, theme: Theme) -> MarkedLine:
        tip = (
            "Search tokens (Ctrl+F); Enter selects the first, Ctrl+Enter all found, ↓ goes to "
            "the list"
        )
        line = named(MarkedLine(theme, self), "tokens_search", "Search tokens", tip)
        add_clear_button(line, theme)
        line.textChanged.connect(lambda _: self.changed.emit())
        return line

    def _make_actions(self) -> dict[str, QAction]:
        """One a mode; their keys hold wherever the keyboard is in the panel."""
        group, actions = QActionGroup(self), {}
        for mode, (_, text, keys, _) in _MODES.items():
            action = QAction(text, self)
            action.setObjectName(f"tokens_mode_{mode}")
            action.setShortcut(QKeySequence(keys))
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, mode=mode: self.set_mode(mode))
            group.addAction(action)
            actions[mode] = action
        return actions

    def actions_of_keys(self) -> list[QAction]:
        """The actions whose keys hold in the panel."""
        return [*self._actions.values(), self._case_action]

    def _mode_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("tokens_mode")
        button.setProperty("role", "search")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setObjectName("tokens_modes")
        menu.addActions(list(self._actions.values()))
        button.setMenu(menu)
        return button

    def _case_button(self) -> QToolButton:
        button = named(
            QToolButton(self), "tokens_case", "Match case", f"Whether capitals count ({_CASE_KEYS})"
        )
        button.setProperty("role", "search")
        button.setText("Aa")
        button.setCheckable(True)
        button.toggled.connect(lambda _: self.changed.emit())
        self._case_action = QAction("Match case", self)
        self._case_action.setShortcut(QKeySequence(_CASE_KEYS))
        self._case_action.triggered.connect(lambda _=False: button.toggle())
        return button

    def _show_mode(self) -> None:
        short, text, _, empty = _MODES[self._mode]
        self.line.setPlaceholderText(empty)
        self._actions[self._mode].setChecked(True)
        self._button.setText(short)
        self._button.setAccessibleName(f"Search mode: {text}")
        keys = ", ".join(f"{name} {keys}" for name, _, keys, _ in _MODES.values())
        self._button.setToolTip(f"How tokens are searched ({keys})")
