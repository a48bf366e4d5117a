"""The middle of the window: the maps, and pages beside them that need as much room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from explorer.gui.widgets.pages import Pages
from explorer.gui.widgets.plain import plain_tooltip

MAP = "Map"


class Center(QWidget):
    """A row of tabs over one page at a time; a page is made when it is first looked at.

    shown: the title of the page in sight now.
    """

    shown = Signal(str)

    def __init__(self, messages: QWidget, maps: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("center")
        # QMainWindow leaves tab bars of docks that it no longer needs behind its middle.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._makers: dict[str, Callable[[QWidget], QWidget]] = {}
        self._pages: dict[str, QWidget] = {}
        self._tabs = self._tab_bar()
        self._stack = Pages(self)
        self._stack.setObjectName("center_pages")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(6)
        for widget in (messages, self._tabs):
            layout.addWidget(widget)
        layout.addWidget(self._stack, 1)
        self.add_page(MAP, lambda _: maps, "The table as a picture")
        self._show(0)

    def _tab_bar(self) -> QTabBar:
        tabs = QTabBar(self)
        tabs.setObjectName("center_tabs")
        tabs.setAccessibleName("Pages")
        tabs.setToolTip("The map, and other ways to look at the table")
        tabs.setExpanding(False)
        tabs.setDrawBase(False)
        tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tabs.currentChanged.connect(self._show)
        return tabs

    def add_page(self, title: str, make: Callable[[QWidget], QWidget], tip: str) -> None:
        """A page that `make` makes when it is first looked at, as a child of what it is given: one
        that is moved there once it is made has the style sheet worked out twice."""
        self._makers[title] = make
        place = self._tabs.addTab(title)
        self._tabs.setTabToolTip(place, plain_tooltip(tip))
        self._tabs.setVisible(self._tabs.count() > 1)

    @property
    def current(self) -> str:
        """The title of the page in sight."""
        return self._tabs.tabText(self._tabs.currentIndex())

    def page(self, title: str) -> QWidget:
        """The page with this title, made now if it was not yet."""
        if title not in self._pages:
            self._pages[title] = page = self._makers[title](self._stack)
            self._stack.addWidget(page)
        return self._pages[title]

    def go_to(self, title: str) -> QWidget:
        """Brings a page in sight; the page."""
        page = self.page(title)
        titles = [self._tabs.tabText(place) for place in range(self._tabs.count())]
        self._tabs.setCurrentIndex(titles.index(title))
        return page

    def _show(self, place: int) -> None:
        title = self._tabs.tabText(place)
        if title in self._makers:
            self._stack.setCurrentWidget(self.page(title))
            self.shown.emit(title)
