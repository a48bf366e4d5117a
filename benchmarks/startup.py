"""From process start to the first paint, beside an empty PySide6 + pyqtgraph window.

    python benchmarks/startup.py [--repeats 7]

Runs on the display there is (Xvfb will do) or offscreen. Prints a Markdown table of medians; the
two kinds of process take turns, so that a busy minute hurts both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

_EMPTY = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph as pg
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(pg.PlotWidget())
window.resize(1280, 800)
"""

_OURS = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from explorer.gui.app import make_window
from explorer.settings import Settings
app = QApplication([])
window = make_window(app, Settings())
window.painted.connect(lambda: window.files.open(None))
"""

_WATCH = """
class Watch(QObject):
    painted = 0.0
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.painted:
            self.painted = time.monotonic()
        return False
watch = Watch()
app.installEventFilter(watch)
window.show()
while not watch.painted:
    app.processEvents()
torch = "torch" in sys.modules
mapped = 0.0
if hasattr(window, "session"):
    while window.session.projection is None or window.jobs.projection.busy:
        app.processEvents()
    mapped = time.monotonic()
    window.close()
import json
print(json.dumps({"painted": watch.painted, "mapped": mapped, "torch": torch}))
"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=7)
    repeats = options.parse_args().repeats
    runs: dict[str, list[dict[str, float]]] = {"empty": [], "ours": []}
    for _ in range(repeats):
        for name, script in (("empty", _EMPTY), ("ours", _OURS)):
            runs[name].append(_run(script + _WATCH))
    empty = statistics.median(run["painted"] for run in runs["empty"])
    ours = statistics.median(run["painted"] for run in runs["ours"])
    mapped = statistics.median(run["mapped"] for run in runs["ours"])
    print("| window | first paint (s) | ratio | sample map drawn (s) | torch imported before |")
    print("|---|---:|---:|---:|---|")
    print(f"| empty PySide6 + pyqtgraph | {empty:.2f} | 1.00 | | |")
    early = "yes" if any(run["torch"] for run in runs["ours"]) else "no"
    print(f"| Embedding Explorer | {ours:.2f} | {ours / empty:.2f} | {mapped:.2f} | {early} |")
    return 0


def _run(script: str) -> dict[str, float]:
    """Seconds since the process was started, of each moment the script tells."""
    environment = dict(os.environ)
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        environment["XDG_CONFIG_HOME"] = folder
        started = time.monotonic()  # one clock for all processes of the machine
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    told = json.loads(done.stdout)
    return {
        "painted": told["painted"] - started,
        "mapped": told["mapped"] - started if told["mapped"] else 0.0,
        "torch": told["torch"],
    }


if __name__ == "__main__":
    sys.exit(main())
