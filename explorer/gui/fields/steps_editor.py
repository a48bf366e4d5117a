"""What is done to the vectors first: a list of steps in the order they are applied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QListWidget,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.gui.fields.spin_box import SpinBox
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label
from explorer.preparation import NONE, STEPS, Step, parse_steps

_TITLES = {
    "centre": ("Centre", "The mean of all rows is subtracted"),
    "unit": ("Unit length", "Every row is scaled to length one; rows of zeros stay"),
    "remove": ("Remove the top", "The components of greatest variance are taken out"),
    "whiten": ("Whiten", "Every direction gets the same variance about the mean"),
}
_NOTHING = "None: the vectors as they are"
_MOST_REMOVED = 100
_LINE, _COUNT_WIDTH = 26, 64  # pixels


def in_words(steps: Sequence[Step]) -> str:
    """ "centre, remove 2", or "none"."""
    return ", ".join(map(str, steps)) or NONE


class StepsEditor(QWidget):
    """The steps of one method: its own choice, unless another was made.

    changed: the user made another choice.
    """

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._default: tuple[Step, ...] = ()
        self._steps: tuple[Step, ...] = ()
        self._own = self._own_box(name)
        self._reason = plain_label(f"{name}_reason", "muted", wrap=True)
        self._list = _StepList(name, self)
        self._add = self._button(f"{name}_add", "Add", "Add a step at the end")
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._add)
        self._add.setMenu(self._menu)
        self._remove = self._button(f"{name}_remove", "Remove", "Leave this step out (Delete)")
        self._up = self._button(f"{name}_up", "↑", "Apply this step earlier (Alt+Up)")
        self._down = self._button(f"{name}_down", "↓", "Apply this step later (Alt+Down)")
        self._up.setAccessibleName("Move the step up")
        self._down.setAccessibleName("Move the step down")
        self._count = self._count_box(name)
        self._arrange()
        self._wire()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps in the list, in order."""
        return self._steps

    @property
    def choice(self) -> str | None:
        """What pipeline.project takes: None for the method's own steps, else their names."""
        return None if self._own.isChecked() else in_words(self._steps)

    def show_method(self, default: str, reason: str, choice: str | None) -> None:
        """The steps of another method. choice: the one that was made for it, None for its own."""
        self._default = parse_steps(default)
        self._own.setText(f"As the method has it: {in_words(self._default)}")
        self._reason.setText(reason)
        self._show(self._default if choice is None else parse_steps(choice), own=choice is None)

    def _own_box(self, name: str) -> QCheckBox:
        tip = "Do to the vectors what the method does unless told otherwise"
        return named(QCheckBox(self), f"{name}_own", "The method's own preprocessing", tip)

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = named(QToolButton(self), name, f"{text} step", tip)
        button.setText(text)
        return button

    def _count_box(self, name: str) -> QSpinBox:
        tip = "How many components of greatest variance are taken out"
        box = named(SpinBox(self), f"{name}_count", "Components to remove", tip)
        box.setRange(1, _MOST_REMOVED)
        box.setPrefix("k = ")
        box.setFixedWidth(_COUNT_WIDTH)
        return box

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(2)
        for button in (self._add, self._remove, self._up, self._down):
            line.addWidget(button)
        line.addStretch(1)
        line.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self._own)
        layout.addWidget(self._reason)
        layout.addWidget(self._list)
        layout.addLayout(line)

    def _wire(self) -> None:
        self._own.toggled.connect(self._own_toggled)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._list.currentRowChanged.connect(self._show_place)
        self._list.delete_asked.connect(self._leave_out)
        self._remove.clicked.connect(self._leave_out)
        for button, keys, by in ((self._up, "Alt+Up", -1), (self._down, "Alt+Down", 1)):
            button.clicked.connect(lambda _=False, by=by: self._move(by))
            shortcut = QShortcut(QKeySequence(keys), self._list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda by=by: self._move(by))
        self._count.valueChanged.connect(self._set_count)

    # What the user does

    def _own_toggled(self, own: bool) -> None:
        if own:
            self._show(self._default, own=True)
        self.changed.emit()

    def _fill_menu(self) -> None:
        self._menu.clear()
        for name in self._absent():
            title, tip = _TITLES[name]
            action = self._menu.addAction(f"{title} …" if name == "remove" else title)
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, name=name: self.add(name))

    def add(self, name: str) -> None:
        """A step more, at the end; one of preparation.STEPS."""
        self._choose((*self._steps, Step(name, 1 if name == "remove" else 0)), len(self._steps))

    def _leave_out(self) -> None:
        place = self._list.currentRow()
        if self._steps and place >= 0:
            self._choose((*self._steps[:place], *self._steps[place + 1 :]), place)

    def _move(self, by: int) -> None:
        place = self._list.currentRow()
        wanted = place + by
        if 0 <= place < len(self._steps) and 0 <= wanted < len(self._steps):
            steps = list(self._steps)
            steps.insert(wanted, steps.pop(place))
            self._choose(tuple(steps), wanted)

    def _set_count(self, count: int) -> None:
        place = self._list.currentRow()
        if 0 <= place < len(self._steps) and self._steps[place].name == "remove":
            steps = (*self._steps[:place], Step("remove", count), *self._steps[place + 1 :])
            if steps != self._steps:
                self._choose(steps, place)

    def _choose(self, steps: tuple[Step, ...], place: int) -> None:
        self._show(steps, own=False, place=place)
        self.changed.emit()

    # What is shown

    def _show(self, steps: tuple[Step, ...], *, own: bool, place: int = 0) -> None:
        self._steps = steps
        self._own.blockSignals(True)
        self._own.setChecked(own)
        self._own.blockSignals(False)
        self._list.show_steps(steps, min(place, len(steps) - 1))
        self._add.setEnabled(bool(self._absent()))
        self._show_place()

    def _show_place(self) -> None:
        place = self._list.currentRow() if self._steps else -1
        self._remove.setEnabled(place >= 0)
        self._up.setEnabled(place > 0)
        self._down.setEnabled(0 <= place < len(self._steps) - 1)
        step = self._steps[place] if 0 <= place < len(self._steps) else None
        counted = step is not None and step.name == "remove"
        self._count.setVisible(counted)
        if step is not None and counted:
            self._count.blockSignals(True)
            self._count.setValue(step.count)
            self._count.blockSignals(False)

    def _absent(self) -> list[str]:
        there = {step.name for step in self._steps}
        return [name for name in STEPS if name not in there]


class _StepList(QListWidget):
    """The steps, as tall as they are. delete_asked: the key was pressed."""

    delete_asked = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_list")
        self.setAccessibleName("Preprocessing steps")
        self.setToolTip("Applied from top to bottom; Alt+Up and Alt+Down move, Delete leaves out")
        self.setProperty("role", "framed")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_steps(self, steps: Sequence[Step], place: int) -> None:
        """place: of the step that is the current one."""
        self.clear()
        for number, step in enumerate(steps, start=1):
            title, tip = _TITLES[step.name]
            count = f" {step.count}" if step.count else ""
            self.addItem(f"{number}.  {title}{count}")
            self.item(number - 1).setToolTip(tip)
            self.item(number - 1).setSizeHint(QSize(0, _LINE))
        if not steps:
            self.addItem(_NOTHING)
            self.item(0).setSizeHint(QSize(0, _LINE))
            self.item(0).setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            self.setCurrentRow(place)
        self.setFixedHeight(self.sizeHint().height())

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _LINE * self.count() + 2)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)
