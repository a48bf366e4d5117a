"""The docks of the window: what stands beside the map, and which of them stand behind one tab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

# The tabs at the left, and at the lower right.
_LEFT = ("Tokens", "Look up", "Project", "Train")
_BELOW = ("Neighbours", "Selection", "Clusters", "Quality")
_ABOVE = "Selected row"
_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Docks(Mapping[str, QDockWidget]):
    """By title; each is empty until it is filled."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self._docks = {title: self._add(title, left) for title in _LEFT}
        self._docks |= {title: self._add(title, right) for title in (_ABOVE, *_BELOW)}

    @override
    def __getitem__(self, title: str) -> QDockWidget:
        return self._docks[title]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._docks)

    @override
    def __len__(self) -> int:
        return len(self._docks)

    def fill(self, title: str, panel: QWidget) -> None:
        """Puts a panel in its dock."""
        layout = self[title].widget().layout()
        assert layout is not None
        layout.addWidget(panel)

    def arrange(self) -> None:
        """Lays them out as a window begins, once the first ones are filled."""
        for first, *others in (_LEFT, _BELOW):
            for title in others:
                self._window.tabifyDockWidget(self[first], self[title])
        for title in (*_LEFT, *_BELOW):
            self[title].setTitleBarWidget(QWidget(self._window))  # their tab says it
        for title in (_LEFT[0], _BELOW[0]):
            self[title].raise_()
        self._window.resizeDocks([self[_LEFT[0]], self[_ABOVE]], [300, 318], _ACROSS)
        self._window.resizeDocks([self[_ABOVE], self[_BELOW[0]]], [230, 470], _DOWN)

    def show(self, title: str) -> None:
        """Brings a dock to the front."""
        self[title].show()
        self[title].raise_()

    def _add(self, title: str, area: Qt.DockWidgetArea) -> QDockWidget:
        frame = QWidget()
        frame.setProperty("role", "panel")
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock_{title.lower().replace(' ', '_')}")
        dock.setAccessibleName(title)
        dock.setWidget(frame)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        # A panel behind another tab is not hidden for Qt, and Tab would walk through it.
        dock.visibilityChanged.connect(frame.setEnabled)
        self._window.addDockWidget(area, dock)
        return dock
