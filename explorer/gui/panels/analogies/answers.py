"""The answers of one method: rank, token, score."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from explorer.gui.lists.list_model import style_list
from explorer.gui.lists.ranked_list import SCORE, RankedList, RankedModel
from explorer.gui.theme import Theme


class AnswerList(RankedList):
    """Answers to be clicked. name: of the object. title: for screen readers."""

    def __init__(self, name: str, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        self.answers = RankedModel()
        super().__init__(name, title, self.answers, theme, parent)
        self.answers.setParent(self)
        self.setToolTip("Click an answer, or press Enter on it, to select its row")
        style_list(self, stretch=1, fixed={0: 40, SCORE: 92})
        self.horizontalHeader().setMinimumSectionSize(28)
