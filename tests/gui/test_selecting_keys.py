"""What the keys held during a click do to the selection."""

import pytest
from PySide6.QtCore import Qt

from explorer.gui.selecting_keys import how_of

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("keys", "how"),
    [
        (NONE, "replace"),
        (SHIFT, "add"),
        (ALT, "remove"),
        (ALT | SHIFT, "remove"),
        (CTRL, "toggle"),
        (CTRL | SHIFT, "remove"),
    ],
)
def test_shift_adds_and_alt_or_ctrl_with_shift_removes(keys, how):
    assert how_of(keys, with_control="toggle") == how


def test_ctrl_alone_does_what_the_place_says():
    assert how_of(CTRL, with_control="intersect") == "intersect"
