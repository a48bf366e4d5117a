"""The page of hubs: who is near to how many, and which rows are nearly the same."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from explorer.gui.center_page import CenterPage
from explorer.gui.panels.hubs.counting import CountsView
from explorer.gui.panels.hubs.duplicates import DuplicatesView
from explorer.gui.state.session import Session
from explorer.gui.tasks.graphing import Graphing
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import plain_tooltip

_TABS = (
    ("How often a neighbour", "How often each row is among the nearest of another"),
    ("Near duplicates", "Rows that are spelt nearly alike and lie near"),
)


class HubsPage(CenterPage):
    """Two views: how often each row is a neighbour, and groups of rows that are nearly the same."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        graphing: Graphing,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("hubs_page", parent)
        self._tabs = self._tab_bar()
        self.counts = CountsView(session, jobs, graphing, theme, self)
        self.counts.told.connect(self.told)
        self.duplicates = DuplicatesView(session, jobs, theme, self)
        self._stack = QStackedWidget(self)
        for view in (self.counts, self.duplicates):
            self._stack.addWidget(view)
        self._tabs.currentChanged.connect(self._turn)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self._tabs)
        layout.addWidget(self._stack, 1)
        self._turn(0)

    def _turn(self, place: int) -> None:
        """Brings a view in sight: the keyboard goes to what one sets first in it."""
        view = (self.counts, self.duplicates)[place]
        self._stack.setCurrentWidget(view)
        # Not to the view: Tab would go from its last widget to its first one, for ever.
        self.setFocusProxy(view.first)

    def _tab_bar(self) -> QTabBar:
        tabs = QTabBar(self)
        tabs.setObjectName("hubs_tabs")
        tabs.setAccessibleName("Hubs or near duplicates")
        tabs.setToolTip("What this page tells")
        tabs.setExpanding(False)
        tabs.setDrawBase(False)
        tabs.setProperty("role", "inner")
        for place, (title, tip) in enumerate(_TABS):
            tabs.addTab(title)
            tabs.setTabToolTip(place, plain_tooltip(tip))
        return tabs
