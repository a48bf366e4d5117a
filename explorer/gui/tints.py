"""The colour that every row has now: one for all maps, made once for all of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from explorer.gui.state.colours import FIELD
from explorer.gui.state.session import Session
from explorer.palettes import (
    Colouring,
    colour_values,
    most_categories,
    plain,
    ramp_colours,
)

# A cosine means the same for every row pointed at, so its colours do too. Few are above this but
# for words of one meaning.
_COSINES = (0.0, 0.7)


class Tints(QObject):
    """The session's colouring column in colours, as theme, legend and options would have it.

    changed: some colour is another one now.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._dark = self._shaped = False
        self._spans: dict[str, tuple[float, float]] = {}
        self._limits: dict[str, int] = {}
        self._made: Colouring | None = None
        session.table_changed.connect(self._forget)
        session.colours.changed.connect(self._change)

    @property
    def title(self) -> str:
        """What the colours stand for; "" for one colour."""
        column = self._session.colours.column
        return column.name if column else ""

    @property
    def colouring(self) -> Colouring:
        """One colour a row; of no rows where there is no table."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def set_dark(self, dark: bool) -> None:
        """Colours for a light or a dark background."""
        if dark != self._dark:
            self._dark = dark
            self._change()

    def set_shaped(self, shaped: bool) -> None:
        """Whether categories are told apart by shapes as well."""
        if shaped != self._shaped:
            self._shaped = shaped
            self._change()

    def span(self, low: float, high: float) -> None:
        """What the ramp of the colouring column reaches over, until there is another table."""
        self._spans[self._session.colours.key] = (low, high)
        self._change()

    @property
    def spanned(self) -> tuple[float, float] | None:
        """The ends that the user gave the ramp of the colouring column; None for the usual ones."""
        return self._spans.get(self._session.colours.key)

    def span_as_usual(self) -> None:
        """The ends that the ramp has by itself."""
        self._spans.pop(self._session.colours.key, None)
        self._change()

    def name_categories(self, count: int, key: str | None = None) -> None:
        """So many categories of the colouring column, or of that named, have their own colour."""
        key = self._session.colours.key if key is None else key
        self._limits[key] = min(max(count, 1), most_categories())
        if key == self._session.colours.key:
            self._change()

    def _make(self) -> Colouring:
        table, colours = self._session.table, self._session.colours
        column = colours.column
        if table is None or column is None or len(column.values) != len(table):
            return plain(len(table) if table else 0, dark=self._dark)
        span = self.spanned
        if colours.key == FIELD:
            return near_and_far(column.values, *(span or _COSINES), dark=self._dark)
        low, high = span or (None, None)
        return colour_values(
            column.values,
            numeric=column.numeric,
            dark=self._dark,
            limit=self._limits.get(colours.key),
            low=low,
            high=high,
            shaped=self._shaped,
        )

    def _change(self) -> None:
        self._made = None
        self.changed.emit()

    def _forget(self) -> None:
        self._spans, self._limits, self._made = {}, {}, None


def near_and_far(
    values: npt.NDArray[np.floating[Any]], low: float, high: float, *, dark: bool
) -> Colouring:
    """Colours of a million numbers in a few milliseconds, between fixed ends: what is high stands
    out of the background, in even steps of lightness. NaN has the colour of a missing value."""
    known = ~np.isnan(values)
    scaled = np.subtract(values, np.float32(low), dtype=np.float32)
    scaled *= np.float32(255 / max(high - low, 1e-9))
    np.clip(np.rint(scaled, out=scaled), 0, 255, out=scaled)
    scaled[~known] = 256
    least, greatest = (np.nanmin(values), np.nanmax(values)) if known.any() else (low, high)
    palette, ramp = _nearness(dark)
    return Colouring(
        palette,
        scaled.astype(np.uint16),
        low=low,
        high=high,
        ramp=ramp,
        least=float(least),
        greatest=float(greatest),
    )


@cache
def _nearness(dark: bool) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Palette uint8 (257, 4), the last for missing values, and ramp uint8 (256, 3)."""
    missing = colour_values(np.array([np.nan]), numeric=True, dark=dark).palette[-1:]
    ramp = ramp_colours("density", dark=dark)
    opaque = np.concatenate([ramp, np.full((256, 1), 255, np.uint8)], axis=1)
    return np.concatenate([opaque, missing]), ramp
