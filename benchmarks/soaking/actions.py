"""What a user may do, each as steps between which the window goes on."""

from __future__ import annotations

import random
from pathlib import Path

from soaking.asking import Asking
from soaking.in_panels import InPanels
from soaking.making_maps import MakingMaps
from soaking.on_files import OnFiles
from soaking.on_maps import OnMaps
from soaking.on_pages import OnPages
from soaking.selecting import Selecting
from soaking.topic import Action, Topic

from explorer.gui.main_window import MainWindow


class Actions:
    """tables: what File > Open may open; None is the sample. folder: where exports go."""

    def __init__(
        self,
        window: MainWindow,
        chance: random.Random,
        tables: list[Path | None],
        folder: Path,
    ) -> None:
        self.window, self.chance, self.tables = window, chance, tables
        topics: tuple[Topic, ...] = (
            *(kind(window, chance) for kind in (OnMaps, MakingMaps, Selecting, InPanels, Asking)),
            OnPages(window, chance, folder),
            OnFiles(window, chance, tables, folder),
        )
        self.all: dict[str, Action] = {
            name: action for topic in topics for name, action in topic.all.items()
        }
