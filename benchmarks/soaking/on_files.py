"""Tables, exports, dialogs, training, preferences."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QDialog
from soaking.hands import Steps
from soaking.topic import Action, Topic

from explorer.gui.main_window import MainWindow


class OnFiles(Topic):
    """tables: what File > Open may open; None is the sample. folder: where exports go."""

    def __init__(
        self,
        window: MainWindow,
        chance: random.Random,
        tables: list[Path | None],
        folder: Path,
    ) -> None:
        super().__init__(window, chance)
        self.tables, self.folder = tables, folder

    @property
    def all(self) -> dict[str, Action]:
        return {
            "open a table": (2, self._open),
            "export": (2, self._export),
            "figure": (1, self._figure),
            "export dialog": (1, lambda: self._dialog("export", "export_selection")),
            "figure dialog": (1, lambda: self._dialog("figure")),
            "keys": (1, lambda: self._dialog("shortcuts")),
            "train": (1, self._train),
            "preferences": (1, self._preferences),
        }

    def _open(self) -> Steps:
        self.window.commands.forget_unsaved()
        self.window.files.open(self.chance.choice(self.tables))
        yield 300

    def _export(self) -> Steps:
        kind = self.chance.choice(("csv", "parquet"))
        if not self.window.jobs.export.busy:
            self.window.commands.export(self.folder / f"map.{kind}")
        yield 50

    def _figure(self) -> Steps:
        kind = self.chance.choice(("svg", "png"))
        if not self.window.jobs.export.busy:
            self.window.commands.draw(self.folder / f"map.{kind}")
        yield 50

    def _dialog(self, *names: str) -> Steps:
        """Opens a dialog that is no question, and closes it again."""
        yield from self._menu(self.chance.choice(names))
        yield self.chance.choice((50, 600))
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        yield 20

    def _train(self) -> Steps:
        self.window.show_dock("Train")
        yield from self._choose("training_objective")
        self.window.training.start_or_stop()
        yield self.chance.choice((50, 1000, 4000))
        self.window.jobs.training.cancel()
        self.window.commands.forget_unsaved()
        yield 20

    def _preferences(self) -> Steps:
        share = self.chance.uniform(0.3, 0.8)
        measured = self.chance.random() < 0.5
        settings = replace(self.window.settings, memory_share=share, measure_maps=measured)
        self.window.change_settings(settings)
        yield 5
