"""The end of the status bar: what runs in the background, how far it is, and a way to stop."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from explorer.gui.tasks.jobs import Jobs, Lane
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label
from explorer.progress import Progress


class ProgressStrip(QWidget):
    """Follows every lane and shows the one that spoke last."""

    def __init__(self, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress_strip")
        self._lane: Lane | None = None
        self._text = plain_label("progress_text")
        self._bar = QProgressBar()
        self._bar.setObjectName("progress_bar")
        self._bar.setAccessibleName("Progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        tip = "Stop what is running; what is there so far is kept"
        self._cancel = named(QToolButton(), "progress_cancel", "Stop", tip)
        theme.set_icon(self._cancel, "mdi6.stop-circle-outline")
        self._cancel.clicked.connect(self._stop)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 6, 0)
        for widget in (self._text, self._bar, self._cancel):
            layout.addWidget(widget)
        self._lanes = [lane for lane in jobs.lanes if not lane.quiet]
        for lane in self._lanes:
            lane.busy_changed.connect(lambda busy, lane=lane: self._follow(lane, busy))
            lane.progressed.connect(lambda progress, lane=lane: self._show(lane, progress))
        self.hide()

    def _follow(self, lane: Lane, busy: bool) -> None:
        if busy:
            self._show(lane, Progress(0, 0))
            return
        others = [other for other in self._lanes if other.busy]
        if others:
            self._show(others[-1], Progress(0, 0))
        else:
            self._lane = None
            self.hide()

    def _show(self, lane: Lane, progress: Progress) -> None:
        self._lane = lane
        fraction = progress.fraction
        self._bar.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self._bar.setValue(int(1000 * fraction))
        self._text.setText(progress.message or lane.title)
        self.show()

    def _stop(self) -> None:
        if self._lane is not None:
            self._lane.cancel()
