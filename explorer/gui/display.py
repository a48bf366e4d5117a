"""Whether a window can be shown here. As a script: exit status 0 where it can.

Qt ends the whole process where it finds no display, so the script is the sure test: run it in a
process of its own. `missing_display` is the quick one.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

_SOCKETS = Path("/tmp/.X11-unix")  # where every X server listens (X(7), "display names")


def missing_display() -> str:
    """Why no window can be shown, as a sentence; "" where nothing speaks against it."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("WAYLAND_DISPLAY"):
        return ""
    display = os.environ.get("DISPLAY", "")
    if not display:
        return "There is no display: DISPLAY and WAYLAND_DISPLAY are not set."
    if display.startswith(":") and not _answers(display):
        return f"The display {display} does not answer."
    return ""


def _answers(display: str) -> bool:
    number = display.removeprefix(":").split(".")[0]
    for address in (f"\0{_SOCKETS}/X{number}", str(_SOCKETS / f"X{number}")):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False


def main() -> int:
    if missing_display():
        return 1
    from PySide6.QtWidgets import QApplication

    QApplication([])
    return 0


if __name__ == "__main__":
    sys.exit(main())
