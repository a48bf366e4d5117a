"""The row above the map: what is shown, which axes, which colours, which tool."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.gui.state.colours import FIELD
from explorer.gui.state.maps import MOST
from explorer.gui.widgets.elided import ElidedLabel
from explorer.gui.widgets.named import named
from explorer.palettes import map_colours
from explorer.projection import Projection
from explorer.tokens import shown

_TOOLS = (
    ("pan", "mdi6.cursor-move", "Move", "Drag to move the map; in 3-D, to turn it"),
    ("zoom", "mdi6.magnify-plus-outline", "Box zoom", "Drag a box to zoom into"),
    ("box", "mdi6.selection-drag", "Box select", "Drag a box to select rows; Shift adds"),
    ("lasso", "mdi6.lasso", "Lasso", "Draw around rows to select them; Shift adds"),
)
_ACTIONS = (
    (
        "fit",
        "mdi6.fit-to-page-outline",
        "Fit",
        "Show the map (Home, or double-click); again: rows far out too",
    ),
    ("save", "mdi6.content-save-outline", "Picture", "Save or copy the picture of the map"),
)
_CORNER = (
    ("options", "mdi6.tune-variant", "Look", "Size and opacity of the dots, density, labels"),
    ("add", "mdi6.plus-box-outline", "Another map", "Open another map beside this one (Ctrl+M)"),
    ("close", "mdi6.close", "Close", "Close this map (Ctrl+Shift+M)"),
)
_AXIS_NAMES = "xyz"
_COLOUR_TIP = "Colour the dots by a column of the table, by what was computed, or by true nearness"
_FIELD_TITLE = "true cosine, live"
_FIELD_TIP = "Every row by the cosine of its stored vector with the one you point at"
_COLOUR_ROOM = 70  # pixels that the colour list has over its least before it is captioned
_CHROME = 26  # pixels of an axis list beside its number


class Caption(QLabel):
    """The name of a control. `wished`: whether the control is there to be named."""

    def __init__(self, text: str, buddy: QWidget) -> None:
        super().__init__(text)
        self.setObjectName(f"{buddy.objectName()}_caption")
        self.setProperty("quiet", True)
        self.setBuddy(buddy)
        self.wished = True

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ElidingBox(QComboBox):
    """A list whose chosen text ends in an ellipsis where it does not fit."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        area = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, area.width() - 4
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class MapHeader(QWidget):
    """Speaks of names only; the panel knows what they mean.

    tool_chosen: one of box.TOOLS. fit_asked, copy_asked, save_asked, figure_asked,
    add_asked, close_asked, options_asked: buttons. colour_chosen: a column's name, FIELD, or ""
    for one colour. axes_chosen: tuple of 0-based components.
    """

    tool_chosen = Signal(str)
    fit_asked = Signal()
    copy_asked = Signal()
    save_asked = Signal()
    figure_asked = Signal()
    add_asked = Signal()
    close_asked = Signal()
    options_asked = Signal()
    colour_chosen = Signal(str)
    axes_chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # the line of the active map
        self._dark = False
        self._iconless = True
        self._tool = "pan"
        self.title = ElidedLabel("map_title")
        self.colour = ElidingBox()
        named(self.colour, "map_colour", "Colour", _COLOUR_TIP)
        _narrowing(self.colour, 20, 44)
        self.colour.activated.connect(
            lambda place: self.colour_chosen.emit(self.colour.itemData(place))
        )
        self._axis_boxes = [self._axis_box(place) for place in range(3)]
        self._buttons: dict[str, QToolButton] = {}
        self._captions: list[Caption] = []
        self._row: QHBoxLayout
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 5)
        column.setSpacing(4)
        margins = column.contentsMargins()
        self._rim = margins.left() + margins.right()
        column.addLayout(self._title_line())
        self._row = self._choices()
        column.addLayout(self._row)
        for name, asked in (
            ("fit", self.fit_asked),
            ("add", self.add_asked),
            ("close", self.close_asked),
            ("options", self.options_asked),
        ):
            self._buttons[name].clicked.connect(lambda _=False, asked=asked: asked.emit())
        self._picture_menu(self._buttons["save"])
        self.show_company(1, active=False, first=True)

    def _title_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(2)
        line.addWidget(self.title, 1)
        for name, _, text, tip in _CORNER:
            line.addWidget(self._button(name, text, tip))
        return line

    def _choices(self) -> QHBoxLayout:
        """What is drawn along the axes, what the colours mean, and what the mouse does."""
        row = QHBoxLayout()
        row.setSpacing(5)
        for place, box in enumerate(self._axis_boxes):
            self._add_captioned(row, _AXIS_NAMES[place], box)
        row.addSpacing(6)
        self._add_captioned(row, "Colour", self.colour)
        row.addStretch(1)
        self._add_tools(row)
        row.addWidget(_rule())
        for name, _, text, tip in _ACTIONS:
            row.addWidget(self._button(name, text, tip))
        return row

    def _add_captioned(self, row: QHBoxLayout, words: str, box: QComboBox) -> None:
        caption = Caption(words, box)
        self._captions.append(caption)
        row.addWidget(caption)
        row.addWidget(box)

    def _add_tools(self, row: QHBoxLayout) -> None:
        """The tools in a row, and the same in one list for where there is little room."""
        tools = QButtonGroup(self)
        menu = QMenu(self)
        for name, _, text, tip in _TOOLS:
            button = self._button(name, text, tip)
            button.setCheckable(True)
            tools.addButton(button)
            button.clicked.connect(lambda _=False, name=name: self.choose_tool(name))
            row.addWidget(button)
            action = menu.addAction(text)
            action.setObjectName(f"map_menu_{name}")
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, name=name: self.choose_tool(name))
        several = self._button("tools", "Tools", "What dragging does")
        several.setMenu(menu)
        several.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(several)
        self.choose_tool("pan")

    def choose_tool(self, name: str) -> None:
        """Dragging does this from now on."""
        self._tool = name
        self._buttons[name].setChecked(True)
        self._show_tool()
        self.tool_chosen.emit(name)

    def _show_tool(self) -> None:
        several = self._buttons["tools"]
        several.setToolTip(f"What dragging does: {self._buttons[self._tool].accessibleName()}")
        several.setIcon(self._buttons[self._tool].icon())
        if not self._iconless:
            several.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def button(self, name: str) -> QToolButton:
        """A tool's or action's button, by name."""
        return self._buttons[name]

    def set_dark(self, dark: bool) -> None:
        self._dark = dark
        if not self._iconless:
            self.draw_icons()

    def show_company(self, maps: int, *, active: bool, first: bool) -> None:
        """How many maps there are, whether this is the one that panels speak of, and whether it is
        the first, which has the colours of all."""
        alone = maps == 1
        self._buttons["close"].setVisible(not alone)
        self._buttons["add"].setVisible(maps < MOST)
        for name, *_ in _TOOLS:
            self._buttons[name].setVisible(alone)
        self._buttons["tools"].setVisible(not alone)
        self.colour.setVisible(first)
        self._captions[-1].wished = first
        self._show_captions()
        self.setProperty("active", active and not alone)
        self.style().unpolish(self)
        self.style().polish(self)

    def show_title(self, text: str) -> None:
        self.title.setText(text)
        self.title.setToolTip(text)

    def show_columns(self, own: Sequence[str], computed: Sequence[str], chosen: str) -> None:
        """Fills the colour list. own, computed: columns of the table, and those made here."""
        colour = self.colour
        colour.clear()
        colour.addItem("one colour", "")
        for names in (own, computed):
            if names:
                colour.insertSeparator(colour.count())
            for name in names:
                colour.addItem(shown(name, 32), name)
        colour.insertSeparator(colour.count())
        colour.addItem(_FIELD_TITLE, FIELD)
        colour.setItemData(colour.count() - 1, _FIELD_TIP, Qt.ItemDataRole.ToolTipRole)
        # The list is as wide as its longest name, the field may be as narrow as it has to be.
        colour.view().setMinimumWidth(colour.view().sizeHintForColumn(0) + 24)
        self.show_colour(chosen)

    def show_colour(self, column: str, detail: str = "") -> None:
        """detail: what the legend has no room for, told in the tip."""
        self.colour.setCurrentIndex(max(0, self.colour.findData(column)))
        self.colour.setToolTip(f"{_COLOUR_TIP}\n{detail}" if detail else _COLOUR_TIP)

    def show_axes(self, projection: Projection | None) -> None:
        """Offers components where there are more than are drawn."""
        count = projection.scores.shape[1] if projection is not None else 0
        for place, box in enumerate(self._axis_boxes):
            drawn = projection is not None and place < projection.dims < count
            box.setVisible(drawn)
            self._captions[place].wished = drawn
            if drawn and projection is not None:
                self._fill(box, projection, place, count)
        self._show_captions()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_captions()

    @override
    def minimumSizeHint(self) -> QSize:
        """Without the captions, which leave where there is no room for them."""
        shown_ones = [one for one in self._captions if one.isVisibleTo(self)]
        taken = sum(one.sizeHint().width() + self._row.spacing() for one in shown_ones)
        return super().minimumSizeHint() - QSize(taken, 0)

    def _show_captions(self) -> None:
        """Names the controls as far as there is room beside these: the axes first."""
        for caption in self._captions:
            caption.setVisible(False)
        room = self.width() - self._rim - self._row.minimumSize().width()
        for captions, spare in ((self._captions[:-1], 0), (self._captions[-1:], _COLOUR_ROOM)):
            wished = [caption for caption in captions if caption.wished]
            room -= sum(one.sizeHint().width() + self._row.spacing() for one in wished)
            for caption in wished:
                caption.setVisible(room >= spare)

    def draw_icons(self) -> None:
        """Called once the window is seen: qtawesome takes 0.15 s to load."""
        import qtawesome

        self._iconless = False
        colours = map_colours(self._dark)
        normal, active = (QColor(*colours[name]).name() for name in ("text", "title"))
        for name, icon, *_ in (*_TOOLS, *_ACTIONS, *_CORNER):
            button = self._buttons[name]
            button.setIcon(qtawesome.icon(icon, color=normal, color_on=active, color_active=active))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._show_tool()

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = named(QToolButton(), f"map_{name}", text, tip)
        button.setAutoRaise(True)
        button.setIconSize(QSize(18, 18))
        button.setFixedSize(28, 28)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons[name] = button
        return button

    def _picture_menu(self, button: QToolButton) -> None:
        menu = QMenu(button)
        for text, signal in (
            ("Copy picture", self.copy_asked),
            ("Save picture…", self.save_asked),
            ("Save figure…", self.figure_asked),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, signal=signal: signal.emit())
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _axis_box(self, place: int) -> QComboBox:
        axis = _AXIS_NAMES[place]
        box = named(
            QComboBox(), f"map_axis_{axis}", f"{axis} axis", f"Component on the {axis} axis"
        )
        box.setProperty("narrow", True)
        _narrowing(box, 2, box.fontMetrics().horizontalAdvance("00") + _CHROME)
        box.activated.connect(self._axes_changed)
        return box

    def _axes_changed(self) -> None:
        axes = tuple(box.currentIndex() for box in self._axis_boxes if not box.isHidden())
        self.axes_chosen.emit(axes)

    def _fill(self, box: QComboBox, projection: Projection, place: int, count: int) -> None:
        if box.count() != count:
            box.clear()
            box.addItems([str(component + 1) for component in range(count)])
            digits = "0" * len(str(count))
            box.setMinimumWidth(box.fontMetrics().horizontalAdvance(digits) + _CHROME)
        box.setCurrentIndex(projection.axes[place])


def _narrowing(box: QComboBox, letters: int, least: int) -> None:
    """Gives a list the width of so many letters, and lets it shrink to `least` pixels."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
    box.setMinimumWidth(least)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFrameShape(QFrame.Shape.VLine)
    rule.setObjectName("map_rule")
    rule.setFixedHeight(18)
    return rule
