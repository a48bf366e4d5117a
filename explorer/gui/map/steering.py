"""What the keys do to where a map is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from explorer.gui.map.plane import Plane

_ZOOM_STEP = 0.8
_PAN_STEP = 0.12
_TURN_STEP = 20.0  # pixels of a drag

_Key = Qt.Key
_ARROWS = {
    _Key.Key_Left: (-1, 0),
    _Key.Key_Right: (1, 0),
    _Key.Key_Up: (0, 1),
    _Key.Key_Down: (0, -1),
}


def steer(plane: Plane, event: QKeyEvent) -> bool:
    """Moves, turns, zooms or fits a map; whether the key means any of these."""
    key = event.key()
    if key in _ARROWS:
        _step(plane, *_ARROWS[_Key(key)], event.modifiers())
    elif key in (_Key.Key_Plus, _Key.Key_Equal):
        plane.zoom(_ZOOM_STEP)
    elif key in (_Key.Key_Minus, _Key.Key_Underscore):
        plane.zoom(1 / _ZOOM_STEP)
    elif key in (_Key.Key_0, _Key.Key_Home):
        plane.fit()
    else:
        return False
    return True


def _step(plane: Plane, right: int, up: int, keys: Qt.KeyboardModifier) -> None:
    if plane.rotation is not None and not keys & Qt.KeyboardModifier.ShiftModifier:
        plane.turn(_TURN_STEP * right, -_TURN_STEP * up)
    else:
        plane.pan(_PAN_STEP * right, _PAN_STEP * up)
