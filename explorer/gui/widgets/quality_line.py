"""The status bar's word on how far the active map may be believed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.widgets.fold import FoldButton

_TIP = "How far this map may be believed; click for more"
_UNMEASURED = "neighbours kept: not measured"


class QualityLine(FoldButton):
    """One line; a click asks for the whole story."""

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quality_line")
        self.setToolTip(_TIP)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._session = session
        session.projection_changed.connect(self._show)
        session.belief.quality_changed.connect(self._show)
        jobs.projection.busy_changed.connect(self._show)
        self._jobs = jobs
        self._show()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._underline(self.isEnabled())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._underline(False)

    def _underline(self, wish: bool) -> None:
        """As a link, which it is."""
        font = self.font()
        font.setUnderline(wish)
        self.setFont(font)

    def _show(self) -> None:
        session = self._session
        known = session.belief.measured(session.maps.active)
        text = _UNMEASURED
        if known is not None:
            text = known.quality.verdict() if known.quality else known.refusal
        there = session.projection is not None and not self._jobs.projection.busy
        self.setText(text if there else "")
        self.setAccessibleName(text)
        self.setEnabled(there)
