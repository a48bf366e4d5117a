"""How far the maps at hand may be believed: what was measured of them, and of one dot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.gui.state.maps import Maps
from explorer.projection import Projection
from explorer.quality import Agreement, Believed, Quality

# Pictures of which the numbers are kept, so that looking back along other axes is not measured
# again.
_REMEMBERED = 12


@dataclass(frozen=True, eq=False)
class Measured:
    """What is known of one picture. quality: None where it cannot be measured, for the reason in
    `refusal`."""

    projection: Projection
    quality: Quality | None
    refusal: str = ""


@dataclass(frozen=True, eq=False)
class Compared:
    """Two pictures, and how far they tell the same neighbours."""

    first: Projection
    second: Projection
    agreement: Agreement


def same_picture(one: Projection | None, other: Projection | None) -> bool:
    """Whether both draw every row at the same place."""
    if one is None or other is None:
        return False
    return one.scores is other.scores and one.axes == other.axes


class Belief(QObject):
    """What was measured, by map; whatever is of a picture that a map no longer shows is not told.

    quality_changed: of a map (its number). believed_changed: of the current row. compared_changed:
    two maps were compared. wish_changed: what is wanted of the current row is another.
    """

    quality_changed = Signal(int)
    believed_changed = Signal()
    compared_changed = Signal()
    wish_changed = Signal()

    def __init__(self, maps: Maps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maps = maps
        self._measured: list[Measured] = []
        self._believed: list[tuple[Projection, Believed]] = []
        self._compared: Compared | None = None
        self._answered: int | None = None
        self._watched = self._drawn = False
        maps.projection_changed.connect(self.quality_changed)

    def measured(self, number: int) -> Measured | None:
        """What is known of the picture that a map shows; None where it was not measured."""
        shown = self._maps.projection(number)
        found = (one for one in self._measured if same_picture(one.projection, shown))
        return next(found, None)

    def quality(self, number: int) -> Quality | None:
        """The measures of the picture that a map shows, once it was measured."""
        measured = self.measured(number)
        return measured.quality if measured else None

    def facts(self, number: int) -> Mapping[str, Any]:
        """What the manifest of this map says of it."""
        quality = self.quality(number)
        return {"quality": quality.as_dict()} if quality else {}

    def add(self, measured: Measured) -> None:
        """What was found of a picture, in place of what was known; too late where no map shows it
        any more."""
        made = measured.projection
        numbers = [one for one in self._maps.all if same_picture(self._maps.projection(one), made)]
        if not numbers:
            return
        others = [one for one in self._measured if not same_picture(one.projection, made)]
        self._measured = [measured, *others][:_REMEMBERED]
        for number in numbers:
            self.quality_changed.emit(number)

    def clear(self) -> None:
        """Nothing is known any more: the rows or their numbers are others."""
        self._measured.clear()
        self.set_believed(None, [])
        self.set_compared(None)

    def believed(self, number: int) -> Believed | None:
        """What the picture that a map shows says of the current row."""
        shown = self._maps.projection(number)
        return next((one for made, one in self._believed if same_picture(made, shown)), None)

    @property
    def answered(self) -> int | None:
        """The row that all maps were asked about last; one that a map says nothing of is not on
        it."""
        return self._answered

    def set_believed(self, row: int | None, believed: list[tuple[Projection, Believed]]) -> None:
        """What pictures say of a row; None where there is none."""
        if row is not None or self._answered is not None:
            self._answered, self._believed = row, believed
            self.believed_changed.emit()

    @property
    def watched(self) -> bool:
        """Whether someone wants to know of the current row."""
        return self._watched

    @property
    def drawn(self) -> bool:
        """Whether maps show which neighbours of the current row are missing and false."""
        return self._drawn

    def want(self, *, watched: bool, drawn: bool) -> None:
        """What is wanted of the current row: to know of it, and to see it on the maps."""
        if (watched, drawn) != (self._watched, self._drawn):
            self._watched, self._drawn = watched, drawn
            self.wish_changed.emit()

    @property
    def compared(self) -> Compared | None:
        """The two pictures that were compared last, while maps show both."""
        found = self._compared
        shown = [self._maps.projection(number) for number in self._maps.all]
        if found is None or not all(
            any(same_picture(one, now) for now in shown) for one in (found.first, found.second)
        ):
            return None
        return found

    def set_compared(self, compared: Compared | None) -> None:
        if compared is not self._compared:
            self._compared = compared
            self.compared_changed.emit()
