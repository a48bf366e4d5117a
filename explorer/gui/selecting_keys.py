"""What the keys held during a click do to the selection: the same on the map and in lists."""

from __future__ import annotations

from PySide6.QtCore import Qt


def how_of(keys: Qt.KeyboardModifier, *, with_control: str) -> str:
    """What the rows that are found do to those selected: "replace", "add", "remove", or what the
    place says for Ctrl.

    Shift adds, Alt removes; so does Ctrl+Shift, where the desktop takes Alt for itself.
    """
    key = Qt.KeyboardModifier
    if keys & key.AltModifier or (keys & key.ControlModifier and keys & key.ShiftModifier):
        return "remove"
    if keys & key.ShiftModifier:
        return "add"
    return with_control if keys & key.ControlModifier else "replace"
