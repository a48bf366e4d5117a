"""The steps by name, in a row: one click to each, and a mark on the one in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QScrollArea, QToolButton, QWidget

from explorer.gui.widgets.named import named

_NEAR = 48  # pixels below the top where a step counts as the one in sight


class Jumps(QWidget):
    """Follows a scroll area whose content holds the steps."""

    def __init__(self, scroll: QScrollArea, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_jumps")
        self._scroll = scroll
        self._steps: list[QWidget] = []
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        scroll.verticalScrollBar().valueChanged.connect(self._mark)

    def set_steps(self, steps: Sequence[tuple[str, QWidget]]) -> None:
        """(short name, step) of each, in their order."""
        for number, (text, step) in enumerate(steps, start=1):
            tip = f"Go to step {number}"
            button = named(
                QToolButton(self), f"layer_jump_{number}", f"Go to step {number}, {text}", tip
            )
            button.setText(f"{number} {text}")
            button.setCheckable(True)
            button.setProperty("role", "jump")
            button.clicked.connect(lambda _, step=step: self.go_to(step))
            self._group.addButton(button, number - 1)
            self._row.insertWidget(self._row.count() - 1, button)
            self._steps.append(step)
        self._mark()

    def go_to(self, step: QWidget) -> None:
        """Scrolls so that the step begins at the top."""
        self._scroll.verticalScrollBar().setValue(step.y())
        self._mark(chosen=step)

    def _mark(self, _: int = 0, *, chosen: QWidget | None = None) -> None:
        """Marks the step in sight; at the very end the one that was asked for."""
        top, content = self._scroll.verticalScrollBar().value() + _NEAR, self._scroll.widget()
        seen = [
            place
            for place, step in enumerate(self._steps)
            if content is not None and step.isVisibleTo(content) and step.y() <= top
        ]
        place = self._steps.index(chosen) if chosen else max(seen, default=0)
        button = self._group.button(place)
        if button is not None:
            button.setChecked(True)
