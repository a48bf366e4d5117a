"""Labels and tooltips for untrusted text: Qt guesses HTML unless it is told not to."""

from __future__ import annotations

import html
import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from explorer.tokens import shown

_NARROWEST = 48  # pixels
_LARGEST = 1e6  # written digit by digit below it


def plain_tooltip(text: str) -> str:
    """Text for a tooltip that is shown as it is, whatever it looks like."""
    return f"<span>{html.escape(text)}</span>"


def plain_label(name: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label that never reads its text as HTML. role: a style of style.qss."""
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if wrap:  # else the longest word would be the least width, and tokens may be of any length
        label.setMinimumWidth(_NARROWEST)
    if role == "badge":
        label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    if role:
        label.setProperty("role", role)
    return label


def counted(count: int, noun: str) -> str:
    """ "1 row", "5,304 rows"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def decimal(value: float, places: int) -> str:
    """A number with so many places, or as a power of ten where these would say nothing of it or
    take a line of their own: "−1.500", "1.99e+38"."""
    plain = not math.isfinite(value) or value == 0 or 10.0**-places <= abs(value) < _LARGEST
    return (f"{value:.{places}f}" if plain else f"{value:.3g}").replace("-", "−")


def size_text(nbytes: int) -> str:
    """Bytes in the unit one would say: "8.0 MB"."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if nbytes >= scale:
            return f"{nbytes / scale:.1f} {unit}"
    return f"{nbytes} bytes"


def token_text(token: str, limit: int = 60) -> str:
    """A token as the window shows it: one line, nothing hidden."""
    return shown(token, limit)
